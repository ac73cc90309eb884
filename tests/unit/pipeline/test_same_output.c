/* SPDX-License-Identifier: Apache-2.0 */
/* An object is what an entry tells of it, or it is another. */
#include "pipeline/same_output.h"

#include "store/store_file.h"

#include "codec/checksum_sha256.h"
#include "support/rows.h"
#include "support/scratch.h"

#define TEXT "a,b\n1,2\n"
#define OTHER "a,b\n1,3\n"

/* The same is found of a source that is open; its bytes alone decide what hw_same_bytes says. */
static void opened_check(const char *row, struct hw_store *store, const struct hw_manifest_entry *entry, bool read,
                         bool want) {
    struct hw_source *source;
    char bytes[64] = "";
    bool same = !want;
    assert_int_equal(hw_store_source_open(store, "x.csv", &source, NULL), HW_OK);
    assert_row_int(row, hw_same_source(source, entry, read, &same, NULL), HW_OK);
    assert_row_int(row, same, want);
    assert_int_equal(source->ops->read_at(source, 0, bytes, (size_t)source->size, NULL), HW_OK);
    assert_row_int(row, hw_same_bytes(source, entry, &same, NULL), HW_OK);
    assert_row_int(row, same, strcmp(bytes, TEXT) == 0);
    source->ops->close(source);
}

static void size_time_and_sum_decide(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text; /* of the file; NULL: there is none */
        int64_t time_off; /* of the entry from the file's; INT64_MAX: the entry has none */
        bool read;
        enum hw_status want;
        bool same;
    } rows[] = {
        {"size and time are equal", TEXT, 0, false, HW_OK, true},
        {"nothing is there", NULL, 0, false, HW_ENOTFOUND, false},
        {"a longer one of the same time", TEXT "3,4\n", 0, true, HW_OK, false},
        {"another time, unread", TEXT, 1, false, HW_OK, false},
        {"another time, but the bytes are equal", TEXT, 1, true, HW_OK, true},
        {"another time and other bytes", OTHER, -1, true, HW_OK, false},
        {"no time, unread", TEXT, INT64_MAX, false, HW_OK, false},
        {"no time, but the bytes are equal", TEXT, INT64_MAX, true, HW_OK, true},
        {"other bytes of the same size and time: nobody looks", OTHER, 0, true, HW_OK, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_object_info info = {0};
        struct hw_manifest_entry entry = {.bytes = strlen(TEXT), .etag = ""};
        struct hw_store *store;
        char etag[128];
        bool same = false;
        assert_ok(hw_store_file_open(scratch.folder, &(struct hw_store_options){0}, &store, &err), err);
        if (rows[i].text) {
            scratch_write(&scratch, "x.csv", rows[i].text, strlen(rows[i].text));
            assert_ok(store->ops->stat(store, "x.csv", &info, etag, &err), err);
        }
        entry.mtime_us = rows[i].time_off == INT64_MAX ? 0 : info.mtime_us + rows[i].time_off;
        hw_sha256_of(TEXT, strlen(TEXT), entry.sha256);
        assert_row_int(rows[i].name, hw_same_output(store, "x.csv", &entry, rows[i].read, &same, &err), rows[i].want);
        assert_row_int(rows[i].name, same, rows[i].same);
        assert_row_int(rows[i].name, hw_same_output(store, "x.csv", &entry, rows[i].read, &same, NULL), rows[i].want);
        if (rows[i].text) {
            opened_check(rows[i].name, store, &entry, rows[i].read, rows[i].same);
        }
        hw_store_close(store);
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_time_and_sum_decide),
    };
    return cmocka_run_group_tests_name("pipeline/same_output", tests, NULL, NULL);
}
