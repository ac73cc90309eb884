/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: room for a chunk of rows is made at once, so that values are written without a
 * look at the buffer, whole words at a time and over their end; texts are searched for what needs
 * quotes eight bytes at a time, and mostly copied as one block of fixed size.
 */
#include "csv/records.h"

#include "core/swar.h"
#include "table/print.h"
#include "table/uuid.h"
#include "table/value_json.h"

enum {
    CHUNK_ROWS = 256,
    CHUNK_BYTES = 64 << 10, /* stays in cache; a single row may have more */
    TEXT_COPY_BYTES = 32,   /* a short text is copied as so many bytes, whatever its size */
    TEXT_EXTRA_BYTES = 3,   /* quotes and a guard */
    SLACK_BYTES = HW_PRINT_BYTES,
};
static_assert((int)TEXT_COPY_BYTES <= (int)HW_BATCH_PADDING && (int)TEXT_COPY_BYTES <= (int)SLACK_BYTES,
              "room for the copy");

/* A column from which values are written. */
struct cell {
    const struct hw_csv_format *format;
    const struct hw_type *type;
    const struct hw_column *column;
};

/* Writes one value, which is not null, and returns its end. */
typedef char *value_fn(char *to, const struct cell *cell, size_t row);

static value_fn null_put, bool_put, int64_put, double_put, decimal_put, date_put, timestamp_put, text_put, uuid_put;

static const struct kind_row {
    size_t bytes_max; /* bytes of a value, without those of a text */
    value_fn *put;
} kind_rows[] = {
    [HW_KIND_NULL] = {0, null_put},
    [HW_KIND_BOOL] = {5, bool_put},
    [HW_KIND_INT64] = {20, int64_put},
    [HW_KIND_DOUBLE] = {24, double_put},
    [HW_KIND_DECIMAL] = {41, decimal_put},
    [HW_KIND_DATE] = {14, date_put},
    [HW_KIND_TIMESTAMP] = {34, timestamp_put},
    [HW_KIND_TEXT] = {TEXT_EXTRA_BYTES, text_put},
    [HW_KIND_UUID] = {HW_UUID_TEXT_BYTES, uuid_put},
};
static_assert(COUNT_OF(kind_rows) == HW_KIND_UUID + 1, "one row a basic kind");

static bool delimiter_usable(char delimiter);
enum hw_status hw_csv_format_init(struct hw_csv_format *format, const struct hw_schema *schema, char delimiter,
                                  struct hw_error *err) {
    size_t bytes = 2; /* CRLF */
    bool basic = true;

    if (!delimiter_usable(delimiter)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "%s cannot separate fields", hw_quote(&delimiter, 1, quoted, sizeof(quoted)));
    }
    if (schema->count == 0 || schema->count > INT32_MAX / 64) {
        return hw_fail(err, HW_ELIMIT, "a table of %zu columns cannot be written as CSV", schema->count);
    }
    for (size_t i = 0; i < schema->count; i++) {
        const enum hw_kind kind = schema->fields[i].type.kind;
        basic = basic && hw_kind_is_basic(kind);
        bytes += basic ? kind_rows[kind].bytes_max + 1 : 0;
    }
    *format = (struct hw_csv_format){
        .schema = schema,
        .delimiter = delimiter,
        .basic = basic,
        .row_bytes_max = bytes,
        .chunk_rows_max = hw_min_size(hw_max_size(CHUNK_BYTES / bytes, 1), CHUNK_ROWS),
    };
    return HW_OK;
}

bool hw_csv_writes(struct hw_type type) {
    return hw_kind_is_basic(type.kind);
}

/*
 * Returns whether a delimiter is printable ASCII or a tab, and can stand in no value but a text:
 * the others are never quoted.
 */
static bool delimiter_usable(char delimiter) {
    bool letter = (delimiter | 0x20) >= 'a' && (delimiter | 0x20) <= 'z';
    bool digit = delimiter >= '0' && delimiter <= '9';
    bool printable = delimiter >= ' ' && delimiter <= '~';
    return (printable || delimiter == '\t') && !letter && !digit && !strchr("+-.:\"'", delimiter);
}

static bool text_splits(hw_view text);
static char *field_put(char *to, const struct hw_csv_format *format, hw_view text, bool quoted);
static char *exact_put(char *to, const struct hw_csv_format *format, hw_view text, bool quoted);
static char *end_put(char *to, const struct hw_csv_format *format);

