/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a batch as CSV records (RFC 4180), values as csv/print.h writes them. A null is nothing
 * at all, so that a row of a table of one column may be an empty line; the empty text is "". Fields
 * are quoted only where they hold the delimiter, a quote, CR or LF, begin or end with a space, or
 * are empty texts; in a table of one column also where they hold what a reader that looks for the
 * delimiter could take for it.
 */
#ifndef HW_CSV_RECORDS_H
#define HW_CSV_RECORDS_H

#include "core/buf.h"
#include "table/batch.h"

/* What is the same for all batches of a table. Read-only once made: any thread. */
struct hw_csv_format {
    const struct hw_schema *schema; /* borrowed */
    char delimiter;
    bool crlf; /* records end in CRLF, else in LF; set it after init */
    /* an apostrophe before texts that spreadsheets take for formulas; set it after init */
    bool formula_guard;
    size_t row_bytes_max; /* of one record, without the bytes of its texts */
    size_t chunk_rows_max;
};

/*
 * Returns true for types that CSV is written of: those that it makes. It has no nested values, and
 * no forms of its own for others.
 */
bool hw_csv_writes(struct hw_type type);

/* HW_EUSAGE for a delimiter that values hold without quotes, or that cannot be one. */
HW_NODISCARD enum hw_status hw_csv_format_init(struct hw_csv_format *format, const struct hw_schema *schema,
                                               char delimiter, struct hw_error *err);

/* Appends the record of the names. On failure `out` may have a part of it. */
HW_NODISCARD enum hw_status hw_csv_header_append(const struct hw_csv_format *format, struct hw_buf *out,
                                                 struct hw_error *err);

/*
 * Appends the records of some rows from `row` on, `*out_rows` and at least one; `row` must be in
 * the batch. On failure `out` keeps what it had.
 */
HW_NODISCARD enum hw_status hw_csv_records_append(const struct hw_csv_format *format, const struct hw_batch *batch,
                                                  size_t row, struct hw_buf *out, size_t *out_rows,
                                                  struct hw_error *err);

/*
 * Appends the value of one row, which is not null, as records have it but without quotes and
 * guards. Needs no format.
 */
HW_NODISCARD enum hw_status hw_csv_value_append(const struct hw_type *type, const struct hw_column *column, size_t row,
                                                struct hw_buf *out, struct hw_error *err);

#endif
