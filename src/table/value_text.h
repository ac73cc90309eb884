/* SPDX-License-Identifier: Apache-2.0 */
/* Values as text, in one form for all that is written of them: CSV, tables, and within JSON. */
#ifndef HW_TABLE_VALUE_TEXT_H
#define HW_TABLE_VALUE_TEXT_H

#include <hawser/values.h>

#include "core/buf.h"
#include "table/batch.h"

/*
 * Appends the text of a value of a kind without children, which must not be null; `row` counts from
 * the column's first slot. Numbers, times and decimals are as table/print.h has them, binaries as
 * `binary` says. A value of a dictionary is the one that it stands for. HW_EDATA for a binary that
 * is no text, and for a time that is none of a day. On failure `out` may have a part of it.
 */
HW_NODISCARD enum hw_status hw_value_text_append(enum hw_binary_text binary, const struct hw_field *field,
                                                 const struct hw_column *column, size_t row, struct hw_buf *out,
                                                 struct hw_error *err);

/* The bytes of a value of one of the kinds of text and binary, or of FIXED. */
hw_view hw_value_bytes(const struct hw_field *field, const struct hw_column *column, size_t row);

/* Returns whether a value is null: it, what it stands for in a dictionary, or all of its kind. */
bool hw_value_is_null(const struct hw_field *field, const struct hw_column *column, size_t row);

/* Goes from a value of a dictionary, which must not be null, to the value that it stands for. */
void hw_value_resolve(const struct hw_field **field, const struct hw_column **column, size_t *row);

#endif
