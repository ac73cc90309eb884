/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds where fields and records of a block of CSV text end. Two ways lead to the same index:
 *
 *  - masks over 64 bytes at a time (csv/scan_masks.h, then csv/scan_group.h), which are right for
 *    text whose quotes follow RFC 4180, and which prove on the way that they do;
 *  - the state machine (csv/scan_exact.h), a byte at a time, for a block with any other quote, and
 *    for dialects with an escape, with comments or with a delimiter of several bytes.
 */
#ifndef HW_CSV_SCAN_H
#define HW_CSV_SCAN_H

#include "core/error.h"
#include "core/view.h"
#include "csv/dialect.h"
#include "csv/index.h"

/*
 * Indexes the complete records in `bytes` bytes (below 2 GiB) that begin with a record;
 * HW_CSV_BLOCK_MARGIN bytes are readable on both sides. Bytes after the last record end are left
 * for the next call. But where the text ends here (`at_end`), its end closes the last record too,
 * unless a quote is open: then these bytes are no record, and `index->open_quote` is set. Blank
 * lines are records of one empty field. Fails with HW_ENOMEM only; then the index holds no records
 * that may be used.
 */
HW_NODISCARD enum hw_status hw_csv_index_run(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                             const char *data, size_t bytes, bool at_end, struct hw_error *err);

/* Does the same by the state machine alone. Every index must equal what this makes. */
HW_NODISCARD enum hw_status hw_csv_index_run_exact(struct hw_csv_index *index, const struct hw_csv_dialect *dialect,
                                                   const char *data, size_t bytes, bool at_end, struct hw_error *err);

/*
 * Returns whether the record `text` (without its end) has bytes after a closing quote; `*out_at` is
 * then the offset of the first of them.
 */
bool hw_csv_record_malformed(const struct hw_csv_dialect *dialect, hw_view text, size_t *out_at);

/*
 * Guesses where in `text` the first record begins; the first byte of `text` may stand anywhere in a
 * record, in quotes or not. Returns the offset, or text.size where no record begins. This is a
 * guess: whoever uses it must prove it by the record that ends there.
 */
size_t hw_csv_guess_record_start(const struct hw_csv_dialect *dialect, hw_view text);

#endif
