/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/parser.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/csv/batch_text.h"
#include "unit/csv/text.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 100 };
#else
enum { ROUNDS = 400 };
#endif

enum { FIELDS_MAX = 8 };

/* A schema from types as text; "!" behind one: required. */
struct types {
    struct hw_field fields[FIELDS_MAX];
    struct hw_schema schema;
};

static void types_read(const char *const *texts, struct types *out) {
    static const char *const names[FIELDS_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct hw_error err = HW_ERROR_INIT;
    out->schema = (struct hw_schema){.fields = out->fields};
    for (size_t i = 0; i < FIELDS_MAX && texts[i]; i++) {
        char text[64];
        snprintf(text, sizeof(text), "%s", texts[i]);
        char *mark = strchr(text, '!');
        if (mark) {
            *mark = '\0';
        }
        out->fields[i] = (struct hw_field){.name = names[i], .required = mark != NULL};
        assert_ok(hw_type_parse(text, &out->fields[i].type, &err), err);
        out->schema.count = i + 1;
    }
}

static struct hw_csv_parser *parser_new(const struct hw_csv_parser_options *options) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_parser *parser;
    assert_ok(hw_csv_parser_new(options, &parser, &err), err);
    return parser;
}

static const char *const null_values[] = {"NA", "-", "\"x\"", ""};
static const struct hw_csv_dialect with_escape = {.delimiter = ',', .quote = '"', .escape = '\\', .end = '\n'};
static const struct hw_csv_dialect without_quotes = {.delimiter = ',', .end = '\n'};

