/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of one source, whatever its format is: what its first bytes say. Each format that can be
 * read row by row is a row of the table in open_rows.c.
 */
#ifndef HW_PIPELINE_OPEN_ROWS_H
#define HW_PIPELINE_OPEN_ROWS_H

#include "pipeline/opened_rows.h"

/*
 * Opens a source: a path of the command line, or `-`. HW_EDATA for a file whose name says a format
 * that its bytes do not have, HW_EUNSUPPORTED for a format without rows here, HW_EUSAGE for columns
 * that are not there. Release `rows` on failure too.
 */
HW_NODISCARD enum hw_status hw_open_rows(struct hw_opened_rows *rows, const char *source,
                                         const struct hw_open_rows_options *options, struct hw_error *err);
/*
 * Goes on to the next rows, those from `begin` to `end` of `batch`, which are there until the next
 * call. `*out_more` is false after the last.
 */
HW_NODISCARD enum hw_status hw_opened_rows_next(struct hw_opened_rows *rows, bool *out_more, struct hw_error *err);
void hw_opened_rows_release(struct hw_opened_rows *rows);

#endif
