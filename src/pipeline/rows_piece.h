/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A piece is what a worker hands on: some rows, encoded for every output or to be put aside, and
 * the records that were rejected among them.
 */
#ifndef HW_PIPELINE_ROWS_PIECE_H
#define HW_PIPELINE_ROWS_PIECE_H

#include "core/buf.h"
#include "pipeline/output.h"
#include "pipeline/queue.h"
#include "table/reader.h"

/* Rows that go to one file of every output. */
struct hw_rows_part {
    struct hw_rows_part *next;
    struct hw_encoded *encoded[HW_OUTPUT_FORMATS_MAX]; /* one an output; NULL: none of it */
    /* its path; "" where rows are not partitioned */
    char partition[];
};

/* An item of the queue. */
struct hw_rows_piece {
    struct hw_queue_item item;
    struct hw_rows_part *first, *last; /* none where there are no rows that are encoded */
    struct hw_buf chunks;              /* of rows that are put aside (pipeline/partition_spill) */
    struct hw_reject_list rejects;
};

HW_NODISCARD enum hw_status hw_rows_piece_new(struct hw_rows_piece **out_piece, struct hw_error *err);
/* Accepts NULL. */
void hw_rows_piece_free(struct hw_rows_piece *piece);

/* Adds a part without anything in it. */
HW_NODISCARD enum hw_status hw_rows_piece_add(struct hw_rows_piece *piece, const char *partition,
                                              struct hw_rows_part **out_part, struct hw_error *err);

#endif
