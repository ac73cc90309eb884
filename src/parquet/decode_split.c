/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: where a value has 2^n bytes, n rounds of zipping vectors bring the bytes of 16
 * values together. A round zips each stream with the one that is half of all streams farther.
 */
#include "parquet/decode_split.h"

enum { LANES = 16, WIDTH_MAX = 16, BLOCK_VALUES = 64 };

typedef uint8_t lanes __attribute__((vector_size(LANES)));

static void merge_any(const struct hw_split_reader *reader, uint8_t *out, size_t count);

enum hw_status hw_split_reader_init(struct hw_split_reader *reader, hw_view bytes, size_t count, size_t width,
                                    struct hw_error *err) {
    size_t needed = 0;
    if (!hw_mul(count, width, &needed) || needed != bytes.size) {
        return hw_fail(err, HW_EDATA, "%zu values of %zu bytes do not take the %zu bytes that are there", count, width,
                       bytes.size);
    }
    *reader = (struct hw_split_reader){(const uint8_t *)bytes.data, count, 0, width};
    return HW_OK;
}

/* Merges 16 values of `width` bytes, a power of two. */
static inline __attribute__((always_inline)) void merge_block(const uint8_t *from, size_t stride, size_t width,
                                                              uint8_t *out) {
    lanes rows[WIDTH_MAX];
#pragma GCC unroll 16
    for (size_t k = 0; k < width; k++) {
        memcpy(&rows[k], from + k * stride, LANES);
    }
#pragma GCC unroll 4
    for (size_t round = 1; round < width; round *= 2) {
        lanes zipped[WIDTH_MAX];
#pragma GCC unroll 8
        for (size_t k = 0; k < width / 2; k++) {
            lanes low = rows[k];
            lanes high = rows[k + width / 2];
            zipped[2 * k] = __builtin_shufflevector(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            zipped[2 * k + 1] =
                __builtin_shufflevector(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        memcpy(rows, zipped, width * LANES);
    }
    memcpy(out, rows, width * LANES);
}

/* Merges as many blocks as there are whole ones, and returns their values. */
static inline __attribute__((always_inline)) size_t merge(const struct hw_split_reader *reader, size_t width,
                                                          uint8_t *out, size_t count) {
    size_t done = 0;
    for (; done + LANES <= count; done += LANES) {
        merge_block(reader->start + reader->at + done, reader->count, width, out + done * width);
    }
    return done;
}

void hw_split_read(struct hw_split_reader *reader, uint8_t *out, size_t count) {
    size_t done = 0;
    assert(count <= reader->count - reader->at);
    switch (reader->width) {
    case 2:
        done = merge(reader, 2, out, count);
        break;
    case 4:
        done = merge(reader, 4, out, count);
        break;
    case 8:
        done = merge(reader, 8, out, count);
        break;
    case 16:
        done = merge(reader, 16, out, count);
        break;
    default:
        break;
    }
    reader->at += done;
    merge_any(reader, out + done * reader->width, count - done);
    reader->at += count - done;
}

/* One block after the other, so that what is written stays in cache over all streams. */
static void merge_any(const struct hw_split_reader *reader, uint8_t *out, size_t count) {
    const size_t width = reader->width;
    for (size_t block = 0; block < count; block += BLOCK_VALUES) {
        const size_t end = hw_min_size(count, block + BLOCK_VALUES);
        for (size_t k = 0; k < width; k++) {
            const uint8_t *from = reader->start + k * reader->count + reader->at;
            for (size_t i = block; i < end; i++) {
                out[i * width + k] = from[i];
            }
        }
    }
}
