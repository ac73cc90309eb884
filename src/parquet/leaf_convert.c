/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_convert.h"

#include "parquet/leaf_decimal.h"
#include "parquet/leaf_int96.h"
#include "table/convert.h"
#include "table/type.h"

enum { NANOS_PER_MILLI = 1000000, BLOCK = 16 };

typedef enum hw_status convert_fn(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                  struct hw_leaf_rows *out, struct hw_error *err);

static convert_fn narrow_convert, interval_convert, null_convert;

/* Forms without a function are those whose bytes stay. */
static convert_fn *const converts[HW_LEAF_FORM_COUNT] = {
    [HW_LEAF_NARROW] = narrow_convert,
    [HW_LEAF_INT96] = hw_leaf_int96_convert,
    [HW_LEAF_INT96_TEXT] = hw_leaf_int96_texts,
    [HW_LEAF_INT_DECIMAL] = hw_leaf_int_decimals,
    [HW_LEAF_BYTES_DECIMAL] = hw_leaf_bytes_decimals,
    [HW_LEAF_INTERVAL] = interval_convert,
    [HW_LEAF_NULL] = null_convert,
};

size_t hw_leaf_width(const struct hw_read_leaf *leaf) {
    return leaf->field->type.kind == HW_KIND_BOOL ? 1 : hw_type_bytes(leaf->field->type);
}

bool hw_leaf_converts(const struct hw_read_leaf *leaf) {
    return converts[leaf->form] != NULL;
}

enum hw_status hw_leaf_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                               struct hw_leaf_rows *out, struct hw_error *err) {
    return converts[leaf->form](leaf, values, out, err);
}

/* ------ times of a day */

static const struct {
    const char *word;
    int64_t per_day;
} units[HW_UNIT_COUNT] = {
    [HW_UNIT_SECONDS] = {"s", INT64_C(86400)},
    [HW_UNIT_MILLIS] = {"ms", INT64_C(86400000)},
    [HW_UNIT_MICROS] = {"us", INT64_C(86400000000)},
    [HW_UNIT_NANOS] = {"ns", INT64_C(86400000000000)},
};

static int64_t time_load(const void *values, size_t width, size_t i) {
    const uint8_t *at = (const uint8_t *)values + i * width;
    return width == 4 ? (int32_t)hw_load_le32(at) : (int64_t)hw_load_le64(at);
}

enum hw_status hw_leaf_check(const struct hw_read_leaf *leaf, const void *values, size_t count, struct hw_error *err) {
    if (leaf->form != HW_LEAF_TIME) {
        return HW_OK;
    }
    const enum hw_time_unit unit = leaf->field->type.unit;
    const uint64_t per_day = (uint64_t)units[unit].per_day;
    for (size_t i = 0; i < count; i++) {
        const int64_t value = time_load(values, leaf->width, i);
        if (HW_UNLIKELY((uint64_t)value >= per_day)) {
            return hw_fail(err, HW_EDATA, "%" PRId64 " %s is no time of a day, which has 0 to %" PRId64, value,
                           units[unit].word, units[unit].per_day - 1);
        }
    }
    return HW_OK;
}

/* ------ integers */

/* The numbers that a narrow integer has: `low`, and `last` more, which is a power of two less 1. */
struct narrow {
    int32_t low;
    uint32_t last;
};

static struct narrow narrow_of(enum hw_kind kind) {
    switch (kind) {
    case HW_KIND_INT8:
        return (struct narrow){INT8_MIN, UINT8_MAX};
    case HW_KIND_INT16:
        return (struct narrow){INT16_MIN, UINT16_MAX};
    case HW_KIND_UINT8:
        return (struct narrow){0, UINT8_MAX};
    default:
        return (struct narrow){0, UINT16_MAX};
    }
}

