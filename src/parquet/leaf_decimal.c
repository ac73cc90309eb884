/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: values of up to 16 bytes are loaded as one number of 16, of which what is too
 * much is shifted out, and are checked by one comparison, without a branch on any of them.
 */
#include "parquet/leaf_decimal.h"

#include "parquet/decoder.h"
#include "table/convert.h"
#include "table/print.h"
#include "table/type.h"

enum { WORDS_BYTES = 16, WIDE_BYTES = 32, LIMBS = WIDE_BYTES / 8 };

/* Values of so many digits, as numbers of 16 bytes: those from -last to last. */
struct range {
    unsigned __int128 last;
};

static struct range range_of(unsigned precision) {
    const struct hw_decimal_bound bound = hw_decimal_bound(precision);
    return (struct range){((unsigned __int128)bound.limbs[1] << 64 | bound.limbs[0]) - 1};
}

static bool range_has(struct range range, unsigned __int128 value) {
    return value + range.last <= 2 * range.last;
}

/* Fails for a value, given as 32 bytes, that has more digits than the leaf's type. */
static enum hw_status digits_fail(const struct hw_read_leaf *leaf, const uint64_t limbs[LIMBS], struct hw_error *err) {
    char text[HW_PRINT_DECIMAL256_BYTES];
    char type[32];
    hw_type_format(leaf->field->type, type, sizeof(type));
    *hw_print_decimal256(text, limbs, leaf->field->type.scale) = '\0';
    return hw_fail(err, HW_EDATA, "%s has more than the %u digits of %s", text, (unsigned)leaf->field->type.precision,
                   type);
}

static enum hw_status words_fail(const struct hw_read_leaf *leaf, __int128 value, struct hw_error *err) {
    const uint64_t sign = (uint64_t)(int64_t)(value >> 127);
    const uint64_t limbs[LIMBS] = {(uint64_t)value, (uint64_t)(value >> 64), sign, sign};
    return digits_fail(leaf, limbs, err);
}

/* ------ integers */

static int64_t integer_load(const struct hw_read_leaf *leaf, const uint8_t *data, size_t i) {
    return leaf->width == 4 ? (int32_t)hw_load_le32(data + 4 * i) : (int64_t)hw_load_le64(data + 8 * i);
}

/* An integer that is too large for its decimal is one of at most 19 digits. */
static enum hw_status integers_check(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                     struct hw_error *err) {
    enum { INT64_DIGITS = 19 };
    const unsigned precision = leaf->field->type.precision;
    if (precision >= INT64_DIGITS) {
        return HW_OK;
    }
    const struct range range = range_of(precision);
    const uint64_t last = (uint64_t)range.last;
    for (size_t i = 0; i < values->count; i++) {
        const int64_t value = integer_load(leaf, values->data, i);
        if (HW_UNLIKELY((uint64_t)value + last > 2 * last)) {
            return words_fail(leaf, value, err);
        }
    }
    return HW_OK;
}