static const struct parse_row {
    const char *name;
    const char *types[FIELDS_MAX];
    hw_view text;
    const char *want; /* NULL: something misfits */
    const struct hw_csv_dialect *dialect;
    bool nulls; /* null_values count */
    bool pad;
} parse_rows[] = {
    {"nothing", {"int64"}, HW_VIEW_INIT(""), "", NULL, false, false},
    {"integers",
     {"int64", "int64"},
     HW_VIEW_INIT("1,-2\n,9223372036854775807\n"),
     "1|-2\n~|9223372036854775807\n",
     NULL,
     false,
     false},
    {"quoted integers", {"int64"}, HW_VIEW_INIT("\"1\"\n\"\"\n"), "1\n~\n", NULL, false, false},
    {"doubles", {"double"}, HW_VIEW_INIT("1.5\n-0\ninf\n7\n"), "1.5\n-0\ninf\n7\n", NULL, false, false},
    {"an integer that a double cannot keep", {"double"}, HW_VIEW_INIT("9007199254740993\n"), NULL, NULL, false, false},
    {"decimals", {"decimal(5,2)"}, HW_VIEW_INIT("1.5\n-123.45\n0\n"), "150\n-12345\n0\n", NULL, false, false},
    {"a decimal too long", {"decimal(5,2)"}, HW_VIEW_INIT("1234.5\n"), NULL, NULL, false, false},
    {"a decimal too fine", {"decimal(5,2)"}, HW_VIEW_INIT("1.555\n"), NULL, NULL, false, false},
    {"a decimal that would lose its sign", {"decimal(5,2)"}, HW_VIEW_INIT("-0.00\n"), NULL, NULL, false, false},
    {"booleans", {"boolean"}, HW_VIEW_INIT("true\nFALSE\n\n\"True\"\n"), "T\nF\n~\nT\n", NULL, false, false},
    {"a number is no boolean", {"boolean"}, HW_VIEW_INIT("1\n"), NULL, NULL, false, false},
    {"dates", {"date"}, HW_VIEW_INIT("1970-01-02\n1969-12-31\n"), "1\n-1\n", NULL, false, false},
    {"timestamps",
     {"timestamp(us)"},
     HW_VIEW_INIT("1970-01-01 00:00:01\n1970-01-02\n"),
     "1000000\n86400000000\n",
     NULL,
     false,
     false},
    {"nanoseconds",
     {"timestamp(ns)"},
     HW_VIEW_INIT("1970-01-01T00:00:00.000000001\n1970-01-02\n"),
     "1\n86400000000000\n",
     NULL,
     false,
     false},
    {"too fine for microseconds",
     {"timestamp(us)"},
     HW_VIEW_INIT("1970-01-01T00:00:00.0000001\n"),
     NULL,
     NULL,
     false,
     false},
    {"too far for nanoseconds", {"timestamp(ns)"}, HW_VIEW_INIT("9999-01-01T00:00:00\n"), NULL, NULL, false, false},
    {"UTC", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01T01:00:00+01:00\n"), "0\n", NULL, false, false},
    {"UTC without zone", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01T01:00:00\n"), NULL, NULL, false, false},
    {"a date is no instant", {"timestamp(us, UTC)"}, HW_VIEW_INIT("1970-01-01\n"), NULL, NULL, false, false},
    {"zone in a column without", {"timestamp(us)"}, HW_VIEW_INIT("1970-01-01T01:00:00Z\n"), NULL, NULL, false, false},
    {"UUIDs",
     {"uuid"},
     HW_VIEW_INIT("00112233-4455-6677-8899-AABBCCDDEEFF\n"),
     "00112233445566778899aabbccddeeff\n",
     NULL,
     false,
     false},
    {"texts", {"text", "text"}, HW_VIEW_INIT("x,\" y\"\n,\"\"\n"), "\"x\"|\" y\"\n~|\"\"\n", NULL, false, false},
    {"texts in quotes",
     {"text"},
     HW_VIEW_INIT("\"a\"\"b\"\n\"\"\"\"\n\"\"\"x\"\n\"a,\r\nb\"\n"),
     "\"a\"b\"\n\"\"\"\n\"\"x\"\n\"a,\r\nb\"\n",
     NULL,
     false,
     false},
    {"texts with stray quotes",
     {"text"},
     HW_VIEW_INIT("5\" pipe\n \"x\"\n"),
     "\"5\" pipe\"\n\" \"x\"\"\n",
     NULL,
     false,
     false},
    {"texts before CRLF", {"text"}, HW_VIEW_INIT("x\r\n"), "\"x\"\n", NULL, false, false},
    {"texts longer than a word",
     {"text"},
     HW_VIEW_INIT("0123456789abcdef0123456789abcdef0123456789abcdef\nx\n"),
     "\"0123456789abcdef0123456789abcdef0123456789abcdef\"\n\"x\"\n",
     NULL,
     false,
     false},
    {"quotes where nothing quotes", {"text"}, HW_VIEW_INIT("\"x\"\n"), "\"\"x\"\"\n", &without_quotes, false, false},
    {"escapes",
     {"text"},
     HW_VIEW_INIT("\"a\\\"b\\\\c\\n\"\n\"a\"\"b\"\n\\x\n"),
     "\"a\"b\\cn\"\n\"a\"b\"\n\"\\x\"\n",
     &with_escape,
     false,
     false},
    {"escaped numbers", {"int64"}, HW_VIEW_INIT("\"\\12\"\n"), "12\n", &with_escape, false, false},
    {"null values",
     {"int64", "text"},
     HW_VIEW_INIT("NA,-\n1,\"NA\"\n-,NAN\n"),
     "~|~\n1|\"NA\"\n~|\"NAN\"\n",
     NULL,
     true,
     false},
    {"null values never match quotes", {"text"}, HW_VIEW_INIT("\"x\"\n"), "\"x\"\n", NULL, true, false},
    {"null values of booleans and doubles",
     {"boolean", "double"},
     HW_VIEW_INIT("NA,-\ntrue,1\n"),
     "~|~\nT|1\n",
     NULL,
     true,
     false},
    {"a null value in quotes is a misfit", {"int64"}, HW_VIEW_INIT("\"NA\"\n"), NULL, NULL, true, false},
    {"nulls only", {"null", "null"}, HW_VIEW_INIT(",\n,\n"), "~|~\n~|~\n", NULL, false, false},
    {"empty quotes are a misfit of nulls", {"null"}, HW_VIEW_INIT("\"\"\n"), NULL, NULL, false, false},
    {"any value is a misfit of nulls", {"null"}, HW_VIEW_INIT("x\n"), NULL, NULL, false, false},
    {"padded",
     {"int64", "text", "boolean"},
     HW_VIEW_INIT("1\n2,x\n3,y,true\n"),
     "1|~|~\n2|\"x\"|~\n3|\"y\"|T\n",
     NULL,
     false,
     true},
    {"blank lines of one column", {"int64"}, HW_VIEW_INIT("1\n\n\r\n2"), "1\n~\n~\n2\n", NULL, false, false},
    {"blank lines of one column of text", {"text"}, HW_VIEW_INIT("\n"), "~\n", NULL, false, false},
    {"blank lines of two columns",
     {"int64", "int64"},
     HW_VIEW_INIT("1,2\n\n\r\n3,4"),
     "1|2\n3|4\n",
     NULL,
     false,
     false},
};

static void texts_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_buf) shown = {0};
    for (size_t i = 0; i < COUNT_OF(parse_rows) * COUNT_OF(text_around); i++) {
        const struct parse_row *row = &parse_rows[i % COUNT_OF(parse_rows)];
        struct types types;
        struct hw_csv_block block;
        struct hw_error err = HW_ERROR_INIT;
        types_read(row->types, &types);
        const struct hw_csv_parser_options options = {
            .dialect = row->dialect ? *row->dialect : text_rfc4180,
            .schema = &types.schema,
            .pad = row->pad,
            .null_values = null_values,
            .null_values_count = row->nulls ? COUNT_OF(null_values) : 0,
        };
        struct hw_csv_parser *parser = parser_new(&options);
        hw_view text = text_put(&room, row->text, 0, text_around[i / COUNT_OF(parse_rows)]);
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        assert_row_int(row->name, hw_csv_parser_misfit(parser), row->want == NULL);
        assert_row_int(row->name, block.bad_count, 0);
        assert_row_int(row->name, block.consumed, text.size);
        if (row->want) {
            hw_buf_clear(&shown);
            batch_text(&block.batch, &shown);
            assert_row_bytes(row->name, shown.data, shown.size, row->want, strlen(row->want));
        }
        assert_true(hw_csv_parser_held(parser) > 0);
        hw_csv_parser_free(parser);
    }
    text_room_release(&room);
}

