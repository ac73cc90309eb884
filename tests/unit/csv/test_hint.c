/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/hint.h"

#include "csv/layout.h"
#include "csv/parser.h"
#include "unit/csv/text.h"

/* The words by which a hint is known, and none. */
static const char reject[] = "--bad-rows reject sets";
static const char pad[] = "--bad-rows pad fills";
static const char skip[] = "--skip-lines N";
static const char skip_1[] = "--skip-lines 1 leaves out the line before";
static const char trim[] = "--trim takes blanks around quotes";
static const char blanks[] = "--delimiter blanks takes runs";
static const char trailing[] = "--trailing-delimiter takes";
static const char escape[] = "--escape '\\' takes quotes";
static const char everywhere[] = "--no-quotes --escape '\\' takes";
static const char lenient[] = "--quotes lenient takes";
static const char no_quotes[] = "--no-quotes takes quotes";
static const char comment[] = "--comment '#' leaves out";
static const char null[] = "--null-values '\\N' takes";

#define LINES_11 "x\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\n"
#define GOOD_20 "1,2\n3,4\n5,6\n7,8\n9,0\n1,2\n3,4\n5,6\n7,8\n9,0\n1,2\n3,4\n5,6\n7,8\n9,0\n1,2\n3,4\n5,6\n7,8\n9,0\n"

