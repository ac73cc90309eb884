/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/pairs_edit.h"

#include "core/limits.h"
#include "unit/optimize/edit_rows.h"
#include "unit/table/messages.h"

#define SPARK_KEY "org.apache.spark.sql.parquet.row.metadata"
#define SPARK(name) "{\"type\":\"struct\",\"fields\":[{\"name\":\"" name "\",\"type\":\"double\"}]}"
#define GEO(name) "{\"primary_column\":\"" name "\",\"columns\":{\"" name "\":{}}}"
#define PANDAS(name) "{\"index_columns\":[\"" name "\"]}"

/* One pair after the renaming of `a` to `x`: its value, NULL if it is the same, or why it goes. */
static const struct {
    const char *key;
    const char *value;
    const char *want;
    const char *reason;
} rows[] = {
    {"pandas", PANDAS("a"), PANDAS("x"), NULL},
    {SPARK_KEY, SPARK("a"), SPARK("x"), NULL},
    {"geo", GEO("a"), GEO("x"), NULL},
    {"geo", GEO("b"), NULL, NULL},
    {"unknown", PANDAS("a"), NULL, NULL},
    {"pandas ", PANDAS("a"), NULL, NULL},
    {"Pandas", PANDAS("a"), NULL, NULL},
    {"", "a", NULL, NULL},
    {"org.apache.spark.version", "3.5.1", NULL, NULL},
    {"org.apache.spark.legacyDateTime", "", NULL, NULL},
    {"pandas", "{\"index_columns\":[", NULL, "the JSON ends too early, after 18 bytes"},
    {SPARK_KEY, "{\"a\xff\":1}", NULL, "byte 3 of the JSON is no UTF-8"},
    {"geo", "", NULL, "the JSON ends too early, after 0 bytes"},
    {"ARROW:schema", "no base64", NULL, "the schema is not in base64"},
    {"ARROW:schema", "AAAA", NULL, "3 bytes are no message of Arrow"},
    {"ARROW:schema", message_type_27, NULL, "Field has a type of number 27, which is not known"},
    {"ARROW:schema", message_shared, NULL, "the flatbuffer has too many tables"},
    {"parquet.avro.schema", "{}", NULL, "it is the schema of columns that have changed"},
    {"avro.schema", "{}", NULL, "it is the schema of columns that have changed"},
    {"iceberg.schema", "{}", NULL, "it is the schema of columns that have changed"},
};

static const struct hw_column_change renamed = {PATH(FIELD("a")), .new_name = "x"};

static void a_pair_is_edited_by_its_key(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_file_pair pair = {hw_view_of(rows[i].key), hw_view_of(rows[i].value), true};
        const struct hw_file_pairs pairs = {&pair, 1, false};
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_edited_pairs edited;
        assert_ok(hw_pairs_edit(&pairs, &renamed, 1, &arena, &edited, &err), err);
        assert_row_int(rows[i].key, edited.pairs.same_schema, true);
        assert_row_int(rows[i].key, edited.left_out_count, rows[i].reason != NULL);
        assert_row_int(rows[i].key, edited.pairs.count, rows[i].reason == NULL);
        if (rows[i].reason) {
            const struct hw_pair_left_out *left_out = &edited.left_out[0];
            assert_row_bytes(rows[i].key, left_out->key.data, left_out->key.size, rows[i].key, strlen(rows[i].key));
            assert_row_says(rows[i].value, left_out->reason, rows[i].reason);
            continue;
        }
        const char *want = rows[i].want ? rows[i].want : rows[i].value;
        const hw_view value = edited.pairs.items[0].value;
        assert_row_bytes(rows[i].key, value.data, value.size, want, strlen(want));
        assert_row_int(rows[i].key, value.data == rows[i].value, rows[i].want == NULL);
    }
}

static const struct hw_file_pair many[] = {
    {HW_VIEW_INIT("first"), HW_VIEW_INIT("1"), true},
    {HW_VIEW_INIT("geo"), HW_VIEW_INIT("["), true},
    {HW_VIEW_INIT("pandas"), HW_VIEW_INIT(""), false},
    {HW_VIEW_INIT("pandas"), HW_VIEW_INIT(PANDAS("a")), true},
    {HW_VIEW_INIT("iceberg.schema"), HW_VIEW_INIT("{}"), true},
    {HW_VIEW_INIT("first"), HW_VIEW_INIT("2"), true},
};

