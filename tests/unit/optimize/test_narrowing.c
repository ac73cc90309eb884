/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/narrowing.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/optimize/narrowing_make.h"
#include "unit/parquet/decode.h"

enum { RANDOM_ROUNDS = 20000 };

static const struct hw_narrow_choice exact = {.exact = true}, decimals = {.exact = true, .decimals = true};

/* ------ columns */

static const struct {
    const char *name;
    struct hw_parquet_element element;
    bool want;
} candidates[] = {
    {"double", PLAIN(HW_PHYSICAL_DOUBLE), true},
    {"int64", PLAIN(HW_PHYSICAL_INT64), true},
    {"INT_64", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_INT_64), true},
    {"UINT_64", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64), true},
    {"INT(64, true)", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_INTEGER, .bit_width = 64, .is_signed = true), true},
    {"INT(64, false)", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_INTEGER, .bit_width = 64), true},
    {"float", PLAIN(HW_PHYSICAL_FLOAT), false},
    {"int32", PLAIN(HW_PHYSICAL_INT32), false},
    {"int96", PLAIN(HW_PHYSICAL_INT96), true},
    {"boolean", PLAIN(HW_PHYSICAL_BOOLEAN), false},
    {"binary", PLAIN(HW_PHYSICAL_BYTE_ARRAY), false},
    {"text", CONVERTED(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8), false},
    {"TIMESTAMP_MICROS", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_TIMESTAMP_MICROS), false},
    {"TIMESTAMP", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_TIMESTAMP, .unit = 3, .utc = true), false},
    {"TIME_MICROS", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_TIME_MICROS), false},
    {"TIME", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_TIME, .unit = 2), false},
    {"DECIMAL", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_DECIMAL, .precision = 12, .scale = 2), false},
    {"UNKNOWN", LOGICAL(HW_PHYSICAL_DOUBLE, .kind = HW_LOGICAL_UNKNOWN), false},
    /* Types that are not known may mean more than the bytes, and so may those of another type. */
    {"double of a later type", LOGICAL(HW_PHYSICAL_DOUBLE, .kind = HW_LOGICAL_COUNT), false},
    {"int64 of a later type", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_COUNT), false},
    {"a later converted type", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_COUNT), false},
    {"int96 of a converted type", CONVERTED(HW_PHYSICAL_INT96, HW_CONVERTED_TIMESTAMP_MICROS), false},
    {"int96 of a later type", LOGICAL(HW_PHYSICAL_INT96, .kind = HW_LOGICAL_COUNT), false},
    {"a date of 64 bits", CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_DATE), false},
    {"INT(8, true) of 64 bits", LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_INTEGER, .bit_width = 8), false},
    {"a real integer", LOGICAL(HW_PHYSICAL_DOUBLE, .kind = HW_LOGICAL_INTEGER, .bit_width = 64), false},
    {"a real INT_64", CONVERTED(HW_PHYSICAL_DOUBLE, HW_CONVERTED_INT_64), false},
};

static void numbers_are_candidates(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(candidates); i++) {
        struct leaf made;
        leaf_make(&made, &candidates[i].element);
        assert_row_int(candidates[i].name, hw_narrow_candidate(&made.leaf), candidates[i].want);
    }
}

/* Numbers are asked for by words of their own, and INT96 by one of its own. */
static void what_is_asked_for_is_looked_at(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_narrow_choice choice;
        bool numbers, int96;
    } rows[] = {
        {"nothing", {0}, false, false},
        {"exact", {.exact = true}, true, false},
        {"decimals", {.decimals = true}, true, false},
        {"a tolerance", {.tolerance = 0.1}, true, false},
        {"int96", {.int96 = true}, false, true},
        {"all", {true, true, 0.1, true}, true, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < COUNT_OF(candidates); k++) {
            struct leaf made;
            leaf_make(&made, &candidates[k].element);
            const bool int96 = candidates[k].element.physical == HW_PHYSICAL_INT96;
            assert_row_int(rows[i].name, hw_narrow_asked(&made.leaf, &rows[i].choice),
                           candidates[k].want && (int96 ? rows[i].int96 : rows[i].numbers));
        }
    }
}

/* ------ values */

