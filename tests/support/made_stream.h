/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of batches that a test has made up: each row is told by its number alone, in batches of
 * any size. It counts what is done with it, and sees whether two threads are in it at once.
 */
#ifndef HW_TESTS_MADE_STREAM_H
#define HW_TESTS_MADE_STREAM_H

#include <stdatomic.h>

#include "table/batch.h"
#include "table/owner.h"

/*
 * The columns: "n" (an int64 that is never null, the number of the row times 7), "t" (a text), "b"
 * (a boolean), "r" (a double), "p" (one of three texts);
 * then those that CSV has not: "i" (an int16), "d" (a dictionary of texts), "l" (a list of int32),
 * "s" (a struct of a text and an int16), "f" (pairs of floats), "m" (a map of texts to int32).
 */
enum {
    MADE_FLAT = 5, /* columns that CSV has too */
    MADE_COLUMNS = 11,
    MADE_BYTES_MAX = 300, /* that a row takes at most, as hw_column_bytes counts */
};

/* Set what is wanted, then made_stream_init. */
struct made_stream {
    struct hw_batch_stream base;
    size_t columns; /* of MADE_COLUMNS, the first ones */
    uint64_t rows;
    size_t batch_rows;      /* of each batch but the last */
    const size_t *sizes;    /* of batches in their turn, ended with SIZE_MAX, in place of `batch_rows` */
    bool borrowed;          /* Batches have no owner, and are gone with the next call. */
    uint8_t unset;          /* what lies in buffers where there is no value */
    uint64_t fails_at;      /* the batch, from 1, that does not come; 0: all do */
    enum hw_status failure; /* how */
    bool silent;            /* without an error that says so */
    /* Called with each batch, before it is handed out. NULL: never. */
    void (*spoil)(struct made_stream *made, struct hw_batch *batch, struct hw_column *columns);
    void *ctx;

    struct hw_schema schema;
    uint64_t row; /* the next one */
    uint64_t batches;
    struct hw_batch last; /* that was borrowed */
    unsigned freed;       /* how often */
    bool over;            /* It has come to an end, or failed. */
    bool misused;         /* It was called by two at once, or when it was over. */
    atomic_bool busy;
    atomic_size_t alive; /* batches that have an owner */
};

void made_stream_init(struct made_stream *made);

#endif
