/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/number.h"

#include <errno.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/view.h"
#include "support/rows.h"
#include "unit/csv/field.h"
#include "unit/csv/number_rows.h"
#include "unit/csv/shortest.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 200000 };
#else
enum { ROUNDS = 1000000 };
#endif

/* The grammar of csv/number.h, by somebody else's machine. */
#define INTEGER_PATTERN "^(0|-?[1-9][0-9]*)$"
#define NUMBER_PATTERN "^-?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$"
#define SPECIAL_PATTERN "^[+-]?([iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN])$"

static regex_t pattern_new(const char *pattern) {
    regex_t compiled;
    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    return compiled;
}

static bool pattern_matches(const regex_t *pattern, const char *text) {
    return regexec(pattern, text, 0, NULL, 0) == 0;
}

/* A NaN is a NaN here, but for its sign, and -0.0 is not 0.0. */
static bool same_double(double a, double b) {
    return (isnan(a) && isnan(b) && !signbit(a) == !signbit(b)) || memcmp(&a, &b, sizeof(a)) == 0;
}

static void integers_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        bool want;
        int64_t value;
    } rows[] = {
        {"empty", HW_VIEW_INIT(""), false, 0},
        {"minus alone", HW_VIEW_INIT("-"), false, 0},
        {"zero", HW_VIEW_INIT("0"), true, 0},
        {"minus zero", HW_VIEW_INIT("-0"), false, 0},
        {"two zeros", HW_VIEW_INIT("00"), false, 0},
        {"leading zero", HW_VIEW_INIT("07"), false, 0},
        {"negative leading zero", HW_VIEW_INIT("-07"), false, 0},
        {"leading zero of 9", HW_VIEW_INIT("012345678"), false, 0},
        {"leading zero of 17", HW_VIEW_INIT("01234567890123456"), false, 0},
        {"plus", HW_VIEW_INIT("+5"), false, 0},
        {"two minus", HW_VIEW_INIT("--5"), false, 0},
        {"minus behind", HW_VIEW_INIT("5-"), false, 0},
        {"space before", HW_VIEW_INIT(" 5"), false, 0},
        {"space behind", HW_VIEW_INIT("5 "), false, 0},
        {"point", HW_VIEW_INIT("5."), false, 0},
        {"exponent", HW_VIEW_INIT("1e3"), false, 0},
        {"separators", HW_VIEW_INIT("1,234"), false, 0},
        {"underscore", HW_VIEW_INIT("1_000"), false, 0},
        {"hex", HW_VIEW_INIT("0x1F"), false, 0},
        {"NUL inside", HW_VIEW_INIT("1\0002"), false, 0},
        {"character below the digits", HW_VIEW_INIT("1/2"), false, 0},
        {"character above the digits", HW_VIEW_INIT("1:2"), false, 0},
        {"digits of another script", HW_VIEW_INIT("\331\241\331\242"), false, 0},
        {"byte with the top bit", HW_VIEW_INIT("1\2602"), false, 0},
        {"8 digits", HW_VIEW_INIT("12345678"), true, 12345678},
        {"8 digits, negative", HW_VIEW_INIT("-12345678"), true, -12345678},
        {"9 digits", HW_VIEW_INIT("123456789"), true, 123456789},
        {"16 digits", HW_VIEW_INIT("1234567890123456"), true, 1234567890123456},
        {"16 digits, negative", HW_VIEW_INIT("-1234567890123456"), true, -1234567890123456},
        {"17 digits", HW_VIEW_INIT("12345678901234567"), true, 12345678901234567},
        {"2^63 - 1", HW_VIEW_INIT("9223372036854775807"), true, INT64_MAX},
        {"2^63", HW_VIEW_INIT("9223372036854775808"), false, 0},
        {"-2^63", HW_VIEW_INIT("-9223372036854775808"), true, INT64_MIN},
        {"-2^63 - 1", HW_VIEW_INIT("-9223372036854775809"), false, 0},
        {"19 nines", HW_VIEW_INIT("9999999999999999999"), false, 0},
        {"20 digits", HW_VIEW_INIT("10000000000000000000"), false, 0},
        {"20 digits, negative", HW_VIEW_INIT("-10000000000000000000"), false, 0},
        {"2^64 + 1", HW_VIEW_INIT("18446744073709551617"), false, 0},
        {"letter in the first word of 19", HW_VIEW_INIT("1x23456789012345678"), false, 0},
        {"letter in the second word of 19", HW_VIEW_INIT("1234x56789012345678"), false, 0},
        {"letter in the last word of 19", HW_VIEW_INIT("12345678901234567x8"), false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t variant = 0; variant < FIELD_VARIANTS; variant++) {
            const char *text = field_put(*state, rows[i].text.data, rows[i].text.size, variant);
            int64_t value = 42;
            assert_row_int(rows[i].name, hw_parse_int64(text, rows[i].text.size, &value), rows[i].want);
            assert_row_int(rows[i].name, value, rows[i].want ? rows[i].value : 42);
        }
    }
}

