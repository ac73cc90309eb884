/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of which some are given a type and others are left out, and blocks that end early. */
#include "csv/parser.h"

#include "unit/csv/batch_text.h"
#include "unit/csv/types.h"

static struct hw_csv_parser *parser_new(const struct hw_csv_parser_options *options) {
    struct hw_csv_parser *parser;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_csv_parser_new(options, &parser, &err), err);
    return parser;
}

/* ------ given types beside found ones */

static const struct {
    const char *name;
    const char *types[FIELDS_MAX];
    const char *asked; /* of each column: g given, o left out, . neither */
    const char *text;
    size_t rows;
    const char *bad; /* the records, each ended by | */
    bool misfit;
    const char *seen; /* the types of all columns, by their profiles */
} type_rows[] = {
    {"a bad value beside a text", {"int64", "int64"}, "g.", "1,2\nx,y\n3,4\n", 2, "x,y|", false, "int64 int64"},
    {"the same without a given type", {"int64", "int64"}, "..", "1,2\nx,y\n3,4\n", 3, "", true, "text text"},
    {"a null that is not allowed", {"null", "int64!"}, ".g", "x,\n1,2\n", 1, "x,|", true, "int64 int64"},
    {"a value that does not fit a found type",
     {"int64", "int64"},
     "g.",
     "1,2\n2,y\nx,2.5\n",
     2,
     "x,2.5|",
     true,
     "int64 text"},
    {"a column that is left out",
     {"int64", "null", "int64"},
     ".o.",
     "1,x,2\n3,\"y\",4\n",
     2,
     "",
     false,
     "int64 null int64"},
    {"the record still has all fields", {"int64", "null"}, ".o", "1,x\n2\n3,y\n", 2, "2|", false, "int64 null"},
    {"and all of it is text", {"int64", "null"}, ".o", "1,\xff\n2,y\n", 1, "1,\xff|", false, "int64 null"},
    {"an escape that is not clear, beside a text",
     {"int64", "int64"},
     "..",
     "1,2\nx,\"\\q\"\n3,4\n",
     2,
     "x,\"\\q\"|",
     false,
     "int64 int64"},
    {"the same beside a given type",
     {"int64", "int64"},
     "g.",
     "1,2\n2,\"\\q\"\ny,\"\\q\"\n3,4\n",
     2,
     "2,\"\\q\"|y,\"\\q\"|",
     false,
     "int64 int64"},
    {"nothing but columns that are left out", {"null", "null"}, "oo", "1,x\n2,y\n", 2, "", false, "null null"},
};

static void records_that_are_bad_show_no_types(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        struct hw_csv_constraint asked[FIELDS_MAX] = {0};
        const struct hw_csv_constraints constraints = {.columns = asked};
        struct types types;
        struct hw_csv_block block;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) seen = {0};
        HW_AUTO(hw_buf) bad = {0};
        types_read(type_rows[i].types, &types);
        for (size_t k = 0; k < types.schema.count; k++) {
            asked[k].given = type_rows[i].asked[k] == 'g';
            asked[k].left_out = type_rows[i].asked[k] == 'o';
        }
        struct hw_csv_parser_options options = {
            .dialect = text_rfc4180, .schema = &types.schema, .constraints = &constraints};
        options.dialect.escape = '\\';
        struct hw_csv_parser *parser = parser_new(&options);
        const hw_view text = text_put(&room, hw_view_of(type_rows[i].text), 0, '0');
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        assert_row_int(type_rows[i].name, block.batch.rows, type_rows[i].rows);
        assert_row_int(type_rows[i].name, hw_csv_parser_misfit(parser), type_rows[i].misfit);
        for (size_t k = 0; k < block.bad_count; k++) {
            assert_ok(hw_buf_append(&bad, text.data + block.bad[k].offset, block.bad[k].bytes, &err), err);
            assert_ok(hw_buf_append_byte(&bad, '|', &err), err);
        }
        assert_row_bytes(type_rows[i].name, bad.data, bad.size, type_rows[i].bad, strlen(type_rows[i].bad));
        for (size_t k = 0; k < types.schema.count; k++) {
            char type[64];
            hw_type_format(hw_csv_profile_type(&hw_csv_parser_profiles(parser)[k], HW_CSV_DECIMALS_EXACT), type,
                           sizeof(type));
            assert_ok(hw_buf_printf(&seen, &err, "%s%s", k > 0 ? " " : "", type), err);
        }
        assert_row_bytes(type_rows[i].name, seen.data, seen.size, type_rows[i].seen, strlen(type_rows[i].seen));
        hw_csv_parser_free(parser);
    }
    text_room_release(&room);
}

