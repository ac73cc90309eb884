/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why this is fast: digits are made eight at a time in a word (core/swar.h), and words are stored
 * whole; bytes that are too many are overwritten later.
 */
#include "table/print.h"

#include <math.h>

#include "core/double.h"
#include "core/swar.h"
#include "table/convert.h"

enum {
    POINT_MAX = 16, /* digits before the point at most, without an exponent */
    POINT_MIN = -3, /* one less than the zeros behind it at most: 0.0001 */
    SECONDS_PER_DAY = 86400,
    CLOCK_BYTES = 8,  /* "hh:mm:ss" */
    WIDE_DIGITS = 40, /* of a 128-bit integer, rounded up to words */
};

/* Fractions of a second: how many there are, and their digits. */
static const struct unit_row {
    int64_t per_second;
    unsigned digits;
} unit_rows[HW_UNIT_COUNT] = {
    [HW_UNIT_SECONDS] = {1, 0},
    [HW_UNIT_MILLIS] = {1000, 3},
    [HW_UNIT_MICROS] = {1000000, 6},
    [HW_UNIT_NANOS] = {1000000000, 9},
};

#define TEN_TO_8 UINT64_C(100000000)
#define TEN_TO_16 UINT64_C(10000000000000000)

static char *digits_put(char *to, uint64_t value);
static char *padded_put(char *to, uint64_t value, size_t count);
static void word_put(char *to, uint64_t digits);

char *hw_print_bool(char *to, bool value) {
    static const char texts[2][8] = {"false", "true"};
    memcpy(to, texts[value], sizeof(texts[value]));
    return to + 5 - value;
}

