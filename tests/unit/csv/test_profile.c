/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/profile.h"

#include <math.h>
#include <stdio.h>

#include "csv/parser.h"
#include "unit/csv/text.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 6000 };
#else
enum { ROUNDS = 30000 };
#endif

enum { VALUES_MAX = 12, VALUE_BYTES = 64 };

/* ------ types by rows: values, split at blanks */

static const char *profile_text(const struct hw_csv_profile *profile, enum hw_csv_decimals decimals, char out[64]) {
    hw_type_format(hw_csv_profile_type(profile, decimals), out, 64);
    return out;
}

static const struct type_row {
    const char *values; /* '|' between them */
    const char *exact;
    const char *prefer; /* NULL: the same */
} type_rows[] = {
    {"", "null", NULL},
    {"1|-5|0", "int64", NULL},
    {"9223372036854775807|-9223372036854775808", "int64", NULL},
    {"9223372036854775808", "decimal(19,0)", NULL},
    {"12345678901234567890", "decimal(20,0)", NULL},
    {"10000000000000000000", "double", NULL}, /* a double prints it back */
    {"1.5|2.25", "double", NULL},
    {"1.50|2.25", "double", "decimal(3,2)"},
    {"1.50|2.25|100.00", "double", "decimal(5,2)"},
    {"1.50|2", "double", NULL}, /* no fixed scale */
    {"1.50|-0.00", "double", NULL},
    {"1.50|inf", "double", NULL},
    {"0.50|.25", "double", "decimal(2,2)"},
    {"1e23", "text", NULL}, /* as ids look */
    {"713752e1|1234567|7e3", "text", NULL},
    {"713752E1", "text", NULL},
    {"1e-5|2e-6", "double", NULL}, /* as programs print doubles */
    {"1e-05|1E+16", "double", NULL},
    {"1e-5|713752e1", "double", NULL},
    {"9007199254740993e+0", "decimal(16,0)", NULL},
    {"9007199254740993e0", "text", NULL},
    {"1e5|nan", "text", NULL},
    {"-0e5", "text", NULL},
    {"1e23|0.5", "double", NULL},
    {"1e5|5.", "double", NULL},
    {"1e5|1.5e3|7", "double", NULL},
    {"1e5|12345678901234567.89", "decimal(19,2)", NULL},
    {"9007199254740993e0|0.5", "decimal(17,1)", NULL},
    {"0.30000000000000004", "double", "decimal(17,17)"},
    {"0.1234567890123456789", "decimal(19,19)", NULL},
    {"0.10000000000000001|0.29999999999999999|1234.5678901234567", "double", NULL},    /* %.17g */
    {"1.000000000000000056e-01|2.999999999999999889e-01", "double", "decimal(19,19)"}, /* %.18e */
    {"0.1000000000000000055511151231257827|-2.5", "double", NULL},
    {"0.10000000000000001|12345678901234567.89", "decimal(34,17)", NULL},
    {"0.1234567890123456789|12.5", "decimal(21,19)", NULL},
    {"0.1234567890123456789|123456789012345678901", "text", NULL}, /* 40 digits */
    {"1234567890123456789|0.1234567890123456789", "decimal(38,19)", NULL},
    {"12345678901234567890|0.1234567890123456789", "text", NULL},
    {"0.1234567890123456789|-0.0", "text", NULL}, /* no type keeps both */
    {"0.1234567890123456789|nan", "text", NULL},
    {"9007199254740991|0.5", "double", NULL},
    {"9007199254740992|0.5", "double", NULL},
    {"-9007199254740992|0.5", "double", NULL},
    {"9007199254740994|0.5", "double", NULL},
    {"9007199254740993|0.5", "decimal(17,1)", NULL},
    {"-9007199254740993|0.5", "decimal(17,1)", NULL},
    {"9223372036854775807|0.5", "decimal(20,1)", NULL},
    {"9007199254740993|nan", "text", NULL},
    {"9007199254740991|nan", "double", NULL},
    {"-0", "double", NULL},
    {"-0.0|5", "double", NULL},
    {"nan", "text", NULL},
    {"inf|-Infinity|NaN", "text", NULL},
    {"nan|1", "double", NULL},
    {"1e400", "text", NULL},
    {"1e-400", "text", NULL},
    {"007", "text", NULL},
    {"-01|1", "text", NULL},
    {"00.5", "text", NULL},
    {"+5", "text", NULL},
    {" 5", "text", NULL},
    {"5 ", "text", NULL},
    {"1,234", "text", NULL},
    {"0x1F", "text", NULL},
    {"1_000", "text", NULL},
    {"\xd9\xa1", "text", NULL},
    {"true|FALSE|True", "boolean", NULL},
    {"true|1", "text", NULL},
    {"true|2020-01-01", "text", NULL},
    {"yes", "text", NULL},
    {"t", "text", NULL},
    {"NULL", "text", NULL},
    {"NA|1", "text", NULL},
    {"\\N|1", "text", NULL},
    {"2020-02-29|1999-12-31", "date", NULL},
    {"2021-02-29", "text", NULL},
    {"2020-01-01|5", "text", NULL},
    {"2020-01-01T00:00:00", "timestamp(us)", NULL},
    {"2020-01-01 00:00:00.123456", "timestamp(us)", NULL},
    {"2020-01-01 00:00:00.1234567", "timestamp(ns)", NULL},
    {"2020-01-01 00:00:00.1230000|2020-01-01 00:00:00.0000000", "timestamp(us)", NULL},
    {"2020-01-01 00:00:00.123456000|9999-12-31", "timestamp(us)", NULL},
    {"2020-01-01 00:00:00.1230000|2020-01-01 00:00:00.1230001", "timestamp(ns)", NULL},
    {"2020-01-01 00:00|2020-01-01 10:30", "timestamp(us)", NULL},
    {"2020-01-01 00:00 +0100|2020-01-01T00:00:00Z", "timestamp(us, UTC)", NULL},
    {"2020-12-31 21:25:58.745232+02|2020-12-31 21:25:59+00", "timestamp(us, UTC)", NULL},
    {"20241231T100000Z", "timestamp(us, UTC)", NULL},
    {"20241231T100000|2020-01-01", "timestamp(us)", NULL},
    {"20241231|20240101", "int64", NULL},
    {"2020-05-01 18:00-20:00", "text", NULL},
    {"9999-12-31T23:59:59-05:00|2020-01-01T00:00:00Z", "text", NULL},
    {"2020-01-01 00:00:00.123456789", "timestamp(ns)", NULL},
    {"2020-01-01 00:00:00.1234567891", "text", NULL},
    {"2020-01-01T00:00:00Z|2020-01-01T00:00:00+02:00", "timestamp(us, UTC)", NULL},
    {"2020-01-01T00:00:00.123456789Z", "timestamp(ns, UTC)", NULL},
    {"2020-01-01T00:00:00Z|2020-01-01T00:00:00", "text", NULL},
    {"2020-01-01 00:00:00Z", "timestamp(us, UTC)", NULL},
    {"2020-01-01|2020-01-01 10:00:00", "timestamp(us)", NULL},
    {"2020-01-01|2020-01-01T10:00:00Z", "text", NULL},
    {"2020-01-01 24:00:00", "text", NULL},
    {"2020-01-01 00:61:00", "text", NULL},
    {"2020-01-01 00:00:60", "text", NULL},
    {"10:00:00", "text", NULL},
    {"9999-12-31 00:00:00|2020-01-01 00:00:00.1234567", "text", NULL},
    {"9999-12-31|2020-01-01 00:00:00.1234567", "text", NULL},
    /* the last and the first nanoseconds of int64 */
    {"2262-04-11 23:47:16.854775807|2020-01-01", "timestamp(ns)", NULL},
    {"1677-09-21 00:12:43.145224193|2020-01-01", "timestamp(ns)", NULL},
    {"1677-09-21 00:12:43.145224192|2020-01-01", "timestamp(ns)", NULL},
    {"1677-09-21 00:12:43.145224191|2020-01-01", "text", NULL},
    {"1677-09-21 00:12:43.145224|2020-01-01 00:00:00.000000001", "text", NULL},
    {"1677-09-21 00:12:43.145225|2020-01-01 00:00:00.000000001", "timestamp(ns)", NULL},
    {"2262-04-11 23:47:16.854776|2020-01-01 00:00:00.000000001", "text", NULL},
    {"1677-09-21|2020-01-01 00:00:00.000000001", "text", NULL},
    {"1677-09-22|2262-04-11|2020-01-01 00:00:00.000000001", "timestamp(ns)", NULL},
    {"2262-04-12|2020-01-01 00:00:00.000000001", "text", NULL},
    {"2262-04-11 23:47:16.854775808", "text", NULL},
    {"1|hello", "text", NULL},
    {"hello", "text", NULL},
};

