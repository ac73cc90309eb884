/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the numbers that the hot paths leave: long ones, those with an exponent, specials, and
 * texts that are no numbers. The grammar splits a number into digits and an exponent; without the
 * zeros at either end they are its significand, from which class and value follow.
 */
#include "csv/number.h"

#include <math.h>

enum {
    NUMBER_BYTES_MAX = HW_DOUBLE_DIGITS_MAX,
    HEAD_DIGITS = 19,   /* every integer of this many digits fits 64 bits */
    DOUBLE_DIGITS = 15, /* every decimal of this many digits is kept by a double */
    /*
     * With a larger exponent every number is 0 or infinite, whatever its digits, NUMBER_BYTES_MAX
     * at most, are.
     */
    EXPONENT_LIMIT = 100000,
};

#define TEN_TO_8 UINT64_C(100000000)

/* A number, taken apart by the grammar. Borrows the text. */
struct number {
    bool negative;
    bool has_point;
    bool has_exponent;
    const char *whole; /* digits before the point */
    size_t whole_count;
    const char *fraction; /* digits after it */
    size_t fraction_count;
    int64_t exponent; /* within EXPONENT_LIMIT */
};

/* The digits of a number from the first to the last that is not zero. */
struct significand {
    size_t first;  /* index of its first digit, over those before and after the point */
    size_t count;  /* 0: the number is zero */
    uint64_t head; /* its first HEAD_DIGITS at most, as an integer */
    int64_t exp10; /* power of ten of its last digit */
};

static bool number_split(const char *text, size_t size, struct number *out_number);
static size_t digits_count(const char *at, const char *end);
static bool exponent_read(const char *at, const char *end, int64_t *out_exponent);
static bool special_read(const char *text, size_t size, double *out_value);
static bool same_letters(const char *text, const char *name, size_t size);
static struct significand number_significand(const struct number *number);
static char number_digit(const struct number *number, size_t index);
static double significand_round(const struct number *number, const struct significand *significand);
static void significand_copy(const struct number *number, const struct significand *significand, char *out);
static bool significand_kept(const struct number *number, const struct significand *significand, double magnitude);
static struct hw_digits number_digits(const struct number *number, const struct significand *significand);
static bool scientific_read(const char *text, size_t size, struct hw_plain *out_plain, int64_t *out_exp10);
static struct hw_digits scientific_digits(uint64_t mantissa, int64_t exp10);
static bool plain_read(const char *text, size_t size, struct hw_plain *out_plain);
static bool plain_read_long(const char *text, size_t size, struct hw_plain *out_plain);
static unsigned __int128 times_power_of_ten(unsigned __int128 value, uint64_t power);

