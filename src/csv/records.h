/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes rows of a batch as CSV records (RFC 4180), with values as table/print.h prints them. A
 * null is an empty field, so a row of a table of one column may be an empty line; the empty text is
 * "".
 * Fields are quoted only where they hold the delimiter, a quote, CR or LF, begin or end with a
 * space, or are empty texts. In a table of one column they are quoted too where they hold a byte
 * that a reader could take for the delimiter.
 */
#ifndef HW_CSV_RECORDS_H
#define HW_CSV_RECORDS_H

#include "table/value_text.h"

/*
 * The format of a table's records. It does not change once it is made, so all threads may read it.
 */
struct hw_csv_format {
    const struct hw_schema *schema; /* borrowed */
    char delimiter;
    /* Records end in CRLF, else in LF. The caller sets it after init. */
    bool crlf;
    /*
     * Texts that spreadsheets take for formulas get an apostrophe. The caller sets it after init.
     */
    bool formula_guard;
    /* The form of binaries. The caller sets it after init. */
    enum hw_binary_text binary;
    /* All columns are of basic kinds. */
    bool basic;
    size_t row_bytes_max;  /* bytes of one record, without those of its texts */
    size_t chunk_rows_max; /* rows that hw_csv_records_append writes at a time */
};

/* Returns whether hw_csv_value_append takes values of a type: those that reading CSV makes. */
bool hw_csv_writes(struct hw_type type);

/*
 * Makes the format of a schema's records. Fails with HW_EUSAGE where values may hold the delimiter
 * without quotes, or where the byte cannot be one.
 */
HW_NODISCARD enum hw_status hw_csv_format_init(struct hw_csv_format *format, const struct hw_schema *schema,
                                               char delimiter, struct hw_error *err);

/* Appends the record of the column names. On failure `out` may have a part of it. */
HW_NODISCARD enum hw_status hw_csv_header_append(const struct hw_csv_format *format, struct hw_buf *out,
                                                 struct hw_error *err);

/*
 * Appends the records of some of the rows from `row` on, which must be in the batch. `*out_rows` is
 * their number, at least one. Structs, lists and maps are written as JSON. HW_EDATA for a value
 * that has no text, which names the column. On failure `out` holds what it held before.
 */
HW_NODISCARD enum hw_status hw_csv_records_append(const struct hw_csv_format *format, const struct hw_batch *batch,
                                                  size_t row, struct hw_buf *out, size_t *out_rows,
                                                  struct hw_error *err);

/*
 * Appends the value of one row, which must not be null, as it stands in records but without quotes
 * and guards.
 */
HW_NODISCARD enum hw_status hw_csv_value_append(const struct hw_type *type, const struct hw_column *column, size_t row,
                                                struct hw_buf *out, struct hw_error *err);

#endif
