/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_names.h"

#include "support/alloc_fault.h"
#include "unit/parquet/message_parse.h"

/*
 * Elements by their numbers: root 0, id 1, a.b 2, a 3, b 4, orders 5, list 6, element 7, price 8,
 * list 9, m 10, key_value 11, key 12, value 13, old 14, bag 15, x 16, y 17, flat 18.
 */
#define TABLE                                                                                               \
    "required int32 id; required int32 a.b; optional group a { required int32 b; } "                        \
    "optional group orders (LIST) { repeated group list { optional group element { required double price; " \
    "required int32 list; } } } "                                                                           \
    "optional group m (MAP) { repeated group key_value { required binary key; optional int32 value; } } "   \
    "optional group old { repeated group bag { required int32 x; required int32 y; } } repeated int32 flat;"

static const struct {
    const char *name;
    size_t element;
} found[] = {
    {"id", 1},
    {"a.b", 2}, /* a column whose name it is comes before a path */
    {"a", 3},
    {"orders", 5},
    {"orders.list", 6}, /* a group comes before what is below it */
    {"orders.list.element", 7},
    {"orders.element", 7},
    {"orders.list.element.price", 8},
    {"orders.list.price", 8},
    {"orders.element.price", 8},
    {"orders.price", 8},
    {"orders.element.list", 9},
    {"m", 10},
    {"m.key", 12},
    {"m.key_value.value", 13},
    {"old.x", 16},
    {"old.bag.y", 17},
    {"flat", 18},
};

static const struct {
    const char *name, *says;
} unknown[] = {
    {"idd", "--drop names the column \"idd\", which is not there; did you mean \"id\"?"},
    {"ID", "--drop names the column \"ID\", which is not there; did you mean \"id\"?"},
    {"prise", "--drop names the column \"prise\", which is not there; did you mean \"orders.list.element.price\"?"},
    {"nothing like it", "--drop names the column \"nothing like it\", which is not there"},
    /* The root is no column. */
    {"schema", "--drop names the column \"schema\", which is not there"},
    {"", "--drop names the column \"\", which is not there"},
    {".", "--drop names the column \".\", which is not there"},
    {"id.", "--drop names the column \"id.\", which is not there; did you mean \"id\"?"},
    {"id.x", "which is not there"},
    {"price", "which is not there; did you mean \"orders.list.element.price\"?"},
    {"orders.", "which is not there"},
    {"orders..price", "which is not there"},
    {"orders.list.element.price.more", "which is not there"},
    {"element.price", "which is not there"},
    {"bag.x", "which is not there"},
    {"elemnt", "did you mean \"orders.list.element\"?"},
};

static void tree_make(struct message *message, struct hw_arena *arena, struct hw_element_tree *tree) {
    struct hw_error err = HW_ERROR_INIT;
    message_parse(message, TABLE);
    assert_ok(hw_element_tree_make(&message->meta, arena, tree, &err), err);
    assert_int_equal(tree->count, 19);
}

static void elements_are_found_by_name_and_by_path(void **state) {
    (void)state;
    struct message message;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    tree_make(&message, &arena, &tree);
    for (size_t i = 0; i < COUNT_OF(found); i++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t element = 99;
        assert_ok(hw_column_name_find(&tree, found[i].name, "--drop", &element, &err), err);
        assert_row_int(found[i].name, element, found[i].element);
    }
    hw_arena_release(&arena);
}

static void names_that_are_not_there_have_a_nearest(void **state) {
    (void)state;
    struct message message;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    tree_make(&message, &arena, &tree);
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t element = 99;
        assert_row_int(unknown[i].name, hw_column_name_find(&tree, unknown[i].name, "--drop", &element, &err),
                       HW_EUSAGE);
        assert_row_says(unknown[i].name, err.message, unknown[i].says);
        assert_row_int(unknown[i].name, element, 99);
    }
    hw_arena_release(&arena);
}

static void missing_memory_is_told(void **state) {
    (void)state;
    struct message message;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    struct alloc_fault fault;
    size_t element;
    tree_make(&message, &arena, &tree);
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = hw_column_name_find(&tree, "price", "--drop", &element, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    hw_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_found_by_name_and_by_path),
        cmocka_unit_test(names_that_are_not_there_have_a_nearest),
        cmocka_unit_test(missing_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/column_names", tests, NULL, NULL);
}