static size_t values_split(const char *values, hw_view *out) {
    size_t count = 0;
    for (const char *at = values; *at != '\0';) {
        size_t size = strcspn(at, "|");
        out[count++] = (hw_view){at, size};
        at += size + (at[size] == '|' ? 1 : 0);
    }
    return count;
}

static void types_by_rows(void **state) {
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(type_rows); i++) {
        const struct type_row *row = &type_rows[i];
        struct hw_csv_profile whole = HW_CSV_PROFILE_INIT;
        struct hw_csv_profile merged = HW_CSV_PROFILE_INIT;
        hw_view values[VALUES_MAX];
        size_t count = values_split(row->values, values);
        char got[64];
        for (size_t k = 0; k < count; k++) {
            struct hw_csv_profile one = HW_CSV_PROFILE_INIT;
            hw_csv_profile_observe(&whole, text_put(&room, values[k], 0, '9'));
            hw_csv_profile_observe(&one, text_put(&room, values[count - 1 - k], 0, 'e'));
            hw_csv_profile_merge(&merged, &one);
        }
        const char *prefer = row->prefer ? row->prefer : row->exact;
        assert_row_text(row->values, profile_text(&whole, HW_CSV_DECIMALS_EXACT, got), row->exact);
        assert_row_text(row->values, profile_text(&merged, HW_CSV_DECIMALS_EXACT, got), row->exact);
        assert_row_text(row->values, profile_text(&whole, HW_CSV_DECIMALS_PREFER, got), prefer);
        assert_row_text(row->values, profile_text(&merged, HW_CSV_DECIMALS_PREFER, got), prefer);
    }
    text_room_release(&room);
}

