/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lower and upper bounds of the values of a page or chunk, as Statistics and ColumnIndex hold them:
 * PLAIN bytes without a length. Long texts are cut to HW_BOUND_BYTES at the border of a code point,
 * and the last code point of a maximum is then raised.
 */
#ifndef HW_PARQUET_STATISTICS_H
#define HW_PARQUET_STATISTICS_H

#include "core/view.h"
#include "parquet/values.h"

enum { HW_BOUND_BYTES = 64, HW_BOUND_ROOM = HW_BOUND_BYTES + 4 };

enum hw_bound_state {
    /* There is no value that counts. */
    HW_BOUND_NONE,
    HW_BOUND_KNOWN,
    /* There are values, but no short bound of them. */
    HW_BOUND_UNKNOWN,
};

struct hw_bound {
    enum hw_bound_state state;
    /* True if the bound is a value, false if it was cut. */
    bool exact;
    uint8_t size;
    uint8_t data[HW_BOUND_ROOM];
};

struct hw_bounds {
    struct hw_bound min;
    struct hw_bound max;
    /* The number of values that are NaN. */
    uint64_t nans;
};

/* Finds the bounds of all values. */
void hw_bounds_of_values(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values);
/* Makes the bounds of texts from the least and the greatest one. */
void hw_bounds_of_texts(struct hw_bounds *bounds, hw_view least, hw_view greatest);
/* Widens the bounds of a chunk by those of a further page. */
void hw_bounds_merge(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_bounds *page);
/*
 * Returns a number below, equal to or above 0 if bound `a` sorts before, with or after bound `b`.
 */
int hw_bound_compare(const struct hw_leaf *leaf, const void *a, size_t a_bytes, const void *b, size_t b_bytes);

/*
 * Returns the first 8 bytes of a text as a number that sorts as they do; a shorter text is filled
 * up with 0. It reads 8 bytes whatever `bytes` is.
 */
static inline uint64_t hw_text_prefix(const void *text, size_t bytes) {
    uint64_t word = __builtin_bswap64(hw_load_le64(text));
    return bytes >= 8 ? word : bytes == 0 ? 0 : word & UINT64_MAX << (64 - 8 * bytes);
}

/*
 * Compares texts as hw_bound_compare does, word by word. It reads up to 8 bytes beyond the end of
 * either.
 */
static inline int hw_text_compare(hw_view a, hw_view b) {
    size_t common = hw_min_size(a.size, b.size);

    for (size_t at = 0; at < common; at += 8) {
        uint64_t x = hw_text_prefix(a.data + at, common - at);
        uint64_t y = hw_text_prefix(b.data + at, common - at);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a.size > b.size) - (a.size < b.size);
}

#endif