/* Narrows a word and, where that is done, checks that widening brings it back. */
static enum hw_status word_goes(const char *name, const struct hw_narrowing *narrowing, uint64_t word,
                                struct hw_error *err) {
    struct hw_leaf_rows rows = {0};
    words_fill(&rows, &word, 1);
    const enum hw_status status = hw_narrow_values(narrowing, &rows, err);
    if (status == HW_OK) {
        assert_row_int(name, rows.width, narrowing->width_after);
        assert_row_int(name, rows.values.size, narrowing->width_after);
        assert_row_int(name, hw_narrow_widens(narrowing), true);
        assert_row_int(name, hw_narrow_widen(narrowing, &rows, err), HW_OK);
        assert_row_int(name, rows.width, 8);
        assert_row_int(name, rows.values.size, 8);
        assert_row_int(name, hw_load_le64(rows.values.data), word);
    }
    hw_leaf_rows_release(&rows);
    return status;
}

/* Words of a DOUBLE and whether FLOAT has them, by IEEE 754; and of both kinds of integers. */
static const struct {
    const char *name;
    enum hw_physical physical;
    enum hw_converted converted;
    uint64_t word;
    enum hw_narrow want;
} words[] = {
#define REAL(name, word, want) \
    { name, HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE, word, want }
    REAL("0.0", 0, HW_NARROW_FLOAT),
    REAL("-0.0", UINT64_C(0x8000000000000000), HW_NARROW_FLOAT),
    REAL("1.5", UINT64_C(0x3ff8000000000000), HW_NARROW_FLOAT),
    REAL("infinity", UINT64_C(0x7ff0000000000000), HW_NARROW_FLOAT),
    REAL("-infinity", UINT64_C(0xfff0000000000000), HW_NARROW_FLOAT),
    REAL("16777216.0", UINT64_C(0x4170000000000000), HW_NARROW_FLOAT),
    REAL("the greatest float", UINT64_C(0x47efffffe0000000), HW_NARROW_FLOAT),
    REAL("the least normal float", UINT64_C(0x3810000000000000), HW_NARROW_FLOAT),
    REAL("the greatest subnormal float", UINT64_C(0x380fffffc0000000), HW_NARROW_FLOAT),
    REAL("the least subnormal float", UINT64_C(0x36a0000000000000), HW_NARROW_FLOAT),
    REAL("a NaN", UINT64_C(0x7ff8000000000000), HW_NARROW_FLOAT),
    REAL("a negative NaN", UINT64_C(0xfff8000000000000), HW_NARROW_FLOAT),
    REAL("a NaN with high bits", UINT64_C(0x7ffabcdee0000000), HW_NARROW_FLOAT),
    REAL("a NaN with the lowest bit", UINT64_C(0x7ff8000000000001), HW_NARROW_NONE),
    REAL("a NaN with the highest low bit", UINT64_C(0x7ff8000010000000), HW_NARROW_NONE),
    REAL("a signalling NaN", UINT64_C(0x7ff0000020000000), HW_NARROW_NONE),
    REAL("a negative signalling NaN", UINT64_C(0xfff4000000000000), HW_NARROW_NONE),
    REAL("a signalling NaN of low bits", UINT64_C(0x7ff0000000000001), HW_NARROW_NONE),
    REAL("0.1", UINT64_C(0x3fb999999999999a), HW_NARROW_NONE),
    REAL("16777217.0", UINT64_C(0x4170000010000000), HW_NARROW_NONE),
    REAL("1e39", UINT64_C(0x48078287f49c4a1d), HW_NARROW_NONE),
    REAL("above the greatest float", UINT64_C(0x47efffffe0000001), HW_NARROW_NONE),
    REAL("between two subnormal floats", UINT64_C(0x36a8000000000000), HW_NARROW_NONE),
    REAL("half of the least float", UINT64_C(0x3690000000000000), HW_NARROW_NONE),
    REAL("a subnormal double", 1, HW_NARROW_NONE),
    REAL("the greatest subnormal double", UINT64_C(0x000fffffffffffff), HW_NARROW_NONE),
#undef REAL
#define WHOLE(name, word, want) \
    { name, HW_PHYSICAL_INT64, HW_CONVERTED_NONE, word, want }
    WHOLE("0", 0, HW_NARROW_INT32),
    WHOLE("-1", UINT64_MAX, HW_NARROW_INT32),
    WHOLE("the least int32", UINT64_C(0xffffffff80000000), HW_NARROW_INT32),
    WHOLE("below the least int32", UINT64_C(0xffffffff7fffffff), HW_NARROW_NONE),
    WHOLE("the greatest int32", 0x7fffffff, HW_NARROW_INT32),
    WHOLE("above the greatest int32", 0x80000000, HW_NARROW_NONE),
    WHOLE("the least int64", UINT64_C(0x8000000000000000), HW_NARROW_NONE),
    WHOLE("the greatest int64", UINT64_C(0x7fffffffffffffff), HW_NARROW_NONE),
    WHOLE("low bits of an int32", UINT64_C(0x100000000), HW_NARROW_NONE),
#undef WHOLE
#define UNSIGNED(name, word, want) \
    { name, HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64, word, want }
    UNSIGNED("unsigned 0", 0, HW_NARROW_UINT32),
    UNSIGNED("beyond int32", 0x80000000, HW_NARROW_UINT32),
    UNSIGNED("the greatest uint32", UINT32_MAX, HW_NARROW_UINT32),
    UNSIGNED("above the greatest uint32", UINT64_C(0x100000000), HW_NARROW_NONE),
    UNSIGNED("the greatest uint64", UINT64_MAX, HW_NARROW_NONE),
#undef UNSIGNED
};

