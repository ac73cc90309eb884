/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/datetime.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/view.h"
#include "support/rows.h"
#include "unit/csv/field.h"

#ifdef HW_SANITIZED
enum { ROUNDS = 200000 };
#else
enum { ROUNDS = 1000000 };
#endif

#define DATE_PATTERN "^([0-9]{4})-([0-9]{2})-([0-9]{2})$"
#define ZONE_PATTERN "( ?(Z|[+-]([0-9]{2})(:?([0-9]{2}))?))?$"
#define FRACTION_PATTERN "(\\.([0-9]{1,9}))?"
#define TIMESTAMP_PATTERN \
    "^([0-9]{4})-([0-9]{2})-([0-9]{2})([T ])([0-9]{2}):([0-9]{2})(:([0-9]{2})" FRACTION_PATTERN ")?" ZONE_PATTERN
#define BASIC_PATTERN \
    "^([0-9]{4})([0-9]{2})([0-9]{2})(T)([0-9]{2})([0-9]{2})(([0-9]{2})" FRACTION_PATTERN ")?" ZONE_PATTERN

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

static bool day_exists(int year, int month, int day) {
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= month_length(year, month);
}

static int64_t libc_seconds(int year, int month, int day, int second_of_day) {
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_sec = second_of_day};
    return timegm(&tm);
}

static void expect_no_date(struct field_room *room, const char *text, size_t size, size_t variant) {
    int32_t days = 42;
    if (hw_parse_date(field_put(room, text, size, variant), size, &days) || days != 42) {
        fail_msg("'%.*s' is a date, day %" PRId32, (int)size, text, days);
    }
}

/* By hand, as printf would take most of the time. */
static void print_date(const int pairs[4], char out[11]) {
    static const size_t at[] = {0, 2, 5, 8};
    memcpy(out, "0000-00-00", 11);
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        out[at[i]] = (char)('0' + pairs[i] / 10);
        out[at[i] + 1] = (char)('0' + pairs[i] % 10);
    }
}

/*
 * Counts the days of all years. Months and days that do not exist are refused: those next to the
 * borders, all in every century.
 */
static void every_day_of_every_year(void **state) {
    struct dice dice = {1};
    int32_t count = -719162; /* 0001-01-01 */
    for (int year = 0; year <= 9999; year++) {
        int months = year % 100 == 0 ? 100 : 14;
        int days = year % 100 == 0 ? 100 : 33;
        for (int i = 0; i < months * days; i++) {
            int month = i / days;
            int day = i % days;
            char text[11];
            print_date((const int[]){year / 100, year % 100, month, day}, text);
            size_t variant = dice_roll(&dice, FIELD_VARIANTS);
            if (!day_exists(year, month, day)) {
                expect_no_date(*state, text, 10, variant);
                continue;
            }
            int32_t got = 0;
            if (!hw_parse_date(field_put(*state, text, 10, variant), 10, &got) || got != count) {
                fail_msg("%s: day %" PRId32 ", want %" PRId32, text, got, count);
            }
            if (day == 1) {
                assert_row_int(text, got, libc_seconds(year, month, day, 0) / 86400);
            }
            count++;
        }
    }
    assert_int_equal(count, 2932897); /* 10000-01-01 */
}

