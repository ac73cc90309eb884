/* SPDX-License-Identifier: Apache-2.0 */
#include "table/print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "csv/datetime.h"
#include "csv/number.h"
#include "support/rows.h"
#include "unit/csv/field.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 100000 };
#else
enum { ROUNDS = 1000000 };
#endif

/*
 * What a printer may overwrite, and what it may not, which is the padding that readers may look at.
 */
struct paper {
    char text[HW_PRINT_BYTES];
    char border[HW_BATCH_PADDING];
};

static char *paper_take(struct paper *paper) {
    memset(paper, 0x7f, sizeof(*paper));
    return paper->text;
}

/* Ends the text; returns it. */
static const char *paper_end(struct paper *paper, char *end) {
    assert_true(end >= paper->text && end < paper->text + sizeof(paper->text));
    for (size_t i = 0; i < sizeof(paper->border); i++) {
        assert_int_equal(paper->border[i], 0x7f);
    }
    *end = '\0';
    return paper->text;
}

static void booleans_and_integers(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        const char *want;
    } rows[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {9, "9"},
        {10, "10"},
        {99999999, "99999999"},
        {100000000, "100000000"},
        {-123456789012, "-123456789012"},
        {9999999999999999, "9999999999999999"},
        {10000000000000000, "10000000000000000"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    struct paper paper;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *end = hw_print_int64(paper_take(&paper), rows[i].value);
        assert_row_text(rows[i].want, paper_end(&paper, end), rows[i].want);
    }
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t step = -1; step <= 1; step++) {
            char want[32];
            snprintf(want, sizeof(want), "%" PRId64, power + step);
            char *end = hw_print_int64(paper_take(&paper), power + step);
            assert_row_text("beside a power of ten", paper_end(&paper, end), want);
        }
    }
    struct dice dice = {1};
    for (int i = 0; i < ROUNDS; i++) {
        char want[32];
        int64_t value = (int64_t)(dice_u64(&dice) >> dice_roll(&dice, 64));
        snprintf(want, sizeof(want), "%" PRId64, value);
        char *end = hw_print_int64(paper_take(&paper), value);
        assert_row_text("at random", paper_end(&paper, end), want);
    }
    char *end = hw_print_bool(paper_take(&paper), true);
    assert_row_text("true", paper_end(&paper, end), "true");
    end = hw_print_bool(paper_take(&paper), false);
    assert_row_text("false", paper_end(&paper, end), "false");
}

static void doubles(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *want;
    } rows[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.0, "-1.0"},
        {0.1, "0.1"},
        {1.5, "1.5"},
        {100.0, "100.0"},
        {1234.5, "1234.5"},
        {0.29, "0.29"},
        {-273.15, "-273.15"},
        {0.30000000000000004, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {0.0001, "0.0001"},
        {0.00012345678901234567, "0.00012345678901234567"},
        {0.00001, "1e-5"},
        {0.0000125, "1.25e-5"},
        {1e15, "1000000000000000.0"},
        {9007199254740992.0, "9007199254740992.0"},
        {9999999999999998.0, "9999999999999998.0"},
        {1234567890123456.7, "1234567890123456.8"},
        {1e16, "1e+16"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {5e-324, "5e-324"},
        {-2.2250738585072014e-308, "-2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, "nan"},
        {-NAN, "nan"},
    };
    struct paper paper;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *end = hw_print_double(paper_take(&paper), rows[i].value);
        assert_row_text(rows[i].want, paper_end(&paper, end), rows[i].want);
    }
}

/* What is printed is no int64 to our reader, and the C library reads the same bits from it. */
static void expect_double(double value) {
    struct paper paper;
    struct hw_digits digits = {0};
    int64_t integer;
    double ours = 0;
    char *end = hw_print_double(paper_take(&paper), value);
    size_t size = (size_t)(end - paper.text);
    assert_true(size <= 24);
    if (hw_parse_int64(paper.text, size, &integer)) {
        fail_msg("%.*s is an integer", (int)size, paper.text);
    }
    bool read = hw_parse_double(paper.text, size, &ours, &digits);
    double theirs = strtod(paper_end(&paper, end), NULL);
    if (!read || memcmp(&ours, &value, sizeof(value)) != 0 || memcmp(&theirs, &value, sizeof(value)) != 0) {
        fail_msg("%a: %s reads as %a, by strtod as %a", value, paper.text, ours, theirs);
    }
}

