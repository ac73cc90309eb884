/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/object_list.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static void what_was_added_comes_back(void **state) {
    (void)state;
    struct hw_store store = {.root = "s3://in/"};
    static const struct {
        const char *row;
        bool piped; /* It is standard input, which is in no store. */
        const char *name, *key, *etag;
        uint64_t bytes;
        int64_t mtime_us;
    } rows[] = {
        {"an object", false, "s3://in/raw/a.csv", "raw/a.csv", "\"tag\"", 7, 1234567},
        {"without an ETag", false, "s3://in/b.csv", "b.csv", "", 0, -1},
        {"a long name", false, "s3://in/a/name/that/is/longer/than/others.csv.gz",
         "a/name/that/is/longer/than/others.csv.gz", "x", UINT64_C(1) << 40, INT64_MAX},
        {"standard input", true, "stdin", "stdin", "", 0, 0},
    };
    HW_AUTO(hw_object_list) list = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[100];
        char etag[20];
        snprintf(name, sizeof(name), "%s", rows[i].name);
        snprintf(etag, sizeof(etag), "%s", rows[i].etag);
        const struct hw_plan_object object = {.store = rows[i].piped ? NULL : &store,
                                              .name = name,
                                              .etag = etag,
                                              .base = "a base",
                                              .bytes = rows[i].bytes,
                                              .mtime_us = rows[i].mtime_us};
        assert_ok(hw_object_list_add(&list, &object, &err), err);
        memset(name, 'x', sizeof(name)); /* Texts are copied. */
        memset(etag, 'x', sizeof(etag));
    }
    assert_int_equal(list.count, COUNT_OF(rows));
    assert_int_equal(list.bytes, 7 + (UINT64_C(1) << 40));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_plan_object object = hw_object_list_at(&list, i);
        assert_row_text(rows[i].row, object.name, rows[i].name);
        assert_row_text(rows[i].row, object.key, rows[i].key);
        assert_row_text(rows[i].row, object.etag, rows[i].etag);
        assert_row_text(rows[i].row, object.base, "");
        assert_row_int(rows[i].row, object.store == (rows[i].piped ? NULL : &store), true);
        assert_row_int(rows[i].row, object.bytes, rows[i].bytes);
        assert_row_int(rows[i].row, object.mtime_us, rows[i].mtime_us);
    }
}

/* What an object takes beside its texts, where there are very many of them. */
static void objects_are_small(void **state) {
    (void)state;
    /* of each: three numbers, a pointer, and as much again for rounding and the arena's blocks */
    enum { OBJECTS = 100000, NAME_BYTES = 16, EACH_BYTES = 24 + 8 + 8 + 2 };
    struct hw_store store = {.root = "in/"};
    HW_AUTO(hw_object_list) list = {0};
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < OBJECTS; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof(name), "in/%08zu.csv", i);
        const struct hw_plan_object object = {.store = &store, .name = name, .etag = ""};
        assert_ok(hw_object_list_add(&list, &object, &err), err);
    }
    assert_true(list.arena.held_bytes + list.places.size < OBJECTS * (EACH_BYTES + NAME_BYTES));
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_object_list list = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_plan_object object = {.name = "a.csv", .etag = "", .bytes = 5};
        enum hw_status status = HW_OK;
        alloc_fault_begin(&fault, successes);
        size_t added = 0;
        for (; added < 20 && status == HW_OK; added += status == HW_OK) {
            status = hw_object_list_add(&list, &object, &err);
        }
        assert_int_equal(list.count, added);
        assert_int_equal(list.bytes, 5 * added);
        hw_object_list_release(&list);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_comes_back),
        cmocka_unit_test(objects_are_small),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/object_list", tests, NULL, NULL);
}
