/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constraints as schema files give them, what is wrong with some, and how they reach the columns of
 * a text.
 */
#include "csv/constraints.h"

#include "core/limits.h"
#include "csv/schema_file.h"
#include "support/rows.h"

#define COLUMN(inside) "{\"columns\": [{\"name\": \"c\", " inside "}]}"

static const struct {
    const char *name;
    const char *json;
    const char *says;
} wrong_rows[] = {
    {"an unknown key", COLUMN("\"type\": \"int64\", \"mni\": 1"),
     "column 1: unknown key \"mni\", did you mean \"min\"?"},
    {"min of a text", COLUMN("\"type\": \"text\", \"min\": \"a\""),
     "column 1: \"min\" needs a column of numbers, dates or timestamps, this one is text"},
    {"max of a boolean", COLUMN("\"type\": \"boolean\", \"max\": \"true\""),
     "\"max\" needs a column of numbers, dates or timestamps"},
    {"min of a uuid", COLUMN("\"type\": \"uuid\", \"min\": \"0\""), "this one is uuid"},
    {"pattern of a number", COLUMN("\"type\": \"int64\", \"pattern\": \"1\""),
     "\"pattern\" needs a text column, this one is int64"},
    {"enum of nothing", COLUMN("\"type\": \"null\", \"enum\": [\"a\"]"),
     "\"enum\" needs a column that has values, this one is null"},
    {"unique of nothing", COLUMN("\"type\": \"null\", \"unique\": true"), "\"unique\" needs a column that has values"},
    {"unique is a number", COLUMN("\"type\": \"int64\", \"unique\": 1"), "\"unique\" is true or false"},
    {"min is true", COLUMN("\"type\": \"int64\", \"min\": true"), "\"min\": expected a value of int64 as text"},
    {"min with a point for an integer", COLUMN("\"type\": \"int64\", \"min\": 1.5"),
     "\"min\": expected a value of int64 as text"},
    {"min with a point, as text", COLUMN("\"type\": \"int64\", \"min\": \"1.5\""), "\"min\": \"1.5\" is no int64"},
    {"min beyond int64", COLUMN("\"type\": \"int64\", \"min\": \"9223372036854775808\""),
     "\"9223372036854775808\" is no int64"},
    {"a decimal with a point must be text", COLUMN("\"type\": \"decimal(5,2)\", \"max\": 1.5"),
     "\"max\": expected a value of decimal(5,2) as text"},
    {"more digits than the decimal has", COLUMN("\"type\": \"decimal(5,2)\", \"max\": \"1.555\""),
     "\"max\": \"1.555\" is no decimal(5,2)"},
    {"larger than the decimal", COLUMN("\"type\": \"decimal(5,2)\", \"max\": 1000"),
     "\"max\": \"1000\" is no decimal(5,2)"},
    {"an integer that no double keeps", COLUMN("\"type\": \"double\", \"max\": 9007199254740993"), "is no double"},
    {"nan bounds nothing", COLUMN("\"type\": \"double\", \"max\": \"nan\""), "\"max\": nan bounds nothing"},
    {"a day that was none", COLUMN("\"type\": \"date\", \"min\": \"2023-02-29\""),
     "\"min\": \"2023-02-29\" is no date"},
    {"a number for a date", COLUMN("\"type\": \"date\", \"min\": 20230101"),
     "\"min\": expected a value of date as text"},
    {"a wall clock for an instant", COLUMN("\"type\": \"timestamp(us, UTC)\", \"min\": \"2023-01-01T00:00:00\""),
     "is no timestamp(us, UTC)"},
    {"nothing as a date", COLUMN("\"type\": \"date\", \"min\": \"\""), "\"min\": \"\" is no date"},
    {"min above max", COLUMN("\"type\": \"int64\", \"min\": 2, \"max\": 1"), "column 1: min 2 is above max 1"},
    {"min above max by value, not by text", COLUMN("\"type\": \"decimal(5,2)\", \"min\": \"10\", \"max\": \"9.00\""),
     "min 10 is above max 9.00"},
    {"enum is a text", COLUMN("\"type\": \"text\", \"enum\": \"a\""),
     "\"enum\": expected a list of texts, one at least"},
    {"enum is empty", COLUMN("\"type\": \"text\", \"enum\": []"), "\"enum\": expected a list of texts, one at least"},
    {"enum with a number", COLUMN("\"type\": \"int64\", \"enum\": [\"1\", 2]"),
     "\"enum\": expected texts, but number 2 is something else"},
    {"enum with another type", COLUMN("\"type\": \"int64\", \"enum\": [\"1\", \"b\"]"), "\"enum\": \"b\" is no int64"},
    {"pattern is a number", COLUMN("\"type\": \"text\", \"pattern\": 1"),
     "\"pattern\": expected a text of at most 4096 bytes"},
    {"pattern that is none", COLUMN("\"type\": \"text\", \"pattern\": \"(\""),
     "column 1: the pattern \"(\" is no extended regular expression"},
};