static void words_go_where_they_are_exact(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const char *name = words[i].name;
        const struct hw_read_leaf *leaf = leaf_of(words[i].physical, words[i].converted);
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_narrow_survey survey = survey_of(leaf, &exact, &words[i].word, 1);
        const struct hw_narrowing found = hw_narrow_decide(&survey, &exact);
        assert_row_int(name, found.to, words[i].want);
        assert_row_int(name, hw_narrow_survey_over(&survey), words[i].want == HW_NARROW_NONE);
        const struct hw_narrowing asked = {
            .to = words[i].physical == HW_PHYSICAL_DOUBLE      ? HW_NARROW_FLOAT
                  : words[i].converted == HW_CONVERTED_UINT_64 ? HW_NARROW_UINT32
                                                               : HW_NARROW_INT32,
            .width_before = 8,
            .width_after = 4,
        };
        if (words[i].want != HW_NARROW_NONE) {
            assert_row_int(name, found.width_before, 8);
            assert_row_int(name, found.width_after, 4);
        }
        assert_row_int(name, word_goes(name, &asked, words[i].word, &err),
                       words[i].want == HW_NARROW_NONE ? HW_EDATA : HW_OK);
        assert_row_says(name, err.message,
                        words[i].want != HW_NARROW_NONE           ? ""
                        : words[i].physical == HW_PHYSICAL_DOUBLE ? " is no float"
                                                                  : " does not fit in 32 bits");
    }
}

/* Each float is a double, and a double with bits that floats lack is none. */
static void random_words_go_where_they_are_exact(void **state) {
    (void)state;
    static const struct hw_narrowing floats = {.to = HW_NARROW_FLOAT, .width_before = 8, .width_after = 4};
    static const struct hw_narrowing integers = {.to = HW_NARROW_INT32, .width_before = 8, .width_after = 4};
    uint64_t random = 7;
    for (size_t i = 0; i < RANDOM_ROUNDS; i++) {
        const uint32_t bits = (uint32_t)test_random(&random) | (i % 64 == 0 ? 0x7fc00000 : 0);
        const uint64_t lost = 1 + test_random(&random) % ((1u << 29) - 1);
        float single;
        memcpy(&single, &bits, sizeof(single));
        if ((bits & 0x7f800000) != 0x7f800000 || (bits & 0x00400000)) {
            assert_int_equal(word_goes("a float", &floats, word_of((double)single), NULL), HW_OK);
            assert_int_equal(word_goes("no float", &floats, word_of((double)single) | lost, NULL), HW_EDATA);
        }
        const int32_t number = (int32_t)test_random(&random);
        assert_int_equal(word_goes("int32", &integers, (uint64_t)(int64_t)number, NULL), HW_OK);
        assert_int_equal(word_goes("no int32", &integers, (uint64_t)((int64_t)number + (INT64_C(1) << 32)), NULL),
                         HW_EDATA);
    }
}

