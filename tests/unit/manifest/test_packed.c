/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/packed.h"

#include <errno.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/bytes_text.h"
#include "manifest/manifest_read.h"
#include "support/faulty_io.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum { ENTRIES = 20000 /* more than one frame */ };

/* A manifest in both of its objects. */
struct both {
    struct memory_sink packed;
    struct memory_sink head;
    struct hw_manifest_ref ref;
};

static enum hw_status both_make(struct both *both, size_t entries, struct hw_error *err) {
    HW_AUTO(hw_manifest) before = {0};
    HW_AUTO(hw_manifest_sorter) changes = {0};
    HW_AUTO(hw_manifest_merge) merge = {0};
    HW_AUTO(hw_manifest_packed) packed = {0};
    *both = (struct both){memory_sink(0), memory_sink(0), {.bytes = 0}};
    for (size_t i = 0; i < entries; i++) {
        char path[32];
        snprintf(path, sizeof(path), "%05zu.csv", i);
        const struct hw_manifest_entry entry = {
            .path = path, .format = "csv", .rows = i, .etag = "", .source = path, .source_etag = "", .options = ""};
        HW_TRY(hw_manifest_sorter_put(&changes, &entry, err));
    }
    HW_TRY(hw_manifest_merge_open(&merge, &before, &changes, err));
    HW_TRY(hw_manifest_pack(&merge, &packed, err));
    both->ref = packed.ref;
    HW_TRY(hw_manifest_packed_copy(&packed, &both->packed.base, err));
    return hw_manifest_packed_refer(&packed, &both->head.base, err);
}

static void both_release(struct both *both) {
    hw_buf_release(&both->packed.bytes);
    hw_buf_release(&both->head.bytes);
}

static void what_is_packed_is_read(void **state) {
    (void)state;
    static const size_t counts[] = {1, ENTRIES};
    for (size_t r = 0; r < COUNT_OF(counts); r++) {
        struct both both;
        struct both again;
        HW_AUTO(hw_manifest) manifest = {0};
        struct hw_error err = HW_ERROR_INIT;
        char sum[HW_SHA256_HEX_BYTES];
        char name[HW_MANIFEST_REF_BYTES];
        uint8_t digest[HW_SHA256_BYTES];
        assert_ok(both_make(&both, counts[r], &err), err);
        assert_ok(both_make(&again, counts[r], &err), err);
        assert_row_text("the same entries have one name", again.ref.name, both.ref.name);
        hw_sha256_of(both.packed.bytes.data, both.packed.bytes.size, digest);
        hw_hex(digest, sizeof(digest), sum);
        snprintf(name, sizeof(name), "_manifest-%s.ndjson.zst", sum);
        assert_string_equal(both.ref.name, name);
        assert_ok(hw_manifest_parse(hw_buf_view(&both.head.bytes), &manifest, &err), err);
        assert_int_equal(manifest.count, 0);
        assert_string_equal(manifest.ref.name, name);
        struct memory_source source = memory_source(hw_buf_view(&both.packed.bytes), 0);
        assert_ok(hw_manifest_unpack(&source.base, &manifest, &err), err);
        assert_int_equal(manifest.count, counts[r]);
        snprintf(name, sizeof(name), "%05zu.csv", counts[r] - 1);
        HW_AUTO(hw_manifest_cursor) cursor = {0};
        const struct hw_manifest_entry *found;
        assert_ok(hw_manifest_find(&manifest, name, &cursor, &found, &err), err);
        assert_int_equal(found->rows, counts[r] - 1);
        both_release(&both);
        both_release(&again);
    }
}

