/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text's layout, types and rows. The types that all of the text tells take all of its values; a text that is parsed
 * in blocks has the rows that it has in one; a given schema sorts out bad records, whatever they are. First three bytes:
 * options, size of the blocks, and how the text is written.
 */
#include "csv/parser.h"

#include "csv/layout.h"
#include "fuzz/fuzz.h"

struct counts {
    size_t rows;
    size_t bad;
    size_t records;
    uint64_t lines;
};

static void bad_check(const struct hw_csv_block *block, const struct hw_csv_parser_options *options, hw_view text) {
    for (size_t i = 0; i < block->bad_count; i++) {
        const struct hw_csv_bad *bad = &block->bad[i];
        struct hw_error err = HW_ERROR_INIT;
        FUZZ_CHECK((size_t)bad->offset + bad->bytes <= text.size);
        FUZZ_CHECK(bad->at >= bad->offset && bad->at <= bad->offset + bad->bytes);
        FUZZ_CHECK(i == 0 || block->bad[i - 1].record < bad->record);
        FUZZ_CHECK(hw_csv_bad_fail(bad, options, text.data, &err) == HW_EDATA);
        FUZZ_CHECK(err.line >= 1 && err.offset >= bad->offset && err.message[0] != '\0');
    }
}

static void columns_check(const struct hw_batch *batch) {
    for (size_t i = 0; i < batch->schema->count; i++) {
        const struct hw_column *column = &batch->columns[i];
        size_t nulls = 0;
        for (size_t row = 0; row < batch->rows; row++) {
            nulls += !hw_column_valid(column, row);
            FUZZ_CHECK(!column->offsets || column->offsets[row] <= column->offsets[row + 1]);
        }
        FUZZ_CHECK(nulls == column->null_count);
    }
}

/* Parses all of `text` in blocks of at least `bytes` bytes; false where something misfits. */
static bool text_parse(const struct hw_csv_parser_options *options, hw_view text, size_t bytes, struct counts *out) {
    struct hw_csv_parser *parser;
    struct hw_csv_block block = {0};
    size_t wanted = bytes;
    *out = (struct counts){0};
    FUZZ_CHECK(hw_csv_parser_new(options, &parser, NULL) == HW_OK);
    for (size_t at = 0; at < text.size;) {
        size_t size = hw_min_size(text.size - at, wanted);
        bool at_end = at + size == text.size;
        hw_view piece = fuzz_text(text.data + at, size);
        FUZZ_CHECK(hw_csv_parser_run(parser, piece.data, size, at_end, &block, NULL) == HW_OK);
        FUZZ_CHECK(block.records == block.batch.rows + block.bad_count && block.consumed <= size);
        bad_check(&block, options, piece);
        if (!hw_csv_parser_misfit(parser)) {
            columns_check(&block.batch);
        }
        fuzz_text_free(piece);
        out->rows += block.batch.rows;
        out->bad += block.bad_count;
        out->records += block.records;
        out->lines += block.lines;
        at += block.consumed;
        wanted = block.consumed > 0 ? bytes : wanted * 2;
        if (at_end) {
            FUZZ_CHECK(at == text.size || block.open_quote);
            break;
        }
    }
    bool misfit = hw_csv_parser_misfit(parser);
    hw_csv_parser_free(parser);
    return !misfit;
}

