/* SPDX-License-Identifier: Apache-2.0 */
/* The parser with the texts of csv-spectrum, and what each of them says as JSON, both by others. */
#include <jansson.h>
#include <stdio.h>

#include "csv/layout.h"
#include "csv/parser.h"
#include "support/corpus.h"
#include "unit/csv/text.h"

static const struct {
    const char *name;
    const char *differs; /* column that is another's data in the JSON */
} texts[] = {
    {"comma_in_quotes", NULL}, {"empty", NULL},         {"empty_crlf", NULL},
    {"escaped_quotes", NULL},  {"json", NULL},          {"location_coordinates", "Contact Phone Number"},
    {"newlines", NULL},        {"newlines_crlf", NULL}, {"quotes_and_newlines", NULL},
    {"simple", NULL},          {"simple_crlf", NULL},   {"utf8", NULL},
};

static bool spectrum_read(const char *folder, const char *name, const char *end, struct hw_buf *out) {
    char path[128];
    snprintf(path, sizeof(path), "csv/%s/%s.%s", folder, name, end);
    const char *found = corpus_path(path);
    return found && corpus_read(found, out);
}

/* Row `row` of the JSON: an array of objects, or one object for one row. */
static const json_t *row_of(const json_t *json, size_t row) {
    return json_is_array(json) ? json_array_get(json, row) : json;
}

static void value_check(const char *name, const json_t *want, const struct hw_column *column, size_t row) {
    const int32_t *offsets = column->offsets + row;
    bool null = !hw_column_valid(column, row);
    assert_row_int(name, json_is_string(want) && !null, true);
    assert_row_bytes(name, column->data + offsets[0], (size_t)(offsets[1] - offsets[0]), json_string_value(want),
                     json_string_length(want));
}

static void text_check(const char *name, const char *differs, hw_view text, const json_t *json) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_csv_layout layout;
    struct hw_csv_parser *parser;
    struct hw_csv_block block;
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_csv_options options = {.types = HW_CSV_TYPES_TEXT};
    assert_ok(hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &options, &arena, &layout, &err), err);
    hw_csv_layout_types(&layout, &options, NULL);
    const struct hw_csv_parser_options parser_options = {.dialect = layout.dialect, .schema = &layout.schema};
    assert_ok(hw_csv_parser_new(&parser_options, &parser, &err), err);
    const char *body = text.data + layout.body_offset;
    assert_ok(hw_csv_parser_run(parser, body, text.size - layout.body_offset, true, &block, &err), err);
    assert_row_int(name, block.bad_count, 0);
    assert_row_int(name, block.batch.rows, json_is_array(json) ? json_array_size(json) : 1);
    for (size_t row = 0; row < block.batch.rows; row++) {
        assert_row_int(name, json_object_size(row_of(json, row)), layout.schema.count);
        for (size_t column = 0; column < layout.schema.count; column++) {
            const char *key = layout.schema.fields[column].name;
            if (!differs || strcmp(key, differs) != 0) {
                value_check(name, json_object_get(row_of(json, row), key), &block.batch.columns[column], row);
            }
        }
    }
    hw_csv_parser_free(parser);
}

static void texts_say_what_others_read(void **state) {
    (void)state;
    if (!corpus_path("csv/spectrum-csvs")) {
        corpus_skip("csv-spectrum");
    }
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        HW_AUTO(hw_buf) csv = {0};
        HW_AUTO(hw_buf) json = {0};
        json_error_t fault;
        assert_row_int(texts[i].name, spectrum_read("spectrum-csvs", texts[i].name, "csv", &csv), true);
        assert_row_int(texts[i].name, spectrum_read("spectrum-json", texts[i].name, "json", &json), true);
        json_t *want = json_loadb((const char *)json.data, json.size, 0, &fault);
        assert_row_int(texts[i].name, want != NULL, true);
        text_check(texts[i].name, texts[i].differs, text_put(&room, hw_buf_view(&csv), 0, '"'), want);
        json_decref(want);
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_say_what_others_read)};
    return cmocka_run_group_tests_name("csv/parser_spectrum", tests, NULL, NULL);
}
