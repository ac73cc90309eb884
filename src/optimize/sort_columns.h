/* SPDX-License-Identifier: Apache-2.0 */
/* The columns by which rows of an output are sorted, or may be. */
#ifndef HW_OPTIMIZE_SORT_COLUMNS_H
#define HW_OPTIMIZE_SORT_COLUMNS_H

#include <hawser/optimize.h>

#include "optimize/sort_run.h"
#include "parquet/element_tree.h"
#include "parquet/read_file.h"

/* The columns of an output, and the file whose schema they have. */
struct hw_sort_output {
    const struct hw_read_file *file;
    const struct hw_element_tree *tree;
    const struct hw_rewrite_column *columns;
    size_t count;
};

/*
 * Finds named columns. `out_sort` has room for `names_count`. HW_EUSAGE where one is not there, is
 * not in the output or named twice, or where rows cannot be sorted by it; HW_ELIMIT for more than
 * HW_SORT_COLUMNS_MAX.
 */
HW_NODISCARD enum hw_status hw_sort_columns_named(const struct hw_sort_output *output,
                                                  const struct hw_optimize_sort *names, size_t names_count,
                                                  struct hw_sort_column *out_sort, struct hw_error *err);

/*
 * Finds the columns by which all row groups of the files say that they are sorted, from the first
 * one on, as far as they are in the output and rows can be sorted by them. `out_sort` has room for
 * HW_SORT_COLUMNS_MAX. Returns their number.
 */
size_t hw_sort_columns_claimed(const struct hw_sort_output *output, const struct hw_read_file *const *files,
                               size_t files_count, struct hw_sort_column *out_sort);

#endif
