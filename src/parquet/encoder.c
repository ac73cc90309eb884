/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/encoder.h"

#include "core/alloc.h"
#include "parquet/chunk.h"
#include "parquet/chunk_nested.h"

enum {
    /* The least bytes of a page in work, on average, before it may be ended early. */
    PENDING_COLUMN_BYTES = 512,
    /*
     * Pages that would end before they have as much, on average, end later as long as there are no
     * dictionaries: in a table of thousands of columns a row group then has one page a column, and
     * but one dictionary at a time.
     */
    PAGE_BYTES_MIN = 4 << 10,
    /* The limit of all pages in work then, as a multiple of the usual one. */
    WIDE_TIMES = 5,
};

/* What all chunks hold together. */
struct sums {
    /* Bytes of pages in work, and of their buffers. */
    size_t pending;
    size_t values_held;
    /* Bytes of dictionaries, whose pages come last. */
    size_t dictionaries;
    size_t held;
};

struct encoder {
    struct hw_encoder base;
    const struct hw_parquet_options *options;
    struct hw_row_group_pool *pool;
    struct hw_scratch scratch;
    /* The row group in work; NULL if none was begun. */
    struct hw_row_group *group;
    /* The bytes of pages in work beyond which all of them end. */
    size_t pending_max;
    struct sums sums;
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
static size_t first_max(const struct encoder *encoder);
static void sums_take(struct encoder *encoder);
static void tell(struct encoder *encoder);

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
    tell(encoder);
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
    sums_take(encoder);
    tell(encoder);
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
    encoder->pending_max = first_max(encoder);
    base->rows = 0;
    sums_take(encoder);
    tell(encoder);
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

/*
 * Returns the limit of pages in work where there are dictionaries already. Pages of a few values
 * cost more for their headers than they save in memory.
 */
static size_t later_max(const struct encoder *encoder) {
    return hw_max_size(encoder->options->pending_bytes, encoder->columns * PENDING_COLUMN_BYTES);
}

/* Returns the same while no column has a dictionary. */
static size_t first_max(const struct encoder *encoder) {
    const size_t pending_bytes = encoder->options->pending_bytes;
    const bool wide = pending_bytes / PAGE_BYTES_MIN < encoder->columns;
    return hw_max_size(wide ? WIDE_TIMES * pending_bytes : 0, later_max(encoder));
}

/* Returns the limit for the pages that follow: dictionaries take of what the first pages had. */
static size_t next_max(const struct encoder *encoder) {
    const size_t first = first_max(encoder);
    return hw_max_size(first - hw_min_size(encoder->sums.dictionaries, first), later_max(encoder));
}

static enum hw_status group_begin(struct encoder *encoder, struct hw_error *err) {
    if (encoder->group) {
        return HW_OK;
    }
    encoder->pending_max = first_max(encoder);
    return hw_row_group_new(encoder->pool, &encoder->group, err);
}

/*
 * Returns how many rows from `from` on may be added before the size of the pages in work is asked
 * again: as many as certainly stay within the limit, or one. So all pages end after the first row
 * that passes the limit, however the rows come in batches.
 */
static size_t rows_until_limit(const struct encoder *encoder, const struct hw_batch *batch, size_t from) {
    size_t rows = batch->rows - from;

    for (;; rows /= 2) {
        size_t pending = encoder->sums.pending;
        for (size_t i = 0; i < encoder->columns && pending <= encoder->pending_max; i++) {
            const struct hw_chunk *chunk = &encoder->chunks[i];
            pending += hw_chunk_growth(chunk, &batch->columns[chunk->leaf.column], from, rows);
        }
        if (rows <= 1 || pending <= encoder->pending_max) {
            return rows;
        }
    }
}

/*
 * Ends all pages if they are beyond the limit. How large dictionaries are, is asked only then: the
 * limit must not depend on where batches end.
 */
static enum hw_status pending_limit(struct encoder *encoder, const struct hw_chunk_work *work, struct hw_error *err) {
    sums_take(encoder);
    if (encoder->sums.pending <= encoder->pending_max) {
        return HW_OK;
    }
    /* Large pages came in changing columns, or there is less room for those to come. */
    const bool release = encoder->sums.values_held > 2 * later_max(encoder);
    for (size_t i = 0; i < encoder->columns; i++) {
        HW_TRY(hw_chunk_end_page(&encoder->chunks[i], work, true, err));
        if (release) {
            hw_chunk_release(&encoder->chunks[i]);
        }
    }
    sums_take(encoder);
    encoder->pending_max = next_max(encoder);
    return HW_OK;
}

static void sums_take(struct encoder *encoder) {
    struct sums sums = {0};

    for (size_t i = 0; i < encoder->columns; i++) {
        const struct hw_chunk *chunk = &encoder->chunks[i];
        sums.pending += hw_chunk_pending(chunk);
        sums.values_held += hw_values_held(&chunk->values);
        sums.held += hw_chunk_held(chunk);
        sums.dictionaries += hw_chunk_dictionary_bytes(chunk);
    }
    encoder->sums = sums;
}

/* Brings up to date what the encoder tells of itself. */
static void tell(struct encoder *encoder) {
    const struct hw_row_group *group = encoder->group;
    const struct sums *sums = &encoder->sums;
    const size_t fixed = sizeof(*encoder) + encoder->columns * sizeof(encoder->chunks[0]);

    encoder->base.held_bytes =
        fixed + hw_scratch_held(&encoder->scratch) + sums->held + (group ? hw_row_group_held(group) : 0);
    encoder->base.content_bytes =
        encoder->base.rows == 0 ? 0 : sums->pending + sums->dictionaries + hw_row_group_file_bytes(group);
}
