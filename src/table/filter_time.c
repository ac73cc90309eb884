/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_time.h"

#include "core/calendar.h"
#include "table/convert.h"

#define NANOS_OF_SECOND INT64_C(1000000000)
#define NANOS_OF_DAY (86400 * NANOS_OF_SECOND)

/* Years beyond are out of every type's range. */
enum { YEAR_DIGITS_MAX = 7 };

/* Takes a character off the text's beginning, where it is there. */
static bool take(hw_view *text, char wanted) {
    if (text->size == 0 || text->data[0] != wanted) {
        return false;
    }
    text->data++;
    text->size--;
    return true;
}

/* Takes `least` to `most` digits, as many as there are. */
static bool digits_take(hw_view *text, size_t least, size_t most, int64_t *out_number) {
    size_t count = 0;
    int64_t number = 0;
    while (count < most && count < text->size && text->data[count] >= '0' && text->data[count] <= '9') {
        number = number * 10 + (text->data[count] - '0');
        count++;
    }
    text->data += count;
    text->size -= count;
    *out_number = number;
    return count >= least;
}

static bool date_take(hw_view *text, int64_t *out_days) {
    int64_t year;
    int64_t month;
    int64_t day;
    const bool negative = take(text, '-');
    const bool is_signed = negative || take(text, '+');
    if (!digits_take(text, 4, is_signed ? YEAR_DIGITS_MAX : 4, &year) || !take(text, '-') ||
        !digits_take(text, 2, 2, &month) || !take(text, '-') || !digits_take(text, 2, 2, &day)) {
        return false;
    }
    year = negative ? -year : year;
    if (!hw_calendar_has_day(year, month, day)) {
        return false;
    }
    *out_days = hw_calendar_days(year, month, day);
    return true;
}

static bool fraction_take(hw_view *text, int64_t *out_nanos) {
    const size_t before = text->size;
    if (!digits_take(text, 1, 9, out_nanos)) {
        return false;
    }
    for (size_t digits = before - text->size; digits < 9; digits++) {
        *out_nanos *= 10;
    }
    return true;
}

static bool clock_take(hw_view *text, int64_t *out_nanos) {
    int64_t hours;
    int64_t minutes;
    int64_t seconds = 0;
    int64_t nanos = 0;
    if (!digits_take(text, 2, 2, &hours) || !take(text, ':') || !digits_take(text, 2, 2, &minutes)) {
        return false;
    }
    if (take(text, ':') && (!digits_take(text, 2, 2, &seconds) || (take(text, '.') && !fraction_take(text, &nanos)))) {
        return false;
    }
    *out_nanos = (hours * 3600 + minutes * 60 + seconds) * NANOS_OF_SECOND + nanos;
    return hours < 24 && minutes < 60 && seconds < 60;
}

/* Takes a zone, where there is one, as the nanoseconds that it is ahead of UTC. */
static bool zone_take(hw_view *text, bool *out_zoned, int64_t *out_nanos) {
    int64_t hours;
    int64_t minutes = 0;
    *out_nanos = 0;
    *out_zoned = take(text, 'Z');
    if (*out_zoned || text->size == 0) {
        return true;
    }
    const bool negative = take(text, '-');
    if ((!negative && !take(text, '+')) || !digits_take(text, 2, 2, &hours)) {
        return false;
    }
    const bool colon = take(text, ':');
    if ((colon || text->size > 0) && !digits_take(text, 2, 2, &minutes)) {
        return false;
    }
    const int64_t ahead = (hours * 3600 + minutes * 60) * NANOS_OF_SECOND;
    *out_nanos = negative ? -ahead : ahead;
    *out_zoned = true;
    return hours < 24 && minutes < 60;
}

bool hw_literal_date(hw_view text, struct hw_literal_time *out_time) {
    int64_t days;
    if (!date_take(&text, &days) || text.size > 0) {
        return false;
    }
    *out_time = (struct hw_literal_time){.nanos = (__int128)days * NANOS_OF_DAY};
    return true;
}

bool hw_literal_time_of_day(hw_view text, struct hw_literal_time *out_time) {
    int64_t nanos;
    if (!clock_take(&text, &nanos) || text.size > 0) {
        return false;
    }
    *out_time = (struct hw_literal_time){.nanos = nanos};
    return true;
}

bool hw_literal_timestamp(hw_view text, struct hw_literal_time *out_time) {
    int64_t days;
    int64_t nanos;
    int64_t ahead;
    bool zoned;
    if (hw_literal_date(text, out_time)) {
        return true;
    }
    if (!date_take(&text, &days) || (!take(&text, 'T') && !take(&text, ' ')) || !clock_take(&text, &nanos) ||
        !zone_take(&text, &zoned, &ahead) || text.size > 0) {
        return false;
    }
    *out_time = (struct hw_literal_time){(__int128)days * NANOS_OF_DAY + nanos - ahead, zoned};
    return true;
}
