/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/spilled_column.h"

#include <xxhash.h>

/* A block begins with this. Levels, values, and places and bytes of texts follow. */
struct block_head {
    /* XXH3 of the bytes behind this member, as they are stored. */
    uint64_t sum;
    uint32_t raw_bytes;
    uint32_t packed; /* 1: what follows the head is an LZ4 block */
    uint32_t rows;
    uint32_t entries;
    uint32_t count;
    uint32_t width;
    uint32_t parts[5]; /* the bytes of each part */
    uint32_t unused;
};

enum { PARTS = 5, HEAD_BYTES = sizeof(struct block_head), SUM_BYTES = sizeof(uint64_t) };

void hw_spill_bench_release(struct hw_spill_bench *bench) {
    hw_compressor_free(bench->compressor);
    hw_decompressor_free(bench->decompressor);
    hw_buf_release(&bench->raw);
    hw_buf_release(&bench->packed);
    *bench = (struct hw_spill_bench){0};
}

void hw_spilled_column_release(struct hw_spilled_column *column) {
    hw_buf_release(&column->blocks);
}

void hw_spilled_reader_release(struct hw_spilled_reader *reader) {
    hw_leaf_rows_release(&reader->rows);
}

/* The parts of rows that a block has, in their order. */
static const size_t part_offsets[PARTS] = {
    offsetof(struct hw_leaf_rows, defs),    offsetof(struct hw_leaf_rows, reps), offsetof(struct hw_leaf_rows, values),
    offsetof(struct hw_leaf_rows, offsets), offsetof(struct hw_leaf_rows, data),
};

/* ------ writing */

static enum hw_status block_pack(struct block_head *head, struct hw_spill_bench *bench, struct hw_error *err);

enum hw_status hw_spilled_column_add(struct hw_spilled_column *column, struct hw_sort_spill *spill,
                                     const struct hw_leaf_rows *rows, struct hw_spill_bench *bench,
                                     struct hw_error *err) {
    struct block_head head = {.rows = (uint32_t)rows->rows,
                              .entries = (uint32_t)rows->entries,
                              .count = (uint32_t)rows->count,
                              .width = (uint32_t)rows->width};
    hw_buf_clear(&bench->raw);
    for (size_t i = 0; i < PARTS; i++) {
        const struct hw_buf *part = (const void *)((const char *)rows + part_offsets[i]);
        head.parts[i] = (uint32_t)part->size;
        HW_TRY(hw_buf_append(&bench->raw, part->data, part->size, err));
    }
    HW_TRY(block_pack(&head, bench, err));
    struct hw_spilled_block block = {
        .first = column->rows, .stored_bytes = (uint32_t)bench->packed.size, .rows = head.rows};
    HW_TRY(hw_sort_spill_append(spill, bench->packed.data, bench->packed.size, &block.at, err));
    HW_TRY(hw_buf_append(&column->blocks, &block, sizeof(block), err));
    column->rows += rows->rows;
    column->block_bytes_most = hw_max_size(column->block_bytes_most, bench->raw.size);
    return HW_OK;
}

/* Makes the stored bytes of the block in `bench->packed`: packed, unless that gains nothing. */
static enum hw_status block_pack(struct block_head *head, struct hw_spill_bench *bench, struct hw_error *err) {
    const struct hw_buf *raw = &bench->raw;
    size_t bytes = 0;
    if (!bench->compressor) {
        HW_TRY(hw_compressor_new(HW_CODEC_LZ4_RAW, HW_LEVEL_DEFAULT, &bench->compressor, err));
    }
    const size_t bound = hw_max_size(hw_compressor_bound(bench->compressor, raw->size), raw->size);
    hw_buf_clear(&bench->packed);
    HW_TRY(hw_buf_resize(&bench->packed, HEAD_BYTES + bound, err));
    uint8_t *body = bench->packed.data + HEAD_BYTES;
    HW_TRY(hw_compressor_run(bench->compressor, raw->data, raw->size, body, bound, &bytes, err));
    head->packed = bytes < raw->size;
    head->raw_bytes = (uint32_t)raw->size;
    if (!head->packed && raw->size > 0) {
        memcpy(body, raw->data, raw->size);
    }
    bench->packed.size = HEAD_BYTES + (head->packed ? bytes : raw->size);
    memcpy(bench->packed.data, head, sizeof(*head));
    head->sum = XXH3_64bits(bench->packed.data + SUM_BYTES, bench->packed.size - SUM_BYTES);
    memcpy(bench->packed.data, &head->sum, sizeof(head->sum));
    return HW_OK;
}

/* ------ reading */

static const struct hw_spilled_block *block_at(const struct hw_spilled_column *column, size_t number) {
    return (const struct hw_spilled_block *)(const void *)column->blocks.data + number;
}

static size_t blocks_count(const struct hw_spilled_column *column) {
    return column->blocks.size / sizeof(struct hw_spilled_block);
}

static enum hw_status block_load(struct hw_spilled_reader *reader, struct hw_error *err);
static void rows_go(struct hw_spilled_reader *reader, size_t rows);

