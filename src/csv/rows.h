/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes rows of records: every row has as many fields as the table has columns. A record that
 * cannot be a row is bad.
 */
#ifndef HW_CSV_ROWS_H
#define HW_CSV_ROWS_H

#include "core/buf.h"
#include "csv/dialect.h"
#include "csv/index.h"

/* The reason for which a record is bad. */
enum hw_csv_reason {
    HW_CSV_TOO_FEW_FIELDS,
    HW_CSV_TOO_MANY_FIELDS,
    HW_CSV_NOT_UTF8,
    HW_CSV_AFTER_QUOTE, /* bytes stand between a closing quote and the end of the field */
    HW_CSV_OPEN_QUOTE,  /* the text ends inside quotes */
    HW_CSV_FIELD_TOO_LONG,
    HW_CSV_WRONG_TYPE,     /* a field is no value of the type that the given schema has */
    HW_CSV_NULL_REQUIRED,  /* a field is null where the given schema says required */
    HW_CSV_UNCLEAR_ESCAPE, /* what a field has escaped means several things (csv/field.h) */
    /* These say which constraint of the given schema a value breaks. */
    HW_CSV_BELOW_MIN,
    HW_CSV_ABOVE_MAX,
    HW_CSV_NOT_IN_ENUM,
    HW_CSV_PATTERN,
    HW_CSV_DUPLICATE,
    HW_CSV_REASON_COUNT
};

/* Returns the reason as a word for machines: "too_few_fields". */
const char *hw_csv_reason_name(enum hw_csv_reason reason);

/* A bad record. Offsets and lines count from the start of the block it was found in. */
struct hw_csv_bad {
    enum hw_csv_reason reason;
    uint32_t record; /* number of the record in the block's index */
    uint32_t offset; /* offset of the record's first byte */
    uint32_t bytes;  /* length of the record without its end */
    uint32_t at;     /* offset of the byte at fault where there is one, else `offset` */
    uint32_t column; /* the column at fault, UINT32_MAX where there is none */
    uint32_t found;  /* number of fields, for TOO_FEW and TOO_MANY */
    uint32_t line;   /* physical line of the first byte, from 1; 0 until the parser sets it */
};

/* A field of a row by which its record must become a bad one. */
struct hw_csv_wrong {
    enum hw_csv_reason reason;
    uint32_t row;
    uint32_t column;
    uint32_t offset; /* offset of the field's first byte in the block */
};

/*
 * The rows of a block. Field c of row r begins at hw_csv_field_start(rows, c, r) and ends before
 * ends[r * columns + c]. Where that is a size below 0, the record does not have the field.
 */
struct hw_csv_rows {
    const uint32_t *ends;
    const uint32_t *starts;
    const uint32_t *records; /* number of each row's record; NULL: row r is record r */
    size_t count;
    size_t columns;
    uint32_t tail_bytes; /* bytes of the delimiter behind its first one */

    struct hw_csv_bad *bad; /* the bad records, in their order */
    size_t bad_count;

    /* The arrays above lie in these, where not all records of the index are rows as they stand. */
    struct hw_buf own_ends, own_starts, own_records, own_bad;
};

/* Returns the offset in the block at which a field begins. */
static inline uint32_t hw_csv_field_start(const struct hw_csv_rows *rows, size_t column, size_t row) {
    return column == 0 ? rows->starts[row] : rows->ends[row * rows->columns + column - 1] + 1 + rows->tail_bytes;
}

/* Frees the arrays and leaves the rows zeroed. */
void hw_csv_rows_release(struct hw_csv_rows *rows);

/*
 * Makes rows of the complete records of `index`. Leaves out comments and blank lines; but in a
 * table of one column a blank line is a row, a null. `pad`: records with too few fields are rows
 * too. The index must live as long as the rows.
 */
HW_NODISCARD enum hw_status hw_csv_rows_make(struct hw_csv_rows *rows, const struct hw_csv_index *index,
                                             const struct hw_csv_dialect *dialect, const char *data, size_t columns,
                                             bool pad, struct hw_error *err);

/*
 * Leaves the first `count` rows, of which there are more, and what is bad before record `record`,
 * the one behind the last of them.
 */
void hw_csv_rows_shorten(struct hw_csv_rows *rows, size_t count, size_t record);

/*
 * Makes bad records of `count` records that are rows: takes their rows out, and puts `bad`, which
 * has them in their order, among the bad ones.
 */
HW_NODISCARD enum hw_status hw_csv_rows_drop(struct hw_csv_rows *rows, const struct hw_csv_bad *bad, size_t count,
                                             struct hw_error *err);

/*
 * Returns the number of fields of a record, without the one that a trailing delimiter seems to
 * begin where the dialect has such.
 */
size_t hw_csv_record_fields(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, size_t record);

/* Returns the text of a record without its end, borrowed from `data`. */
hw_view hw_csv_record_text(const struct hw_csv_index *index, const char *data, size_t record);

#endif
