/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/schema_file.h"

#include <stdio.h>

#include "core/limits.h"
#include "csv/spelling.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

#define COLUMNS(list) "{\"columns\": [" list "]}"

#define COLUMN(type, more) COLUMNS("{\"name\": \"a\", \"type\": \"" type "\", " more "}")

static void spellings_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *json;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"blanks", COLUMN("uuid", "\"trim\": true"), HW_OK, ""},
        {"words", COLUMN("boolean", "\"true_values\": [\"J\"], \"false_values\": [\"N\", \"0\"]"), HW_OK, ""},
        {"commas", COLUMN("decimal(9,2)", "\"decimal_comma\": true, \"thousands\": \".\""), HW_OK, ""},
        {"a date of digits", COLUMN("date", "\"date_format\": \"%Y%m%d\""), HW_OK, ""},
        {"both formats", COLUMN("timestamp(us)", "\"date_format\": \"%D\", \"timestamp_format\": \"%D %R\""), HW_OK,
         ""},
        {"a comma in a text", COLUMN("text", "\"decimal_comma\": true"), HW_ECONFIG,
         "\"decimal_comma\" needs a column of numbers, this one is text"},
        {"thousands of dates", COLUMN("date", "\"thousands\": \".\""), HW_ECONFIG, "needs a column of numbers"},
        {"words for numbers", COLUMN("int64", "\"true_values\": [\"1\"]"), HW_ECONFIG, "needs a boolean column"},
        {"a date of numbers", COLUMN("int64", "\"date_format\": \"%F\""), HW_ECONFIG,
         "needs a column of dates or timestamps"},
        {"a time of dates", COLUMN("date", "\"timestamp_format\": \"%F %T\""), HW_ECONFIG,
         "needs a column of timestamps"},
        {"trim is no word", COLUMN("text", "\"trim\": \"yes\""), HW_ECONFIG, "\"trim\" is true or false"},
        {"no list of words", COLUMN("boolean", "\"true_values\": \"yes\""), HW_ECONFIG, "expected a list of texts"},
        {"a number among words", COLUMN("boolean", "\"false_values\": [\"n\", 0]"), HW_ECONFIG,
         "\"false_values\": expected texts, but number 2 is something else"},
        {"two characters", COLUMN("int64", "\"thousands\": \"..\""), HW_ECONFIG, "expected one character"},
        {"the point twice", COLUMN("int64", "\"thousands\": \".\""), HW_ECONFIG, "which is the point of numbers"},
        {"a format that is no text", COLUMN("date", "\"date_format\": 1"), HW_ECONFIG, "expected a text"},
        {"a format without a day", COLUMN("date", "\"date_format\": \"%Y-%m\""), HW_ECONFIG, "has no day"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_schema_file_read(hw_view_of(rows[i].json), NULL, &arena, &file, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            assert_row_int(rows[i].name, file.constraints.columns[0].spelling != NULL, true);
        }
    }
}

static void nulls_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *json;
        const char *says; /* NULL: fine */
        size_t count;
        bool quoted;
    } rows[] = {
        {"none", COLUMN("int64", "\"min\": 1"), NULL, 0, false},
        {"two", COLUMN("int64", "\"null_values\": [\"NA\", \"\"]"), NULL, 2, false},
        {"in quotes too", COLUMN("text", "\"null_values\": [\"NA\"], \"null_quoted\": true"), NULL, 1, true},
        {"not in quotes", COLUMN("text", "\"null_values\": [\"NA\"], \"null_quoted\": false"), NULL, 1, false},
        {"in quotes, but which", COLUMN("text", "\"null_quoted\": true"), "\"null_quoted\" needs \"null_values\"", 0,
         false},
        {"no list", COLUMN("text", "\"null_values\": \"NA\""), "\"null_values\": expected a list of texts", 0, false},
        {"an empty list", COLUMN("text", "\"null_values\": []"), "\"null_values\": expected a list of texts", 0, false},
        {"a number", COLUMN("int64", "\"null_values\": [0]"),
         "\"null_values\": expected texts, but number 1 is something else", 0, false},
        {"a word for yes", COLUMN("int64", "\"null_quoted\": 1"), "\"null_quoted\" is true or false", 0, false},
        {"a column of nulls", COLUMN("null", "\"null_values\": [\"NA\"]"), "needs a column that has values", 0, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file = {0};
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_schema_file_read(hw_view_of(rows[i].json), NULL, &arena, &file, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_ECONFIG : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        const struct hw_csv_null_words *nulls = file.constraints.columns ? file.constraints.columns[0].nulls : NULL;
        assert_row_int(rows[i].name, nulls ? nulls->count : 0, rows[i].count);
        assert_row_int(rows[i].name, nulls && nulls->quoted, rows[i].quoted);
    }
}

static void spellings_are_kept(void **state) {
    static const char json[] = COLUMNS(
        "{\"name\": \"a\", \"type\": \"boolean\", \"true_values\": [\"J\", \"1\"], \"false_values\": [\"N\"]}, "
        "{\"name\": \"b\", \"type\": \"double\", \"decimal_comma\": true, \"thousands\": \"'\"}, "
        "{\"name\": \"c\", \"type\": \"timestamp(us)\", \"date_format\": \"%D\", \"timestamp_format\": \"%D %R\"}, "
        "{\"name\": \"d\", \"type\": \"text\", \"trim\": false}, {\"name\": \"e\", \"type\": \"text\"}");
    (void)state;
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema_file file = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_schema_file_read(hw_view_of(json), NULL, &arena, &file, &err), err);
    const struct hw_csv_constraint *columns = file.constraints.columns;
    assert_int_equal(columns[0].spelling->true_values.count, 2);
    assert_string_equal(columns[0].spelling->true_values.texts[1], "1");
    assert_string_equal(columns[0].spelling->false_values.texts[0], "N");
    assert_true(columns[1].spelling->decimal_comma);
    assert_int_equal(columns[1].spelling->thousands, '\'');
    assert_string_equal(columns[2].spelling->date_format, "%D");
    assert_string_equal(columns[2].spelling->timestamp_format, "%D %R");
    assert_false(columns[3].spelling->trim); /* whatever the options say */
    assert_null(columns[4].spelling);
}