static void dates_by_rows(void **state) {
    static const struct {
        const char *name;
        hw_view text;
        bool want;
        int32_t days;
    } rows[] = {
        {"epoch", HW_VIEW_INIT("1970-01-01"), true, 0},
        {"day before", HW_VIEW_INIT("1969-12-31"), true, -1},
        {"first day", HW_VIEW_INIT("0001-01-01"), true, -719162},
        {"last day", HW_VIEW_INIT("9999-12-31"), true, 2932896},
        {"leap day", HW_VIEW_INIT("2024-02-29"), true, 19782},
        {"leap day of a century", HW_VIEW_INIT("2000-02-29"), true, 11016},
        {"no leap day in a century", HW_VIEW_INIT("1900-02-29"), false, 0},
        {"no leap day", HW_VIEW_INIT("2023-02-29"), false, 0},
        {"year 0", HW_VIEW_INIT("0000-01-01"), false, 0},
        {"month 0", HW_VIEW_INIT("2024-00-10"), false, 0},
        {"month 13", HW_VIEW_INIT("2024-13-01"), false, 0},
        {"day 0", HW_VIEW_INIT("2024-01-00"), false, 0},
        {"day 32", HW_VIEW_INIT("2024-01-32"), false, 0},
        {"April 31", HW_VIEW_INIT("2024-04-31"), false, 0},
        {"empty", HW_VIEW_INIT(""), false, 0},
        {"cut short", HW_VIEW_INIT("2024-01-0"), false, 0},
        {"too long", HW_VIEW_INIT("2024-01-011"), false, 0},
        {"space behind", HW_VIEW_INIT("2024-01-01 "), false, 0},
        {"slashes", HW_VIEW_INIT("2024/01/01"), false, 0},
        {"day first", HW_VIEW_INIT("01-01-2024"), false, 0},
        {"one digit each", HW_VIEW_INIT("2024-1-1"), false, 0},
        {"no separators", HW_VIEW_INIT("20240101"), false, 0},
        {"negative year", HW_VIEW_INIT("-024-01-01"), false, 0},
        {"NUL inside", HW_VIEW_INIT("2024-\0001-01"), false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t variant = 0; variant < FIELD_VARIANTS; variant++) {
            const char *text = field_put(*state, rows[i].text.data, rows[i].text.size, variant);
            int32_t days = 42;
            assert_row_int(rows[i].name, hw_parse_date(text, rows[i].text.size, &days), rows[i].want);
            assert_row_int(rows[i].name, days, rows[i].want ? rows[i].days : 42);
        }
    }
}

