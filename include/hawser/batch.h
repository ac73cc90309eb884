/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch: some rows of a table, column by column, laid out as the Arrow columnar format lays them
 * out. The one in-memory currency between all formats.
 *
 *   kind                      buffers                                       Arrow format
 *   NULL                      none                                          n
 *   BOOL                      values: bitmap, least significant bit first   b
 *   INT8 ... UINT64           values: integers of that width                c s i l C S I L
 *   HALF FLOAT DOUBLE         values: IEEE 754                              e f g
 *   DECIMAL (of 128 bits)     values: 16 bytes of two's complement          d:P,S
 *   DECIMAL32 64 256          values: 4, 8, 32 bytes of two's complement    d:P,S,32 and so on
 *   DATE DATE_MILLIS          values: int32_t, int64_t                      tdD tdm
 *   TIME32 TIME64             values: int32_t, int64_t                      tts ttm ttu ttn
 *   TIMESTAMP                 values: int64_t                               tsu: and the zone
 *   DURATION                  values: int64_t                               tDs tDm tDu tDn
 *   INTERVAL                  values: int32_t, int32_t, int64_t             tin
 *   INTERVAL_MONTHS           values: int32_t                               tiM
 *   INTERVAL_DAYS             values: int32_t, int32_t                      tiD
 *   TEXT BINARY               offsets: one more than slots, data            u z
 *   LARGE_TEXT LARGE_BINARY   large_offsets, data                           U Z
 *   UUID FIXED                values: 16, `width` bytes each                w:16 w:N
 *   LIST MAP                  offsets, one child                            +l +m
 *   LARGE_LIST                large_offsets, one child                      +L
 *   FIXED_LIST                one child, of `width` times the slots         +w:N
 *   STRUCT                    its children, as long as itself               +s
 *   DICTIONARY                values: integers of kind `index`, dictionary  that of the index
 *
 * Numbers are little-endian. All buffers, and a struct's children, count from slot 0; a column's
 * own slots begin at its `offset`. Where a slot is null its value is unspecified but readable, and
 * its offsets do not fall.
 */
#ifndef HAWSER_BATCH_H
#define HAWSER_BATCH_H

#include <hawser/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One column of a batch, or a child or dictionary of one. */
struct hw_column {
    /** Nulls among its own slots. */
    size_t null_count;
    /** A set bit says that the slot is not null. NULL where null_count is 0 or the kind is NULL. */
    const uint8_t *validity;
    /** Values of a kind of fixed width. */
    const void *values;
    /** The places where texts, binaries, lists and maps begin and end. */
    const int32_t *offsets;
    /** Bytes of texts and binaries; they are not NULL where there are any. */
    const char *data;
    /** Large kinds have these in place of `offsets`. */
    const int64_t *large_offsets;
    /** Slots of its own. A batch's own columns may say 0: the batch's rows count. */
    size_t length;
    /** Slots that the buffers have before its first. */
    size_t offset;
    const struct hw_column *children;
    const struct hw_column *dictionary;
    /** Nothing may be read behind its buffers; else 64 bytes more than there are values may be. */
    bool exact;
};

/** An owner keeps the memory of batches: a count, and what is done when it comes to 0. */
struct hw_owner;

/** Rows of a table. It is plain data: copies of it share one reference to the owner. */
struct hw_batch {
    /** Its fields match the columns. The owner keeps it where there is one. */
    const struct hw_schema *schema;
    size_t rows;
    const struct hw_column *columns;
    /** NULL says that all of it is borrowed, for as long as its maker says. */
    struct hw_owner *owner;
};

/** Takes one more reference to a batch that has an owner. Safe from any thread. */
HW_API void hw_batch_retain(const struct hw_batch *batch);

/**
 * Gives a reference back, the last one frees the memory, and forgets the batch. Does nothing more
 * without an owner.
 */
HW_API void hw_batch_release(struct hw_batch *batch);

/**
 * Batches one after the other, from a reader or from another library. One thread at a time.
 *
 * `next` fills `*out_batch`, whose reference is the caller's to release and which may outlive the
 * stream, and `*out_more` with true; at the end with false, and no batch. After an error only
 * `free`.
 */
struct hw_batch_stream {
    /** The schema lives as long as the stream. */
    const struct hw_schema *schema;
    enum hw_status (*next)(struct hw_batch_stream *stream, struct hw_batch *out_batch, bool *out_more,
                           struct hw_error *err);
    void (*free)(struct hw_batch_stream *stream);
};

#ifdef __cplusplus
}
#endif

#endif
