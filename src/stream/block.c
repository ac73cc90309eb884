/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/block.h"

#include "core/alloc.h"
#include "table/column_bytes.h"

enum {
    ROWS_MAX = 32 << 10,
    BYTES = 256 << 10,
    BYTES_MAX = 16 << 20,
    COLUMN_BYTES = 1 << 10, /* a block has at least so many for each column */
    /* of memory for each column, that a block may keep besides its values */
    HELD_BYTES = 3 << 10,
};

struct hw_stream_block_limits hw_stream_block_limits(size_t columns) {
    return (struct hw_stream_block_limits){ROWS_MAX, hw_clamp((uint64_t)columns * COLUMN_BYTES, BYTES, BYTES_MAX)};
}

static enum hw_status buffers_new(struct hw_stream_block *block, const struct hw_schema *schema, struct hw_error *err);

enum hw_status hw_stream_block_new(const struct hw_schema *schema, const struct hw_stream_block_limits *limits,
                                   struct hw_stream_block **out_block, struct hw_error *err) {
    struct hw_stream_block *block = hw_alloc_zero(1, sizeof(*block) + schema->count * sizeof(block->buffers[0]));
    if (!block) {
        return hw_fail_nomem(err, sizeof(*block) + schema->count * sizeof(block->buffers[0]));
    }
    block->limits = *limits;
    enum hw_status status = buffers_new(block, schema, err);
    if (status != HW_OK) {
        hw_stream_block_free(block);
        return status;
    }
    *out_block = block;
    return HW_OK;
}

static enum hw_status buffers_new(struct hw_stream_block *block, const struct hw_schema *schema, struct hw_error *err) {
    block->columns = hw_alloc_zero(schema->count, sizeof(*block->columns));
    if (!block->columns) {
        return hw_fail_nomem(err, schema->count * sizeof(*block->columns));
    }
    for (size_t i = 0; i < schema->count; i++) {
        HW_TRY(hw_column_buffer_new(&schema->fields[i], &block->buffers[i], err));
        block->columns_count++;
    }
    return HW_OK;
}

void hw_stream_block_free(struct hw_stream_block *block) {
    if (block) {
        for (size_t i = 0; i < block->columns_count; i++) {
            hw_column_buffer_free(block->buffers[i]);
        }
        hw_free(block->columns);
        hw_free(block);
    }
}

/* Returns the bytes of some rows of the source, or some number beyond `limit`. */
static uint64_t rows_bytes(const struct hw_stream_source *source, size_t rows, uint64_t limit) {
    const struct hw_schema *schema = source->stream->schema;
    uint64_t bytes = 0;
    for (size_t i = 0; i < schema->count && bytes <= limit; i++) {
        const struct hw_column *column = &source->batch.columns[i];
        const uint64_t more = hw_column_bytes(&schema->fields[i], column, source->row, rows, limit - bytes);
        bytes = more <= limit - bytes ? bytes + more : UINT64_MAX;
    }
    return bytes;
}

uint64_t hw_stream_row_bytes(const struct hw_stream_source *source, uint64_t limit) {
    return rows_bytes(source, 1, limit);
}

static enum hw_status rows_take(struct hw_stream_block *block, struct hw_stream_source *source, size_t rows,
                                uint64_t bytes, struct hw_error *err);

/*
 * Half as many rows are tried again and again, until they find room. In the end the block has all
 * rows that do, however many of them came at once.
 */
enum hw_status hw_stream_block_fill(struct hw_stream_block *block, struct hw_stream_source *source, bool *out_full,
                                    struct hw_error *err) {
    size_t tried = SIZE_MAX;
    *out_full = block->rows == block->limits.rows;
    while (!*out_full && hw_stream_source_left(source) > 0) {
        const uint64_t room = block->limits.bytes - hw_min_size(block->bytes, block->limits.bytes);
        const size_t rows =
            hw_min_size(hw_min_size(hw_stream_source_left(source), block->limits.rows - block->rows), tried);
        const uint64_t bytes = rows_bytes(source, rows, room);
        if (bytes <= room) {
            HW_TRY(rows_take(block, source, rows, bytes, err));
            *out_full = block->rows == block->limits.rows;
        } else {
            *out_full = rows == 1;
            tried = rows / 2;
        }
    }
    return HW_OK;
}

enum hw_status hw_stream_block_put(struct hw_stream_block *block, struct hw_stream_source *source, uint64_t bytes,
                                   struct hw_error *err) {
    assert(block->rows == 0);
    return rows_take(block, source, 1, bytes, err);
}

static enum hw_status rows_take(struct hw_stream_block *block, struct hw_stream_source *source, size_t rows,
                                uint64_t bytes, struct hw_error *err) {
    for (size_t i = 0; i < block->columns_count; i++) {
        enum hw_status status =
            hw_column_buffer_append(block->buffers[i], &source->batch.columns[i], source->row, rows, err);
        if (status != HW_OK) {
            const char *name = source->stream->schema->fields[i].name;
            hw_error_column(err, name, strlen(name));
            return status;
        }
    }
    block->rows += rows;
    block->bytes += bytes;
    source->row += rows;
    return HW_OK;
}

enum hw_status hw_stream_block_batch(struct hw_stream_block *block, const struct hw_schema *schema,
                                     struct hw_batch *out_batch, struct hw_error *err) {
    for (size_t i = 0; i < block->columns_count; i++) {
        HW_TRY(hw_column_buffer_column(block->buffers[i], &block->columns[i], err));
    }
    *out_batch = (struct hw_batch){.schema = schema, .rows = block->rows, .columns = block->columns};
    return HW_OK;
}

void hw_stream_block_clear(struct hw_stream_block *block) {
    size_t held = 0;
    for (size_t i = 0; i < block->columns_count; i++) {
        held += hw_column_buffer_held(block->buffers[i]);
    }
    const bool keep = held <= 2 * block->limits.bytes + block->columns_count * HELD_BYTES;
    for (size_t i = 0; i < block->columns_count; i++) {
        (keep ? hw_column_buffer_clear : hw_column_buffer_trim)(block->buffers[i]);
    }
    block->rows = 0;
    block->bytes = 0;
}
