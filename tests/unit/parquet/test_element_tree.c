/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/element_tree.h"

#include "core/limits.h"
#include "message_parse.h"
#include "support/alloc_fault.h"

static const char schema_text[] = "required int32 a; optional group b { required int32 c; repeated group d { "
                                  "required int32 e; } } required int32 f;";

static void subtrees_end_where_the_next_begins(void **state) {
    (void)state;
    /* schema, a, b, c, d, e, f */
    static const uint32_t ends[] = {7, 2, 6, 4, 6, 6, 7};
    struct message message;
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    message_parse(&message, schema_text);
    assert_ok(hw_element_tree_make(&message.meta, &arena, &tree, &err), err);
    assert_int_equal(tree.count, COUNT_OF(ends));
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        assert_row_int(message.elements[i].name.data, tree.ends[i], ends[i]);
    }
    assert_int_equal(hw_element_next(&tree, hw_element_first(0)), 2);
    hw_arena_release(&arena);
}

/* One field of one element of the schema above is set to a value. */
enum member { CHILDREN, PHYSICAL, REPETITION, LENGTH };

static const struct {
    const char *name;
    size_t element;
    enum member member;
    int32_t value;
    const char *says;
} faults[] = {
    {"a root with a type", 0, PHYSICAL, 1, "the root of the schema has a type, so it is no group of columns"},
    {"a root of -1", 0, CHILDREN, -1, "the root of the schema says that it has -1 columns"},
    {"a root of too many", 0, CHILDREN, 4, "the root of the schema says that it has 4 columns, but there are 3"},
    {"a root of the most", 0, CHILDREN, INT32_MAX,
     "the root of the schema says that it has 2147483647 columns, but there are 3"},
    {"a root of too few", 0, CHILDREN, 2, "element 6 of the schema is no child of any other"},
    {"a root of none", 0, CHILDREN, 0, "element 1 of the schema is no child of any other"},
    {"a group of -2", 2, CHILDREN, -2, "element 2 of the schema, \"b\", has fewer than no children"},
    {"a group of none", 2, CHILDREN, 0, "element 2 of the schema, \"b\", has neither a type nor children"},
    {"a leaf without a type", 3, PHYSICAL, -1, "element 3 of the schema, \"c\", has neither a type nor children"},
    {"a leaf of children", 3, CHILDREN, 1, "element 3 of the schema, \"c\", has both a type and children"},
    {"a group beyond the end", 4, CHILDREN, 3,
     "element 4 of the schema, \"d\", says that it has more children than there are elements"},
    {"a type that is none", 1, PHYSICAL, 8,
     "element 1 of the schema, \"a\", has a physical type that Parquet does not "
     "have"},
    {"no repetition", 1, REPETITION, -1,
     "element 1 of the schema, \"a\", is neither required nor optional nor "
     "repeated"},
    {"a repetition that is none", 6, REPETITION, 3,
     "element 6 of the schema, \"f\", is neither required nor optional "
     "nor repeated"},
    {"fixed without a length", 1, PHYSICAL, HW_PHYSICAL_FIXED,
     "element 1 of the schema, \"a\", is a FIXED_LEN_BYTE_ARRAY without a length"},
};

static void element_set(struct hw_parquet_element *element, enum member member, int32_t value) {
    switch (member) {
    case CHILDREN:
        element->children_count = value;
        break;
    case PHYSICAL:
        element->physical = value;
        break;
    case REPETITION:
        element->repetition = value;
        break;
    case LENGTH:
        element->type_length = value;
        break;
    }
}

static void what_is_no_tree_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct message message;
        struct hw_arena arena = {0};
        struct hw_element_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        message_parse(&message, schema_text);
        element_set(&message.elements[faults[i].element], faults[i].member, faults[i].value);
        assert_row_int(faults[i].name, hw_element_tree_make(&message.meta, &arena, &tree, &err), HW_EDATA);
        assert_row_text(faults[i].name, err.message, faults[i].says);
        hw_arena_release(&arena);
    }
}

static void lengths_of_fixed_bytes_are_positive(void **state) {
    (void)state;
    static const struct {
        int32_t length;
        enum hw_status want;
    } rows[] = {{-1, HW_EDATA}, {0, HW_EDATA}, {1, HW_OK}, {INT32_MAX, HW_OK}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message message;
        struct hw_arena arena = {0};
        struct hw_element_tree tree;
        message_parse(&message, "required fixed a;");
        element_set(&message.elements[1], LENGTH, rows[i].length);
        assert_int_equal(hw_element_tree_make(&message.meta, &arena, &tree, NULL), rows[i].want);
        hw_arena_release(&arena);
    }
}

static void names_are_texts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view value;
        enum hw_status want;
    } rows[] = {
        {"umlauts", HW_VIEW_INIT("\xc3\xa4"), HW_OK},
        {"no name", HW_VIEW_INIT(""), HW_OK},
        {"Latin-1", HW_VIEW_INIT("\xe4"), HW_EDATA},
        {"a NUL", HW_VIEW_INIT("a\0b"), HW_EDATA},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message message;
        struct hw_arena arena = {0};
        struct hw_element_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        message_parse(&message, "required int32 a;");
        message.elements[1].name = rows[i].value;
        assert_row_int(rows[i].name, hw_element_tree_make(&message.meta, &arena, &tree, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want ? "has a name that is not UTF-8 or holds a NUL" : "");
        hw_arena_release(&arena);
    }
}

static void elements_have_a_limit(void **state) {
    (void)state;
    static struct hw_parquet_element elements[HW_PARQUET_ELEMENTS_MAX + 1];
    struct hw_parquet_meta meta = {.elements = elements};
    struct hw_arena arena = {0};
    struct hw_element_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(elements); i++) {
        elements[i] = (struct hw_parquet_element){.physical = i == 0 ? -1 : HW_PHYSICAL_INT32};
    }
    assert_int_equal(hw_element_tree_make(&meta, &arena, &tree, &err), HW_EDATA);
    assert_string_equal(err.message, "the schema has no elements");
    meta.elements_count = HW_PARQUET_ELEMENTS_MAX + 1;
    elements[0].children_count = HW_PARQUET_ELEMENTS_MAX;
    assert_int_equal(hw_element_tree_make(&meta, &arena, &tree, &err), HW_ELIMIT);
    assert_string_equal(err.message, "the schema has 100001 elements, more than 100000");
    meta.elements_count--;
    elements[0].children_count--;
    assert_ok(hw_element_tree_make(&meta, &arena, &tree, &err), err);
    hw_arena_release(&arena);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct alloc_fault fault;
    struct message message;
    struct hw_element_tree tree;
    struct hw_arena arena = {0};
    message_parse(&message, schema_text);
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = hw_element_tree_make(&message.meta, &arena, &tree, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    hw_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subtrees_end_where_the_next_begins),
        cmocka_unit_test(what_is_no_tree_is_refused),
        cmocka_unit_test(lengths_of_fixed_bytes_are_positive),
        cmocka_unit_test(names_are_texts),
        cmocka_unit_test(elements_have_a_limit),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/element_tree", tests, NULL, NULL);
}
