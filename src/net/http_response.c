/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "net/http.h"

void hw_http_response_release(struct hw_http_response *response) {
    hw_buf_release(&response->headers);
    hw_buf_release(&response->body);
}

hw_view hw_http_header_find(const struct hw_http_response *response, const char *name) {
    size_t name_bytes = strlen(name);
    hw_view rest = hw_buf_view(&response->headers);
    while (rest.size > 0) {
        const char *newline = memchr(rest.data, '\n', rest.size);
        size_t line_bytes = newline ? (size_t)(newline - rest.data) + 1 : rest.size;
        if (line_bytes > name_bytes && rest.data[name_bytes] == ':' && strncasecmp(rest.data, name, name_bytes) == 0) {
            return hw_view_trim((hw_view){rest.data + name_bytes + 1, line_bytes - name_bytes - 1});
        }
        rest.data += line_bytes;
        rest.size -= line_bytes;
    }
    return (hw_view){NULL, 0};
}

/* Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant's days_from_civil). */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* `digits` decimal digits at `at`; false where there is anything else. */
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
    *out_us = (days_from_civil(parts[0], parts[1], parts[2]) * 86400 + seconds) * 1000000;
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

bool hw_http_timestamp_parse(hw_view text, int64_t *out_us) {
    int64_t parts[6];
    if (text.size < 20 || text.data[4] != '-' || text.data[7] != '-' || text.data[10] != 'T' || text.data[13] != ':' ||
        text.data[16] != ':' || text.data[text.size - 1] != 'Z') {
        return false;
    }
    bool numbers = number_read(text.data, 4, &parts[0]) && number_read(text.data + 5, 2, &parts[1]) &&
                   number_read(text.data + 8, 2, &parts[2]) && number_read(text.data + 11, 2, &parts[3]) &&
                   number_read(text.data + 14, 2, &parts[4]) && number_read(text.data + 17, 2, &parts[5]);
    if (!numbers || !date_make(parts, out_us)) {
        return false;
    }
    if (text.size == 20) {
        return true;
    }
    /* ".000" and the like: digits beyond microseconds are dropped. */
    int64_t unit = 100000;
    for (size_t i = 20; i + 1 < text.size; i++, unit /= 10) {
        int64_t digit;
        if (!number_read(text.data + i, 1, &digit)) {
            return false;
        }
        *out_us += digit * unit;
    }
    return text.data[19] == '.' && text.size > 21;
}
