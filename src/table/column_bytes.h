/* SPDX-License-Identifier: Apache-2.0 */
/* The size of values, whatever buffers they lie in. */
#ifndef HW_TABLE_COLUMN_BYTES_H
#define HW_TABLE_COLUMN_BYTES_H

#include "table/batch.h"

/*
 * Returns the bytes that `count` slots of the column from its slot `first` on come to, or some
 * number beyond `limit` where they come to more than that.
 *
 * It depends on the values alone: a dictionary counts as the values that its indices stand for, and
 * what lies in buffers below a null does not count. A slot of any type counts as a byte at least,
 * so that the time that this takes is bounded by `limit`.
 */
uint64_t hw_column_bytes(const struct hw_field *field, const struct hw_column *column, size_t first, size_t count,
                         uint64_t limit);

#endif
