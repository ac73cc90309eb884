/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot half of csv/datetime.h; include that. Everything but the fraction and the zone stands at
 * a fixed offset, so a date is a word and a half, a clock one word: digits and separators are
 * checked together, and numbers taken out in pairs (csv/swar.h).
 */
#ifndef HW_CSV_DATETIME_INLINE_H
#define HW_CSV_DATETIME_INLINE_H

#include "csv/datetime.h"
#include "csv/swar.h"

enum {
    HW_DATE_BYTES = 10,
    HW_CLOCK_BYTES = 8,
    HW_ZONE_BYTES = 6,
    HW_DATE_EPOCH_DAYS = 719528, /* from 0000-01-01 to 1970-01-01 */
};

/* By [is leap year][two digits]. Months that do not exist, 0 and 13..99, have no days. */
struct hw_month {
    uint16_t days_before;
    uint16_t days;
};
extern const struct hw_month hw_months[2][128];

/*
 * Three pairs of digits with separators between, "00-00-00": a word that turns them into digits and
 * zeros.
 */
#define HW_SWAR_PAIRS(separator) (UINT64_C(0x3030003030003030) | UINT64_C(0x0000010000010000) * (uint8_t)(separator))

/* Flags as hw_swar_not_digits, but where the separators stood only zero is none. */
static inline uint64_t hw_swar_not_pairs(uint64_t pairs) {
    return (pairs | (pairs + UINT64_C(0x76767f76767f7676))) & HW_SWAR_EACH(0x80);
}

/* The first HW_DATE_BYTES, HW_CLOCK_BYTES of `text`, whatever follows. */
static inline bool hw_date_read(const char *text, int32_t *out_days);
static inline bool hw_clock_read(const char *text, uint32_t *out_seconds);

/* One to 9 digits as nanoseconds, and how many there are; 0 where there is none. */
static inline size_t hw_fraction_read(const char *text, size_t size, uint32_t *out_nanos);

/* A zone that is all of `text`. Seconds that the wall clock is ahead of UTC. */
static inline bool hw_zone_read(const char *text, size_t size, int32_t *out_seconds);

static inline bool hw_parse_date(const char *text, size_t size, int32_t *out_days) {
    return size == HW_DATE_BYTES && hw_date_read(text, out_days);
}

static inline bool hw_parse_timestamp(const char *text, size_t size, struct hw_timestamp *out_timestamp) {
    size_t at = HW_DATE_BYTES + 1 + HW_CLOCK_BYTES;
    int32_t days;
    uint32_t seconds;
    if (size < at || !hw_date_read(text, &days) || !hw_clock_read(text + HW_DATE_BYTES + 1, &seconds)) {
        return false;
    }
    char separator = text[HW_DATE_BYTES];
    if (HW_UNLIKELY(separator != 'T' && separator != ' ')) {
        return false;
    }
    uint32_t nanos = 0;
    size_t fraction_digits = 0;
    if (at < size && text[at] == '.') {
        fraction_digits = hw_fraction_read(text + at + 1, size - at - 1, &nanos);
        if (HW_UNLIKELY(fraction_digits == 0)) {
            return false;
        }
        at += 1 + fraction_digits;
    }
    int32_t ahead_seconds = 0;
    bool zoned = at < size;
    if (zoned && (separator != 'T' || !hw_zone_read(text + at, size - at, &ahead_seconds))) {
        return false;
    }
    int64_t since_1970 = (int64_t)days * 86400 + (int64_t)seconds - ahead_seconds;
    /*
     * The fraction counts forwards from the second before it, so before 1970 too this rounds down.
     */
    *out_timestamp = (struct hw_timestamp){
        .micros = since_1970 * 1000000 + nanos / 1000,
        .nanos = (uint16_t)(nanos % 1000),
        .fraction_digits = (uint8_t)fraction_digits,
        .zoned = zoned,
    };
    return true;
}

static inline bool hw_timestamp_nanos(struct hw_timestamp timestamp, int64_t *out_nanos) {
    /*
     * In 128 bits: the earliest nanoseconds lie above the int64 border, their whole microsecond
     * below it.
     */
    __int128 nanos = (__int128)timestamp.micros * 1000 + timestamp.nanos;
    if (HW_UNLIKELY(nanos != (int64_t)nanos)) {
        return false;
    }
    *out_nanos = (int64_t)nanos;
    return true;
}

