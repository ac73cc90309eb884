/* SPDX-License-Identifier: Apache-2.0 */
/* Values of any kind as JSON. */
#ifndef HW_TABLE_VALUE_JSON_H
#define HW_TABLE_VALUE_JSON_H

#include "table/value_text.h"

/*
 * Appends a value as JSON on one line; `row` counts from the column's first slot. Nulls are null,
 * numbers and booleans stand as they are, all else of no children is its text (table/value_text.h)
 * in quotes, as are infinities and NaN. A struct is an object in the order of its fields, a union
 * (HW_META_UNION) its member that is not null, a list a list, a map a list of objects with "key"
 * and "value" in the order of its entries. Fails as hw_value_text_append does.
 */
HW_NODISCARD enum hw_status hw_value_json_append(enum hw_binary_text binary, const struct hw_field *field,
                                                 const struct hw_column *column, size_t row, struct hw_buf *out,
                                                 struct hw_error *err);

/* Appends a text as JSON, with its quotes. Bytes that are not UTF-8 become "\xff". */
HW_NODISCARD enum hw_status hw_json_text_append(hw_view text, struct hw_buf *out, struct hw_error *err);

#endif
