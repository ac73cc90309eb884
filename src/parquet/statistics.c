/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/statistics.h"

#include <math.h>

#include "parquet/codepoint.h"
#include "table/convert.h"

typedef void bounds_fn(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values);

static bounds_fn bounds_bools, bounds_words4, bounds_words8, bounds_unsigned4, bounds_unsigned8, bounds_doubles,
    bounds_floats, bounds_halves, bounds_fixed, bounds_texts;
static bounds_fn *bounds_of(const struct hw_leaf *leaf);
static void bound_set(struct hw_bound *bound, const void *data, size_t bytes);
static void bound_cut_min(struct hw_bound *bound, hw_view text);
static void bound_cut_max(struct hw_bound *bound, hw_view text);
static void bound_merge(struct hw_bound *bound, const struct hw_leaf *leaf, const struct hw_bound *page, int sign);

void hw_bounds_of_values(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    *bounds = (struct hw_bounds){0};
    if (values->count == 0) {
        return;
    }
    bounds_fn *find = bounds_of(leaf);
    if (find) {
        find(bounds, leaf, values);
    } else {
        bounds->min.state = bounds->max.state = HW_BOUND_UNKNOWN;
    }
}

/*
 * The functions that find bounds. NULL means that no order is defined, or that a bound would be
 * long and cannot be cut.
 */
static bounds_fn *bounds_of(const struct hw_leaf *leaf) {
    static bounds_fn *const by_lane[HW_LANE_COUNT] = {
        [HW_LANE_BOOL] = bounds_bools,  [HW_LANE_WORD4] = bounds_words4, [HW_LANE_WORD8] = bounds_words8,
        [HW_LANE_FIXED] = bounds_fixed, [HW_LANE_TEXT] = bounds_texts,
    };
    switch (leaf->order) {
    case HW_ORDER_UNSIGNED:
        return leaf->lane == HW_LANE_WORD4 ? bounds_unsigned4 : bounds_unsigned8;
    case HW_ORDER_DOUBLE:
        return bounds_doubles;
    case HW_ORDER_FLOAT:
        return bounds_floats;
    case HW_ORDER_HALF:
        return bounds_halves;
    case HW_ORDER_NONE:
        return NULL;
    default:
        return leaf->lane == HW_LANE_FIXED && leaf->width > HW_BOUND_BYTES ? NULL : by_lane[leaf->lane];
    }
}

void hw_bounds_of_texts(struct hw_bounds *bounds, hw_view least, hw_view greatest) {
    *bounds = (struct hw_bounds){0};
    bound_cut_min(&bounds->min, least);
    bound_cut_max(&bounds->max, greatest);
}

void hw_bounds_merge(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_bounds *page) {
    bound_merge(&bounds->min, leaf, &page->min, -1);
    bound_merge(&bounds->max, leaf, &page->max, 1);
    bounds->nans += page->nans;
}

/* Makes the bound that is a value of 4 or 2 bytes. */
static float real_load(const struct hw_leaf *leaf, const void *at) {
    float value;
    if (leaf->order == HW_ORDER_HALF) {
        uint16_t half;
        memcpy(&half, at, sizeof(half));
        return hw_half_to_float(half);
    }
    memcpy(&value, at, sizeof(value));
    return value;
}

