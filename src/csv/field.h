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
    uint32_t start = column == 0 ? rows->starts[row] : ends[-1] + 1;
    return (struct hw_csv_field){data + start, (int32_t)(ends[0] - start), false};
}

/* Returns whether the field stands in quotes. */
static inline bool hw_csv_field_quoted(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    return field.size > 0 && dialect->quote != '\0' && field.text[0] == dialect->quote && !field.bare;
}

/* Returns a field without the blanks and tabs around it. One in quotes is left as it is. */
struct hw_csv_field hw_csv_field_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field);

/* Does hw_csv_field_unquote where the dialect has an escape. */
size_t hw_csv_field_unescape(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out);

/*
 * Copies the text between the quotes of a quoted field, with escapes and doubled quotes replaced by
 * what they stand for, and returns its bytes. `out` has room for the field and HW_COPY_FIND_MARGIN
 * bytes.
 */
static inline size_t hw_csv_field_unquote(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out) {
    const char *from = field.text + 1;
    const char *end = field.text + field.size - 1;
    if (dialect->escape != '\0') {
        return hw_csv_field_unescape(dialect, field, out);
    }
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