bool hw_parse_int64_long(const char *text, size_t size, int64_t *out_value) {
    bool negative = *text == '-';
    if (size < 17 || size - negative > HEAD_DIGITS || text[negative] == '0') {
        return false;
    }
    uint64_t first = hw_swar_align(hw_number_first(text, negative), size - 16);
    uint64_t middle = hw_swar_load_digits(text + size - 16);
    uint64_t last = hw_swar_load_digits(text + size - 8);
    if (hw_swar_not_digits(first) | hw_swar_not_digits(middle) | hw_swar_not_digits(last)) {
        return false;
    }
    uint64_t magnitude = (hw_swar_value(first) * TEN_TO_8 + hw_swar_value(middle)) * TEN_TO_8 + hw_swar_value(last);
    if (magnitude > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *out_value = (int64_t)(negative ? -magnitude : magnitude);
    return true;
}

enum hw_number_class hw_number_classify(const char *text, size_t size, double *out_value,
                                        struct hw_digits *out_digits) {
    struct number number;
    if (!number_split(text, size, &number)) {
        return special_read(text, size, out_value) ? HW_NUMBER_SPECIAL : HW_NUMBER_NOT;
    }
    struct significand significand = number_significand(&number);
    double magnitude = significand_round(&number, &significand);
    if (isinf(magnitude) || (magnitude == 0.0 && significand.count > 0)) {
        return HW_NUMBER_NOT;
    }
    enum hw_number_class class = HW_NUMBER_DECIMAL;
    int64_t integer;
    if (hw_parse_int64(text, size, &integer)) {
        class = HW_NUMBER_INT64;
    } else if (significand_kept(&number, &significand, magnitude)) {
        class = HW_NUMBER_DOUBLE;
    }
    if (class != HW_NUMBER_DECIMAL) {
        *out_value = hw_double_signed(magnitude, number.negative);
    }
    *out_digits = number_digits(&number, &significand);
    return class;
}

bool hw_parse_double_rest(const char *text, size_t size, double *out_value, struct hw_digits *digits) {
    struct hw_plain plain;
    /* Doubles as programs print them, with 16 or 17 digits, mostly come in here. */
    if (plain_read(text, size, &plain) && plain.after > 0) {
        double magnitude = hw_double_round(plain.mantissa, -(int64_t)plain.after);
        if (!hw_double_keeps(magnitude, plain.mantissa, -(int64_t)plain.after)) {
            return false;
        }
        *out_value = hw_double_signed(magnitude, plain.negative);
        hw_digits_raise(digits, plain.before, plain.after);
        return true;
    }
    int64_t exp10;
    if (scientific_read(text, size, &plain, &exp10)) {
        double magnitude = hw_double_round(plain.mantissa, exp10);
        bool vanishes = magnitude == 0.0 && plain.mantissa > 0;
        if (isinf(magnitude) || vanishes || !hw_double_keeps(magnitude, plain.mantissa, exp10)) {
            return false;
        }
        struct hw_digits own = scientific_digits(plain.mantissa, exp10);
        *out_value = hw_double_signed(magnitude, plain.negative);
        hw_digits_raise(digits, own.before, own.after);
        return true;
    }
    double value = 0.0;
    int64_t integer;
    struct hw_digits own = {0};
    enum hw_number_class class = hw_number_classify(text, size, &value, &own);
    bool kept = class == HW_NUMBER_DOUBLE || class == HW_NUMBER_SPECIAL ||
                (class == HW_NUMBER_INT64 && hw_parse_int64(text, size, &integer) && hw_double_holds(integer));
    if (kept) {
        *out_value = value;
        hw_digits_raise(digits, own.before, own.after); /* a special leaves `own` at zeros */
    }
    return kept;
}

/*
 * Reads a number as printf("%e") prints it: a plain decimal and an exponent of two or three digits
 * with a sign. Returns false for any other, too.
 */
static bool scientific_read(const char *text, size_t size, struct hw_plain *out_plain, int64_t *out_exp10) {
    int64_t exponent;
    for (size_t tail = 4; tail <= 5 && tail < size; tail++) {
        const char *at = text + size - tail;
        if ((*at == 'e' || *at == 'E') && (at[1] == '-' || at[1] == '+')) {
            bool read = exponent_read(at, text + size, &exponent) && plain_read(text, size - tail, out_plain);
            *out_exp10 = read ? exponent - (int64_t)out_plain->after : 0;
            return read;
        }
    }
    return false;
}

/* Counts the digits as number_digits does for a number with an exponent. */
static struct hw_digits scientific_digits(uint64_t mantissa, int64_t exp10) {
    int64_t count = 0;
    if (mantissa == 0) {
        return (struct hw_digits){0};
    }
    while (mantissa % 10 == 0) {
        mantissa /= 10;
        exp10++;
    }
    while (count < HEAD_DIGITS && mantissa >= hw_integer_powers_of_ten[count]) {
        count++;
    }
    int64_t before = count + exp10;
    return (struct hw_digits){
        .before = (uint32_t)(before > 0 ? before : 0),
        .after = (uint32_t)(exp10 < 0 ? -exp10 : 0),
    };
}

bool hw_parse_decimal(const char *text, size_t size, unsigned precision, unsigned scale, __int128 *out_value,
                      struct hw_digits *digits) {
    struct hw_plain plain;
    if (plain_read(text, size, &plain) && plain.after <= scale && plain.before <= precision - scale) {
        __int128 scaled = (__int128)times_power_of_ten(plain.mantissa, scale - plain.after);
        *out_value = plain.negative ? -scaled : scaled;
        hw_digits_raise(digits, plain.before, plain.after);
        return true;
    }
    struct number number;
    if (!number_split(text, size, &number)) {
        return false;
    }
    struct significand significand = number_significand(&number);
    struct hw_digits own = number_digits(&number, &significand);
    if (significand.count > 0 && (significand.exp10 < -(int64_t)scale || own.before > precision - scale)) {
        return false;
    }
    /*
     * This stays below 10^precision at every step, as the digits before the point and `scale` are
     * together no more than the precision.
     */
    unsigned __int128 scaled = 0;
    for (size_t i = 0; i < significand.count; i++) {
        scaled = scaled * 10 + (unsigned)(number_digit(&number, significand.first + i) - '0');
    }
    if (significand.count > 0) {
        scaled = times_power_of_ten(scaled, (uint64_t)(significand.exp10 + scale));
    }
    *out_value = number.negative ? -(__int128)scaled : (__int128)scaled;
    hw_digits_raise(digits, own.before, own.after);
    return true;
}

/* Splits a text by the grammar of the header. Returns false where it is no number, or a special. */
static bool number_split(const char *text, size_t size, struct number *out_number) {
    const char *end = text + size;
    if (size == 0 || size > NUMBER_BYTES_MAX) {
        return false;
    }
    struct number number = {.negative = *text == '-'};
    number.whole = text + number.negative;
    number.whole_count = digits_count(number.whole, end);
    if (number.whole_count > 1 && *number.whole == '0') {
        return false;
    }
    const char *at = number.whole + number.whole_count;
    number.fraction = at;
    if (at < end && *at == '.') {
        number.has_point = true;
        number.fraction = at + 1;
        number.fraction_count = digits_count(number.fraction, end);
        at = number.fraction + number.fraction_count;
    }
    if (number.whole_count + number.fraction_count == 0) {
        return false;
    }
    number.has_exponent = at < end;
    if (number.has_exponent && !exponent_read(at, end, &number.exponent)) {
        return false;
    }
    *out_number = number;
    return true;
}

static size_t digits_count(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return (size_t)(at - start);
}

/* Reads [eE] [+-]? [0-9]+ up to `end`. The value saturates at EXPONENT_LIMIT. */
static bool exponent_read(const char *at, const char *end, int64_t *out_exponent) {
    if (*at != 'e' && *at != 'E') {
        return false;
    }
    at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) {
        at++;
    }
    size_t count = digits_count(at, end);
    if (count == 0 || at + count != end) {
        return false;
    }
    int64_t exponent = 0;
    for (; at < end; at++) {
        exponent = exponent * 10 + (*at - '0');
        exponent = exponent > EXPONENT_LIMIT ? EXPONENT_LIMIT : exponent;
    }
    *out_exponent = negative ? -exponent : exponent;
    return true;
}

