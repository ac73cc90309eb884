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

/* The labels of rows: from `start` on, by `step`, up to but without `stop`. */
struct hw_pandas_range {
    int64_t start;
    int64_t stop;
    int64_t step;
};

/*
 * Takes the value apart into the index of whole numbers (RangeIndex), which no column has, and all
 * else: `*out_rest` is the value with a range of 0, 0 and 0. Where it has no such index,
 * `*out_has` is false, the range unspecified, and the rest the value itself. Lifetimes are as
 * above. HW_EDATA where there are two of them, or one without whole numbers; else fails as
 * hw_json_edit_read and hw_json_edit_write do.
 */
HW_NODISCARD enum hw_status hw_pandas_range_split(hw_view value, struct hw_arena *arena, bool *out_has,
                                                  struct hw_pandas_range *out_range, hw_view *out_rest,
                                                  struct hw_error *err);

/*
 * Sets the numbers of the RangeIndex; the value is the same where these are there already, or where
 * it has no such index. Lifetimes and faults are as above.
 */
HW_NODISCARD enum hw_status hw_pandas_range_set(hw_view value, struct hw_pandas_range range, struct hw_arena *arena,
                                                hw_view *out_value, struct hw_error *err);

#endif
