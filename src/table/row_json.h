/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as JSON, an object on a line of its own each. */
#ifndef HW_TABLE_ROW_JSON_H
#define HW_TABLE_ROW_JSON_H

#include "table/value_text.h"

/*
 * Appends a row of a batch as an object, its members in the order of the columns, and a newline.
 * HW_EDATA for a value that has no text, which names the column. On failure `out` is as it was.
 */
HW_NODISCARD enum hw_status hw_row_json_append(enum hw_binary_text binary, const struct hw_batch *batch, size_t row,
                                               struct hw_buf *out, struct hw_error *err);

#endif
