/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_change.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/optimize/change_make.h"

static void changes_are_found_along_the_nesting(void **state) {
    const struct hw_column_change changes[] = {
        {PATH(FIELD("s"), FIELD("b")), .dropped = true},
        {PATH(FIELD("l"), ELEMENT), RETYPED(FLOAT_TYPE)},
        {PATH(FIELD("s")), .new_name = "t"},
        {PATH(FIELD("s"), FIELD("a"), ELEMENT, FIELD("x")), .new_name = "y"},
        {PATH(FIELD("sb")), .dropped = true},
        {PATH(FIELD("")), .dropped = true},
        {PATH(FIELD("m"), MAP_VALUE), RETYPED(FLOAT_TYPE)},
    };
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_changed_node root, s, a, node;
    (void)state;
    assert_ok(hw_changed_root(changes, COUNT_OF(changes), &arena, &root, &err), err);
    assert_null(hw_changed_self(&root));
    assert_true(hw_changed_below(&root));

    assert_true(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW("s"), &s));
    assert_ptr_equal(hw_changed_self(&s), &changes[2]);
    assert_true(hw_changed_below(&s));
    assert_true(hw_changed_child(&s, HW_COLUMN_FIELD, HW_VIEW("b"), &node));
    assert_ptr_equal(hw_changed_self(&node), &changes[0]);
    assert_false(hw_changed_below(&node));
    assert_true(hw_changed_child(&s, HW_COLUMN_FIELD, HW_VIEW("a"), &a));
    assert_null(hw_changed_self(&a));
    assert_true(hw_changed_child(&a, HW_COLUMN_ELEMENT, HW_VIEW("ignored"), &a));
    assert_true(hw_changed_child(&a, HW_COLUMN_FIELD, HW_VIEW("x"), &a));
    assert_ptr_equal(hw_changed_self(&a), &changes[3]);

    assert_true(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW(""), &node));
    assert_ptr_equal(hw_changed_self(&node), &changes[5]);
    assert_true(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW("m"), &node));
    assert_false(hw_changed_child(&node, HW_COLUMN_KEY, HW_VIEW(""), &s));
    assert_true(hw_changed_child(&node, HW_COLUMN_VALUE, HW_VIEW(""), &node));
    assert_ptr_equal(hw_changed_self(&node), &changes[6]);
    /* No name that begins or ends as another, and no other kind of step. */
    assert_false(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW("sa"), &node));
    assert_false(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW("z"), &node));
    assert_false(hw_changed_child(&root, HW_COLUMN_ELEMENT, HW_VIEW("s"), &node));
    assert_ptr_equal(hw_changed_self(&node), &changes[6]);
}

static void no_changes_are_a_root_too(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_changed_node root, node;
    (void)state;
    assert_int_equal(hw_changed_root(NULL, 0, &arena, &root, NULL), HW_OK);
    assert_false(hw_changed_below(&root));
    assert_false(hw_changed_child(&root, HW_COLUMN_FIELD, HW_VIEW("a"), &node));
}

static struct hw_column_step deep_path[HW_TABLE_DEPTH_MAX + 1];

static const struct {
    const char *name;
    const char *says;
    struct hw_column_change change;
} rows[] = {
    {"no path", "1 to 100 steps, not 0", {.dropped = true}},
    {"too deep", "not 101", {.path = deep_path, .path_count = COUNT_OF(deep_path), .dropped = true}},
    {"an element first", "begins with a field", {PATH(ELEMENT), RETYPED(FLOAT_TYPE)}},
    {"a field without a name", "step 0", {PATH(FIELD(NULL)), .dropped = true}},
    {"an element with a name", "step 1", {PATH(FIELD("a"), {HW_COLUMN_ELEMENT, "x"}), .dropped = true}},
    {"no kind", "step 1", {PATH(FIELD("a"), {HW_COLUMN_STEP_COUNT, NULL}), .dropped = true}},
    {"an element dropped", "\"a\": only a field", {PATH(FIELD("a"), ELEMENT), .dropped = true}},
    {"an element renamed", "only a field", {PATH(FIELD("a"), ELEMENT), .new_name = "x"}},
    {"nothing", "drops, or", {PATH(FIELD("a"))}},
    {"dropped and renamed", "drops, or", {PATH(FIELD("a")), .dropped = true, .new_name = "b"}},
    {"dropped and retyped", "drops, or", {PATH(FIELD("a")), .dropped = true, .retyped = true}},
    {"double", "no type", {PATH(FIELD("a")), RETYPED({.kind = HW_KIND_DOUBLE})}},
    {"decimal(0)", "no type", {PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(0, 0))}},
    {"decimal(39)", "no type", {PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(39, 0))}},
    {"decimal(1,2)", "no type", {PATH(FIELD("a")), RETYPED(DECIMAL_TYPE(1, 2))}},
    {"timestamp(s)", "no type", {PATH(FIELD("a")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_SECONDS))}},
};

