/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/encoder.h"

#include "core/alloc.h"
#include "parquet/chunk.h"
#include "parquet/chunk_nested.h"

/* The least bytes of a page in work before it may be ended early. */
enum { PENDING_COLUMN_BYTES = 512 };

struct encoder {
    struct hw_encoder base;
    const struct hw_parquet_options *options;
    struct hw_row_group_pool *pool;
    struct hw_scratch scratch;
    /* The row group in work; NULL if none was begun. */
    struct hw_row_group *group;
    size_t columns;
    struct hw_chunk chunks[];
};

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err);
static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err);
static void encoder_reset(struct hw_encoder *base);
static void encoder_free(struct hw_encoder *base);
static size_t rows_until_limit(const struct encoder *encoder, const struct hw_batch *batch, size_t from);
static enum hw_status pending_limit(struct encoder *encoder, const struct hw_chunk_work *work, struct hw_error *err);
static enum hw_status group_begin(struct encoder *encoder, struct hw_error *err);
static size_t encoder_held(const struct encoder *encoder);
static size_t encoder_content(const struct encoder *encoder);

static const struct hw_encoder_ops encoder_ops = {encoder_add, encoder_take, encoder_reset, encoder_free};

enum hw_status hw_row_group_encoder_new(const struct hw_tree *tree, const struct hw_parquet_options *options,
                                        struct hw_row_group_pool *pool, struct hw_encoder **out_encoder,
                                        struct hw_error *err) {
    struct encoder *encoder;
    size_t bytes;

    if (!hw_mul(tree->count, sizeof(encoder->chunks[0]), &bytes) || !hw_add(bytes, sizeof(*encoder), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a schema of %zu columns is too large", tree->count);
    }
    encoder = hw_alloc_zero(1, bytes);
    if (!encoder) {
        return hw_fail_nomem(err, bytes);
    }
    encoder->base.ops = &encoder_ops;
    encoder->options = options;
    encoder->pool = pool;
    encoder->columns = tree->count;
    for (size_t i = 0; i < tree->count; i++) {
        hw_chunk_init(&encoder->chunks[i], &tree->leaves[i], i);
    }
    enum hw_status status = hw_scratch_init(&encoder->scratch, options, err);
    if (status) {
        hw_free(encoder);
        return status;
    }
    *out_encoder = &encoder->base;
    return HW_OK;
}

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err) {
    struct encoder *encoder = (struct encoder *)base;

    HW_TRY(group_begin(encoder, err));
    struct hw_chunk_work work = {encoder->options, &encoder->scratch, encoder->group};
    for (size_t from = 0, rows; from < batch->rows; from += rows) {
        rows = rows_until_limit(encoder, batch, from);
        for (size_t i = 0; i < encoder->columns; i++) {
            struct hw_chunk *chunk = &encoder->chunks[i];
            const struct hw_column *column = &batch->columns[chunk->leaf.column];
            HW_TRY(chunk->leaf.nested ? hw_chunk_nested_add(chunk, &work, column, from, rows, err)
                                      : hw_chunk_add(chunk, &work, column, from, rows, err));
        }
        HW_TRY(pending_limit(encoder, &work, err));
    }
    base->rows += batch->rows;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = encoder_content(encoder);
    return HW_OK;
}

static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err) {
    struct encoder *encoder = (struct encoder *)base;

    HW_TRY(group_begin(encoder, err));
    struct hw_chunk_work work = {encoder->options, &encoder->scratch, encoder->group};
    for (size_t i = 0; i < encoder->columns; i++) {
        HW_TRY(hw_chunk_finish(&encoder->chunks[i], &work, err));
    }
    struct hw_row_group *group = encoder->group;
    group->base.rows = base->rows;
    if (encoder->options->many_small) {
        hw_page_log_trim(&group->log);
    }
    group->base.held_bytes = hw_row_group_held(group);
    group->base.file_bytes = hw_row_group_file_bytes(group);
    encoder->group = NULL;
    hw_scratch_trim(&encoder->scratch);
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
    *out_encoded = &group->base;
    return HW_OK;
}