/* ------ bad records, with their messages */

static const struct bad_row {
    const char *name;
    const char *types[FIELDS_MAX];
    hw_view text;
    bool pad;
    const char *want; /* the rows that are left */
    const char *reason;
    int64_t line;
    int64_t offset;
    const char *raw;
    const char *column;
    const char *message;
} bad_rows[] = {
    {"too few",
     {"int64", "int64"},
     HW_VIEW_INIT("1,2\n3\n4,5\n"),
     false,
     "1|2\n4|5\n",
     "too_few_fields",
     2,
     4,
     "3",
     "",
     "found 1 fields, expected 2"},
    {"too many",
     {"int64"},
     HW_VIEW_INIT("1\n2,3,4\r\n"),
     true,
     "1\n",
     "too_many_fields",
     2,
     2,
     "2,3,4",
     "",
     "found 3 fields, expected 1"},
    {"behind line feeds in quotes",
     {"text"},
     HW_VIEW_INIT("\"a\n\nb\"\nc,d\n"),
     false,
     "\"a\n\nb\"\n",
     "too_many_fields",
     4,
     7,
     "c,d",
     "",
     "found 2 fields, expected 1"},
    {"not UTF-8",
     {"text", "text"},
     HW_VIEW_INIT("a,b\n\"c\n\xc3(\",d\n"),
     false,
     "\"a\"|\"b\"\n",
     "not_utf8",
     3,
     7,
     "\"c\n\xc3(\",d",
     "",
     "found the byte 0xc3, expected UTF-8 (--encoding latin1 or utf-16 reads other texts)"},
    {"bytes after a quote",
     {"text", "text"},
     HW_VIEW_INIT("\"a\"b,c\nd,e\n"),
     false,
     "\"d\"|\"e\"\n",
     "bytes_after_quote",
     1,
     3,
     "\"a\"b,c",
     "",
     "found \"b\" after a closing quote, expected a delimiter or the end of the record"},
    {"wrong type",
     {"text", "int64"},
     HW_VIEW_INIT("a,1\nb,x\r\nc,2\n"),
     false,
     "\"a\"|1\n\"c\"|2\n",
     "wrong_type",
     2,
     6,
     "b,x",
     "b",
     "found \"x\", expected int64"},
    {"wrong type in quotes",
     {"decimal(4,2)"},
     HW_VIEW_INIT("\"1.234\"\n"),
     false,
     "",
     "wrong_type",
     1,
     0,
     "\"1.234\"",
     "a",
     "found \"\\\"1.234\\\"\", expected decimal(4,2)"},
    {"two wrong in a row",
     {"int64", "date"},
     HW_VIEW_INIT("x,y\n"),
     false,
     "",
     "wrong_type",
     1,
     0,
     "x,y",
     "a",
     "found \"x\", expected int64"},
    {"a value in a null column",
     {"null"},
     HW_VIEW_INIT("x\n"),
     false,
     "",
     "wrong_type",
     1,
     0,
     "x",
     "a",
     "found \"x\", expected null"},
    {"null in a required column",
     {"int64", "int64!"},
     HW_VIEW_INIT("1,2\n3,\n"),
     false,
     "1|2\n",
     "null_in_required_column",
     2,
     6,
     "3,",
     "b",
     "found no value, the schema says required int64"},
    {"null in a required text column",
     {"text!"},
     HW_VIEW_INIT("\"\"\n\n"),
     false,
     "\"\"\n",
     "null_in_required_column",
     2,
     3,
     "",
     "a",
     "found no value, the schema says required text"},
    {"a required field that lacks",
     {"int64", "int64", "int64!"},
     HW_VIEW_INIT("1\n2,3,4\n"),
     true,
     "2|3|4\n",
     "null_in_required_column",
     1,
     1,
     "1",
     "c",
     "found no value, the schema says required int64"},
    {"the sign of a given decimal's zero is no matter",
     {"decimal(4,2)"},
     HW_VIEW_INIT("-0.00\nx\n"),
     false,
     "0\n",
     "wrong_type",
     2,
     6,
     "x",
     "a",
     "found \"x\", expected decimal(4,2)"},
};

