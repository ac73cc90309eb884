/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/layout.h"

#include <stdio.h>

#include "core/limits.h"
#include "csv/parser.h"
#include "support/alloc_fault.h"
#include "unit/csv/text.h"

/* Names with '|' between them, then the types that all of the body tells. */
static const struct layout_row {
    const char *name;
    hw_view text;
    struct hw_csv_options options;
    const char *names;
    const char *types;
    uint64_t body_offset;
    uint64_t body_lines;
} layout_rows[] = {
    {"header", HW_VIEW_INIT("a,b\n1,x\n"), {0}, "a|b", "int64|text", 4, 1},
    {"header alone", HW_VIEW_INIT("a,b"), {0}, "a|b", "null|null", 3, 0},
    {"header of two lines", HW_VIEW_INIT("\"a\nb\",c\r\n1,2\n"), {0}, "a\nb|c", "int64|int64", 9, 2},
    {"quoted names", HW_VIEW_INIT("\"a,\"\"b\"\"\",\"\"\n1,2\n"), {0}, "a,\"b\"|column_2", "int64|int64", 13, 1},
    {"escaped names", HW_VIEW_INIT("\"a\\\"b\",c\n1,2\n"), {.escape = '\\'}, "a\"b|c", "int64|int64", 9, 1},
    {"names are not trimmed", HW_VIEW_INIT(" a ,b\t\n1,2\n"), {0}, " a |b\t", "int64|int64", 7, 1},
    {"empty and equal names",
     HW_VIEW_INIT("a,,a,column_2\n1,2,3,4\n"),
     {0},
     "a|column_2_2|a_2|column_2",
     "int64|int64|int64|int64",
     14,
     1},
    {"blank lines before", HW_VIEW_INIT("\n\r\na,b\n1,2\n"), {0}, "a|b", "int64|int64", 7, 3},
    {"comments before", HW_VIEW_INIT("#x,\"\na,b\n1,2\n"), {.comment = '#'}, "a|b", "int64|int64", 9, 2},
    {"byte order mark", HW_VIEW_INIT("\xef\xbb\xbf\"a\",b\n1,2\n"), {0}, "a|b", "int64|int64", 9, 1},
    {"skipped lines", HW_VIEW_INIT("x\ny\na,b\n1,2\n"), {.skip_lines = 2}, "a|b", "int64|int64", 8, 3},
    {"a row of units",
     HW_VIEW_INIT("When;M1\n;[C]\n2020-08-14;256.5\n"),
     {.skip_after_header = 1},
     "When|M1",
     "date|double",
     13,
     2},
    {"two records after the header, one of two lines, and what does not count",
     HW_VIEW_INIT("a,b\n\n#c\n\"x\ny\",z\r\n\nu,v\n1,2\n"),
     {.skip_after_header = 2, .comment = '#'},
     "a|b",
     "int64|int64",
     22,
     7},
    {"more records than there are",
     HW_VIEW_INIT("a,b\n1,2\n"),
     {.skip_after_header = 5, .header = HW_CSV_HEADER_YES},
     "a|b",
     "null|null",
     8,
     2},
    {"records after the header do not say what it is",
     HW_VIEW_INIT("2023,x\n1,[m]\ny,7\n"),
     {.skip_after_header = 1},
     "2023|x",
     "text|int64",
     13,
     2},
    {"delimiters at the end",
     HW_VIEW_INIT("a,b,\n1,x,\n2,,\n"),
     {.trailing_delimiter = true},
     "a|b",
     "int64|text",
     5,
     1},
    {"delimiters at the end of records alone",
     HW_VIEW_INIT("a,b\n1,2,\n"),
     {.trailing_delimiter = true},
     "a|b",
     "int64|int64",
     4,
     1},
    {"a delimiter of two bytes",
     HW_VIEW_INIT("a::\"b::c\"\n1::2.5\n"),
     {.delimiter = ':', .delimiter_tail = ":"},
     "a|b::c",
     "int64|double",
     10,
     1},
    {"escaped names without quotes",
     HW_VIEW_INIT("a\\,b,c\\\nd\n1,2\n"),
     {.escape = '\\', .no_quotes = true},
     "a,b|c\nd",
     "int64|int64",
     10,
     2},
    {"lenient names",
     HW_VIEW_INIT("\"a \"b\" c\",d\n1,2\n"),
     {.quotes_lenient = true},
     "a \"b\" c|d",
     "int64|int64",
     12,
     1},
    {"CR", HW_VIEW_INIT("a,b\r1,2\r"), {0}, "a|b", "int64|int64", 4, 1},
    {"no header", HW_VIEW_INIT("a,b\n1,2\n"), {.header = HW_CSV_HEADER_NO}, "column_1|column_2", "text|text", 0, 0},
    {"no header, blank lines are rows",
     HW_VIEW_INIT("\n\n1\n"),
     {.header = HW_CSV_HEADER_NO},
     "column_1",
     "int64",
     0,
     0},
    {"no header behind a mark and skipped lines",
     HW_VIEW_INIT("\xef\xbb\xbfx\n1\n"),
     {.header = HW_CSV_HEADER_NO, .skip_lines = 1},
     "column_1",
     "int64",
     5,
     1},
    {"auto, words above numbers",
     HW_VIEW_INIT("a,b\n1,x\n"),
     {.header = HW_CSV_HEADER_AUTO},
     "a|b",
     "int64|text",
     4,
     1},
    {"auto, numbers above numbers",
     HW_VIEW_INIT("1,3\n2,4\n"),
     {.header = HW_CSV_HEADER_AUTO},
     "column_1|column_2",
     "int64|int64",
     0,
     0},
    {"auto, a number and words above such",
     HW_VIEW_INIT("1,x\n2,y\n"),
     {.header = HW_CSV_HEADER_AUTO},
     "1|x",
     "int64|text",
     4,
     1},
    {"auto, comments between",
     HW_VIEW_INIT("#c\n1,x\n#d\n"),
     {.header = HW_CSV_HEADER_AUTO, .comment = '#'},
     "column_1|column_2",
     "int64|text",
     0,
     0},
    {"names that are given, for a header",
     HW_VIEW_INIT("a,b\n1,2\n"),
     {.names = (const char *const[]){"x", "y"}, .names_count = 2},
     "x|y",
     "int64|int64",
     4,
     1},
    {"names that are given, for data",
     HW_VIEW_INIT("1,2\n"),
     {.names = (const char *const[]){"x", "y"}, .names_count = 2},
     "x|y",
     "int64|int64",
     0,
     0},
    {"auto, a date above timestamps",
     HW_VIEW_INIT("2020-01-01\n2020-01-01 10:00:00\n"),
     {.header = HW_CSV_HEADER_AUTO},
     "column_1",
     "timestamp(us)",
     0,
     0},
    {"auto, a number above nulls",
     HW_VIEW_INIT("1,2\n,3\n"),
     {.header = HW_CSV_HEADER_AUTO},
     "column_1|column_2",
     "int64|int64",
     0,
     0},
    {"auto, words above nulls", HW_VIEW_INIT("a,2\n,3\n"), {.header = HW_CSV_HEADER_AUTO}, "a|2", "null|int64", 4, 1},
    {"auto, words only", HW_VIEW_INIT("a,b\nc,d\n"), {.header = HW_CSV_HEADER_AUTO}, "a|b", "text|text", 4, 1},
    {"auto, one record", HW_VIEW_INIT("1,2\n"), {0}, "column_1|column_2", "int64|int64", 0, 0},
    {"CR CR LF", HW_VIEW_INIT("a,b\r\r\n1,2\r\r\n"), {0}, "a|b", "int64|int64", 6, 1},
    {"CR CR LF behind quotes", HW_VIEW_INIT("a,\"b\"\r\r\n1,\"2\"\r\r\n"), {0}, "a|b", "int64|int64", 8, 1},
    {"CR, and an LF at the end", HW_VIEW_INIT("a,b\r1,2\n"), {0}, "a|b", "int64|int64", 4, 1},
    {"CR, and an LF behind the last", HW_VIEW_INIT("a,b\r1,2\r3,4\r\n"), {0}, "a|b", "int64|int64", 4, 1},
    {"text asked for", HW_VIEW_INIT("a,b\n1,2\n"), {.types = HW_CSV_TYPES_TEXT}, "a|b", "text|text", 4, 1},
    {"decimals preferred",
     HW_VIEW_INIT("a\n1.50\n20.25\n"),
     {.decimals = HW_CSV_DECIMALS_PREFER},
     "a",
     "decimal(4,2)",
     2,
     1},
    {"bad records are left out",
     HW_VIEW_INIT("a,b\n1,2\nx\nx,y,z\n\xff,1\n\"x\"y,1\n"),
     {0},
     "a|b",
     "int64|int64",
     4,
     1},
    {"short records count where they are padded",
     HW_VIEW_INIT("a,b\n1,2\nx\n"),
     {.bad_rows_pad = true},
     "a|b",
     "text|int64",
     4,
     1},
    {"null values do not count",
     HW_VIEW_INIT("a\n1\nNA\n"),
     {.null_values = (const char *const[]){"NA"}, .null_values_count = 1},
     "a",
     "int64",
     2,
     1},
    {"blanks around names and values do not count",
     HW_VIEW_INIT("a, b ,\" c \", \" d, e\" \n 1,\"2\",3 , \"4\"\n"),
     {.trim = true},
     "a|b| c | d, e",
     "int64|int64|int64|int64",
     22,
     1},
    {"runs of blanks separate fields",
     HW_VIEW_INIT("  a   \" b c\" \td \n   \n 1  2\t3\n"),
     {.delimiter_blanks = true},
     "a| b c|d",
     "int64|int64|int64",
     17,
     1},
    {"blanks count where nothing trims", HW_VIEW_INIT("a, b\n 1,2\n"), {0}, "a| b", "text|int64", 5, 1},
    {"decimal commas",
     HW_VIEW_INIT("a;b\n1.299,5;2.5\n"),
     {.delimiter = ';', .decimal_comma = true, .thousands = '.'},
     "a|b",
     "double|text",
     4,
     1},
    {"words for booleans",
     HW_VIEW_INIT("a,b\ny,n\n1,0\n"),
     {.true_values = (const char *const[]){"y", "1"},
      .true_values_count = 2,
      .false_values = (const char *const[]){"n"},
      .false_values_count = 1},
     "a|b",
     "boolean|text",
     4,
     1},
    {"empty quotes alone are text", HW_VIEW_INIT("a,b\n\"\",\"\"\n,1\n"), {0}, "a|b", "text|int64", 4, 1},
    {"the malformed first record of no header",
     HW_VIEW_INIT("\"x\"y,1\n2,3\n"),
     {.header = HW_CSV_HEADER_NO},
     "column_1|column_2",
     "int64|int64",
     0,
     0},
};