static void never_a_decimal(void **state) {
    static const struct {
        const char *values;
        const char *want;
    } rows[] = {
        {"12345678901234567.89|0.5", "text"}, {"9223372036854775808", "text"},
        {"9007199254740993|0.5", "text"},     {"1.50|2.25", "double"},
        {"0.10000000000000001", "double"},    {"9223372036854775807|1", "int64"},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
        hw_view values[VALUES_MAX];
        size_t count = values_split(rows[i].values, values);
        char got[64];
        for (size_t k = 0; k < count; k++) {
            hw_csv_profile_observe(&profile, text_put(&room, values[k], 0, '9'));
        }
        assert_row_text(rows[i].values, profile_text(&profile, HW_CSV_DECIMALS_NEVER, got), rows[i].want);
    }
    text_room_release(&room);
}

static void zeros_differ_as_those_of_versions(void **state) {
    static const struct {
        const char *values;
        bool want;
    } rows[] = {
        {"1.1|1.10", true},    {"1.10|1.9|2.0", true},
        {"3.1|3.20", true},    {"1|1.5|1.50", true},
        {"1.10|1.20", false},  {"1.0|2.5|3.25", false},
        {"1.50|2.25", false},  {"1|1.50", false},
        {"1.1|1.11", false},   {"1.5e10|1.50", false},
        {"1.50e1|1.5", false}, {"10|100|1.5", false},
        {"1.10", false},       {"", false},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_profile merged = HW_CSV_PROFILE_INIT;
        hw_view values[VALUES_MAX];
        size_t count = values_split(rows[i].values, values);
        for (size_t k = 0; k < count; k++) {
            struct hw_csv_profile one = HW_CSV_PROFILE_INIT;
            hw_csv_profile_observe(&one, text_put(&room, values[k], 0, '0'));
            hw_csv_profile_merge(&merged, &one);
        }
        assert_row_int(rows[i].values, hw_csv_profile_zeros_differ(&merged), rows[i].want);
    }
    text_room_release(&room);
}