/* ------ decimals */

static const struct {
    const char *name;
    double values[VALUES_MAX];
    size_t count;
    int32_t precision, scale;
    size_t width;
} decimal_rows[] = {
    {"0.1", {0.1}, 1, 1, 1, 4},
    {"-0.1", {-0.1}, 1, 1, 1, 4},
    {"0.01 has a precision of its scale", {0.01}, 1, 2, 2, 4},
    {"the least scale of all", {0.1, 12.25, 7}, 3, 4, 2, 4},
    {"zero is one", {0.1, 0.0}, 2, 1, 1, 4},
    {"scale 9", {1e-9}, 1, 9, 9, 4},
    {"scale 10", {1e-10}, 1, 0, 0, 0},
    {"9 digits", {12345678.9}, 1, 9, 1, 4},
    {"10 digits", {123456789.1}, 1, 10, 1, 8},
    {"10 digits of two values", {0.123456789, 1}, 2, 10, 9, 8},
    {"no digit behind the point", {16777217.0}, 1, 9, 1, 4},
    {"15 digits", {99999999999999.9}, 1, 15, 1, 8},
    {"15 negative digits", {-9999999999999.99}, 1, 15, 2, 8},
    {"16 digits", {999999999999999.9}, 1, 0, 0, 0},
    {"16 digits with a zero", {999999999999999.0}, 1, 0, 0, 0},
    {"15 digits for one, but not for both", {99999999999999.9, 0.01}, 2, 0, 0, 0},
    {"a sum", {0.30000000000000004}, 1, 0, 0, 0},
    {"-0.0", {0.1, -0.0}, 2, 0, 0, 0},
    {"a NaN", {0.1, (double)NAN}, 2, 0, 0, 0},
    {"infinity", {0.1, (double)INFINITY}, 2, 0, 0, 0},
    {"-infinity", {0.1, -(double)INFINITY}, 2, 0, 0, 0},
    {"1e39", {1e39}, 1, 0, 0, 0},
    {"a subnormal", {5e-324}, 1, 0, 0, 0},
};

static void decimals_have_the_least_scale(void **state) {
    (void)state;
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    for (size_t i = 0; i < COUNT_OF(decimal_rows); i++) {
        const char *name = decimal_rows[i].name;
        uint64_t bits[VALUES_MAX] = {0};
        for (size_t k = 0; k < decimal_rows[i].count; k++) {
            bits[k] = word_of(decimal_rows[i].values[k]);
        }
        const struct hw_narrow_survey survey = survey_of(leaf, &decimals, bits, decimal_rows[i].count);
        const struct hw_narrowing found = hw_narrow_decide(&survey, &decimals);
        const bool fits = decimal_rows[i].precision > 0;
        assert_row_int(name, found.to, fits ? HW_NARROW_DECIMAL : HW_NARROW_NONE);
        assert_row_int(name, hw_narrow_survey_over(&survey), !fits);
        assert_row_int(name, found.precision, decimal_rows[i].precision);
        assert_row_int(name, found.scale, decimal_rows[i].scale);
        assert_row_int(name, found.width_after, decimal_rows[i].width);
        for (size_t k = 0; fits && k < decimal_rows[i].count; k++) {
            assert_row_int(name, word_goes(name, &found, bits[k], NULL), HW_OK);
        }
    }
}

