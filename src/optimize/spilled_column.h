/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of one leaf that are put aside in blocks, in their order (optimize/sort_spill.h), and read
 * again in that order from any of them on. A block knows the sum of its bytes, which is checked
 * when it comes back.
 */
#ifndef HW_OPTIMIZE_SPILLED_COLUMN_H
#define HW_OPTIMIZE_SPILLED_COLUMN_H

#include "codec/decompression.h"
#include "optimize/rows_slice.h"
#include "optimize/sort_spill.h"

/* A block: its place, and the rows that are before it. */
struct hw_spilled_block {
    uint64_t at;
    uint64_t first;
    uint32_t stored_bytes;
    uint32_t rows;
};

/* Start it zeroed, but for the leaf's highest definition level. */
struct hw_spilled_column {
    uint8_t def_max;
    uint64_t rows;
    /* The bytes of the largest block, unpacked. */
    size_t block_bytes_most;
    /* Each a struct hw_spilled_block. */
    struct hw_buf blocks;
};

/* The things with which a thread packs and unpacks blocks. Start it zeroed. */
struct hw_spill_bench {
    struct hw_compressor *compressor;
    struct hw_decompressor *decompressor;
    struct hw_buf raw;
    struct hw_buf packed;
};

void hw_spill_bench_release(struct hw_spill_bench *bench);
void hw_spilled_column_release(struct hw_spilled_column *column);

/* Puts rows aside behind those before, as one block. One thread at a time for each column. */
HW_NODISCARD enum hw_status hw_spilled_column_add(struct hw_spilled_column *column, struct hw_sort_spill *spill,
                                                  const struct hw_leaf_rows *rows, struct hw_spill_bench *bench,
                                                  struct hw_error *err);

/* Reads rows of a column. Start it with the first three, and zeroed behind them. */
struct hw_spilled_reader {
    const struct hw_spilled_column *column;
    struct hw_sort_spill *spill;
    struct hw_spill_bench *bench;
    /* The block at hand, and the next row of it; `block` is the number of the one behind it. */
    struct hw_leaf_rows rows;
    size_t block;
    size_t row;
    size_t entry;
    size_t value;
};

void hw_spilled_reader_release(struct hw_spilled_reader *reader);
/* Goes to a row, or behind the last one. */
HW_NODISCARD enum hw_status hw_spilled_reader_go(struct hw_spilled_reader *reader, uint64_t row, struct hw_error *err);
/*
 * Appends the next `count` rows to `to`, which is ready for them (hw_rows_append). There must be as
 * many.
 */
HW_NODISCARD enum hw_status hw_spilled_reader_take(struct hw_spilled_reader *reader, size_t count,
                                                   struct hw_leaf_rows *to, struct hw_error *err);
/*
 * Makes the next row the one at `reader->row` of `reader->rows`. `*out_more` is false behind the
 * last row.
 */
HW_NODISCARD enum hw_status hw_spilled_reader_peek(struct hw_spilled_reader *reader, bool *out_more,
                                                   struct hw_error *err);

#endif