char *hw_print_int64(char *to, int64_t value) {
    *to = '-';
    return digits_put(to + (value < 0), value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

char *hw_print_uint64(char *to, uint64_t value) {
    return digits_put(to, value);
}

static char *decimal_put(char *to, uint64_t digits, int exp10);

/*
 * Prints the sign of a value, and all of it if it is zero, infinite or none. `*to` is then behind
 * that. Returns whether there is more to print.
 */
static inline bool special_put(char **to, double value) {
    **to = '-';
    *to += signbit(value) && !isnan(value);
    if (HW_UNLIKELY(!isfinite(value))) {
        static const char texts[2][4] = {"inf", "nan"};
        memcpy(*to, texts[isnan(value) != 0], sizeof(texts[0]));
        *to += 3;
        return false;
    }
    if (value == 0) {
        word_put(*to, 0);
        (*to)[1] = '.';
        *to += 3;
        return false;
    }
    return true;
}

char *hw_print_double(char *to, double value) {
    if (!special_put(&to, value)) {
        return to;
    }
    struct hw_decimal shortest = hw_double_shortest(fabs(value));
    return decimal_put(to, shortest.digits, shortest.exp10);
}

char *hw_print_float(char *to, float value) {
    if (!special_put(&to, value)) {
        return to;
    }
    struct hw_decimal shortest = hw_float_shortest(fabsf(value));
    return decimal_put(to, shortest.digits, shortest.exp10);
}

char *hw_print_half(char *to, uint16_t bits) {
    if (!special_put(&to, hw_half_to_float(bits))) {
        return to;
    }
    struct hw_decimal shortest = hw_half_shortest(bits & 0x7fff);
    return decimal_put(to, shortest.digits, shortest.exp10);
}

static size_t digits_count(uint64_t value);
static char *exponent_put(char *to, int exponent);
static char *fixed_put(char *to, uint64_t value, unsigned scale);

static char *decimal_put(char *to, uint64_t digits, int exp10) {
    size_t count = digits_count(digits);
    int point = (int)count + exp10; /* digits before it; zeros follow it where that is negative */

    if (HW_UNLIKELY(point > POINT_MAX || point < POINT_MIN)) {
        char *end = padded_put(to + 1, digits, count);
        to[0] = to[1];
        to[1] = '.';
        return exponent_put(count > 1 ? end : to + 1, point - 1);
    }
    if (point <= 0) {
        word_put(to, 0);
        to[1] = '.';
        return padded_put(to + 2 - point, digits, count);
    }
    if (exp10 < 0) {
        return fixed_put(to, digits, (unsigned)-exp10);
    }
    char *end = padded_put(to, digits, count);
    word_put(end, 0);
    word_put(end + 8, 0);
    end += exp10;
    end[0] = '.';
    end[1] = '0';
    return end + 2;
}

static char *exponent_put(char *to, int exponent) {
    to[0] = 'e';
    to[1] = exponent < 0 ? '-' : '+'; /* without a sign it could be an id: 713752e1 */
    return digits_put(to + 2, (uint64_t)(exponent < 0 ? -exponent : exponent));
}

static char *wide_decimal_put(char *to, unsigned __int128 magnitude, unsigned scale);

char *hw_print_decimal(char *to, __int128 value, unsigned scale) {
    unsigned __int128 magnitude = value < 0 ? 0 - (unsigned __int128)value : (unsigned __int128)value;

    *to = '-';
    to += value < 0;
    if (HW_UNLIKELY(magnitude >> 64 != 0 || scale >= COUNT_OF(hw_integer_powers_of_ten))) {
        return wide_decimal_put(to, magnitude, scale);
    }
    return scale > 0 ? fixed_put(to, (uint64_t)magnitude, scale) : digits_put(to, (uint64_t)magnitude);
}

/*
 * `scale` is at least 1. With up to 7 digits the point is moved into their word, without a
 * division, which is slow.
 */
static char *fixed_put(char *to, uint64_t value, unsigned scale) {
    size_t count = hw_max_size(digits_count(value), scale + 1);
    if (HW_LIKELY(count < 8)) {
        size_t whole_bits = 8 * (count - scale);
        uint64_t digits = (hw_swar_of_value((uint32_t)value) | HW_SWAR_EACH('0')) >> 8 * (8 - count);
        uint64_t whole = digits & ((UINT64_C(1) << whole_bits) - 1);
        hw_store_le64(to, whole | (uint64_t)'.' << whole_bits | digits >> whole_bits << 8 << whole_bits);
        return to + count + 1;
    }
    uint64_t power = hw_integer_powers_of_ten[scale];
    uint64_t whole = value / power;
    to = digits_put(to, whole);
    *to = '.';
    return padded_put(to + 1, value - whole * power, scale);
}

static char *point_put(char *to, const char *digits, size_t count, unsigned scale);

static char *wide_decimal_put(char *to, unsigned __int128 magnitude, unsigned scale) {
    char digits[WIDE_DIGITS];
    uint64_t low = (uint64_t)(magnitude % TEN_TO_16);
    uint64_t middle = (uint64_t)(magnitude / TEN_TO_16 % TEN_TO_16);
    word_put(digits, hw_swar_of_value((uint32_t)(magnitude / TEN_TO_16 / TEN_TO_16)));
    padded_put(digits + 8, middle, 16);
    padded_put(digits + 24, low, 16);

    return point_put(to, digits, sizeof(digits), scale);
}

/* Prints digits without the zeros in front, and with a point before the last `scale` of them. */
static char *point_put(char *to, const char *digits, size_t count, unsigned scale) {
    size_t point = count - scale;
    size_t first = 0;
    while (first + 1 < point && digits[first] == '0') {
        first++;
    }
    memcpy(to, digits + first, point - first);
    to += point - first;
    if (scale > 0) {
        *to++ = '.';
        memcpy(to, digits + point, scale);
    }
    return to + scale;
}

char *hw_print_decimal256(char *to, const void *value, unsigned scale) {
    enum { LIMBS = 4, GROUPS = 5, GROUP_DIGITS = 16 }; /* 2^256 has 78 digits */
    uint64_t limbs[LIMBS];
    memcpy(limbs, value, sizeof(limbs));
    const bool negative = limbs[LIMBS - 1] >> 63 != 0;
    unsigned carry = negative;
    for (size_t i = 0; negative && i < LIMBS; i++) {
        limbs[i] = ~limbs[i] + carry;
        carry = carry && limbs[i] == 0;
    }
    char digits[GROUPS * GROUP_DIGITS];
    for (size_t group = GROUPS; group-- > 0;) {
        uint64_t rest = 0;
        for (size_t i = LIMBS; i-- > 0;) {
            const unsigned __int128 part = (unsigned __int128)rest << 64 | limbs[i];
            limbs[i] = (uint64_t)(part / TEN_TO_16);
            rest = (uint64_t)(part % TEN_TO_16);
        }
        padded_put(digits + group * GROUP_DIGITS, rest, GROUP_DIGITS);
    }
    *to = '-';
    return point_put(to + negative, digits, sizeof(digits), scale);
}

/* Prints any day of a time of 64 bits, by the calendar, which repeats every 400 years. */
struct civil {
    int64_t year;
    uint32_t month;
    uint32_t day;
};

static struct civil civil_of(int64_t days);
static char *year_put(char *to, int64_t year);

/* Dates mirror hw_date_read: the century, then a word of pairs with separators between. */
static char *date_put(char *to, int64_t days) {
    struct civil civil = civil_of(days);
    uint32_t year_of_century = 0;

    if (HW_LIKELY(civil.year >= 0 && civil.year <= 9999)) {
        uint32_t century = (uint32_t)civil.year / 100;
        year_of_century = (uint32_t)civil.year % 100;
        to[0] = (char)('0' + century / 10);
        to[1] = (char)('0' + century % 10);
        to += 2;
    } else {
        to = year_put(to, civil.year) - 2;
        year_of_century = (uint32_t)((to[0] - '0') * 10 + to[1] - '0');
    }
    uint32_t pairs = year_of_century * 1000000 + civil.month * 1000 + civil.day;
    hw_store_le64(to, hw_swar_of_value(pairs) ^ HW_SWAR_PAIRS('-'));
    return to + 8;
}

static char *year_put(char *to, int64_t year) {
    uint64_t magnitude = (uint64_t)(year < 0 ? -year : year);
    *to = year < 0 ? '-' : '+';
    return padded_put(to + 1, magnitude, hw_max_size(digits_count(magnitude), 4));
}

char *hw_print_date(char *to, int32_t days) {
    return date_put(to, days);
}

static char *clock_put(char *to, uint32_t second);
static char *fraction_put(char *to, uint32_t fraction, unsigned digits);
static char *instant_put(char *to, int64_t seconds, uint32_t fraction, unsigned digits);

char *hw_print_timestamp(char *to, int64_t value, enum hw_time_unit unit, bool utc) {
    const int64_t per_second = unit_rows[unit].per_second;
    /* This rounds down, so that the fraction counts forwards before 1970 too. */
    int64_t seconds = value / per_second - (value % per_second < 0);
    uint32_t fraction = (uint32_t)(value % per_second + (value % per_second < 0 ? per_second : 0));
    to = instant_put(to, seconds, fraction, unit_rows[unit].digits);
    *to = 'Z';
    return to + utc;
}

char *hw_print_instant(char *to, int64_t seconds, uint32_t nanos) {
    return instant_put(to, seconds, nanos, unit_rows[HW_UNIT_NANOS].digits);
}

static char *instant_put(char *to, int64_t seconds, uint32_t fraction, unsigned digits) {
    int64_t days = seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0);
    to = date_put(to, days);
    *to++ = 'T';
    to = clock_put(to, (uint32_t)(seconds - days * SECONDS_PER_DAY));
    return fraction_put(to, fraction, digits);
}

char *hw_print_time(char *to, int64_t value, enum hw_time_unit unit, bool utc) {
    const int64_t per_second = unit_rows[unit].per_second;
    to = clock_put(to, (uint32_t)(value / per_second));
    to = fraction_put(to, (uint32_t)(value % per_second), unit_rows[unit].digits);
    *to = 'Z';
    return to + utc;
}

static char *clock_put(char *to, uint32_t second) {
    uint32_t pairs = second / 3600 * 1000000 + second / 60 % 60 * 1000 + second % 60;
    hw_store_le64(to, hw_swar_of_value(pairs) ^ HW_SWAR_PAIRS(':'));
    return to + CLOCK_BYTES;
}

/* Prints nothing where the fraction is zero, unless it is one of nanoseconds. */
static char *fraction_put(char *to, uint32_t fraction, unsigned digits) {
    if (fraction == 0 && digits < unit_rows[HW_UNIT_NANOS].digits) {
        return to;
    }
    *to = '.';
    return padded_put(to + 1, fraction, digits);
}

static char *seconds_put(char *to, int64_t value, enum hw_time_unit unit);

char *hw_print_interval(char *to, int32_t months, int32_t days, int64_t nanos) {
    enum hw_time_unit unit = HW_UNIT_NANOS;
    int64_t value = nanos;
    if (nanos % 1000000 == 0) {
        unit = HW_UNIT_MILLIS;
        value = nanos / 1000000;
    } else if (nanos % 1000 == 0) {
        unit = HW_UNIT_MICROS;
        value = nanos / 1000;
    }
    *to = 'P';
    to = hw_print_int64(to + 1, months);
    *to = 'M';
    to = hw_print_int64(to + 1, days);
    *to = 'D';
    return seconds_put(to + 1, value, unit);
}

char *hw_print_duration(char *to, int64_t value, enum hw_time_unit unit) {
    *to = 'P';
    return seconds_put(to + 1, value, unit);
}

static char *seconds_put(char *to, int64_t value, enum hw_time_unit unit) {
    const uint64_t per_second = (uint64_t)unit_rows[unit].per_second;
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    to[0] = 'T';
    to[1] = '-';
    to = digits_put(to + 1 + (value < 0), magnitude / per_second);
    if (magnitude % per_second > 0) {
        *to = '.';
        to = padded_put(to + 1, magnitude % per_second, unit_rows[unit].digits);
    }
    *to = 'S';
    return to + 1;
}

/*
 * Years are counted from March on, so that leap days come last: H. Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms" (2013).
 */
static struct civil civil_of(int64_t days) {
    const int64_t era_days = 146097; /* of 400 years */
    int64_t since_0000_03_01 = days + HW_DATE_EPOCH_DAYS - 60;
    int64_t era = since_0000_03_01 / era_days - (since_0000_03_01 % era_days < 0);
    uint32_t day_of_era = (uint32_t)(since_0000_03_01 - era * era_days);
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day_of_year + 2) / 153; /* from March: 0 */
    return (struct civil){
        .year = era * 400 + year_of_era + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
}

static char *digits_put(char *to, uint64_t value) {
    return padded_put(to, value, digits_count(value));
}

/*
 * 0 has one digit. Powers of ten but the first are even, so the bit that is added never reaches
 * one.
 */
static size_t digits_count(uint64_t value) {
    uint64_t positive = value | 1;
    /* times log10(2): the digits, or one less */
    size_t fewer = (64 - (size_t)__builtin_clzll(positive)) * 1233 >> 12;
    return fewer + (positive >= hw_integer_powers_of_ten[fewer]);
}

/* Writes `count` digits, with zeros in front of those that the value has. */
static char *padded_put(char *to, uint64_t value, size_t count) {
    char *end = to + count;

    if (count > 16) {
        word_put(to, hw_swar_of_value((uint32_t)(value / TEN_TO_16)) >> 8 * (24 - count));
        value %= TEN_TO_16;
        to = end - 16;
        count = 16;
    }
    if (count > 8) {
        word_put(to, hw_swar_of_value((uint32_t)(value / TEN_TO_8)) >> 8 * (16 - count));
        value %= TEN_TO_8;
        to = end - 8;
        count = 8;
    }
    word_put(to, hw_swar_of_value((uint32_t)value) >> 8 * (8 - count));
    return end;
}

static void word_put(char *to, uint64_t digits) {
    hw_store_le64(to, digits | HW_SWAR_EACH('0'));
}
