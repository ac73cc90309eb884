/* SPDX-License-Identifier: Apache-2.0 */
#include "table/convert.h"

#include <math.h>

#include "support/rows.h"

static void intervals_by_rows(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        int32_t first, second;
        int64_t nanos;
        bool goes;
        uint32_t months, days, millis;
    } rows[] = {
        {"months", HW_KIND_INTERVAL_MONTHS, 14, 0, 0, true, 14, 0, 0},
        {"no months", HW_KIND_INTERVAL_MONTHS, -1, 0, 0, false, 0, 0, 0},
        {"days", HW_KIND_INTERVAL_DAYS, 3, 500, 0, true, 0, 3, 500},
        {"negative days", HW_KIND_INTERVAL_DAYS, -3, 500, 0, false, 0, 0, 0},
        {"negative milliseconds", HW_KIND_INTERVAL_DAYS, 3, -500, 0, false, 0, 0, 0},
        {"all three", HW_KIND_INTERVAL, INT32_MAX, 2, INT64_C(4294967295000000), true, INT32_MAX, 2, UINT32_MAX},
        {"too many milliseconds", HW_KIND_INTERVAL, 1, 2, INT64_C(4294967296000000), false, 0, 0, 0},
        {"finer", HW_KIND_INTERVAL, 1, 2, 1000001, false, 0, 0, 0},
        {"negative months", HW_KIND_INTERVAL, -1, 2, 0, false, 0, 0, 0},
        {"negative nanoseconds", HW_KIND_INTERVAL, 1, 2, -1000000, false, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t value[16], out[HW_INTERVAL_BYTES] = {0};
        memcpy(value, &rows[i].first, 4);
        memcpy(value + 4, &rows[i].second, 4);
        memcpy(value + 8, &rows[i].nanos, 8);
        assert_row_int(rows[i].name, hw_interval_put(rows[i].kind, value, out), rows[i].goes);
        if (rows[i].goes) {
            assert_row_int(rows[i].name, hw_load_le32(out), rows[i].months);
            assert_row_int(rows[i].name, hw_load_le32(out + 4), rows[i].days);
            assert_row_int(rows[i].name, hw_load_le32(out + 8), rows[i].millis);
        }
    }
}

static void days_and_seconds(void **state) {
    (void)state;
    int32_t days;
    int64_t millis;
    assert_true(hw_days_of_millis(-86400000, &days));
    assert_int_equal(days, -1);
    assert_false(hw_days_of_millis(-1, &days));
    assert_true(hw_days_of_millis(INT64_C(86400000) * INT32_MIN, &days));
    assert_false(hw_days_of_millis(INT64_C(86400000) * INT32_MIN - 86400000, &days));
    assert_true(hw_millis_of_seconds(-2, &millis));
    assert_int_equal(millis, -2000);
    assert_false(hw_millis_of_seconds(INT64_MAX / 1000 + 1, &millis));
}

/*
 * Most digits that n bytes of two's complement hold: floor(log10(2^(8n-1) - 1)), LogicalTypes.md.
 */
static void decimals_take_the_fewest_bytes(void **state) {
    (void)state;
    static const uint8_t digits[] = {2,  4,  6,  9,  11, 14, 16, 18, 21, 23, 26, 28, 31, 33, 35, 38,
                                     40, 43, 45, 47, 50, 52, 55, 57, 59, 62, 64, 67, 69, 71, 74, 76};
    for (unsigned precision = 1; precision <= 76; precision++) {
        size_t bytes = 1;
        while (digits[bytes - 1] < precision) {
            bytes++;
        }
        assert_int_equal(hw_decimal_bytes(precision), bytes);
    }
}

