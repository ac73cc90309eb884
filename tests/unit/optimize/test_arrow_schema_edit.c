/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/arrow_schema_edit.h"

#include "core/limits.h"
#include "unit/optimize/edit_rows.h"
#include "unit/optimize/message_text.h"
#include "unit/table/messages.h"

/* Replaces the value of `pandas`, which is a text that lives on, and takes `geo` out. */
static enum hw_status pair_edit(struct hw_pair_editor *editor, struct hw_file_pair *pair, bool *out_stays,
                                struct hw_error *err) {
    (void)editor;
    (void)err;
    *out_stays = !hw_view_equal(pair->key, HW_VIEW("geo"));
    if (hw_view_equal(pair->key, HW_VIEW("pandas"))) {
        pair->value = HW_VIEW("{\"index_columns\":[\"x\"]}");
    }
    return HW_OK;
}

static enum hw_status edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                           hw_view *out_value, struct hw_error *err) {
    struct hw_pair_editor editor = {pair_edit};
    return hw_arrow_schema_edit(value, root, &editor, arena, out_value, err);
}

/* `want` is what pyarrow, or the writer of the messages, makes of the new columns. */
static const struct edit_row rows[] = {
    {"one column", message_floats, message_floats_new, CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)})},
    {"many", message_all, message_all_new,
     CHANGES({PATH(FIELD("double")), .new_name = "single", RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("zone")), RETYPED(TIMESTAMP_TYPE(HW_UNIT_MICROS))}, {PATH(FIELD("words")), .dropped = true},
             {PATH(FIELD("list"), ELEMENT), RETYPED(DECIMAL_TYPE(9, 2))},
             {PATH(FIELD("map"), MAP_KEY), RETYPED(INT32_TYPE)},
             {PATH(FIELD("struct"), FIELD("a")), .new_name = "c", RETYPED(UINT32_TYPE)},
             {PATH(FIELD("struct"), FIELD("b"), ELEMENT), RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("runs")), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("")), .dropped = true})},
    {"what pyarrow does not write", message_rare, message_rare_new, CHANGES({PATH(FIELD("d")), .new_name = "e"})},
    {"without a mark", message_old, message_old_new, CHANGES({PATH(FIELD("a")), .new_name = "x"})},
    {"with bytes behind it", message_followed, message_followed_new, CHANGES({PATH(FIELD("a")), .new_name = "x"})},
    {"pairs of the schema", message_pandas, message_pandas_new, CHANGES({PATH(FIELD("a")), .new_name = "x"})},
    {"pairs of the schema alone", message_pandas, message_pandas_alone_new,
     CHANGES({PATH(FIELD("z")), .dropped = true})},
    {"no such fields", message_all, NULL,
     CHANGES({PATH(FIELD("Double")), .dropped = true}, {PATH(FIELD("list"), FIELD("whatever")), .dropped = true},
             {PATH(FIELD("double"), ELEMENT), RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("struct"), ELEMENT), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("map"), ELEMENT), RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("list"), MAP_KEY), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("union"), FIELD("u")), .dropped = true})},
    {"children that are missing", message_wrong_children, NULL,
     CHANGES({PATH(FIELD("list"), ELEMENT), RETYPED(FLOAT_TYPE)}, {PATH(FIELD("map"), MAP_VALUE), RETYPED(FLOAT_TYPE)},
             {PATH(FIELD("empty"), MAP_KEY), RETYPED(FLOAT_TYPE)})},
    {"no fields", message_no_fields, NULL, CHANGES({PATH(FIELD("a")), .dropped = true})},
    {"two fields of the name", message_two_names, NULL, CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA,
     "two fields are called \"a\""},
    {"a leaf that is none", message_leaf_with_children, NULL, CHANGES({PATH(FIELD("a")), RETYPED(FLOAT_TYPE)}),
     HW_EDATA, "a field that has other fields in it"},
    {"a list retyped", message_all, NULL, CHANGES({PATH(FIELD("list")), RETYPED(FLOAT_TYPE)}), HW_EDATA,
     "a field that has other fields in it"},
    {"no base64", "/////w!=", NULL, CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA, "not in base64"},
    {"no message", "AAAA", NULL, CHANGES({PATH(FIELD("a")), .dropped = true}), HW_EDATA, "no message of Arrow"},
    {"a shared field", message_shared, NULL, CHANGES({PATH(FIELD("x")), .dropped = true}), HW_ELIMIT,
     "too many tables"},
};

static void fields_are_edited(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_changed_node root;
        hw_view value;
        if (!rows[i].want) {
            edit_row_run(edit, &rows[i]);
            continue;
        }
        assert_int_equal(hw_changed_root(rows[i].changes, rows[i].count, &arena, &root, NULL), HW_OK);
        assert_row_int(rows[i].name, edit(hw_view_of(rows[i].value), &root, &arena, &value, NULL), HW_OK);
        assert_row_message(rows[i].name, value, rows[i].want);
    }
}

/* Where a field of runs has no values, it is taken as it is, and has another field in it. */
static void runs_without_values_are_refused(void **state) {
    const struct edit_row row = {"runs",   message_wrong_children,
                                 NULL,     CHANGES({PATH(FIELD("runs")), RETYPED(FLOAT_TYPE)}),
                                 HW_EDATA, "a field that has other fields in it"};
    (void)state;
    edit_row_run(edit, &row);
}

static enum hw_status fail_edit(struct hw_pair_editor *editor, struct hw_file_pair *pair, bool *out_stays,
                                struct hw_error *err) {
    (void)editor;
    (void)pair;
    (void)out_stays;
    return hw_fail(err, HW_EFAILED, "no");
}

static void what_fails_in_pairs_fails(void **state) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_pair_editor editor = {fail_edit};
    struct hw_changed_node root;
    hw_view value = {0};
    (void)state;
    assert_int_equal(hw_changed_root(NULL, 0, &arena, &root, NULL), HW_OK);
    assert_int_equal(hw_arrow_schema_edit(HW_VIEW(message_pandas), &root, &editor, &arena, &value, NULL), HW_EFAILED);
    assert_null(value.data);
}

static void sizes_are_limited(void **state) {
    static char name[HW_FILE_PAIRS_BYTES_MAX + 2];
    const struct hw_column_change change = {PATH(FIELD("a")), .new_name = name};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_changed_node root;
    hw_view value;
    (void)state;
    memset(name, 'n', sizeof(name) - 1);
    assert_int_equal(hw_changed_root(&change, 1, &arena, &root, NULL), HW_OK);
    assert_int_equal(edit((hw_view){name, HW_FILE_PAIRS_BYTES_MAX + 1}, &root, &arena, &value, &err), HW_ELIMIT);
    assert_row_says("before", err.message, "bytes of base64 are more than");
    assert_int_equal(edit(HW_VIEW(message_floats), &root, &arena, &value, &err), HW_ELIMIT);
    name[HW_BASE64_DECODED_BYTES(HW_FILE_PAIRS_BYTES_MAX) - 1000] = '\0';
    assert_int_equal(edit(HW_VIEW(message_floats), &root, &arena, &value, &err), HW_OK);
    assert_true(value.size <= HW_FILE_PAIRS_BYTES_MAX);
}

static void no_memory_is_told(void **state) {
    (void)state;
    edit_row_sweep(edit, &rows[1]);
    edit_row_sweep(edit, &rows[5]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_edited),         cmocka_unit_test(runs_without_values_are_refused),
        cmocka_unit_test(what_fails_in_pairs_fails), cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/arrow_schema_edit", tests, NULL, NULL);
}