/*
 * Names with any common delimiter in them are quoted, so that no other delimiter than ours splits
 * the header into as many fields as the records, and a reader that looks for the delimiter finds
 * ours. So is a name that begins like a byte order mark, which readers would drop.
 */
enum hw_status hw_csv_header_append(const struct hw_csv_format *format, struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_buf) padded = {0};

    for (size_t i = 0; i < format->schema->count; i++) {
        const char *name = format->schema->fields[i].name;
        size_t bytes = strlen(name);
        HW_TRY(hw_buf_resize(&padded, bytes, err));
        HW_TRY(hw_buf_reserve(&padded, HW_BATCH_PADDING, err));
        memcpy(padded.data, name, bytes);
        HW_TRY(hw_buf_reserve(out, 2 * bytes + TEXT_EXTRA_BYTES + SLACK_BYTES, err));
        hw_view text = hw_buf_view(&padded);
        bool quoted = text_splits(text) || hw_view_starts(text, HW_VIEW("\xef\xbb\xbf"));
        char *end = field_put((char *)out->data + out->size, format, text, quoted);
        *end++ = format->delimiter;
        out->size = (size_t)((uint8_t *)end - out->data);
    }
    char *end = end_put((char *)out->data + out->size - 1, format);
    out->size = (size_t)((uint8_t *)end - out->data);
    return HW_OK;
}

static size_t texts_bytes(const struct hw_batch *batch, size_t row, size_t rows);
static char *record_put(char *to, const struct hw_csv_format *format, const struct hw_batch *batch, size_t row);
static enum hw_status any_append(const struct hw_csv_format *format, const struct hw_batch *batch, size_t row,
                                 struct hw_buf *out, size_t *out_rows, struct hw_error *err);

enum hw_status hw_csv_records_append(const struct hw_csv_format *format, const struct hw_batch *batch, size_t row,
                                     struct hw_buf *out, size_t *out_rows, struct hw_error *err) {
    if (!format->basic) {
        return any_append(format, batch, row, out, out_rows, err);
    }
    size_t rows = hw_min_size(batch->rows - row, format->chunk_rows_max);
    while (rows > 1 && texts_bytes(batch, row, rows) > CHUNK_BYTES) {
        rows /= 2;
    }
    /* Every byte of a text may be a quote. */
    size_t room = rows * format->row_bytes_max + 2 * texts_bytes(batch, row, rows) + SLACK_BYTES;
    HW_TRY(hw_buf_reserve(out, room, err));
    char *to = (char *)out->data + out->size;
    for (size_t r = 0; r < rows; r++) {
        to = record_put(to, format, batch, row + r);
    }
    out->size = (size_t)((uint8_t *)to - out->data);
    *out_rows = rows;
    return HW_OK;
}

/*
 * This cannot wrap: a column has less than 2 GiB of text, and hw_csv_format_init limits the
 * columns.
 */
static size_t texts_bytes(const struct hw_batch *batch, size_t row, size_t rows) {
    size_t bytes = 0;
    for (size_t i = 0; i < batch->schema->count; i++) {
        if (batch->schema->fields[i].type.kind == HW_KIND_TEXT) {
            const int32_t *offsets = batch->columns[i].offsets + batch->columns[i].offset;
            bytes += (size_t)(offsets[row + rows] - offsets[row]);
        }
    }
    return bytes;
}

static char *record_put(char *to, const struct hw_csv_format *format, const struct hw_batch *batch, size_t row) {
    for (size_t i = 0; i < format->schema->count; i++) {
        const struct hw_type *type = &format->schema->fields[i].type;
        const struct hw_column *column = &batch->columns[i];
        if (HW_LIKELY(hw_column_valid(column, row))) {
            to = kind_rows[type->kind].put(to, &(struct cell){format, type, column}, column->offset + row);
        }
        *to++ = format->delimiter;
    }
    return end_put(to - 1, format);
}

/* ------ values of any kind, by way of a buffer */