static const struct decimal_row {
    const char *name;
    enum hw_kind kind;
    uint64_t limbs[4];
    size_t bytes;
    const char *big_endian;
    unsigned digits; /* that the value has */
} decimal_rows[] = {
    {"0", HW_KIND_DECIMAL32, {0}, 1, "\0", 0},
    {"-1", HW_KIND_DECIMAL32, {UINT32_MAX}, 1, "\xff", 1},
    {"127", HW_KIND_DECIMAL64, {127}, 1, "\x7f", 3},
    {"128", HW_KIND_DECIMAL64, {128}, 2, "\0\x80", 3},
    {"-128", HW_KIND_DECIMAL64, {(uint64_t)-128}, 1, "\x80", 3},
    {"999", HW_KIND_DECIMAL, {999, 0}, 2, "\3\xe7", 3},
    {"1000", HW_KIND_DECIMAL, {1000, 0}, 2, "\3\xe8", 4},
    {"-1000", HW_KIND_DECIMAL, {(uint64_t)-1000, UINT64_MAX}, 2, "\xfc\x18", 4},
    {"2^64", HW_KIND_DECIMAL256, {0, 1, 0, 0}, 9, "\1\0\0\0\0\0\0\0\0", 20},
    {"-2^64", HW_KIND_DECIMAL256, {0, UINT64_MAX, UINT64_MAX, UINT64_MAX}, 9, "\xff\0\0\0\0\0\0\0\0", 20},
    {"-2^127",
     HW_KIND_DECIMAL256,
     {0, UINT64_C(1) << 63, UINT64_MAX, UINT64_MAX},
     16,
     "\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
     39},
    {"2^127", HW_KIND_DECIMAL256, {0, UINT64_C(1) << 63, 0, 0}, 17, "\0\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 39},
};

static void decimals_by_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(decimal_rows); i++) {
        const struct decimal_row *row = &decimal_rows[i];
        uint8_t out[HW_DECIMAL_BYTES_MAX];
        assert_row_int(row->name, hw_decimal_bytes_of(row->kind, row->limbs), row->bytes);
        assert_row_int(row->name, hw_decimal_put(row->kind, row->limbs, row->bytes, out), true);
        assert_row_bytes(row->name, out, row->bytes, row->big_endian, row->bytes);
        assert_row_int(row->name, hw_decimal_put(row->kind, row->limbs, 32, out), true);
        assert_row_int(row->name, out[0], row->big_endian[0] & 0x80 ? 0xff : 0);
        if (row->bytes > 1) {
            assert_row_int(row->name, hw_decimal_put(row->kind, row->limbs, row->bytes - 1, out), false);
        }
        for (unsigned precision = 1; precision <= 76; precision++) {
            assert_row_int(row->name, hw_decimal_within(row->kind, row->limbs, precision), precision >= row->digits);
        }
    }
}

/* 10^38 is 0x4b3b4ca85a86c47a098a224000000000, by Python. */
static void decimals_are_multiplied_by_powers_of_ten(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        uint64_t value[4];
        unsigned digits;
        uint64_t want[4];
    } rows[] = {
        {"by 1", HW_KIND_DECIMAL64, {7}, 0, {7, 0, 0, 0}},
        {"-7 by 100", HW_KIND_DECIMAL32, {UINT32_MAX - 6}, 2, {(uint64_t)-700, UINT64_MAX, UINT64_MAX, UINT64_MAX}},
        {"1 by 10^38", HW_KIND_DECIMAL, {1, 0}, 38, {0x098a224000000000, 0x4b3b4ca85a86c47a, 0, 0}},
        {"-2^64 by 10", HW_KIND_DECIMAL, {0, UINT64_MAX}, 1, {0, (uint64_t)-10, UINT64_MAX, UINT64_MAX}},
        {"2^192 by 10", HW_KIND_DECIMAL256, {0, 0, 0, 1}, 1, {0, 0, 0, 10}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t limbs[4];
        hw_decimal_load(rows[i].kind, rows[i].value, limbs);
        hw_decimal_scale(limbs, rows[i].digits);
        assert_row_bytes(rows[i].name, limbs, sizeof(limbs), rows[i].want, sizeof(limbs));
    }
}

/* IEEE 754, binary16: examples of its article on Wikipedia, and every value against arithmetic. */
static void halves_are_exact(void **state) {
    (void)state;
    assert_true(hw_half_to_float(0x3c00) == 1.0f);
    assert_true(hw_half_to_float(0xc000) == -2.0f);
    assert_true(hw_half_to_float(0x7bff) == 65504.0f);
    assert_true(hw_half_to_float(0x0001) == 0x1p-24f);
    assert_true(hw_half_to_float(0x0400) == 0x1p-14f);
    assert_true(hw_half_to_float(0x7c00) == INFINITY && hw_half_to_float(0xfc00) == -INFINITY);
    assert_true(isnan(hw_half_to_float(0x7e00)) && isnan(hw_half_to_float(0xfc01)));
    assert_true(signbit(hw_half_to_float(0x8000)) && !signbit(hw_half_to_float(0)));
    for (unsigned bits = 0; bits < 0x10000; bits++) {
        int exponent = (int)(bits >> 10 & 31);
        double fraction = bits & 0x3ff;
        double magnitude = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
        if (exponent < 31) {
            assert_true((double)hw_half_to_float((uint16_t)bits) == (bits >> 15 ? -magnitude : magnitude));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_by_rows),
        cmocka_unit_test(days_and_seconds),
        cmocka_unit_test(decimals_take_the_fewest_bytes),
        cmocka_unit_test(decimals_by_rows),
        cmocka_unit_test(decimals_are_multiplied_by_powers_of_ten),
        cmocka_unit_test(halves_are_exact),
    };
    return cmocka_run_group_tests_name("table/convert", tests, NULL, NULL);
}
