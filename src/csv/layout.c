/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/layout.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "csv/dialect_detect.h"
#include "csv/encoding_guess.h"
#include "csv/field.h"
#include "csv/header_detect.h"
#include "csv/hint.h"
#include "csv/parser.h"
#include "csv/preamble.h"
#include "csv/scan.h"
#include "core/utf8_valid.h"
#include "table/batch.h"
#include "table/schema.h"

/* A record that is no blank line and no comment. */
struct first_record {
    size_t number;   /* its number in the index */
    hw_view *fields; /* as they stand, quotes included */
    size_t count;
    size_t all;   /* the number of its fields, of which some may be left out of `fields` */
    hw_view text; /* without its end */
    size_t offset;
    size_t next; /* offset at which the record after it begins */
};

/* The head of a text, where its first records lie. */
struct look {
    hw_view text; /* what follows the prefix */
    bool whole;   /* it is all of the text */
    const struct hw_csv_dialect *dialect;
    const struct hw_csv_index *index;
    struct hw_arena *arena;
};

/* The records to take: number `from` or a later one, after `skip` records, and its first fields. */
struct wanted {
    size_t from;
    size_t skip;
    size_t fields_max;
};

static enum hw_status first_record_find(const struct look *look, size_t columns_max, struct first_record *out_first,
                                        struct hw_error *err);
static enum hw_status record_take(const struct look *look, struct wanted wanted, struct first_record *out_record,
                                  struct hw_error *err);
static enum hw_status first_record_lacks(const struct look *look, struct hw_error *err);
static enum hw_status body_find(const struct look *look, const struct hw_csv_options *options,
                                const struct first_record *first, bool header, size_t *out_body, struct hw_error *err);
static void fields_trim(struct first_record *first, const struct hw_csv_dialect *dialect);
static enum hw_status header_take(hw_view text, const struct first_record *first, struct hw_csv_layout *layout,
                                  struct hw_arena *arena, struct hw_error *err);
static enum hw_status schema_make(hw_view *names, size_t count, struct hw_arena *arena, struct hw_schema *out_schema,
                                  struct hw_error *err);
static enum hw_status header_decide(const struct first_record *first, const struct first_record *second, bool named,
                                    struct hw_arena *arena, struct hw_csv_layout *layout, bool *out_header,
                                    struct hw_error *err);
static enum hw_status names_given(const struct hw_csv_options *options, struct hw_csv_layout *layout,
                                  struct hw_arena *arena, struct hw_error *err);
static enum hw_status delimiter_note(char rival, bool asked, struct hw_arena *arena, struct hw_csv_layout *layout,
                                     struct hw_error *err);

enum hw_status hw_csv_layout_find(const struct hw_csv_head *head, const struct hw_csv_options *options,
                                  struct hw_arena *arena, struct hw_csv_layout *out_layout, struct hw_error *err) {
    const hw_view sample = head->bytes;
    struct hw_csv_layout layout = {0};
    struct first_record first;
    struct first_record second;
    HW_AUTO(hw_csv_index) index = {0};
    char rival;

    HW_TRY(hw_csv_dialect_detect(head, options, &layout.dialect, &rival, err));
    HW_TRY(delimiter_note(rival, options->delimiter_blanks, arena, &layout, err));
    hw_view text = {sample.data + layout.dialect.prefix, sample.size - layout.dialect.prefix};
    HW_TRY(hw_csv_index_run(&index, &layout.dialect, text.data, text.size, head->whole, err));
    const struct look look = {text, head->whole, &layout.dialect, &index, arena};
    HW_TRY(first_record_find(&look, hw_csv_columns_max(options), &first, err));

    fields_trim(&first, &layout.dialect);
    bool header = options->header == HW_CSV_HEADER_YES;
    HW_TRY(schema_make(NULL, first.count, arena, &layout.schema, err));
    if (options->header == HW_CSV_HEADER_AUTO) {
        const struct wanted wanted = {first.number + 1, options->skip_after_header, first.count};
        HW_TRY(record_take(&look, wanted, &second, err));
        fields_trim(&second, &layout.dialect);
        HW_TRY(header_decide(&first, &second, options->names_count > 0, arena, &layout, &header, err));
    }
    if (header) {
        HW_TRY(header_take(text, &first, &layout, arena, err));
    }
    HW_TRY(names_given(options, &layout, arena, err));
    size_t body;
    HW_TRY(body_find(&look, options, &first, header, &body, err));
    layout.preamble_lines = header ? hw_csv_preamble_lines(&index, &layout.dialect, text) : 0;
    layout.body_offset = layout.dialect.prefix + body;
    layout.body_lines = layout.dialect.prefix_lines + hw_csv_line_at(&layout.dialect, text.data, body) - 1;
    *out_layout = layout;
    return HW_OK;
}

