/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/split.h"

static void transpose8(uint64_t rows[8]);
static void swap_blocks(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask);

void hw_split_encode(const void *values, size_t count, size_t width, uint8_t *out) {
    const uint8_t *from = values;
    size_t at = 0;

    if (width == 8) {
        for (; at + 8 <= count; at += 8) {
            uint64_t rows[8];
            memcpy(rows, from + at * 8, sizeof(rows));
            transpose8(rows);
            for (size_t k = 0; k < 8; k++) {
                hw_store_le64(out + k * count + at, rows[k]);
            }
        }
    }
    for (; at < count; at++) {
        for (size_t k = 0; k < width; k++) {
            out[k * count + at] = from[at * width + k];
        }
    }
}

/* Transposes an 8 x 8 matrix of bytes: halves, quarters, then single bytes change places. */
static void transpose8(uint64_t rows[8]) {
    for (size_t i = 0; i < 4; i++) {
        swap_blocks(&rows[i], &rows[i + 4], 32, UINT64_C(0x00000000ffffffff));
    }
    for (size_t i = 0; i < 8; i += 4) {
        swap_blocks(&rows[i], &rows[i + 2], 16, UINT64_C(0x0000ffff0000ffff));
        swap_blocks(&rows[i + 1], &rows[i + 3], 16, UINT64_C(0x0000ffff0000ffff));
    }
    for (size_t i = 0; i < 8; i += 2) {
        swap_blocks(&rows[i], &rows[i + 1], 8, UINT64_C(0x00ff00ff00ff00ff));
    }
}

/* Exchanges the high blocks of `low` with the low blocks of `high`. */
static void swap_blocks(uint64_t *low, uint64_t *high, unsigned shift, uint64_t mask) {
    uint64_t differ = (*low >> shift ^ *high) & mask;
    *low ^= differ << shift;
    *high ^= differ;
}
