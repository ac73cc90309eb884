/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of an output: its schema, made of that of its sources, its columns, its row groups and
 * its key-value metadata.
 */
#ifndef HW_OPTIMIZE_FILE_PLAN_H
#define HW_OPTIMIZE_FILE_PLAN_H

#include <hawser/columns.h>
#include <hawser/optimize.h>

#include "optimize/chunk_rewrite.h"
#include "optimize/plan_pairs.h"
#include "optimize/sort_columns.h"
#include "parquet/options.h"
#include "parquet/tree_copy.h"

struct hw_file_plan_options {
    /* Which columns are written, and how they are called. Types and styles are not for this. */
    const struct hw_columns_options *columns;
    /* Columns that become null. */
    const char *const *mask;
    size_t mask_count;
    /* Columns that get bloom filters, beside those that have them. */
    const struct hw_optimize_bloom *bloom;
    size_t bloom_count;
    /* The most rows of a row group, and about the most bytes. */
    uint64_t group_rows;
    uint64_t group_bytes;
    /* The file whose schema the output has, as those of all files agree; NULL: the first one. */
    const struct hw_read_file *like;
    /* The columns by which the rows of the output are sorted, the most significant first. */
    const struct hw_optimize_sort *sort;
    size_t sort_count;
    /* The rows of the output, of those of all files together. */
    struct hw_row_range rows;
    /* Whether each element becomes optional, as it is in one of the files; NULL: none does. */
    const bool *optional;
    /* The narrower form of the values of each leaf of the sources; NULL: they stay. */
    const struct hw_narrowing *narrowings;
    /* Decimals on bytes become decimals on integers, of which the type is the same. */
    bool storage;
    /* The part of the metadata that files do not agree on, as in struct hw_plan_pairs. */
    enum hw_optimize_metadata metadata;
    const char *const *names;
    /* The value of HW_OPTIMIZE_KEY; NULL: the output has none. */
    const char *digest;
};

/* Start it zeroed; release it on failure too. */
struct hw_file_plan {
    struct hw_arena arena;
    struct hw_tree tree;
    /* One for each leaf of the tree. */
    struct hw_rewrite_column *columns;
    struct hw_row_cuts cuts;
    /*
     * The columns by which its rows are to be sorted, where options name any (`sorts`); else those
     * by which all row groups of the sources say that they are.
     */
    struct hw_sort_column *sort;
    size_t sort_count;
    bool sorts;
    /* Texts are views of the sources, or live in the arena. */
    struct hw_edited_pairs pairs;
    /* The sources have bloom filters of a type that gets none (optimize/bloom_columns.h). */
    bool blooms_lost;
    /* Column chunks of the sources have key-value metadata that the output has not. */
    bool chunk_pairs_lost;
};

/*
 * Makes the plan of an output that has rows of `files`, one at least, whose columns agree
 * (optimize/columns_agree.h). They are borrowed as long as the plan. HW_EUSAGE where a column that
 * is named is not there or named twice, where rows cannot be sorted by one, and as hw_changes_check
 * and hw_bloom_columns_choose have it; HW_EDATA as hw_plan_pairs_make has it.
 */
HW_NODISCARD enum hw_status hw_file_plan_make(struct hw_file_plan *plan, const struct hw_read_file *const *files,
                                              size_t files_count, const struct hw_file_plan_options *options,
                                              struct hw_error *err);
void hw_file_plan_release(struct hw_file_plan *plan);

#endif