/* Takes blanks and tabs around fields off, where they are no part of them. */
static void fields_trim(struct first_record *first, const struct hw_csv_dialect *dialect) {
    for (size_t i = 0; dialect->trim && i < first->count; i++) {
        const hw_view as_it_stands = first->fields[i];
        const struct hw_csv_field trimmed =
            hw_csv_field_trim(dialect, (struct hw_csv_field){as_it_stands.data, (int32_t)as_it_stands.size, false});
        first->fields[i] = (hw_view){trimmed.text, (size_t)trimmed.size};
    }
}

/* Says where the fault is: `at` is an offset in `text`, which begins after the prefix. */
static void error_place(struct hw_error *err, const struct hw_csv_dialect *dialect, hw_view text, size_t at) {
    if (err) {
        err->offset = (int64_t)(dialect->prefix + at);
        err->line = (int64_t)(dialect->prefix_lines + hw_csv_line_at(dialect, text.data, at));
    }
}

/* Says what would help against a fault of the header, at `at` in it. */
static void hint_set(struct hw_error *err, const struct hw_csv_dialect *dialect, enum hw_csv_reason reason,
                     hw_view record, size_t at) {
    if (err) {
        err->hint = hw_csv_hint(
            &(struct hw_csv_fault){.reason = reason, .dialect = dialect, .record = record, .at = at, .header = true});
    }
}

static enum hw_status first_record_find(const struct look *look, size_t columns_max, struct first_record *out_first,
                                        struct hw_error *err) {
    struct first_record first;
    HW_TRY(record_take(look, (struct wanted){0, 0, columns_max}, &first, err));
    if (!first.fields) {
        return first_record_lacks(look, err);
    }
    if (first.all > columns_max) {
        hw_error_set(err, HW_ELIMIT, "found %zu columns, at most %zu are taken: --max-columns allows more", first.all,
                     columns_max);
        error_place(err, look->dialect, look->text, first.offset);
        return HW_ELIMIT;
    }
    *out_first = first;
    return HW_OK;
}

/*
 * Finds where the rows begin: behind the header and the records after it that are left out. Without
 * a header it is the start of the text, because blank lines before the first record may be rows.
 */
static enum hw_status body_find(const struct look *look, const struct hw_csv_options *options,
                                const struct first_record *first, bool header, size_t *out_body, struct hw_error *err) {
    struct first_record last;
    const size_t skip = options->skip_after_header;
    if (!header && skip > 0) {
        return hw_fail(err, HW_EUSAGE,
                       "there is no header after which records could be left out (--skip-after-header): with "
                       "--header yes the first record is one");
    }
    if (!header || skip == 0) {
        *out_body = header ? first->next : 0;
        return HW_OK;
    }
    HW_TRY(record_take(look, (struct wanted){first->number + 1, skip - 1, 1}, &last, err));
    if (!last.fields && !look->whole) {
        return hw_fail(err, HW_ELIMIT, "the records after the header do not end within %zu bytes", look->text.size);
    }
    *out_body = last.fields ? last.next : look->index->record_starts[look->index->records];
    return HW_OK;
}

/*
 * Takes a record that is neither blank nor a comment; such are not counted among those to skip.
 * `fields` are NULL where there is none.
 */