static bool special_read(const char *text, size_t size, double *out_value) {
    static const struct {
        const char *name;
        size_t size;
        double value;
    } specials[] = {{"inf", 3, INFINITY}, {"infinity", 8, INFINITY}, {"nan", 3, NAN}};

    if (size == 0) {
        return false;
    }
    bool negative = *text == '-';
    size_t sign = negative || *text == '+';
    for (size_t i = 0; i < COUNT_OF(specials); i++) {
        if (size - sign == specials[i].size && same_letters(text + sign, specials[i].name, specials[i].size)) {
            /* There is one NaN: its sign means nothing. */
            *out_value = negative && !isnan(specials[i].value) ? -specials[i].value : specials[i].value;
            return true;
        }
    }
    return false;
}

/* Compares a text with a name in lower-case ASCII letters; upper case differs in bit 5 only. */
static bool same_letters(const char *text, const char *name, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if ((text[i] | 0x20) != name[i]) {
            return false;
        }
    }
    return true;
}

static struct significand number_significand(const struct number *number) {
    size_t all = number->whole_count + number->fraction_count;
    size_t first = 0;
    size_t end = all;
    while (first < end && number_digit(number, first) == '0') {
        first++;
    }
    while (end > first && number_digit(number, end - 1) == '0') {
        end--;
    }
    struct significand significand = {
        .first = first,
        .count = end - first,
        .exp10 = number->exponent - (int64_t)number->fraction_count + (int64_t)(all - end),
    };
    for (size_t i = first; i < end && i < first + HEAD_DIGITS; i++) {
        significand.head = significand.head * 10 + (uint64_t)(number_digit(number, i) - '0');
    }
    return significand;
}

static char number_digit(const struct number *number, size_t index) {
    return index < number->whole_count ? number->whole[index] : number->fraction[index - number->whole_count];
}