/* Keys may stand there twice, and without a value. */
static void pairs_stay_in_their_order(void **state) {
    const struct hw_file_pairs pairs = {many, COUNT_OF(many), true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs edited;
    (void)state;
    assert_ok(hw_pairs_edit(&pairs, &renamed, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.pairs.count, 4);
    assert_true(hw_view_equal(edited.pairs.items[0].value, HW_VIEW("1")));
    assert_false(edited.pairs.items[1].has_value);
    assert_true(hw_view_equal(edited.pairs.items[2].value, HW_VIEW(PANDAS("x"))));
    assert_true(hw_view_equal(edited.pairs.items[3].value, HW_VIEW("2")));
    assert_int_equal(edited.left_out_count, 2);
    assert_true(hw_view_equal(edited.left_out[0].key, HW_VIEW("geo")));
    assert_true(hw_view_equal(edited.left_out[1].key, HW_VIEW("iceberg.schema")));
}

static void nothing_changes_without_changes(void **state) {
    const struct hw_file_pairs pairs = {many, COUNT_OF(many), true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs edited;
    (void)state;
    assert_ok(hw_pairs_edit(&pairs, NULL, 0, &arena, &edited, &err), err);
    assert_int_equal(edited.pairs.count, COUNT_OF(many));
    assert_int_equal(edited.left_out_count, 0);
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        assert_ptr_equal(edited.pairs.items[i].value.data, many[i].value.data);
        assert_int_equal(edited.pairs.items[i].has_value, many[i].has_value);
    }
}

/* The schema of pyarrow has `pandas`, which is edited there too, and a `geo` that is no JSON. */
static void pairs_in_a_schema_are_edited(void **state) {
    const struct hw_file_pair pair = {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT(message_pandas), true};
    const struct hw_file_pairs pairs = {&pair, 1, true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs edited;
    (void)state;
    assert_ok(hw_pairs_edit(&pairs, &renamed, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.pairs.count, 1);
    assert_int_equal(edited.left_out_count, 1);
    assert_true(hw_view_equal(edited.left_out[0].key, HW_VIEW("ARROW:schema: geo")));
    assert_string_equal(edited.left_out[0].reason, "the JSON ends too early, after 1 bytes");
    /* Nothing is left to be edited: another change finds no `a`, and no pair that is wrong. */
    const struct hw_file_pairs again = edited.pairs;
    assert_ok(hw_pairs_edit(&again, &renamed, 1, &arena, &edited, &err), err);
    assert_ptr_equal(edited.pairs.items[0].value.data, again.items[0].value.data);
    assert_int_equal(edited.left_out_count, 0);
}

/* All pairs together have as many bytes as a reader takes, and one grows. */
static void all_pairs_stay_readable(void **state) {
    static char long_value[HW_FILE_PAIRS_BYTES_MAX];
    const struct hw_column_change longer = {PATH(FIELD("a")), .new_name = "xx"};
    struct hw_file_pair items[] = {
        {HW_VIEW_INIT("pandas"), HW_VIEW_INIT(PANDAS("a")), true},
        {HW_VIEW_INIT("k"), {long_value, 0}, true},
    };
    const struct hw_file_pairs pairs = {items, COUNT_OF(items), true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs edited;
    (void)state;
    items[1].value.size = HW_FILE_PAIRS_BYTES_MAX - strlen("pandas" PANDAS("xx") "k");
    assert_ok(hw_pairs_edit(&pairs, &longer, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.left_out_count, 0);
    items[1].value.size++;
    assert_ok(hw_pairs_edit(&pairs, &longer, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.left_out_count, 1);
    assert_row_says("longer", edited.left_out[0].reason, "would have more than 8388608 bytes");
    assert_ok(hw_pairs_edit(&pairs, &renamed, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.left_out_count, 0);
}

/* What goes makes room, and what grows takes it. */
static void bytes_are_counted_pair_by_pair(void **state) {
    static char long_value[HW_FILE_PAIRS_BYTES_MAX];
    const struct hw_column_change longer = {PATH(FIELD("a")), .new_name = "xx"};
    const struct hw_file_pair grows = {HW_VIEW("pandas"), HW_VIEW(PANDAS("a")), true};
    struct hw_file_pair items[] = {{HW_VIEW("geo"), HW_VIEW("["), true}, grows, {HW_VIEW("k"), {long_value, 0}, true}};
    const size_t room = HW_FILE_PAIRS_BYTES_MAX - 1;
    struct hw_file_pairs pairs = {items, COUNT_OF(items), true};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_edited_pairs edited;
    (void)state;
    items[2].value.size = room - strlen("pandas" PANDAS("a") "k");
    assert_ok(hw_pairs_edit(&pairs, &longer, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.left_out_count, 1);
    assert_true(hw_view_equal(edited.left_out[0].key, HW_VIEW("geo")));
    items[0] = grows;
    items[2].value.size = room - strlen("pandas" PANDAS("a") "pandas" PANDAS("a") "k");
    assert_ok(hw_pairs_edit(&pairs, &longer, 1, &arena, &edited, &err), err);
    assert_int_equal(edited.left_out_count, 1);
    assert_int_equal(edited.pairs.count, 2);
    assert_true(hw_view_equal(edited.pairs.items[0].value, HW_VIEW(PANDAS("xx"))));
}

static void wrong_changes_are_refused(void **state) {
    const struct hw_file_pairs pairs = {many, COUNT_OF(many), true};
    const struct hw_column_change nothing = {PATH(FIELD("a"))};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_edited_pairs edited = {.left_out_count = 7};
    (void)state;
    assert_int_equal(hw_pairs_edit(&pairs, &nothing, 1, &arena, &edited, NULL), HW_EUSAGE);
    assert_int_equal(edited.left_out_count, 7);
}

static void no_memory_is_told(void **state) {
    const struct hw_file_pair items[] = {many[1], many[3], {HW_VIEW("ARROW:schema"), HW_VIEW(message_pandas), true}};
    const struct hw_file_pairs pairs = {items, COUNT_OF(items), true};
    bool fired = true;
    (void)state;
    for (size_t n = 0; fired; n++) {
        struct hw_arena arena = {0};
        struct hw_edited_pairs edited;
        struct alloc_fault fault;
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_pairs_edit(&pairs, &renamed, 1, &arena, &edited, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_edited_by_its_key),     cmocka_unit_test(pairs_stay_in_their_order),
        cmocka_unit_test(nothing_changes_without_changes), cmocka_unit_test(pairs_in_a_schema_are_edited),
        cmocka_unit_test(all_pairs_stay_readable),         cmocka_unit_test(wrong_changes_are_refused),
        cmocka_unit_test(bytes_are_counted_pair_by_pair),  cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests_name("optimize/pairs_edit", tests, NULL, NULL);
}
