/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/value_span.h"

#include <math.h>

#include "parquet/decoded.h"
#include "parquet/leaf_convert.h"
#include "parquet/stat_order.h"
#include "table/convert.h"

/* The values that lie one after the other, of `width` bytes or, with offsets, of any length. */
struct values {
    const uint8_t *data;
    const int32_t *offsets;
    size_t width;
    size_t count;
};

/* The least and the greatest of some values. */
struct ends {
    hw_view min;
    hw_view max;
    size_t nans;
    /* Where values are loaded to. */
    uint8_t low[32];
    uint8_t high[32];
};

/* An order of values: `scan` is given one at least, and leaves `min.data` NULL for NaNs only. */
struct order {
    void (*scan)(const struct values *values, struct ends *out);
    int (*compare)(hw_view a, hw_view b);
};

/* ------ numbers */

#define COMPARE(name, type)                           \
    static int name##_compare(hw_view a, hw_view b) { \
        type x;                                       \
        type y;                                       \
        memcpy(&x, a.data, sizeof(x));                \
        memcpy(&y, b.data, sizeof(y));                \
        return (x > y) - (x < y);                     \
    }

#define NUMBER_ORDER(name, type)                                             \
    static void name##_scan(const struct values *values, struct ends *out) { \
        const type *all = (const type *)(const void *)values->data;          \
        type low = all[0];                                                   \
        type high = all[0];                                                  \
        for (size_t i = 1; i < values->count; i++) {                         \
            low = all[i] < low ? all[i] : low;                               \
            high = all[i] > high ? all[i] : high;                            \
        }                                                                    \
        memcpy(out->low, &low, sizeof(low));                                 \
        memcpy(out->high, &high, sizeof(high));                              \
        out->min = (hw_view){(const char *)out->low, sizeof(low)};           \
        out->max = (hw_view){(const char *)out->high, sizeof(high)};         \
    }                                                                        \
    COMPARE(name, type)                                                      \
    static const struct order name##_order = {name##_scan, name##_compare}

NUMBER_ORDER(u8, uint8_t);
NUMBER_ORDER(i8, int8_t);
NUMBER_ORDER(u16, uint16_t);
NUMBER_ORDER(i16, int16_t);
NUMBER_ORDER(u32, uint32_t);
NUMBER_ORDER(i32, int32_t);
NUMBER_ORDER(u64, uint64_t);
NUMBER_ORDER(i64, int64_t);
NUMBER_ORDER(i128, __int128);

/* NaN is not below or above anything, so that it never becomes an end. */
#define REAL_ORDER(name, type)                                               \
    static void name##_scan(const struct values *values, struct ends *out) { \
        const type *all = (const type *)(const void *)values->data;          \
        type low = (type)INFINITY;                                           \
        type high = -(type)INFINITY;                                         \
        size_t nans = 0;                                                     \
        for (size_t i = 0; i < values->count; i++) {                         \
            low = all[i] < low ? all[i] : low;                               \
            high = all[i] > high ? all[i] : high;                            \
            nans += all[i] != all[i];                                        \
        }                                                                    \
        memcpy(out->low, &low, sizeof(low));                                 \
        memcpy(out->high, &high, sizeof(high));                              \
        out->nans = nans;                                                    \
        if (nans < values->count) {                                          \
            out->min = (hw_view){(const char *)out->low, sizeof(low)};       \
            out->max = (hw_view){(const char *)out->high, sizeof(high)};     \
        }                                                                    \
    }                                                                        \
    COMPARE(name, type)                                                      \
    static const struct order name##_order = {name##_scan, name##_compare}

REAL_ORDER(single, float);
REAL_ORDER(twice, double);

/* ------ values that are compared one by one */

static hw_view value_at(const struct values *values, size_t i) {
    const char *data = (const char *)values->data;
    if (values->offsets) {
        return (hw_view){data + values->offsets[i], (size_t)(values->offsets[i + 1] - values->offsets[i])};
    }
    return (hw_view){data + i * values->width, values->width};
}

