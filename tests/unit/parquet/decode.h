/* SPDX-License-Identifier: Apache-2.0 */
/* Slow decoders, written from Encodings.md alone, against which the encoders are held. */
#ifndef HW_TESTS_PARQUET_DECODE_H
#define HW_TESTS_PARQUET_DECODE_H

#include "support/rows.h"

#include "core/buf.h"

/* A splitmix generator, so that every run has the same data. */
static inline uint64_t test_random(uint64_t *state) {
    uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

enum { TEST_SHAPES = 7 };

/* Shapes of data, from small steps to the extremes that wrap around. */
static inline int64_t test_shape(unsigned shape, size_t i, uint64_t random) {
    switch (shape) {
    case 0:
        return (int64_t)i * 3;
    case 1:
        return (int64_t)(random % 100);
    case 2:
        return (int64_t)random;
    case 3:
        return random % 2 ? INT64_MAX : INT64_MIN;
    case 4:
        return random % 2 ? INT32_MAX : INT32_MIN;
    case 5:
        return -(int64_t)(i * i * i);
    default:
        return i % 200 < 100 ? 7 : (int64_t)(random >> (random % 64));
    }
}

struct decoder {
    const uint8_t *at;
    const uint8_t *end;
};

static inline uint8_t decode_byte(struct decoder *decoder) {
    assert_true(decoder->at < decoder->end);
    return *decoder->at++;
}

static inline uint64_t decode_varint(struct decoder *decoder) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = decode_byte(decoder);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
}

static inline int64_t decode_zigzag(struct decoder *decoder) {
    uint64_t value = decode_varint(decoder);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* Bit `bit` of a packed run. */
static inline uint64_t decode_packed(const uint8_t *data, size_t index, unsigned width) {
    uint64_t value = 0;
    for (unsigned i = 0; i < width; i++) {
        size_t bit = index * width + i;
        value |= (uint64_t)(data[bit / 8] >> (bit % 8) & 1) << i;
    }
    return value;
}

/* Decodes `count` values of the RLE hybrid; all bytes must be used. */
static inline void decode_rle(struct decoder *decoder, unsigned width, size_t count, uint32_t *out) {
    size_t done = 0;
    while (done < count) {
        uint64_t header = decode_varint(decoder);
        if (header & 1) {
            size_t values = (size_t)(header >> 1) * 8;
            size_t bytes = (size_t)(header >> 1) * width;
            assert_true(values > 0 && bytes <= (size_t)(decoder->end - decoder->at));
            for (size_t i = 0; i < values; i++) {
                uint64_t value = decode_packed(decoder->at, i, width);
                if (done + i < count) {
                    out[done + i] = (uint32_t)value;
                } else {
                    assert_int_equal(value, 0); /* filled up */
                }
            }
            decoder->at += bytes;
            done += values;
        } else {
            uint32_t value = 0;
            for (unsigned shift = 0; shift < width; shift += 8) {
                value |= (uint32_t)decode_byte(decoder) << shift;
            }
            assert_true(header >> 1 > 0 && header >> 1 <= count - done);
            for (uint64_t i = 0; i < header >> 1; i++) {
                out[done++] = value;
            }
        }
    }
    assert_true(decoder->at == decoder->end);
}

/*
 * Decodes DELTA_BINARY_PACKED of `width`-byte integers and returns how many. `out` has room for
 * `room`.
 */
static inline size_t decode_delta(struct decoder *decoder, unsigned width, size_t room, int64_t *out) {
    uint64_t block = decode_varint(decoder);
    uint64_t miniblocks = decode_varint(decoder);
    uint64_t count = decode_varint(decoder);
    int64_t value = decode_zigzag(decoder);
    uint64_t miniblock = block / miniblocks;
    size_t done = 0;

    assert_int_equal(block % 128, 0);
    assert_int_equal(miniblock % 32, 0);
    assert_true(count <= room);
    if (count > 0) {
        out[done++] = value;
    }
    while (done < count) {
        uint64_t least = (uint64_t)decode_zigzag(decoder);
        const uint8_t *widths = decoder->at;
        decoder->at += miniblocks;
        for (size_t m = 0; m < miniblocks; m++) {
            if (done >= count) {
                assert_int_equal(widths[m], 0); /* unused */
                continue;
            }
            assert_true(widths[m] <= width * 8);
            for (size_t i = 0; i < miniblock && done < count; i++) {
                uint64_t sum = (uint64_t)out[done - 1] + least + decode_packed(decoder->at, i, widths[m]);
                out[done++] = width == 4 ? (int32_t)(uint32_t)sum : (int64_t)sum;
            }
            decoder->at += miniblock * widths[m] / 8;
        }
    }
    return done;
}

#endif