static void integers_read_as_strtoll_reads(void **state) {
    struct dice dice = {1};
    for (int i = 0; i < ROUNDS; i++) {
        char text[32];
        int64_t want = (int64_t)(dice_u64(&dice) >> dice_roll(&dice, 64));
        int size = snprintf(text, sizeof(text), "%" PRId64, want);
        const char *at = field_put(*state, text, (size_t)size, dice_roll(&dice, FIELD_VARIANTS));
        int64_t got;
        if (!hw_parse_int64(at, (size_t)size, &got) || got != want || got != strtoll(text, NULL, 10)) {
            fail_msg("%s", text);
        }
    }
}

/* What hw_parse_double must answer follows from the class. */
static bool double_takes(const struct class_row *row) {
    return row->class == HW_NUMBER_DOUBLE || row->class == HW_NUMBER_SPECIAL ||
           (row->class == HW_NUMBER_INT64 && (__int128)row->value == strtoll(row->text, NULL, 10));
}

static void expect_class(struct field_room *room, const struct class_row *row, size_t variant) {
    size_t size = strlen(row->text);
    const char *text = field_put(room, row->text, size, variant);
    double value = 42.0;
    struct hw_digits digits = {7000, 8000};
    assert_row_int(row->text, hw_number_classify(text, size, &value, &digits), row->class);

    bool sets_digits = row->class != HW_NUMBER_NOT && row->class != HW_NUMBER_SPECIAL;
    bool sets_value = row->class != HW_NUMBER_NOT && row->class != HW_NUMBER_DECIMAL;
    assert_row_int(row->text, digits.before, sets_digits ? row->before : 7000);
    assert_row_int(row->text, digits.after, sets_digits ? row->after : 8000);
    if (!same_double(value, sets_value ? row->value : 42.0)) {
        fail_msg("%s: the class comes with %a", row->text, value);
    }

    int64_t integer;
    assert_row_int(row->text, hw_parse_int64(text, size, &integer), row->class == HW_NUMBER_INT64);

    value = 42.0;
    digits = (struct hw_digits){0};
    bool takes = double_takes(row);
    assert_row_int(row->text, hw_parse_double(text, size, &value, &digits), takes);
    assert_row_int(row->text, digits.before, takes ? row->before : 0);
    assert_row_int(row->text, digits.after, takes ? row->after : 0);
    if (!same_double(value, takes ? row->value : 42.0)) {
        fail_msg("%s: parses to %a", row->text, value);
    }
}

static void classes_by_rows(void **state) {
    for (size_t i = 0; i < COUNT_OF(class_rows); i++) {
        for (size_t variant = 0; variant < FIELD_VARIANTS; variant++) {
            expect_class(*state, &class_rows[i], variant);
        }
    }
}

static void nul_is_no_digit(void **state) {
    static const char texts[][4] = {"1\0", "\0", "1\0002", ".\0"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        double value;
        struct hw_digits digits = {0};
        size_t size = i == 1 ? 1 : i == 2 ? 3 : 2;
        const char *text = field_put(*state, texts[i], size, 0);
        assert_int_equal(hw_number_classify(text, size, &value, &digits), HW_NUMBER_NOT);
        assert_false(hw_parse_double(text, size, &value, &digits));
    }
}