static void values_that_are_no_decimals_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *name;
        double value;
        int32_t precision, scale;
        enum hw_status want;
    } rows[] = {
        {"a value", 12.34, 4, 2, HW_OK},
        {"a negative value", -12.34, 4, 2, HW_OK},
        {"a digit more behind the point", 12.345, 9, 2, HW_EDATA},
        {"a digit more before the point", 123.45, 4, 2, HW_EDATA},
        {"all digits of 4 bytes", 9999999.99, 9, 2, HW_OK},
        {"a digit more than 4 bytes have", 10000000.01, 9, 2, HW_EDATA},
        {"more than 32 bits", 42949672.97, 9, 2, HW_EDATA},
        {"15 digits", 9999999999999.99, 15, 2, HW_OK},
        {"16 digits", 10000000000000.02, 16, 2, HW_EDATA},
        {"-0.0", -0.0, 4, 2, HW_EDATA},
        {"a NaN", (double)NAN, 4, 2, HW_EDATA},
        {"infinity", (double)INFINITY, 4, 2, HW_EDATA},
        {"-infinity", -(double)INFINITY, 4, 2, HW_EDATA},
        {"a sum", 0.30000000000000004, 15, 9, HW_EDATA},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_narrowing narrowing = {.to = HW_NARROW_DECIMAL,
                                               .precision = rows[i].precision,
                                               .scale = rows[i].scale,
                                               .width_before = 8,
                                               .width_after = rows[i].precision <= 9 ? 4 : 8};
        assert_row_int(rows[i].name, word_goes(rows[i].name, &narrowing, word_of(rows[i].value), &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].want ? " is no decimal(" : "");
    }
}

/* The text of a decimal, read by the C library, is the double that is nearest to it. */
static void random_decimals_come_back(void **state) {
    (void)state;
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    uint64_t random = 11;
    for (size_t i = 0; i < RANDOM_ROUNDS; i++) {
        const int32_t scale = 1 + (int32_t)(test_random(&random) % HW_NARROW_SCALES);
        const int digits = 1 + (int)(test_random(&random) % HW_NARROW_DIGITS_MAX);
        char text[64];
        uint64_t unscaled = test_random(&random) % UINT64_C(1000000000000000);
        for (int k = HW_NARROW_DIGITS_MAX; k > digits; k--) {
            unscaled /= 10;
        }
        snprintf(text, sizeof(text), "%s%" PRIu64 "e-%d", unscaled > 0 && i % 2 ? "-" : "", unscaled, (int)scale);
        const uint64_t bits = word_of(strtod(text, NULL));
        const struct hw_narrow_survey survey = survey_of(leaf, &decimals, &bits, 1);
        const struct hw_narrowing found = hw_narrow_decide(&survey, &decimals);
        assert_row_int(text, found.to == HW_NARROW_DECIMAL || found.to == HW_NARROW_FLOAT, true);
        assert_row_int(text, found.scale <= scale && found.precision <= HW_NARROW_DIGITS_MAX, true);
        assert_row_int(text, word_goes(text, &found, bits, NULL), HW_OK);
        const struct hw_narrowing whole = {
            .to = HW_NARROW_DECIMAL, .precision = 15, .scale = scale, .width_before = 8, .width_after = 8};
        assert_row_int(text, word_goes(text, &whole, bits, NULL), HW_OK);
    }
}

/* ------ tolerance */

/*
 * The nearest floats are those of IEEE 754: 0.1 is off by 1.5e-8 of itself, 16777217.0 by 6.0e-8,
 * 1e-45, whose float is the least one of 1.4e-45, by 0.4.
 */
static const struct {
    const char *name;
    double values[VALUES_MAX];
    size_t count;
    double tolerance;
    enum hw_narrow want;
    bool is_exact;
} tolerances[] = {
    {"0.1 within", {0.1}, 1, 1.6e-8, HW_NARROW_FLOAT, false},
    {"0.1 beyond", {0.1}, 1, 1.4e-8, HW_NARROW_NONE, false},
    {"-0.1 within", {-0.1}, 1, 1.6e-8, HW_NARROW_FLOAT, false},
    {"-0.1 beyond", {-0.1}, 1, 1.4e-8, HW_NARROW_NONE, false},
    {"both within", {0.1, 16777217.0}, 2, 6e-8, HW_NARROW_FLOAT, false},
    {"one beyond", {0.1, 16777217.0}, 2, 5.9e-8, HW_NARROW_NONE, false},
    {"infinities", {0.1, (double)INFINITY, -(double)INFINITY}, 3, 1e-7, HW_NARROW_FLOAT, false},
    {"-0.0", {0.1, -0.0}, 2, 1e-7, HW_NARROW_FLOAT, false},
    {"a NaN", {0.1, (double)NAN}, 2, 1e-7, HW_NARROW_FLOAT, false},
    {"floats alone", {0.5, 1.25}, 2, 1e-7, HW_NARROW_FLOAT, true},
    {"what becomes infinite", {1e39}, 1, 0.9, HW_NARROW_NONE, false},
    {"a subnormal float within", {1e-45}, 1, 0.5, HW_NARROW_FLOAT, false},
    {"a subnormal float beyond", {1e-45}, 1, 0.4, HW_NARROW_NONE, false},
    {"what becomes 0", {1e-46}, 1, 0.9, HW_NARROW_NONE, false},
    {"a subnormal double", {5e-324}, 1, 0.9, HW_NARROW_NONE, false},
};

