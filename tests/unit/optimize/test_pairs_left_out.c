/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_left_out.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

static void pairs_are_told_in_their_order(void **state) {
    char key[] = "one";
    char reason[] = "a reason";
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pairs_left_out list = {.arena = &arena};
    const struct hw_pair_left_out *items;
    (void)state;
    assert_int_equal(hw_pairs_left_out_items(&list, &items, NULL), HW_OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(hw_pairs_left_out_add(&list, "before: ", hw_view_of(key), reason, NULL), HW_OK);
    assert_int_equal(hw_pairs_left_out_add(&list, "", (hw_view){NULL, 0}, "another", NULL), HW_OK);
    assert_int_equal(hw_pairs_left_out_add(&list, "", HW_VIEW("t\0o"), "a third", NULL), HW_OK);
    /* Both are copied. */
    key[0] = reason[0] = 'x';
    assert_int_equal(hw_pairs_left_out_items(&list, &items, NULL), HW_OK);
    assert_int_equal(list.count, 3);
    assert_true(hw_view_equal(items[0].key, HW_VIEW("before: one")));
    assert_string_equal(items[0].reason, "a reason");
    assert_int_equal(items[1].key.size, 0);
    assert_string_equal(items[1].reason, "another");
    assert_true(hw_view_equal(items[2].key, HW_VIEW("t\0o")));
}

static void faults_of_pairs_are_reasons(void **state) {
    static const struct {
        enum hw_status status;
        bool reason;
    } rows[] = {
        {HW_EDATA, true},   {HW_ELIMIT, true},  {HW_EUNSUPPORTED, true},
        {HW_ENOMEM, false}, {HW_EUSAGE, false}, {HW_EIO, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = hw_status_name(rows[i].status);
        HW_AUTO(hw_arena) arena = {0};
        struct hw_pairs_left_out list = {.arena = &arena};
        struct hw_error why = HW_ERROR_INIT;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_pair_left_out *items;
        const enum hw_status status = hw_fail(&why, rows[i].status, "because");
        assert_row_int(name, hw_pair_at_fault(status), rows[i].reason);
        assert_row_int(name, hw_pairs_left_out_failed(&list, "", HW_VIEW("k"), status, &why, &err),
                       rows[i].reason ? HW_OK : rows[i].status);
        assert_row_int(name, list.count, rows[i].reason);
        assert_int_equal(hw_pairs_left_out_items(&list, &items, NULL), HW_OK);
        assert_row_text(name, rows[i].reason ? items[0].reason : err.message, "because");
    }
}

static void no_memory_is_told(void **state) {
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct hw_arena arena = {0};
        struct hw_pairs_left_out list = {.arena = &arena};
        const struct hw_pair_left_out *items;
        struct alloc_fault fault;
        static char long_reason[HW_KIB(20)];
        memset(long_reason, 'r', sizeof(long_reason) - 1);
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_pairs_left_out_add(&list, "", HW_VIEW("k"), long_reason, NULL);
        status = status == HW_OK ? hw_pairs_left_out_items(&list, &items, NULL) : status;
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_told_in_their_order),
        cmocka_unit_test(faults_of_pairs_are_reasons),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/pairs_left_out", tests, NULL, NULL);
}