static const struct {
    const char *text;
    bool want;
    struct hw_timestamp value;
} timestamp_rows[] = {
    {"1970-01-01 00:00:00", true, {0, 0, false}},
    {"1970-01-01T00:00:00", true, {0, 0, false}},
    {"1970-01-01T00:00:00Z", true, {0, 0, true}},
    {"2024-02-29 23:59:59", true, {1709251199000000, 0, false}},
    {"1969-12-31 23:59:59", true, {-1000000, 0, false}},
    {"1969-12-31 23:59:59.9", true, {-100000, 0, false}},
    {"1969-12-31 23:59:59.999999999", true, {-1, 999, false}},
    {"1969-12-31T23:59:59.9999990Z", true, {-1, 0, true}},
    {"2024-01-01 12:00:00.5", true, {1704110400500000, 0, false}},
    {"2024-01-01 12:00:00.000001", true, {1704110400000001, 0, false}},
    {"2024-01-01 12:00:00.1234567", true, {1704110400123456, 700, false}},
    {"2024-01-01 12:00:00.12345678", true, {1704110400123456, 780, false}},
    {"2024-01-01 12:00:00.123456789", true, {1704110400123456, 789, false}},
    {"2024-01-01T12:00:00+02:00", true, {1704103200000000, 0, true}},
    {"2024-01-01T12:00:00-05:30", true, {1704130200000000, 0, true}},
    {"2024-01-01T12:00:00.25-05:30", true, {1704130200250000, 0, true}},
    {"2024-01-01T12:00:00.123456789+23:59", true, {1704024060123456, 789, true}},
    {"2024-01-01T12:00:00-00:00", true, {1704110400000000, 0, true}},
    {"0001-01-01T23:59:00+23:59", true, {-62135596800000000, 0, true}},
    {"9999-12-31T00:00:59.999999999-23:59", true, {253402300799999999, 999, true}},
    /* without seconds */
    {"2024-01-01 12:00", true, {1704110400000000, 0, false}},
    {"2024-01-01T23:59", true, {1704153540000000, 0, false}},
    {"2024-01-01T12:00Z", true, {1704110400000000, 0, true}},
    {"2024-01-01T12:00+02:00", true, {1704103200000000, 0, true}},
    {"2024-01-01T12:00-0530", true, {1704130200000000, 0, true}},
    {"2024-01-01 12:00 -05:30", true, {1704130200000000, 0, true}},
    /* other zones */
    {"2024-01-01 12:00:00Z", true, {1704110400000000, 0, true}},
    {"2024-01-01 12:00:00+02:00", true, {1704103200000000, 0, true}},
    {"2024-01-01 12:00:00.5Z", true, {1704110400500000, 0, true}},
    {"2024-01-01T12:00:00+0200", true, {1704103200000000, 0, true}},
    {"2024-01-01T12:00:00+02", true, {1704103200000000, 0, true}},
    {"2020-12-31 21:25:58.745232+02", true, {1609442758745232, 0, true}},
    {"2020-12-31 21:25:59+00", true, {1609449959000000, 0, true}},
    {"2024-01-01 12:00:00 +0200", true, {1704103200000000, 0, true}},
    {"2024-01-01 12:00:00.25 -05:30", true, {1704130200250000, 0, true}},
    {"2024-01-01T12:00:00 Z", true, {1704110400000000, 0, true}},
    /* the basic form */
    {"20241231T100000Z", true, {1735639200000000, 0, true}},
    {"20241231T100000", true, {1735639200000000, 0, false}},
    {"20241231T1000", true, {1735639200000000, 0, false}},
    {"20241231T100000.123456789+0530", true, {1735619400123456, 789, true}},
    {"20241231T1000-05", true, {1735657200000000, 0, true}},
    {"20240229T235959 +01:00", true, {1709247599000000, 0, true}},
    /* out of range */
    {"2024-01-01 24:00:00", false, {0}},
    {"2024-01-01 25:00:00", false, {0}},
    {"2024-01-01 12:60:00", false, {0}},
    {"2024-01-01 12:61:00", false, {0}},
    {"2024-01-01 12:00:60", false, {0}},
    {"2024-01-01 12:00:99", false, {0}},
    {"2023-02-29 12:00:00", false, {0}},
    {"0000-01-01 00:00:00", false, {0}},
    {"2024-01-01T12:00:00+24:00", false, {0}},
    {"2024-01-01T12:00:00+00:60", false, {0}},
    /* of another shape */
    {"", false, {0}},
    {"2024-01-01", false, {0}},
    {"2024-01-01 ", false, {0}},
    {"2024-01-01 12:00:0", false, {0}},
    {"2024-01-01t12:00:00", false, {0}},
    {"2024-01-01_12:00:00", false, {0}},
    {"2024-01-01  12:00:00", false, {0}},
    {"2024-01-01 12-00-00", false, {0}},
    {"2024-01-01 12:00:00 ", false, {0}},
    {"2024-01-01 12:00:00.", false, {0}},
    {"2024-01-01 12:00:00,5", false, {0}},
    {"2024-01-01 12:00:00.x", false, {0}},
    {"2024-01-01 12:00:00.1x", false, {0}},
    {"2024-01-01 12:00:00.1234567890", false, {0}},
    {"2024-01-01T12:00:00.1234567890Z", false, {0}},
    {"2024-01-01T12:00:00.Z", false, {0}},
    {"2024-01-01T12:00:00z", false, {0}},
    {"2024-01-01T12:00:00ZZ", false, {0}},
    {"2024-01-01T12:00:00+2:00", false, {0}},
    {"2024-01-01T12:00:00 02:00", false, {0}},
    {"2024-01-01T12:00:00+02:000", false, {0}},
    {"2024-01-01T12:00:00+0a:00", false, {0}},
    {"2024-01-01T12:00:00+02:/0", false, {0}},
    {"12:00:00", false, {0}},
    {"2024-01-01 18:00-20:00", false, {0}}, /* a range of times */
    {"2024-01-01 12:00:00  Z", false, {0}},
    {"2024-01-01 12:00:00 +", false, {0}},
    {"2024-01-01 12:00:00+020", false, {0}},
    {"2024-01-01 12:00:00+24", false, {0}},
    {"2024-01-01 12:00:00+0260", false, {0}},
    {"2024-01-01 12:00:00 UTC", false, {0}},
    {"2024-01-01 12:00.5", false, {0}},
    {"2024-01-01 12:0", false, {0}},
    {"2024-01-01T12", false, {0}},
    {"2024-01-01T12Z", false, {0}},
    {"2024-01-01T120000", false, {0}},
    {"20241231", false, {0}},
    {"20241231T", false, {0}},
    {"20241231T10", false, {0}},
    {"20241231T10000", false, {0}},
    {"20241231T1000000", false, {0}},
    {"20241231T10:00:00", false, {0}},
    {"20241231 100000", false, {0}},
    {"20241331T100000", false, {0}},
    {"20230229T100000Z", false, {0}},
    {"20241231T250000Z", false, {0}},
    {"20241231T1000.5", false, {0}},
    {"20241231T100000.", false, {0}},
    /* beyond the years 1 to 9999 in UTC */
    {"9999-12-31T23:59:59-05:00", false, {0}},
    {"9999-12-31T00:01:00-23:59", false, {0}},
    {"99991231T235959-01", false, {0}},
    {"0001-01-01T00:00:00+00:01", false, {0}},
    {"0001-01-01 00:00+01", false, {0}},
};