static enum hw_status record_take(const struct look *look, struct wanted wanted, struct first_record *out_record,
                                  struct hw_error *err) {
    const struct hw_csv_index *index = look->index;
    size_t record = wanted.from;
    hw_view line = {0};
    for (; record < index->records; record++) {
        line = hw_csv_record_text(index, look->text.data, record);
        if (!hw_csv_is_blank(look->dialect, line) && !hw_csv_is_comment(look->dialect, line) && wanted.skip-- == 0) {
            break;
        }
    }
    *out_record = (struct first_record){.number = record};
    if (record >= index->records) {
        return HW_OK;
    }
    const size_t field = record > 0 ? index->record_fields[record - 1] : 0;
    const size_t all = hw_csv_record_fields(index, look->dialect, record);
    struct first_record taken = {
        .number = record,
        .all = all,
        .count = hw_min_size(all, wanted.fields_max),
        .text = line,
        .offset = index->record_starts[record],
        .next = index->record_starts[record + 1],
    };
    taken.fields = hw_arena_alloc(look->arena, taken.count * sizeof(hw_view));
    if (!taken.fields) {
        return hw_fail_nomem(err, taken.count * sizeof(hw_view));
    }
    size_t start = taken.offset;
    for (size_t i = 0; i < taken.count; i++) {
        taken.fields[i] = (hw_view){look->text.data + start, index->ends[field + i] - start};
        start = (size_t)index->ends[field + i] + 1 + look->dialect->delimiter_tail.count;
    }
    *out_record = taken;
    return HW_OK;
}

static enum hw_status first_record_lacks(const struct look *look, struct hw_error *err) {
    if (!look->whole) {
        return hw_fail(err, HW_ELIMIT, "the first record does not end within %zu bytes", look->text.size);
    }
    if (!look->index->open_quote) {
        return hw_fail_at(err, HW_EDATA, 0, "found no header, expected a record with the names of the columns");
    }
    const size_t start = look->index->record_starts[look->index->records];
    hw_error_set(err, HW_EDATA, "the text ends inside quotes in its first record");
    error_place(err, look->dialect, look->text, start);
    hint_set(err, look->dialect, HW_CSV_OPEN_QUOTE, (hw_view){look->text.data + start, look->text.size - start}, 0);
    return HW_EDATA;
}

/* Takes the quotes off a field of the header, which lies in `text`. */
static enum hw_status name_clean(hw_view text, hw_view field, const struct hw_csv_dialect *dialect,
                                 struct hw_arena *arena, hw_view *out_name, struct hw_error *err) {
    size_t at;
    if (field.size > HW_CSV_NAME_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "a column name has %zu bytes, at most %u are taken", field.size,
                       HW_CSV_NAME_BYTES_MAX);
    }
    if (!hw_utf8_valid(field, &at)) {
        const hw_view rest = {field.data, text.size - (size_t)(field.data - text.data)};
        const char *name = hw_csv_encoding_guess(rest);
        return hw_fail(err, HW_EDATA,
                       "a column name holds the byte 0x%02x, expected UTF-8: this looks like %s (--encoding %s)",
                       (unsigned)(uint8_t)field.data[at], name, name);
    }
    if (field.size > 0 && memchr(field.data, '\0', field.size)) {
        return hw_fail(err, HW_EDATA, "a column name holds a NUL byte");
    }
    const struct hw_csv_field whole = {field.data, (int32_t)field.size, field.size < 2};
    if (!hw_csv_field_quoted(dialect, whole) && !dialect->escape_everywhere) {
        *out_name = field;
        return HW_OK;
    }
    char *name = hw_arena_alloc(arena, field.size + 1);
    if (!name) {
        return hw_fail_nomem(err, field.size);
    }
    const size_t bytes = hw_csv_field_decode(dialect, whole, name);
    if (bytes == SIZE_MAX || (bytes > 0 && memchr(name, '\0', bytes))) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EDATA,
                       "a column name is %s, in which the escape has more than one meaning: --escape-style literal, "
                       "mysql or postgres says which",
                       hw_quote(field.data, field.size, quoted, sizeof(quoted)));
    }
    *out_name = (hw_view){name, bytes};
    return HW_OK;
}

