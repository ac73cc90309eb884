/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks: the rows of a stream in batches of our own, which end where the rows say, and not where
 * the program ends its batches. One thread at a time.
 */
#ifndef HW_STREAM_BLOCK_H
#define HW_STREAM_BLOCK_H

#include "stream/source.h"
#include "table/column_buffer.h"

/* The most that blocks have: by it alone they end. */
struct hw_stream_block_limits {
    size_t rows;
    uint64_t bytes; /* as hw_column_bytes counts; a single row may have more */
};

/*
 * Returns the limits for tables with so many columns, nested ones counted too: what they come to
 * stays in the second-level cache, but in wide tables, whose columns each hold something besides
 * their values.
 */
struct hw_stream_block_limits hw_stream_block_limits(size_t columns);

struct hw_stream_block {
    struct hw_stream_block_limits limits;
    size_t rows;
    uint64_t bytes;
    size_t columns_count;
    struct hw_column *columns; /* once they were handed out */
    struct hw_column_buffer *buffers[];
};

/* Makes an empty block for rows of `schema`, whose fields are borrowed. */
HW_NODISCARD enum hw_status hw_stream_block_new(const struct hw_schema *schema,
                                                const struct hw_stream_block_limits *limits,
                                                struct hw_stream_block **out_block, struct hw_error *err);
/* Accepts NULL. */
void hw_stream_block_free(struct hw_stream_block *block);

/*
 * Copies rows from the source's batch in work, as many as are left or find room. `*out_full` is
 * set where the next row has none. A row that is longer than a block alone is not taken: then the
 * block is empty and full.
 */
HW_NODISCARD enum hw_status hw_stream_block_fill(struct hw_stream_block *block, struct hw_stream_source *source,
                                                 bool *out_full, struct hw_error *err);
/*
 * Copies the next row into an empty block, however long it is; the caller has found out that it has
 * `bytes` bytes.
 */
HW_NODISCARD enum hw_status hw_stream_block_put(struct hw_stream_block *block, struct hw_stream_source *source,
                                                uint64_t bytes, struct hw_error *err);
/* Returns the bytes of the source's next row, or some number beyond `limit`. */
uint64_t hw_stream_row_bytes(const struct hw_stream_source *source, uint64_t limit);

/* Hands out the rows, as a batch of the given schema. It stays until the block is changed. */
HW_NODISCARD enum hw_status hw_stream_block_batch(struct hw_stream_block *block, const struct hw_schema *schema,
                                                  struct hw_batch *out_batch, struct hw_error *err);
/* Forgets the rows. Memory beyond what a block should have is given back. */
void hw_stream_block_clear(struct hw_stream_block *block);

#endif
