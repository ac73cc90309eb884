/* SPDX-License-Identifier: Apache-2.0 */
/* Expected: Python's datetime and repr(float), RFC 9562, ISO 8601. */
#include "table/value_text.h"

#include <locale.h>
#include <math.h>

#include "support/rows.h"

#define DECIMAL(p, s) \
    { .kind = HW_KIND_DECIMAL, .precision = (p), .scale = (s) }
#define TIMESTAMP(u, z) \
    { .kind = HW_KIND_TIMESTAMP, .unit = (u), .utc = (z) }

static const struct {
    struct hw_type type;
    int64_t value;
    const char *want;
} integer_rows[] = {
    {{.kind = HW_KIND_INT64}, 0, "0"},
    {{.kind = HW_KIND_INT64}, INT64_MIN, "-9223372036854775808"},
    {{.kind = HW_KIND_INT64}, INT64_MAX, "9223372036854775807"},
    {TIMESTAMP(HW_UNIT_MICROS, false), 0, "1970-01-01T00:00:00"},
    {TIMESTAMP(HW_UNIT_MICROS, true), -1, "1969-12-31T23:59:59.999999Z"},
    {TIMESTAMP(HW_UNIT_MICROS, true), INT64_C(-62135596800000000), "0001-01-01T00:00:00Z"},
    {TIMESTAMP(HW_UNIT_MICROS, false), INT64_C(1709210096000789), "2024-02-29T12:34:56.000789"},
    {TIMESTAMP(HW_UNIT_MICROS, false), INT64_C(253402300799999999), "9999-12-31T23:59:59.999999"},
    {TIMESTAMP(HW_UNIT_NANOS, true), 1, "1970-01-01T00:00:00.000000001Z"},
    {TIMESTAMP(HW_UNIT_NANOS, false), -86400000000000, "1969-12-31T00:00:00"},
};

static const struct {
    int32_t days;
    const char *want;
} date_rows[] = {
    {-719162, "0001-01-01"}, {-135081, "1600-02-29"}, {-1, "1969-12-31"},
    {0, "1970-01-01"},       {11016, "2000-02-29"},   {11017, "2000-03-01"},
    {47540, "2100-02-28"},   {47541, "2100-03-01"},   {2932896, "9999-12-31"},
};

static const struct {
    double value;
    const char *want;
} double_rows[] = {
    {0, "0"},
    {-0.0, "-0"},
    {0.1, "0.1"},
    {1.5, "1.5"},
    {100, "100"},
    {-9007199254740992.0, "-9007199254740992"},
    {1e16, "1e+16"},
    {0.00001, "1e-05"},
    {0.0001, "0.0001"},
    {123456, "123456"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {1e23, "1e+23"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {(double)INFINITY, "inf"},
    {-(double)INFINITY, "-inf"},
    {(double)NAN, "nan"},
};

static const struct {
    struct hw_type type;
    int64_t high; /* times 10^18 */
    int64_t low;
    const char *want;
} decimal_rows[] = {
    {DECIMAL(3, 2), 0, 150, "1.50"},
    {DECIMAL(3, 2), 0, 0, "0.00"},
    {DECIMAL(3, 2), 0, -5, "-0.05"},
    {DECIMAL(3, 3), 0, 999, "0.999"},
    {DECIMAL(3, 0), 0, 0, "0"},
    {DECIMAL(3, 0), 0, -120, "-120"},
    {DECIMAL(36, 18), INT64_C(-123456789012345678), INT64_C(-1), "-123456789012345678.000000000000000001"},
};

static void values_become_texts(void **state) {
    (void)state;
    char text[HW_VALUE_TEXT_BYTES];
    for (size_t i = 0; i < COUNT_OF(integer_rows); i++) {
        hw_value_text(integer_rows[i].type, &integer_rows[i].value, text);
        assert_string_equal(text, integer_rows[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(date_rows); i++) {
        hw_value_text((struct hw_type){.kind = HW_KIND_DATE}, &date_rows[i].days, text);
        assert_string_equal(text, date_rows[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(double_rows); i++) {
        hw_value_text((struct hw_type){.kind = HW_KIND_DOUBLE}, &double_rows[i].value, text);
        assert_string_equal(text, double_rows[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(decimal_rows); i++) {
        __int128 value = (__int128)decimal_rows[i].high * INT64_C(1000000000000000000) + decimal_rows[i].low;
        hw_value_text(decimal_rows[i].type, &value, text);
        assert_string_equal(text, decimal_rows[i].want);
    }
}

static void small_kinds_become_texts(void **state) {
    (void)state;
    static const uint8_t uuid[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                                     0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    char text[HW_VALUE_TEXT_BYTES];
    hw_value_text((struct hw_type){.kind = HW_KIND_UUID}, uuid, text);
    assert_string_equal(text, "01234567-89ab-cdef-fedc-ba9876543210");
    hw_value_text((struct hw_type){.kind = HW_KIND_BOOL}, &(bool){true}, text);
    assert_string_equal(text, "true");
    hw_value_text((struct hw_type){.kind = HW_KIND_BOOL}, &(bool){false}, text);
    assert_string_equal(text, "false");
    hw_value_text((struct hw_type){.kind = HW_KIND_NULL}, uuid, text);
    assert_string_equal(text, "");
}

static void the_largest_decimal_fits(void **state) {
    (void)state;
    char text[HW_VALUE_TEXT_BYTES];
    __int128 value = -1;
    for (int i = 0; i < 38; i++) {
        value *= 10;
    }
    value += 1;
    hw_value_text((struct hw_type)DECIMAL(38, 37), &value, text);
    assert_string_equal(text, "-9.9999999999999999999999999999999999999");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_become_texts),
        cmocka_unit_test(small_kinds_become_texts),
        cmocka_unit_test(the_largest_decimal_fits),
    };
    return cmocka_run_group_tests_name("table/value_text", tests, NULL, NULL);
}
