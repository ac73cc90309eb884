/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/opened_object.h"

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* Whichever bytes are wanted first, all can be read. */
static void an_object_is_open_until_its_release(void **state) {
    (void)state;
    static const size_t ends[] = {0, 4, 100};
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "a.csv", "id\n123\n", 7);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct hw_opened_object object = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_store_options options = {0};
        const int before = open_files();
        char bytes[7];
        assert_ok(hw_opened_object_open(&object, scratch_path(&scratch, "a.csv"), &options, ends[i], &err), err);
        assert_int_equal(object.source->size, 7);
        assert_ok(object.source->ops->read_at(object.source, 0, bytes, sizeof(bytes), &err), err);
        assert_memory_equal(bytes, "id\n123\n", 7);
        hw_opened_object_release(&object);
        assert_null(object.source);
        assert_int_equal(open_files(), before);
        hw_opened_object_release(&object);
    }
    scratch_remove(&scratch);
}

static void an_object_ought_to_be_there(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    for (size_t end = 0; end < 8; end += 4) {
        struct hw_opened_object object = {0};
        const struct hw_store_options options = {0};
        assert_int_equal(hw_opened_object_open(&object, scratch_path(&scratch, "gone"), &options, end, NULL),
                         HW_ENOTFOUND);
        hw_opened_object_release(&object);
        assert_int_equal(hw_opened_object_open(&object, "gs://bucket/key", &options, end, NULL), HW_EUSAGE);
        hw_opened_object_release(&object);
    }
    scratch_remove(&scratch);
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    scratch_write(&scratch, "a.csv", "id\n", 3);
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        struct hw_opened_object object = {0};
        struct alloc_fault fault;
        const struct hw_store_options options = {0};
        const int before = open_files();
        alloc_fault_begin(&fault, failures);
        const enum hw_status status =
            hw_opened_object_open(&object, scratch_path(&scratch, "a.csv"), &options, 0, NULL);
        hw_opened_object_release(&object);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_int_equal(open_files(), before);
    }
    assert_true(failures > 2);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_is_open_until_its_release),
        cmocka_unit_test(an_object_ought_to_be_there),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("pipeline/opened_object", tests, NULL, NULL);
}
