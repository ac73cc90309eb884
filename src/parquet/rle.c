/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/rle.h"

#include "parquet/pack.h"
#include "parquet/varint.h"

enum {
    HEADER_BYTES_MAX = 5,
    /* The most bytes of a repeated run and the header of the literals that follow it. */
    RUN_BYTES_MAX = 2 * HEADER_BYTES_MAX + 4,
    /* The bytes of a bitmap below which a run costs more than literals. */
    BIT_RUN_BYTES_MIN = 4,
};

static uint8_t *put_repeated(uint8_t *at, uint32_t value, size_t count, unsigned width);
static uint8_t *put_literals(uint8_t *at, const uint32_t *values, size_t count, unsigned width);
static size_t run_worth(unsigned width);
static size_t run_length(const uint32_t *values, size_t count);
static uint8_t *put_bit_literals(uint8_t *at, const uint8_t *bytes, size_t count);
static bool tail_extends(const uint8_t *bitmap, size_t count, uint8_t byte);

enum hw_status hw_rle_encode(const uint32_t *values, size_t count, unsigned width, struct hw_buf *out,
                             struct hw_error *err) {
    const size_t worth = run_worth(width);
    /* The first value that is not written yet. */
    size_t literal = 0;
    size_t at = 0;

    /* Every repeated run stands for 8 values at least. */
    HW_TRY(hw_buf_reserve(out, (count / 8 + 2) * (width + RUN_BYTES_MAX), err));
    uint8_t *end = out->data + out->size;
    while (at + 8 <= count) {
        const uint32_t *group = values + at;
        uint32_t differ = 0;
        for (size_t i = 1; i < 8; i++) {
            differ |= group[i] ^ group[0];
        }
        if (HW_LIKELY(differ != 0)) {
            at += 8;
            continue;
        }
        size_t run = run_length(group, count - at);
        if (run < worth) {
            at += 8;
            continue;
        }
        end = put_literals(end, values + literal, at - literal, width);
        end = put_repeated(end, group[0], run, width);
        at += run;
        literal = at;
    }
    /* A tail of fewer than 8 values is a run of its own where it can be. */
    if (literal == at && at < count && run_length(values + at, count - at) == count - at) {
        end = put_repeated(end, values[at], count - at, width);
    } else {
        end = put_literals(end, values + literal, count - literal, width);
    }
    out->size = (size_t)(end - out->data);
    return HW_OK;
}

enum hw_status hw_rle_encode_bits(const uint8_t *bitmap, size_t count, struct hw_buf *out, struct hw_error *err) {
    const size_t full = count / 8;
    size_t literal = 0;
    size_t at = 0;

    HW_TRY(hw_buf_reserve(out, hw_rle_bits_bound(count), err));
    uint8_t *end = out->data + out->size;
    while (at < full) {
        uint8_t byte = bitmap[at];
        size_t run = 1;
        if (byte == 0 || byte == 0xff) {
            while (at + run < full && bitmap[at + run] == byte) {
                run++;
            }
        }
        size_t values = run * 8;
        if (at + run == full && tail_extends(bitmap, count, byte)) {
            values += count % 8;
        }
        if (run < BIT_RUN_BYTES_MIN && values < count) {
            at += run;
            continue;
        }
        /* This byte is no run, and there is no other one. */
        if (byte != 0 && byte != 0xff) {
            break;
        }
        end = put_bit_literals(end, bitmap + literal, (at - literal) * 8);
        end = put_repeated(end, byte & 1, values, 1);
        at += run;
        literal = values % 8 != 0 ? full + 1 : at;
    }
    if (literal * 8 < count) {
        end = put_bit_literals(end, bitmap + literal, count - literal * 8);
    }
    out->size = (size_t)(end - out->data);
    return HW_OK;
}

size_t hw_rle_bits_bound(size_t count) {
    return (count / 8 / BIT_RUN_BYTES_MIN + 2) * (BIT_RUN_BYTES_MIN + RUN_BYTES_MAX);
}

enum hw_status hw_rle_run(uint32_t value, size_t count, unsigned width, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, RUN_BYTES_MAX, err));
    out->size = (size_t)(put_repeated(out->data + out->size, value, count, width) - out->data);
    return HW_OK;
}

/*
 * Returns the shortest run that costs less than its literals. After literals it also costs their
 * next header.
 */
static size_t run_worth(unsigned width) {
    if (width == 0) {
        return 8;
    }
    size_t bytes = 3 + (width + 7) / 8;
    return (bytes * 8 / width + 7) / 8 * 8;
}

static size_t run_length(const uint32_t *values, size_t count) {
    size_t run = 1;
    while (run < count && values[run] == values[0]) {
        run++;
    }
    return run;
}

static uint8_t *put_repeated(uint8_t *at, uint32_t value, size_t count, unsigned width) {
    at = hw_varint_put(at, (uint64_t)count << 1);
    for (unsigned bits = 0; bits < width; bits += 8) {
        *at++ = (uint8_t)(value >> bits);
    }
    return at;
}

/* A literal run holds a multiple of 8 values; only the last run of all may be filled up. */
static uint8_t *put_literals(uint8_t *at, const uint32_t *values, size_t count, unsigned width) {
    size_t groups = count / HW_PACK_GROUP;
    size_t rest = count % HW_PACK_GROUP;

    if (count == 0) {
        return at;
    }
    at = hw_varint_put(at, (uint64_t)((count + 7) / 8) << 1 | 1);
    at = hw_pack32(values, groups, width, at);
    if (rest > 0) {
        uint32_t padded[HW_PACK_GROUP] = {0};
        uint8_t packed[HW_PACK_GROUP * 4];
        memcpy(padded, values + groups * HW_PACK_GROUP, rest * sizeof(*values));
        hw_pack32(padded, 1, width, packed);
        size_t bytes = (rest + 7) / 8 * width;
        memcpy(at, packed, bytes);
        at += bytes;
    }
    return at;
}

static uint8_t *put_bit_literals(uint8_t *at, const uint8_t *bytes, size_t count) {
    size_t size = (count + 7) / 8;
    if (size == 0) {
        return at;
    }
    at = hw_varint_put(at, (uint64_t)size << 1 | 1);
    memcpy(at, bytes, size);
    return at + size;
}

/* The bits of the unfinished last byte are those of `byte`, all 0 or all 1. */
static bool tail_extends(const uint8_t *bitmap, size_t count, uint8_t byte) {
    unsigned tail = count % 8;
    return tail > 0 && bitmap[count / 8] == (byte & ((1u << tail) - 1));
}
