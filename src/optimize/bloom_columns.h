/* SPDX-License-Identifier: Apache-2.0 */
/* Chooses the columns of an output that get bloom filters. */
#ifndef HW_OPTIMIZE_BLOOM_COLUMNS_H
#define HW_OPTIMIZE_BLOOM_COLUMNS_H

#include <hawser/optimize.h>

#include "optimize/chunk_rewrite.h"
#include "parquet/element_tree.h"

/* The false positive probability where none is asked for, as BloomFilter.md advises. */
#define HW_BLOOM_FPP_DEFAULT 0.01

/* All is borrowed for the call. */
struct hw_bloom_columns {
    /* The file whose schema the output has, with its elements; the columns of `files` agree. */
    const struct hw_read_file *like;
    const struct hw_element_tree *tree;
    const struct hw_read_file *const *files;
    size_t files_count;
    /* The filters that are asked for. */
    const struct hw_optimize_bloom *asked;
    size_t asked_count;
};

/*
 * Sets `bloom_form` and `bloom_fpp` of the columns of an output, whose other members are set. A
 * column gets filters if it is asked for, or if any row group of the files has one for it and its
 * values can be written into one; not if it is masked, as its filter would tell of its values.
 * `*out_lost` tells whether a filter of the files cannot be made again.
 *
 * HW_EUSAGE for a column that is asked for and is not there, has fields, has no filters, is not
 * written or is masked, or is asked for twice; and for a probability that is none.
 */
HW_NODISCARD enum hw_status hw_bloom_columns_choose(const struct hw_bloom_columns *choosing,
                                                    struct hw_rewrite_column *columns, size_t count, bool *out_lost,
                                                    struct hw_error *err);

#endif
