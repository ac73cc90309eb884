/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts rows by their keys (optimize/sort_key.h). */
#ifndef HW_OPTIMIZE_KEY_SORT_H
#define HW_OPTIMIZE_KEY_SORT_H

#include "parquet/leaf_rows.h"

/* The bytes of memory that sorting takes for each row, beside its keys. */
enum { HW_KEY_SORT_ROW_BYTES = 32 };

/*
 * Sorts rows by the keys of one column after the other, each of which has a key for each row. Rows
 * with equal keys stay as they are among each other. `order` becomes the numbers of the rows in
 * their new order, a uint32_t each; `scratch` is of no use afterwards.
 */
HW_NODISCARD enum hw_status hw_key_sort(const struct hw_leaf_rows *keys, size_t keys_count, size_t rows,
                                        struct hw_buf *order, struct hw_buf *scratch, struct hw_error *err);

#endif