static const struct {
    const char *name;
    hw_view text;
    const char *says; /* NULL: there is no hint */
    struct hw_csv_options options;
} rows[] = {
    {"a line before the header",
     HW_VIEW_INIT("Extracted 2025-01-06\nid;owner;city\n1;ACME;Rome\n2;Foo;Paris\n"),
     skip_1,
     {0}},
    {"one with commas", HW_VIEW_INIT("Report\nid,a\n1,2\n"), skip_1, {0}},
    {"two of them", HW_VIEW_INIT("Report\nof today\nid,a\n1,2\n"), "--skip-lines 2 leaves out the lines before", {0}},
    {"three and a blank one", HW_VIEW_INIT("Report\nof\ntoday\n\nid,a\n1,2\n3,4\n5,6\n"), "--skip-lines 4 ", {0}},
    {"one that is left out, and two",
     HW_VIEW_INIT("by me\nReport\nof today\nid,a\n1,2\n"),
     "--skip-lines 3 ",
     {.skip_lines = 1}},
    {"more than has a hint", HW_VIEW_INIT(LINES_11 LINES_11 LINES_11 "id,a\n" GOOD_20 GOOD_20), skip, {0}},
    {"no table", HW_VIEW_INIT("Report\n1,2\n1,2,3\n4\n1,2,3,4\n5\n"), skip, {0}},
    {"tabs behind it", HW_VIEW_INIT("Report\nid\ta\r\n1\t2\r\n"), skip_1, {.delimiter = '\t'}},
    {"one with a delimiter in it", HW_VIEW_INIT("Report, 2024\nid,a,b,c\n1,2,3,4\n"), skip_1, {0}},
    {"one with a delimiter of two bytes",
     HW_VIEW_INIT("Report\nid::a\n1::2\n"),
     skip_1,
     {.delimiter = ':', .delimiter_tail = ":"}},
    {"a comma behind the header", HW_VIEW_INIT("a,b,c,\n1,2,3\n4,5,6\n"), trailing, {0}},
    {"commas behind the records", HW_VIEW_INIT("a,b,c\n1,2,3,\n4,5,6,\n"), trailing, {0}},
    {"semicolons", HW_VIEW_INIT("a;b;c\r\n1;2;3;\r\n4;5;6;\r\n"), trailing, {0}},
    {"tabs", HW_VIEW_INIT("a\tb\n1\t2\t\n"), trailing, {0}},
    {"bars, far behind", HW_VIEW_INIT("a|b\n1|2\n3|4\n5|6|\n"), trailing, {0}},
    {"two bytes at the end", HW_VIEW_INIT("a::b\n1::2::\n"), trailing, {.delimiter = ':', .delimiter_tail = ":"}},
    {"half of them", HW_VIEW_INIT("a::b\n1::2::3:\n"), reject, {.delimiter = ':', .delimiter_tail = ":"}},
    {"two too many", HW_VIEW_INIT("a,b,c\n1,2,3,,\n"), reject, {0}},
    {"it is known already", HW_VIEW_INIT("a,b,c\n1,2,3,,\n"), reject, {.trailing_delimiter = true}},
    {"a delimiter behind a backslash", HW_VIEW_INIT("id,city\n1,north rocks\\,au\n2,perth\n"), everywhere, {0}},
    {"a semicolon behind one", HW_VIEW_INIT("id;city\n1;a\\;b\n"), everywhere, {.delimiter = ';'}},
    {"a tab behind one, far behind", HW_VIEW_INIT("a\tb\n1\t2\n3\tc\\\td\n"), everywhere, {0}},
    {"a line end behind one", HW_VIEW_INIT("id,city,n\n1,a\\\nb,2\n"), everywhere, {0}},
    {"one of CRLF", HW_VIEW_INIT("id,city,n\r\n1,a\\\r\nb,2\r\n"), everywhere, {0}},
    {"it is known already, too", HW_VIEW_INIT("a,b\n1,c\\,d,e\n"), reject, {.escape = '\\', .no_quotes = true}},
    {"quotes behind a backslash", HW_VIEW_INIT("a,b\n1,\"5\\\" disk\"\n"), escape, {0}},
    {"other quotes", HW_VIEW_INIT("a;b\n1;'5\\' disk'\n"), escape, {.quote = '\''}},
    {"in the header", HW_VIEW_INIT("\"a\\\"x\",b\n1,2\n"), escape, {0}},
    {"never closed behind one", HW_VIEW_INIT("a,b\n1,\"5\\\"\"\n"), escape, {0}},
    {"a delimiter behind such quotes", HW_VIEW_INIT("a,b\n1,\"5\\\",x\"\n"), escape, {0}},
    {"quotes within quotes", HW_VIEW_INIT("a,b\n1,\"she said \"no\" x\"\n"), lenient, {0}},
    {"other quotes within such", HW_VIEW_INIT("a;b\n1;'it's so'\n"), lenient, {.quote = '\''}},
    {"the first field", HW_VIEW_INIT("a\tb\n\"x \"y\" z\"\t1\n"), lenient, {0}},
    {"in a name", HW_VIEW_INIT("\"a \"x\" y\",b\n1,2\n"), lenient, {0}},
    {"bytes after quotes that nothing closes later", HW_VIEW_INIT("a,b\n1,\"x\" y\n"), no_quotes, {0}},
    {"in a name, too", HW_VIEW_INIT("\"a\" x,b\n1,2\n"), no_quotes, {0}},
    {"a blank after quotes", HW_VIEW_INIT("a,b\n\"x\" ,2\n"), trim, {0}},
    {"a blank after quotes in the header", HW_VIEW_INIT("\"a\" ,b\n1,2\n"), trim, {0}},
    {"a blank before quotes that hold a comma", HW_VIEW_INIT("a,b\n1, \"x, y\"\n"), trim, {0}},
    {"it is known already, as well", HW_VIEW_INIT("a,b\n1, \"x, y\", 2\n"), reject, {.trim = true}},
    {"a blank before a quote within a field", HW_VIEW_INIT("a,b\n1,x \"y,z\n"), reject, {0}},
    {"blanks between quotes", HW_VIEW_INIT("\"a\" \"b\"\n1 2\n"), blanks, {0}},
    {"a quote alone", HW_VIEW_INIT("a,b\n1,\"\n2,c\n"), no_quotes, {0}},
    {"a quote alone in the header", HW_VIEW_INIT("\"a,b\n1,2\n"), no_quotes, {0}},
    {"a comment", HW_VIEW_INIT("a,b\n1,2\n# checked\n"), comment, {0}},
    {"a comment of two bytes", HW_VIEW_INIT("a,b\n1,2\n// checked\n"), comment, {0}},
    {"another comment than the one that is known", HW_VIEW_INIT("a,b\n1,2\n// checked\n"), pad, {.comment = '#'}},
    {"a short record", HW_VIEW_INIT("a,b,c\n1,2\n"), pad, {0}},
    {"a short record far behind", HW_VIEW_INIT("a,b\n" GOOD_20 "1\n"), pad, {0}},
    {"a long record", HW_VIEW_INIT("a,b,c\n1,2,3,4\n"), reject, {0}},
    {"no UTF-8: the message says what helps", HW_VIEW_INIT("a,b\n1,\xe9\n"), NULL, {0}},
    {"an escaped N", HW_VIEW_INIT("a,b\n\\N,x\n"), null, {.escape = '\\', .no_quotes = true}},
    {"an escaped N, last", HW_VIEW_INIT("a,b\nx,\\N\n"), null, {.escape = '\\', .no_quotes = true}},
    {"another escape: the message says what helps",
     HW_VIEW_INIT("a,b\n\\Na,x\n"),
     NULL,
     {.escape = '\\', .no_quotes = true}},
    {"nothing at all", HW_VIEW_INIT(""), NULL, {0}},
};

