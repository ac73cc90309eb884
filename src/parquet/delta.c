/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/delta.h"

#include "parquet/pack.h"
#include "parquet/varint.h"

enum { BLOCK_VALUES = 128, BLOCK_MINIBLOCKS = 4, MINIBLOCK_VALUES = BLOCK_VALUES / BLOCK_MINIBLOCKS };
enum {
    HEADER_BYTES_MAX = 4 * HW_VARINT_BYTES_MAX,
    BLOCK_BYTES_MAX = HW_VARINT_BYTES_MAX + BLOCK_MINIBLOCKS + BLOCK_VALUES * 8,
};
static_assert((int)MINIBLOCK_VALUES == (int)HW_PACK_GROUP, "a miniblock is packed as one group");

static int64_t first_of(const void *values, size_t width);
static void deltas4(const int32_t *values, size_t count, int64_t *deltas);
static void deltas8(const int64_t *values, size_t count, int64_t *deltas);
static uint8_t *put_block(const int64_t *deltas, size_t count, uint8_t *at);

enum hw_status hw_delta_encode(const void *values, size_t count, size_t width, struct hw_buf *out,
                               struct hw_error *err) {
    int64_t deltas[BLOCK_VALUES];
    size_t blocks = (count + BLOCK_VALUES - 1) / BLOCK_VALUES;

    assert(width == 4 || width == 8);
    HW_TRY(hw_buf_reserve(out, HEADER_BYTES_MAX + blocks * BLOCK_BYTES_MAX, err));
    uint8_t *at = out->data + out->size;
    at = hw_varint_put(at, BLOCK_VALUES);
    at = hw_varint_put(at, BLOCK_MINIBLOCKS);
    at = hw_varint_put(at, count);
    at = hw_varint_put(at, hw_zigzag(count > 0 ? first_of(values, width) : 0));
    for (size_t from = 1; from < count; from += BLOCK_VALUES) {
        size_t block = hw_min_size(BLOCK_VALUES, count - from);
        if (width == 4) {
            deltas4((const int32_t *)values + from, block, deltas);
        } else {
            deltas8((const int64_t *)values + from, block, deltas);
        }
        at = put_block(deltas, block, at);
    }
    out->size = (size_t)(at - out->data);
    return HW_OK;
}

static int64_t first_of(const void *values, size_t width) {
    return width == 4 ? *(const int32_t *)values : *(const int64_t *)values;
}

/* 32-bit differences wrap at 32 bits: no delta of an INT32 column may need more. */
static void deltas4(const int32_t *values, size_t count, int64_t *deltas) {
    for (size_t i = 0; i < count; i++) {
        deltas[i] = (int32_t)((uint32_t)values[i] - (uint32_t) * (values + i - 1));
    }
}

static void deltas8(const int64_t *values, size_t count, int64_t *deltas) {
    for (size_t i = 0; i < count; i++) {
        deltas[i] = (int64_t)((uint64_t)values[i] - (uint64_t) * (values + i - 1));
    }
}

static uint8_t *put_block(const int64_t *deltas, size_t count, uint8_t *at) {
    uint64_t above[BLOCK_VALUES]; /* the smallest delta */
    int64_t least = deltas[0];

    for (size_t i = 1; i < count; i++) {
        least = deltas[i] < least ? deltas[i] : least;
    }
    for (size_t i = 0; i < count; i++) {
        above[i] = (uint64_t)deltas[i] - (uint64_t)least;
    }
    memset(above + count, 0, (BLOCK_VALUES - count) * sizeof(*above));
    at = hw_varint_put(at, hw_zigzag(least));
    uint8_t *widths = at;
    at += BLOCK_MINIBLOCKS;
    for (size_t m = 0; m < BLOCK_MINIBLOCKS; m++) {
        const uint64_t *miniblock = above + m * MINIBLOCK_VALUES;
        uint64_t all = 0;
        for (size_t i = 0; i < MINIBLOCK_VALUES; i++) {
            all |= miniblock[i];
        }
        widths[m] = (uint8_t)hw_bit_width(all);
        at = hw_pack64(miniblock, widths[m], at);
    }
    return at;
}