static inline bool hw_date_read(const char *text, int32_t *out_days) {
    /* All but the century stands in 8 bytes; the 4 that hold the century hold the year again. */
    uint64_t year_month_day = hw_load_le64(text + 2) ^ HW_SWAR_PAIRS('-');
    uint32_t four_digits = hw_load_le32(text) ^ (uint32_t)HW_SWAR_EACH('0');
    if (HW_UNLIKELY(hw_swar_not_pairs(year_month_day) || hw_swar_not_digits(four_digits))) {
        return false;
    }
    uint64_t pairs = hw_swar_pairs(year_month_day);
    uint32_t century = (four_digits * 10 + (four_digits >> 8)) & 0xff;
    uint32_t year_of_century = pairs & 0xff;
    uint32_t month = pairs >> 24 & 0xff;
    uint32_t day = pairs >> 48 & 0xff;

    /*
     * A year that ends in 00 is leap where its century is a multiple of 4, so nothing is divided.
     */
    uint32_t leap = ((year_of_century ? year_of_century : century) & 3) == 0;
    struct hw_month in_year = hw_months[leap][month];
    if (HW_UNLIKELY(day - 1 >= in_year.days || (century | year_of_century) == 0)) {
        return false;
    }
    /*
     * Days since year 0: centuries have 36524 1/4 days and years 365 1/4, rounded up because the
     * first of four is the leap one. But the first year of a century that is no leap year has a day
     * less, which the years behind it make up for.
     */
    uint32_t missing = (year_of_century > 0) & ((century & 3) > 0);
    uint32_t year_start = ((century * 146097 + 3) >> 2) + ((year_of_century * 1461 + 3) >> 2) - missing;
    *out_days = (int32_t)(year_start + in_year.days_before + day - 1) - HW_DATE_EPOCH_DAYS;
    return true;
}

static inline bool hw_clock_read(const char *text, uint32_t *out_seconds) {
    uint64_t clock = hw_load_le64(text) ^ HW_SWAR_PAIRS(':');
    uint64_t pairs = hw_swar_pairs(clock);
    uint32_t hour = pairs & 0xff;
    uint32_t minute = pairs >> 24 & 0xff;
    uint32_t second = pairs >> 48 & 0xff;
    if (HW_UNLIKELY(hw_swar_not_pairs(clock) || hour > 23 || minute > 59 || second > 59)) {
        return false;
    }
    *out_seconds = (hour * 60 + minute) * 60 + second;
    return true;
}

static inline size_t hw_fraction_read(const char *text, size_t size, uint32_t *out_nanos) {
    uint64_t digits = hw_swar_load_digits(text);
    size_t count = hw_min_size(hw_swar_first(hw_swar_not_digits(digits)), size);
    if (HW_UNLIKELY(count == 0)) {
        return 0;
    }
    /*
     * The first digits stay where they are, so zeros take the place of what is missing behind them.
     */
    size_t unused_bits = 64 - 8 * count;
    uint32_t nanos = hw_swar_value(digits << unused_bits >> unused_bits) * 10;
    uint32_t ninth = (uint32_t)(uint8_t)text[8] - '0';
    if (count == 8 && size > 8 && ninth <= 9) {
        nanos += ninth;
        count = 9;
    }
    *out_nanos = nanos;
    return count;
}

static inline bool hw_zone_read(const char *text, size_t size, int32_t *out_seconds) {
    if (size == 1 && *text == 'Z') {
        *out_seconds = 0;
        return true;
    }
    if (size != HW_ZONE_BYTES || (*text != '+' && *text != '-') || text[3] != ':') {
        return false;
    }
    uint32_t digits[4] = {
        (uint32_t)(uint8_t)text[1] - '0',
        (uint32_t)(uint8_t)text[2] - '0',
        (uint32_t)(uint8_t)text[4] - '0',
        (uint32_t)(uint8_t)text[5] - '0',
    };
    uint32_t hours = digits[0] * 10 + digits[1];
    uint32_t minutes = digits[2] * 10 + digits[3];
    if (digits[0] > 9 || digits[1] > 9 || digits[2] > 9 || digits[3] > 9 || hours > 23 || minutes > 59) {
        return false;
    }
    int32_t seconds = (int32_t)(hours * 60 + minutes) * 60;
    *out_seconds = *text == '-' ? -seconds : seconds;
    return true;
}

#endif
