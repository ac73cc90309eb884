/* SPDX-License-Identifier: Apache-2.0 */
/* One field of a row, as it stands in the block, and what it holds. */
#ifndef HW_CSV_FIELD_H
#define HW_CSV_FIELD_H

#include "csv/copy_find.h"
#include "csv/rows.h"

/* A field. It borrows the block. */
struct hw_csv_field {
    const char *text;
    int32_t size; /* below 0 where the record does not have it */
    bool bare;    /* it has no quotes, whatever its first byte is */
};

/* Returns field `column` of row `row` of a block that begins at `data`. */
static inline struct hw_csv_field hw_csv_field_at(const struct hw_csv_rows *rows, const char *data, size_t column,
                                                  size_t row) {
    const uint32_t *ends = rows->ends + row * rows->columns + column;
    uint32_t start = column == 0 ? rows->starts[row] : ends[-1] + 1 + rows->tail_bytes;
    return (struct hw_csv_field){data + start, (int32_t)(ends[0] - start), false};
}

/* Returns whether the field stands in quotes. */
static inline bool hw_csv_field_quoted(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    return field.size > 0 && dialect->quote != '\0' && field.text[0] == dialect->quote && !field.bare;
}

/*
 * Returns a field without the blanks and tabs around it. What is in quotes is left as it is; quotes
 * behind blanks enclose only where the dialect trims.
 */
struct hw_csv_field hw_csv_field_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field);

/* Does the same for a field in quotes, and leaves others as they are. */
struct hw_csv_field hw_csv_field_unpad(const struct hw_csv_dialect *dialect, struct hw_csv_field field);

/*
 * Returns whether the text between quotes is what hw_csv_field_unquote makes of it, and that of
 * other fields is what stands there.
 */
static inline bool hw_csv_field_is_plain(const struct hw_csv_dialect *dialect) {
    return dialect->escape == '\0' && !dialect->quotes_lenient;
}

/* Returns whether a field is an escaped N, which is null in texts of MySQL and Postgres. */
static inline bool hw_csv_field_escaped_null(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    return field.size == 2 && dialect->escapes >= HW_CSV_ESCAPES_MYSQL && field.text[0] == dialect->escape &&
           field.text[1] == 'N';
}

/*
 * Writes the text of a field, with quotes taken off, and with escapes and doubled quotes replaced
 * by what they stand for, and returns its bytes; SIZE_MAX where that is not clear. `out` has room
 * for the field. These are not clear: with HW_CSV_ESCAPES_SAFE a letter or digit that is escaped,
 * with HW_CSV_ESCAPES_POSTGRES numbers that make a NUL or no UTF-8, and an escaped point alone,
 * which ends the data of Postgres.
 */
size_t hw_csv_field_decode(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out);

/*
 * Does the same for a quoted field of a plain dialect. `out` has room for the field and
 * HW_COPY_FIND_MARGIN bytes.
 */
static inline size_t hw_csv_field_unquote(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out) {
    const char *from = field.text + 1;
    const char *end = field.text + field.size - 1;
    size_t used = 0;
    while (from < end) {
        size_t left = (size_t)(end - from);
        size_t quote = hw_copy_find(out + used, from, left, dialect->quote);
        if (HW_LIKELY(quote == left)) {
            return used + left;
        }
        used += quote + 1; /* of two quotes one is kept */
        from += quote + 2;
    }
    return used;
}

#endif
