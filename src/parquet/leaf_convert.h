/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values of a leaf, from the form that the file has to that of a table, and what they must be
 * to have one there. parquet/convert.h is its twin for files that are written.
 */
#ifndef HW_PARQUET_LEAF_CONVERT_H
#define HW_PARQUET_LEAF_CONVERT_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* Returns the bytes of a value in struct hw_leaf_rows: 1 for a boolean, 0 for texts. */
size_t hw_leaf_width(const struct hw_read_leaf *leaf);

/* Returns whether values of the file are not yet those of the table, byte by byte. */
bool hw_leaf_converts(const struct hw_read_leaf *leaf);

/*
 * Checks values of a leaf that does not convert, and whose values have a fixed width: times must be
 * those of a day. HW_EDATA tells the value, and what the type allows.
 */
HW_NODISCARD enum hw_status hw_leaf_check(const struct hw_read_leaf *leaf, const void *values, size_t count,
                                          struct hw_error *err);

/*
 * Converts values of a leaf that converts, and appends them to `out`, which has its width. A value
 * that the type does not allow is HW_EDATA, which tells both; `out` is then as it was but for
 * texts. If it is an INT96, the error has the hint HW_INT96_HINT.
 */
HW_NODISCARD enum hw_status hw_leaf_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                            struct hw_leaf_rows *out, struct hw_error *err);

#endif
