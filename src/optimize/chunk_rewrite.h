/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One column chunk of an output. Its rows are read from the column chunks of the sources that have
 * them, and encoded anew; then what was encoded is decoded again, and its hash compared with that
 * of the rows that were read. Of what was decoded a bloom filter is made, where one is asked for:
 * it knows the values that readers see.
 */
#ifndef HW_OPTIMIZE_CHUNK_REWRITE_H
#define HW_OPTIMIZE_CHUNK_REWRITE_H

#include "optimize/column_read.h"
#include "optimize/mask.h"
#include "optimize/narrowing.h"
#include "parquet/bloom_rows.h"
#include "parquet/row_group.h"
#include "parquet/scratch.h"

/* The leaf from which a column has values, of all sources whose leaves are the same. */
struct hw_rewrite_leaf {
    /* The leaf as one of the sources has it; and so that its values come as they are. */
    const struct hw_read_leaf *source;
    struct hw_read_leaf read;
    struct hw_field field;
    /* The definition level of the output for each of the source's; NULL: they are the same. */
    const uint8_t *lifted;
    /* The narrower form that its values get. */
    struct hw_narrowing narrowing;
};

/* A column of the output. */
struct hw_rewrite_column {
    /* Rows say which of them is that of their source. All become the same in the output. */
    const struct hw_rewrite_leaf *leaves;
    /* All of it becomes null, where `mask.def` is not 0. */
    struct hw_mask mask;
    /* The leaf of the output, borrowed; and by which that is read. */
    const struct hw_leaf *write;
    struct hw_read_leaf written;
    struct hw_field written_field;
    /*
     * The part of all values that are not there about which a bloom filter of it may be wrong; 0:
     * it gets none. The form of the values that are written.
     */
    double bloom_fpp;
    enum hw_bloom_form bloom_form;
};

struct hw_chunk_rewrite {
    const struct hw_rewrite_column *column;
    /* The rows of the chunk, in their order. */
    const struct hw_rewrite_rows *rows;
    size_t rows_count;
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