static void words_for_null_are_told_from_texts(void **state) {
    static const struct {
        const char *values;
        bool want;
    } rows[] = {
        {"1|NA", true},     {"NA|2.5|-", true}, {"N/A|2024-01-02", true},   {"true|null", true},  {"1|2", false},
        {"NA", false},      {"NA|x", false},    {"x|1|NA", false},          {"1|NA|true", false}, {"nan|NA|1", true},
        {"1|NA |2", false}, {"", false},        {"2024-01-02|NA|1", false},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_profile merged = HW_CSV_PROFILE_INIT;
        hw_view values[VALUES_MAX];
        size_t count = values_split(rows[i].values, values);
        for (size_t k = 0; k < count; k++) {
            struct hw_csv_profile one = HW_CSV_PROFILE_INIT;
            hw_csv_profile_observe(&one, text_put(&room, values[k], 0, '0'));
            hw_csv_profile_merge(&merged, &one);
        }
        assert_row_int(rows[i].values, hw_csv_profile_null_words(&merged, HW_CSV_DECIMALS_EXACT), rows[i].want);
    }
    text_room_release(&room);
}

static void empty_quotes_decide_only_alone(void **state) {
    (void)state;
    struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
    struct text_room room = {0};
    profile.seen = HW_SEEN_EMPTY;
    assert_int_equal(hw_csv_profile_type(&profile, HW_CSV_DECIMALS_EXACT).kind, HW_KIND_TEXT);
    hw_csv_profile_observe(&profile, text_put(&room, HW_VIEW("5"), 0, '0'));
    assert_int_equal(hw_csv_profile_type(&profile, HW_CSV_DECIMALS_EXACT).kind, HW_KIND_INT64);
    text_room_release(&room);
}

static void booleans_by_rows(void **state) {
    static const struct {
        const char *text;
        bool want;
        bool value;
    } rows[] = {
        {"true", true, true},      {"TRUE", true, true},    {"tRuE", true, true},    {"false", true, false},
        {"FALSE", true, false},    {"fALSe", true, false},  {"truE ", false, false}, {"tru", false, false},
        {"t", false, false},       {"falsy", false, false}, {"fals", false, false},  {"falsee", false, false},
        {"TRU\x05", false, false}, {"", false, false},      {"yes!", false, false},  {"\x54\x52\x55\x65", true, true},
        {"\x14RUE", false, false},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool value = false;
        hw_view text = text_put(&room, hw_view_of(rows[i].text), 0, 'e');
        assert_row_int(rows[i].text, hw_csv_parse_bool(text, &value), rows[i].want);
        assert_row_int(rows[i].text, rows[i].want && value, rows[i].value);
    }
    text_room_release(&room);
}

/* ------ a type that was made from values takes each of them */

/* A date, or a date and a time: most of a lifetime, some of any year. */
static void time_make(struct dice *dice, bool clock, char out[VALUE_BYTES]) {
    const int year = dice_roll(dice, 4) ? 1970 + (int)dice_roll(dice, 60) : 1 + (int)dice_roll(dice, 9999);
    int used =
        snprintf(out, VALUE_BYTES, "%04d-%02d-%02d", year, 1 + (int)dice_roll(dice, 12), 1 + (int)dice_roll(dice, 28));
    if (clock) {
        snprintf(out + used, VALUE_BYTES - (size_t)used, "%c%02d:%02d:%02d", dice_roll(dice, 2) ? 'T' : ' ',
                 (int)dice_roll(dice, 24), (int)dice_roll(dice, 60), (int)dice_roll(dice, 60));
    }
}

static void time_kind_make(struct dice *dice, size_t kind, char out[VALUE_BYTES]) {
    static const char *const zones[] = {"Z", "-05:30", "+00:00"};
    time_make(dice, kind > 0, out);
    size_t used = strlen(out);
    if (kind == 2 || kind == 4) {
        used += (size_t)snprintf(out + used, VALUE_BYTES - used, ".%0*d", (int)(1 + dice_roll(dice, 9)),
                                 (int)dice_roll(dice, 10));
    }
    if (kind >= 3) {
        out[10] = 'T';
        snprintf(out + used, VALUE_BYTES - used, "%s", zones[dice_roll(dice, COUNT_OF(zones))]);
    }
}

