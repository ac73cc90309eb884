/* SPDX-License-Identifier: Apache-2.0 */
#include "table/value_text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "table/batch.h"

static const int64_t SECONDS_PER_DAY = 86400;

static void double_text(double value, char *out) {
    if (!isfinite(value)) {
        snprintf(out, HW_VALUE_TEXT_BYTES, "%s", isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* always there */
    locale_t before = uselocale(c);
    int digits = 1;
    do {
        snprintf(out, HW_VALUE_TEXT_BYTES, "%.*g", digits, value);
    } while (strtod(out, NULL) != value && digits++ < 17);
    if (fabs(value) >= 1 && fabs(value) < 1e16 && strchr(out, 'e')) {
        snprintf(out, HW_VALUE_TEXT_BYTES, "%.0f", value); /* 100, not 1e+02 */
    }
    uselocale(before);
    freelocale(c);
}

static void decimal_text(__int128 value, unsigned scale, char *out) {
    char reversed[HW_VALUE_TEXT_BYTES];
    unsigned __int128 magnitude = value < 0 ? 0 - (unsigned __int128)value : (unsigned __int128)value;
    size_t used = 0;
    for (size_t digits = 0; magnitude > 0 || digits <= scale; digits++, magnitude /= 10) {
        if (digits == scale && scale > 0) {
            reversed[used++] = '.';
        }
        reversed[used++] = (char)('0' + (int)(magnitude % 10));
    }
    if (value < 0) {
        reversed[used++] = '-';
    }
    for (size_t i = 0; i < used; i++) {
        out[i] = reversed[used - 1 - i];
    }
    out[used] = '\0';
}

/* Proleptic Gregorian (Howard Hinnant's civil_from_days). */
static int date_text(int64_t days, char *out) {
    int64_t shifted = days + 719468; /* from 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return snprintf(out, HW_VALUE_TEXT_BYTES, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, year, month,
                    day_of_year - (153 * month_from_march + 2) / 5 + 1);
}

static void timestamp_text(int64_t value, struct hw_type type, char *out) {
    const int64_t per_second = type.unit == HW_UNIT_NANOS ? 1000000000 : 1000000;
    int64_t fraction = value % per_second;
    int64_t seconds = value / per_second - (fraction < 0);
    fraction += fraction < 0 ? per_second : 0;
    int64_t of_day = seconds % SECONDS_PER_DAY;
    int64_t days = seconds / SECONDS_PER_DAY - (of_day < 0);
    of_day += of_day < 0 ? SECONDS_PER_DAY : 0;

    size_t used = (size_t)date_text(days, out);
    used += (size_t)snprintf(out + used, HW_VALUE_TEXT_BYTES - used, "T%02" PRId64 ":%02" PRId64 ":%02" PRId64,
                             of_day / 3600, of_day / 60 % 60, of_day % 60);
    if (fraction > 0) {
        used += (size_t)snprintf(out + used, HW_VALUE_TEXT_BYTES - used, ".%0*" PRId64,
                                 type.unit == HW_UNIT_NANOS ? 9 : 6, fraction);
    }
    snprintf(out + used, HW_VALUE_TEXT_BYTES - used, "%s", type.utc ? "Z" : "");
}

static void uuid_text(const uint8_t *bytes, char *out) {
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out[used++] = '-';
        }
        out[used++] = digits[bytes[i] >> 4];
        out[used++] = digits[bytes[i] & 15];
    }
    out[used] = '\0';
}

void hw_value_text(struct hw_type type, const void *value, char out[HW_VALUE_TEXT_BYTES]) {
    union {
        int64_t integer;
        int32_t days;
        double real;
        __int128 decimal;
        bool truth;
    } as = {0};
    size_t bytes = type.kind == HW_KIND_BOOL ? sizeof(bool) : hw_kind_bytes(type.kind);
    memcpy(&as, value, bytes);
    out[0] = '\0';
    switch (type.kind) {
    case HW_KIND_BOOL:
        snprintf(out, HW_VALUE_TEXT_BYTES, "%s", as.truth ? "true" : "false");
        break;
    case HW_KIND_INT64:
        snprintf(out, HW_VALUE_TEXT_BYTES, "%" PRId64, as.integer);
        break;
    case HW_KIND_DOUBLE:
        double_text(as.real, out);
        break;
    case HW_KIND_DECIMAL:
        decimal_text(as.decimal, type.scale, out);
        break;
    case HW_KIND_DATE:
        date_text(as.days, out);
        break;
    case HW_KIND_TIMESTAMP:
        timestamp_text(as.integer, type, out);
        break;
    case HW_KIND_UUID:
        uuid_text(value, out);
        break;
    default:
        break;
    }
}