enum hw_status hw_spilled_reader_go(struct hw_spilled_reader *reader, uint64_t row, struct hw_error *err) {
    size_t low = 0, high = blocks_count(reader->column);
    /* The last block that begins at the row or before it. */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const bool before = block_at(reader->column, middle)->first <= row;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    reader->block = low > 0 ? low - 1 : 0;
    reader->row = reader->rows.rows = 0;
    if (row >= reader->column->rows) {
        reader->block = blocks_count(reader->column);
        return HW_OK;
    }
    HW_TRY(block_load(reader, err));
    rows_go(reader, (size_t)(row - block_at(reader->column, reader->block - 1)->first));
    return HW_OK;
}

enum hw_status hw_spilled_reader_peek(struct hw_spilled_reader *reader, bool *out_more, struct hw_error *err) {
    if (reader->row == reader->rows.rows && reader->block < blocks_count(reader->column)) {
        HW_TRY(block_load(reader, err));
    }
    *out_more = reader->row < reader->rows.rows;
    return HW_OK;
}

enum hw_status hw_spilled_reader_take(struct hw_spilled_reader *reader, size_t count, struct hw_leaf_rows *to,
                                      struct hw_error *err) {
    while (count > 0) {
        if (reader->row == reader->rows.rows) {
            HW_TRY(block_load(reader, err));
        }
        const size_t step = hw_min_size(count, reader->rows.rows - reader->row);
        const struct hw_rows_slice slice =
            hw_rows_slice_at(&reader->rows, reader->entry, reader->value, step, reader->column->def_max);
        HW_TRY(hw_rows_append(to, &reader->rows, &slice, reader->column->def_max, err));
        reader->row += step;
        reader->entry += slice.entries;
        reader->value += slice.values;
        count -= step;
    }
    return HW_OK;
}

static void rows_go(struct hw_spilled_reader *reader, size_t rows) {
    const struct hw_rows_slice slice = hw_rows_slice_at(&reader->rows, 0, 0, rows, reader->column->def_max);
    reader->row = rows;
    reader->entry = slice.entries;
    reader->value = slice.values;
}

static enum hw_status block_wrong(struct hw_error *err) {
    return hw_fail(err, HW_EIO, "what was put aside to be sorted does not come back as it was written");
}

static enum hw_status block_read(struct hw_spilled_reader *reader, const struct hw_spilled_block *block,
                                 struct block_head *out_head, const uint8_t **out_raw, struct hw_error *err);

/* Brings the rows of the next block, of which there must be one. */
static enum hw_status block_load(struct hw_spilled_reader *reader, struct hw_error *err) {
    struct hw_leaf_rows *rows = &reader->rows;
    struct block_head head;
    const uint8_t *raw = NULL;
    if (reader->block == blocks_count(reader->column)) {
        return block_wrong(err);
    }
    HW_TRY(block_read(reader, block_at(reader->column, reader->block), &head, &raw, err));
    for (size_t i = 0; i < PARTS; i++) {
        struct hw_buf *part = (void *)((char *)rows + part_offsets[i]);
        HW_TRY(hw_buf_resize(part, head.parts[i], err));
        if (head.parts[i] > 0) {
            memcpy(part->data, raw, head.parts[i]);
        }
        raw += head.parts[i];
    }
    rows->rows = head.rows;
    rows->entries = head.entries;
    rows->count = head.count;
    rows->width = head.width;
    reader->row = reader->entry = reader->value = 0;
    reader->block++;
    return HW_OK;
}

/* The sum is right where the bytes are those that were written; then so is all that they say. */
static enum hw_status block_read(struct hw_spilled_reader *reader, const struct hw_spilled_block *block,
                                 struct block_head *out_head, const uint8_t **out_raw, struct hw_error *err) {
    struct hw_spill_bench *bench = reader->bench;
    HW_TRY(hw_buf_resize(&bench->packed, block->stored_bytes, err));
    HW_TRY(hw_sort_spill_read(reader->spill, block->at, bench->packed.data, block->stored_bytes, err));
    memcpy(out_head, bench->packed.data, sizeof(*out_head));
    if (out_head->rows != block->rows ||
        XXH3_64bits(bench->packed.data + SUM_BYTES, block->stored_bytes - SUM_BYTES) != out_head->sum) {
        return block_wrong(err);
    }
    *out_raw = bench->packed.data + HEAD_BYTES;
    if (out_head->packed) {
        const hw_view packed = {(const char *)*out_raw, block->stored_bytes - HEAD_BYTES};
        HW_TRY(bench->decompressor ? HW_OK : hw_decompressor_new(&bench->decompressor, err));
        HW_TRY(hw_buf_resize(&bench->raw, out_head->raw_bytes, err));
        HW_TRY(
            hw_decompressor_run(bench->decompressor, HW_CODEC_LZ4_RAW, packed, bench->raw.data, bench->raw.size, err));
        *out_raw = bench->raw.data;
    }
    return HW_OK;
}