static double significand_round(const struct number *number, const struct significand *significand) {
    if (significand->count <= HEAD_DIGITS) {
        return hw_double_round(significand->head, significand->exp10);
    }
    char digits[NUMBER_BYTES_MAX];
    significand_copy(number, significand, digits);
    return hw_double_round_digits(digits, significand->count, significand->exp10);
}

static void significand_copy(const struct number *number, const struct significand *significand, char *out) {
    for (size_t i = 0; i < significand->count; i++) {
        out[i] = number_digit(number, significand->first + i);
    }
}

static bool significand_kept(const struct number *number, const struct significand *significand, double magnitude) {
    if (!number->has_point && !number->has_exponent && significand->count > DOUBLE_DIGITS) {
        /* Programs that print doubles write no integer of so many digits but the shortest. */
        struct hw_decimal shortest = hw_double_shortest(magnitude);
        return shortest.digits == significand->head && shortest.exp10 == significand->exp10;
    }
    if (significand->count <= HEAD_DIGITS) {
        return hw_double_keeps(magnitude, significand->head, significand->exp10);
    }
    char digits[NUMBER_BYTES_MAX];
    significand_copy(number, significand, digits);
    return hw_double_prints(magnitude, digits, significand->count);
}

/* Counts the digits as the comment on struct hw_digits says. */
static struct hw_digits number_digits(const struct number *number, const struct significand *significand) {
    int64_t before = significand->count > 0 ? (int64_t)significand->count + significand->exp10 : 0;
    int64_t after = (int64_t)number->fraction_count;
    if (number->has_exponent) {
        after = significand->count > 0 ? -significand->exp10 : 0;
    }
    return (struct hw_digits){
        .before = (uint32_t)(before > 0 ? before : 0),
        .after = (uint32_t)(after > 0 ? after : 0),
    };
}

static bool plain_read(const char *text, size_t size, struct hw_plain *out_plain) {
    return size <= 16 ? hw_plain_read(text, size, out_plain) : plain_read_long(text, size, out_plain);
}

/* Does hw_plain_read for texts of 17 bytes and more that have at most HEAD_DIGITS digits. */
static bool plain_read_long(const char *text, size_t size, struct hw_plain *out_plain) {
    if (size < 17 || size > HEAD_DIGITS + 2) {
        return false;
    }
    bool negative = *text == '-';
    uint64_t words[3] = {
        hw_swar_align(hw_number_first(text, negative), size - 16),
        hw_swar_load_digits(text + size - 16),
        hw_swar_load_digits(text + size - 8),
    };
    /*
     * This goes from the last word to the first. Once the point is found, all bytes before it move
     * up by one.
     */
    uint64_t behind_point = 0;
    size_t after = 0;
    for (size_t i = COUNT_OF(words); i-- > 0;) {
        uint64_t points = hw_swar_match(words[i], '.' ^ '0');
        uint64_t one_before = words[i] << 8 | (i > 0 ? words[i - 1] >> 56 : 0);
        words[i] = hw_plain_close(words[i], one_before, hw_swar_through(points) | behind_point);
        if (points) {
            after = 8 * (COUNT_OF(words) - 1 - i) + hw_swar_behind(points);
            behind_point = UINT64_MAX;
        }
    }
    bool pointed = behind_point != 0;
    size_t before = size - after - pointed - negative;
    bool zero_first = text[negative] == '0';
    if (before + after > HEAD_DIGITS || (zero_first && before > 1)) {
        return false;
    }
    if (hw_swar_not_digits(words[0]) | hw_swar_not_digits(words[1]) | hw_swar_not_digits(words[2])) {
        return false;
    }
    uint64_t upper = hw_swar_value(words[0]) * TEN_TO_8 + hw_swar_value(words[1]);
    out_plain->mantissa = upper * TEN_TO_8 + hw_swar_value(words[2]);
    out_plain->before = (uint32_t)(before - zero_first);
    out_plain->after = (uint32_t)after;
    out_plain->negative = negative;
    return true;
}

static unsigned __int128 times_power_of_ten(unsigned __int128 value, uint64_t power) {
    while (power > HEAD_DIGITS) {
        value *= hw_integer_powers_of_ten[HEAD_DIGITS];
        power -= HEAD_DIGITS;
    }
    return value * hw_integer_powers_of_ten[power];
}
