/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/convert.h"

#include "table/convert.h"

static hw_convert_fn convert_int8, convert_int16, convert_uint8, convert_uint16, convert_decimals, convert_days,
    convert_seconds4, convert_seconds8, convert_intervals;

hw_convert_fn *hw_convert_of(struct hw_type type) {
    static hw_convert_fn *const by_kind[HW_KIND_COUNT] = {
        [HW_KIND_INT8] = convert_int8,
        [HW_KIND_INT16] = convert_int16,
        [HW_KIND_UINT8] = convert_uint8,
        [HW_KIND_UINT16] = convert_uint16,
        [HW_KIND_DECIMAL32] = convert_decimals,
        [HW_KIND_DECIMAL64] = convert_decimals,
        [HW_KIND_DECIMAL256] = convert_decimals,
        [HW_KIND_DATE_MILLIS] = convert_days,
        [HW_KIND_INTERVAL] = convert_intervals,
        [HW_KIND_INTERVAL_MONTHS] = convert_intervals,
        [HW_KIND_INTERVAL_DAYS] = convert_intervals,
    };
    if (type.unit == HW_UNIT_SECONDS && type.kind == HW_KIND_TIME32) {
        return convert_seconds4;
    }
    if (type.unit == HW_UNIT_SECONDS && type.kind == HW_KIND_TIMESTAMP) {
        return convert_seconds8;
    }
    return by_kind[type.kind];
}

/* Widens every value to 4 bytes, with its sign or without. */
#define WIDEN(name, type)                                                                                 \
    static enum hw_status name(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count, \
                               struct hw_error *err) {                                                    \
        (void)leaf;                                                                                       \
        (void)err;                                                                                        \
        for (size_t i = 0; i < count; i++) {                                                              \
            type value;                                                                                   \
            memcpy(&value, in + i * sizeof(value), sizeof(value));                                        \
            hw_store_le32(out + i * sizeof(uint32_t), (uint32_t)(int32_t)value);                          \
        }                                                                                                 \
        return HW_OK;                                                                                     \
    }
WIDEN(convert_int8, int8_t)
WIDEN(convert_int16, int16_t)
WIDEN(convert_uint8, uint8_t)
WIDEN(convert_uint16, uint16_t)
#undef WIDEN

/* Converts decimals, which are big-endian in fixed lanes and little-endian in words. */
static enum hw_status convert_decimals(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                       struct hw_error *err) {
    const enum hw_kind kind = leaf->field->type.kind;
    const size_t bytes = hw_kind_bytes(kind);
    for (size_t i = 0; i < count; i++) {
        uint8_t *to = out + i * leaf->width;
        if (!hw_decimal_put(kind, in + i * bytes, leaf->width, to)) {
            return hw_fail(err, HW_EDATA, "a decimal has more than its %d digits", leaf->field->type.precision);
        }
        if (leaf->lane == HW_LANE_WORD4) {
            hw_store_le32(to, __builtin_bswap32(hw_load_le32(to)));
        } else if (leaf->lane == HW_LANE_WORD8) {
            hw_store_le64(to, __builtin_bswap64(hw_load_le64(to)));
        }
    }
    return HW_OK;
}

static enum hw_status convert_days(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                   struct hw_error *err) {
    (void)leaf;
    for (size_t i = 0; i < count; i++) {
        int64_t millis = (int64_t)hw_load_le64(in + i * sizeof(uint64_t));
        int32_t days;
        if (!hw_days_of_millis(millis, &days)) {
            return hw_fail(err, HW_EDATA, "a date of %" PRId64 " ms is no whole day, or too far", millis);
        }
        hw_store_le32(out + i * sizeof(uint32_t), (uint32_t)days);
    }
    return HW_OK;
}

static enum hw_status convert_seconds4(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                       struct hw_error *err) {
    (void)leaf;
    for (size_t i = 0; i < count; i++) {
        int32_t seconds = (int32_t)hw_load_le32(in + i * sizeof(uint32_t));
        int32_t millis;
        if (!hw_mul(seconds, (int32_t)1000, &millis)) {
            return hw_fail(err, HW_EDATA, "a time of %" PRId32 " s has no place in milliseconds", seconds);
        }
        hw_store_le32(out + i * sizeof(uint32_t), (uint32_t)millis);
    }
    return HW_OK;
}

static enum hw_status convert_seconds8(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                       struct hw_error *err) {
    (void)leaf;
    for (size_t i = 0; i < count; i++) {
        int64_t seconds = (int64_t)hw_load_le64(in + i * sizeof(uint64_t));
        int64_t millis;
        if (!hw_millis_of_seconds(seconds, &millis)) {
            return hw_fail(err, HW_EDATA, "a timestamp of %" PRId64 " s has no place in milliseconds", seconds);
        }
        hw_store_le64(out + i * sizeof(uint64_t), (uint64_t)millis);
    }
    return HW_OK;
}

static enum hw_status convert_intervals(uint8_t *out, const struct hw_leaf *leaf, const uint8_t *in, size_t count,
                                        struct hw_error *err) {
    const enum hw_kind kind = leaf->field->type.kind;
    const size_t bytes = hw_kind_bytes(kind);
    for (size_t i = 0; i < count; i++) {
        if (!hw_interval_put(kind, in + i * bytes, out + i * HW_INTERVAL_BYTES)) {
            return hw_fail(err, HW_EDATA, "an interval is negative, or finer than milliseconds");
        }
    }
    return HW_OK;
}