static void timestamps_by_rows(void **state) {
    for (size_t i = 0; i < COUNT_OF(timestamp_rows); i++) {
        for (size_t variant = 0; variant < FIELD_VARIANTS; variant++) {
            size_t size = strlen(timestamp_rows[i].text);
            const char *text = field_put(*state, timestamp_rows[i].text, size, variant);
            struct hw_timestamp got = {42, 42, false};
            struct hw_timestamp want = timestamp_rows[i].want ? timestamp_rows[i].value : got;
            assert_row_int(timestamp_rows[i].text, hw_parse_timestamp(text, size, &got), timestamp_rows[i].want);
            assert_row_int(timestamp_rows[i].text, got.micros, want.micros);
            assert_row_int(timestamp_rows[i].text, got.nanos, want.nanos);
            assert_row_int(timestamp_rows[i].text, got.zoned, want.zoned);
        }
    }
}

/* The digits of a group, which others may follow. */
static int group_number(const char *text, regmatch_t group) {
    char digits[8] = {0};
    memcpy(digits, text + group.rm_so, (size_t)(group.rm_eo - group.rm_so));
    return (int)strtol(digits, NULL, 10);
}

/*
 * Date and timestamp as a regular expression and the C library read them. False where the text is
 * none.
 */
static bool libc_date(const regex_t *pattern, const char *text, int32_t *out_days) {
    regmatch_t groups[4];
    if (regexec(pattern, text, COUNT_OF(groups), groups, 0) != 0) {
        return false;
    }
    int year = group_number(text, groups[1]);
    int month = group_number(text, groups[2]);
    int day = group_number(text, groups[3]);
    *out_days = (int32_t)(libc_seconds(year, month, day, 0) / 86400);
    return day_exists(year, month, day);
}

/* Groups of both patterns of timestamps. */
enum {
    YEAR = 1,
    MONTH,
    DAY,
    SEPARATOR,
    HOUR,
    MINUTE,
    SECONDS,
    SECOND,
    POINT,
    FRACTION,
    ZONE,
    SIGN,
    ZONE_HOURS,
    ZONE_COLON,
    ZONE_MINUTES,
    GROUPS
};

static bool has_group(const regmatch_t *groups, int number) {
    return groups[number].rm_so >= 0;
}