static enum hw_status header_take(hw_view text, const struct first_record *first, struct hw_csv_layout *layout,
                                  struct hw_arena *arena, struct hw_error *err) {
    const struct hw_csv_dialect *dialect = &layout->dialect;
    hw_view *names = hw_arena_alloc(arena, first->count * sizeof(*names));
    char quoted[HW_QUOTE_BYTES];
    size_t at;
    if (!names) {
        return hw_fail_nomem(err, first->count * sizeof(*names));
    }
    if (hw_csv_record_malformed(dialect, first->text, &at)) {
        hw_error_set(err, HW_EDATA,
                     "header: found %s after a closing quote, expected a delimiter or the end of the record",
                     hw_quote(first->text.data + at, 1, quoted, sizeof(quoted)));
        error_place(err, dialect, text, first->offset + at);
        hint_set(err, dialect, HW_CSV_AFTER_QUOTE, first->text, at);
        return HW_EDATA;
    }
    for (size_t i = 0; i < first->count; i++) {
        enum hw_status status = name_clean(text, first->fields[i], dialect, arena, &names[i], err);
        if (status != HW_OK) {
            hw_error_prefix(err, "header, field %zu", i + 1);
            error_place(err, dialect, text, (size_t)(first->fields[i].data - text.data));
            return status;
        }
    }
    return schema_make(names, first->count, arena, &layout->schema, err);
}

/* Makes a schema of `names`, which are made unique; where it is NULL, of columns without names. */
static enum hw_status schema_make(hw_view *names, size_t count, struct hw_arena *arena, struct hw_schema *out_schema,
                                  struct hw_error *err) {
    struct hw_field *fields = hw_arena_alloc(arena, count * sizeof(*fields));
    hw_view *unique = names ? names : hw_arena_alloc(arena, count * sizeof(*unique));
    if (!unique || !fields) {
        return hw_fail_nomem(err, count * sizeof(*fields));
    }
    for (size_t i = 0; !names && i < count; i++) {
        unique[i] = (hw_view){"", 0};
    }
    HW_TRY(hw_names_make_unique(unique, count, arena, err));
    for (size_t i = 0; i < count; i++) {
        fields[i] = (struct hw_field){.name = hw_arena_strndup(arena, unique[i].data, unique[i].size)};
        if (!fields[i].name) {
            return hw_fail_nomem(err, unique[i].size);
        }
    }
    *out_schema = (struct hw_schema){.fields = fields, .count = count};
    return HW_OK;
}

/*
 * Decides whether the first record is a header, and notes where that is worth a word. `named`: the
 * options have the names of the columns.
 */
static enum hw_status header_decide(const struct first_record *first, const struct first_record *second, bool named,
                                    struct hw_arena *arena, struct hw_csv_layout *layout, bool *out_header,
                                    struct hw_error *err) {
    const enum hw_csv_header_guess guess =
        hw_csv_header_detect(&layout->dialect, first->fields, first->count, second->fields, second->count);
    *out_header = guess != HW_CSV_HEADER_DATA;
    if (guess == HW_CSV_HEADER_DATA) {
        return hw_notes_add(&layout->notes, HW_NOTE_NO_HEADER, arena, err,
                            "the first record is data%s; with --header yes it is names",
                            named ? "" : ", so the columns are called column_1, column_2 and so on");
    }
    if (guess == HW_CSV_HEADER_NAMES_DOUBTFUL) {
        return hw_notes_add(&layout->notes, HW_NOTE_HEADER_DOUBTFUL, arena, err,
                            "the first record is taken for names, but some of them look like the values below; with "
                            "--header no it is data");
    }
    return HW_OK;
}

/* Gives the columns the names that the options have for them. */
static enum hw_status names_given(const struct hw_csv_options *options, struct hw_csv_layout *layout,
                                  struct hw_arena *arena, struct hw_error *err) {
    const size_t count = layout->schema.count;
    if (options->names_count == 0) {
        return HW_OK;
    }
    if (options->names_count != count) {
        return hw_fail(err, HW_EUSAGE, "found %s, but %s %s given (--names)", HW_COUNT(count, "column"),
                       HW_COUNT(options->names_count, "name"), hw_plural(options->names_count, "is", "are"));
    }
    hw_view *names = hw_arena_alloc(arena, count * sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, count * sizeof(*names));
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = hw_view_of(options->names[i]);
    }
    return schema_make(names, count, arena, &layout->schema, err);
}