static void wrong_files_are_told(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file = {.schema.count = 77};
        assert_row_int(wrong_rows[i].name,
                       hw_schema_file_read(hw_view_of(wrong_rows[i].json), NULL, &arena, &file, &err), HW_ECONFIG);
        assert_row_says(wrong_rows[i].name, err.message, wrong_rows[i].says);
        assert_row_text(wrong_rows[i].name, err.column, "c");
        assert_row_int(wrong_rows[i].name, file.schema.count, 77);
    }
}

static void a_pattern_has_a_limit(void **state) {
    (void)state;
    for (size_t bytes = HW_CSV_PATTERN_BYTES_MAX; bytes <= HW_CSV_PATTERN_BYTES_MAX + 1; bytes++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) json = {0};
        struct hw_schema_file file;
        assert_ok(hw_buf_printf(&json, &err, "{\"columns\": [{\"name\": \"c\", \"type\": \"text\", \"pattern\": \""),
                  err);
        for (size_t i = 0; i < bytes; i++) {
            assert_ok(hw_buf_append_byte(&json, 'a', &err), err);
        }
        assert_ok(hw_buf_append_text(&json, "\"}]}", &err), err);
        enum hw_status want = bytes > HW_CSV_PATTERN_BYTES_MAX ? HW_ECONFIG : HW_OK;
        assert_int_equal(hw_schema_file_read(hw_buf_view(&json), NULL, &arena, &file, &err), want);
    }
}

static void file_read(const char *json, struct hw_arena *arena, struct hw_schema_file *out_file) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_schema_file_read(hw_view_of(json), NULL, arena, out_file, &err), err);
}

static void values_are_those_of_the_type(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema_file file;
    file_read("{\"columns\": ["
              "{\"name\": \"i\", \"type\": \"int64\", \"min\": -5, \"max\": \"7\", \"enum\": [\"3\", \"-2\", \"3\"]},"
              "{\"name\": \"x\", \"type\": \"double\", \"min\": 0.1, \"max\": \"inf\"},"
              "{\"name\": \"m\", \"type\": \"decimal(5,2)\", \"min\": 1, \"max\": \"99.5\"},"
              "{\"name\": \"d\", \"type\": \"date\", \"min\": \"1970-01-02\"},"
              "{\"name\": \"t\", \"type\": \"timestamp(us)\", \"max\": \"1970-01-01T00:00:01.000002\"},"
              "{\"name\": \"n\", \"type\": \"timestamp(ns, UTC)\", \"max\": \"1970-01-01T01:00:00.000000003+01:00\"},"
              "{\"name\": \"plain\", \"type\": \"text\"},"
              "{\"name\": \"s\", \"type\": \"text\", \"unique\": true, "
              "\"pattern\": \"^a\", \"enum\": [\"b\", \"a\", \"\"]}]}",
              &arena, &file);
    const struct hw_csv_constraint *columns = file.constraints.columns;
    assert_true(file.constraints.unique);
    assert_int_equal(columns[0].min.integer, -5);
    assert_int_equal(columns[0].max.integer, 7);
    assert_int_equal(columns[0].allowed_count, 3);
    assert_int_equal(columns[0].allowed[0].integer, -2);
    assert_int_equal(columns[0].allowed[2].integer, 3);
    assert_true(columns[1].min.real == 0.1);
    assert_true(columns[1].max.real > 1e308);
    assert_true(columns[2].min.decimal == 100);
    assert_true(columns[2].max.decimal == 9950);
    assert_true(columns[3].has_min && !columns[3].has_max);
    assert_int_equal(columns[3].min.days, 1);
    assert_int_equal(columns[4].max.integer, 1000002);
    assert_int_equal(columns[5].max.integer, 3);
    assert_null(columns[6].json);
    assert_true(columns[7].unique);
    assert_string_equal(columns[7].pattern, "^a");
    assert_int_equal(columns[7].allowed[0].text.size, 0);
    assert_string_equal(columns[7].json, "{\"enum\":[\"b\",\"a\",\"\"],\"pattern\":\"^a\",\"unique\":true}");
    assert_string_equal(columns[0].json, "{\"enum\":[\"3\",\"-2\",\"3\"],\"max\":\"7\",\"min\":-5}");
}