static void doubles_read_back(void **state) {
    (void)state;
    struct dice dice = {2};
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t bits = dice_u64(&dice);
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) {
            expect_double(value);
        }
        expect_double((double)(int64_t)dice_u64(&dice) / hw_powers_of_ten[dice_roll(&dice, 23)]);
        expect_double((double)(int64_t)(dice_u64(&dice) >> (1 + dice_roll(&dice, 63))) / 100);
    }
}

static __int128 big(uint64_t high, uint64_t low) {
    return (__int128)((unsigned __int128)high << 64 | low);
}

static void decimals(void **state) {
    (void)state;
    const __int128 nines_38 = big(0x4b3b4ca85a86c47a, 0x098a223fffffffff); /* 10^38 - 1 */
    const struct {
        __int128 value;
        unsigned scale;
        const char *want;
    } rows[] = {
        {0, 0, "0"},
        {0, 2, "0.00"},
        {5, 2, "0.05"},
        {-5, 2, "-0.05"},
        {12345, 2, "123.45"},
        {-100, 2, "-1.00"},
        {7, 1, "0.7"},
        {1234567890, 8, "12.34567890"},
        {1, 18, "0.000000000000000001"},
        {1, 19, "0.0000000000000000001"},
        {1, 20, "0.00000000000000000001"},
        {1, 38, "0.00000000000000000000000000000000000001"},
        {INT64_MAX, 0, "9223372036854775807"},
        {(__int128)UINT64_MAX, 0, "18446744073709551615"},
        {(__int128)UINT64_MAX, 19, "1.8446744073709551615"},
        {-(__int128)UINT64_MAX - 1, 0, "-18446744073709551616"},
        {-(__int128)UINT64_MAX - 1, 3, "-18446744073709551.616"},
        {nines_38, 0, "99999999999999999999999999999999999999"},
        {nines_38, 10, "9999999999999999999999999999.9999999999"},
        {-nines_38, 38, "-0.99999999999999999999999999999999999999"},
        {big(UINT64_C(1) << 63, 0), 0, "-170141183460469231731687303715884105728"},
    };
    struct paper paper;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *end = hw_print_decimal(paper_take(&paper), rows[i].value, rows[i].scale);
        assert_row_text(rows[i].want, paper_end(&paper, end), rows[i].want);
    }
}

/* Digit by digit, from the last to the first. */
static const char *decimal_plain(__int128 value, unsigned scale, char out[64]) {
    unsigned __int128 left = value < 0 ? 0 - (unsigned __int128)value : (unsigned __int128)value;
    char *at = out + 63;
    *at = '\0';
    for (unsigned count = 0; left > 0 || count <= scale; count++) {
        if (count == scale && scale > 0) {
            *--at = '.';
        }
        *--at = (char)('0' + (int)(left % 10));
        left /= 10;
    }
    if (value < 0) {
        *--at = '-';
    }
    return at;
}

static void decimals_at_random(void **state) {
    (void)state;
    struct dice dice = {3};
    struct paper paper;
    char room[64];
    for (int i = 0; i < ROUNDS; i++) {
        __int128 value = big(dice_u64(&dice), dice_u64(&dice)) >> dice_roll(&dice, 128);
        unsigned scale = (unsigned)dice_roll(&dice, 39);
        char *end = hw_print_decimal(paper_take(&paper), value, scale);
        assert_row_text("at random", paper_end(&paper, end), decimal_plain(value, scale, room));
    }
}

static void dates(void **state) {
    (void)state;
    static const struct {
        int32_t days;
        const char *want;
    } rows[] = {
        {0, "1970-01-01"},
        {-1, "1969-12-31"},
        {11016, "2000-02-29"},
        {19782, "2024-02-29"},
        {-719162, "0001-01-01"},
        {2932896, "9999-12-31"},
        {-719163, "0000-12-31"},
        {-719528, "0000-01-01"},
        {-719529, "-0001-12-31"},
        {2932897, "+10000-01-01"},
        {INT32_MAX, "+5881580-07-11"},
        {INT32_MIN, "-5877641-06-23"},
    };
    struct paper paper;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *end = hw_print_date(paper_take(&paper), rows[i].days);
        assert_row_text(rows[i].want, paper_end(&paper, end), rows[i].want);
    }
    /* Every day that can be read, against a calendar that counts. */
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t days = -719162;
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= month_days[month - 1] + (month == 2 && leap); day++, days++) {
                char *end = hw_print_date(paper_take(&paper), days);
                char want[40];
                snprintf(want, sizeof(want), "%04d-%02d-%02d", year, month, day);
                assert_row_text("by counting", paper_end(&paper, end), want);
            }
        }
    }
}