/* A format that numbers could be of counts for given types alone. */
static void formats_of_digits_are_for_given_types(void **state) {
    (void)state;
    struct text_room room = {0};
    struct hw_csv_constraint asked[FIELDS_MAX] = {{.given = true}};
    const struct hw_csv_constraints constraints = {.columns = asked};
    struct types types;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    types_read((const char *const[FIELDS_MAX]){"date", "int64"}, &types);
    const struct hw_csv_parser_options options = {
        .dialect = text_rfc4180,
        .schema = &types.schema,
        .constraints = &constraints,
        .spelling = {.date_format = "%Y%m%d", .timestamp_format = "%Y%m%d%H%M"},
    };
    struct hw_csv_parser *parser = parser_new(&options);
    const hw_view text = text_put(&room, HW_VIEW("20240229,20240229\n"), 0, '0');
    assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
    assert_false(hw_csv_parser_misfit(parser));
    assert_int_equal(block.batch.rows, 1);
    assert_int_equal(((const int32_t *)block.batch.columns[0].values)[0], 19782);
    assert_int_equal(((const int64_t *)block.batch.columns[1].values)[0], 20240229);
    hw_csv_parser_free(parser);
    text_room_release(&room);
}

/* ------ blocks that end behind a row */

static void blocks_end_behind_a_row(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        size_t rows_max;
        bool fixed;
        const char *want;
        const char *left; /* what is not consumed */
        size_t bad;
        uint64_t lines;
    } rows[] = {
        {"fewer rows than that", "1\n2\n", 3, false, "1\n2\n", "", 0, 2},
        {"as many", "1\n2\n", 2, false, "1\n2\n", "", 0, 2},
        {"more", "1\n2\n3\n", 2, false, "1\n2\n", "3\n", 0, 2},
        {"one", "1\n2\n3\n", 1, false, "1\n", "2\n3\n", 0, 1},
        {"without a line end behind the last", "1\n2", 1, false, "1\n", "2", 0, 1},
        {"bad records before it count", "x,y\n1\n2\n", 1, false, "1\n", "2\n", 1, 2},
        {"those behind it do not", "1\nx,y\n2\n", 1, false, "1\n", "x,y\n2\n", 0, 1},
        {"behind the last row too", "1\n2\nx,y\n", 2, false, "1\n2\n", "x,y\n", 0, 2},
        {"lines within quotes", "\"1\n\n2\"\n3\n4\n", 1, true, "", "3\n4\n", 1, 3},
        {"rows that a given type forbids are none", "1\nx\n3\n4\n", 3, true, "1\n3\n", "4\n", 1, 3},
    };
    struct text_room room = {0};
    HW_AUTO(hw_buf) shown = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct types types;
        struct hw_csv_block block;
        struct hw_error err = HW_ERROR_INIT;
        types_read((const char *const[FIELDS_MAX]){"int64"}, &types);
        const struct hw_csv_parser_options options = {
            .dialect = text_rfc4180, .schema = &types.schema, .fixed = rows[i].fixed};
        struct hw_csv_parser *parser = parser_new(&options);
        const hw_view text = text_put(&room, hw_view_of(rows[i].text), 0, '0');
        hw_csv_parser_set_rows_max(parser, rows[i].rows_max);
        assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
        hw_buf_clear(&shown);
        batch_text(&block.batch, &shown);
        assert_row_bytes(rows[i].name, shown.data, shown.size, rows[i].want, strlen(rows[i].want));
        assert_row_bytes(rows[i].name, text.data + block.consumed, text.size - block.consumed, rows[i].left,
                         strlen(rows[i].left));
        assert_row_int(rows[i].name, block.bad_count, rows[i].bad);
        assert_row_int(rows[i].name, block.records, block.batch.rows + block.bad_count);
        assert_row_int(rows[i].name, block.lines, rows[i].lines);
        hw_csv_parser_free(parser);
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_that_are_bad_show_no_types),
        cmocka_unit_test(formats_of_digits_are_for_given_types),
        cmocka_unit_test(blocks_end_behind_a_row),
    };
    return cmocka_run_group_tests_name("csv/parser_columns", tests, NULL, NULL);
}
