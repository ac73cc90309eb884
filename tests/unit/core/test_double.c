/* SPDX-License-Identifier: Apache-2.0 */
#include "core/double.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/rows.h"
#include "unit/csv/field.h"
#include "unit/csv/shortest.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 200000 };
#else
enum { ROUNDS = 1000000 };
#endif

/* An integer of any size for the test of the table, least significant word first. */
enum { BIG_WORDS = 64, BIG_BITS = BIG_WORDS * 32 };
struct big {
    uint32_t words[BIG_WORDS];
};

static void big_times_5(struct big *big) {
    uint64_t carry = 0;
    for (size_t i = 0; i < BIG_WORDS; i++) {
        carry += (uint64_t)big->words[i] * 5;
        big->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void big_over_5(struct big *big) {
    uint64_t rest = 0;
    for (size_t i = BIG_WORDS; i-- > 0;) {
        rest = rest << 32 | big->words[i];
        big->words[i] = (uint32_t)(rest / 5);
        rest %= 5;
    }
}

static bool big_bit(const struct big *big, int bit) {
    return bit >= 0 && (big->words[bit / 32] >> (bit % 32) & 1) != 0;
}

/* The 128 bits below and with the highest one that is set. */
static unsigned __int128 big_top(const struct big *big) {
    int top = BIG_BITS - 1;
    while (!big_bit(big, top)) {
        top--;
    }
    unsigned __int128 bits = 0;
    for (int i = 0; i < 128; i++) {
        bits = bits << 1 | big_bit(big, top - i);
    }
    return bits;
}

static void table_holds(int power, unsigned __int128 want) {
    const uint64_t *row = hw_powers_of_five[power - HW_DOUBLE_POWER_MIN];
    unsigned __int128 got = (unsigned __int128)row[0] << 64 | row[1];
    if (got != want) {
        fail_msg("5^%d is wrong: %016" PRIx64 " %016" PRIx64, power, row[0], row[1]);
    }
}

static void every_power_of_five_is_exact_to_128_bits(void **state) {
    (void)state;
    struct big power = {{1}};
    for (int q = 0; q <= HW_DOUBLE_TABLE_MAX; q++) {
        table_holds(q, big_top(&power));
        big_times_5(&power);
    }
    /*
     * 2^2047 / 5^n by n divisions; each rounds down, and so does their whole. Those that divide a
     * 64-bit integer are one more.
     */
    struct big reciprocal = {{0}};
    reciprocal.words[BIG_WORDS - 1] = UINT32_C(1) << 31;
    for (int q = -1; q >= HW_DOUBLE_POWER_MIN; q--) {
        big_over_5(&reciprocal);
        table_holds(q, big_top(&reciprocal) + (q >= -27));
    }
}

static void powers_of_ten_are_exact(void **state) {
    (void)state;
    for (int i = 0; i <= HW_DOUBLE_EXACT_POWER; i++) {
        char text[16];
        snprintf(text, sizeof(text), "1e%d", i);
        assert_true(hw_powers_of_ten[i] == strtod(text, NULL));
    }
}

/* -0.0 is not 0.0 here. */
static bool same_bits(double a, double b) {
    return memcmp(&a, &b, sizeof(a)) == 0;
}

static void expect_round(uint64_t mantissa, int exp10) {
    char text[64];
    snprintf(text, sizeof(text), "%" PRIu64 "e%d", mantissa, exp10);
    double want = strtod(text, NULL);
    double got = hw_double_round(mantissa, exp10);
    if (!same_bits(got, want)) {
        fail_msg("%s: %a, want %a", text, got, want);
    }
}

static void integers_times_powers_round_as_strtod_does(void **state) {
    (void)state;
    struct dice dice = {1};
    for (int i = 0; i < ROUNDS; i++) {
        /* All lengths of mantissa in equal parts, all powers with some margin. */
        expect_round(dice_u64(&dice) >> dice_roll(&dice, 64), (int)dice_roll(&dice, 680) - 355);
    }
}

static void small_powers_round_as_strtod_does(void **state) {
    (void)state;
    struct dice dice = {2};
    for (int i = 0; i < ROUNDS; i++) {
        expect_round(dice_u64(&dice) >> dice_roll(&dice, 12), (int)dice_roll(&dice, 61) - 30);
    }
    /*
     * Ties: an odd 54-bit integer, and what a power of five or ten makes of one that still fits 64
     * bits.
     */
    for (int i = 0; i < ROUNDS / 10; i++) {
        uint64_t odd = (UINT64_C(1) << 53 | dice_u64(&dice) >> 11) | 1;
        expect_round(odd, 0);
        expect_round(odd * 5, -1);
        expect_round(odd * 25, -2);
        expect_round(odd * 125, -3);
        expect_round(odd * 625, -4);
        for (int power = 1, five = 5; power <= 8; power++, five *= 5) {
            expect_round((odd / (uint64_t)five) | 1, power);
            expect_round((odd - odd % (uint64_t)five) / (uint64_t)five, power);
        }
    }
}

static void borders_round_right(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t mantissa;
        int64_t exp10;
        double want;
    } rows[] = {
        {"zero", 0, 0, 0.0},
        {"zero, any power", 0, 100000, 0.0},
        {"2^53 + 1 is a tie, to even", 9007199254740993, 0, 0x1p53},
        {"2^53 + 3 is a tie, to even", 9007199254740995, 0, 0x1.0000000000002p53},
        {"2^64 - 1", UINT64_MAX, 0, 0x1p64},
        {"1e23 lies just below a tie", 1, 23, 0x1.52d02c7e14af6p+76},
        {"9e22, the last exact product but for 10^22", 9, 22, 0x1.30ee8e7179044p+76},
        {"largest double", 17976931348623157, 292, 0x1.fffffffffffffp+1023},
        {"still the largest double", 17976931348623158, 292, 0x1.fffffffffffffp+1023},
        {"overflows", 17976931348623159, 292, INFINITY},
        {"power beyond the table", 1, 309, INFINITY},
        {"power far beyond", 1, INT64_MAX, INFINITY},
        {"largest subnormal", 22250738585072011, -324, 0x0.fffffffffffffp-1022},
        {"rounds up to the smallest normal", 22250738585072012, -324, 0x1p-1022},
        {"smallest normal", 22250738585072014, -324, 0x1p-1022},
        {"smallest subnormal", 5, -324, 0x1p-1074},
        {"just above half of it", 24703282292062328, -340, 0x1p-1074},
        {"just below half of it", 24703282292062327, -340, 0.0},
        {"19 digits at the bottom of the table", 9999999999999999999u, -342, 0x1p-1073},
        {"below the table", UINT64_MAX, -343, 0.0},
        {"far below", 1, INT64_MIN, 0.0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double got = hw_double_round(rows[i].mantissa, rows[i].exp10);
        if (!same_bits(got, rows[i].want)) {
            fail_msg("%s: %a, want %a", rows[i].name, got, rows[i].want);
        }
    }
}

static void expect_digits(const char *digits, int64_t exp10) {
    char text[HW_DOUBLE_DIGITS_MAX + 32];
    snprintf(text, sizeof(text), "%se%" PRId64, digits, exp10);
    double want = strtod(text, NULL);
    double got = hw_double_round_digits(digits, strlen(digits), exp10);
    if (!same_bits(got, want)) {
        fail_msg("%s: %a, want %a", text, got, want);
    }
}

/* The decimal of the exact middle of two doubles, and its neighbours in the last digit. */
static void expect_halfway(double below) {
    long double half = ((long double)below + (long double)nextafter(below, INFINITY)) / 2;
    char text[1200];
    snprintf(text, sizeof(text), "%.*Le", 800, half);
    char *exponent = strchr(text, 'e');
    int64_t exp10 = strtol(exponent + 1, NULL, 10);
    *exponent = '\0';
    text[1] = text[0]; /* over the point */
    char *digits = text + 1;
    size_t count = strlen(digits);
    while (count > 1 && digits[count - 1] == '0') {
        digits[--count] = '\0';
    }
    exp10 -= (int64_t)count - 1;
    expect_digits(digits, exp10);
    digits[count - 1]--; /* the last digit is not zero */
    expect_digits(digits, exp10);
    digits[count - 1] = (char)(digits[count - 1] + 2 > '9' ? '9' : digits[count - 1] + 2);
    expect_digits(digits, exp10);
    digits[count - 1]--;
    memcpy(digits + count, "0000000000000000000000000001", 29);
    expect_digits(digits, exp10 - 28);
}

static void halfway_between_doubles_goes_to_even(void **state) {
    (void)state;
    struct dice dice = {3};
    for (int i = 0; i < ROUNDS / 50; i++) {
        uint64_t bits = dice_u64(&dice) >> 1;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) {
            expect_halfway(value);
        }
        bits >>= 11 + dice_roll(&dice, 52); /* a subnormal */
        memcpy(&value, &bits, sizeof(value));
        expect_halfway(value);
        /* Within reach of whole numbers the middles have few digits. */
        expect_halfway((double)(dice_u64(&dice) >> dice_roll(&dice, 40)));
    }
}

static void long_digits_round_as_strtod_does(void **state) {
    (void)state;
    struct dice dice = {4};
    char digits[HW_DOUBLE_DIGITS_MAX + 1];
    for (int i = 0; i < ROUNDS / 20; i++) {
        size_t count = 1 + dice_roll(&dice, i % 10 == 0 ? HW_DOUBLE_DIGITS_MAX : 40);
        digits[0] = (char)('1' + dice_roll(&dice, 9));
        for (size_t at = 1; at < count; at++) {
            digits[at] = (char)('0' + dice_roll(&dice, 10));
        }
        digits[count] = '\0';
        expect_digits(digits, (int64_t)dice_roll(&dice, 680) - 340 - (int64_t)count);
    }
}

static void fallback_does_not_ask_the_locale(void **state) {
    (void)state;
    static const char *const with_comma[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "nl_NL.UTF-8", "pl_PL.UTF-8"};
    const char *set = NULL;
    for (size_t i = 0; i < COUNT_OF(with_comma) && !set; i++) {
        set = setlocale(LC_ALL, with_comma[i]);
    }
    if (!set) {
        skip();
    }
    double tie_and_more = hw_double_round_digits("90071992547409930000000000001", 29, -13);
    bool kept = hw_double_keeps(0x1p-44, 5684341886080802, -29) && hw_double_keeps(0x1p-44, 56843418860808015, -30);
    setlocale(LC_ALL, "C");
    assert_true(tie_and_more == 0x1.0000000000001p53);
    assert_true(kept);
}

static void a_double_keeps_what_it_prints(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t mantissa;
        int64_t exp10;
        bool want;
    } rows[] = {
        {"zero", 0, -5, true},
        {"15 digits", 123456789012345, -3, true},
        {"15 digits that the double does not print", 494065645841247, -338, true},
        {"zeros at the end are no digits", 1500000000000000000, -18, true},
        {"16 digits", 9007199254740991, 0, true},
        {"16 digits, the neighbour", 9007199254740993, 0, false},
        {"17 digits, the shortest", 30000000000000004, -17, true},
        {"17 digits, one off", 30000000000000005, -17, false},
        {"17 digits as %.17g prints 0.1", 10000000000000001, -17, true},
        {"17 digits that the double prints otherwise", 10000000000000004, -17, false},
        {"17 digits as %.17g prints the largest double", 17976931348623157, 292, true},
        {"17 digits, its neighbour", 17976931348623158, 292, false},
        {"18 digits as printf prints 0.1", 100000000000000006, -18, true},
        {"18 digits, one off", 100000000000000005, -18, false},
        {"19 digits as printf prints 0.3", 2999999999999999889, -19, true},
        {"19 digits, one off", 2999999999999999888, -19, false},
        {"19 digits, the largest whole", 9999999999999999999u, -19, false},
        {"19 digits with the top bit", 9499999999999999556u, -19, true},
        {"18 digits that are the double exactly: 2^50 + 1/4", 112589990684262425, -2, true},
        {"19 digits, two of them zeros", 3000000000000000400, -19, true},
        {"2^-44: the shortest is not the nearest of its length", 5684341886080802, -29, true},
        {"2^-44: the nearest with one digit more", 56843418860808015, -30, true},
        {"2^-44: the nearest of its length is another double", 5684341886080801, -29, true},
        {"two of 17 digits equally near: the even one", 11258999068426242, -1, true},
        {"two of 17 digits equally near: the odd one", 11258999068426243, -1, false},
        {"subnormal, 16 digits", 2225073858507201, -323, true},
        {"smallest normal", 22250738585072014, -324, true},
        {"subnormal, as %.17g prints it", 49406564584124654, -340, true},
        {"subnormal, one off", 49406564584124655, -340, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double value = hw_double_round(rows[i].mantissa, rows[i].exp10);
        assert_row_int(rows[i].name, hw_double_keeps(value, rows[i].mantissa, rows[i].exp10), rows[i].want);
    }
}

static void expect_keeps(uint64_t mantissa, int exp10) {
    double value = hw_double_round(mantissa, exp10);
    struct decimal ours = decimal_trim(mantissa, exp10);
    if (!isfinite(value) || value == 0.0 || ours.digits < UINT64_C(1000000000000000)) {
        return;
    }
    char digits[32];
    size_t count = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, ours.digits);
    struct decimal shortest = decimal_shortest(value);
    bool want =
        (ours.digits == shortest.digits && ours.exp10 == shortest.exp10) || decimal_printed(value, digits, count);
    if (hw_double_keeps(value, mantissa, exp10) != want) {
        fail_msg("%" PRIu64 "e%d: the shortest is %" PRIu64 "e%d", mantissa, exp10, shortest.digits, shortest.exp10);
    }
}