static void types_give(struct hw_schema *schema) {
    static const struct hw_type types[] = {
        {.kind = HW_KIND_INT64}, {.kind = HW_KIND_TEXT}, {.kind = HW_KIND_DECIMAL, .precision = 9, .scale = 3},
        {.kind = HW_KIND_BOOL},  {.kind = HW_KIND_DATE}, {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
        {.kind = HW_KIND_UUID},  {.kind = HW_KIND_NULL}, {.kind = HW_KIND_DOUBLE},
    };
    for (size_t i = 0; i < schema->count; i++) {
        schema->fields[i].type = types[i % COUNT_OF(types)];
        schema->fields[i].required = i % 2 == 0;
    }
}

static void body_check(struct hw_csv_layout *layout, const struct hw_csv_options *csv, hw_view body, size_t bytes) {
    struct hw_csv_profile *profiles = malloc(layout->schema.count * sizeof(*profiles));
    FUZZ_CHECK(profiles);
    for (size_t i = 0; i < layout->schema.count; i++) {
        profiles[i] = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
    }
    FUZZ_CHECK(hw_csv_layout_observe(layout, csv, body, true, profiles, NULL) == HW_OK);
    hw_csv_layout_types(layout, csv, profiles);
    free(profiles);
    struct hw_csv_parser_options options = {
        .dialect = layout->dialect,
        .schema = &layout->schema,
        .pad = csv->bad_rows_pad,
        .null_values = csv->null_values,
        .null_values_count = csv->null_values_count,
        .null_quoted = csv->null_quoted,
        .spelling = hw_csv_spelling_of(csv),
    };
    struct counts whole;
    struct counts blocks;
    FUZZ_CHECK(text_parse(&options, body, hw_max_size(body.size, 1), &whole));
    FUZZ_CHECK(text_parse(&options, body, bytes, &blocks));
    FUZZ_CHECK(whole.rows == blocks.rows && whole.bad == blocks.bad && whole.lines == blocks.lines);
    types_give(&layout->schema);
    options.fixed = true;
    FUZZ_CHECK(text_parse(&options, body, bytes, &blocks));
    FUZZ_CHECK(blocks.records == whole.records && blocks.bad >= whole.bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const yes[] = {"yes", "1", "x"};
    static const char *const no[] = {"no", "0"};
    static const char *const null_values[] = {"NA", "\"x\"", "0", "common"};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_csv_layout layout;
    uint8_t choice = fuzz_byte(&data, &size);
    uint8_t more = fuzz_byte(&data, &size);
    uint8_t written = fuzz_byte(&data, &size);
    const struct hw_csv_options csv = {
        .header = (enum hw_csv_header)(choice % 3),
        .bad_rows_pad = choice & 4,
        .escape = choice & 8 ? '\\' : '\0',
        .comment = choice & 16 ? '#' : '\0',
        .decimals = choice & 32 ? HW_CSV_DECIMALS_PREFER : HW_CSV_DECIMALS_EXACT,
        .null_values = null_values,
        .null_values_count = choice & 64 ? COUNT_OF(null_values) : 0,
        .no_quotes = choice & 128,
        .skip_lines = more & 128 ? 1 : 0,
        .trim = more & 1,
        .decimal_comma = more & 2,
        .thousands = more & 2   ? '.'
                     : more & 4 ? ','
                                : '\0',
        .true_values = yes,
        .false_values = no,
        .true_values_count = more & 8 ? COUNT_OF(yes) : 0,
        .false_values_count = more & 8 ? COUNT_OF(no) : 0,
        .date_format = more & 16 ? "%d/%m/%Y" : NULL,
        .escapes = (enum hw_csv_escapes)(written % 4),
        .quotes_lenient = written & 4,
        .trailing_delimiter = written & 8,
        .delimiter = written & 16 ? ':' : '\0',
        .delimiter_blanks = (written & (16 | 32)) == (16 | 32),
        .delimiter_tail = written & 16 ? ":" : NULL,
        .comment_tail = written & 32 ? "/" : NULL,
        .skip_after_header = written & 64 ? 1 : 0,
        .null_quoted = written & 128,
        .timestamp_format = more & 32 ? "%d/%m/%Y %I:%M:%S.%f%p%z" : NULL,
    };
    hw_view text = fuzz_text(data, size);
    enum hw_status status = hw_csv_layout_find(&(struct hw_csv_head){text, true, "x"}, &csv, &arena, &layout, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EDATA || status == HW_ELIMIT || status == HW_EUSAGE);
    if (status == HW_OK) {
        FUZZ_CHECK(layout.body_offset <= size && layout.schema.count > 0);
        hw_view body = fuzz_text(text.data + layout.body_offset, size - layout.body_offset);
        body_check(&layout, &csv, body, 1 + more % 128);
        fuzz_text_free(body);
    }
    fuzz_text_free(text);
    return 0;
}
