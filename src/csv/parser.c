/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/parser.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "csv/checks.h"
#include "csv/encoding_guess.h"
#include "csv/hint.h"
#include "csv/scan.h"
#include "csv/scan_exact.h"

struct hw_csv_parser {
    struct hw_csv_parser_options options;
    struct hw_csv_spelling spelling_inferred; /* of columns whose types are not given */
    struct hw_csv_nulls nulls;
    struct hw_csv_nulls *own_nulls; /* one for each column; NULL: none has nulls of its own */
    struct hw_csv_index index;
    struct hw_csv_rows rows;
    struct hw_csv_column_state *states;
    struct hw_column *columns;
    struct hw_csv_profile *profiles; /* what hw_csv_parser_profiles hands out */
    bool misfit;
    size_t rows_max;                   /* rows of a block at most */
    struct hw_csv_checks *checks;      /* NULL: no constraints */
    struct hw_csv_block_columns block; /* the columns of the block in work */
    struct hw_buf values, text, scratch, wrong, misfits, states_before;
};

static enum hw_status table_set(struct hw_csv_parser *parser, const struct hw_csv_parser_options *options,
                                struct hw_error *err);
static const struct hw_csv_spelling *spelling_of(const struct hw_csv_parser *parser, size_t column);
static enum hw_status nulls_set(struct hw_csv_parser *parser, size_t column, struct hw_error *err);
static void table_drop(struct hw_csv_parser *parser);

enum hw_status hw_csv_parser_new(const struct hw_csv_parser_options *options, struct hw_csv_parser **out_parser,
                                 struct hw_error *err) {
    struct hw_csv_parser *parser = hw_alloc_zero(1, sizeof(*parser));
    if (!parser) {
        return hw_fail_nomem(err, sizeof(*parser));
    }
    parser->rows_max = SIZE_MAX;
    parser->text.limit = parser->values.limit = HW_MIB(1900); /* offsets are 32 bits wide */
    enum hw_status status = table_set(parser, options, err);
    if (status != HW_OK) {
        hw_csv_parser_free(parser);
        return status;
    }
    *out_parser = parser;
    return HW_OK;
}

enum hw_status hw_csv_parser_turn(struct hw_csv_parser *parser, const struct hw_csv_parser_options *options,
                                  struct hw_error *err) {
    const struct hw_csv_parser_options *now = &parser->options;
    bool same_columns = options->schema == now->schema && options->fixed == now->fixed;
    same_columns &= options->dialect.trim == now->dialect.trim;
    const bool same_nulls = options->null_values == now->null_values &&
                            options->null_values_count == now->null_values_count &&
                            options->null_quoted == now->null_quoted;
    if (same_columns && same_nulls && options->constraints == now->constraints) {
        parser->options = *options;
        return HW_OK;
    }
    table_drop(parser);
    return table_set(parser, options, err);
}

/* Makes all that depends on the columns of the table. */
static enum hw_status table_set(struct hw_csv_parser *parser, const struct hw_csv_parser_options *options,
                                struct hw_error *err) {
    const struct hw_csv_constraint *asked = options->constraints ? options->constraints->columns : NULL;
    const size_t count = options->schema->count;
    parser->options = *options;
    parser->spelling_inferred = hw_csv_spelling_inferred(&options->spelling);
    HW_TRY(hw_csv_nulls_init(&parser->nulls, options->null_values, options->null_values_count, err));
    parser->nulls.quoted = options->null_quoted;
    parser->states = hw_alloc_zero(count, sizeof(*parser->states));
    parser->columns = hw_alloc_zero(count, sizeof(*parser->columns));
    parser->profiles = hw_alloc_zero(count, sizeof(*parser->profiles));
    if (!parser->states || !parser->columns || !parser->profiles) {
        return hw_fail_nomem(err, count * sizeof(*parser->states));
    }
    for (size_t i = 0; i < count; i++) {
        parser->states[i].type = options->schema->fields[i].type;
        parser->states[i].required = options->schema->fields[i].required;
        parser->states[i].type_given = options->fixed || (asked && asked[i].given);
        parser->states[i].spelling = spelling_of(parser, i);
        HW_TRY(nulls_set(parser, i, err));
    }
    if (options->constraints && options->constraints->columns) {
        HW_TRY(hw_csv_checks_new(options->schema, options->constraints, options->unique, &parser->checks, err));
    }
    hw_csv_parser_forget(parser);
    return HW_OK;
}

