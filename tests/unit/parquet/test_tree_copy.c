/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/tree_copy.h"

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/parquet/message_write.h"

enum { CHANGES_MAX = 3, LEAVES_MAX = 6 };

/* A leaf of the copy. `from` is its number in the file. */
struct want_leaf {
    const char *path;
    size_t from;
    uint8_t def, rep;
    bool nested;
};

#define TABLE                                                                                        \
    "required int32 n = 1; optional group s { optional binary t (STRING) = 7; required double d; } " \
    "optional group l (LIST) { repeated group list { optional int64 element; } } "                   \
    "required group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }"
#define OLD_LIST "optional group l (old LIST) { repeated int32 array; } repeated binary r;"

static const struct {
    const char *name;
    const char *schema;
    /* Elements that change: the first ones of their names. */
    struct {
        const char *of;
        struct hw_element_change change;
    } changes[CHANGES_MAX];
    /* Columns that are asked for, by a digit each; NULL: all. */
    const char *columns;
    const char *want;
    struct want_leaf leaves[LEAVES_MAX];
} copies[] = {
    {"nothing changes",
     TABLE,
     {{0}},
     NULL,
     TABLE,
     {{"n", 0, 0, 0, false},
      {"s.t", 1, 2, 0, true},
      {"s.d", 2, 1, 0, false},
      {"l.list.element", 3, 3, 1, true},
      {"m.key_value.key", 4, 1, 1, true},
      {"m.key_value.value", 5, 2, 1, true}}},
    {"lists of two levels", OLD_LIST, {{0}}, NULL, OLD_LIST, {{"l.array", 0, 2, 1, true}, {"r", 1, 1, 1, true}}},
    {"columns of several",
     TABLE,
     {{0}},
     "20",
     "required int32 n = 1; optional group l (LIST) { repeated group list { optional int64 element; } }",
     {{"n", 0, 0, 0, false}, {"l.list.element", 3, 3, 1, true}}},
    {"names of a column, a group and a leaf",
     TABLE,
     {{"n", {.name = "number"}}, {"s", {.name = "x.y"}}, {"t", {.name = ""}}},
     "01",
     "required int32 number = 1; optional group x.y { optional binary \"\" (STRING) = 7; required double d; }",
     {{"number", 0, 0, 0, false}, {"x.y.", 1, 2, 0, true}, {"x.y.d", 2, 1, 0, false}}},
    {"a child is dropped",
     TABLE,
     {{"t", {.dropped = true}}},
     "1",
     "optional group s { required double d; }",
     {{"s.d", 2, 1, 0, false}}},
    {"the value of a map is dropped",
     TABLE,
     {{"value", {.dropped = true}}},
     "3",
     "required group m (MAP) { repeated group key_value { required binary key (STRING); } }",
     {{"m.key_value.key", 4, 1, 1, true}}},
    {"a group without children goes, and what is above it",
     TABLE,
     {{"element", {.dropped = true}}},
     NULL,
     "required int32 n = 1; optional group s { optional binary t (STRING) = 7; required double d; } "
     "required group m (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }",
     {{"n", 0, 0, 0, false},
      {"s.t", 1, 2, 0, true},
      {"s.d", 2, 1, 0, false},
      {"m.key_value.key", 4, 1, 1, true},
      {"m.key_value.value", 5, 2, 1, true}}},
    {"a dropped group takes all below it along",
     TABLE,
     {{"s", {.dropped = true}}, {"l", {.dropped = true}}, {"m", {.dropped = true}}},
     NULL,
     "required int32 n = 1;",
     {{"n", 0, 0, 0, false}}},
    {"a selected column that is dropped",
     TABLE,
     {{"s", {.dropped = true}}},
     "10",
     "required int32 n = 1;",
     {{"n", 0, 0, 0, false}}},
};

/* Names of messages cannot be empty: two quotes stand for such a one. */
static void names_unquote(struct message *message) {
    for (size_t i = 0; i < message->meta.elements_count; i++) {
        if (hw_view_equal(message->elements[i].name, HW_VIEW("\"\""))) {
            message->elements[i].name = HW_VIEW("");
        }
    }
}

static void want_write(const char *schema, struct hw_buf *out, size_t *out_count) {
    static struct message message;
    message_parse(&message, schema);
    names_unquote(&message);
    out->limit = SIZE_MAX;
    for (size_t i = 0; i < message.meta.elements_count; i++) {
        message_element_write(&message.elements[i], out);
    }
    *out_count = message.meta.elements_count;
}

