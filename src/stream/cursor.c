/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/cursor.h"

#include "core/alloc.h"

/* What a cursor does next. */
enum state {
    STATE_FILL, /* copies rows of the stream */
    STATE_GIVE, /* shows the blocks that it has */
    STATE_DONE,
};

struct cursor {
    struct hw_cursor base;
    struct hw_stream_table *table;
    enum state state;
    struct hw_part_result *result;
    uint64_t taken_bytes;            /* of the part, in blocks that are full */
    struct hw_stream_block **blocks; /* of the part: those before `filled` are full */
    size_t blocks_count;
    size_t filled;
    size_t given; /* of these, those that were shown */
};

static enum hw_status cursor_open(struct hw_cursor *base, size_t part, const uint64_t *start, struct hw_error *err);
static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err);
static struct hw_part_result *cursor_close(struct hw_cursor *base);
static void cursor_free(struct hw_cursor *base);

static const struct hw_cursor_ops cursor_ops = {cursor_open, cursor_next, cursor_close, cursor_free};

/* ------ life */

enum hw_status hw_stream_cursor_new(struct hw_stream_table *table, struct hw_cursor **out_cursor,
                                    struct hw_error *err) {
    struct cursor *cursor = hw_alloc_zero(1, sizeof(*cursor));
    if (!cursor) {
        return hw_fail_nomem(err, sizeof(*cursor));
    }
    cursor->base.ops = &cursor_ops;
    cursor->table = table;
    *out_cursor = &cursor->base;
    return HW_OK;
}

static void cursor_free(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    for (size_t i = 0; i < cursor->blocks_count; i++) {
        hw_stream_block_free(cursor->blocks[i]);
    }
    hw_free(cursor->blocks);
    hw_free(cursor);
}

static enum hw_status cursor_open(struct hw_cursor *base, size_t part, const uint64_t *start, struct hw_error *err) {
    struct cursor *cursor = (struct cursor *)base;
    (void)part;
    (void)start;
    base->result = cursor->result = hw_alloc_zero(1, sizeof(*cursor->result));
    if (!cursor->result) {
        return hw_fail_nomem(err, sizeof(*cursor->result));
    }
    base->large_allowed = base->last = base->types_only = false;
    cursor->state = STATE_FILL;
    cursor->taken_bytes = 0;
    cursor->filled = cursor->given = 0;
    cursor->result->start = cursor->result->end = cursor->table->rows;
    return HW_OK;
}

static struct hw_part_result *cursor_close(struct hw_cursor *base) {
    struct cursor *cursor = (struct cursor *)base;
    struct hw_part_result *result = cursor->result;
    for (size_t i = 0; i < cursor->blocks_count; i++) {
        hw_stream_block_clear(cursor->blocks[i]);
    }
    base->result = cursor->result = NULL;
    return result;
}

/* ------ steps */

static enum hw_status part_fill(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);
static enum hw_status block_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err);

static enum hw_status cursor_next(struct hw_cursor *base, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct cursor *cursor = (struct cursor *)base;
    switch (cursor->state) {
    case STATE_FILL:
        return part_fill(cursor, out_step, err);
    case STATE_GIVE:
        return block_give(cursor, out_step, err);
    case STATE_DONE:
        break;
    }
    *out_step = HW_CURSOR_END;
    return HW_OK;
}

/* Returns the block that is being filled. It is made where the cursor has had no use for it yet. */
static enum hw_status block_reserve(struct cursor *cursor, struct hw_stream_block **out_block, struct hw_error *err) {
    const struct hw_stream_table *table = cursor->table;
    if (cursor->filled == cursor->blocks_count) {
        struct hw_stream_block **blocks =
            hw_realloc_array(cursor->blocks, cursor->blocks_count + 1, sizeof(struct hw_stream_block *));
        if (!blocks) {
            return hw_fail_nomem(err, (cursor->blocks_count + 1) * sizeof(struct hw_stream_block *));
        }
        cursor->blocks = blocks;
        HW_TRY(hw_stream_block_new(table->source.stream->schema, &table->limits, &blocks[cursor->filled], err));
        cursor->blocks_count++;
    }
    *out_block = cursor->blocks[cursor->filled];
    return HW_OK;
}

static void blocks_reuse(struct cursor *cursor);
static enum hw_status batch_ask(struct cursor *cursor, const struct hw_stream_block *block,
                                enum hw_cursor_step *out_step, struct hw_error *err);
static enum hw_status part_end(struct cursor *cursor, enum hw_cursor_step *out_step);
static enum hw_status rows_take(struct cursor *cursor, struct hw_stream_block *block, bool *out_full,
                                enum hw_cursor_step *out_step, struct hw_error *err);

