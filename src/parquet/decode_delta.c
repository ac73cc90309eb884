/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_delta.h"

#include "parquet/unpack.h"
#include "parquet/varint.h"

enum {
    BLOCK_MULTIPLE = 128,
    MINIBLOCK_MULTIPLE = 32,
    WIDTH_MAX = 64,
    /* Values that are read at once where they are not kept. */
    SCRATCH_VALUES = 256,
};

/* The header, in the order of its fields. */
enum header_field { BLOCK_VALUES, BLOCK_MINIBLOCKS, TOTAL, FIRST, FIELD_COUNT };

static enum hw_status header_read(struct hw_delta_reader *reader, uint64_t fields[FIELD_COUNT], struct hw_error *err);
static enum hw_status block_check(uint64_t values, uint64_t miniblocks, struct hw_error *err);
static enum hw_status step(struct hw_delta_reader *reader, void *out, size_t count, size_t *out_done,
                           struct hw_error *err);
static enum hw_status block_ready(struct hw_delta_reader *reader, struct hw_error *err);
static enum hw_status miniblock_check(const struct hw_delta_reader *reader, uint64_t count, struct hw_error *err);
static void deltas_add(struct hw_delta_reader *reader, void *out, size_t count);
static void add32(struct hw_delta_reader *reader, uint32_t *values, size_t count);
static void add64(struct hw_delta_reader *reader, uint64_t *values, size_t count);
static void values_taken(struct hw_delta_reader *reader, size_t count);

enum hw_status hw_delta_reader_init(struct hw_delta_reader *reader, hw_view bytes, unsigned bits, uint64_t count,
                                    struct hw_error *err) {
    const uint8_t *at = (const uint8_t *)bytes.data;
    uint64_t fields[FIELD_COUNT];

    assert(bits == 32 || bits == 64);
    struct hw_delta_reader made = {.at = at, .end = at + bytes.size, .bits = bits};
    HW_TRY(header_read(&made, fields, err));
    HW_TRY(block_check(fields[BLOCK_VALUES], fields[BLOCK_MINIBLOCKS], err));
    if (fields[TOTAL] != count) {
        return hw_fail(err, HW_EDATA, "there are %" PRIu64 " values, where %" PRIu64 " are due", fields[TOTAL], count);
    }
    /*
     * Some writers take unsigned integers for what they are, and not for the signed ones of the
     * file.
     */
    const int64_t first = hw_unzigzag(fields[FIRST]);
    if (bits == 32 && (first < INT32_MIN || first > UINT32_MAX)) {
        return hw_fail(err, HW_EDATA, "the first value is %" PRId64 ", which is more than 32 bits", first);
    }
    made.miniblocks = made.miniblock = (uint32_t)fields[BLOCK_MINIBLOCKS];
    made.miniblock_values = (uint32_t)(fields[BLOCK_VALUES] / fields[BLOCK_MINIBLOCKS]);
    made.total = made.left = fields[TOTAL];
    made.last = (uint64_t)first;
    *reader = made;
    return HW_OK;
}

static enum hw_status header_read(struct hw_delta_reader *reader, uint64_t fields[FIELD_COUNT], struct hw_error *err) {
    static const char *const names[FIELD_COUNT] = {"size of blocks", "number of miniblocks", "number of values",
                                                   "first value"};
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const uint8_t *at = hw_varint_get(reader->at, reader->end, &fields[i]);
        if (!at) {
            return hw_fail(err, HW_EDATA, "the %s is cut, or has more than 64 bits", names[i]);
        }
        reader->at = at;
    }
    return HW_OK;
}

static enum hw_status block_check(uint64_t values, uint64_t miniblocks, struct hw_error *err) {
    if (values == 0 || values % BLOCK_MULTIPLE != 0 || values > INT32_MAX) {
        return hw_fail(err, HW_EDATA, "blocks have %" PRIu64 " values, which is no multiple of 128 up to 2^31", values);
    }
    if (miniblocks == 0 || values % miniblocks != 0 || values / miniblocks % MINIBLOCK_MULTIPLE != 0) {
        return hw_fail(err, HW_EDATA,
                       "blocks of %" PRIu64 " values have %" PRIu64
                       " miniblocks, which does not make them multiples of 32",
                       values, miniblocks);
    }
    return HW_OK;
}

enum hw_status hw_delta_read(struct hw_delta_reader *reader, void *out, size_t count, struct hw_error *err) {
    uint8_t *to = out;
    while (count > 0) {
        size_t done = 0;
        HW_TRY(step(reader, to, count, &done, err));
        to += done * (reader->bits / 8);
        count -= done;
    }
    return HW_OK;
}

/* The values have to be added up, whether somebody wants them or not. */
enum hw_status hw_delta_skip(struct hw_delta_reader *reader, size_t count, struct hw_error *err) {
    uint64_t scratch[SCRATCH_VALUES];
    while (count > 0) {
        size_t step_count = hw_min_size(count, SCRATCH_VALUES);
        HW_TRY(hw_delta_read(reader, scratch, step_count, err));
        count -= step_count;
    }
    return HW_OK;
}