static void bad_records_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    HW_AUTO(hw_buf) shown = {0};
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const struct bad_row *row = &bad_rows[i];
        struct types types;
        struct hw_csv_block block;
        struct hw_error err = HW_ERROR_INIT;
        types_read(row->types, &types);
        const struct hw_csv_parser_options options = {
            .dialect = text_rfc4180, .schema = &types.schema, .fixed = true, .pad = row->pad};
        struct hw_csv_parser *parser = parser_new(&options);
        hw_view text = text_put(&room, row->text, 0, '1');
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        assert_row_int(row->name, hw_csv_parser_misfit(parser), false);
        batch_text(&block.batch, (hw_buf_clear(&shown), &shown));
        assert_row_bytes(row->name, shown.data, shown.size, row->want, strlen(row->want));
        assert_row_int(row->name, block.bad_count, 1);
        assert_row_int(row->name, block.records, block.batch.rows + 1);
        const struct hw_csv_bad *bad = &block.bad[0];
        assert_row_text(row->name, hw_csv_reason_name(bad->reason), row->reason);
        assert_row_bytes(row->name, text.data + bad->offset, bad->bytes, row->raw, strlen(row->raw));
        assert_row_int(row->name, hw_csv_bad_fail(bad, &options, text.data, &err), HW_EDATA);
        assert_row_int(row->name, err.status, HW_EDATA);
        assert_row_text(row->name, err.message, row->message);
        assert_row_int(row->name, err.line, row->line);
        assert_row_int(row->name, err.offset, row->offset);
        assert_row_text(row->name, err.column, row->column);
        assert_row_int(row->name, hw_csv_bad_fail(bad, &options, text.data, NULL), HW_EDATA);
        hw_csv_parser_free(parser);
    }
    text_room_release(&room);
}

