/* SPDX-License-Identifier: Apache-2.0 */
/* The value of a slot of any column as text, for tests to compare: "[1 null]", "{x y}", "'text'". */
#ifndef HW_TESTS_SLOT_TEXT_H
#define HW_TESTS_SLOT_TEXT_H

#include "core/buf.h"
#include "table/batch.h"

/* Appends the value of the column's slot `row`. Values of kinds that are no numbers are in hex. */
void slot_text(const struct hw_field *field, const struct hw_column *column, size_t row, struct hw_buf *out);
/* Appends `count` slots from `first` on, each followed by a space. */
void slots_text(const struct hw_field *field, const struct hw_column *column, size_t first, size_t count,
                struct hw_buf *out);

#endif