enum hw_status hw_leaf_int_decimals(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                    struct hw_leaf_rows *out, struct hw_error *err) {
    uint8_t *to;
    HW_TRY(integers_check(leaf, values, err));
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    for (size_t i = 0; i < values->count; i++) {
        const int64_t value = integer_load(leaf, values->data, i);
        const int64_t sign = value >> 63;
        const int64_t limbs[LIMBS] = {value, sign, sign, sign};
        /* As many as the widest are written; the next value, or padding, follows. */
        memcpy(to, limbs, sizeof(limbs));
        to += out->width;
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}

/* ------ bytes, the highest first */

/* Loads 16 bytes, and keeps the first of them, as many as `shift` leaves, with their sign. */
static inline __int128 words_load(const uint8_t *at, unsigned shift) {
    const uint64_t high = __builtin_bswap64(hw_load_le64(at));
    const uint64_t low = __builtin_bswap64(hw_load_le64(at + 8));
    return (__int128)((unsigned __int128)high << 64 | low) >> shift;
}

static enum hw_status fixed_words(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values, uint8_t *to,
                                  struct hw_error *err) {
    const struct range range = range_of(leaf->field->type.precision);
    const unsigned shift = 8 * (unsigned)(WORDS_BYTES - leaf->width);
    bool wrong = false;
    for (size_t i = 0; i < values->count; i++) {
        const __int128 value = words_load(values->data + i * leaf->width, shift);
        wrong |= !range_has(range, (unsigned __int128)value);
        memcpy(to + WORDS_BYTES * i, &value, sizeof(value));
    }
    for (size_t i = 0; HW_UNLIKELY(wrong) && i < values->count; i++) {
        const __int128 value = words_load(values->data + i * leaf->width, shift);
        if (!range_has(range, (unsigned __int128)value)) {
            return words_fail(leaf, value, err);
        }
    }
    return HW_OK;
}

/* A value of 32 bytes. */
struct wide {
    unsigned __int128 low;
    __int128 high;
};

/* Loads 1 to 32 bytes with their sign. 16 bytes from the first one on may be read. */
static inline struct wide wide_load(const uint8_t *at, size_t bytes) {
    if (bytes <= WORDS_BYTES) {
        const __int128 value = words_load(at, 8 * (unsigned)(WORDS_BYTES - bytes));
        return (struct wide){(unsigned __int128)value, value >> 127};
    }
    return (struct wide){(unsigned __int128)words_load(at + bytes - WORDS_BYTES, 0),
                         words_load(at, 8 * (unsigned)(WIDE_BYTES - bytes))};
}

/* Leaves out bytes in front that are nothing but the sign's. Returns false where more are left. */
static bool sign_trim(hw_view *bytes) {
    while (bytes->size > WIDE_BYTES) {
        const uint8_t first = (uint8_t)bytes->data[0];
        const uint8_t second = (uint8_t)bytes->data[1];
        if ((first != 0 && first != 0xff) || ((first ^ second) & 0x80) != 0) {
            return false;
        }
        *bytes = (hw_view){bytes->data + 1, bytes->size - 1};
    }
    return true;
}

/* Converts one value. `readable` says how many bytes may be read from its first one on. */
static enum hw_status wide_put(const struct hw_read_leaf *leaf, const struct hw_decimal_bound *bound, hw_view bytes,
                               size_t readable, uint8_t *to, struct hw_error *err) {
    const size_t size = bytes.size;
    uint8_t copy[WORDS_BYTES] = {0};
    if (HW_UNLIKELY(size == 0)) {
        return hw_fail(err, HW_EDATA, "a decimal has no bytes, and at least one is needed");
    }
    if (HW_UNLIKELY(size > WIDE_BYTES) && !sign_trim(&bytes)) {
        return hw_fail(err, HW_EDATA, "a decimal of %zu bytes has more than the %u digits of its type", size,
                       (unsigned)leaf->field->type.precision);
    }
    const uint8_t *at = (const uint8_t *)bytes.data;
    if (HW_UNLIKELY(readable < WORDS_BYTES)) {
        memcpy(copy, at, bytes.size);
        at = copy;
    }
    const struct wide value = wide_load(at, bytes.size);
    const uint64_t limbs[LIMBS] = {(uint64_t)value.low, (uint64_t)(value.low >> 64), (uint64_t)value.high,
                                   (uint64_t)(value.high >> 64)};
    if (HW_UNLIKELY(!hw_decimal_below(limbs, bound))) {
        return digits_fail(leaf, limbs, err);
    }
    memcpy(to, limbs, leaf->field->type.kind == HW_KIND_DECIMAL ? WORDS_BYTES : WIDE_BYTES);
    return HW_OK;
}

static hw_view bytes_of(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values, size_t i) {
    if (leaf->physical == HW_PHYSICAL_FIXED) {
        return (hw_view){(const char *)values->data + i * leaf->width, leaf->width};
    }
    const size_t begin = i > 0 ? (size_t)values->ends[i - 1] : 0;
    return (hw_view){(const char *)values->data + begin, (size_t)values->ends[i] - begin};
}

/* Returns how many bytes may be read from the first value on. */
static size_t bytes_readable(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values) {
    if (leaf->physical == HW_PHYSICAL_FIXED) {
        return values->count * leaf->width + HW_DECODED_PADDING;
    }
    return values->count > 0 ? (size_t)values->ends[values->count - 1] : 0;
}

enum hw_status hw_leaf_bytes_decimals(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                      struct hw_leaf_rows *out, struct hw_error *err) {
    uint8_t *to;
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    if (leaf->physical == HW_PHYSICAL_FIXED && leaf->width <= WORDS_BYTES && out->width == WORDS_BYTES) {
        HW_TRY(fixed_words(leaf, values, to, err));
    } else {
        const struct hw_decimal_bound bound = hw_decimal_bound(leaf->field->type.precision);
        const char *end = (const char *)values->data + bytes_readable(leaf, values);
        for (size_t i = 0; i < values->count; i++) {
            const hw_view bytes = bytes_of(leaf, values, i);
            HW_TRY(wide_put(leaf, &bound, bytes, (size_t)(end - bytes.data), to + i * out->width, err));
        }
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}