/* Fills in the changes of a copy, by the numbers of elements; columns that are not asked for go. */
static void changes_make(struct hw_element_change *changes, size_t row, const struct message_file *made) {
    const struct hw_parquet_element *elements = made->message.elements;
    size_t column = 0, left = 0;
    memset(changes, 0, MESSAGE_ELEMENTS_MAX * sizeof(*changes));
    for (size_t i = 0; i < CHANGES_MAX && copies[row].changes[i].of; i++) {
        changes[message_file_element(made, copies[row].changes[i].of)] = copies[row].changes[i].change;
    }
    for (size_t i = 1; copies[row].columns && i < made->message.meta.elements_count; i++) {
        if (left == 0) {
            changes[i].dropped |= !strchr(copies[row].columns, (int)('0' + column++));
            left = 1;
        }
        left += (size_t)elements[i].children_count - 1;
    }
}

static void leaves_check(size_t row, const struct hw_tree *tree) {
    size_t counts = 0;
    for (size_t i = 0; i < LEAVES_MAX && copies[row].leaves[i].path; i++) {
        const struct want_leaf *want = &copies[row].leaves[i];
        char path[64];
        assert_row_int(want->path, i < tree->count, true);
        const struct hw_leaf *leaf = &tree->leaves[i];
        assert_row_text(copies[row].name, hw_leaf_path(leaf, path, sizeof(path)), want->path);
        assert_row_text(want->path, leaf->field->name, leaf->path[leaf->path_count - 1]);
        assert_row_int(want->path, leaf->column, want->from);
        assert_row_int(want->path, leaf->def_max, want->def);
        assert_row_int(want->path, leaf->rep_max, want->rep);
        assert_row_int(want->path, leaf->nested, want->nested);
        assert_row_int(want->path, leaf->counts_at, 0);
        /* The levels from 0 on of both kinds. */
        counts = hw_max_size(counts, want->nested ? want->def + 1U + want->rep + 1U : 0);
        assert_row_int(copies[row].name, i + 1 == LEAVES_MAX || copies[row].leaves[i + 1].path || tree->count == i + 1,
                       true);
    }
    assert_row_int(copies[row].name, tree->counts, counts);
}

static void schemas_are_copied_with_what_changes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        struct message_file made;
        struct hw_element_change changes[MESSAGE_ELEMENTS_MAX];
        struct hw_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) want = {0};
        size_t elements;
        message_file_open(&made, copies[i].schema);
        changes_make(changes, i, &made);
        want_write(copies[i].want, &want, &elements);
        assert_ok(hw_tree_copy(&tree, &made.file, changes, &err), err);
        assert_row_bytes(copies[i].name, tree.elements_written.data, tree.elements_written.size, want.data, want.size);
        assert_row_int(copies[i].name, tree.elements, elements);
        assert_null(tree.schema);
        leaves_check(i, &tree);
        hw_tree_release(&tree);
        message_file_close(&made);
    }
}

/* Without a list of changes all is as it was. */
static void changes_can_be_absent(void **state) {
    (void)state;
    struct message_file made;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    message_file_open(&made, TABLE);
    assert_ok(hw_tree_copy(&tree, &made.file, NULL, &err), err);
    assert_row_bytes("all", tree.elements_written.data, tree.elements_written.size, made.bytes.data, made.bytes.size);
    leaves_check(0, &tree);
    hw_tree_release(&tree);
    message_file_close(&made);
}

/* The type of a leaf decides its lane, its width and its order. */
static void types_change_leaves(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t width;
        struct hw_element_type type;
        enum hw_lane lane;
        enum hw_order order;
    } rows[] = {
        {"a float", 4, {HW_PHYSICAL_FLOAT, HW_CONVERTED_NONE, {0}}, HW_LANE_WORD4, HW_ORDER_FLOAT},
        {"an integer", 4, {HW_PHYSICAL_INT32, HW_CONVERTED_NONE, {0}}, HW_LANE_WORD4, HW_ORDER_SIGNED},
        {"an unsigned one",
         4,
         {HW_PHYSICAL_INT32, HW_CONVERTED_UINT_8, {.kind = HW_LOGICAL_INTEGER, .bit_width = 8}},
         HW_LANE_WORD4,
         HW_ORDER_UNSIGNED},
        {"a signed one",
         4,
         {HW_PHYSICAL_INT32, HW_CONVERTED_INT_8, {.kind = HW_LOGICAL_INTEGER, .bit_width = 8, .is_signed = true}},
         HW_LANE_WORD4,
         HW_ORDER_SIGNED},
        {"a timestamp",
         8,
         {HW_PHYSICAL_INT64, HW_CONVERTED_NONE, {.kind = HW_LOGICAL_TIMESTAMP, .unit = 1}},
         HW_LANE_WORD8,
         HW_ORDER_SIGNED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct message_file made;
        struct hw_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_element_change changes[] = {{0}, {.type = &rows[i].type}};
        message_file_open(&made, "required double a;");
        assert_ok(hw_tree_copy(&tree, &made.file, changes, &err), err);
        assert_row_int(rows[i].name, tree.leaves[0].physical, rows[i].type.physical);
        assert_row_int(rows[i].name, tree.leaves[0].lane, rows[i].lane);
        assert_row_int(rows[i].name, tree.leaves[0].width, rows[i].width);
        assert_row_int(rows[i].name, tree.leaves[0].order, rows[i].order);
        hw_tree_release(&tree);
        message_file_close(&made);
    }
}