/*
 * A schema may say how the values of a column are written. NULL: in the common form, without blanks
 * around quotes.
 */
static const struct hw_csv_spelling *spelling_of(const struct hw_csv_parser *parser, size_t column) {
    const struct hw_csv_constraints *constraints = parser->options.constraints;
    const bool given = constraints && constraints->columns && constraints->columns[column].spelling;
    const struct hw_csv_spelling *all =
        parser->states[column].type_given ? &parser->options.spelling : &parser->spelling_inferred;
    const struct hw_csv_spelling *own = given ? constraints->columns[column].spelling : all;
    return hw_csv_spelling_is_common(own) && !parser->options.dialect.trim ? NULL : own;
}

/* Says which texts are null in a column. A schema may say it of the column alone. */
static enum hw_status nulls_set(struct hw_csv_parser *parser, size_t column, struct hw_error *err) {
    const struct hw_csv_constraints *constraints = parser->options.constraints;
    const size_t count = parser->options.schema->count;
    const struct hw_csv_null_words *own =
        constraints && constraints->columns ? constraints->columns[column].nulls : NULL;
    parser->states[column].nulls = parser->options.null_values_count > 0 ? &parser->nulls : NULL;
    if (!own) {
        return HW_OK;
    }
    if (!parser->own_nulls) {
        parser->own_nulls = hw_alloc_zero(count, sizeof(*parser->own_nulls));
    }
    if (!parser->own_nulls) {
        return hw_fail_nomem(err, count * sizeof(*parser->own_nulls));
    }
    HW_TRY(hw_csv_nulls_init(&parser->own_nulls[column], own->texts, own->count, err));
    parser->own_nulls[column].quoted = own->quoted;
    parser->states[column].nulls = &parser->own_nulls[column];
    return HW_OK;
}

static void table_drop(struct hw_csv_parser *parser) {
    for (size_t i = 0; parser->own_nulls && i < parser->options.schema->count; i++) {
        hw_csv_nulls_release(&parser->own_nulls[i]);
    }
    hw_free(parser->own_nulls);
    parser->own_nulls = NULL;
    hw_csv_nulls_release(&parser->nulls);
    hw_csv_checks_free(parser->checks);
    hw_free(parser->states);
    hw_free(parser->columns);
    hw_free(parser->profiles);
    parser->checks = NULL;
    parser->states = NULL;
    parser->columns = NULL;
    parser->profiles = NULL;
}

void hw_csv_parser_free(struct hw_csv_parser *parser) {
    if (!parser) {
        return;
    }
    table_drop(parser);
    hw_csv_index_release(&parser->index);
    hw_csv_rows_release(&parser->rows);
    hw_buf_release(&parser->values);
    hw_buf_release(&parser->text);
    hw_buf_release(&parser->scratch);
    hw_buf_release(&parser->wrong);
    hw_buf_release(&parser->misfits);
    hw_buf_release(&parser->states_before);
    hw_free(parser);
}

/* The columns that are parsed together. */
enum set { SET_GIVEN, SET_INFERRED };

static void block_shorten(struct hw_csv_parser *parser, const char *data);
static enum hw_status block_begin(struct hw_csv_parser *parser, const char *data, struct hw_error *err);
static enum hw_status columns_parse(struct hw_csv_parser *parser, enum set set, struct hw_error *err);
static enum hw_status column_parse(struct hw_csv_parser *parser, size_t column, struct hw_error *err);
static enum hw_status inferred_parse(struct hw_csv_parser *parser, const char *data, struct hw_error *err);
static enum hw_status wrong_leave(struct hw_csv_parser *parser, const char *data, struct hw_error *err);
static enum hw_status wrong_check(const struct hw_csv_parser *parser, struct hw_error *err);
static enum hw_status wrong_drop(struct hw_csv_parser *parser, const char *data, struct hw_error *err);
static void bad_lines_count(struct hw_csv_parser *parser, const char *data);