/* Fails for the first value that is none of the narrow integers. */
static enum hw_status narrow_fail(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                  struct narrow narrow, struct hw_error *err) {
    int32_t value = 0;
    for (size_t i = 0; i < values->count; i++) {
        value = (int32_t)hw_load_le32(values->data + 4 * i);
        if ((uint32_t)value - (uint32_t)narrow.low > narrow.last) {
            break;
        }
    }
    char type[32];
    hw_type_format(leaf->field->type, type, sizeof(type));
    return hw_fail(err, HW_EDATA, "%" PRId32 " is outside of %s, which has %" PRId32 " to %" PRId32, value, type,
                   narrow.low, narrow.low + (int32_t)narrow.last);
}

/* Narrows a block to bytes. Returns bits that are set where a value does not fit. */
static uint32_t block_to_bytes(const uint32_t words[BLOCK], struct narrow narrow, uint8_t *to) {
    uint32_t wrong = 0;
    uint8_t bytes[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) {
        wrong |= (words[i] - (uint32_t)narrow.low) & ~narrow.last;
        bytes[i] = (uint8_t)words[i];
    }
    memcpy(to, bytes, sizeof(bytes));
    return wrong;
}

static uint32_t block_to_halves(const uint32_t words[BLOCK], struct narrow narrow, uint8_t *to) {
    uint32_t wrong = 0;
    uint16_t halves[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) {
        wrong |= (words[i] - (uint32_t)narrow.low) & ~narrow.last;
        halves[i] = (uint16_t)words[i];
    }
    memcpy(to, halves, sizeof(halves));
    return wrong;
}

/* Whole blocks become vector instructions. The last one is filled up, and goes into the padding. */
static enum hw_status narrow_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                     struct hw_leaf_rows *out, struct hw_error *err) {
    const struct narrow narrow = narrow_of(leaf->field->type.kind);
    uint32_t wrong = 0;
    uint8_t *to;
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    for (size_t at = 0; at < values->count; at += BLOCK) {
        uint32_t words[BLOCK] = {0};
        if (HW_LIKELY(values->count - at >= BLOCK)) {
            memcpy(words, values->data + 4 * at, sizeof(words));
        } else {
            memcpy(words, values->data + 4 * at, 4 * (values->count - at));
        }
        wrong |= out->width == 1 ? block_to_bytes(words, narrow, to + at) : block_to_halves(words, narrow, to + 2 * at);
    }
    if (HW_UNLIKELY(wrong)) {
        return narrow_fail(leaf, values, narrow, err);
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}

/* ------ intervals and nulls */

static enum hw_status interval_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                       struct hw_leaf_rows *out, struct hw_error *err) {
    uint8_t *to;
    HW_TRY(hw_leaf_rows_room(out, values->count, &to, err));
    for (size_t i = 0; i < values->count; i++) {
        const uint8_t *at = values->data + i * leaf->width;
        const uint32_t months = hw_load_le32(at);
        const uint32_t days = hw_load_le32(at + 4);
        const uint64_t nanos = (uint64_t)hw_load_le32(at + 8) * NANOS_PER_MILLI;
        if (months > INT32_MAX || days > INT32_MAX) {
            return hw_fail(err, HW_EDATA,
                           "an interval of %" PRIu32 " months and %" PRIu32 " days is more than %" PRId32
                           " of either, which an interval holds",
                           months, days, INT32_MAX);
        }
        hw_store_le32(to, months);
        hw_store_le32(to + 4, days);
        hw_store_le64(to + 8, nanos);
        to += out->width;
    }
    hw_leaf_rows_added(out, values->count);
    return HW_OK;
}

static enum hw_status null_convert(const struct hw_read_leaf *leaf, const struct hw_leaf_values *values,
                                   struct hw_leaf_rows *out, struct hw_error *err) {
    (void)leaf;
    (void)out;
    if (values->count > 0) {
        return hw_fail(err, HW_EDATA, "a column of type UNKNOWN has values, and only nulls are allowed");
    }
    return HW_OK;
}
