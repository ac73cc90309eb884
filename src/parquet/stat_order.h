/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares the bounds of statistics and indexes, which are PLAIN bytes without a length, by the
 * order that the type of their column defines (ColumnOrder of parquet.thrift).
 */
#ifndef HW_PARQUET_STAT_ORDER_H
#define HW_PARQUET_STAT_ORDER_H

#include "parquet/read_schema.h"

/* Returns whether the bytes are as many as a value of the leaf has. */
bool hw_stat_fits(const struct hw_read_leaf *leaf, hw_view bound);

/*
 * Compares two bounds that fit. `*out_order` is below, equal to or above 0 if `a` sorts before,
 * with or after `b`. False, and `*out_order` untouched, where there is no order: for INT96 and
 * intervals, and where one of them is NaN.
 */
bool hw_stat_order(const struct hw_read_leaf *leaf, hw_view a, hw_view b, int *out_order);

#endif