/* The first `count` digits of a double, rounded, and those beside them. */
static void expect_keeps_printed(double value, int count) {
    char text[64];
    snprintf(text, sizeof(text), "%.*e", count - 1, value);
    char *exponent = strchr(text, 'e');
    int exp10 = (int)strtol(exponent + 1, NULL, 10) - (count - 1);
    text[1] = text[0]; /* over the point */
    uint64_t digits = strtoull(text + 1, NULL, 10);
    for (uint64_t step = 0; step < 3 && digits < UINT64_C(9999999999999999998); step++) {
        expect_keeps(digits + step - 1, exp10);
    }
}

/* The shortest decimal of a double, what printf prints of it, and what lies next to these. */
static void expect_keeps_around(double value) {
    struct decimal shortest = decimal_shortest(value);
    static const int steps[] = {-10, -2, -1, 0, 1, 2, 10};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        expect_keeps(shortest.digits + (uint64_t)steps[i], shortest.exp10);
        expect_keeps(shortest.digits * 10 + (uint64_t)steps[i], shortest.exp10 - 1);
    }
    for (int count = 16; count <= 19; count++) {
        expect_keeps_printed(value, count);
    }
}

static void kept_means_printed(void **state) {
    (void)state;
    struct dice dice = {5};
    for (int i = 0; i < ROUNDS / 100; i++) {
        uint64_t bits = dice_u64(&dice) >> 1;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) {
            expect_keeps_around(value);
        }
        expect_keeps_around(ldexp((double)(dice_u64(&dice) >> 11), (int)dice_roll(&dice, 120) - 90));
        expect_keeps_around(ldexp((double)(dice_u64(&dice) >> 12 | 1), -1074)); /* subnormals */
        expect_keeps(dice_u64(&dice) % UINT64_C(10000000000000000000), (int)dice_roll(&dice, 600) - 320);
    }
    for (int power = -1074; power < 1024; power++) {
        expect_keeps_around(ldexp(1.0, power));
        expect_keeps_around(nextafter(ldexp(1.0, power), INFINITY));
    }
}

