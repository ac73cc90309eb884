/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One column chunk of an output. Its rows are read from the column chunks of the sources that have
 * them, and encoded anew; then what was encoded is decoded again, and its hash compared with that
 * of the rows that were read. Of what was decoded a bloom filter is made, where one is asked for:
 * it knows the values that readers see.
 *
 * Sorted rows are proved in two steps. The hash of a chunk tells that what was encoded is what came
 * out of the sorted parts. And of the values that were decoded a sum is made (optimize/row_sum.h),
 * each with the number of its row in the sources, which over all chunks must be that of the sources
 * themselves: so no value was lost or changed on its way, and no column sorted otherwise than the
 * others.
 */
#ifndef HW_OPTIMIZE_CHUNK_REWRITE_H
#define HW_OPTIMIZE_CHUNK_REWRITE_H

#include "optimize/column_read.h"
#include "optimize/order_marks.h"
#include "optimize/rewrite_column.h"
#include "optimize/sorted_rows.h"
#include "parquet/bloom_rows.h"
#include "parquet/row_group.h"
#include "parquet/scratch.h"

/* The rows of a chunk of an output whose rows are sorted. */
struct hw_sorted_chunk {
    const struct hw_sorted_rows *rows;
    /* The numbers of the column, of the row group, and of its first row. */
    size_t column;
    size_t group;
    uint64_t first;
    uint64_t count;
};

struct hw_chunk_rewrite {
    const struct hw_rewrite_column *column;
    /* The rows of the chunk, in their order. */
    const struct hw_rewrite_rows *rows;
    size_t rows_count;
    /* The same for rows that are sorted; NULL `rows` in it: they are not. */
    struct hw_sorted_chunk sorted;
    /* The order of the rows by this key is noted in `marks`, which are empty. NULL: it is not. */
    const struct hw_sort_key *key;
    struct hw_order_marks *marks;
    /*
     * The place in its column chunk at which the first of them begins, where an earlier call has
     * told it; NULL: it is looked for from the beginning of the chunk.
     */
    const struct hw_column_place *start;
    /* The options of the writer, with no value left at 0. */
    const struct hw_parquet_options *options;
    /* About the most bytes of pages and values that the work may hold. */
    size_t memory_bytes;
    size_t page_bytes_max;
};

/* The things that a thread works with, from one column chunk to the next. Start it zeroed. */
struct hw_rewrite_bench {
    struct hw_scratch scratch;
    struct hw_column_read_bench read;
    struct hw_bloom bloom;
    struct hw_run_rows_bench sorted;
};

HW_NODISCARD enum hw_status hw_rewrite_bench_init(struct hw_rewrite_bench *bench,
                                                  const struct hw_parquet_options *options, struct hw_error *err);
void hw_rewrite_bench_release(struct hw_rewrite_bench *bench);

/* The facts that were learned of a chunk's rows. */
struct hw_chunk_learned {
    /* The place behind the last row, for the call that goes on there. */
    struct hw_column_place end;
    /* Its values, where narrower types may hold them (hw_narrow_candidate). */
    struct hw_narrow_survey survey;
    /* Its values as they were decoded, where rows are sorted. */
    struct hw_row_sum sum;
};

/*
 * Makes the chunk in `out`, an empty row group of this column alone. HW_EDATA where a source is not
 * what it says, with the place, and where the proof fails, which is a fault of ours. `out` is of no
 * use after a failure.
 */
HW_NODISCARD enum hw_status hw_chunk_rewrite(const struct hw_chunk_rewrite *rewrite, struct hw_rewrite_bench *bench,
                                             struct hw_row_group *out, struct hw_chunk_learned *out_learned,
                                             struct hw_error *err);

#endif
