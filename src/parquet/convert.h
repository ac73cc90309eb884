/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts values that a batch holds in another form than the leaf's lane: narrow integers, other
 * units of time, decimals of other widths, intervals.
 */
#ifndef HW_PARQUET_CONVERT_H
#define HW_PARQUET_CONVERT_H

#include "core/error.h"
#include "parquet/schema.h"

/*
 * Converts `count` values, which lie one after the other in `in` as in a batch, to the leaf's lane.
 * A value that has no place there is HW_EDATA.
 */
typedef enum hw_status hw_convert_fn(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                     struct hw_error *err);

/* Returns the function that converts values of the type, or NULL if they are copied as they are. */
hw_convert_fn *hw_convert_of(struct hw_type type);

#endif
