/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An output, made of the rows of one source or of several: row group after row group, each of whose
 * column chunks is made and proved by itself (optimize/chunk_rewrite.h), several side by side.
 */
#ifndef HW_OPTIMIZE_FILE_REWRITE_H
#define HW_OPTIMIZE_FILE_REWRITE_H

#include "core/crew.h"
#include "optimize/chunk_rewrite.h"
#include "optimize/order_proof.h"
#include "optimize/row_cuts.h"
#include "parquet/tree.h"

struct hw_file_rewrite {
    const struct hw_row_cuts *cuts;
    /*
     * The columns by which rows are sorted first, or else those by which the sources say they are.
     * Each row group tells by which of them it is, from the first one on, as far as it is proved.
     */
    const struct hw_sort_column *keys;
    size_t keys_count;
    bool sorts;
    /* The folder of what is put aside while rows are sorted (optimize/sorted_rows.h). */
    const char *folder;
    /* The tree of the output, and what fills each of its leaves. */
    const struct hw_tree *tree;
    const struct hw_rewrite_column *columns;
    /* The options of the writer, with no value left at 0. */
    const struct hw_parquet_options *options;
    /* NULL: the calling thread does all of the work. */
    struct hw_crew *crew;
    size_t memory_bytes;
    size_t page_bytes_max;
    struct hw_sink *sink;
    /* Asked before each column chunk: HW_ECANCELLED where it says so. NULL: never. */
    bool (*cancelled)(void *ctx);
    void *ctx;
};

/* The sums of the chunks of a column, in all row groups together. */
struct hw_rewritten_column {
    /* As stored and before compression; headers included. */
    uint64_t stored_bytes;
    uint64_t raw_bytes;
    uint64_t dictionaries;
    uint64_t packed_chunks;
    uint64_t pages_encoded[HW_ENCODING_COUNT];
    /* The row groups that tell that they are sorted by it. */
    uint64_t groups_sorted;
    /* Its values, where narrower types may hold them. */
    struct hw_narrow_survey survey;
};

/*
 * Writes the file to the sink, which is neither finished nor freed. `out_columns` has room for the
 * leaves of the tree. HW_EDATA as hw_chunk_rewrite has it, and where sorted rows are not proved to
 * be those of the sources, or in their order.
 */
HW_NODISCARD enum hw_status hw_file_rewrite(const struct hw_file_rewrite *rewrite,
                                            struct hw_rewritten_column *out_columns, uint64_t *out_bytes,
                                            struct hw_error *err);

#endif