enum hw_status hw_delta_sum(struct hw_delta_reader *reader, uint64_t sum_max, const uint8_t **out_end,
                            uint64_t *out_sum, struct hw_error *err) {
    int32_t scratch[SCRATCH_VALUES];
    uint64_t sum = 0;

    assert(reader->bits == 32);
    while (reader->left > 0) {
        size_t count = (size_t)hw_clamp(reader->left, 0, SCRATCH_VALUES);
        int32_t all = 0;
        HW_TRY(hw_delta_read(reader, scratch, count, err));
        for (size_t i = 0; i < count; i++) {
            sum += (uint32_t)scratch[i];
            all |= scratch[i];
        }
        if (all < 0) {
            return hw_fail(err, HW_EDATA, "a length is negative");
        }
        if (sum > sum_max) {
            return hw_fail(err, HW_EDATA, "lengths come to %" PRIu64 " bytes or more, but %" PRIu64 " are there", sum,
                           sum_max);
        }
    }
    *out_end = reader->at;
    *out_sum = sum;
    return HW_OK;
}

/* Reads values up to the end of the miniblock in work, or the first value of all. */
static enum hw_status step(struct hw_delta_reader *reader, void *out, size_t count, size_t *out_done,
                           struct hw_error *err) {
    if (HW_UNLIKELY(reader->left == 0)) {
        return hw_fail(err, HW_EDATA, "there are only %" PRIu64 " values", reader->total);
    }
    if (HW_UNLIKELY(reader->left == reader->total)) {
        memcpy(out, &reader->last, reader->bits / 8);
        reader->left--;
        *out_done = 1;
        return HW_OK;
    }
    HW_TRY(block_ready(reader, err));
    count = hw_min_size(count, reader->miniblock_values - reader->miniblock_at);
    count = (size_t)hw_clamp(reader->left, 0, count);
    HW_TRY(miniblock_check(reader, count, err));
    deltas_add(reader, out, count);
    values_taken(reader, count);
    *out_done = count;
    return HW_OK;
}

/* Makes sure that there is a miniblock in work. */
static enum hw_status block_ready(struct hw_delta_reader *reader, struct hw_error *err) {
    uint64_t least = 0;

    if (HW_LIKELY(reader->miniblock < reader->miniblocks)) {
        return HW_OK;
    }
    const uint8_t *at = hw_varint_get(reader->at, reader->end, &least);
    if (!at) {
        return hw_fail(err, HW_EDATA, "the least difference of a block is cut, or has more than 64 bits");
    }
    if (reader->miniblocks > (size_t)(reader->end - at)) {
        return hw_fail(err, HW_EDATA, "the widths of the %" PRIu32 " miniblocks of a block are cut",
                       reader->miniblocks);
    }
    reader->min_delta = (uint64_t)hw_unzigzag(least);
    reader->widths = at;
    reader->at = at + reader->miniblocks;
    reader->miniblock = 0;
    reader->miniblock_at = 0;
    return HW_OK;
}

/* Checks that the next `count` values of the miniblock are there. */
static enum hw_status miniblock_check(const struct hw_delta_reader *reader, uint64_t count, struct hw_error *err) {
    const unsigned width = reader->widths[reader->miniblock];
    const size_t left = (size_t)(reader->end - reader->at);

    if (HW_UNLIKELY(width > WIDTH_MAX)) {
        return hw_fail(err, HW_EDATA, "a miniblock has differences of %u bits, but they have at most 64", width);
    }
    if (HW_UNLIKELY((reader->miniblock_at + count) * width > (uint64_t)left * 8)) {
        return hw_fail(err, HW_EDATA, "a miniblock of %" PRIu32 " values of %u bits is cut: %zu bytes are left",
                       reader->miniblock_values, width, left);
    }
    return HW_OK;
}

/* Unpacks differences to where their values belong, and makes values of them. */
static void deltas_add(struct hw_delta_reader *reader, void *out, size_t count) {
    const unsigned width = reader->widths[reader->miniblock];
    const uint64_t bit = (uint64_t)reader->miniblock_at * width;
    const uint8_t *from = reader->at + bit / 8;

    if (reader->bits == 64) {
        hw_unpacker()->to64(from, bit % 8, count, width, out);
        add64(reader, out, count);
    } else {
        hw_unpacker()->to32(from, bit % 8, count, width, out);
        add32(reader, out, count);
    }
}

static void add32(struct hw_delta_reader *reader, uint32_t *values, size_t count) {
    const uint32_t least = (uint32_t)reader->min_delta;
    uint32_t last = (uint32_t)reader->last;
    for (size_t i = 0; i < count; i++) {
        last += values[i] + least;
        values[i] = last;
    }
    reader->last = last;
}

static void add64(struct hw_delta_reader *reader, uint64_t *values, size_t count) {
    const uint64_t least = reader->min_delta;
    uint64_t last = reader->last;
    for (size_t i = 0; i < count; i++) {
        last += values[i] + least;
        values[i] = last;
    }
    reader->last = last;
}

/*
 * Goes over values of the miniblock, and over its last byte with the last one. A writer may have
 * left out the end of the very last miniblock, which only fills it up.
 */
static void values_taken(struct hw_delta_reader *reader, size_t count) {
    reader->left -= count;
    reader->miniblock_at += (uint32_t)count;
    if (reader->miniblock_at == reader->miniblock_values || reader->left == 0) {
        uint64_t bytes = (uint64_t)reader->miniblock_values / 8 * reader->widths[reader->miniblock];
        reader->at += hw_clamp(bytes, 0, (uint64_t)(reader->end - reader->at));
        reader->miniblock++;
        reader->miniblock_at = 0;
    }
}
