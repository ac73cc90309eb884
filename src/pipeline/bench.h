/* SPDX-License-Identifier: Apache-2.0 */
/* A worker's bench: what turns blocks of text into pieces. Kept by the conversion between spans, so that its buffers are reused. */
#ifndef HW_PIPELINE_BENCH_H
#define HW_PIPELINE_BENCH_H

#include "pipeline/conversion.h"
#include "table/row_store.h"

struct hw_bench {
    struct hw_bench *next;
    struct hw_csv_parser *parser;    /* set to the text in work; NULL before the first */
    const struct hw_shape *shape;    /* the parser's */
    struct hw_csv_profile *profiles; /* of the table's columns, what the parser was told to forget */
    struct hw_column *arranged;      /* columns of the table, where a text has others */
    struct hw_buf nulls;             /* for those that it has not */
    struct hw_encoder *encoders[HW_OUTPUT_FORMATS_MAX];
    struct hw_partition_finder *finder; /* NULL, as the next: rows are not partitioned */
    struct hw_row_store *store;         /* rows of the piece in work: encoded by partition once they are all there */
    struct hw_buf partitions;           /* of them: uint32_t each */
    struct hw_buf order;                /* scratch: their numbers by partition */
    struct hw_buf text;                 /* margin, bytes, margin */
    struct hw_column *slice;            /* columns of a part of a batch */
    struct hw_piece *piece;             /* rejects of the piece in work */
};

/* A free bench, or a new one. Give it back with hw_bench_return. */
HW_NODISCARD enum hw_status hw_bench_take(struct hw_conversion *conversion, struct hw_bench **out_bench,
                                          struct hw_error *err);
/* Back to the conversion, emptied; freed where nobody will want it any more, or where it should not be kept. */
void hw_bench_return(struct hw_conversion *conversion, struct hw_bench *bench, bool keep);
/* Frees all that were returned. */
void hw_benches_free(struct hw_conversion *conversion);

/* Makes the parser one of this text. */
HW_NODISCARD enum hw_status hw_bench_turn(struct hw_conversion *conversion, struct hw_bench *bench,
                                          const struct hw_text *text, struct hw_error *err);
/* A batch of the text in work as one of the table; borrows it, until the next one. */
HW_NODISCARD enum hw_status hw_bench_arrange(struct hw_conversion *conversion, struct hw_bench *bench,
                                             const struct hw_batch *batch, struct hw_batch *out_batch,
                                             struct hw_error *err);
/* What the table's columns have been since the bench was taken. */
const struct hw_csv_profile *hw_bench_profiles(struct hw_bench *bench);

/* Rows that a piece may have, and memory that it may hold before it is due. */
size_t hw_bench_rows_max(const struct hw_conversion *conversion);
size_t hw_bench_held_max(const struct hw_conversion *conversion);
/*
 * Returns how many rows may be added before it is asked again whether the piece is due: a multiple of
 * HW_BATCH_SLICE_ROWS, or SIZE_MAX.
 */
size_t hw_bench_slice_rows(const struct hw_conversion *conversion);
/* Adds rows to the piece in work. */
HW_NODISCARD enum hw_status hw_bench_add(struct hw_conversion *conversion, struct hw_bench *bench,
                                         const struct hw_batch *batch, struct hw_error *err);
/* Rows added since the last piece. */
size_t hw_bench_rows(const struct hw_conversion *conversion, const struct hw_bench *bench);
/* Memory that the piece in work holds. */
size_t hw_bench_held(const struct hw_conversion *conversion, const struct hw_bench *bench);
/*
 * Returns true where the rows of the piece in work are of so many partitions that the piece is due:
 * once they are encoded, each partition holds something for itself, however few its rows are.
 */
bool hw_bench_crowded(const struct hw_conversion *conversion, const struct hw_bench *bench);
/* Everything since the last piece, as a piece. */
HW_NODISCARD enum hw_status hw_bench_piece(struct hw_conversion *conversion, struct hw_bench *bench,
                                           struct hw_piece **out_piece, struct hw_error *err);
/* Drops everything since the last piece. */
void hw_bench_drop(struct hw_conversion *conversion, struct hw_bench *bench);

#endif