/* Seconds that the zone is ahead of UTC. False where it is none. */
static bool libc_zone(const char *text, const regmatch_t *groups, int *out_ahead) {
    *out_ahead = 0;
    if (!has_group(groups, ZONE_HOURS)) {
        return true;
    }
    const int hours = group_number(text, groups[ZONE_HOURS]);
    const int minutes = has_group(groups, ZONE_MINUTES) ? group_number(text, groups[ZONE_MINUTES]) : 0;
    const bool west = text[groups[SIGN].rm_so] == '-';
    const bool spaced = text[groups[ZONE].rm_so] == ' ';
    *out_ahead = (hours * 60 + minutes) * (west ? -60 : 60);
    if (west && !spaced && !has_group(groups, SECONDS) && text[groups[SEPARATOR].rm_so] == ' ') {
        return false; /* a range of times */
    }
    return hours <= 23 && minutes <= 59;
}

static bool libc_timestamp(const regex_t *patterns, const char *text, struct hw_timestamp *out) {
    regmatch_t groups[GROUPS];
    if (regexec(&patterns[0], text, GROUPS, groups, 0) != 0 && regexec(&patterns[1], text, GROUPS, groups, 0) != 0) {
        return false;
    }
    const int year = group_number(text, groups[YEAR]);
    const int month = group_number(text, groups[MONTH]);
    const int day = group_number(text, groups[DAY]);
    const int hour = group_number(text, groups[HOUR]);
    const int minute = group_number(text, groups[MINUTE]);
    const int second = has_group(groups, SECOND) ? group_number(text, groups[SECOND]) : 0;
    int64_t nanos = 0;
    if (has_group(groups, FRACTION)) {
        char padded[] = "000000000";
        memcpy(padded, text + groups[FRACTION].rm_so, (size_t)(groups[FRACTION].rm_eo - groups[FRACTION].rm_so));
        nanos = strtol(padded, NULL, 10);
    }
    int ahead;
    if (!libc_zone(text, groups, &ahead) || !day_exists(year, month, day) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    const int64_t seconds = libc_seconds(year, month, day, (hour * 60 + minute) * 60 + second - ahead);
    if (seconds < libc_seconds(1, 1, 1, 0) || seconds > libc_seconds(9999, 12, 31, 86399)) {
        return false;
    }
    *out = (struct hw_timestamp){
        .micros = seconds * 1000000 + nanos / 1000,
        .nanos = (uint16_t)(nanos % 1000),
        .zoned = has_group(groups, ZONE),
    };
    return true;
}

static void expect_as_libc(struct field_room *room, const regex_t patterns[3], const char *text, size_t size,
                           size_t variant) {
    int32_t want_days = 0;
    int32_t days = 0;
    struct hw_timestamp want = {0};
    struct hw_timestamp got = {0};
    /* A pattern ends at a NUL; there are none in a date. */
    bool is_date = strlen(text) == size && libc_date(&patterns[0], text, &want_days);
    bool is_timestamp = strlen(text) == size && libc_timestamp(&patterns[1], text, &want);
    const char *at = field_put(room, text, size, variant);

    if (hw_parse_date(at, size, &days) != is_date || (is_date && days != want_days)) {
        fail_msg("'%s' as a date is %" PRId32 ", want %" PRId32, text, days, is_date ? want_days : -1);
    }
    if (hw_parse_timestamp(at, size, &got) != is_timestamp) {
        fail_msg("'%s' is %s timestamp", text, is_timestamp ? "a" : "no");
    }
    bool same = got.micros == want.micros && got.nanos == want.nanos && got.zoned == want.zoned;
    if (is_timestamp && !same) {
        fail_msg("'%s' is %" PRId64 " us, want %" PRId64, text, got.micros, want.micros);
    }
}

static void patterns_new(regex_t patterns[3]) {
    assert_int_equal(regcomp(&patterns[0], DATE_PATTERN, REG_EXTENDED), 0);
    assert_int_equal(regcomp(&patterns[1], TIMESTAMP_PATTERN, REG_EXTENDED), 0);
    assert_int_equal(regcomp(&patterns[2], BASIC_PATTERN, REG_EXTENDED), 0);
}

/* Every byte of these, set to every value. */
static void every_byte_counts(void **state) {
    static const char *const templates[] = {
        "2024-02-29",
        "1999-10-31 19:29:39",
        "2024-02-29T23:59:59Z",
        "2000-12-01T00:00:00.123456789+12:34",
        "1900-01-09T09:09:09.1-01:00",
        "2024-02-29 23:59",
        "2024-02-29T23:59-05:30",
        "2024-02-29 23:59 -05:30",
        "1999-12-31 23:59:59.25+01",
        "1999-12-31 23:59:59 +0130",
        "20240229T235959Z",
        "20240229T235959.123-0530",
        "20240229T2359+01",
    };
    regex_t patterns[3];
    patterns_new(patterns);
    for (size_t i = 0; i < COUNT_OF(templates); i++) {
        size_t size = strlen(templates[i]);
        for (size_t at = 0; at < size; at++) {
            for (int byte = 0; byte < 256; byte++) {
                char text[64];
                memcpy(text, templates[i], size + 1);
                text[at] = (char)byte;
                expect_as_libc(*state, patterns, text, size, (size_t)byte);
            }
        }
    }
    regfree(&patterns[0]);
    regfree(&patterns[1]);
    regfree(&patterns[2]);
}

/* Appends a zone of any form, or none, some of them one step out of range. */
static size_t zone_print(struct dice *dice, char *out, size_t room) {
    const char *const space = dice_roll(dice, 4) ? "" : " ";
    char zone[16];
    snprintf(zone, sizeof(zone), "%c%02d%s%02d", "+-"[dice_roll(dice, 2)], (int)dice_roll(dice, 25),
             dice_roll(dice, 2) ? ":" : "", (int)dice_roll(dice, 61));
    switch (dice_roll(dice, 4)) {
    case 0:
        return 0;
    case 1:
        return (size_t)snprintf(out, room, "%sZ", space);
    case 2:
        zone[3] = '\0'; /* hours alone */
        break;
    default:
        break;
    }
    return (size_t)snprintf(out, room, "%s%s", space, zone);
}

/* Timestamps of every shape, some of them one step out of range. */
static void timestamps_are_those_of_libc(void **state) {
    static const size_t below[] = {10000, 14, 33, 25, 61, 61};
    struct dice dice = {2};
    regex_t patterns[3];
    patterns_new(patterns);
    for (int i = 0; i < ROUNDS / 5; i++) {
        char text[64];
        int parts[COUNT_OF(below)];
        const bool basic = dice_roll(&dice, 4) == 0;
        const bool whole = dice_roll(&dice, 4) > 0;
        for (size_t part = 0; part < COUNT_OF(below); part++) {
            parts[part] = (int)dice_roll(&dice, below[part]);
        }
        if (dice_roll(&dice, 8) == 0) { /* where a zone leads out of the years */
            parts[0] = dice_roll(&dice, 2) ? 9999 : 1;
            parts[1] = parts[0] == 1 ? 1 : 12;
            parts[2] = parts[0] == 1 ? 1 : 31;
        }
        const char separator = dice_roll(&dice, 3) ? 'T' : ' ';
        size_t size =
            (size_t)snprintf(text, sizeof(text), basic ? "%04d%02d%02d%c%02d%02d" : "%04d-%02d-%02d%c%02d:%02d",
                             parts[0], parts[1], parts[2], separator, parts[3], parts[4]);
        if (whole) {
            size += (size_t)snprintf(text + size, sizeof(text) - size, basic ? "%02d" : ":%02d", parts[5]);
        }
        const size_t fraction_digits = dice_roll(&dice, 12);
        if (fraction_digits > 0) {
            text[size++] = '.';
            for (size_t at = 1; at < fraction_digits; at++) {
                text[size++] = (char)('0' + dice_roll(&dice, 10));
            }
        }
        text[size] = '\0';
        size += zone_print(&dice, text + size, sizeof(text) - size);
        expect_as_libc(*state, patterns, text, size, dice_roll(&dice, FIELD_VARIANTS));
    }
    regfree(&patterns[0]);
    regfree(&patterns[1]);
    regfree(&patterns[2]);
}

static void nanoseconds_end_where_int64_ends(void **state) {
    static const struct {
        const char *text;
        bool want;
        int64_t nanos;
    } rows[] = {
        {"1970-01-01 00:00:00.000000001", true, 1},
        {"1969-12-31 23:59:59.999999999", true, -1},
        {"2024-01-01T12:00:00.123456789Z", true, 1704110400123456789},
        {"1677-09-21T00:12:43.145224192", true, INT64_MIN},
        {"1677-09-21T00:12:43.145224193", true, INT64_MIN + 1},
        {"1677-09-21T00:12:43.145224191", false, 0},
        {"1677-09-21T00:12:43.145223999", false, 0},
        {"2262-04-11T23:47:16.854775807", true, INT64_MAX},
        {"2262-04-11T23:47:16.854775808", false, 0},
        {"2262-04-11T23:47:16.854776", false, 0},
        {"0001-01-01 00:00:00", false, 0},
        {"9999-12-31 23:59:59.999999999", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = strlen(rows[i].text);
        struct hw_timestamp timestamp;
        int64_t nanos = 42;
        assert_true(hw_parse_timestamp(field_put(*state, rows[i].text, size, 0), size, &timestamp));
        assert_row_int(rows[i].text, hw_timestamp_nanos(timestamp, &nanos), rows[i].want);
        assert_row_int(rows[i].text, nanos, rows[i].want ? rows[i].nanos : 42);
    }
}

static void uuids_by_rows(void **state) {
    static const uint8_t bytes[16] = {
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
    };
    static const struct {
        const char *name;
        const char *text;
        bool want;
    } rows[] = {
        {"lower case", "01234567-89ab-cdef-fedc-ba9876543210", true},
        {"upper case", "01234567-89AB-CDEF-FEDC-BA9876543210", true},
        {"mixed case", "01234567-89aB-CdEf-fEdC-Ba9876543210", true},
        {"empty", "", false},
        {"cut short", "01234567-89ab-cdef-fedc-ba987654321", false},
        {"too long", "01234567-89ab-cdef-fedc-ba98765432100", false},
        {"braces", "{01234567-89ab-cdef-fedc-ba98765432}", false},
        {"no hyphens", "0123456789abcdeffedcba98765432100000", false},
        {"first hyphen moved", "0123456-789ab-cdef-fedc-ba9876543210", false},
        {"second hyphen moved", "01234567-89a-bcdef-fedc-ba9876543210", false},
        {"third hyphen moved", "01234567-89ab-cde-ffedc-ba9876543210", false},
        {"fourth hyphen moved", "01234567-89ab-cdef-fed-cba9876543210", false},
        {"letter beyond f", "0123456g-89ab-cdef-fedc-ba9876543210", false},
        {"letter beyond F", "0123456G-89ab-cdef-fedc-ba9876543210", false},
        {"below a", "0123456`-89ab-cdef-fedc-ba9876543210", false},
        {"above 9", "0123456:-89ab-cdef-fedc-ba9876543210", false},
        {"bad last digit", "01234567-89ab-cdef-fedc-ba987654321/", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t got[16];
        uint8_t untouched[16];
        memset(got, 42, sizeof(got));
        memset(untouched, 42, sizeof(untouched));
        size_t size = strlen(rows[i].text);
        assert_row_int(rows[i].name, hw_parse_uuid(field_put(*state, rows[i].text, size, i), size, got), rows[i].want);
        assert_row_bytes(rows[i].name, got, sizeof(got), rows[i].want ? bytes : untouched, sizeof(bytes));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_by_rows),
        cmocka_unit_test(every_day_of_every_year),
        cmocka_unit_test(timestamps_by_rows),
        cmocka_unit_test(every_byte_counts),
        cmocka_unit_test(timestamps_are_those_of_libc),
        cmocka_unit_test(nanoseconds_end_where_int64_ends),
        cmocka_unit_test(uuids_by_rows),
    };
    return cmocka_run_group_tests_name("csv/datetime", tests, field_room_setup, field_room_teardown);
}