static void layouts_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(layout_rows) * 3; i++) {
        const struct layout_row *row = &layout_rows[i / 3];
        HW_AUTO(hw_arena) arena = {0};
        struct hw_csv_layout layout;
        struct hw_csv_profile profiles[8];
        struct hw_error err = HW_ERROR_INIT;
        char names[128] = "";
        char types[256] = "";
        hw_view text = text_put(&room, row->text, 0, text_around[i % 3]);
        for (size_t k = 0; k < COUNT_OF(profiles); k++) {
            profiles[k] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
        }
        assert_ok(hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &row->options, &arena, &layout, &err),
                  err);
        assert_row_int(row->name, layout.body_offset, row->body_offset);
        assert_row_int(row->name, layout.body_lines, row->body_lines);
        assert_row_int(row->name, layout.fixed, false);
        hw_view body = {text.data + layout.body_offset, text.size - layout.body_offset};
        assert_ok(hw_csv_layout_observe(&layout, &row->options, body, true, profiles, &err), err);
        hw_csv_layout_types(&layout, &row->options, profiles);
        for (size_t k = 0; k < layout.schema.count; k++) {
            char type[64];
            hw_type_format(layout.schema.fields[k].type, type, sizeof(type));
            size_t used = strlen(names);
            snprintf(names + used, sizeof(names) - used, "%s%s", k ? "|" : "", layout.schema.fields[k].name);
            used = strlen(types);
            snprintf(types + used, sizeof(types) - used, "%s%s", k ? "|" : "", type);
        }
        assert_row_text(row->name, names, row->names);
        assert_row_text(row->name, types, row->types);
    }
    text_room_release(&room);
}