/*
 * Fills one block after the other. Whether the part ends is only asked when the next row is there,
 * or none comes, because whoever ends it says whether it is the last one.
 */
static enum hw_status part_fill(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct hw_stream_source *source = &cursor->table->source;
    struct hw_stream_block *block;
    blocks_reuse(cursor);
    for (;;) {
        bool full = false;
        HW_TRY(block_reserve(cursor, &block, err));
        if (hw_stream_source_left(source) == 0 && !source->ended) {
            return batch_ask(cursor, block, out_step, err);
        }
        const bool none = hw_stream_source_left(source) == 0;
        if (cursor->taken_bytes >= cursor->table->options.part_bytes || (none && block->rows == 0)) {
            return part_end(cursor, out_step);
        }
        *out_step = HW_CURSOR_END;
        HW_TRY(none ? HW_OK : rows_take(cursor, block, &full, out_step, err));
        if (*out_step == HW_CURSOR_LARGE) {
            return HW_OK;
        }
        if (full || none) {
            cursor->taken_bytes += block->bytes;
            cursor->filled++;
            if (!cursor->table->options.part_held) {
                return block_give(cursor, out_step, err);
            }
        }
    }
}

/* What was shown of a part that is not held makes room. */
static void blocks_reuse(struct cursor *cursor) {
    if (cursor->given > 0) {
        hw_stream_block_clear(cursor->blocks[0]);
        cursor->filled = cursor->given = 0;
    }
}

/* Asks for the next batch, and comes back to the caller with no rows. */
static enum hw_status batch_ask(struct cursor *cursor, const struct hw_stream_block *block,
                                enum hw_cursor_step *out_step, struct hw_error *err) {
    HW_TRY(hw_stream_source_next(&cursor->table->source, err));
    cursor->base.batch = (struct hw_batch){.schema = &cursor->table->schema, .columns = block->columns};
    *out_step = HW_CURSOR_ROWS;
    return HW_OK;
}

/* The stream is the next cursor's. */
static enum hw_status part_end(struct cursor *cursor, enum hw_cursor_step *out_step) {
    const struct hw_stream_source *source = &cursor->table->source;
    cursor->base.last = source->ended && hw_stream_source_left(source) == 0;
    cursor->state = STATE_GIVE;
    *out_step = HW_CURSOR_HANDED_ON;
    return HW_OK;
}

static enum hw_status row_too_long(const struct cursor *cursor, struct hw_error *err);

/* Takes rows into the block. HW_CURSOR_LARGE where the next one is longer than workers share. */
static enum hw_status rows_take(struct cursor *cursor, struct hw_stream_block *block, bool *out_full,
                                enum hw_cursor_step *out_step, struct hw_error *err) {
    struct hw_stream_table *table = cursor->table;
    const size_t before = block->rows;
    HW_TRY(hw_stream_block_fill(block, &table->source, out_full, err));
    if (block->rows == 0) { /* a single row that is longer than a block */
        const uint64_t bytes = hw_stream_row_bytes(&table->source, table->options.row_bytes_max);
        if (bytes > table->options.row_bytes_max) {
            return row_too_long(cursor, err);
        }
        if (bytes > table->options.row_bytes_shared && !cursor->base.large_allowed) {
            *out_step = HW_CURSOR_LARGE;
            return HW_OK;
        }
        HW_TRY(hw_stream_block_put(block, &table->source, bytes, err));
    }
    table->rows += block->rows - before;
    return HW_OK;
}

static enum hw_status row_too_long(const struct cursor *cursor, struct hw_error *err) {
    const struct hw_stream_table *table = cursor->table;
    hw_error_set(err, HW_ELIMIT, "a row is longer than %" PRIu64 " MiB, the most that the memory allows",
                 table->options.row_bytes_max >> 20);
    if (err) {
        err->row = (int64_t)table->rows + 1;
    }
    return HW_ELIMIT;
}

/* ------ rows */

/* Shows the next of the blocks that are full. A part that is not held never has more than one. */
static enum hw_status block_give(struct cursor *cursor, enum hw_cursor_step *out_step, struct hw_error *err) {
    struct hw_part_result *result = cursor->result;
    if (cursor->given == cursor->filled) {
        cursor->state = STATE_DONE;
        *out_step = HW_CURSOR_END;
        return HW_OK;
    }
    struct hw_stream_block *block = cursor->blocks[cursor->given++];
    HW_TRY(hw_stream_block_batch(block, &cursor->table->schema, &cursor->base.batch, err));
    result->rows += block->rows;
    result->records += block->rows;
    result->bytes += block->bytes;
    result->end += block->rows;
    *out_step = HW_CURSOR_ROWS;
    return HW_OK;
}
