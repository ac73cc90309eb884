/* SPDX-License-Identifier: Apache-2.0 */
/* The key `pandas`: JSON that says which data frame the columns of a file were. */
#ifndef HW_OPTIMIZE_PANDAS_EDIT_H
#define HW_OPTIMIZE_PANDAS_EDIT_H

#include "optimize/column_change.h"

/*
 * Edits names, `pandas_type` and `numpy_type` in `columns`, and names in `index_columns`; a column
 * that is dropped leaves both. A column without a name, as that of an index, gets the new one. All
 * other bytes stay, and all of them where no change concerns the value, which is borrowed then;
 * else the new one is in `arena`. Fails as hw_json_edit_read and hw_json_edit_write do.
 */
HW_NODISCARD enum hw_status hw_pandas_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                                           hw_view *out_value, struct hw_error *err);

/* Rows of a data frame, from the first that a file has. */
struct hw_pandas_rows {
    uint64_t first;
    uint64_t count;
};

/*
 * Makes the index of whole numbers (RangeIndex), which no column has, that of `rows`: `start` goes
 * on by as many steps as there are rows before, and `stop` fits the number of rows. Other indexes
 * stay. Lifetimes are as above. HW_EDATA where it has no whole numbers, HW_ELIMIT where new ones do
 * not fit into 64 bits.
 */
HW_NODISCARD enum hw_status hw_pandas_range_set(hw_view value, struct hw_pandas_rows rows, struct hw_arena *arena,
                                                hw_view *out_value, struct hw_error *err);

#endif
