/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/profile.h"

#include <math.h>

#include "csv/datetime.h"
#include "csv/nulls.h"

static const int64_t MICROS_PER_DAY = INT64_C(86400000000);

enum {
    SEEN_NUMBER = HW_SEEN_INT | HW_SEEN_BIG_INT | HW_SEEN_DOUBLE | HW_SEEN_NEGATIVE_ZERO | HW_SEEN_DECIMAL |
                  HW_SEEN_SPECIAL | HW_SEEN_EXPONENT | HW_SEEN_LONG_EXPONENT | HW_SEEN_END_ZERO,
    SEEN_TIME = HW_SEEN_DATE | HW_SEEN_LOCAL_TIME | HW_SEEN_UTC_TIME | HW_SEEN_NANOS | HW_SEEN_FAR_TIME,
};

static void observe_number(struct hw_csv_profile *profile, hw_view value, enum hw_number_class class, double number,
                           struct hw_digits digits);
static void observe_fraction(struct hw_csv_profile *profile, hw_view value, uint32_t digits);
static bool observe_time(struct hw_csv_profile *profile, hw_view value);

bool hw_csv_parse_bool(hw_view value, bool *out_value) {
    /* The letters of "true" and "fals" in lower case, as one little-endian word. */
    const uint32_t word_true = 0x65757274;
    const uint32_t word_fals = 0x736c6166;
    if (value.size != 4 && value.size != 5) {
        return false;
    }
    /* Only the upper and the lower case of a letter become its lower case. */
    uint32_t word = hw_load_le32(value.data) | 0x20202020;
    bool is_true = value.size == 4 && word == word_true;
    bool is_false = value.size == 5 && word == word_fals && (value.data[4] | 0x20) == 'e';
    *out_value = is_true;
    return is_true || is_false;
}

void hw_csv_profile_observe(struct hw_csv_profile *profile, hw_view value) {
    double number = 0;
    struct hw_digits digits = {0};
    bool truth;

    if (profile->seen & HW_SEEN_PROSE) {
        return; /* nothing can narrow it again */
    }
    enum hw_number_class class = hw_number_classify(value.data, value.size, &number, &digits);
    if (class == HW_NUMBER_INT64) {
        int64_t integer = 0;
        if (hw_parse_int64(value.data, value.size, &integer)) {
            hw_csv_profile_observe_int64(profile, integer);
            return;
        }
    }
    if (class != HW_NUMBER_NOT) {
        observe_number(profile, value, class, number, digits);
    } else if (hw_csv_parse_bool(value, &truth)) {
        profile->seen |= HW_SEEN_BOOL;
    } else if (!observe_time(profile, value)) {
        profile->seen |= HW_SEEN_TEXT | (hw_csv_nulls_common(value) ? 0 : HW_SEEN_PROSE);
    }
}

static void digits_raise(struct hw_digits *digits, struct hw_digits other) {
    digits->before = other.before > digits->before ? other.before : digits->before;
    digits->after = other.after > digits->after ? other.after : digits->after;
}

static void observe_number(struct hw_csv_profile *profile, hw_view value, enum hw_number_class class, double number,
                           struct hw_digits digits) {
    static const uint32_t seen[][2] = {
        [HW_NUMBER_DOUBLE] = {HW_SEEN_DOUBLE, HW_SEEN_EXPONENT},
        [HW_NUMBER_DECIMAL] = {HW_SEEN_DECIMAL, HW_SEEN_LONG_EXPONENT},
        [HW_NUMBER_SPECIAL] = {HW_SEEN_SPECIAL, HW_SEEN_SPECIAL},
    };
    const bool point = memchr(value.data, '.', value.size) != NULL;
    const char *lower = memchr(value.data, 'e', value.size);
    const char *exponent = lower ? lower : memchr(value.data, 'E', value.size);
    /* A number has digits behind its exponent, or a sign: programs print 1e-05 and 1e+16. */
    const bool like_id = exponent && !point && exponent[1] != '-' && exponent[1] != '+';
    profile->seen |= seen[class][like_id];
    if (class == HW_NUMBER_DOUBLE && number == 0 && signbit(number)) {
        profile->seen |= HW_SEEN_NEGATIVE_ZERO;
    }
    if (class != HW_NUMBER_SPECIAL) {
        digits_raise(&profile->digits, digits);
        profile->after_min = digits.after < profile->after_min ? digits.after : profile->after_min;
    }
    if (point && !exponent) {
        observe_fraction(profile, value, digits.after);
    }
}