static const struct {
    const char *name;
    hw_view text;
    bool whole;
    struct hw_csv_options options;
    enum hw_status want;
    int64_t line;
    int64_t offset;
    const char *message;
} fault_rows[] = {
    {"nothing",
     HW_VIEW_INIT(""),
     true,
     {0},
     HW_EDATA,
     -1,
     0,
     "found no header, expected a record with the names of the columns"},
    {"nothing yet", HW_VIEW_INIT(""), false, {0}, HW_ELIMIT, -1, -1, "the first record does not end within 0 bytes"},
    {"nothing but a mark", HW_VIEW_INIT("\xef\xbb\xbf"), true, {0}, HW_EDATA, -1, 0, "found no header, "},
    {"nothing but blank lines",
     HW_VIEW_INIT("\n\r\n"),
     true,
     {.header = HW_CSV_HEADER_NO},
     HW_EDATA,
     -1,
     0,
     "found no header, "},
    {"nothing but comments", HW_VIEW_INIT("#a\n#b"), true, {.comment = '#'}, HW_EDATA, -1, 0, "found no header, "},
    {"all skipped", HW_VIEW_INIT("a\nb\n"), true, {.skip_lines = 3}, HW_EDATA, -1, 0, "found no header, "},
    {"records after no header",
     HW_VIEW_INIT("1,2\n"),
     true,
     {.skip_after_header = 1},
     HW_EUSAGE,
     -1,
     -1,
     "there is no header after which records could be left out"},
    {"the records after the header go on",
     HW_VIEW_INIT("a,b\n1,2\n"),
     false,
     {.skip_after_header = 2},
     HW_ELIMIT,
     -1,
     -1,
     "the records after the header do not end within 8 bytes"},
    {"an escape that is not clear",
     HW_VIEW_INIT("a,b\\n\n1,2\n"),
     true,
     {.escape = '\\', .no_quotes = true},
     HW_EDATA,
     1,
     2,
     "header, field 2: a column name is \"b\\\\n\", in which the escape has more than one meaning"},
    {"the first record goes on",
     HW_VIEW_INIT("a,b"),
     false,
     {0},
     HW_ELIMIT,
     -1,
     -1,
     "the first record does not end within 3 bytes"},
    {"the first quote goes on",
     HW_VIEW_INIT("\"a\n"),
     false,
     {0},
     HW_ELIMIT,
     -1,
     -1,
     "the first record does not end within 3 bytes"},
    {"the first quote never ends",
     HW_VIEW_INIT("x\n\n\"a\nb"),
     true,
     {.skip_lines = 1},
     HW_EDATA,
     3,
     3,
     "the text ends inside quotes in its first record"},
    {"not UTF-8",
     HW_VIEW_INIT("x\n\na,b\xff\n"),
     true,
     {.skip_lines = 1},
     HW_EDATA,
     3,
     5,
     "header, field 2: a column name holds the byte 0xff, expected UTF-8: "
     "this looks like windows-1252 (--encoding windows-1252)"},
    {"NUL", HW_VIEW_INIT("a\0b\n"), true, {0}, HW_EDATA, 1, 0, "header, field 1: a column name holds a NUL byte"},
    {"bytes after a quote",
     HW_VIEW_INIT("x,\n\"a\n\"b\n"),
     true,
     {.skip_lines = 1},
     HW_EDATA,
     3,
     7,
     "header: found \"b\" after a closing quote, expected a delimiter or the end of the record"},
    {"another number of names",
     HW_VIEW_INIT("a,b\n1,2\n"),
     true,
     {.names = (const char *const[]){"x"}, .names_count = 1},
     HW_EUSAGE,
     -1,
     -1,
     "found 2 columns, but 1 name is given (--names)"},
    {"two meanings",
     HW_VIEW_INIT("a\n"),
     true,
     {.delimiter = '"'},
     HW_EUSAGE,
     -1,
     -1,
     "delimiter and quote cannot be the same byte"},
};