static void number_make(struct dice *dice, size_t kind, char out[VALUE_BYTES]) {
    uint64_t bits = dice_u64(dice);
    double value;
    memcpy(&value, &bits, sizeof(value));
    switch (kind) {
    case 0:
        snprintf(out, VALUE_BYTES, "%d", (int)dice_roll(dice, 2000) - 1000);
        break;
    case 1:
        snprintf(out, VALUE_BYTES, "%" PRId64, (int64_t)bits >> dice_roll(dice, 64));
        break;
    case 2:
        snprintf(out, VALUE_BYTES, "%.*f", (int)dice_roll(dice, 6), (double)(int64_t)bits / 1e15);
        break;
    case 3:
        snprintf(out, VALUE_BYTES, "%.*g", (int)(1 + dice_roll(dice, 17)), value);
        break;
    case 4:
        snprintf(out, VALUE_BYTES, "%" PRIu64 ".%0*" PRIu64, bits >> dice_roll(dice, 64),
                 (int)(1 + dice_roll(dice, 18)), (uint64_t)dice_roll(dice, 1000));
        break;
    case 5:
        snprintf(out, VALUE_BYTES, "%" PRIu64 "%" PRIu64, 1 + bits % 1000, dice_u64(dice));
        break;
    default:
        snprintf(out, VALUE_BYTES, "%" PRIu64 "e%d", bits % 100000, (int)dice_roll(dice, 60) - 30);
        break;
    }
}

/* Texts of one kind each, where a list says more than a rule. */
static const char *const word_kinds[][14] = {
    {"inf", "-inf", "+Infinity", "NaN", "-nan", "INF"},
    {"-0", "-0.0", "-.0", "-0e5", "0.000", "-0.00e-3", "0", "0."},
    {"9007199254740991", "9007199254740992", "-9007199254740993", "9223372036854775807", "-9223372036854775808",
     "9223372036854775808", "99999999999999999999999999999999999999", "123456789012345678901234567890123456789",
     "1e308", "1e-320", "4.9e-324", "1e37", "1e38"},
    {"true", "False", "NA", "007", "+1", "1e", "--1", "1.2.3", "0x1", "e5", ".", "-"},
    {"true", "FALSE", "False"},
};

enum { NUMBER_KINDS = 7, TIME_KINDS = 5, VALUE_KINDS = NUMBER_KINDS + TIME_KINDS + COUNT_OF(word_kinds) };

/* A random value of one of the kinds that a column can hold. */
static void value_make(struct dice *dice, size_t kind, char out[VALUE_BYTES]) {
    if (kind < NUMBER_KINDS) {
        number_make(dice, kind, out);
    } else if (kind < NUMBER_KINDS + TIME_KINDS) {
        time_kind_make(dice, kind - NUMBER_KINDS, out);
    } else {
        const char *const *words = word_kinds[kind - NUMBER_KINDS - TIME_KINDS];
        size_t count = 0;
        while (words[count]) {
            count++;
        }
        snprintf(out, VALUE_BYTES, "%s", words[dice_roll(dice, count)]);
    }
}

/* A column of values, one a line, nulls and quoted ones among them. */
struct column_text {
    char bytes[VALUES_MAX * (VALUE_BYTES + 4)];
    size_t size;
    hw_view values[VALUES_MAX];
    size_t count;
};

static void column_make(struct dice *dice, struct column_text *out) {
    size_t kinds = dice_u64(dice) | (size_t)1 << dice_roll(dice, VALUE_KINDS);
    if (dice_roll(dice, 4)) { /* mostly two kinds */
        kinds = (size_t)1 << dice_roll(dice, VALUE_KINDS) | (size_t)1 << dice_roll(dice, VALUE_KINDS);
    }
    out->size = 0;
    out->count = 1 + dice_roll(dice, VALUES_MAX);
    for (size_t i = 0; i < out->count; i++) {
        size_t kind = dice_roll(dice, VALUE_KINDS);
        while (!(kinds >> kind & 1)) {
            kind = dice_roll(dice, VALUE_KINDS);
        }
        bool quoted = dice_roll(dice, 5) == 0;
        bool null = dice_roll(dice, 12) == 0;
        if (quoted) {
            out->bytes[out->size++] = '"';
        }
        out->bytes[out->size] = '\0';
        if (!null) {
            value_make(dice, kind, out->bytes + out->size);
        }
        out->values[i] = hw_view_of(out->bytes + out->size);
        out->size += out->values[i].size;
        if (quoted) {
            out->bytes[out->size++] = '"';
        }
        out->bytes[out->size++] = '\n';
    }
}