static void encoder_reset(struct hw_encoder *base) {
    struct encoder *encoder = (struct encoder *)base;

    for (size_t i = 0; i < encoder->columns; i++) {
        hw_chunk_reset(&encoder->chunks[i], &encoder->scratch);
    }
    if (encoder->group) {
        hw_row_group_clear(encoder->group);
    }
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
}

static void encoder_free(struct hw_encoder *base) {
    struct encoder *encoder = (struct encoder *)base;

    if (!encoder) {
        return;
    }
    encoder_reset(base);
    if (encoder->group) {
        encoder->group->base.ops->free(&encoder->group->base);
    }
    for (size_t i = 0; i < encoder->columns; i++) {
        hw_chunk_release(&encoder->chunks[i]);
    }
    hw_scratch_release(&encoder->scratch);
    hw_free(encoder);
}

static enum hw_status group_begin(struct encoder *encoder, struct hw_error *err) {
    return encoder->group ? HW_OK : hw_row_group_new(encoder->pool, &encoder->group, err);
}

/* Pages of a few values cost more for their headers than they save in memory. */
static size_t pending_max(const struct encoder *encoder) {
    return hw_max_size(encoder->options->pending_bytes, encoder->columns * PENDING_COLUMN_BYTES);
}

/*
 * Returns how many rows from `from` on may be added before the size of the pages in work is asked
 * again: as many as certainly stay within the limit, or one. So all pages end after the first row
 * that passes the limit, however the rows come in batches.
 */
static size_t rows_until_limit(const struct encoder *encoder, const struct hw_batch *batch, size_t from) {
    const size_t limit = pending_max(encoder);
    size_t rows = batch->rows - from;

    for (;; rows /= 2) {
        size_t pending = 0;
        for (size_t i = 0; i < encoder->columns && pending <= limit; i++) {
            const struct hw_chunk *chunk = &encoder->chunks[i];
            const struct hw_column *column = &batch->columns[chunk->leaf.column];
            pending += hw_chunk_pending(chunk) + hw_chunk_growth(chunk, column, from, rows);
        }
        if (rows <= 1 || pending <= limit) {
            return rows;
        }
    }
}

static enum hw_status pending_limit(struct encoder *encoder, const struct hw_chunk_work *work, struct hw_error *err) {
    size_t pending = 0;
    size_t held = 0;

    for (size_t i = 0; i < encoder->columns; i++) {
        pending += hw_chunk_pending(&encoder->chunks[i]);
        held += hw_values_held(&encoder->chunks[i].values);
    }
    if (pending <= pending_max(encoder)) {
        return HW_OK;
    }
    for (size_t i = 0; i < encoder->columns; i++) {
        HW_TRY(hw_chunk_end_page(&encoder->chunks[i], work, true, err));
        /* Large pages came in changing columns. */
        if (held > 2 * encoder->options->pending_bytes) {
            hw_chunk_release(&encoder->chunks[i]);
        }
    }
    return HW_OK;
}

static size_t encoder_held(const struct encoder *encoder) {
    size_t held = sizeof(*encoder) + encoder->columns * sizeof(encoder->chunks[0]) + hw_scratch_held(&encoder->scratch);

    for (size_t i = 0; i < encoder->columns; i++) {
        held += hw_chunk_held(&encoder->chunks[i]);
    }
    return held + (encoder->group ? hw_row_group_held(encoder->group) : 0);
}

/*
 * Returns the bytes of finished pages, of values that wait for theirs, and of dictionaries, whose
 * pages come last.
 */
static size_t encoder_content(const struct encoder *encoder) {
    size_t bytes = encoder->group ? hw_row_group_file_bytes(encoder->group) : 0;

    for (size_t i = 0; i < encoder->columns; i++) {
        bytes += hw_chunk_pending(&encoder->chunks[i]) + hw_chunk_dictionary_bytes(&encoder->chunks[i]);
    }
    return bytes;
}
