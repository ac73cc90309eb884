/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts files by their columns: those whose columns agree can come into one output. */
#ifndef HW_PIPELINE_OPTIMIZE_ALIKE_H
#define HW_PIPELINE_OPTIMIZE_ALIKE_H

#include "parquet/element_tree.h"
#include "parquet/read_file.h"

/* Files whose columns agree (optimize/columns_agree.h), in their order. */
struct hw_optimize_alike {
    const struct hw_read_file **files;
    size_t count;
    /* The columns are those of the first file, of which some elements become optional. */
    struct hw_element_tree tree;
    bool *optional;
};

/*
 * Sorts the files, one at least, into as few lots as there are different columns, in the order of
 * their first files. `storage` is that of struct hw_columns_first. All is in `arena`.
 */
HW_NODISCARD enum hw_status hw_optimize_alike_sort(const struct hw_read_file *files, size_t count, bool storage,
                                                   struct hw_arena *arena, struct hw_optimize_alike **out_lots,
                                                   size_t *out_count, struct hw_error *err);

/*
 * Makes one lot of all files. HW_EDATA where one does not agree with the first: its number is
 * `*out_failed`, which else is `count`.
 */
HW_NODISCARD enum hw_status hw_optimize_alike_all(const struct hw_read_file *files, size_t count, bool storage,
                                                  struct hw_arena *arena, struct hw_optimize_alike *out_lot,
                                                  size_t *out_failed, struct hw_error *err);

#endif