/* A number as sign, digits without zeros at either end, and the power of ten of the last. */
struct plain_number {
    bool negative;
    char digits[VALUE_BYTES];
    long exp10;
};

static void digits_trim(struct plain_number *number) {
    size_t size = strlen(number->digits);
    while (size > 0 && number->digits[size - 1] == '0') {
        number->digits[--size] = '\0';
        number->exp10++;
    }
    size_t zeros = strspn(number->digits, "0");
    memmove(number->digits, number->digits + zeros, size - zeros + 1);
    number->exp10 = number->digits[0] == '\0' ? 0 : number->exp10;
}

static struct plain_number number_of_text(hw_view text) {
    struct plain_number number = {.negative = text.data[0] == '-'};
    char copy[VALUE_BYTES] = {0};
    memcpy(copy, text.data, text.size);
    char *exponent = strpbrk(copy, "eE");
    number.exp10 = exponent ? strtol(exponent + 1, NULL, 10) : 0;
    size_t end = exponent ? (size_t)(exponent - copy) : text.size;
    size_t used = 0;
    bool fraction = false;
    for (size_t i = 0; i < end; i++) {
        fraction |= copy[i] == '.';
        if (copy[i] >= '0' && copy[i] <= '9') {
            number.digits[used++] = copy[i];
            number.exp10 -= fraction;
        }
    }
    digits_trim(&number);
    return number;
}

static struct plain_number number_of_decimal(const void *at, unsigned scale) {
    struct plain_number number = {.exp10 = -(long)scale};
    __int128 value;
    memcpy(&value, at, sizeof(value));
    number.negative = value < 0;
    for (size_t i = 40; i-- > 0; value /= 10) {
        int digit = (int)(value % 10);
        number.digits[i] = (char)('0' + (digit < 0 ? -digit : digit));
    }
    digits_trim(&number);
    return number;
}

/* A number that a column took is in it, to the last digit and the sign. */
static void value_check(const char *name, struct hw_type type, const struct hw_column *column, size_t row,
                        hw_view text) {
    const char *at = (const char *)column->values + row * hw_kind_bytes(type.kind);
    char copy[VALUE_BYTES] = {0};
    memcpy(copy, text.data, text.size);
    if (type.kind == HW_KIND_INT64) {
        int64_t want = strtoll(copy, NULL, 10);
        assert_row_bytes(name, at, sizeof(want), &want, sizeof(want));
    } else if (type.kind == HW_KIND_DOUBLE) {
        double want = strtod(copy, NULL);
        double got;
        memcpy(&got, at, sizeof(got));
        assert_row_int(name, (isnan(want) && isnan(got)) || memcmp(&got, &want, sizeof(want)) == 0, true);
    } else if (type.kind == HW_KIND_DECIMAL) {
        struct plain_number want = number_of_text(text);
        struct plain_number got = number_of_decimal(at, type.scale);
        assert_row_text(name, got.digits, want.digits);
        assert_row_int(name, got.exp10, want.exp10);
        assert_row_int(name, got.negative, want.negative);
    }
}

/*
 * Parses the column as `type`; returns whether something misfitted and adds what was seen to
 * `profile`.
 */
static bool column_parse(struct text_room *room, const struct column_text *column, struct hw_type type,
                         struct hw_csv_profile *profile, const char *name) {
    struct hw_field field = {.name = "x", .type = type};
    const struct hw_schema schema = {&field, 1};
    const struct hw_csv_parser_options options = {.dialect = text_rfc4180, .schema = &schema};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_csv_parser *parser;
    struct hw_csv_block block;
    hw_view text = text_put(room, (hw_view){column->bytes, column->size}, 0, '5');
    assert_ok(hw_csv_parser_new(&options, &parser, &err), err);
    assert_ok(hw_csv_parser_run(parser, text.data, text.size, true, &block, &err), err);
    bool misfit = hw_csv_parser_misfit(parser);
    assert_row_int(name, block.batch.rows, column->count);
    size_t nulls = 0;
    for (size_t i = 0; i < column->count; i++) {
        nulls += column->values[i].size == 0;
    }
    if (!misfit && type.kind != HW_KIND_TEXT) { /* in texts "" is no null */
        assert_row_int(name, block.batch.columns[0].null_count, nulls);
    }
    for (size_t i = 0; !misfit && i < column->count; i++) {
        if (column->values[i].size > 0) {
            value_check(name, type, &block.batch.columns[0], i, column->values[i]);
        }
    }
    hw_csv_profile_merge(profile, hw_csv_parser_profiles(parser));
    hw_csv_parser_free(parser);
    return misfit;
}