static void a_file_without_columns_stays_one(void **state) {
    (void)state;
    struct message_file made;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    message_file_open(&made, "");
    assert_ok(hw_tree_copy(&tree, &made.file, NULL, &err), err);
    assert_int_equal(tree.elements, 1);
    assert_int_equal(tree.count, 0);
    hw_tree_release(&tree);
    message_file_close(&made);
}

static void a_column_at_least_is_left(void **state) {
    (void)state;
    struct message_file made;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_element_change dropped[] = {{0}, {.dropped = true}, {0}, {.dropped = true}};
    message_file_open(&made, "required int32 a; optional group g { required int32 b; }");
    assert_int_equal(hw_tree_copy(&tree, &made.file, dropped, &err), HW_EUSAGE);
    assert_string_equal(err.message, "no column is left");
    message_file_close(&made);
}

/* An element that cannot be changed fails the copy. */
static void a_change_that_fails_is_told(void **state) {
    (void)state;
    struct message_file made;
    struct hw_tree tree;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) many = {0};
    const struct hw_element_change changes[] = {{0}, {.name = "b"}};
    message_file_open(&made, "required int32 a;");
    for (size_t i = 0; i < 40; i++) {
        assert_ok(hw_buf_append(&many, "\x15\x02", 2, &err), err);
    }
    assert_ok(hw_buf_append_byte(&many, 0, &err), err);
    made.message.elements[1].bytes = hw_buf_view(&many);
    assert_int_equal(hw_tree_copy(&tree, &made.file, changes, &err), HW_ELIMIT);
    assert_row_says("an element", err.message, "column \"a\" cannot be changed");
    message_file_close(&made);
}

/* What is written is known before, for each element. */
static void elements_that_are_written_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(copies); i++) {
        struct message_file made;
        struct hw_element_change changes[MESSAGE_ELEMENTS_MAX];
        struct hw_arena arena = {0};
        struct hw_element_tree tree;
        struct hw_error err = HW_ERROR_INIT;
        struct message want;
        bool kept[MESSAGE_ELEMENTS_MAX];
        size_t count = 0;
        message_file_open(&made, copies[i].schema);
        changes_make(changes, i, &made);
        message_parse(&want, copies[i].want);
        assert_ok(hw_element_tree_make(&made.file.meta, &arena, &tree, &err), err);
        hw_tree_copy_kept(&tree, changes, kept);
        for (size_t element = 1; element < tree.count; element = kept[element] ? element + 1 : tree.ends[element]) {
            count += kept[element];
        }
        assert_row_int(copies[i].name, count, want.meta.elements_count - 1);
        hw_arena_release(&arena);
        message_file_close(&made);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct message_file made;
    struct hw_element_change changes[MESSAGE_ELEMENTS_MAX];
    bool fired = true;
    message_file_open(&made, copies[3].schema);
    changes_make(changes, 3, &made);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_tree tree;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_tree_copy(&tree, &made.file, changes, NULL);
        if (status == HW_OK) {
            hw_tree_release(&tree);
        }
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    message_file_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_are_copied_with_what_changes),
        cmocka_unit_test(changes_can_be_absent),
        cmocka_unit_test(types_change_leaves),
        cmocka_unit_test(a_file_without_columns_stays_one),
        cmocka_unit_test(a_column_at_least_is_left),
        cmocka_unit_test(a_change_that_fails_is_told),
        cmocka_unit_test(elements_that_are_written_are_found),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("parquet/tree_copy", tests, NULL, NULL);
}
