/* SPDX-License-Identifier: Apache-2.0 */
/* Parquet files in memory, calls of hw_optimize on them, and what these tell, as text. */
#ifndef HW_TESTS_OPTIMIZE_DESK_H
#define HW_TESTS_OPTIMIZE_DESK_H

#include <hawser/optimize.h>

#include "unit/pipeline/verify_desk.h"

enum { OPTIMIZE_ROWS = 2000 };

struct optimize_desk {
    /* The store is here, and the files are made with it. */
    struct verify_desk files;
    struct hw_optimize_sums sums;
    struct hw_error err;
    /* A line for each file: "mem://a.pq mem://b.pq rewritten HW_OK rows 20 groups 1-1 proved". */
    struct hw_buf told;
    /* What the listener returns, unless it is HW_OK. */
    enum hw_status refuses;
};

/* Returns a CSV text of so many rows, in which much comes again. */
static inline void optimize_csv(struct hw_buf *out, size_t rows) {
    assert_int_equal(hw_buf_append_text(out, "id,t,n\n", NULL), HW_OK);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(hw_buf_printf(out, NULL, "%zu,word %zu,%zu\n", i, i % 7, i % 100 * 1000), HW_OK);
    }
    assert_int_equal(hw_buf_append_byte(out, '\0', NULL), HW_OK);
}

/* Makes a file that is not compressed, in row groups of so many rows: it can become smaller. */
static inline void optimize_make(struct optimize_desk *desk, const char *key, size_t rows, uint64_t group_rows) {
    HW_AUTO(hw_buf) csv = {0};
    HW_AUTO(hw_buf) path = {0};
    const struct hw_convert_options options = {.compression = "none", .row_group_rows = group_rows};
    optimize_csv(&csv, rows);
    assert_int_equal(hw_buf_printf(&path, NULL, "mem://%s%c", key, '\0'), HW_OK);
    desk_put_text(&desk->files, "made.csv", (const char *)csv.data);
    desk_convert(&desk->files, "mem://made.csv", (const char *)path.data, &options);
    assert_ok(desk->files.store->ops->remove(desk->files.store, "made.csv", &desk->err), desk->err);
}

static inline void optimize_desk_init(struct optimize_desk *desk) {
    *desk = (struct optimize_desk){.err = HW_ERROR_INIT};
    verify_desk_init(&desk->files);
}

static inline void optimize_desk_release(struct optimize_desk *desk) {
    verify_desk_release(&desk->files);
    hw_buf_release(&desk->told);
}

static inline enum hw_status optimize_told(void *ctx, const struct hw_optimized *file, struct hw_error *err) {
    static const char *const outcomes[] = {"rewritten", "kept", "already", "planned", "skipped", "failed"};
    struct optimize_desk *desk = ctx;
    if (desk->refuses) {
        return hw_fail(err, desk->refuses, "no file is wanted");
    }
    assert_row_int(file->source, file->error ? file->error->status : HW_OK, file->status);
    assert_row_int(file->source,
                   file->bytes_after == 0 || file->outcome == HW_OPTIMIZE_FAILED ||
                       file->bytes_after <= file->bytes_before || file->proved,
                   true);
    return hw_buf_printf(&desk->told, err, "%s %s %s %s rows %" PRIu64 " groups %" PRIu64 "-%" PRIu64 "%s\n",
                         file->source, file->output ? file->output : "-", outcomes[file->outcome],
                         hw_status_name(file->status), file->rows, file->row_groups_before, file->row_groups_after,
                         file->proved ? " proved" : "");
}

/* Optimises the sources up to the first NULL, and forgets what was told before. */
static inline enum hw_status optimize_run(struct optimize_desk *desk, const char *const *sources, const char *target,
                                          const struct hw_optimize_options *given) {
    const struct hw_optimize_listener listener = {optimize_told, desk};
    struct hw_optimize_options options = *given;
    size_t count = 0;
    options.size = options.size ? options.size : sizeof(options);
    options.source_store.stores = options.target_store.stores = &desk->files.store;
    options.source_store.stores_count = options.target_store.stores_count = 1;
    options.threads = options.threads ? options.threads : 2;
    desk->err = (struct hw_error)HW_ERROR_INIT;
    hw_buf_clear(&desk->told);
    while (sources[count]) {
        count++;
    }
    return hw_optimize(sources, count, target, &options, &listener, &desk->sums, &desk->err);
}

/* Checks what was told. */
static inline void optimize_check_told(const char *row, struct optimize_desk *desk, const char *want) {
    assert_int_equal(hw_buf_append_byte(&desk->told, '\0', NULL), HW_OK);
    assert_row_text(row, (const char *)desk->told.data, want);
}

/* Returns the size of an object; 0 where there is none. */
static inline size_t optimize_size(const struct optimize_desk *desk, const char *key) {
    const void *data;
    size_t size = 0;
    const enum hw_status status = hw_memory_store_get(desk->files.store, key, &data, &size, NULL);
    return status == HW_OK ? size : 0;
}

/* Checks that an object has these bytes. */
static inline void optimize_check_bytes(const char *row, const struct optimize_desk *desk, const char *key,
                                        hw_view want) {
    const void *data;
    size_t size;
    assert_row_int(row, hw_memory_store_get(desk->files.store, key, &data, &size, NULL), HW_OK);
    assert_row_bytes(row, data, size, want.data, want.size);
}

/* Copies the bytes of an object. */
static inline void optimize_copy(const struct optimize_desk *desk, const char *key, struct hw_buf *out) {
    const void *data;
    size_t size;
    assert_int_equal(hw_memory_store_get(desk->files.store, key, &data, &size, NULL), HW_OK);
    hw_buf_clear(out);
    assert_int_equal(hw_buf_append(out, data, size, NULL), HW_OK);
}

/* Fills a desk: of a.parquet, with five row groups, there are several copies that are broken. */
static inline void optimize_desk_fill(struct optimize_desk *desk) {
    /* The footer is encrypted, as the magic at the end says: FileCryptoMetaData of AES_GCM_V1. */
    static const char secret[] = "PAR1\x1c\x1c\x00\x00\x00\x05\x00\x00\x00PARE";
    HW_AUTO(hw_buf) bytes = {0};
    optimize_desk_init(desk);
    optimize_make(desk, "a.parquet", OPTIMIZE_ROWS, 500);
    optimize_make(desk, "lake/x/b.parquet", 1000, 0);
    optimize_make(desk, "lake/c.pq", 1, 0);
    desk_put_text(&desk->files, "lake/notes.txt", "no Parquet file");
    desk_put_text(&desk->files, "csv.parquet", "id,t\n1,a\n2,b\n3,c\n4,d\n");
    desk_put(&desk->files, "secret.parquet", secret, sizeof(secret) - 1);
    desk_put_text(&desk->files, "there.parquet", "something");
    optimize_copy(desk, "a.parquet", &bytes);
    bytes.data[1000] ^= 1;
    desk_put(&desk->files, "spoilt.parquet", bytes.data, bytes.size);
}

#endif