static void types_take_the_values_that_made_them(void **state) {
    (void)state;
    struct text_room room = {0};
    struct column_text column;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
        struct hw_csv_profile again = HW_CSV_PROFILE_INIT;
        enum hw_csv_decimals decimals = dice_roll(&dice, 2) ? HW_CSV_DECIMALS_PREFER : HW_CSV_DECIMALS_EXACT;
        char name[128];
        char type_text[64];
        column_make(&dice, &column);
        for (size_t i = 0; i < column.count; i++) {
            if (column.values[i].size > 0) {
                hw_csv_profile_observe(&profile, text_put(&room, column.values[i], 0, '5'));
            }
        }
        struct hw_type type = hw_csv_profile_type(&profile, decimals);
        hw_type_format(type, type_text, sizeof(type_text));
        snprintf(name, sizeof(name), "seed %" PRIu64 ", %s:\n%.*s", seed, type_text, (int)hw_min_size(column.size, 60),
                 column.bytes);
        /* quoted empty ones make a null column text */
        bool empty_misfit = type.kind == HW_KIND_NULL;
        if (!empty_misfit) {
            assert_row_int(name, column_parse(&room, &column, type, &again, name), false);
        }
    }
    text_room_release(&room);
}

/*
 * The two passes of a conversion: the type of the first values is tried on all of them, what the
 * parser then knows of the column makes the type of the second pass, which takes them all.
 */
static void second_pass_never_misfits(void **state) {
    (void)state;
    struct text_room room = {0};
    struct column_text sample;
    struct column_text rest;
    size_t misfits = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        struct dice dice = {seed};
        struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
        enum hw_csv_decimals decimals = dice_roll(&dice, 2) ? HW_CSV_DECIMALS_PREFER : HW_CSV_DECIMALS_EXACT;
        char name[160];
        char first_text[64];
        char second_text[64];
        column_make(&dice, &sample);
        column_make(&dice, &rest);
        column_parse(&room, &sample, (struct hw_type){.kind = HW_KIND_NULL}, &profile, "sample");
        struct hw_type first = hw_csv_profile_type(&profile, decimals);
        hw_type_format(first, first_text, sizeof(first_text));
        snprintf(name, sizeof(name), "seed %" PRIu64 ", first as %s", seed, first_text);
        misfits += column_parse(&room, &sample, first, &profile, name);
        misfits += column_parse(&room, &rest, first, &profile, name);
        struct hw_type second = hw_csv_profile_type(&profile, decimals);
        hw_type_format(second, second_text, sizeof(second_text));
        snprintf(name, sizeof(name), "seed %" PRIu64 ", %s, then %s:\n%.*s-\n%.*s", seed, first_text, second_text,
                 (int)hw_min_size(sample.size, 40), sample.bytes, (int)hw_min_size(rest.size, 40), rest.bytes);
        if (second.kind != HW_KIND_NULL) {
            assert_row_int(name, column_parse(&room, &sample, second, &profile, name), false);
            assert_row_int(name, column_parse(&room, &rest, second, &profile, name), false);
        }
    }
    assert_true(misfits > ROUNDS / 10);
    text_room_release(&room);
}

/* A column whose values are split at '|'. */
static void column_of(const char *values, struct column_text *out) {
    hw_view split[VALUES_MAX];
    out->count = values_split(values, split);
    out->size = 0;
    for (size_t i = 0; i < out->count; i++) {
        out->values[i] = (hw_view){out->bytes + out->size, split[i].size};
        memcpy(out->bytes + out->size, split[i].data, split[i].size);
        out->size += split[i].size;
        out->bytes[out->size++] = '\n';
    }
}

