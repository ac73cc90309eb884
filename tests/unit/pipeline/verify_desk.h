/* SPDX-License-Identifier: Apache-2.0 */
/* Files of all formats in memory, calls of hw_verify on them, and what these tell, as text. */
#ifndef HW_TESTS_VERIFY_DESK_H
#define HW_TESTS_VERIFY_DESK_H

#include <hawser/convert.h>
#include <hawser/memory.h>
#include <hawser/verify.h>

#include "support/rows.h"

#include "core/buf.h"
#include "pipeline/verify_file.h"

struct verify_desk {
    struct hw_store *store;
    struct hw_verify_sums sums;
    struct hw_error err;
    /* A line for each finding, "mem://a.parquet error page.crc", and for each file, */
    struct hw_buf told; /* "mem://a.parquet parquet ok HW_OK errors 0 warnings 0 rows 2". */
    /* What the listener returns of a finding and of a file, unless it is HW_OK. */
    enum hw_status refuses_finding, refuses_file;
};

static inline void verify_desk_init(struct verify_desk *desk) {
    *desk = (struct verify_desk){.err = HW_ERROR_INIT};
    assert_ok(hw_memory_store_new("mem://", NULL, &desk->store, &desk->err), desk->err);
}

static inline void verify_desk_release(struct verify_desk *desk) {
    hw_memory_store_free(desk->store);
    hw_buf_release(&desk->told);
}

static inline struct hw_store_options verify_desk_store(const struct verify_desk *desk) {
    return (struct hw_store_options){.stores = &desk->store, .stores_count = 1};
}

static inline void desk_put(struct verify_desk *desk, const char *key, const void *data, size_t bytes) {
    assert_ok(hw_memory_store_put(desk->store, key, data, bytes, &desk->err), desk->err);
}

static inline void desk_put_text(struct verify_desk *desk, const char *key, const char *text) {
    desk_put(desk, key, text, strlen(text));
}

/* Converts what is at a path to another. */
static inline void desk_convert(struct verify_desk *desk, const char *source, const char *target,
                                const struct hw_convert_options *given) {
    struct hw_convert_options options = given ? *given : (struct hw_convert_options){0};
    struct hw_convert_result result;
    options.source_store = options.target_store = verify_desk_store(desk);
    assert_ok(hw_convert(&source, 1, target, &options, &result, &desk->err), desk->err);
}

/* Makes a file of a CSV text; the name says of which format. */
static inline void desk_make(struct verify_desk *desk, const char *path, const char *csv) {
    desk_put_text(desk, "made.csv", csv);
    desk_convert(desk, "mem://made.csv", path, NULL);
    assert_ok(desk->store->ops->remove(desk->store, "made.csv", &desk->err), desk->err);
}

/* Puts a copy with one bit the other way round; a place below 0 counts from the end. */
static inline void desk_flip(struct verify_desk *desk, const char *key, const char *copy, int64_t at) {
    HW_AUTO(hw_buf) bytes = {0};
    const void *data;
    size_t size;
    assert_ok(hw_memory_store_get(desk->store, key, &data, &size, &desk->err), desk->err);
    assert_ok(hw_buf_append(&bytes, data, size, &desk->err), desk->err);
    bytes.data[at >= 0 ? (size_t)at : size - (size_t)-at] ^= 1;
    desk_put(desk, copy, bytes.data, bytes.size);
}

static inline enum hw_status desk_found(void *ctx, const char *path, const struct hw_finding *finding,
                                        struct hw_error *err) {
    static const char *const severities[] = {"error", "warning", "info"};
    struct verify_desk *desk = ctx;
    if (desk->refuses_finding) {
        return hw_fail(err, desk->refuses_finding, "no finding is wanted");
    }
    return hw_buf_printf(&desk->told, err, "%s %s %s\n", path, severities[finding->severity], finding->code);
}

static inline enum hw_status desk_file(void *ctx, const struct hw_verified *file, struct hw_error *err) {
    static const char *const outcomes[] = {"ok", "invalid", "unsupported", "failed"};
    struct verify_desk *desk = ctx;
    if (desk->refuses_file) {
        return hw_fail(err, desk->refuses_file, "no file is wanted");
    }
    assert_row_int(file->path, file->error ? file->error->status : HW_OK, file->status);
    return hw_buf_printf(&desk->told, err, "%s %s %s %s errors %" PRIu64 " warnings %" PRIu64 " rows %" PRId64 "\n",
                         file->path, file->format ? file->format : "-", outcomes[file->outcome],
                         hw_status_name(file->status), file->errors, file->warnings, file->rows);
}

/* Verifies the sources up to the first NULL, and forgets what was told before. */
static inline enum hw_status desk_verify(struct verify_desk *desk, const char *const *sources,
                                         const struct hw_verify_options *given) {
    const struct hw_verify_listener listener = {.found = desk_found, .file = desk_file, .ctx = desk};
    struct hw_verify_options options = *given;
    size_t count = 0;
    options.store.stores = &desk->store;
    options.store.stores_count = 1;
    desk->err = (struct hw_error)HW_ERROR_INIT;
    hw_buf_clear(&desk->told);
    while (sources[count]) {
        count++;
    }
    return hw_verify(sources, count, &options, &listener, &desk->sums, &desk->err);
}

/* Lists the findings of a file, "csv.too_few_fields@8 ", with the places that they tell. */
static inline void findings_list(const struct hw_verify_file *file, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < hw_verify_file_findings(file); i++) {
        const struct hw_finding *finding = hw_verify_file_finding(file, i);
        assert_ok(hw_buf_printf(out, &err, "%s@%" PRId64 " ", finding->code, finding->offset), err);
    }
    assert_ok(hw_buf_append_byte(out, '\0', &err), err);
}

/* Checks what was told. */
static inline void desk_told(const char *row, struct verify_desk *desk, const char *want) {
    assert_ok(hw_buf_append_byte(&desk->told, '\0', &desk->err), desk->err);
    assert_row_text(row, (const char *)desk->told.data, want);
}

#endif
