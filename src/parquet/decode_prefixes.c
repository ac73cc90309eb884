/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_prefixes.h"

#include "parquet/decode_lengths.h"

enum { LENGTH_BYTES = 4, LENGTH_BITS = 32 };

/* What no buffer has room for, and with which sums do not wrap around. */
#define PREFIXES_BYTES_MAX (UINT64_MAX / 4)

/* What is read, and the value that was written last. */
struct expansion {
    struct hw_delta_reader prefixes;
    struct hw_lengths_reader suffixes;
    size_t width;
    const uint8_t *last;
    size_t last_bytes;
};

static enum hw_status expansion_init(struct expansion *expansion, hw_view bytes, size_t count, uint64_t *out_bytes,
                                     struct hw_error *err);
static enum hw_status values_expand(struct expansion *expansion, size_t count, uint8_t **to, struct hw_error *err);
static enum hw_status value_check(const struct expansion *expansion, size_t prefix, size_t suffix,
                                  struct hw_error *err);
static uint8_t *value_put(struct expansion *expansion, size_t prefix, size_t suffix, uint8_t *to);

/* Lengths add up to what is needed before any value is written, so that `out` never moves. */
enum hw_status hw_prefixes_expand(hw_view bytes, size_t count, size_t width, struct hw_buf *out, size_t *out_left,
                                  struct hw_error *err) {
    struct expansion expansion = {.width = width};
    uint64_t needed = 0;

    HW_TRY(expansion_init(&expansion, bytes, count, &needed, err));
    HW_TRY(hw_buf_reserve(out, (size_t)needed + HW_DECODED_PADDING, err));
    uint8_t *to = out->data + out->size;
    for (size_t left = count; left > 0;) {
        size_t step = hw_min_size(left, HW_DECODED_TEXTS);
        HW_TRY(values_expand(&expansion, step, &to, err));
        left -= step;
    }
    memset(to, 0, HW_DECODED_PADDING);
    out->size = (size_t)(to - out->data);
    *out_left = (size_t)(expansion.suffixes.end - expansion.suffixes.at);
    return HW_OK;
}

static enum hw_status expansion_init(struct expansion *expansion, hw_view bytes, size_t count, uint64_t *out_bytes,
                                     struct hw_error *err) {
    const char *bytes_end = bytes.data + bytes.size;
    struct hw_delta_reader prefixes;
    const uint8_t *end = NULL;
    uint64_t sum = 0;

    HW_TRY(hw_delta_reader_init(&prefixes, bytes, LENGTH_BITS, count, err));
    expansion->prefixes = prefixes;
    HW_TRY(hw_delta_sum(&prefixes, PREFIXES_BYTES_MAX, &end, &sum, err));
    const hw_view rest = {(const char *)end, (size_t)(bytes_end - (const char *)end)};
    HW_TRY(hw_lengths_reader_init(&expansion->suffixes, rest, count, err));
    *out_bytes = sum + rest.size + (expansion->width == 0 ? (uint64_t)count * LENGTH_BYTES : 0);
    return HW_OK;
}

/* Writes up to HW_DECODED_TEXTS values, and moves `*to` to their end. */
static enum hw_status values_expand(struct expansion *expansion, size_t count, uint8_t **to, struct hw_error *err) {
    uint32_t prefixes[HW_DECODED_TEXTS];
    uint32_t suffixes[HW_DECODED_TEXTS];

    HW_TRY(hw_delta_read(&expansion->prefixes, prefixes, count, err));
    HW_TRY(hw_delta_read(&expansion->suffixes.lengths, suffixes, count, err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(value_check(expansion, prefixes[i], suffixes[i], err));
        *to = value_put(expansion, prefixes[i], suffixes[i], *to);
    }
    return HW_OK;
}

static enum hw_status value_check(const struct expansion *expansion, size_t prefix, size_t suffix,
                                  struct hw_error *err) {
    if (HW_UNLIKELY(prefix > expansion->last_bytes)) {
        return hw_fail(err, HW_EDATA, "a value begins with %zu bytes of the one before it, which has %zu", prefix,
                       expansion->last_bytes);
    }
    if (HW_UNLIKELY(expansion->width > 0 && prefix + suffix != expansion->width)) {
        return hw_fail(err, HW_EDATA, "a value has %zu bytes, but the column has values of %zu", prefix + suffix,
                       expansion->width);
    }
    return HW_OK;
}

static uint8_t *value_put(struct expansion *expansion, size_t prefix, size_t suffix, uint8_t *to) {
    if (expansion->width == 0) {
        hw_store_le32(to, (uint32_t)(prefix + suffix));
        to += LENGTH_BYTES;
    }
    const uint8_t *value = to;
    if (prefix > 0) {
        to = hw_decoded_copy(to, expansion->last, prefix);
    }
    to = hw_decoded_copy(to, expansion->suffixes.at, suffix);
    expansion->suffixes.at += suffix;
    expansion->last = value;
    expansion->last_bytes = prefix + suffix;
    return to;
}