static void tolerance_is_a_part_of_the_value(void **state) {
    (void)state;
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    for (size_t i = 0; i < COUNT_OF(tolerances); i++) {
        const char *name = tolerances[i].name;
        const struct hw_narrow_choice choice = {.exact = true, .tolerance = tolerances[i].tolerance};
        struct hw_leaf_rows rows = {0};
        uint64_t bits[VALUES_MAX] = {0};
        for (size_t k = 0; k < tolerances[i].count; k++) {
            bits[k] = word_of(tolerances[i].values[k]);
        }
        const struct hw_narrow_survey survey = survey_of(leaf, &choice, bits, tolerances[i].count);
        const struct hw_narrowing found = hw_narrow_decide(&survey, &choice);
        assert_row_int(name, found.to, tolerances[i].want);
        assert_row_int(name, found.tolerance > 0, found.to == HW_NARROW_FLOAT && !tolerances[i].is_exact);
        const struct hw_narrowing asked = {
            .to = HW_NARROW_FLOAT, .tolerance = choice.tolerance, .width_before = 8, .width_after = 4};
        assert_row_int(name, hw_narrow_widens(&asked), false);
        words_fill(&rows, bits, tolerances[i].count);
        assert_row_int(name, hw_narrow_values(&asked, &rows, NULL),
                       tolerances[i].want == HW_NARROW_NONE ? HW_EDATA : HW_OK);
        hw_leaf_rows_release(&rows);
    }
}

/* The smallest part that NaNs lose has no measure: exact is what is asked of them. */
static void tolerance_is_for_numbers_alone(void **state) {
    (void)state;
    static const uint64_t nans[] = {UINT64_C(0x7ff8000000000001), UINT64_C(0x7ff0000020000000)};
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    const struct hw_narrow_choice choice = {.exact = true, .tolerance = 0.9};
    const struct hw_narrowing asked = {.to = HW_NARROW_FLOAT, .tolerance = 0.9, .width_before = 8, .width_after = 4};
    for (size_t i = 0; i < COUNT_OF(nans); i++) {
        const struct hw_narrow_survey survey = survey_of(leaf, &choice, &nans[i], 1);
        assert_int_equal(hw_narrow_decide(&survey, &choice).to, HW_NARROW_NONE);
        assert_int_equal(word_goes("a NaN", &asked, nans[i], NULL), HW_EDATA);
    }
}

/* A tolerance of just what a value is off by is where two roundings could differ. */
static void what_a_survey_allows_is_done(void **state) {
    (void)state;
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    uint64_t random = 13;
    for (size_t i = 0; i < RANDOM_ROUNDS; i++) {
        const double value = ldexp((double)(test_random(&random) >> 11 | 1), (int)(i % 100) - 100);
        const uint64_t bits = word_of(value);
        const double off = fabs((double)(float)value - value) / value;
        for (int step = -1; step <= 1; step++) {
            const struct hw_narrow_choice choice = {.exact = true,
                                                    .tolerance = step == 0 ? off : nextafter(off, step < 0 ? 0 : 1)};
            const struct hw_narrow_survey survey = survey_of(leaf, &choice, &bits, 1);
            const struct hw_narrowing asked = {
                .to = HW_NARROW_FLOAT, .tolerance = choice.tolerance, .width_before = 8, .width_after = 4};
            struct hw_leaf_rows rows = {0};
            words_fill(&rows, &bits, 1);
            const bool allowed = hw_narrow_decide(&survey, &choice).to == HW_NARROW_FLOAT;
            assert_int_equal(hw_narrow_values(&asked, &rows, NULL), allowed ? HW_OK : HW_EDATA);
            hw_leaf_rows_release(&rows);
        }
    }
}