static void files_by_rows(void **state) {
    static const struct {
        const char *name;
        const char *json;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"all there is", COLUMNS("{\"name\": \"a\", \"type\": \"int64\", \"required\": true}"), HW_OK, ""},
        {"required left out", COLUMNS("{\"name\": \"a\", \"type\": \"text\"}"), HW_OK, ""},
        {"empty name", COLUMNS("{\"name\": \"\", \"type\": \"text\"}"), HW_OK, ""},
        {"nothing", "", HW_ECONFIG, "it is not JSON: line 1, column 0: "},
        {"cut", "{\"columns\": [", HW_ECONFIG, "it is not JSON: line 1, column 13: "},
        {"two texts", "{} {}", HW_ECONFIG, "it is not JSON: line 1, column "},
        {"doubled key", "{\"columns\": [], \"columns\": []}", HW_ECONFIG, "it is not JSON: line 1, column "},
        {"NUL in a name", COLUMNS("{\"name\": \"a\\u0000b\", \"type\": \"text\"}"), HW_ECONFIG,
         "it is not JSON: line 1, column "},
        {"not UTF-8", COLUMNS("{\"name\": \"\xff\", \"type\": \"text\"}"), HW_ECONFIG,
         "it is not JSON: line 1, column "},
        {"an array", "[]", HW_ECONFIG, "expected {\"columns\": [...]} with 1 to 131072 columns"},
        {"no columns", "{}", HW_ECONFIG, "expected {\"columns\": [...]} with 1 to 131072 columns"},
        {"no column", "{\"columns\": []}", HW_ECONFIG, "expected {\"columns\": [...]} with 1 to 131072 columns"},
        {"columns no list", "{\"columns\": {}}", HW_ECONFIG, "expected {\"columns\": [...]} with 1 to 131072 columns"},
        {"unknown key", "{\"columns\": [1], \"colums\": 1}", HW_ECONFIG,
         "unknown key \"colums\", did you mean \"columns\"?"},
        {"unknown key, nothing near", "{\"columns\": [1], \"zzz\": 1}", HW_ECONFIG, "unknown key \"zzz\""},
        {"column no object", COLUMNS("1"), HW_ECONFIG,
         "column 1: expected {\"name\": TEXT, \"type\": TEXT, \"required\": true or false}"},
        {"no name", COLUMNS("{\"type\": \"text\"}"), HW_ECONFIG, "column 1: expected {\"name\": TEXT, "},
        {"no type", COLUMNS("{\"name\": \"a\"}"), HW_ECONFIG, "column 1: expected {\"name\": TEXT, "},
        {"name no text", COLUMNS("{\"name\": 1, \"type\": \"text\"}"), HW_ECONFIG,
         "column 1: expected {\"name\": TEXT, "},
        {"required no boolean", COLUMNS("{\"name\": \"a\", \"type\": \"text\", \"required\": 1}"), HW_ECONFIG,
         "column 1: expected "},
        {"unknown key in a column",
         COLUMNS("{\"name\": \"a\", \"type\": \"text\"}, {\"name\": \"b\", \"type\": \"text\", \"typo\": 1}"),
         HW_ECONFIG, "column 2: unknown key \"typo\", did you mean \"type\"?"},
        {"a type that CSV has not", COLUMNS("{\"name\": \"a\", \"type\": \"int32\"}"), HW_ECONFIG,
         "column 1: a column of a CSV cannot be of type int32"},
        {"a unit that CSV has not", COLUMNS("{\"name\": \"a\", \"type\": \"timestamp(ms)\"}"), HW_ECONFIG,
         "column 1: a column of a CSV cannot be of type timestamp(ms)"},
        {"unknown type", COLUMNS("{\"name\": \"a\", \"type\": \"int46\"}"), HW_ECONFIG,
         "column 1: unknown type \"int46\", did you mean \"int64\"?"},
        {"decimal too precise", COLUMNS("{\"name\": \"a\", \"type\": \"decimal(39,2)\"}"), HW_ECONFIG,
         "column 1: type \"decimal(39,2)\": precision is 1 to 38"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file = {.schema.count = 7};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_schema_file_read(hw_view_of(rows[i].json), NULL, &arena, &file, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, file.schema.count, rows[i].want == HW_OK ? 1 : 7);
    }
}

