/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prefixes.h"

#include "parquet/delta.h"

/* The lengths of all values: of their prefixes, then of what follows these. */
struct lengths {
    uint32_t *prefixes;
    uint32_t *suffixes;
};

static void lengths_find(const struct hw_leaf *leaf, const struct hw_values *values, const struct lengths *lengths);
static size_t common_bytes(const uint8_t *a, const uint8_t *b, size_t bytes_max);
static enum hw_status suffixes_put(const struct hw_values *values, const struct lengths *lengths, struct hw_buf *out,
                                   struct hw_error *err);

enum hw_status hw_prefixes_encode(const struct hw_leaf *leaf, const struct hw_values *values, struct hw_buf *out,
                                  struct hw_error *err) {
    const size_t count = values->count;
    HW_AUTO(hw_buf) memory = {0};

    HW_TRY(hw_buf_resize(&memory, 2 * count * sizeof(uint32_t), err));
    uint32_t *first = (uint32_t *)(void *)memory.data;
    const struct lengths lengths = {first, count > 0 ? first + count : first};
    lengths_find(leaf, values, &lengths);
    HW_TRY(hw_delta_encode(lengths.prefixes, count, sizeof(uint32_t), out, err));
    HW_TRY(hw_delta_encode(lengths.suffixes, count, sizeof(uint32_t), out, err));
    return suffixes_put(values, &lengths, out, err);
}

/* The first value has no prefix. */
static void lengths_find(const struct hw_leaf *leaf, const struct hw_values *values, const struct lengths *lengths) {
    const uint32_t *texts = leaf->lane == HW_LANE_TEXT ? hw_values_lengths(values) : NULL;
    const uint8_t *at = values->data.data;
    const uint8_t *before = at;
    size_t before_bytes = 0;

    for (size_t i = 0; i < values->count; i++) {
        const size_t bytes = texts ? texts[i] : leaf->width;
        const size_t common = common_bytes(before, at, hw_min_size(before_bytes, bytes));
        lengths->prefixes[i] = (uint32_t)common;
        lengths->suffixes[i] = (uint32_t)(bytes - common);
        before = at;
        before_bytes = bytes;
        at += bytes;
    }
}

/* Returns how many of the first bytes are equal, `bytes_max` at most. */
static size_t common_bytes(const uint8_t *a, const uint8_t *b, size_t bytes_max) {
    size_t at = 0;

    for (; at + sizeof(uint64_t) <= bytes_max; at += sizeof(uint64_t)) {
        const uint64_t differ = hw_load_le64(a + at) ^ hw_load_le64(b + at);
        if (differ != 0) {
            return at + (unsigned)__builtin_ctzll(differ) / 8;
        }
    }
    while (at < bytes_max && a[at] == b[at]) {
        at++;
    }
    return at;
}

static enum hw_status suffixes_put(const struct hw_values *values, const struct lengths *lengths, struct hw_buf *out,
                                   struct hw_error *err) {
    const uint8_t *from = values->data.data;

    HW_TRY(hw_buf_reserve(out, values->data.size, err));
    uint8_t *to = out->data + out->size;
    for (size_t i = 0; i < values->count; i++) {
        const size_t bytes = lengths->suffixes[i];
        from += lengths->prefixes[i];
        memcpy(to, from, bytes);
        to += bytes;
        from += bytes;
    }
    out->size = (size_t)(to - out->data);
    return HW_OK;
}