static void digits_only_rise(void **state) {
    struct hw_digits digits = {0};
    double value;
    static const struct {
        const char *text;
        uint32_t before;
        uint32_t after;
    } steps[] = {
        {"1.25", 1, 2},
        {"300", 3, 2},
        {"0.5", 3, 2},
        {"inf", 3, 2},
        {"text", 3, 2},
        {"12345678901234567890", 3, 2},
        {"0.30000000000000004", 3, 17},
        {"1e20", 21, 17},
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        size_t size = strlen(steps[i].text);
        (void)hw_parse_double(field_put(*state, steps[i].text, size, 0), size, &value, &digits);
        assert_row_int(steps[i].text, digits.before, steps[i].before);
        assert_row_int(steps[i].text, digits.after, steps[i].after);
    }
}

/* "0." and so many ones: 1,000 bytes are a number, one more is none. */
static void numbers_end_at_1000_bytes(void **state) {
    static const struct {
        const char *name;
        size_t size;
        bool zero_point;
        enum hw_number_class want;
    } rows[] = {
        {"fraction of 1,000 bytes", 1000, true, HW_NUMBER_DECIMAL},
        {"fraction of 1,001 bytes", 1001, true, HW_NUMBER_NOT},
        {"integer of 309 digits", 309, false, HW_NUMBER_DECIMAL},
        {"integer of 310 digits overflows", 310, false, HW_NUMBER_NOT},
        {"integer of 1,000 digits", 1000, false, HW_NUMBER_NOT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[1001];
        memset(text, '1', sizeof(text));
        if (rows[i].zero_point) {
            memcpy(text, "0.", 2);
        }
        const char *at = field_put(*state, text, rows[i].size, 0);
        double value;
        struct hw_digits digits = {0};
        assert_row_int(rows[i].name, hw_number_classify(at, rows[i].size, &value, &digits), rows[i].want);
        bool is_number = rows[i].want == HW_NUMBER_DECIMAL;
        assert_row_int(rows[i].name, digits.after, is_number && rows[i].zero_point ? rows[i].size - 2 : 0);
        assert_row_int(rows[i].name, digits.before, is_number && !rows[i].zero_point ? rows[i].size : 0);
        assert_false(hw_parse_double(at, rows[i].size, &value, &digits));
    }
}

struct patterns {
    regex_t integer;
    regex_t number;
    regex_t special;
};

static void expect_as_patterns(struct field_room *room, const struct patterns *patterns, const char *text,
                               size_t variant) {
    size_t size = strlen(text);
    const char *at = field_put(room, text, size, variant);
    errno = 0;
    int64_t want_integer = strtoll(text, NULL, 10);
    bool is_integer = pattern_matches(&patterns->integer, text) && errno == 0;
    double want = strtod(text, NULL);
    bool vanishes = want == 0.0 && strcspn(text, "123456789") < strcspn(text, "eE");
    bool is_number = pattern_matches(&patterns->number, text) && isfinite(want) && !vanishes;
    bool is_special = pattern_matches(&patterns->special, text);

    int64_t integer = 42;
    assert_row_int(text, hw_parse_int64(at, size, &integer), is_integer);
    assert_row_int(text, integer, is_integer ? want_integer : 42);

    double value = 0.0;
    struct hw_digits digits = {0};
    enum hw_number_class class = hw_number_classify(at, size, &value, &digits);
    assert_row_int(text, class != HW_NUMBER_NOT, is_number || is_special);
    assert_row_int(text, class == HW_NUMBER_SPECIAL, is_special);
    assert_row_int(text, class == HW_NUMBER_INT64, is_integer);

    struct class_row row = {text, class, value, 0, 0};
    bool takes = double_takes(&row);
    double parsed = 42.0;
    struct hw_digits raised = {0};
    assert_row_int(text, hw_parse_double(at, size, &parsed, &raised), takes);
    if (!same_double(parsed, takes ? value : 42.0) || (takes && !is_special && !same_double(parsed, want))) {
        fail_msg("'%s' parses to %a, want %a", text, parsed, want);
    }
    assert_row_int(text, raised.before, takes ? digits.before : 0);
    assert_row_int(text, raised.after, takes ? digits.after : 0);
}

/* Texts of these characters are numbers often enough, and miss being one in every way. */
static void grammar_is_that_of_the_patterns(void **state) {
    static const char alphabet[] = "0000111223456789.....--e+E /:nif";
    struct patterns patterns = {
        pattern_new(INTEGER_PATTERN),
        pattern_new(NUMBER_PATTERN),
        pattern_new(SPECIAL_PATTERN),
    };
    struct dice dice = {2};
    for (int i = 0; i < ROUNDS; i++) {
        char text[32];
        size_t size = dice_roll(&dice, 24);
        /* else hardly anything long would be a number */
        bool mostly_digits = dice_roll(&dice, 4) > 0;
        for (size_t at = 0; at < size; at++) {
            bool digit = mostly_digits && dice_roll(&dice, 8) > 0;
            text[at] = digit ? (char)('0' + dice_roll(&dice, 10)) : alphabet[dice_roll(&dice, sizeof(alphabet) - 1)];
        }
        text[size] = '\0';
        expect_as_patterns(*state, &patterns, text, dice_roll(&dice, FIELD_VARIANTS));
    }
    regfree(&patterns.integer);
    regfree(&patterns.number);
    regfree(&patterns.special);
}

/* A number of the grammar: up to 25 digits, a point anywhere, perhaps an exponent. */
static size_t random_number(struct dice *dice, char text[64]) {
    size_t count = 1 + dice_roll(dice, 25);
    size_t point = dice_roll(dice, count + 1);
    size_t size = 0;
    if (dice_roll(dice, 3) == 0) {
        text[size++] = '-';
    }
    for (size_t i = 0; i < count; i++) {
        if (i == point) {
            text[size++] = '.';
        }
        /* A zero in front stands alone; zeros elsewhere come in runs. */
        bool first_of_many = i == 0 && point > 1;
        bool zero = !first_of_many && dice_roll(dice, 4) == 0;
        text[size++] = (char)(zero ? '0' : '1' + dice_roll(dice, 9));
    }
    if (dice_roll(dice, 2) == 0) {
        size += (size_t)snprintf(text + size, 8, "e%d", (int)dice_roll(dice, 650) - 340);
    }
    text[size] = '\0';
    return size;
}

/* The significant digits of a text as strtoull would have them, without zeros at either end. */
static struct decimal significant_digits(const char *text, char digits[64], size_t *out_count) {
    size_t count = 0;
    size_t end = 0;
    int exp10 = 0;
    bool behind_point = false;
    const char *at = text + (*text == '-');
    for (; *at && *at != 'e'; at++) {
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        exp10 -= behind_point;
        if (count > 0 || *at != '0') {
            digits[count++] = *at;
        }
        end = *at == '0' ? end : count;
    }
    exp10 += (int)(count - end) + (*at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0);
    digits[end] = '\0';
    *out_count = end;
    return (struct decimal){end > 0 && end <= 19 ? strtoull(digits, NULL, 10) : 0, exp10};
}

/* Whether a text of the grammar is what some program prints of the double `value`. */
static bool text_kept(const char *text, double value) {
    char digits[64];
    size_t count;
    struct decimal ours = significant_digits(text, digits, &count);
    const bool integer = strspn(text, "-0123456789") == strlen(text) && strcmp(text, "-0") != 0;
    if (!isfinite(value) || (value == 0.0 && count > 0)) {
        return false;
    }
    if (integer && (fabs(value) < 0x1p63 || strcmp(text, "-9223372036854775808") == 0)) {
        return (__int128)value == strtoll(text, NULL, 10);
    }
    if (count <= 15) {
        return true;
    }
    struct decimal shortest = decimal_shortest(fabs(value));
    const bool is_shortest = count <= 17 && shortest.digits == ours.digits && shortest.exp10 == ours.exp10;
    return is_shortest || (!integer && decimal_printed(fabs(value), digits, count));
}

static void expect_double(struct field_room *room, const char *text, double want, bool kept, size_t variant) {
    const size_t size = strlen(text);
    const char *at = field_put(room, text, size, variant);
    double got = 42.0;
    struct hw_digits digits = {0};
    if (hw_parse_double(at, size, &got, &digits) != kept || !same_double(got, kept ? want : 42.0)) {
        fail_msg("'%s' is %a, want %a (kept: %d)", text, got, want, kept);
    }
}

static void doubles_are_those_of_strtod(void **state) {
    struct dice dice = {3};
    for (int i = 0; i < ROUNDS; i++) {
        char text[64];
        random_number(&dice, text);
        const double want = strtod(text, NULL);
        expect_double(*state, text, want, text_kept(text, want), dice_roll(&dice, FIELD_VARIANTS));
    }
}

/*
 * Texts of each double: what programs print, from 15 digits to more than the 17 that tell all
 * doubles apart. All that read back are taken.
 */
static void printed_doubles_come_back(void **state) {
    struct dice dice = {4};
    for (int i = 0; i < ROUNDS / 20; i++) {
        double want = ldexp((double)(int64_t)dice_u64(&dice), -64 + (int)dice_roll(&dice, 40) - 20);
        for (int precision = 15; precision <= 24; precision++) {
            char text[64];
            snprintf(text, sizeof(text), dice_roll(&dice, 2) ? "%.*g" : "%.*e", precision, want);
            const double read = strtod(text, NULL);
            const bool integer = strspn(text, "-0123456789") == strlen(text);
            if (!integer && precision >= 17) {
                expect_double(*state, text, want, true, dice_roll(&dice, FIELD_VARIANTS));
            } else {
                expect_double(*state, text, read, text_kept(text, read), dice_roll(&dice, FIELD_VARIANTS));
            }
        }
    }
}

/* As printf would write it. */
static const char *print_wide(__int128 value, char out[48]) {
    char *at = out + 47;
    bool negative = value < 0;
    *at = '\0';
    do {
        int digit = (int)(value % 10);
        *--at = (char)('0' + (digit < 0 ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative) {
        *--at = '-';
    }
    return at;
}

static void decimals_by_rows(void **state) {
    static const struct {
        const char *text;
        unsigned precision;
        unsigned scale;
        const char *want; /* times 10^scale; NULL: refused */
        uint32_t before;
        uint32_t after;
    } rows[] = {
        {"0", 5, 2, "0", 0, 0},
        {"-0", 5, 2, "0", 0, 0},
        {"0.00", 5, 2, "0", 0, 2},
        {"1", 5, 2, "100", 1, 0},
        {"1.5", 5, 2, "150", 1, 1},
        {"-1.25", 5, 2, "-125", 1, 2},
        {".5", 5, 2, "50", 0, 1},
        {"5.", 5, 2, "500", 1, 0},
        {"999.99", 5, 2, "99999", 3, 2},
        {"1000", 5, 2, NULL, 0, 0},
        {"1000.00", 5, 2, NULL, 0, 0},
        {"1.255", 5, 2, NULL, 0, 0},
        {"1.250", 5, 2, "125", 1, 3},
        {"1.2500000000000000000000000000", 5, 2, "125", 1, 28},
        {"0.001", 5, 2, NULL, 0, 0},
        {"0.5", 2, 2, "50", 0, 1},
        {"1.5", 2, 2, NULL, 0, 0},
        {"1e2", 5, 2, "10000", 3, 0},
        {"1e3", 5, 2, NULL, 0, 0},
        {"125e-2", 5, 2, "125", 1, 2},
        {"125e-3", 5, 2, NULL, 0, 0},
        {"1.50e-1", 5, 2, "15", 0, 2},
        {"0e-999", 5, 2, "0", 0, 0},
        {"0e999999999999999999999", 5, 2, "0", 0, 0},
        {"1e999999999999999999999", 38, 0, NULL, 0, 0},
        {"1e-999999999999999999999", 38, 38, NULL, 0, 0},
        {"9223372036854775808", 19, 0, "9223372036854775808", 19, 0},
        {"-9223372036854775809", 19, 0, "-9223372036854775809", 19, 0},
        {"9999999999999999999", 19, 0, "9999999999999999999", 19, 0},
        {"99999999999999999999", 19, 0, NULL, 0, 0},
        {"-99999999999999999999999999999999999999", 38, 0, "-99999999999999999999999999999999999999", 38, 0},
        {"100000000000000000000000000000000000000", 38, 0, NULL, 0, 0},
        {"0.99999999999999999999999999999999999999", 38, 38, "99999999999999999999999999999999999999", 0, 38},
        {"0.999999999999999999999999999999999999999", 38, 38, NULL, 0, 0},
        {"123456789012345678.90123456789012345678", 38, 20, "12345678901234567890123456789012345678", 18, 20},
        {"1e37", 38, 0, "10000000000000000000000000000000000000", 38, 0},
        {"1e38", 38, 0, NULL, 0, 0},
        {"7", 38, 37, "70000000000000000000000000000000000000", 1, 0},
        {"inf", 38, 0, NULL, 0, 0},
        {"nan", 38, 0, NULL, 0, 0},
        {"007", 38, 0, NULL, 0, 0},
        {"-", 38, 0, NULL, 0, 0},
        {"", 38, 0, NULL, 0, 0},
        {"+5", 38, 0, NULL, 0, 0},
        {"5x", 38, 0, NULL, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t variant = 0; variant < FIELD_VARIANTS; variant++) {
            size_t size = strlen(rows[i].text);
            const char *text = field_put(*state, rows[i].text, size, variant);
            __int128 value = 42;
            struct hw_digits digits = {0};
            char printed[48];
            bool got = hw_parse_decimal(text, size, rows[i].precision, rows[i].scale, &value, &digits);
            assert_row_int(rows[i].text, got, rows[i].want != NULL);
            assert_row_text(rows[i].text, print_wide(value, printed), rows[i].want ? rows[i].want : "42");
            assert_row_int(rows[i].text, digits.before, rows[i].before);
            assert_row_int(rows[i].text, digits.after, rows[i].after);
        }
    }
}

/*
 * The digits of a text moved by its exponent and the scale, as characters: no arithmetic. False
 * where a digit would be cut off.
 */
static bool shift_digits(const char *text, int scale, char out[1024]) {
    size_t count = 0;
    int exponent = scale;
    bool behind_point = false;
    const char *at = text + (*text == '-');
    for (; *at && *at != 'e'; at++) {
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        exponent -= behind_point;
        out[count++] = *at;
    }
    exponent += *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
    for (; exponent > 0; exponent--) {
        out[count++] = '0';
    }
    for (; exponent < 0 && count > 0; exponent++) {
        if (out[--count] != '0') {
            return false;
        }
    }
    out[count] = '\0';
    size_t zeros = strspn(out, "0");
    memmove(out, out + zeros, count - zeros + 1);
    return true;
}

static void decimals_are_the_digits_as_written(void **state) {
    struct dice dice = {5};
    for (int i = 0; i < ROUNDS; i++) {
        char text[64];
        size_t size = random_number(&dice, text);
        char *exponent = strchr(text, 'e');
        if (exponent) { /* one that a decimal can have */
            size = (size_t)(exponent - text);
            size += (size_t)snprintf(exponent, 8, "e%d", (int)dice_roll(&dice, 60) - 30);
        }
        unsigned scale = (unsigned)dice_roll(&dice, 39);
        unsigned precision = scale + (unsigned)dice_roll(&dice, 39 - scale);
        precision += precision == 0;
        char want[1024];
        bool fits = shift_digits(text, (int)scale, want) && strlen(want) <= precision;
        const char *at = field_put(*state, text, size, dice_roll(&dice, FIELD_VARIANTS));
        __int128 value = 0;
        struct hw_digits digits = {0};
        if (hw_parse_decimal(at, size, precision, scale, &value, &digits) != fits) {
            fail_msg("'%s' as decimal(%u, %u): want %s", text, precision, scale, fits ? want : "none");
        }
        char printed[48];
        const char *got = print_wide(*text == '-' ? -value : value, printed);
        if (fits && strcmp(got, *want ? want : "0") != 0) {
            fail_msg("'%s' as decimal(%u, %u) is %s, want %s", text, precision, scale, got, want);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_by_rows),
        cmocka_unit_test(integers_read_as_strtoll_reads),
        cmocka_unit_test(classes_by_rows),
        cmocka_unit_test(nul_is_no_digit),
        cmocka_unit_test(digits_only_rise),
        cmocka_unit_test(numbers_end_at_1000_bytes),
        cmocka_unit_test(grammar_is_that_of_the_patterns),
        cmocka_unit_test(doubles_are_those_of_strtod),
        cmocka_unit_test(printed_doubles_come_back),
        cmocka_unit_test(decimals_by_rows),
        cmocka_unit_test(decimals_are_the_digits_as_written),
    };
    return cmocka_run_group_tests_name("csv/number", tests, field_room_setup, field_room_teardown);
}