/* Notes what is doubtful about the delimiter. `asked`: the options say that blanks are it. */
static enum hw_status delimiter_note(char rival, bool asked, struct hw_arena *arena, struct hw_csv_layout *layout,
                                     struct hw_error *err) {
    char texts[2][HW_QUOTE_BYTES];
    if (layout->dialect.blanks && !asked) {
        return hw_notes_add(&layout->notes, HW_NOTE_DELIMITER_BLANKS, arena, err,
                            "runs of blanks are taken for the delimiter; with --delimiter , a record is one field");
    }
    if (rival == ' ') {
        return hw_notes_add(&layout->notes, HW_NOTE_DELIMITER_BLANKS, arena, err,
                            "a record is read as one field, but blanks may separate several; with --delimiter blanks "
                            "they do");
    }
    if (rival == '\0') {
        return HW_OK;
    }
    return hw_notes_add(&layout->notes, HW_NOTE_DELIMITER_TIE, arena, err,
                        "the delimiter may be %s or %s, and is taken to be the first of these; --delimiter says which",
                        hw_quote(&layout->dialect.delimiter, 1, texts[0], sizeof(texts[0])),
                        hw_quote(&rival, 1, texts[1], sizeof(texts[1])));
}

enum hw_status hw_csv_layout_observe(const struct hw_csv_layout *layout, const struct hw_csv_options *options,
                                     hw_view piece, bool at_end, struct hw_csv_profile *profiles,
                                     struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_schema nulls;
    struct hw_csv_parser *parser;
    struct hw_csv_block block;

    HW_TRY(hw_schema_dup(&layout->schema, &arena, &nulls, err));
    for (size_t i = 0; i < nulls.count; i++) {
        if (!hw_csv_layout_given(layout, i)) {
            nulls.fields[i].type = (struct hw_type){.kind = HW_KIND_NULL};
            nulls.fields[i].required = false;
        }
    }
    const struct hw_csv_parser_options parser_options = {
        .dialect = layout->dialect,
        .schema = &nulls,
        .constraints = &layout->constraints,
        .pad = options->bad_rows_pad,
        .spelling = hw_csv_spelling_of(options),
        .null_values = options->null_values,
        .null_values_count = options->null_values_count,
        .null_quoted = options->null_quoted,
    };
    HW_TRY(hw_csv_parser_new(&parser_options, &parser, err));
    enum hw_status status = hw_csv_parser_run(parser, piece.data, piece.size, at_end, &block, err);
    const struct hw_csv_profile *seen = hw_csv_parser_profiles(parser);
    for (size_t i = 0; status == HW_OK && i < nulls.count; i++) {
        hw_csv_profile_merge(&profiles[i], &seen[i]);
    }
    hw_csv_parser_free(parser);
    return status;
}

enum hw_status hw_csv_layout_null_words(struct hw_csv_layout *layout, const struct hw_csv_options *options,
                                        const struct hw_csv_profile *profiles, struct hw_arena *arena,
                                        struct hw_error *err) {
    size_t columns = 0;
    for (size_t i = 0; options->types == HW_CSV_TYPES_INFER && i < layout->schema.count; i++) {
        columns += !hw_csv_layout_given(layout, i) && hw_csv_profile_null_words(&profiles[i], options->decimals);
    }
    if (columns == 0) {
        return HW_OK;
    }
    return hw_notes_add(&layout->notes, HW_NOTE_NULL_WORDS, arena, err,
                        "%s would not be text but for words such as NA or null; with --null-values common these are "
                        "null",
                        HW_COUNT(columns, "column"));
}

void hw_csv_layout_types(struct hw_csv_layout *layout, const struct hw_csv_options *options,
                         const struct hw_csv_profile *profiles) {
    for (size_t i = 0; i < layout->schema.count; i++) {
        bool text = options->types == HW_CSV_TYPES_TEXT;
        if (!hw_csv_layout_given(layout, i)) {
            layout->schema.fields[i].type =
                text ? (struct hw_type){.kind = HW_KIND_TEXT} : hw_csv_profile_type(&profiles[i], options->decimals);
        }
    }
}