static void a_file_without_constraints_has_none(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema_file file;
    file_read("{\"columns\": [{\"name\": \"a\", \"type\": \"int64\"}, "
              "{\"name\": \"b\", \"type\": \"text\", \"required\": true}]}",
              &arena, &file);
    assert_null(file.constraints.columns);
    assert_false(file.constraints.unique);
}

static void orders_are_total(void **state) {
    (void)state;
    static const double reals[] = {-1e300, -1, 0, 1, 1e300};
    const union hw_csv_value nan = {.real = __builtin_nan("")};
    const union hw_csv_value zero = {.real = 0.0};
    const union hw_csv_value minus_zero = {.real = -0.0};
    for (size_t i = 0; i < COUNT_OF(reals); i++) {
        const union hw_csv_value value = {.real = reals[i]};
        assert_true(hw_csv_value_compare(HW_KIND_DOUBLE, &value, &nan) < 0);
        assert_true(hw_csv_value_compare(HW_KIND_DOUBLE, &nan, &value) > 0);
    }
    assert_int_equal(hw_csv_value_compare(HW_KIND_DOUBLE, &nan, &nan), 0);
    assert_int_equal(hw_csv_value_compare(HW_KIND_DOUBLE, &zero, &minus_zero), 0);
    const union hw_csv_value short_text = {.text = HW_VIEW_INIT("ab")};
    const union hw_csv_value long_text = {.text = HW_VIEW_INIT("abc")};
    const union hw_csv_value high_text = {.text = HW_VIEW_INIT("\xc3\xa9")};
    assert_true(hw_csv_value_compare(HW_KIND_TEXT, &short_text, &long_text) < 0);
    assert_true(hw_csv_value_compare(HW_KIND_TEXT, &long_text, &high_text) < 0);
}

static void expectations_stay_short(void **state) {
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema_file file;
    char text[256];
    file_read(COLUMN("\"type\": \"text\", \"enum\": [\"g\", \"f\", \"e\", \"d\", \"c\", \"b\", \"a\"]"), &arena, &file);
    hw_csv_constraint_expects(file.constraints.columns, HW_CSV_NOT_IN_ENUM, text, sizeof(text));
    assert_string_equal(text, "one of \"g\", \"f\", \"e\", \"d\", \"c\" and 2 more");
    hw_csv_constraint_expects(file.constraints.columns, HW_CSV_NOT_IN_ENUM, text, 12);
    assert_string_equal(text, "one of \"g\",");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_files_are_told),
        cmocka_unit_test(a_pattern_has_a_limit),
        cmocka_unit_test(values_are_those_of_the_type),
        cmocka_unit_test(a_file_without_constraints_has_none),
        cmocka_unit_test(orders_are_total),
        cmocka_unit_test(expectations_stay_short),
    };
    return cmocka_run_group_tests_name("csv/constraints", tests, NULL, NULL);
}