/* ------ types */

static void types_are_those_of_the_values(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_narrowing narrowing;
        struct hw_parquet_element element;
        struct hw_element_type want;
    } rows[] = {
        {"float",
         {.to = HW_NARROW_FLOAT, .width_after = 4},
         PLAIN(HW_PHYSICAL_DOUBLE),
         {.physical = HW_PHYSICAL_FLOAT, .converted = HW_CONVERTED_NONE}},
        {"a plain integer",
         {.to = HW_NARROW_INT32, .width_after = 4},
         PLAIN(HW_PHYSICAL_INT64),
         {.physical = HW_PHYSICAL_INT32, .converted = HW_CONVERTED_NONE}},
        {"INT(64, true)",
         {.to = HW_NARROW_INT32, .width_after = 4},
         LOGICAL(HW_PHYSICAL_INT64, .kind = HW_LOGICAL_INTEGER, .bit_width = 64, .is_signed = true),
         {HW_PHYSICAL_INT32, HW_CONVERTED_INT_32, {.kind = HW_LOGICAL_INTEGER, .bit_width = 32, .is_signed = true}}},
        {"INT_64",
         {.to = HW_NARROW_INT32, .width_after = 4},
         CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_INT_64),
         {HW_PHYSICAL_INT32, HW_CONVERTED_INT_32, {.kind = HW_LOGICAL_INTEGER, .bit_width = 32, .is_signed = true}}},
        {"UINT_64",
         {.to = HW_NARROW_UINT32, .width_after = 4},
         CONVERTED(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64),
         {HW_PHYSICAL_INT32, HW_CONVERTED_UINT_32, {.kind = HW_LOGICAL_INTEGER, .bit_width = 32}}},
        {"a decimal of 4 bytes",
         {.to = HW_NARROW_DECIMAL, .precision = 9, .scale = 3, .width_after = 4},
         PLAIN(HW_PHYSICAL_DOUBLE),
         {HW_PHYSICAL_INT32, HW_CONVERTED_DECIMAL, {.kind = HW_LOGICAL_DECIMAL, .precision = 9, .scale = 3}}},
        {"a decimal of 8 bytes",
         {.to = HW_NARROW_STORAGE, .precision = 10, .scale = 0, .width_after = 8},
         LOGICAL(HW_PHYSICAL_BYTE_ARRAY, .kind = HW_LOGICAL_DECIMAL, .precision = 10),
         {HW_PHYSICAL_INT64, HW_CONVERTED_DECIMAL, {.kind = HW_LOGICAL_DECIMAL, .precision = 10}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_element_type type;
        hw_narrow_type(&rows[i].narrowing, &rows[i].element, &type);
        assert_row_int(rows[i].name, type.physical, rows[i].want.physical);
        assert_row_int(rows[i].name, type.converted, rows[i].want.converted);
        assert_row_int(rows[i].name, type.logical.kind, rows[i].want.logical.kind);
        assert_row_int(rows[i].name, type.logical.precision, rows[i].want.logical.precision);
        assert_row_int(rows[i].name, type.logical.scale, rows[i].want.logical.scale);
        if (type.logical.kind != HW_LOGICAL_NONE) {
            assert_row_int(rows[i].name, type.logical.bit_width, rows[i].want.logical.bit_width);
            assert_row_int(rows[i].name, type.logical.is_signed, rows[i].want.logical.is_signed);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_candidates),         cmocka_unit_test(what_is_asked_for_is_looked_at),
        cmocka_unit_test(words_go_where_they_are_exact),  cmocka_unit_test(random_words_go_where_they_are_exact),
        cmocka_unit_test(decimals_have_the_least_scale),  cmocka_unit_test(values_that_are_no_decimals_are_refused),
        cmocka_unit_test(random_decimals_come_back),      cmocka_unit_test(tolerance_is_a_part_of_the_value),
        cmocka_unit_test(tolerance_is_for_numbers_alone), cmocka_unit_test(what_a_survey_allows_is_done),
        cmocka_unit_test(types_are_those_of_the_values),
    };
    return cmocka_run_group_tests_name("optimize/narrowing", tests, NULL, NULL);
}