/* Appends one value as a field. `scratch` is for its text. */
static enum hw_status any_field_append(const struct hw_csv_format *format, const struct hw_field *field,
                                       const struct hw_column *column, size_t row, struct hw_buf *scratch,
                                       struct hw_buf *out, struct hw_error *err) {
    if (hw_value_is_null(field, column, row)) {
        return HW_OK;
    }
    hw_value_resolve(&field, &column, &row);
    const bool is_text = field->type.kind == HW_KIND_TEXT || field->type.kind == HW_KIND_LARGE_TEXT;
    struct hw_csv_format own = *format;
    hw_buf_clear(scratch);
    HW_TRY(hw_kind_is_flat(field->type.kind) ? hw_value_text_append(format->binary, field, column, row, scratch, err)
                                             : hw_value_json_append(format->binary, field, column, row, scratch, err));
    const hw_view text = hw_buf_view(scratch);
    HW_TRY(hw_buf_reserve(out, 2 * text.size + TEXT_EXTRA_BYTES, err));
    own.formula_guard = format->formula_guard && is_text;
    const bool quoted = format->schema->count == 1 && text_splits(text);
    char *to = (char *)out->data + out->size;
    out->size += (size_t)(exact_put(to, &own, text, quoted) - to);
    return HW_OK;
}

static enum hw_status any_record_append(const struct hw_csv_format *format, const struct hw_batch *batch, size_t row,
                                        struct hw_buf *scratch, struct hw_buf *out, struct hw_error *err) {
    for (size_t i = 0; i < format->schema->count; i++) {
        const struct hw_field *field = &format->schema->fields[i];
        HW_TRY(i > 0 ? hw_buf_append(out, &format->delimiter, 1, err) : HW_OK);
        const enum hw_status status = any_field_append(format, field, &batch->columns[i], row, scratch, out, err);
        if (status != HW_OK) {
            hw_error_column(err, field->name, strlen(field->name));
            return status;
        }
    }
    return hw_buf_append_text(out, format->crlf ? "\r\n" : "\n", err);
}

static enum hw_status any_append(const struct hw_csv_format *format, const struct hw_batch *batch, size_t row,
                                 struct hw_buf *out, size_t *out_rows, struct hw_error *err) {
    HW_AUTO(hw_buf) scratch = {0};
    const size_t before = out->size;
    size_t rows = 0;
    while (rows < CHUNK_ROWS && row + rows < batch->rows && out->size - before < CHUNK_BYTES) {
        const enum hw_status status = any_record_append(format, batch, row + rows, &scratch, out, err);
        if (status != HW_OK) {
            out->size = before;
            return status;
        }
        rows++;
    }
    *out_rows = rows;
    return HW_OK;
}

enum hw_status hw_csv_value_append(const struct hw_type *type, const struct hw_column *column, size_t row,
                                   struct hw_buf *out, struct hw_error *err) {
    row += column->offset;
    if (type->kind == HW_KIND_TEXT) {
        size_t bytes = (size_t)(column->offsets[row + 1] - column->offsets[row]);
        return hw_buf_append(out, column->data + column->offsets[row], bytes, err);
    }
    HW_TRY(hw_buf_reserve(out, kind_rows[type->kind].bytes_max + SLACK_BYTES, err));
    char *to = (char *)out->data + out->size;
    out->size += (size_t)(kind_rows[type->kind].put(to, &(struct cell){NULL, type, column}, row) - to);
    return HW_OK;
}

static char *end_put(char *to, const struct hw_csv_format *format) {
    *to = '\r';
    to += format->crlf;
    *to = '\n';
    return to + 1;
}

static char *null_put(char *to, const struct cell *cell, size_t row) {
    (void)cell;
    (void)row;
    return to;
}

static char *bool_put(char *to, const struct cell *cell, size_t row) {
    return hw_print_bool(to, ((const uint8_t *)cell->column->values)[row >> 3] >> (row & 7) & 1);
}

static char *int64_put(char *to, const struct cell *cell, size_t row) {
    return hw_print_int64(to, ((const int64_t *)cell->column->values)[row]);
}

static char *double_put(char *to, const struct cell *cell, size_t row) {
    return hw_print_double(to, ((const double *)cell->column->values)[row]);
}

static char *decimal_put(char *to, const struct cell *cell, size_t row) {
    __int128 value;
    memcpy(&value, (const char *)cell->column->values + sizeof(value) * row, sizeof(value));
    return hw_print_decimal(to, value, cell->type->scale);
}

static char *date_put(char *to, const struct cell *cell, size_t row) {
    return hw_print_date(to, ((const int32_t *)cell->column->values)[row]);
}