static void faults_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_csv_layout layout = {.body_offset = 77};
        struct hw_error err = HW_ERROR_INIT;
        hw_view text = text_put(&room, fault_rows[i].text, 0, '"');
        assert_row_int(fault_rows[i].name,
                       hw_csv_layout_find(&(struct hw_csv_head){text, fault_rows[i].whole, "x"}, &fault_rows[i].options,
                                          &arena, &layout, &err),
                       fault_rows[i].want);
        assert_row_says(fault_rows[i].name, err.message, fault_rows[i].message);
        assert_row_int(fault_rows[i].name, err.line, fault_rows[i].line);
        assert_row_int(fault_rows[i].name, err.offset, fault_rows[i].offset);
        assert_row_int(fault_rows[i].name, layout.body_offset, 77);
    }
    text_room_release(&room);
}

static void columns_end_at_their_limit(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t more = 0; more < 3; more++) {
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_csv_layout layout;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_options options = {.columns_max = more == 2 ? HW_CSV_COLUMNS_MAX + 2 : 0};
        assert_ok(hw_buf_append_text(&bytes, "\n", &err), err);
        for (size_t i = 1; i < HW_CSV_COLUMNS_MAX + more; i++) {
            assert_ok(hw_buf_append_byte(&bytes, ',', &err), err);
        }
        hw_view text = text_put(&room, hw_buf_view(&bytes), 0, ',');
        assert_int_equal(hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &options, &arena, &layout, &err),
                         more == 1 ? HW_ELIMIT : HW_OK);
        assert_row_text("limit", err.message,
                        more == 1 ? "found 16385 columns, at most 16384 are taken: --max-columns allows more" : "");
        assert_int_equal(err.line, more == 1 ? 2 : -1);
        assert_int_equal(err.offset, more == 1 ? 1 : -1);
        if (more != 1) {
            assert_int_equal(layout.schema.count, HW_CSV_COLUMNS_MAX + more);
        }
    }
    text_room_release(&room);
}

