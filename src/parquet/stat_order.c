/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/stat_order.h"

#include <math.h>

#include "table/convert.h"

typedef bool order_fn(hw_view a, hw_view b, int *out_order);

static order_fn *order_of(const struct hw_read_leaf *leaf);

bool hw_stat_fits(const struct hw_read_leaf *leaf, hw_view bound) {
    switch (leaf->physical) {
    case HW_PHYSICAL_BOOLEAN:
        return bound.size == 1;
    case HW_PHYSICAL_BYTE_ARRAY:
        return true;
    default:
        return bound.size == leaf->width;
    }
}

bool hw_stat_order(const struct hw_read_leaf *leaf, hw_view a, hw_view b, int *out_order) {
    order_fn *order = order_of(leaf);
    return order && order(a, b, out_order);
}

static bool order_signed(hw_view a, hw_view b, int *out_order) {
    int64_t x = a.size == 4 ? (int32_t)hw_load_le32(a.data) : (int64_t)hw_load_le64(a.data);
    int64_t y = b.size == 4 ? (int32_t)hw_load_le32(b.data) : (int64_t)hw_load_le64(b.data);
    *out_order = (x > y) - (x < y);
    return true;
}

static bool order_unsigned(hw_view a, hw_view b, int *out_order) {
    uint64_t x = a.size == 4 ? hw_load_le32(a.data) : hw_load_le64(a.data);
    uint64_t y = b.size == 4 ? hw_load_le32(b.data) : hw_load_le64(b.data);
    *out_order = (x > y) - (x < y);
    return true;
}

static double real_load(hw_view bound) {
    uint16_t half;
    float single;
    double value;
    if (bound.size == sizeof(half)) {
        memcpy(&half, bound.data, sizeof(half));
        return (double)hw_half_to_float(half);
    }
    if (bound.size == sizeof(single)) {
        memcpy(&single, bound.data, sizeof(single));
        return (double)single;
    }
    memcpy(&value, bound.data, sizeof(value));
    return value;
}

static bool order_real(hw_view a, hw_view b, int *out_order) {
    double x = real_load(a);
    double y = real_load(b);
    if (isnan(x) || isnan(y)) {
        return false;
    }
    *out_order = (x > y) - (x < y);
    return true;
}

static bool order_bytes(hw_view a, hw_view b, int *out_order) {
    size_t common = hw_min_size(a.size, b.size);
    int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    *out_order = order != 0 ? order : (a.size > b.size) - (a.size < b.size);
    return true;
}

/* Returns byte `i`, the highest first, of a two's complement that is made `size` bytes long. */
static int decimal_byte(hw_view bound, size_t size, size_t i) {
    size_t filled = size - bound.size;
    int sign = bound.size > 0 && (uint8_t)bound.data[0] >= 0x80 ? 0xff : 0;
    return i < filled ? sign : (uint8_t)bound.data[i - filled];
}

/* Numbers of any length, the highest byte first. With the sign turned over they sort as bytes. */
static bool order_decimal(hw_view a, hw_view b, int *out_order) {
    size_t size = hw_max_size(a.size, b.size);
    int order = 0;
    for (size_t i = 0; i < size && order == 0; i++) {
        int flip = i == 0 ? 0x80 : 0;
        order = (decimal_byte(a, size, i) ^ flip) - (decimal_byte(b, size, i) ^ flip);
    }
    *out_order = order;
    return true;
}

/* The orders of values that are the same bytes in the file and in a table, by kind. */
static order_fn *const by_kind[HW_KIND_COUNT] = {
    [HW_KIND_UINT8] = order_unsigned,  [HW_KIND_UINT16] = order_unsigned, [HW_KIND_UINT32] = order_unsigned,
    [HW_KIND_UINT64] = order_unsigned, [HW_KIND_HALF] = order_real,
};

static order_fn *const by_physical[HW_PHYSICAL_COUNT] = {
    [HW_PHYSICAL_BOOLEAN] = order_bytes, [HW_PHYSICAL_INT32] = order_signed, [HW_PHYSICAL_INT64] = order_signed,
    [HW_PHYSICAL_FLOAT] = order_real,    [HW_PHYSICAL_DOUBLE] = order_real,  [HW_PHYSICAL_BYTE_ARRAY] = order_bytes,
    [HW_PHYSICAL_FIXED] = order_bytes,
};

static order_fn *order_of(const struct hw_read_leaf *leaf) {
    if (leaf->form == HW_LEAF_INTERVAL || leaf->form == HW_LEAF_NULL) {
        return NULL;
    }
    if (leaf->form == HW_LEAF_BYTES_DECIMAL) {
        return order_decimal;
    }
    order_fn *order = by_kind[leaf->field->type.kind];
    return order ? order : by_physical[leaf->physical];
}
