/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_value.h"

#include <math.h>

#include "table/convert.h"

/* ------ one function a kind */

typedef void load_fn(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                     union hw_values *out);

#define KEY_LOAD(name, ctype, key)                                                                    \
    static void name(struct hw_type type, const struct hw_column *column, size_t first, size_t count, \
                     union hw_values *out) {                                                          \
        const ctype *values = (const ctype *)column->values + column->offset + first;                 \
        (void)type;                                                                                   \
        for (size_t i = 0; i < count; i++) {                                                          \
            const ctype value = values[i];                                                            \
            out->keys[i] = (key);                                                                     \
        }                                                                                             \
    }

KEY_LOAD(load_int8, int8_t, INT64_C(0) + value)
KEY_LOAD(load_int16, int16_t, value)
KEY_LOAD(load_int32, int32_t, value)
KEY_LOAD(load_int64, int64_t, value)
KEY_LOAD(load_uint8, uint8_t, value)
KEY_LOAD(load_uint16, uint16_t, value)
KEY_LOAD(load_uint32, uint32_t, value)
KEY_LOAD(load_uint64, uint64_t, (int64_t)(value ^ (UINT64_C(1) << 63)))
KEY_LOAD(load_half, uint16_t, hw_value_key_of_double((double)hw_half_to_float(value)))
KEY_LOAD(load_float, float, hw_value_key_of_double((double)value))
KEY_LOAD(load_double, double, hw_value_key_of_double(value))

int64_t hw_value_key_of_double(double value) {
    int64_t bits;
    const double zeroed = value + 0.0; /* -0 becomes 0 */
    memcpy(&bits, &zeroed, sizeof(bits));
    const int64_t key = bits ^ (int64_t)((uint64_t)(bits >> 63) >> 1);
    return isnan(value) ? HW_VALUE_KEY_NAN : key;
}

static void load_bool(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                      union hw_values *out) {
    const uint8_t *bits = column->values;
    (void)type;
    for (size_t i = 0; i < count; i++) {
        const size_t at = column->offset + first + i;
        out->keys[i] = bits[at >> 3] >> (at & 7) & 1;
    }
}

static void load_decimal(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                         union hw_values *out) {
    (void)type;
    memcpy(out->wides, (const char *)column->values + (column->offset + first) * sizeof(__int128),
           count * sizeof(__int128));
}

void hw_value_huge_put(const uint64_t limbs[4], uint8_t out[HW_VALUE_HUGE_BYTES]) {
    for (size_t i = 0; i < 4; i++) {
        const uint64_t swapped = __builtin_bswap64(limbs[3 - i] ^ (i == 0 ? UINT64_C(1) << 63 : 0));
        memcpy(out + 8 * i, &swapped, sizeof(swapped));
    }
}

static void load_huge(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                      union hw_values *out) {
    (void)type;
    for (size_t i = 0; i < count; i++) {
        uint64_t limbs[4];
        memcpy(limbs, (const char *)column->values + (column->offset + first + i) * sizeof(limbs), sizeof(limbs));
        hw_value_huge_put(limbs, out->bytes.huge[i]);
        out->bytes.views[i] = (hw_view){(const char *)out->bytes.huge[i], HW_VALUE_HUGE_BYTES};
    }
}

static void load_bytes(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                       union hw_values *out) {
    (void)type;
    for (size_t i = 0; i < count; i++) {
        const size_t slot = column->offset + first + i;
        const size_t begin = hw_column_begin(column, slot);
        out->bytes.views[i] = (hw_view){column->data + begin, hw_column_begin(column, slot + 1) - begin};
    }
}

static void load_fixed(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                       union hw_values *out) {
    const size_t width = hw_type_bytes(type);
    for (size_t i = 0; i < count; i++) {
        out->bytes.views[i] = (hw_view){(const char *)column->values + (column->offset + first + i) * width, width};
    }
}

static const struct {
    load_fn *load;
    enum hw_value_order order;
} loads[HW_KIND_COUNT] = {
    [HW_KIND_BOOL] = {load_bool, HW_VALUE_KEY},
    [HW_KIND_INT8] = {load_int8, HW_VALUE_KEY},
    [HW_KIND_INT16] = {load_int16, HW_VALUE_KEY},
    [HW_KIND_INT32] = {load_int32, HW_VALUE_KEY},
    [HW_KIND_INT64] = {load_int64, HW_VALUE_KEY},
    [HW_KIND_UINT8] = {load_uint8, HW_VALUE_KEY},
    [HW_KIND_UINT16] = {load_uint16, HW_VALUE_KEY},
    [HW_KIND_UINT32] = {load_uint32, HW_VALUE_KEY},
    [HW_KIND_UINT64] = {load_uint64, HW_VALUE_KEY},
    [HW_KIND_HALF] = {load_half, HW_VALUE_KEY},
    [HW_KIND_FLOAT] = {load_float, HW_VALUE_KEY},
    [HW_KIND_DOUBLE] = {load_double, HW_VALUE_KEY},
    [HW_KIND_DECIMAL32] = {load_int32, HW_VALUE_KEY},
    [HW_KIND_DECIMAL64] = {load_int64, HW_VALUE_KEY},
    [HW_KIND_DECIMAL] = {load_decimal, HW_VALUE_WIDE},
    [HW_KIND_DECIMAL256] = {load_huge, HW_VALUE_BYTES},
    [HW_KIND_DATE] = {load_int32, HW_VALUE_KEY},
    [HW_KIND_DATE_MILLIS] = {load_int64, HW_VALUE_KEY},
    [HW_KIND_TIME32] = {load_int32, HW_VALUE_KEY},
    [HW_KIND_TIME64] = {load_int64, HW_VALUE_KEY},
    [HW_KIND_TIMESTAMP] = {load_int64, HW_VALUE_KEY},
    [HW_KIND_TEXT] = {load_bytes, HW_VALUE_BYTES},
    [HW_KIND_LARGE_TEXT] = {load_bytes, HW_VALUE_BYTES},
    [HW_KIND_BINARY] = {load_bytes, HW_VALUE_BYTES},
    [HW_KIND_LARGE_BINARY] = {load_bytes, HW_VALUE_BYTES},
    [HW_KIND_FIXED] = {load_fixed, HW_VALUE_BYTES},
    [HW_KIND_UUID] = {load_fixed, HW_VALUE_BYTES},
};

enum hw_value_order hw_value_order_of(struct hw_type type) {
    return loads[type.kind].order;
}

void hw_values_load(struct hw_type type, const struct hw_column *column, size_t first, size_t count,
                    union hw_values *out) {
    loads[type.kind].load(type, column, first, count, out);
}

/* ------ order */

static int bytes_compare(hw_view a, hw_view b) {
    const size_t common = hw_min_size(a.size, b.size);
    const int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

int hw_value_compare(enum hw_value_order order, const struct hw_value *a, const struct hw_value *b) {
    switch (order) {
    case HW_VALUE_KEY:
        return (a->key > b->key) - (a->key < b->key);
    case HW_VALUE_WIDE:
        return (a->wide > b->wide) - (a->wide < b->wide);
    default:
        return bytes_compare(a->bytes, b->bytes);
    }
}

struct hw_value hw_values_at(enum hw_value_order order, const union hw_values *values, size_t i) {
    switch (order) {
    case HW_VALUE_KEY:
        return (struct hw_value){.key = values->keys[i]};
    case HW_VALUE_WIDE:
        return (struct hw_value){.wide = values->wides[i]};
    default:
        return (struct hw_value){.bytes = values->bytes.views[i]};
    }
}