static void names_end_at_their_limit(void **state) {
    (void)state;
    struct text_room room = {0};
    char bytes[2 + HW_CSV_NAME_BYTES_MAX + 1];
    memset(bytes, 'n', sizeof(bytes));
    memcpy(bytes, "a,", 2);
    for (size_t more = 0; more < 2; more++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_csv_layout layout;
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_options options = {0};
        hw_view text = text_put(&room, (hw_view){bytes, sizeof(bytes) - 1 + more}, 0, ',');
        assert_int_equal(hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &options, &arena, &layout, &err),
                         more ? HW_ELIMIT : HW_OK);
        assert_row_text("limit", err.message,
                        more ? "header, field 2: a column name has 4097 bytes, at most 4096 are taken" : "");
        assert_int_equal(err.offset, more ? 2 : -1);
    }
    text_room_release(&room);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct text_room room = {0};
    hw_view text = text_put(&room, HW_VIEW("\"a\",a\n1,\"x\"\n"), 0, '0');
    const struct hw_csv_options options = {.header = HW_CSV_HEADER_AUTO};
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        struct hw_csv_layout layout;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status =
            hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &options, &arena, &layout, &err);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_by_rows),
        cmocka_unit_test(faults_by_rows),
        cmocka_unit_test(columns_end_at_their_limit),
        cmocka_unit_test(names_end_at_their_limit),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/layout", tests, NULL, NULL);
}