/*
 * What the parser of a narrow type has learnt of the values that it took is all that a wider type
 * must know.
 */
static void second_passes_by_rows(void **state) {
    static const struct {
        const char *sample;
        const char *rest;
        const char *want;
    } rows[] = {
        {"1", "2|0.5", "double"},
        {"1", "9007199254740993|0.5", "decimal(17,1)"},
        {"1", "-9007199254740993|0.5", "decimal(17,1)"},
        {"1", "9007199254740994|9007199254740995|9007199254740996|0.5", "decimal(17,1)"},
        {"1", "-9007199254740994|9007199254740996|0.5", "double"},
        {"1", "7e3", "text"},
        {"1", "7e3|0.5", "double"},
        {"1", "9007199254740993|nan", "text"},
        {"1", "9223372036854775808", "decimal(19,0)"},
        {"0.5", "0.30000000000000005", "decimal(17,17)"},
        {"0.5", "9007199254740993", "decimal(17,1)"},
        {"0.5", "1.25|123456789012345678901.5", "decimal(23,2)"},
        {"0.5", "inf|123456789012345678901.5", "text"},
        {"0.5", "-0.0|123456789012345678901.5", "text"},
        {"0.5", "1e300|123456789012345678901.5", "text"},
        {"123456789012345678901.5", "1.25", "decimal(23,2)"},
        {"123456789012345678901.5", "-0.0", "text"},
        {"123456789012345678901.5", "nan", "text"},
        {"123456789012345678901.5", "0.123456789012345678", "text"},
        {"true", "1", "text"},
        {"2020-01-01", "2020-01-01 00:00:00", "timestamp(us)"},
        {"2020-01-01", "2020-01-01T00:00:00Z", "text"},
        {"2020-01-01", "2020-01-01 00:00:00.1234567", "timestamp(ns)"},
        {"2020-01-01", "9999-12-31|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01", "0001-01-01|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01", "1677-09-22|2262-04-11|2020-01-01 00:00:00.1234567", "timestamp(ns)"},
        {"2020-01-01 00:00:00", "2262-04-11 23:47:16.854775|1677-09-21 00:12:43.145225|2020-01-01 00:00:00.1234567",
         "timestamp(ns)"},
        {"2020-01-01 00:00:00", "2262-04-11 23:47:16.854776|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01 00:00:00", "1677-09-21 00:12:43.145224|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01 00:00:00", "9999-12-31|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01 00:00:00", "0001-01-01 00:00:00|2020-01-01 00:00:00.1234567", "text"},
        {"2020-01-01 00:00:00", "2020-01-01T00:00:00Z", "text"},
        {"2020-01-01T00:00:00Z", "2020-01-01T00:00:00.1234567Z", "timestamp(ns, UTC)"},
        {"2020-01-01T00:00:00.1234567Z", "9999-01-01T00:00:00Z", "text"},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_profile profile = HW_CSV_PROFILE_INIT;
        struct column_text sample;
        struct column_text rest;
        char got[64];
        column_of(rows[i].sample, &sample);
        column_of(rows[i].rest, &rest);
        column_parse(&room, &sample, (struct hw_type){.kind = HW_KIND_NULL}, &profile, rows[i].sample);
        struct hw_type first = hw_csv_profile_type(&profile, HW_CSV_DECIMALS_EXACT);
        assert_row_int(rows[i].rest, column_parse(&room, &rest, first, &profile, rows[i].rest), true);
        assert_row_text(rows[i].rest, profile_text(&profile, HW_CSV_DECIMALS_EXACT, got), rows[i].want);
    }
    text_room_release(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_by_rows),
        cmocka_unit_test(empty_quotes_decide_only_alone),
        cmocka_unit_test(never_a_decimal),
        cmocka_unit_test(zeros_differ_as_those_of_versions),
        cmocka_unit_test(booleans_by_rows),
        cmocka_unit_test(words_for_null_are_told_from_texts),
        cmocka_unit_test(types_take_the_values_that_made_them),
        cmocka_unit_test(second_passes_by_rows),
        cmocka_unit_test(second_pass_never_misfits),
    };
    return cmocka_run_group_tests_name("csv/profile", tests, NULL, NULL);
}