enum hw_status hw_csv_parser_run(struct hw_csv_parser *parser, const char *data, size_t bytes, bool at_end,
                                 struct hw_csv_block *out_block, struct hw_error *err) {
    const struct hw_csv_parser_options *options = &parser->options;
    struct hw_csv_index *index = &parser->index;

    HW_TRY(hw_csv_index_run(index, &options->dialect, data, bytes, at_end, err));
    HW_TRY(hw_csv_rows_make(&parser->rows, index, &options->dialect, data, options->schema->count, options->pad, err));
    block_shorten(parser, data);
    HW_TRY(block_begin(parser, data, err));
    HW_TRY(columns_parse(parser, SET_GIVEN, err));
    HW_TRY(wrong_leave(parser, data, err));
    if (parser->checks && options->constraints->unique) {
        HW_TRY(hw_csv_checks_unique(parser->checks, &parser->rows, parser->columns, &parser->wrong, err));
        HW_TRY(wrong_leave(parser, data, err));
    }
    /* Rows that are bad for a given type are gone: nothing of them counts for the other columns. */
    HW_TRY(inferred_parse(parser, data, err));
    bad_lines_count(parser, data);
    *out_block = (struct hw_csv_block){
        .batch = {.schema = options->schema, .rows = parser->rows.count, .columns = parser->columns},
        .consumed = index->record_starts[index->records],
        .lines = index->lines,
        .records = parser->rows.count + parser->rows.bad_count,
        .bad = parser->rows.bad,
        .bad_count = parser->rows.bad_count,
        .misfits = (const struct hw_csv_misfit *)(const void *)parser->misfits.data,
        .misfits_count = parser->misfits.size / sizeof(struct hw_csv_misfit),
        .open_quote = index->open_quote,
    };
    return HW_OK;
}

void hw_csv_parser_set_rows_max(struct hw_csv_parser *parser, size_t rows_max) {
    parser->rows_max = rows_max;
}

/* Takes the records behind the last row that is wanted out of the block. */
static void block_shorten(struct hw_csv_parser *parser, const char *data) {
    struct hw_csv_rows *rows = &parser->rows;
    struct hw_csv_index *index = &parser->index;
    assert(parser->rows_max > 0);
    if (rows->count < parser->rows_max) {
        return;
    }
    const size_t last = parser->rows_max - 1;
    const size_t records = rows->records ? rows->records[last] + (size_t)1 : parser->rows_max;
    if (records == index->records) {
        return;
    }
    hw_csv_rows_shorten(rows, parser->rows_max, records);
    index->records = records;
    index->lines = hw_csv_line_at(&parser->options.dialect, data, index->record_starts[records]) - 1;
    index->open_quote = false;
}

static bool left_out(const struct hw_csv_parser *parser, size_t column) {
    const struct hw_csv_constraints *constraints = parser->options.constraints;
    return constraints && constraints->columns && constraints->columns[column].left_out;
}

/* Makes room for the values of all columns. */
static enum hw_status block_begin(struct hw_csv_parser *parser, const char *data, struct hw_error *err) {
    parser->block = (struct hw_csv_block_columns){
        .dialect = &parser->options.dialect,
        .rows = &parser->rows,
        .data = data,
        .values = &parser->values,
        .text = &parser->text,
        .scratch = &parser->scratch,
        .wrong = &parser->wrong,
    };
    size_t values_bytes = 0;
    for (size_t i = 0; i < parser->options.schema->count; i++) {
        if (!left_out(parser, i)) {
            values_bytes += hw_csv_column_bytes(parser->states[i].type, parser->rows.count);
        }
    }
    size_t text_bytes = parser->index.record_starts[parser->index.records] + HW_BATCH_PADDING;
    HW_TRY(hw_buf_resize(&parser->values, values_bytes, err));
    hw_buf_clear(&parser->misfits);
    return hw_buf_resize(&parser->text, text_bytes, err);
}

