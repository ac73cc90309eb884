/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders the values of a dictionary by how often a page has them. Frequent ones then have small
 * indices, so that the upper bytes of indices are mostly 0.
 */
#ifndef HW_PARQUET_KEY_ORDER_H
#define HW_PARQUET_KEY_ORDER_H

#include "parquet/scratch.h"

/*
 * Puts a dictionary in the place of `*dictionary`, which has the values of the page and no others,
 * with the most frequent one first and equally frequent ones in their old order. `indices` of all
 * values of the page become those of the new dictionary; the old one goes back to `scratch`. Values
 * that would not be found quickly in the new order leave all as it was, as does a failure. `page`
 * is the number with which entries are marked. It works in the `trial` buffer of `scratch`.
 */
HW_NODISCARD enum hw_status hw_key_order(struct hw_dictionary **dictionary, const struct hw_leaf *leaf,
                                         const struct hw_values *values, uint32_t *indices, uint32_t page,
                                         struct hw_scratch *scratch, struct hw_error *err);

#endif