static void columns_end_at_their_limit(void **state) {
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        HW_AUTO(hw_buf) json = {0};
        HW_AUTO(hw_arena) arena = {0};
        struct hw_schema_file file;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_buf_append_text(&json, "{\"columns\": [", &err), err);
        for (size_t i = 0; i < HW_CSV_COLUMNS_LIMIT + more; i++) {
            assert_ok(hw_buf_printf(&json, &err, "%s{\"name\": \"c%zu\", \"type\": \"text\"}", i ? "," : "", i), err);
        }
        assert_ok(hw_buf_append_text(&json, "]}", &err), err);
        assert_int_equal(hw_schema_file_read(hw_buf_view(&json), NULL, &arena, &file, &err), more ? HW_ECONFIG : HW_OK);
        assert_row_says("limit", err.message, more ? "with 1 to 131072 columns" : "");
    }
}

static const struct hw_field every_type[] = {
    {.name = "a \"b\"\n\xc3\xa9", .type = {.kind = HW_KIND_INT64}, .required = true},
    {.name = "double", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "", .type = {.kind = HW_KIND_TEXT}},
    {.name = "bool", .type = {.kind = HW_KIND_BOOL}, .required = true},
    {.name = "date", .type = {.kind = HW_KIND_DATE}},
    {.name = "uuid", .type = {.kind = HW_KIND_UUID}},
    {.name = "decimal", .type = {.kind = HW_KIND_DECIMAL, .precision = 38, .scale = 9}},
    {.name = "us", .type = {.kind = HW_KIND_TIMESTAMP}},
    {.name = "ns utc", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}},
};

static void what_is_written_is_read(void **state) {
    (void)state;
    HW_AUTO(hw_buf) json = {0};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_field fields[COUNT_OF(every_type)];
    struct hw_schema_file read;
    struct hw_error err = HW_ERROR_INIT;
    memcpy(fields, every_type, sizeof(fields));
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    assert_ok(hw_schema_file_write(&schema, &json, &err), err);
    assert_int_equal(json.data[json.size - 1], '\n');
    assert_ok(hw_schema_file_read(hw_buf_view(&json), NULL, &arena, &read, &err), err);
    assert_int_equal(read.schema.count, schema.count);
    for (size_t i = 0; i < read.schema.count; i++) {
        assert_string_equal(read.schema.fields[i].name, fields[i].name);
        assert_memory_equal(&read.schema.fields[i].type, &fields[i].type, sizeof(fields[i].type));
        assert_int_equal(read.schema.fields[i].required, fields[i].required);
    }
}

static void the_form_is_this(void **state) {
    (void)state;
    HW_AUTO(hw_buf) json = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_field fields[] = {{.name = "id", .type = {.kind = HW_KIND_INT64}, .required = true}, {.name = "none"}};
    assert_ok(hw_schema_file_write(&(struct hw_schema){fields, 2}, &json, &err), err);
    const char *want = "{\n  \"columns\": [\n"
                       "    {\n      \"name\": \"id\",\n      \"type\": \"int64\",\n      \"required\": true\n    },\n"
                       "    {\n      \"name\": \"none\",\n      \"type\": \"text\",\n      \"required\": false\n    }\n"
                       "  ]\n}\n";
    assert_row_bytes("form", json.data, json.size, want, strlen(want));
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_buf json = {0};
        struct hw_arena arena = {0};
        struct hw_schema_file read;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_TEXT}};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_schema_file_write(&(struct hw_schema){&field, 1}, &json, &err);
        status = status ? status : hw_schema_file_read(hw_buf_view(&json), NULL, &arena, &read, &err);
        hw_buf_release(&json);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_by_rows),
        cmocka_unit_test(spellings_by_rows),
        cmocka_unit_test(nulls_by_rows),
        cmocka_unit_test(spellings_are_kept),
        cmocka_unit_test(columns_end_at_their_limit),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_form_is_this),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/schema_file", tests, NULL, NULL);
}