/* Reasons that the pipeline finds, or that are too large for a row above. */
static void messages_of_the_rest(void **state) {
    static const struct {
        const char *name;
        struct hw_csv_bad bad;
        int64_t line;
        int64_t offset;
        const char *message;
    } rows[] = {
        {"open quote",
         {.reason = HW_CSV_OPEN_QUOTE, .offset = 2, .at = 2, .column = UINT32_MAX},
         2,
         2,
         "the text ends inside quotes, expected a closing quote in the record that begins here"},
        {"too long",
         {.reason = HW_CSV_FIELD_TOO_LONG, .offset = 2, .at = 2, .column = 4},
         2,
         2,
         "field 5 is longer than 16777216 bytes"},
    };
    (void)state;
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_csv_bad_fail(&rows[i].bad, &options, "a\n\"b", &err), HW_EDATA);
        assert_row_text(rows[i].name, err.message, rows[i].message);
        assert_row_int(rows[i].name, err.line, rows[i].line);
        assert_row_int(rows[i].name, err.offset, rows[i].offset);
    }
}

static void lines_are_counted_from_one(void **state) {
    (void)state;
    const struct hw_csv_dialect mac = {.end = '\r'};
    assert_int_equal(hw_csv_line_at(&text_rfc4180, "a\nb\n", 0), 1);
    assert_int_equal(hw_csv_line_at(&text_rfc4180, "a\nb\n", 1), 1);
    assert_int_equal(hw_csv_line_at(&text_rfc4180, "a\nb\n", 2), 2);
    assert_int_equal(hw_csv_line_at(&text_rfc4180, "a\nb\n", 4), 3);
    assert_int_equal(hw_csv_line_at(&mac, "a\rb\nc", 5), 2);
}

/* Most rows wrong, in every other place: they leave in one go. */
static void thousands_of_wrong_rows_leave(void **state) {
    (void)state;
    enum { RECORDS = 60000 };
    HW_AUTO(hw_buf) text = {0};
    struct types types;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    types_read((const char *const[FIELDS_MAX]){"int64", "text"}, &types);
    assert_ok(hw_buf_resize(&text, HW_CSV_BLOCK_MARGIN, &err), err);
    for (unsigned i = 0; i < RECORDS; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%s%u,y%s\n", i % 2 ? "x" : "", i, i % 5 ? "" : ",z"), err);
    }
    size_t size = text.size - HW_CSV_BLOCK_MARGIN;
    assert_ok(hw_buf_resize(&text, text.size + HW_CSV_BLOCK_MARGIN, &err), err);
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &types.schema, .fixed = true};
    struct hw_csv_parser *parser = parser_new(&options);
    assert_ok(hw_csv_parser_run(parser, (const char *)text.data + HW_CSV_BLOCK_MARGIN, size, true, &block, &err), err);
    size_t bad = 0;
    size_t row = 0;
    for (unsigned i = 0; i < RECORDS; i++) {
        if (i % 5 == 0 || i % 2 == 1) {
            assert_int_equal(block.bad[bad].record, i);
            assert_int_equal(block.bad[bad++].reason, i % 5 == 0 ? HW_CSV_TOO_MANY_FIELDS : HW_CSV_WRONG_TYPE);
        } else {
            assert_int_equal(((const int64_t *)block.batch.columns[0].values)[row++], i);
        }
    }
    assert_int_equal(block.bad_count, bad);
    assert_int_equal(block.batch.rows, row);
    hw_csv_parser_free(parser);
}

