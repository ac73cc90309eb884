/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values whose lane is not what a batch has: wider integers, other units, decimals of other widths,
 * intervals.
 */
#ifndef HW_PARQUET_CONVERT_H
#define HW_PARQUET_CONVERT_H

#include "core/error.h"
#include "parquet/schema.h"

/*
 * Converts `count` values that lie one after the other as in a batch. HW_EDATA for one that does
 * not go.
 */
typedef enum hw_status hw_convert_fn(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                     struct hw_error *err);

/* Returns how values of the type are converted; NULL: they are copied as they are. */
hw_convert_fn *hw_convert_of(struct hw_type type);

#endif