static void observe_fraction(struct hw_csv_profile *profile, hw_view value, uint32_t digits) {
    profile->fraction_min = digits < profile->fraction_min ? digits : profile->fraction_min;
    profile->fraction_max = digits > profile->fraction_max ? digits : profile->fraction_max;
    profile->seen |= digits > 1 && value.data[value.size - 1] == '0' ? HW_SEEN_END_ZERO : 0;
}

void hw_csv_profile_observe_int64(struct hw_csv_profile *profile, int64_t value) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    struct hw_digits digits = {0};
    profile->seen |= HW_SEEN_INT | (hw_double_holds(value) ? 0 : HW_SEEN_BIG_INT);
    for (; magnitude > 0; magnitude /= 10) {
        digits.before++;
    }
    digits_raise(&profile->digits, digits);
    profile->after_min = 0;
}

void hw_csv_profile_observe_micros(struct hw_csv_profile *profile, int64_t micros) {
    int64_t nanos;
    profile->seen |= hw_timestamp_nanos((struct hw_timestamp){.micros = micros}, &nanos) ? 0 : HW_SEEN_FAR_TIME;
}

static bool observe_time(struct hw_csv_profile *profile, hw_view value) {
    int32_t days;
    struct hw_timestamp timestamp;
    if (hw_parse_date(value.data, value.size, &days)) {
        profile->seen |= HW_SEEN_DATE;
        hw_csv_profile_observe_micros(profile, days * MICROS_PER_DAY);
        return true;
    }
    if (!hw_parse_timestamp(value.data, value.size, &timestamp)) {
        return false;
    }
    int64_t nanos;
    profile->seen |= timestamp.zoned ? HW_SEEN_UTC_TIME : HW_SEEN_LOCAL_TIME;
    profile->seen |= timestamp.nanos > 0 ? HW_SEEN_NANOS : 0;
    profile->seen |= hw_timestamp_nanos(timestamp, &nanos) ? 0 : HW_SEEN_FAR_TIME;
    return true;
}

void hw_csv_profile_merge(struct hw_csv_profile *profile, const struct hw_csv_profile *other) {
    profile->seen |= other->seen;
    digits_raise(&profile->digits, other->digits);
    profile->after_min = other->after_min < profile->after_min ? other->after_min : profile->after_min;
    profile->fraction_min = other->fraction_min < profile->fraction_min ? other->fraction_min : profile->fraction_min;
    profile->fraction_max = other->fraction_max > profile->fraction_max ? other->fraction_max : profile->fraction_max;
}