static int bytes_compare(hw_view a, hw_view b) {
    const size_t common = hw_min_size(a.size, b.size);
    const int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

/* Returns the first 8 bytes as a number that sorts as they do; fewer are filled up with 0. */
static uint64_t prefix_of(hw_view value) {
    uint64_t word = 0;
    if (HW_LIKELY(value.size >= sizeof(word))) {
        memcpy(&word, value.data, sizeof(word));
    } else if (value.size > 0) {
        memcpy(&word, value.data, value.size);
    }
    return __builtin_bswap64(word);
}

/* Most values are told apart from both ends by their first bytes. */
static void bytes_scan(const struct values *values, struct ends *out) {
    out->min = out->max = value_at(values, 0);
    uint64_t low = prefix_of(out->min);
    uint64_t high = low;
    for (size_t i = 1; i < values->count; i++) {
        const hw_view value = value_at(values, i);
        const uint64_t prefix = prefix_of(value);
        if (prefix < low || (prefix == low && bytes_compare(value, out->min) < 0)) {
            out->min = value;
            low = prefix;
        } else if (prefix > high || (prefix == high && bytes_compare(value, out->max) > 0)) {
            out->max = value;
            high = prefix;
        }
    }
}
static const struct order bytes_order = {bytes_scan, bytes_compare};

/* 256 bits, the lowest first, with a sign. */
static int i256_compare(hw_view a, hw_view b) {
    int64_t high_a;
    int64_t high_b;
    memcpy(&high_a, a.data + 24, sizeof(high_a));
    memcpy(&high_b, b.data + 24, sizeof(high_b));
    int order = (high_a > high_b) - (high_a < high_b);
    for (int word = 2; word >= 0 && order == 0; word--) {
        const uint64_t x = hw_load_le64(a.data + 8 * word);
        const uint64_t y = hw_load_le64(b.data + 8 * word);
        order = (x > y) - (x < y);
    }
    return order;
}

static void i256_scan(const struct values *values, struct ends *out) {
    out->min = out->max = value_at(values, 0);
    for (size_t i = 1; i < values->count; i++) {
        const hw_view value = value_at(values, i);
        if (i256_compare(value, out->min) < 0) {
            out->min = value;
        } else if (i256_compare(value, out->max) > 0) {
            out->max = value;
        }
    }
}
static const struct order i256_order = {i256_scan, i256_compare};

static float half_load(hw_view value) {
    uint16_t half;
    memcpy(&half, value.data, sizeof(half));
    return hw_half_to_float(half);
}

static int half_compare(hw_view a, hw_view b) {
    const float x = half_load(a);
    const float y = half_load(b);
    return (x > y) - (x < y);
}

static void half_scan(const struct values *values, struct ends *out) {
    for (size_t i = 0; i < values->count; i++) {
        const hw_view value = value_at(values, i);
        if (isnan(half_load(value))) {
            out->nans++;
            continue;
        }
        out->min = !out->min.data || half_compare(value, out->min) < 0 ? value : out->min;
        out->max = !out->max.data || half_compare(value, out->max) > 0 ? value : out->max;
    }
}
static const struct order half_order = {half_scan, half_compare};

/* ------ choosing */

static const struct order *const by_kind[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = &u8_order,      [HW_KIND_INT8] = &i8_order,
    [HW_KIND_INT16] = &i16_order,    [HW_KIND_INT32] = &i32_order,
    [HW_KIND_INT64] = &i64_order,    [HW_KIND_UINT8] = &u8_order,
    [HW_KIND_UINT16] = &u16_order,   [HW_KIND_UINT32] = &u32_order,
    [HW_KIND_UINT64] = &u64_order,   [HW_KIND_HALF] = &half_order,
    [HW_KIND_FLOAT] = &single_order, [HW_KIND_DOUBLE] = &twice_order,
    [HW_KIND_DECIMAL] = &i128_order, [HW_KIND_DECIMAL256] = &i256_order,
    [HW_KIND_DATE] = &i32_order,     [HW_KIND_TIMESTAMP] = &i64_order,
    [HW_KIND_TIME32] = &i32_order,   [HW_KIND_TIME64] = &i64_order,
    [HW_KIND_TEXT] = &bytes_order,   [HW_KIND_LARGE_TEXT] = &bytes_order,
    [HW_KIND_BINARY] = &bytes_order, [HW_KIND_LARGE_BINARY] = &bytes_order,
    [HW_KIND_UUID] = &bytes_order,   [HW_KIND_FIXED] = &bytes_order,
};

static const struct order *order_of(const struct hw_read_leaf *leaf) {
    const bool none = leaf->form == HW_LEAF_INT96 || leaf->form == HW_LEAF_INT96_TEXT ||
                      leaf->form == HW_LEAF_INTERVAL || leaf->form == HW_LEAF_NULL;
    return none ? NULL : by_kind[leaf->field->type.kind];
}

bool hw_value_has_order(const struct hw_read_leaf *leaf) {
    return order_of(leaf) != NULL;
}

int hw_leaf_value_compare(const struct hw_read_leaf *leaf, hw_view a, hw_view b) {
    const struct order *order = order_of(leaf);
    return order ? order->compare(a, b) : 0;
}

static struct values values_of(const struct hw_leaf_rows *rows) {
    const bool texts = rows->width == 0;
    return (struct values){
        .data = texts ? (const uint8_t *)hw_buf_view(&rows->data).data : rows->values.data,
        .offsets = texts ? (const int32_t *)(const void *)rows->offsets.data : NULL,
        .width = rows->width,
        .count = rows->count,
    };
}

hw_view hw_value_at(const struct hw_leaf_rows *rows, size_t i) {
    const struct values values = values_of(rows);
    return value_at(&values, i);
}

/* ------ spans */

void hw_value_span_release(struct hw_value_span *span) {
    hw_buf_release(&span->min);
    hw_buf_release(&span->max);
}

void hw_value_span_clear(struct hw_value_span *span) {
    span->any = false;
    span->nans = 0;
}

static enum hw_status end_set(struct hw_buf *end, hw_view value, struct hw_error *err) {
    hw_buf_clear(end);
    return hw_buf_append(end, value.data, value.size, err);
}

static enum hw_status ends_add(struct hw_value_span *span, const struct order *order, hw_view min, hw_view max,
                               struct hw_error *err) {
    if (!span->any || order->compare(min, hw_buf_view(&span->min)) < 0) {
        HW_TRY(end_set(&span->min, min, err));
    }
    if (!span->any || order->compare(max, hw_buf_view(&span->max)) > 0) {
        HW_TRY(end_set(&span->max, max, err));
    }
    span->any = true;
    return HW_OK;
}

enum hw_status hw_value_span_add(struct hw_value_span *span, const struct hw_read_leaf *leaf,
                                 const struct hw_leaf_rows *rows, struct hw_error *err) {
    const struct order *order = order_of(leaf);
    const struct values values = values_of(rows);
    struct ends ends = {.nans = 0};
    if (!order || values.count == 0) {
        return HW_OK;
    }
    order->scan(&values, &ends);
    span->nans += ends.nans;
    return ends.min.data ? ends_add(span, order, ends.min, ends.max, err) : HW_OK;
}

enum hw_status hw_value_span_join(struct hw_value_span *span, const struct hw_read_leaf *leaf,
                                  const struct hw_value_span *other, struct hw_error *err) {
    const struct order *order = order_of(leaf);
    span->nans += other->nans;
    return order && other->any ? ends_add(span, order, hw_buf_view(&other->min), hw_buf_view(&other->max), err) : HW_OK;
}

/* ------ bounds */

enum hw_status hw_value_of_bound(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) padded = {0};
    const int32_t end = (int32_t)hw_min_size(bound.size, INT32_MAX);
    if (!hw_stat_fits(leaf, bound)) {
        return hw_fail(err, HW_EDATA, "%zu bytes are no value of the column", bound.size);
    }
    HW_TRY(hw_leaf_rows_clear(rows, hw_leaf_width(leaf), err));
    if (hw_leaf_converts(leaf)) {
        HW_TRY(hw_buf_append(&padded, bound.data, bound.size, err));
        HW_TRY(hw_buf_reserve(&padded, HW_DECODED_PADDING, err));
        memset(padded.data + padded.size, 0, HW_DECODED_PADDING);
        const struct hw_leaf_values values = {1, padded.data, &end};
        return hw_leaf_convert(leaf, &values, rows, err);
    }
    if (rows->width == 0) {
        return hw_leaf_rows_text(rows, bound, err);
    }
    HW_TRY(hw_buf_append(&rows->values, bound.data, bound.size, err));
    rows->count = 1;
    return HW_OK;
}