/* ------ a table written by RFC 4180 comes back, in one block or in many */

struct table {
    struct hw_buf csv;
    struct hw_buf want; /* as batch_text has it */
};

static void field_write(struct dice *dice, struct table *table, const char *text, size_t size) {
    struct hw_error err = HW_ERROR_INIT;
    bool must = size == 0;
    for (size_t i = 0; i < size; i++) {
        must |= text[i] == ',' || text[i] == '\n' || text[i] == '\r' || text[i] == '"';
    }
    assert_ok(hw_buf_append_byte(&table->want, '"', &err), err);
    assert_ok(hw_buf_append(&table->want, text, size, &err), err);
    assert_ok(hw_buf_append_byte(&table->want, '"', &err), err);
    if (!must && dice_roll(dice, 3)) {
        assert_ok(hw_buf_append(&table->csv, text, size, &err), err);
        return;
    }
    assert_ok(hw_buf_append_byte(&table->csv, '"', &err), err);
    for (size_t i = 0; i < size; i++) {
        assert_ok(hw_buf_append_text(&table->csv, text[i] == '"' ? "\"\"" : (char[]){text[i], '\0'}, &err), err);
    }
    assert_ok(hw_buf_append_byte(&table->csv, '"', &err), err);
}

static void table_write(struct dice *dice, size_t columns, struct table *out) {
    static const char letters[] = "ab,\"\n\r\xe2\x82\xac";
    struct hw_error err = HW_ERROR_INIT;
    const bool crlf = dice_roll(dice, 2) == 0;
    size_t rows = dice_roll(dice, 20);
    hw_buf_clear(&out->csv);
    hw_buf_clear(&out->want);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++) {
            char text[80];
            size_t size = dice_roll(dice, dice_roll(dice, 5) ? 4 : 70);
            for (size_t i = 0; i < size; i++) {
                size_t letter = dice_roll(dice, 7);
                if (letter == 6 && i + 3 <= size) {
                    memcpy(text + i, letters + 6, 3);
                    i += 2;
                } else {
                    text[i] = letters[letter == 6 ? 0 : letter];
                }
            }
            if (column > 0) {
                assert_ok(hw_buf_append_byte(&out->csv, ',', &err), err);
                assert_ok(hw_buf_append_byte(&out->want, '|', &err), err);
            }
            field_write(dice, out, text, size);
        }
        bool last = row + 1 == rows && dice_roll(dice, 2);
        assert_ok(hw_buf_append_text(&out->csv, last ? "" : crlf ? "\r\n" : "\n", &err), err);
        assert_ok(hw_buf_append_byte(&out->want, '\n', &err), err);
    }
}

/* Parses the text in blocks of `block` bytes at most, each begun where the one before it ended, as the pipeline does. */
static uint64_t blocks_parse(struct text_room *room, struct hw_csv_parser *parser, hw_view csv, size_t block_bytes,
                             struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    size_t at = 0;
    size_t wanted = block_bytes;
    uint64_t lines = 0;
    hw_buf_clear(out);
    while (at < csv.size) {
        struct hw_csv_block block;
        size_t size = hw_min_size(wanted, csv.size - at);
        hw_view text = text_put(room, (hw_view){csv.data + at, size}, 0, '"');
        assert_ok(hw_csv_parser_run(parser, text.data, size, at + size == csv.size, &block, &err), err);
        assert_int_equal(block.bad_count, 0);
        batch_text(&block.batch, out);
        lines += block.lines;
        at += block.consumed;
        wanted = block.consumed > 0 ? block_bytes : wanted + 1;
        assert_true(block.consumed > 0 || size < csv.size - at);
    }
    return lines;
}

