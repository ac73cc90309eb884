/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_rle.h"

#include "parquet/unpack.h"
#include "parquet/varint.h"

enum { MSB_WIDTH_MAX = 8 };

static enum hw_status run_ready(struct hw_rle_reader *reader, struct hw_error *err);
static enum hw_status run_begin(struct hw_rle_reader *reader, struct hw_error *err);
static enum hw_status repeated_begin(struct hw_rle_reader *reader, struct hw_error *err);
static enum hw_status packed_begin(struct hw_rle_reader *reader, uint64_t groups, struct hw_error *err);
static void run_advance(struct hw_rle_reader *reader, size_t count);
static void unpack_msb(const struct hw_rle_reader *reader, uint8_t *out, size_t count);
static void fill(uint32_t *out, uint32_t value, size_t count);

void hw_rle_reader_init(struct hw_rle_reader *reader, hw_view bytes, unsigned width) {
    assert(width <= 32);
    const uint8_t *at = (const uint8_t *)bytes.data;
    *reader = (struct hw_rle_reader){.at = at, .end = at + bytes.size, .width = width};
}

void hw_rle_reader_init_msb(struct hw_rle_reader *reader, hw_view bytes, unsigned width) {
    assert(width <= MSB_WIDTH_MAX);
    hw_rle_reader_init(reader, bytes, width);
    reader->msb_first = true;
    reader->packed = width > 0;
    reader->left = width == 0 ? SIZE_MAX : bytes.size * 8 / width;
}

enum hw_status hw_rle_read(struct hw_rle_reader *reader, uint32_t *out, size_t count, struct hw_error *err) {
    const struct hw_unpacker *unpacker = hw_unpacker();

    assert(!reader->msb_first);
    while (count > 0) {
        HW_TRY(run_ready(reader, err));
        size_t step = hw_min_size(count, reader->left);
        if (reader->packed) {
            unpacker->to32(reader->at, reader->bit, step, reader->width, out);
        } else {
            fill(out, reader->value, step);
        }
        run_advance(reader, step);
        out += step;
        count -= step;
    }
    return HW_OK;
}

enum hw_status hw_rle_read_bytes(struct hw_rle_reader *reader, uint8_t *out, size_t count, struct hw_error *err) {
    const struct hw_unpacker *unpacker = hw_unpacker();

    assert(reader->width <= 8);
    while (count > 0) {
        HW_TRY(run_ready(reader, err));
        size_t step = hw_min_size(count, reader->left);
        if (!reader->packed) {
            memset(out, (int)reader->value, step);
        } else if (reader->msb_first) {
            unpack_msb(reader, out, step);
        } else {
            unpacker->to8(reader->at, reader->bit, step, reader->width, out);
        }
        run_advance(reader, step);
        out += step;
        count -= step;
    }
    return HW_OK;
}

enum hw_status hw_rle_run_next(struct hw_rle_reader *reader, size_t count, uint32_t *out_value, size_t *out_count,
                               struct hw_error *err) {
    HW_TRY(run_ready(reader, err));
    *out_value = reader->value;
    *out_count = reader->packed ? 0 : hw_min_size(count, reader->left);
    return HW_OK;
}

enum hw_status hw_rle_skip(struct hw_rle_reader *reader, size_t count, struct hw_error *err) {
    while (count > 0) {
        HW_TRY(run_ready(reader, err));
        size_t step = hw_min_size(count, reader->left);
        run_advance(reader, step);
        count -= step;
    }
    return HW_OK;
}

size_t hw_rle_left(const struct hw_rle_reader *reader) {
    size_t bytes = (size_t)(reader->end - reader->at);
    if (reader->msb_first) {
        return 0;
    }
    return reader->packed ? bytes - (reader->bit + reader->left * reader->width + 7) / 8 : bytes;
}

/* Makes sure that the run in work has values left. */
static enum hw_status run_ready(struct hw_rle_reader *reader, struct hw_error *err) {
    return HW_LIKELY(reader->left > 0) ? HW_OK : run_begin(reader, err);
}

static enum hw_status run_begin(struct hw_rle_reader *reader, struct hw_error *err) {
    uint64_t header = 0;

    if (reader->at == reader->end || reader->msb_first) {
        return hw_fail(err, HW_EDATA, "the bytes end before the last value");
    }
    const uint8_t *at = hw_varint_get(reader->at, reader->end, &header);
    if (!at) {
        return hw_fail(err, HW_EDATA, "the length of a run is cut, or has more than 64 bits");
    }
    bool packed = header & 1;
    uint64_t length = header >> 1;
    if (length == 0 || length > (uint64_t)INT32_MAX / (packed ? 8 : 1)) {
        return hw_fail(err, HW_EDATA, "a run has %" PRIu64 " %svalues, but may have 1 to 2147483647", length,
                       packed ? "times 8 " : "");
    }
    reader->at = at;
    if (packed) {
        return packed_begin(reader, length, err);
    }
    HW_TRY(repeated_begin(reader, err));
    reader->packed = false;
    reader->left = (size_t)length;
    return HW_OK;
}

static enum hw_status repeated_begin(struct hw_rle_reader *reader, struct hw_error *err) {
    size_t bytes = (reader->width + 7) / 8;
    uint64_t value = 0;

    if (bytes > (size_t)(reader->end - reader->at)) {
        return hw_fail(err, HW_EDATA, "the value of a run is cut");
    }
    memcpy(&value, reader->at, bytes);
    if (value >> reader->width != 0) {
        return hw_fail(err, HW_EDATA, "a run has the value %" PRIu64 ", which is more than %u bits", value,
                       reader->width);
    }
    reader->at += bytes;
    reader->value = (uint32_t)value;
    return HW_OK;
}

/* Some writers leave out the bytes of the last run that only fill it up. */
static enum hw_status packed_begin(struct hw_rle_reader *reader, uint64_t groups, struct hw_error *err) {
    size_t values = (size_t)groups * 8;
    size_t bytes = (size_t)groups * reader->width;
    size_t left = (size_t)(reader->end - reader->at);
    if (bytes > left) {
        values = left * 8 / reader->width;
        /* Less than a value that is left can be no further run. */
        reader->end = reader->at + (values * reader->width + 7) / 8;
    }
    if (values == 0) {
        return hw_fail(err, HW_EDATA, "a packed run is cut before its first value");
    }
    reader->packed = true;
    reader->bit = 0;
    reader->left = values;
    return HW_OK;
}

/* Goes over values of the run in work, and to the next byte behind it. */
static void run_advance(struct hw_rle_reader *reader, size_t count) {
    reader->left -= count;
    if (reader->packed) {
        size_t bits = reader->bit + count * reader->width;
        reader->at += bits / 8;
        reader->bit = bits % 8;
    }
    if (reader->packed && reader->left == 0 && reader->bit > 0) {
        reader->at++;
        reader->bit = 0;
    }
}

/* A value of at most 8 bits is in two bytes. */
static void unpack_msb(const struct hw_rle_reader *reader, uint8_t *out, size_t count) {
    const unsigned mask = (1u << reader->width) - 1;
    size_t at = reader->bit;
    for (size_t i = 0; i < count; i++, at += reader->width) {
        const uint8_t *from = reader->at + at / 8;
        unsigned bits = (unsigned)from[0] << 8 | from[1];
        out[i] = (uint8_t)(bits >> (16 - at % 8 - reader->width) & mask);
    }
}

static void fill(uint32_t *out, uint32_t value, size_t count) {
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (size_t k = 0; k < 8; k++) {
            out[i + k] = value;
        }
    }
    for (; i < count; i++) {
        out[i] = value;
    }
}
