/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/parser.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "unit/csv/batch_text.h"
#include "unit/csv/parser_rows.h"
#include "unit/csv/text.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 100 };
#else
enum { ROUNDS = 400 };
#endif

static struct hw_csv_parser *parser_new(const struct hw_csv_parser_options *options) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_parser *parser;
    assert_ok(hw_csv_parser_new(options, &parser, &err), err);
    return parser;
}

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

/* A column has the nulls that its schema gives it in the place of all others, text by text. */
static void nulls_of_a_column_count_alone(void **state) {
    (void)state;
    static const char *const own[] = {"0"};
    static const char *const all[] = {"NA"};
    static const struct hw_csv_null_words words = {own, 1, true};
    struct hw_csv_constraint columns[2] = {{.nulls = &words, .json = "{}"}, {0}};
    const struct hw_csv_constraints constraints = {columns, false};
    struct text_room room = {0};
    HW_AUTO(hw_buf) shown = {0};
    struct types types;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    types_read((const char *const[FIELDS_MAX]){"text", "text"}, &types);
    struct hw_csv_parser_options options = {.dialect = text_rfc4180,
                                            .schema = &types.schema,
                                            .fixed = true,
                                            .constraints = &constraints,
                                            .null_values = all,
                                            .null_values_count = 1};
    struct hw_csv_parser *parser = parser_new(&options);
    for (unsigned turn = 0; turn < 2; turn++) {
        const hw_view text = text_put(&room, HW_VIEW("0,0\n\"0\",\"NA\"\nNA,NA\n"), 0, '"');
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        hw_buf_clear(&shown);
        batch_text(&block.batch, &shown);
        const char *want = turn == 0 ? "~|\"0\"\n~|\"NA\"\n\"NA\"|~\n" : "~|\"0\"\n~|~\n\"NA\"|~\n";
        assert_row_bytes("nulls", shown.data, shown.size, want, strlen(want));
        options.null_quoted = true;
        assert_ok(hw_csv_parser_turn(parser, &options, &err), err);
    }
    hw_csv_parser_free(parser);
    text_room_release(&room);
}

/* ------ bad records, with their messages */

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
        assert_row_int(row->name, bad->line, hw_csv_line_at(&text_rfc4180, text.data, bad->offset));
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
    struct hw_field field = {.name = "a"};
    const struct hw_schema schema = {.fields = &field, .count = 1};
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &schema};
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
            assert_int_equal(block.bad[bad].line, i + 1);
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

/*
 * Parses the text in blocks of so many bytes, each begun where the one before it ended, as the
 * pipeline does.
 */
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

/* Text after text of several tables and dialects: each as a parser of its own has it. */
static void a_parser_turns_to_another_text(void **state) {
    (void)state;
    static const char *const types_of[][FIELDS_MAX] = {{"int64", "text"}, {"text", "double", "int64"}, {"date"}};
    static const struct {
        size_t table;
        char delimiter;
        hw_view text;
        size_t rows, bad;
        unsigned seen; /* of the table's first column, since the parser came to the table */
        bool fixed;
    } texts[] = {
        {0, ',', HW_VIEW_INIT("1,a\n2,b\n"), 2, 0, HW_SEEN_INT, false},
        {0, ';', HW_VIEW_INIT("9007199254740993;c,d\n4,e\n"), 1, 1, HW_SEEN_INT | HW_SEEN_BIG_INT, false},
        {1, ';', HW_VIEW_INIT("x;1.5;2\ny;2.5;3\n4;e\n"), 2, 1, 0, false},
        {2, ',', HW_VIEW_INIT("2024-01-01\n"), 1, 0, HW_SEEN_DATE, false},
        {0, '|', HW_VIEW_INIT("5|f\n"), 1, 0, HW_SEEN_INT, false},
        {0, '|', HW_VIEW_INIT("x|f\n6|g\n"), 1, 1, HW_SEEN_INT, true},
    };
    struct text_room room = {0};
    struct types types[COUNT_OF(types_of)];
    struct hw_csv_parser *parser = NULL;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(types_of); i++) {
        types_read(types_of[i], &types[i]);
    }
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct hw_csv_parser_options options = {
            .dialect = text_rfc4180, .schema = &types[texts[i].table].schema, .fixed = texts[i].fixed};
        options.dialect.delimiter = texts[i].delimiter;
        if (!parser) {
            parser = parser_new(&options);
        }
        assert_ok(hw_csv_parser_turn(parser, &options, &err), err);
        hw_view text = text_put(&room, texts[i].text, 0, '0');
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        assert_int_equal(block.batch.rows, texts[i].rows);
        assert_int_equal(block.bad_count, texts[i].bad);
        assert_ptr_equal(block.batch.schema, options.schema);
        assert_int_equal(hw_csv_parser_profiles(parser)[0].seen, texts[i].seen);
    }
    hw_csv_parser_free(parser);
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
        cmocka_unit_test(nulls_of_a_column_count_alone),
        cmocka_unit_test(bad_records_by_rows),
        cmocka_unit_test(messages_of_the_rest),
        cmocka_unit_test(lines_are_counted_from_one),
        cmocka_unit_test(thousands_of_wrong_rows_leave),
        cmocka_unit_test(tables_come_back_from_any_blocks),
        cmocka_unit_test(misfits_are_remembered_until_forgotten),
        cmocka_unit_test(a_parser_turns_to_another_text),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/parser", tests, NULL, NULL);
}