static void tables_come_back_from_any_blocks(void **state) {
    (void)state;
    struct text_room room = {0};
    struct table table = {0};
    HW_AUTO(hw_buf) shown = {0};
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        size_t columns = 2 + dice_roll(&dice, 3);
        struct types types;
        char name[64];
        types_read((const char *const[FIELDS_MAX]){"text", "text", "text", "text"}, &types);
        types.schema.count = columns;
        const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &types.schema};
        struct hw_csv_parser *parser = parser_new(&options);
        table_write(&dice, columns, &table);
        size_t lines = 0;
        for (size_t i = 0; i < table.csv.size; i++) {
            lines += table.csv.data[i] == '\n';
        }
        lines += table.csv.size > 0 && table.csv.data[table.csv.size - 1] != '\n';
        for (size_t bytes = 1; bytes <= table.csv.size; bytes += 1 + bytes / 16) {
            snprintf(name, sizeof(name), "seed %" PRIu64 ", blocks of %zu", seed, bytes);
            uint64_t counted = blocks_parse(&room, parser, hw_buf_view(&table.csv), bytes, &shown);
            assert_row_int(name, counted, lines);
            assert_row_bytes(name, shown.data, shown.size, table.want.data, table.want.size);
        }
        hw_csv_parser_free(parser);
    }
    hw_buf_release(&table.csv);
    hw_buf_release(&table.want);
    text_room_release(&room);
}

/* ------ the parser's own life */

static void misfits_are_remembered_until_forgotten(void **state) {
    (void)state;
    struct text_room room = {0};
    struct types types;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    types_read((const char *const[FIELDS_MAX]){"int64", "int64"}, &types);
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &types.schema};
    struct hw_csv_parser *parser = parser_new(&options);
    hw_view text = text_put(&room, HW_VIEW("1,2\n3,x\n"), 0, '0');
    assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
    assert_true(hw_csv_parser_misfit(parser));
    text = text_put(&room, HW_VIEW("4.5,2020-01-01\n"), 0, '0');
    assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
    const struct hw_csv_profile *profiles = hw_csv_parser_profiles(parser);
    assert_int_equal(hw_csv_profile_type(&profiles[0], HW_CSV_DECIMALS_EXACT).kind, HW_KIND_DOUBLE);
    assert_int_equal(hw_csv_profile_type(&profiles[1], HW_CSV_DECIMALS_EXACT).kind, HW_KIND_TEXT);
    hw_csv_parser_forget(parser);
    assert_false(hw_csv_parser_misfit(parser));
    assert_int_equal(hw_csv_parser_profiles(parser)[1].seen, 0);
    hw_csv_parser_free(parser);
    hw_csv_parser_free(NULL);
    text_room_release(&room);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct text_room room = {0};
    struct types types;
    types_read((const char *const[FIELDS_MAX]){"int64", "text"}, &types);
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &types.schema, .fixed = true};
    hw_view text = text_put(&room, HW_VIEW("\"1\",a\nx,\"b\"\n3\n"), 0, '0');
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_csv_parser *parser = NULL;
        struct hw_csv_block block;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_csv_parser_new(&options, &parser, &err);
        if (status == HW_OK) {
            status = hw_csv_parser_run(parser, text.data, text.size, true, &block, &err);
        }
        hw_csv_parser_free(parser);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_by_rows),
        cmocka_unit_test(bad_records_by_rows),
        cmocka_unit_test(messages_of_the_rest),
        cmocka_unit_test(lines_are_counted_from_one),
        cmocka_unit_test(thousands_of_wrong_rows_leave),
        cmocka_unit_test(tables_come_back_from_any_blocks),
        cmocka_unit_test(misfits_are_remembered_until_forgotten),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/parser", tests, NULL, NULL);
}
