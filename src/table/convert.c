/* SPDX-License-Identifier: Apache-2.0 */
#include "table/convert.h"

#include "core/double.h"

enum { LIMBS = 4, NANOS_PER_MILLI = 1000000 };

static bool interval_store(uint8_t *out, int64_t months, int64_t days, int64_t millis) {
    if (months < 0 || days < 0 || millis < 0 || millis > UINT32_MAX) {
        return false;
    }
    hw_store_le32(out, (uint32_t)months);
    hw_store_le32(out + 4, (uint32_t)days);
    hw_store_le32(out + 8, (uint32_t)millis);
    return true;
}

bool hw_interval_put(enum hw_kind kind, const void *value, uint8_t out[HW_INTERVAL_BYTES]) {
    const uint8_t *at = value;
    int32_t first = (int32_t)hw_load_le32(at);
    if (kind == HW_KIND_INTERVAL_MONTHS) {
        return interval_store(out, first, 0, 0);
    }
    int32_t second = (int32_t)hw_load_le32(at + 4);
    if (kind == HW_KIND_INTERVAL_DAYS) {
        return interval_store(out, 0, first, second);
    }
    int64_t nanos = (int64_t)hw_load_le64(at + 8);
    return nanos % NANOS_PER_MILLI == 0 && interval_store(out, first, second, nanos / NANOS_PER_MILLI);
}

void hw_decimal_load(enum hw_kind kind, const void *value, uint64_t limbs[LIMBS]) {
    size_t bytes = hw_kind_bytes(kind);
    if (bytes == 4) {
        limbs[0] = (uint64_t)(int64_t)(int32_t)hw_load_le32(value);
    } else {
        memcpy(limbs, value, bytes);
    }
    for (size_t i = (bytes + 7) / 8; i < LIMBS; i++) {
        limbs[i] = (uint64_t)((int64_t)limbs[i - 1] >> 63);
    }
}

static size_t limbs_bytes(const uint64_t limbs[LIMBS]) {
    uint64_t sign = (uint64_t)((int64_t)limbs[LIMBS - 1] >> 63);
    for (size_t i = LIMBS; i-- > 0;) {
        uint64_t magnitude = limbs[i] ^ sign;
        if (magnitude != 0) {
            return 8 * i + (64 - (size_t)__builtin_clzll(magnitude)) / 8 + 1;
        }
    }
    return 1;
}

size_t hw_decimal_bytes_of(enum hw_kind kind, const void *value) {
    uint64_t limbs[LIMBS];
    hw_decimal_load(kind, value, limbs);
    return limbs_bytes(limbs);
}

bool hw_decimal_put(enum hw_kind kind, const void *value, size_t bytes, uint8_t *out) {
    uint64_t limbs[LIMBS];
    hw_decimal_load(kind, value, limbs);
    for (size_t i = 0; i < bytes; i++) {
        out[bytes - 1 - i] = (uint8_t)(limbs[i / 8] >> 8 * (i % 8));
    }
    return limbs_bytes(limbs) <= bytes;
}

/* 10^precision is no power of two, so that its bits are the logarithm's next integer. */
size_t hw_decimal_bytes(unsigned precision) {
    const uint64_t bits_per_million_digits = 3321928; /* log2(10) is 3.32192809... */
    uint64_t bits = precision * bits_per_million_digits / 1000000 + 1;
    return (size_t)(bits + 1 + 7) / 8; /* the sign's too */
}

struct hw_decimal_bound hw_decimal_bound(unsigned precision) {
    struct hw_decimal_bound bound = {{1}};
    hw_decimal_scale(bound.limbs, precision);
    return bound;
}

void hw_decimal_scale(uint64_t limbs[LIMBS], unsigned digits) {
    const unsigned digits_max = COUNT_OF(hw_integer_powers_of_ten) - 1;
    while (digits > 0) {
        const unsigned step = digits < digits_max ? digits : digits_max;
        unsigned __int128 carry = 0;
        for (size_t i = 0; i < LIMBS; i++) {
            carry += (unsigned __int128)limbs[i] * hw_integer_powers_of_ten[step];
            limbs[i] = (uint64_t)carry;
            carry >>= 64;
        }
        digits -= step;
    }
}

static unsigned __int128 limbs_join(const uint64_t *limbs) {
    return (unsigned __int128)limbs[1] << 64 | limbs[0];
}

bool hw_decimal_below(const uint64_t limbs[LIMBS], const struct hw_decimal_bound *bound) {
    unsigned __int128 low = limbs_join(limbs);
    unsigned __int128 high = limbs_join(limbs + 2);
    if (limbs[LIMBS - 1] >> 63 != 0) {
        low = 0 - low;
        high = ~high + (low == 0);
    }
    const unsigned __int128 bound_high = limbs_join(bound->limbs + 2);
    return high != bound_high ? high < bound_high : low < limbs_join(bound->limbs);
}

bool hw_decimal_within(enum hw_kind kind, const void *value, unsigned precision) {
    const struct hw_decimal_bound bound = hw_decimal_bound(precision);
    uint64_t limbs[LIMBS];
    hw_decimal_load(kind, value, limbs);
    return hw_decimal_below(limbs, &bound);
}

float hw_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half >> 15) << 31;
    uint32_t exponent = half >> 10 & 31;
    uint32_t fraction = half & 0x3ff;
    uint32_t bits;
    float value;
    if (exponent == 31) {
        /* This is infinity, or a NaN with its payload. */
        bits = sign | UINT32_C(0x7f800000) | fraction << 13;
    } else if (exponent > 0) {
        bits = sign | (exponent + 127 - 15) << 23 | fraction << 13;
    } else {
        value = (float)fraction * 0x1p-24f; /* exact: 10 bits */
        memcpy(&bits, &value, sizeof(bits));
        bits |= sign;
    }
    memcpy(&value, &bits, sizeof(value));
    return value;
}