/* Whatever is wrong with the entries, or with what the manifest says of them, is no manifest. */
static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t at; /* a byte of the entries that is another; negative: none */
        size_t cut; /* bytes that are missing at the end */
        int count;  /* entries more than the manifest says */
        int fail;   /* the read that fails */
        enum hw_status want;
    } rows[] = {
        {"as they are", -1, 0, 0, 0, HW_OK},       {"a byte in the middle", 5000, 0, 0, 0, HW_EDATA},
        {"no zstd", 0, 0, 0, 0, HW_EDATA},         {"cut off", -1, 7, 0, 0, HW_EDATA},
        {"nothing", -1, SIZE_MAX, 0, 0, HW_EDATA}, {"one less", -1, 0, -1, 0, HW_EDATA},
        {"one more", -1, 0, 1, 0, HW_EDATA},       {"cannot be read", -1, 0, 0, 1, HW_EIO},
    };
    struct both both;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(both_make(&both, ENTRIES, &err), err);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) manifest = {0};
        HW_AUTO(hw_buf) bytes = {0};
        assert_ok(hw_buf_append(&bytes, both.packed.bytes.data, both.packed.bytes.size, &err), err);
        if (rows[r].at >= 0) {
            bytes.data[rows[r].at] ^= 0x55;
        }
        bytes.size -= hw_min_size(rows[r].cut, bytes.size);
        assert_ok(hw_manifest_parse(hw_buf_view(&both.head.bytes), &manifest, &err), err);
        manifest.ref.count += (uint64_t)(int64_t)rows[r].count;
        struct memory_source source = memory_source(hw_buf_view(&bytes), rows[r].fail);
        assert_row_int(rows[r].name, hw_manifest_unpack(&source.base, &manifest, &err), rows[r].want);
    }
    both_release(&both);
}

static void references_are_read_or_refused(void **state) {
    (void)state;
#define SUM "ab00000000000000000000000000000000000000000000000000000000000001"
#define REF "\"sha256\": \"" SUM "\", \"size\": 9, \"objects\": 2}"
    static const struct {
        const char *name, *json;
        enum hw_status want;
    } rows[] = {
        {"good", "{\"hawser_manifest\": 2, \"files_ref\": {\"path\": \"_manifest-" SUM ".ndjson.zst\", " REF "}",
         HW_OK},
        {"no file", "{\"hawser_manifest\": 2}", HW_EDATA},
        {"objects too",
         "{\"hawser_manifest\": 2, \"objects\": [], \"files_ref\": {\"path\": \"_manifest-" SUM ".ndjson.zst\", " REF
         "}",
         HW_EDATA},
        {"objects instead", "{\"hawser_manifest\": 2, \"objects\": []}", HW_EDATA},
        {"in version 1",
         "{\"hawser_manifest\": 1, \"files_ref\": {\"path\": \"_manifest-" SUM ".ndjson.zst\", " REF "}", HW_EDATA},
        {"another folder",
         "{\"hawser_manifest\": 2, \"files_ref\": {\"path\": \"../_manifest-" SUM ".ndjson.zst\", " REF "}", HW_EDATA},
        {"another name", "{\"hawser_manifest\": 2, \"files_ref\": {\"path\": \"notes.txt\", " REF "}", HW_EDATA},
        {"no object", "{\"hawser_manifest\": 2, \"files_ref\": 7}", HW_EDATA},
        {"a later version", "{\"hawser_manifest\": 3}", HW_EDATA},
    };
#undef REF
#undef SUM
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest) manifest = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[r].name, hw_manifest_parse(hw_view_of(rows[r].json), &manifest, &err), rows[r].want);
        assert_row_int(rows[r].name, rows[r].want != HW_OK || manifest.ref.count == 2, true);
    }
}

static void faults_of_packing_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
    } rows[] = {{"no file", IO_OPENAT, EACCES}, {"no room", IO_WRITE, ENOSPC}, {"no reading", IO_PREAD, EIO}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct both both;
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(rows[r].call, 1, rows[r].errnum);
        enum hw_status status = both_make(&both, 10, &err);
        faulty_io_stop();
        assert_row_int(rows[r].name, status, HW_EIO);
        both_release(&both);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_is_read),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(references_are_read_or_refused),
        cmocka_unit_test(faults_of_packing_are_told),
    };
    return cmocka_run_group_tests_name("manifest/packed", tests, NULL, NULL);
}