static void changes_that_cannot_be_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_changed_node root = {.depth = 7};
        assert_row_int(rows[i].name, hw_changed_root(&rows[i].change, 1, &arena, &root, &err), HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, root.depth, 7);
    }
}

static void a_path_has_one_change(void **state) {
    const struct hw_column_change changes[] = {
        {PATH(FIELD("a"), FIELD("b")), .dropped = true},
        {PATH(FIELD("a")), .new_name = "c"},
        {PATH(FIELD("a"), FIELD("b")), .new_name = "c"},
    };
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_changed_node root;
    (void)state;
    assert_int_equal(hw_changed_root(changes, 2, &arena, &root, &err), HW_OK);
    assert_int_equal(hw_changed_root(changes, 3, &arena, &root, &err), HW_EUSAGE);
    assert_row_says("twice", err.message, "two changes of the same column, below \"a\"");
}

static void fields_of_one_name_are_no_fields(void **state) {
    const struct hw_column_change changes[] = {
        {PATH(FIELD("a"), FIELD("b")), .dropped = true},
        {PATH(FIELD("a")), .new_name = "c"},
        {PATH(FIELD("z")), .dropped = true},
    };
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_changed_node root, child = {.depth = 7};
    struct hw_changed_fields fields;
    bool found = true;
    (void)state;
    assert_ok(hw_changed_root(changes, COUNT_OF(changes), &arena, &root, &err), err);
    assert_ok(hw_changed_fields_begin(&root, &arena, &fields, &err), err);
    assert_ok(hw_changed_field(&fields, HW_VIEW("same"), &found, &child, &err), err);
    assert_ok(hw_changed_field(&fields, HW_VIEW("same"), &found, &child, &err), err);
    assert_false(found);
    assert_int_equal(child.depth, 7);
    assert_ok(hw_changed_field(&fields, HW_VIEW("z"), &found, &child, &err), err);
    assert_ok(hw_changed_field(&fields, HW_VIEW("a"), &found, &child, &err), err);
    assert_true(found);
    assert_ptr_equal(hw_changed_self(&child), &changes[1]);
    assert_int_equal(hw_changed_field(&fields, HW_VIEW("z"), &found, &child, &err), HW_EDATA);
    assert_row_says("z", err.message, "two fields are called \"z\"");
    assert_int_equal(hw_changed_field(&fields, HW_VIEW("a"), &found, &child, &err), HW_EDATA);
}

static void no_memory_is_told(void **state) {
    const struct hw_column_change change = {PATH(FIELD("a")), .dropped = true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_changed_node root;
    struct hw_changed_fields fields;
    struct alloc_fault fault;
    (void)state;
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = hw_changed_root(&change, 1, &arena, &root, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_int_equal(hw_changed_root(&change, 1, &arena, &root, NULL), HW_OK);
    hw_arena_release(&arena);
    alloc_fault_begin(&fault, 0);
    const enum hw_status begun = hw_changed_fields_begin(&root, &arena, &fields, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(begun, HW_ENOMEM);
    assert_int_equal(hw_changed_root(&change, SIZE_MAX / 2, &arena, &root, NULL), HW_ENOMEM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_found_along_the_nesting), cmocka_unit_test(no_changes_are_a_root_too),
        cmocka_unit_test(changes_that_cannot_be_are_refused),  cmocka_unit_test(a_path_has_one_change),
        cmocka_unit_test(fields_of_one_name_are_no_fields),    cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/column_change", tests, NULL, NULL);
}