int hw_bound_compare(const struct hw_leaf *leaf, const void *a, size_t a_bytes, const void *b, size_t b_bytes) {
    if (leaf->order == HW_ORDER_SIGNED) {
        int64_t x = leaf->width == 4 ? (int32_t)hw_load_le32(a) : (int64_t)hw_load_le64(a);
        int64_t y = leaf->width == 4 ? (int32_t)hw_load_le32(b) : (int64_t)hw_load_le64(b);
        return (x > y) - (x < y);
    }
    if (leaf->order == HW_ORDER_DOUBLE) {
        double x, y;
        memcpy(&x, a, sizeof(x));
        memcpy(&y, b, sizeof(y));
        return (x > y) - (x < y);
    }
    if (leaf->order == HW_ORDER_UNSIGNED) {
        uint64_t x = leaf->width == 4 ? hw_load_le32(a) : hw_load_le64(a);
        uint64_t y = leaf->width == 4 ? hw_load_le32(b) : hw_load_le64(b);
        return (x > y) - (x < y);
    }
    if (leaf->order == HW_ORDER_FLOAT || leaf->order == HW_ORDER_HALF) {
        float x = real_load(leaf, a);
        float y = real_load(leaf, b);
        return (x > y) - (x < y);
    }
    /* With the sign bit turned over they sort as unsigned bytes do. */
    if (leaf->order == HW_ORDER_DECIMAL) {
        int x = *(const uint8_t *)a ^ 0x80;
        int y = *(const uint8_t *)b ^ 0x80;
        return x != y ? x - y : memcmp(a, b, a_bytes);
    }
    size_t common = hw_min_size(a_bytes, b_bytes);
    int order = common > 0 ? memcmp(a, b, common) : 0;
    return order != 0 ? order : (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static void bounds_bools(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    uint8_t min = memchr(values->data.data, 0, values->count) ? 0 : 1;
    uint8_t max = memchr(values->data.data, 1, values->count) ? 1 : 0;

    (void)leaf;
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_words4(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const int32_t *words = (const int32_t *)(const void *)values->data.data;
    int32_t min = words[0];
    int32_t max = words[0];

    (void)leaf;
    for (size_t i = 1; i < values->count; i++) {
        min = words[i] < min ? words[i] : min;
        max = words[i] > max ? words[i] : max;
    }
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_words8(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const int64_t *words = (const int64_t *)(const void *)values->data.data;
    int64_t min = words[0];
    int64_t max = words[0];

    (void)leaf;
    for (size_t i = 1; i < values->count; i++) {
        min = words[i] < min ? words[i] : min;
        max = words[i] > max ? words[i] : max;
    }
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_unsigned4(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const uint32_t *words = (const uint32_t *)(const void *)values->data.data;
    uint32_t min = words[0];
    uint32_t max = words[0];

    (void)leaf;
    for (size_t i = 1; i < values->count; i++) {
        min = words[i] < min ? words[i] : min;
        max = words[i] > max ? words[i] : max;
    }
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_unsigned8(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const uint64_t *words = (const uint64_t *)(const void *)values->data.data;
    uint64_t min = words[0];
    uint64_t max = words[0];

    (void)leaf;
    for (size_t i = 1; i < values->count; i++) {
        min = words[i] < min ? words[i] : min;
        max = words[i] > max ? words[i] : max;
    }
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

/*
 * Finds the bounds of doubles by ColumnOrder.TYPE_ORDER of parquet.thrift: NaN is left out, a
 * minimum of zero is -0.0 and a maximum of zero +0.0.
 */
static void bounds_doubles(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const double *doubles = (const double *)(const void *)values->data.data;
    double min = INFINITY;
    double max = -INFINITY;
    uint64_t nans = 0;

    (void)leaf;
    for (size_t i = 0; i < values->count; i++) {
        double value = doubles[i];
        /* The comparison is false for NaN. */
        min = value < min ? value : min;
        max = value > max ? value : max;
        nans += value != value;
    }
    bounds->nans = nans;
    if (nans == values->count) {
        return;
    }
    min = min == 0.0 ? -0.0 : min;
    max = max == 0.0 ? 0.0 : max;
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_floats(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const float *floats = (const float *)(const void *)values->data.data;
    float min = INFINITY;
    float max = -INFINITY;
    uint64_t nans = 0;

    (void)leaf;
    for (size_t i = 0; i < values->count; i++) {
        float value = floats[i];
        /* The comparison is false for NaN. */
        min = value < min ? value : min;
        max = value > max ? value : max;
        nans += value != value;
    }
    bounds->nans = nans;
    if (nans == values->count) {
        return;
    }
    min = min == 0.0f ? -0.0f : min;
    max = max == 0.0f ? 0.0f : max;
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

/* Does what bounds_doubles does. The bits of the values are kept as they are. */
static void bounds_halves(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const uint16_t *halves = (const uint16_t *)(const void *)values->data.data;
    /* This is infinity. */
    uint16_t min = 0x7c00;
    uint16_t max = 0xfc00;
    uint64_t nans = 0;

    (void)leaf;
    for (size_t i = 0; i < values->count; i++) {
        float value = hw_half_to_float(halves[i]);
        min = value < hw_half_to_float(min) ? halves[i] : min;
        max = value > hw_half_to_float(max) ? halves[i] : max;
        nans += value != value;
    }
    bounds->nans = nans;
    if (nans == values->count) {
        return;
    }
    min = (min & 0x7fff) == 0 ? 0x8000 : min;
    max = (max & 0x7fff) == 0 ? 0 : max;
    bound_set(&bounds->min, &min, sizeof(min));
    bound_set(&bounds->max, &max, sizeof(max));
}

static void bounds_fixed(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const uint8_t *min = values->data.data;
    const uint8_t *max = values->data.data;
    const uint8_t *end = values->data.data + values->count * leaf->width;

    for (const uint8_t *at = values->data.data; at < end; at += leaf->width) {
        if (hw_bound_compare(leaf, at, leaf->width, min, leaf->width) < 0) {
            min = at;
        } else if (hw_bound_compare(leaf, at, leaf->width, max, leaf->width) > 0) {
            max = at;
        }
    }
    bound_set(&bounds->min, min, leaf->width);
    bound_set(&bounds->max, max, leaf->width);
}

/* Most texts are decided by their first 8 bytes. */
static void bounds_texts(struct hw_bounds *bounds, const struct hw_leaf *leaf, const struct hw_values *values) {
    const uint32_t *lengths = hw_values_lengths(values);
    const char *at = (const char *)values->data.data;
    hw_view min = {at, lengths[0]};
    hw_view max = min;
    (void)leaf;
    uint64_t min_prefix = hw_text_prefix(at, lengths[0]);
    uint64_t max_prefix = min_prefix;

    for (size_t i = 0; i < values->count; i++) {
        hw_view text = {at, lengths[i]};
        uint64_t prefix = hw_text_prefix(text.data, text.size);
        if (HW_UNLIKELY(prefix <= min_prefix) && hw_text_compare(text, min) < 0) {
            min = text;
            min_prefix = prefix;
        }
        if (HW_UNLIKELY(prefix >= max_prefix) && hw_text_compare(text, max) > 0) {
            max = text;
            max_prefix = prefix;
        }
        at += lengths[i];
    }
    hw_bounds_of_texts(bounds, min, max);
}

static void bound_set(struct hw_bound *bound, const void *data, size_t bytes) {
    assert(bytes <= HW_BOUND_ROOM);
    bound->state = HW_BOUND_KNOWN;
    bound->exact = true;
    bound->size = (uint8_t)bytes;
    if (bytes > 0) {
        memcpy(bound->data, data, bytes);
    }
}

static void bound_cut_min(struct hw_bound *bound, hw_view text) {
    if (text.size <= HW_BOUND_BYTES) {
        bound_set(bound, text.data, text.size);
        return;
    }
    bound_set(bound, text.data, hw_codepoint_border(text.data, HW_BOUND_BYTES));
    bound->exact = false;
}

static void bound_cut_max(struct hw_bound *bound, hw_view text) {
    if (text.size <= HW_BOUND_BYTES) {
        bound_set(bound, text.data, text.size);
        return;
    }
    bound_set(bound, text.data, hw_codepoint_border(text.data, HW_BOUND_BYTES));
    size_t size = hw_codepoint_raise_last(bound->data, bound->size);
    bound->size = (uint8_t)size;
    bound->exact = false;
    bound->state = size > 0 ? HW_BOUND_KNOWN : HW_BOUND_UNKNOWN;
}

/*
 * Keeps the smaller bound if `sign` is -1, the greater one if it is 1. Of equal ones an exact one
 * stays, because no value can lie beyond it.
 */
static void bound_merge(struct hw_bound *bound, const struct hw_leaf *leaf, const struct hw_bound *page, int sign) {
    if (page->state == HW_BOUND_NONE || bound->state == HW_BOUND_UNKNOWN) {
        return;
    }
    if (bound->state == HW_BOUND_NONE || page->state == HW_BOUND_UNKNOWN) {
        *bound = *page;
        return;
    }
    int order = sign * hw_bound_compare(leaf, page->data, page->size, bound->data, bound->size);
    if (order > 0 || (order == 0 && page->exact)) {
        *bound = *page;
    }
}