static struct hw_type number_type(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals) {
    const struct hw_type text = {.kind = HW_KIND_TEXT};
    uint32_t seen = profile->seen & ~(uint32_t)(HW_SEEN_EMPTY | HW_SEEN_WORD | HW_SEEN_OTHER);
    if (seen == HW_SEEN_INT || seen == (HW_SEEN_INT | HW_SEEN_BIG_INT)) {
        return (struct hw_type){.kind = HW_KIND_INT64};
    }
    if (seen == HW_SEEN_SPECIAL) {
        return text; /* "nan" alone is a word */
    }
    if ((seen & (HW_SEEN_EXPONENT | HW_SEEN_LONG_EXPONENT)) && !(seen & (HW_SEEN_DOUBLE | HW_SEEN_DECIMAL))) {
        return text; /* ids may look like that */
    }
    bool double_loses = (seen & (HW_SEEN_DECIMAL | HW_SEEN_LONG_EXPONENT | HW_SEEN_BIG_INT)) != 0;
    bool decimal_loses = (seen & (HW_SEEN_SPECIAL | HW_SEEN_NEGATIVE_ZERO)) != 0 ||
                         profile->digits.before > HW_DECIMAL_PRECISION_MAX ||
                         profile->digits.after > HW_DECIMAL_PRECISION_MAX ||
                         profile->digits.before + profile->digits.after > HW_DECIMAL_PRECISION_MAX;
    bool fixed_scale = profile->digits.after > 0 && profile->after_min == profile->digits.after;
    bool prefer = decimals == HW_CSV_DECIMALS_PREFER && fixed_scale && !decimal_loses;
    if (!double_loses && !prefer) {
        return (struct hw_type){.kind = HW_KIND_DOUBLE};
    }
    if (decimal_loses || decimals == HW_CSV_DECIMALS_NEVER) {
        return text;
    }
    uint32_t precision = profile->digits.before + profile->digits.after;
    return (struct hw_type){
        .kind = HW_KIND_DECIMAL,
        .precision = (uint8_t)(precision > 0 ? precision : 1),
        .scale = (uint8_t)profile->digits.after,
    };
}

static struct hw_type time_type(const struct hw_csv_profile *profile) {
    const struct hw_type text = {.kind = HW_KIND_TEXT};
    uint32_t seen = profile->seen & ~(uint32_t)(HW_SEEN_EMPTY | HW_SEEN_WORD | HW_SEEN_OTHER);
    bool utc = (seen & HW_SEEN_UTC_TIME) != 0;
    bool nanos = (seen & HW_SEEN_NANOS) != 0;
    if ((seen & ~(uint32_t)HW_SEEN_FAR_TIME) == HW_SEEN_DATE) {
        return (struct hw_type){.kind = HW_KIND_DATE};
    }
    if (utc && (seen & (HW_SEEN_LOCAL_TIME | HW_SEEN_DATE))) {
        return text; /* a date has no zone either */
    }
    if (nanos && (seen & HW_SEEN_FAR_TIME)) {
        return text;
    }
    return (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = nanos ? HW_UNIT_NANOS : HW_UNIT_MICROS, .utc = utc};
}

struct hw_type hw_csv_profile_type(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals) {
    const uint32_t words = profile->seen & (HW_SEEN_WORD | HW_SEEN_OTHER);
    uint32_t seen = profile->seen & ~(uint32_t)(HW_SEEN_EMPTY | HW_SEEN_WORD | HW_SEEN_OTHER);
    if (seen == 0) {
        return (struct hw_type){.kind = profile->seen ? HW_KIND_TEXT : HW_KIND_NULL};
    }
    if (seen == HW_SEEN_BOOL || words == HW_SEEN_WORD) {
        return (struct hw_type){.kind = HW_KIND_BOOL};
    }
    if ((seen & ~(uint32_t)SEEN_NUMBER) == 0) {
        return number_type(profile, decimals);
    }
    if ((seen & ~(uint32_t)SEEN_TIME) == 0) {
        return time_type(profile);
    }
    return (struct hw_type){.kind = HW_KIND_TEXT};
}

bool hw_csv_profile_zeros_differ(const struct hw_csv_profile *profile) {
    return (profile->seen & HW_SEEN_END_ZERO) != 0 && profile->fraction_min < profile->fraction_max;
}

bool hw_csv_profile_null_words(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals) {
    struct hw_csv_profile others = *profile;
    others.seen &= ~(uint32_t)HW_SEEN_TEXT;
    const enum hw_kind kind = hw_csv_profile_type(&others, decimals).kind;
    const bool words = (profile->seen & (HW_SEEN_TEXT | HW_SEEN_PROSE)) == HW_SEEN_TEXT;
    return words && kind != HW_KIND_TEXT && kind != HW_KIND_NULL;
}
