/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From records to rows: every row has as many fields as the table has columns; what cannot be one
 * is bad, by a policy.
 */
#ifndef HW_CSV_ROWS_H
#define HW_CSV_ROWS_H

#include "core/buf.h"
#include "csv/dialect.h"
#include "csv/index.h"

/* Why a record is bad. */
enum hw_csv_reason {
    HW_CSV_TOO_FEW_FIELDS,
    HW_CSV_TOO_MANY_FIELDS,
    HW_CSV_NOT_UTF8,
    HW_CSV_AFTER_QUOTE, /* bytes after a closing quote */
    HW_CSV_OPEN_QUOTE,  /* the text ends inside quotes */
    HW_CSV_FIELD_TOO_LONG,
    HW_CSV_WRONG_TYPE,    /* a field is not what the given schema says */
    HW_CSV_NULL_REQUIRED, /* null where the given schema says required */
    HW_CSV_BELOW_MIN,     /* these break a constraint of the given schema */
    HW_CSV_ABOVE_MAX,
    HW_CSV_NOT_IN_ENUM,
    HW_CSV_PATTERN,
    HW_CSV_DUPLICATE,
    HW_CSV_REASON_COUNT
};

/* The reason as a word for machines: "too_few_fields". */
const char *hw_csv_reason_name(enum hw_csv_reason reason);

/* A bad record. Offsets and lines count from the start of the block it was found in. */
struct hw_csv_bad {
    enum hw_csv_reason reason;
    uint32_t record; /* in the block's index */
    uint32_t offset; /* first byte of the record */
    uint32_t bytes;  /* its length without the record end */
    uint32_t at;     /* offset of the byte at fault, where one is; else `offset` */
    uint32_t column; /* the column at fault, UINT32_MAX where none is */
    uint32_t found;  /* number of fields, for TOO_FEW and TOO_MANY */
    uint32_t line;   /* physical line of the first byte, from 1; the parser's part, 0 before */
};

/* A field of a row that is not what the given schema says. Its record is to become a bad one. */
struct hw_csv_wrong {
    enum hw_csv_reason reason;
    uint32_t row;
    uint32_t column;
    uint32_t offset; /* of its first byte in the block */
};

/*
 * The rows of a block. Field c of row r is data[start..ends[r * columns + c]) with start = c ?
 * ends[r * columns + c - 1] + 1 : starts[r]; a size below 0 is a field that the record lacks.
 */
struct hw_csv_rows {
    const uint32_t *ends;
    const uint32_t *starts;
    const uint32_t *records; /* record number of each row; NULL: row r is record r */
    size_t count;
    size_t columns;

    struct hw_csv_bad *bad; /* in order of their records, one a record */
    size_t bad_count;

    /* Owned: used where the records are not all regular. */
    struct hw_buf own_ends, own_starts, own_records, own_bad;
};

/* Where a field begins in the block. */
static inline uint32_t hw_csv_field_start(const struct hw_csv_rows *rows, size_t column, size_t row) {
    return column == 0 ? rows->starts[row] : rows->ends[row * rows->columns + column - 1] + 1;
}

void hw_csv_rows_release(struct hw_csv_rows *rows);

/*
 * Makes rows of the complete records of `index`. Blank lines and comments are left out (a blank
 * line is a null in a table of one column). `pad`: records with too few fields are rows. The index
 * must live as long as the rows.
 */
HW_NODISCARD enum hw_status hw_csv_rows_make(struct hw_csv_rows *rows, const struct hw_csv_index *index,
                                             const struct hw_csv_dialect *dialect, const char *data, size_t columns,
                                             bool pad, struct hw_error *err);

/*
 * Takes the rows of `count` records out, all of which are rows, and puts these among the bad ones.
 * `bad` is in order of the records.
 */
HW_NODISCARD enum hw_status hw_csv_rows_drop(struct hw_csv_rows *rows, const struct hw_csv_bad *bad, size_t count,
                                             struct hw_error *err);

/* The text of a record without its end. */
hw_view hw_csv_record_text(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, const char *data,
                           size_t record);

#endif