static char *timestamp_put(char *to, const struct cell *cell, size_t row) {
    return hw_print_timestamp(to, ((const int64_t *)cell->column->values)[row], cell->type->unit, cell->type->utc);
}

static char *uuid_put(char *to, const struct cell *cell, size_t row) {
    hw_uuid_put(to, (const uint8_t *)cell->column->values + HW_UUID_BYTES * row);
    return to + HW_UUID_TEXT_BYTES;
}

static char *text_put(char *to, const struct cell *cell, size_t row) {
    const int32_t *offsets = cell->column->offsets;
    hw_view text = {cell->column->data + offsets[row], (size_t)(offsets[row + 1] - offsets[row])};
    bool alone = cell->format->schema->count == 1;
    bool quoted = HW_UNLIKELY(alone) && text_splits(text);
    return HW_UNLIKELY(cell->column->exact) ? exact_put(to, cell->format, text, quoted)
                                            : field_put(to, cell->format, text, quoted);
}

/* Returns whether a reader could find a delimiter in the text. */
static bool text_splits(hw_view text) {
    static const char delimiters[] = {',', ';', '\t', '|'};
    for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
        if (text.size > 0 && memchr(text.data, delimiters[i], text.size)) {
            return true;
        }
    }
    return false;
}

static bool text_needs_quotes(hw_view text, char delimiter);
static bool text_is_formula(hw_view text);
static char *quoted_put(char *to, hw_view text, bool guarded);

/*
 * Quotes the text where it must be, or where `quoted`. HW_BATCH_PADDING bytes after it are
 * readable.
 */
static char *field_put(char *to, const struct hw_csv_format *format, hw_view text, bool quoted) {
    bool guarded = format->formula_guard && text_is_formula(text);
    if (HW_UNLIKELY(quoted || text_needs_quotes(text, format->delimiter))) {
        return quoted_put(to, text, guarded);
    }
    *to = '\'';
    to += guarded;
    if (HW_LIKELY(text.size <= TEXT_COPY_BYTES)) {
        memcpy(to, text.data, TEXT_COPY_BYTES);
    } else {
        memcpy(to, text.data, text.size);
    }
    return to + text.size;
}

/* Does field_put for a text behind which nothing may be read. */
static char *exact_put(char *to, const struct hw_csv_format *format, hw_view text, bool quoted) {
    const char specials[] = {format->delimiter, '"', '\n', '\r'};
    bool guarded = format->formula_guard && text_is_formula(text);
    quoted = quoted || text.size == 0 || text.data[0] == ' ' || text.data[text.size - 1] == ' ';
    for (size_t i = 0; i < COUNT_OF(specials) && !quoted; i++) {
        quoted = memchr(text.data, specials[i], text.size) != NULL;
    }
    if (quoted) {
        return quoted_put(to, text, guarded);
    }
    *to = '\'';
    to += guarded;
    memcpy(to, text.data, text.size);
    return to + text.size;
}

static bool text_needs_quotes(hw_view text, char delimiter) {
    if (text.size == 0 || text.data[0] == ' ' || text.data[text.size - 1] == ' ') {
        return true;
    }
    for (size_t at = 0; at < text.size; at += 8) {
        uint64_t word = hw_load_le64(text.data + at);
        uint64_t special = hw_swar_match(word, delimiter) | hw_swar_match(word, '"') | hw_swar_match(word, '\n') |
                           hw_swar_match(word, '\r');
        if (special != 0 && hw_swar_first(special) < text.size - at) {
            return true;
        }
    }
    return false;
}

/* These are the bytes that OWASP's "CSV Injection" lists. */
static bool text_is_formula(hw_view text) {
    static const char starts[] = {'=', '+', '-', '@', '\t', '\r'};
    return text.size > 0 && memchr(starts, text.data[0], sizeof(starts));
}

static char *quoted_put(char *to, hw_view text, bool guarded) {
    const char *end = text.data + text.size;

    *to++ = '"';
    *to = '\'';
    to += guarded;
    for (const char *from = text.data; from < end;) {
        const char *quote = memchr(from, '"', (size_t)(end - from));
        size_t piece = (size_t)((quote ? quote + 1 : end) - from);
        memcpy(to, from, piece);
        to += piece;
        from += piece;
        *to = '"'; /* the second of two */
        to += quote != NULL;
    }
    *to++ = '"';
    return to;
}