static void timestamps(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        enum hw_time_unit unit;
        bool utc;
        const char *want;
    } rows[] = {
        {0, HW_UNIT_MICROS, false, "1970-01-01T00:00:00"},
        {0, HW_UNIT_MICROS, true, "1970-01-01T00:00:00Z"},
        {0, HW_UNIT_NANOS, false, "1970-01-01T00:00:00.000000000"},
        {1, HW_UNIT_MICROS, false, "1970-01-01T00:00:00.000001"},
        {1, HW_UNIT_NANOS, true, "1970-01-01T00:00:00.000000001Z"},
        {-1, HW_UNIT_MICROS, true, "1969-12-31T23:59:59.999999Z"},
        {-1, HW_UNIT_NANOS, false, "1969-12-31T23:59:59.999999999"},
        {-1000000, HW_UNIT_MICROS, false, "1969-12-31T23:59:59"},
        {86399999999, HW_UNIT_MICROS, false, "1970-01-01T23:59:59.999999"},
        {INT64_C(1709209845250000), HW_UNIT_MICROS, true, "2024-02-29T12:30:45.250000Z"},
        {-62135596800000000, HW_UNIT_MICROS, false, "0001-01-01T00:00:00"},
        {253402300799999999, HW_UNIT_MICROS, false, "9999-12-31T23:59:59.999999"},
        {253402300800000000, HW_UNIT_MICROS, true, "+10000-01-01T00:00:00Z"},
        {INT64_MAX, HW_UNIT_NANOS, false, "2262-04-11T23:47:16.854775807"},
        {INT64_MIN, HW_UNIT_NANOS, false, "1677-09-21T00:12:43.145224192"},
        {INT64_MIN, HW_UNIT_MICROS, true, "-290308-12-21T19:59:05.224192Z"},
        {INT64_MAX, HW_UNIT_MICROS, false, "+294247-01-10T04:00:54.775807"},
    };
    struct paper paper;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *end = hw_print_timestamp(paper_take(&paper), rows[i].value, rows[i].unit, rows[i].utc);
        assert_row_text(rows[i].want, paper_end(&paper, end), rows[i].want);
    }
}

static void timestamps_read_back(void **state) {
    (void)state;
    const int64_t first = -62135596800000000;
    const uint64_t reach = UINT64_C(315537897600000000); /* microseconds of the years 1 to 9999 */
    struct dice dice = {4};
    struct paper paper;
    for (int i = 0; i < ROUNDS; i++) {
        struct hw_timestamp read;
        int64_t nanos;
        int64_t value = first + (int64_t)(dice_u64(&dice) % reach);
        char *end = hw_print_timestamp(paper_take(&paper), value, HW_UNIT_MICROS, i % 2);
        assert_true(hw_parse_timestamp(paper.text, (size_t)(end - paper.text), &read));
        assert_true(read.micros == value && read.nanos == 0 && read.zoned == i % 2);
        value = (int64_t)dice_u64(&dice);
        end = hw_print_timestamp(paper_take(&paper), value, HW_UNIT_NANOS, false);
        assert_true(hw_parse_timestamp(paper.text, (size_t)(end - paper.text), &read));
        assert_true(hw_timestamp_nanos(read, &nanos) && nanos == value);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(booleans_and_integers),
        cmocka_unit_test(doubles),
        cmocka_unit_test(doubles_read_back),
        cmocka_unit_test(decimals),
        cmocka_unit_test(decimals_at_random),
        cmocka_unit_test(dates),
        cmocka_unit_test(timestamps),
        cmocka_unit_test(timestamps_read_back),
    };
    return cmocka_run_group_tests_name("table/print", tests, NULL, NULL);
}