/* Returns the hint of the first fault of a text; it has one. */
static const char *hint_of(hw_view text, const struct hw_csv_options *options) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_layout layout;
    struct hw_csv_parser *parser;
    struct hw_csv_block block;
    if (hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, options, &arena, &layout, &err) != HW_OK) {
        return err.hint;
    }
    for (size_t i = 0; i < layout.schema.count; i++) {
        layout.schema.fields[i].type = (struct hw_type){.kind = HW_KIND_TEXT};
    }
    const struct hw_csv_parser_options parsing = {
        .dialect = layout.dialect, .schema = &layout.schema, .preamble_lines = layout.preamble_lines};
    const char *body = text.data + layout.body_offset;
    assert_ok(hw_csv_parser_new(&parsing, &parser, &err), err);
    assert_ok(hw_csv_parser_run(parser, body, text.size - layout.body_offset, true, &block, &err), err);
    const struct hw_csv_bad open = {
        .reason = HW_CSV_OPEN_QUOTE, .offset = (uint32_t)block.consumed, .at = (uint32_t)block.consumed};
    struct hw_csv_bad bad = block.bad_count > 0 ? block.bad[0] : open;
    assert_true(block.bad_count > 0 || block.open_quote);
    bad.bytes = block.bad_count > 0 ? bad.bytes : (uint32_t)(text.size - layout.body_offset - block.consumed);
    assert_int_equal(hw_csv_bad_fail(&bad, &parsing, body, &err), HW_EDATA);
    hw_csv_parser_free(parser);
    return err.hint;
}

static void hints_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *hint = hint_of(text_put(&room, rows[i].text, 0, ','), &rows[i].options);
        assert_row_int(rows[i].name, hint != NULL, rows[i].says != NULL);
        assert_row_says(rows[i].name, hint ? hint : "", rows[i].says ? rows[i].says : "");
    }
    text_room_release(&room);
}

/* Whatever a record is rejected for has a row in the table, but for these. */
static void every_reason_is_known(void **state) {
    static const struct hw_csv_dialect dialect = {.delimiter = ',', .quote = '"', .end = '\n'};
    (void)state;
    for (unsigned i = 0; i < HW_CSV_REASON_COUNT; i++) {
        const struct hw_csv_fault fault = {.reason = (enum hw_csv_reason)i,
                                           .dialect = &dialect,
                                           .record = HW_VIEW_INIT("a"),
                                           .found = 3,
                                           .columns = 2};
        const bool none = i == HW_CSV_NOT_UTF8 || i == HW_CSV_UNCLEAR_ESCAPE;
        assert_row_int(hw_csv_reason_name(fault.reason), hw_csv_hint(&fault) == NULL, none);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hints_by_rows),
        cmocka_unit_test(every_reason_is_known),
    };
    return cmocka_run_group_tests_name("csv/hint", tests, NULL, NULL);
}