static void prints_by_rows(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double value;
        const char *digits;
        bool want;
    } rows[] = {
        {"one digit", 5e-324, "5", true},
        {"one digit, another", 5e-324, "4", false},
        {"20 digits of 0.1", 0.1, "10000000000000000555", true},
        {"20 digits of 0.1, the last one off", 0.1, "10000000000000000556", false},
        {"20 digits of 0.1, the first one off", 0.1, "20000000000000000555", false},
        {"all digits of 0.1", 0.1, "1000000000000000055511151231257827021181583404541015625", true},
        {"a tie goes to the even digit: 2.5", 2.5, "2", true},
        {"a tie goes to the even digit: 3.5", 3.5, "4", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_double_prints(rows[i].value, rows[i].digits, strlen(rows[i].digits)),
                       rows[i].want);
    }
}

static void integers_that_are_doubles(void **state) {
    (void)state;
    static const struct {
        int64_t integer;
        bool want;
    } rows[] = {
        {0, true},
        {9007199254740992, true},
        {-9007199254740992, true},
        {9007199254740993, false},
        {-9007199254740993, false},
        {9007199254740994, true},
        {9223372036854774784, true}, /* 2^63 - 1024 */
        {INT64_MAX, false},
        {INT64_MIN, true},
        {INT64_MIN + 1, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[32];
        snprintf(name, sizeof(name), "%" PRId64, rows[i].integer);
        assert_row_int(name, hw_double_holds(rows[i].integer), rows[i].want);
    }
}

static void expect_shortest(double value) {
    struct hw_decimal got = hw_double_shortest(value);
    struct decimal want = decimal_shortest(value);
    if (got.digits != want.digits || got.exp10 != want.exp10) {
        fail_msg("%a: %" PRIu64 "e%d, want %" PRIu64 "e%d", value, got.digits, got.exp10, want.digits, want.exp10);
    }
}

static void shortest_is_what_printf_finds(void **state) {
    (void)state;
    static const double rows[] = {
        1,      10,     0.1,     0.3,    1e22,   1e23,   9007199254740993.0,    5e-324, 1e-323,
        2e-323, 9e-324, 0x1p-44, 1e-300, 1e-292, 1e-293, 1.7976931348623157e308};
    struct dice dice = {6};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        expect_shortest(rows[i]);
    }
    for (int i = 0; i < ROUNDS / 50; i++) {
        uint64_t bits = dice_u64(&dice) >> 1;
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value) && value > 0) {
            expect_shortest(value);
        }
        expect_shortest((double)(1 + dice_roll(&dice, 100000000)) / hw_powers_of_ten[dice_roll(&dice, 8)]);
        expect_shortest((double)(1 + (dice_u64(&dice) >> (1 + dice_roll(&dice, 63)))));
        /* subnormals */
        expect_shortest(ldexp((double)(dice_u64(&dice) >> (12 + dice_roll(&dice, 50)) | 1), -1074));
    }
    for (int power = -1074; power < 1024; power++) {
        expect_shortest(ldexp(1.0, power));
        expect_shortest(nextafter(ldexp(1.0, power), INFINITY));
        expect_shortest(nextafter(ldexp(1.5, power), 0));
    }
}