/* Parses the columns of a set; those of SET_GIVEN may be parsed again, before the others are. */
static enum hw_status columns_parse(struct hw_csv_parser *parser, enum set set, struct hw_error *err) {
    const struct hw_schema *schema = parser->options.schema;
    if (set == SET_GIVEN) {
        parser->block.values_used = parser->block.text_used = 0;
        hw_buf_clear(&parser->wrong);
    }
    for (size_t i = 0; i < schema->count; i++) {
        if (parser->states[i].type_given != (set == SET_GIVEN) || left_out(parser, i)) {
            continue;
        }
        enum hw_status status = column_parse(parser, i, err);
        if (status != HW_OK) {
            hw_error_column(err, schema->fields[i].name, strlen(schema->fields[i].name));
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status column_parse(struct hw_csv_parser *parser, size_t column, struct hw_error *err) {
    struct hw_csv_column_state *state = &parser->states[column];
    const bool fitted = !state->misfit;
    HW_TRY(hw_csv_column_parse(&parser->block, column, state, &parser->columns[column], err));
    if (parser->checks) {
        HW_TRY(
            hw_csv_checks_column(parser->checks, &parser->rows, column, &parser->columns[column], &parser->wrong, err));
    }
    if (state->misfit && fitted) {
        HW_TRY(hw_buf_append(&parser->misfits, &state->first_misfit, sizeof(state->first_misfit), err));
        parser->misfit = true;
    }
    return HW_OK;
}

/*
 * Parses the columns whose types are inferred. An escape that is not clear makes its record bad
 * here too: then they are parsed again without it, as if it had not been there.
 */
static enum hw_status inferred_parse(struct hw_csv_parser *parser, const char *data, struct hw_error *err) {
    const struct hw_csv_dialect *dialect = &parser->options.dialect;
    const bool unclear = dialect->escape != '\0';
    const size_t states_bytes = parser->options.schema->count * sizeof(*parser->states);
    const bool misfit = parser->misfit;
    hw_buf_clear(&parser->states_before);
    if (unclear) {
        HW_TRY(hw_buf_append(&parser->states_before, parser->states, states_bytes, err));
    }
    HW_TRY(columns_parse(parser, SET_INFERRED, err));
    if (unclear && parser->wrong.size > 0) {
        memcpy(parser->states, parser->states_before.data, states_bytes);
        parser->misfit = misfit;
        hw_buf_clear(&parser->misfits);
        HW_TRY(wrong_leave(parser, data, err));
        HW_TRY(columns_parse(parser, SET_INFERRED, err));
    }
    return wrong_check(parser, err);
}

static enum hw_status wrong_check(const struct hw_csv_parser *parser, struct hw_error *err) {
    return parser->wrong.size == 0 ? HW_OK : hw_fail(err, HW_EFAILED, "rows that the schema forbids are still there");
}

/*
 * Drops the rows that the schema forbids, and parses the others again without them. This is rare,
 * so it is plain.
 */
static enum hw_status wrong_leave(struct hw_csv_parser *parser, const char *data, struct hw_error *err) {
    if (parser->wrong.size > 0) {
        HW_TRY(wrong_drop(parser, data, err));
        HW_TRY(columns_parse(parser, SET_GIVEN, err));
    }
    return wrong_check(parser, err);
}

/* Appends to `out` the bad records that rows with a wrong field become, in their order. */
static enum hw_status wrong_bad(const struct hw_csv_parser *parser, const struct hw_csv_wrong *const *by_row,
                                const char *data, struct hw_buf *out, struct hw_error *err) {
    for (uint32_t row = 0; row < parser->rows.count; row++) {
        if (!by_row[row]) {
            continue;
        }
        uint32_t record = parser->rows.records ? parser->rows.records[row] : row;
        hw_view text = hw_csv_record_text(&parser->index, data, record);
        struct hw_csv_bad bad = {
            .reason = by_row[row]->reason,
            .record = record,
            .offset = parser->index.record_starts[record],
            .bytes = (uint32_t)text.size,
            .at = by_row[row]->offset,
            .column = by_row[row]->column,
        };
        HW_TRY(hw_buf_append(out, &bad, sizeof(bad), err));
    }
    return HW_OK;
}

/* Takes out the rows that have wrong fields. The leftmost wrong field is the reason. */
static enum hw_status wrong_drop(struct hw_csv_parser *parser, const char *data, struct hw_error *err) {
    const struct hw_csv_wrong *wrong = (const struct hw_csv_wrong *)(const void *)parser->wrong.data;
    size_t rows = parser->rows.count;
    HW_AUTO(hw_buf) bad = {0};
    const struct hw_csv_wrong **by_row = hw_alloc_zero(rows, sizeof(const struct hw_csv_wrong *));
    if (!by_row) {
        return hw_fail_nomem(err, rows * sizeof(*by_row));
    }
    /* They were found column by column, so the first that names a row is the leftmost. */
    for (size_t i = parser->wrong.size / sizeof(*wrong); i-- > 0;) {
        by_row[wrong[i].row] = &wrong[i];
    }
    enum hw_status status = wrong_bad(parser, by_row, data, &bad, err);
    hw_free(by_row);
    HW_TRY(status);
    return hw_csv_rows_drop(&parser->rows, (const struct hw_csv_bad *)(const void *)bad.data,
                            bad.size / sizeof(struct hw_csv_bad), err);
}

/* Counts the lines of all bad records in one pass: a block may hold thousands of them. */
static void bad_lines_count(struct hw_csv_parser *parser, const char *data) {
    uint64_t line = 1;
    size_t at = 0;
    for (size_t i = 0; i < parser->rows.bad_count; i++) {
        struct hw_csv_bad *bad = &parser->rows.bad[i];
        line += hw_csv_line_at(&parser->options.dialect, data + at, bad->offset - at) - 1;
        at = bad->offset;
        bad->line = (uint32_t)line;
    }
}

bool hw_csv_parser_misfit(const struct hw_csv_parser *parser) {
    return parser->misfit;
}

const struct hw_csv_profile *hw_csv_parser_profiles(struct hw_csv_parser *parser) {
    for (size_t i = 0; i < parser->options.schema->count; i++) {
        parser->profiles[i] = parser->states[i].profile;
    }
    return parser->profiles;
}

void hw_csv_parser_forget(struct hw_csv_parser *parser) {
    for (size_t i = 0; i < parser->options.schema->count; i++) {
        parser->states[i].profile = (struct hw_csv_profile)HW_CSV_PROFILE_INIT;
        parser->states[i].misfit = false;
    }
    parser->misfit = false;
}

size_t hw_csv_parser_held(const struct hw_csv_parser *parser) {
    const struct hw_csv_rows *rows = &parser->rows;
    return parser->values.capacity + parser->text.capacity + parser->scratch.capacity + parser->wrong.capacity +
           parser->misfits.capacity + parser->states_before.capacity +
           (parser->index.ends_capacity + 2 * parser->index.records_capacity) * sizeof(uint32_t) +
           rows->own_ends.capacity + rows->own_starts.capacity + rows->own_records.capacity + rows->own_bad.capacity;
}

uint64_t hw_csv_line_at(const struct hw_csv_dialect *dialect, const char *data, size_t offset) {
    uint64_t line = 1;
    const char *at = data;
    const char *end = data + offset;
    while (at < end && (at = memchr(at, dialect->end, (size_t)(end - at))) != NULL) {
        line++;
        at++;
    }
    return line;
}

/* Returns the field of a bad record that begins at bad->at, for the message. */
static hw_view field_text(const struct hw_csv_bad *bad, const struct hw_csv_dialect *dialect, const char *data) {
    struct hw_csv_exact exact = hw_csv_exact_start(dialect);
    const char *end = data + bad->offset + bad->bytes;
    const char *at = data + bad->at;
    hw_csv_exact_begin_field(&exact);
    while (at < end && hw_csv_exact_step(&exact, at, end) == HW_CSV_EVENT_NONE) {
        at++;
    }
    return (hw_view){data + bad->at, (size_t)(at - (data + bad->at))};
}

/* Makes the message of a field that the schema forbids. */
static enum hw_status wrong_fail(const struct hw_csv_bad *bad, const struct hw_csv_parser_options *options,
                                 const char *data, struct hw_error *err) {
    const struct hw_field *field = &options->schema->fields[bad->column];
    char quoted[HW_QUOTE_BYTES];
    char expected[320]; /* with what was found, within an error's message */
    hw_view text = field_text(bad, &options->dialect, data);
    hw_type_format(field->type, expected, sizeof(expected));
    if (bad->reason == HW_CSV_NULL_REQUIRED) {
        hw_error_set_at(err, HW_EDATA, bad->at, "found no value, the schema says required %s", expected);
    } else if (bad->reason == HW_CSV_UNCLEAR_ESCAPE) {
        hw_error_set_at(err, HW_EDATA, bad->at,
                        "found %s, in which the escape has more than one meaning: --escape-style literal, mysql or "
                        "postgres says which",
                        hw_quote(text.data, text.size, quoted, sizeof(quoted)));
    } else {
        if (bad->reason != HW_CSV_WRONG_TYPE) {
            hw_csv_constraint_expects(&options->constraints->columns[bad->column], bad->reason, expected,
                                      sizeof(expected));
        }
        hw_error_set_at(err, HW_EDATA, bad->at, "found %s, expected %s",
                        hw_quote(text.data, text.size, quoted, sizeof(quoted)), expected);
    }
    hw_error_column(err, field->name, strlen(field->name));
    return HW_EDATA;
}

/*
 * Makes the message of bytes that are no UTF-8. Beside what is known of the whole text, only the
 * record itself is looked at, so that the message is the same however the text is cut.
 */
static void encoding_fail(const struct hw_csv_bad *bad, const char *looks_like, const char *data,
                          struct hw_error *err) {
    const hw_view record = {data + bad->offset, bad->bytes};
    const char *name = looks_like ? looks_like : hw_csv_encoding_guess(record);
    hw_error_set_at(err, HW_EDATA, bad->at, "found the byte 0x%02x, expected UTF-8: this looks like %s (--encoding %s)",
                    (unsigned)(uint8_t)data[bad->at], name, name);
}

static const char *bad_hint(const struct hw_csv_bad *bad, const struct hw_csv_parser_options *options,
                            const char *data) {
    const struct hw_schema *schema = options->schema;
    char made_up[32];
    snprintf(made_up, sizeof(made_up), "column_%zu", schema->count);
    const struct hw_csv_fault fault = {
        .reason = bad->reason,
        .dialect = &options->dialect,
        .record = {data + bad->offset, bad->bytes},
        .at = bad->at > bad->offset ? bad->at - bad->offset : 0,
        .found = bad->found,
        .columns = schema->count,
        .preamble_lines = options->preamble_lines,
        .last_unnamed = strcmp(schema->fields[schema->count - 1].name, made_up) == 0,
    };
    return hw_csv_hint(&fault);
}

enum hw_status hw_csv_bad_fail(const struct hw_csv_bad *bad, const struct hw_csv_parser_options *options,
                               const char *data, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    switch (bad->reason) {
    case HW_CSV_TOO_FEW_FIELDS:
    case HW_CSV_TOO_MANY_FIELDS:
        hw_error_set_at(err, HW_EDATA, bad->offset, "found %s, expected %zu", HW_COUNT(bad->found, "field"),
                        options->schema->count);
        break;
    case HW_CSV_NOT_UTF8:
        encoding_fail(bad, options->looks_like, data, err);
        break;
    case HW_CSV_AFTER_QUOTE:
        hw_error_set_at(err, HW_EDATA, bad->at,
                        "found %s after a closing quote, expected a delimiter or the end of the record",
                        hw_quote(data + bad->at, 1, quoted, sizeof(quoted)));
        break;
    case HW_CSV_OPEN_QUOTE:
        hw_error_set_at(err, HW_EDATA, bad->offset,
                        "the text ends inside quotes, expected a closing quote in the record that begins here");
        break;
    case HW_CSV_FIELD_TOO_LONG:
        hw_error_set_at(err, HW_EDATA, bad->offset, "field %u is longer than %" PRIu64 " bytes", bad->column + 1,
                        (uint64_t)HW_CSV_FIELD_BYTES_MAX);
        break;
    default:
        wrong_fail(bad, options, data, err);
        break;
    }
    if (err) {
        err->line = (int64_t)hw_csv_line_at(&options->dialect, data, bad->at > bad->offset ? bad->at : bad->offset);
        err->hint = bad_hint(bad, options, data);
    }
    return HW_EDATA;
}
