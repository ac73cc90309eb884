/* SPDX-License-Identifier: Apache-2.0 */
/* The batches of a program's stream, one after the other, each checked before it is believed. */
#ifndef HW_STREAM_SOURCE_H
#define HW_STREAM_SOURCE_H

#include "core/error.h"
#include "table/batch.h"

/* Whoever has the stream's turn has it. Release it. */
struct hw_stream_source {
    struct hw_batch_stream *stream; /* borrowed */
    struct hw_batch batch;          /* in work */
    size_t row;                     /* Rows before it were taken. */
    uint64_t batches;               /* so far */
    bool ended;                     /* No batch comes after the one in work. */
};

/* Returns the rows of the batch in work that are left. */
static inline size_t hw_stream_source_left(const struct hw_stream_source *source) {
    return source->batch.rows - source->row;
}

/*
 * Lets go of the batch in work, of which no row is left, and asks the stream for the next one. That
 * may have no rows. HW_EDATA where it is not what the stream's schema says; errors tell the number
 * of the batch, from 1.
 */
HW_NODISCARD enum hw_status hw_stream_source_next(struct hw_stream_source *source, struct hw_error *err);
/* Lets go of the batch in work. The stream is not freed. */
void hw_stream_source_release(struct hw_stream_source *source);

#endif