/* Of two decimals that are equally near the even one is taken: 2^50 + 1/4 and its like. */
static void shortest_of_two_is_even(void **state) {
    (void)state;
    static const struct {
        double value;
        uint64_t digits;
        int exp10;
    } rows[] = {
        {1125899906842624.25, 11258999068426242, -1},
        {1125899906842624.75, 11258999068426248, -1},
        {1125899906842625.25, 11258999068426252, -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_decimal got = hw_double_shortest(rows[i].value);
        assert_int_equal(got.digits, rows[i].digits);
        assert_int_equal(got.exp10, rows[i].exp10);
    }
}

/*
 * Checks that `got` is the decimal that printf gives with `digits` of them. Numbers below a power
 * of two are nearer to it than those above, so printf's may be a number that does not read back
 * and ours, of fewer digits, one that does.
 */
static void expect_decimal(struct hw_decimal got, double value, int digits, bool power_of_two) {
    char text[64];
    char printed[64];
    snprintf(text, sizeof(text), "%.*e", digits - 1, value);
    const int length = snprintf(printed, sizeof(printed), "%" PRIu64, got.digits);
    snprintf(printed + length, sizeof(printed) - (size_t)length, "e%d", got.exp10);
    if (power_of_two && length < digits) {
        return;
    }
    if (strtod(printed, NULL) != strtod(text, NULL)) {
        fail_msg("%a: %s, and printf finds %s", value, printed, text);
    }
}

static void expect_float_shortest(float value) {
    for (int digits = 1; digits <= 9; digits++) {
        char text[64];
        snprintf(text, sizeof(text), "%.*e", digits - 1, (double)value);
        if (strtof(text, NULL) == value) {
            const struct hw_decimal got = hw_float_shortest(value);
            int exponent;
            snprintf(text, sizeof(text), "%" PRIu64 "e%d", got.digits, got.exp10);
            assert_true(strtof(text, NULL) == value);
            expect_decimal(got, (double)value, digits, frexpf(value, &exponent) == 0.5f);
            return;
        }
    }
    fail_msg("%a has no decimal", (double)value);
}

static void shortest_of_floats_is_what_printf_finds(void **state) {
    (void)state;
    struct dice dice = {28};
    for (int i = 0; i < ROUNDS / 20; i++) {
        const uint32_t bits = 1 + (uint32_t)dice_roll(&dice, 0x7f7fffff);
        float value;
        memcpy(&value, &bits, sizeof(value));
        expect_float_shortest(value);
        expect_float_shortest((float)(1 + dice_roll(&dice, 1000000)) / 1000.0f);
    }
    for (int power = -149; power < 128; power++) {
        expect_float_shortest(ldexpf(1.0f, power));
        expect_float_shortest(nextafterf(ldexpf(1.0f, power), INFINITY));
    }
}

/* The value of a binary16 that is positive, by its definition. */
static double half_value(uint32_t bits) {
    const int exponent = (int)(bits >> 10);
    const double fraction = bits & 0x3ff;
    return exponent > 0 ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
}

/* Returns whether a number is nearer to the half than to its neighbours; of two to the even one. */
static bool half_reads_back(double number, uint32_t bits) {
    const double low = (half_value(bits - 1) + half_value(bits)) / 2;
    const double high = (half_value(bits + 1) + half_value(bits)) / 2;
    return (number > low && number < high) || (bits % 2 == 0 && (number == low || number == high));
}

static void shortest_of_halves_is_what_printf_finds(void **state) {
    (void)state;
    for (uint32_t bits = 1; bits < 0x7c00; bits++) {
        int digits = 0;
        char text[64];
        do {
            digits++;
            assert_true(digits <= 5);
            snprintf(text, sizeof(text), "%.*e", digits - 1, half_value(bits));
        } while (!half_reads_back(strtod(text, NULL), bits));
        const struct hw_decimal got = hw_half_shortest((uint16_t)bits);
        snprintf(text, sizeof(text), "%" PRIu64 "e%d", got.digits, got.exp10);
        assert_true(half_reads_back(strtod(text, NULL), bits));
        expect_decimal(got, half_value(bits), digits, (bits & 0x3ff) == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_power_of_five_is_exact_to_128_bits),
        cmocka_unit_test(powers_of_ten_are_exact),
        cmocka_unit_test(borders_round_right),
        cmocka_unit_test(integers_times_powers_round_as_strtod_does),
        cmocka_unit_test(small_powers_round_as_strtod_does),
        cmocka_unit_test(halfway_between_doubles_goes_to_even),
        cmocka_unit_test(long_digits_round_as_strtod_does),
        cmocka_unit_test(fallback_does_not_ask_the_locale),
        cmocka_unit_test(a_double_keeps_what_it_prints),
        cmocka_unit_test(kept_means_printed),
        cmocka_unit_test(prints_by_rows),
        cmocka_unit_test(integers_that_are_doubles),
        cmocka_unit_test(shortest_is_what_printf_finds),
        cmocka_unit_test(shortest_of_two_is_even),
        cmocka_unit_test(shortest_of_floats_is_what_printf_finds),
        cmocka_unit_test(shortest_of_halves_is_what_printf_finds),
    };
    return cmocka_run_group_tests_name("core/double", tests, NULL, NULL);
}
