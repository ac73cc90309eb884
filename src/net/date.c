/* SPDX-License-Identifier: Apache-2.0 */
#include "net/date.h"

#include <stdio.h>

#include "core/calendar.h"
#include "core/clock.h"

/* Reads `digits` decimal digits at `at`; returns false if there is anything else. */
static bool number_read(const char *at, size_t digits, int64_t *out) {
    int64_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        value = value * 10 + (at[i] - '0');
    }
    *out = value;
    return true;
}

static bool date_make(const int64_t parts[6], int64_t *out_us) {
    static const int64_t least[6] = {1970, 1, 1, 0, 0, 0};
    static const int64_t most[6] = {9999, 12, 31, 23, 59, 60};
    for (size_t i = 0; i < 6; i++) {
        if (parts[i] < least[i] || parts[i] > most[i]) {
            return false;
        }
    }
    int64_t seconds = parts[3] * 3600 + parts[4] * 60 + parts[5];
    *out_us = (hw_calendar_days(parts[0], parts[1], parts[2]) * 86400 + seconds) * 1000000;
    return true;
}

bool hw_http_date_parse(hw_view text, int64_t *out_us) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char shape[] = "xxx, dd Mmm yyyy hh:mm:ss GMT";
    int64_t parts[6];

    if (text.size != sizeof(shape) - 1 || text.data[3] != ',' || memcmp(text.data + 25, " GMT", 4) != 0 ||
        text.data[19] != ':' || text.data[22] != ':') {
        return false;
    }
    parts[1] = 0;
    for (int64_t month = 0; month < 12; month++) {
        if (memcmp(text.data + 8, months + 3 * month, 3) == 0) {
            parts[1] = month + 1;
        }
    }
    bool numbers = number_read(text.data + 5, 2, &parts[2]) && number_read(text.data + 12, 4, &parts[0]) &&
                   number_read(text.data + 17, 2, &parts[3]) && number_read(text.data + 20, 2, &parts[4]) &&
                   number_read(text.data + 23, 2, &parts[5]);
    return numbers && date_make(parts, out_us);
}

const char *hw_http_date_text(int64_t us, char out[HW_HTTP_DATE_BYTES]) {
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday. */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[HW_CLOCK_TEXT_BYTES];
    int64_t month = 1;
    hw_clock_format(us, text);
    assert(us >= 0);
    (void)number_read(text + 5, 2, &month);
    snprintf(out, HW_HTTP_DATE_BYTES, "%.3s, %.2s %.3s %.4s %.8s GMT", days + 3 * (us / 86400000000 % 7), text + 8,
             months + 3 * (month - 1), text, text + 11);
    return out;
}

/*
 * Adds ".250" and the like to `us`, or nothing for ""; the digits beyond microseconds are dropped.
 */
static bool fraction_add(hw_view fraction, int64_t *us) {
    if (fraction.size == 0) {
        return true;
    }
    if (fraction.size == 1 || fraction.data[0] != '.') {
        return false;
    }
    int64_t unit = 100000;
    for (size_t i = 1; i < fraction.size; i++, unit /= 10) {
        int64_t digit;
        if (!number_read(fraction.data + i, 1, &digit)) {
            return false;
        }
        *us += digit * unit;
    }
    return true;
}

bool hw_http_timestamp_parse(hw_view text, int64_t *out_us) {
    int64_t parts[6];
    if (text.size < 20 || text.data[4] != '-' || text.data[7] != '-' || text.data[10] != 'T' || text.data[13] != ':' ||
        text.data[16] != ':' || text.data[text.size - 1] != 'Z') {
        return false;
    }
    bool numbers = number_read(text.data, 4, &parts[0]) && number_read(text.data + 5, 2, &parts[1]) &&
                   number_read(text.data + 8, 2, &parts[2]) && number_read(text.data + 11, 2, &parts[3]) &&
                   number_read(text.data + 14, 2, &parts[4]) && number_read(text.data + 17, 2, &parts[5]);
    int64_t us;
    if (!numbers || !date_make(parts, &us) || !fraction_add((hw_view){text.data + 19, text.size - 20}, &us)) {
        return false;
    }
    *out_us = us;
    return true;
}
