/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/time_format.h"

enum { NAME_BYTES_MIN = 3, ZONE_BYTES_MAX = 6, FRACTION_BYTES_MAX = 9, CENTURY_PIVOT = 69, FORMAT_BYTES_MAX = 200 };

/* What a directive fills. */
enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION, ZONE, HALF, PARTS };

/* The parts of a text of a format. */
struct moment {
    unsigned numbers[PARTS]; /* of HALF: 1 is AM, 2 is PM */
    hw_view fraction;
    hw_view zone;
};

/* Takes a part from the start of the text. Returns false where there is none. */
typedef bool part_fn(hw_view *text, enum part part, struct moment *moment);

static bool year_take(hw_view *text, enum part part, struct moment *moment);
static bool short_year_take(hw_view *text, enum part part, struct moment *moment);
static bool pair_take(hw_view *text, enum part part, struct moment *moment);
static bool month_take(hw_view *text, enum part part, struct moment *moment);
static bool half_take(hw_view *text, enum part part, struct moment *moment);
static bool fraction_take(hw_view *text, enum part part, struct moment *moment);
static bool zone_take(hw_view *text, enum part part, struct moment *moment);

struct directive {
    char letter;
    enum part part;
    part_fn *take; /* NULL: `stands_for` says what it is */
    const char *stands_for;
};

static const struct directive directives[] = {
    {'Y', YEAR, year_take, NULL},         {'y', YEAR, short_year_take, NULL}, {'m', MONTH, pair_take, NULL},
    {'b', MONTH, month_take, NULL},       {'B', MONTH, month_take, NULL},     {'d', DAY, pair_take, NULL},
    {'e', DAY, pair_take, NULL},          {'H', HOUR, pair_take, NULL},       {'I', HOUR, pair_take, NULL},
    {'p', HALF, half_take, NULL},         {'M', MINUTE, pair_take, NULL},     {'S', SECOND, pair_take, NULL},
    {'f', FRACTION, fraction_take, NULL}, {'z', ZONE, zone_take, NULL},       {'F', PARTS, NULL, "%Y-%m-%d"},
    {'D', PARTS, NULL, "%m/%d/%y"},       {'T', PARTS, NULL, "%H:%M:%S"},     {'R', PARTS, NULL, "%H:%M"},
};

static const struct directive *directive_find(char letter) {
    for (size_t i = 0; i < COUNT_OF(directives); i++) {
        if (directives[i].letter == letter) {
            return &directives[i];
        }
    }
    return NULL;
}

static enum hw_status parts_count(const char *format, unsigned counts[PARTS], struct hw_error *err);

enum hw_status hw_csv_time_format_check(const char *format, enum hw_csv_time_kind kind, struct hw_error *err) {
    static const char *const names[PARTS] = {"year",   "month",    "day",  "hour",     "minute",
                                             "second", "fraction", "zone", "AM and PM"};
    unsigned counts[PARTS] = {0};
    char quoted[HW_QUOTE_BYTES];
    hw_quote(format, strlen(format), quoted, sizeof(quoted));
    if (strlen(format) > FORMAT_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "format %s has more than %d bytes", quoted, FORMAT_BYTES_MAX);
    }
    HW_TRY(parts_count(format, counts, err));
    for (enum part part = YEAR; part < PARTS; part++) {
        const bool needed = part <= DAY || (part == HOUR && kind == HW_CSV_TIME_TIMESTAMP);
        if (counts[part] > 1) {
            return hw_fail(err, HW_EUSAGE, "format %s has the %s twice", quoted, names[part]);
        }
        if (needed && counts[part] == 0) {
            return hw_fail(err, HW_EUSAGE, "format %s has no %s", quoted, names[part]);
        }
        if (part >= HOUR && counts[part] > 0 && kind == HW_CSV_TIME_DATE) {
            return hw_fail(err, HW_EUSAGE, "format %s has the %s, which is no part of a date", quoted, names[part]);
        }
    }
    return HW_OK;
}

static enum hw_status parts_count(const char *format, unsigned counts[PARTS], struct hw_error *err) {
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            continue;
        }
        at++;
        const struct directive *directive = directive_find(*at);
        if (!directive && *at != '%') {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EUSAGE,
                           "format %s has a %% without one of the letters YybBmdeHIpMSfzFDTR%% behind it",
                           hw_quote(format, strlen(format), quoted, sizeof(quoted)));
        }
        if (directive && directive->stands_for) {
            HW_TRY(parts_count(directive->stands_for, counts, err));
        } else if (directive) {
            counts[directive->part]++;
        }
    }
    return HW_OK;
}

bool hw_csv_time_format_numeric(const char *format) {
    for (const char *at = format; *at != '\0'; at++) {
        const bool part = *at == '%' && at[1] != '%';
        if (part && strchr("YymdeHIMSf", at[1])) {
            at++;
        } else if (*at < '0' || *at > '9') {
            return false;
        }
    }
    return true;
}

static bool format_take(const char *format, hw_view *text, struct moment *moment);
static size_t moment_print(const struct moment *moment, char *out);

bool hw_csv_time_read(const char *format, hw_view text, char room[HW_CSV_TIME_BYTES], hw_view *out_value) {
    struct moment moment = {.numbers = {[HOUR] = UINT32_MAX}};
    if (!format_take(format, &text, &moment) || text.size > 0) {
        return false;
    }
    unsigned *hour = &moment.numbers[HOUR];
    if (moment.numbers[HALF] > 0) { /* 12 AM is midnight */
        if (*hour < 1 || *hour > 12) {
            return false;
        }
        *hour = *hour % 12 + (moment.numbers[HALF] == 2 ? 12 : 0);
    }
    memset(room, 0, HW_CSV_TIME_BYTES);
    *out_value = (hw_view){room, moment_print(&moment, room)};
    return true;
}

static bool format_take(const char *format, hw_view *text, struct moment *moment) {
    for (const char *at = format; *at != '\0'; at++) {
        const struct directive *directive = *at == '%' ? directive_find(at[1]) : NULL;
        at += *at == '%' ? 1 : 0;
        if (!directive) {
            if (text->size == 0 || text->data[0] != *at) {
                return false;
            }
            *text = (hw_view){text->data + 1, text->size - 1};
            continue;
        }
        bool taken = directive->take ? directive->take(text, directive->part, moment)
                                     : format_take(directive->stands_for, text, moment);
        if (!taken) {
            return false;
        }
    }
    return true;
}

/* Takes up to `digits_max` digits, at least `digits_min`, from the start of the text. */
static bool number_take(hw_view *text, size_t digits_min, size_t digits_max, unsigned *out_number) {
    size_t count = 0;
    unsigned number = 0;
    while (count < text->size && count < digits_max && text->data[count] >= '0' && text->data[count] <= '9') {
        number = number * 10 + (unsigned)(text->data[count++] - '0');
    }
    *text = (hw_view){text->data + count, text->size - count};
    *out_number = number;
    return count >= digits_min;
}

static bool year_take(hw_view *text, enum part part, struct moment *moment) {
    return number_take(text, 4, 4, &moment->numbers[part]);
}

static bool short_year_take(hw_view *text, enum part part, struct moment *moment) {
    if (!number_take(text, 2, 2, &moment->numbers[part])) {
        return false;
    }
    moment->numbers[part] += moment->numbers[part] < CENTURY_PIVOT ? 2000 : 1900;
    return true;
}

static bool pair_take(hw_view *text, enum part part, struct moment *moment) {
    return number_take(text, 1, 2, &moment->numbers[part]);
}

/* Takes a word from the start of the text, in any case: all of it, or its first three letters. */
static bool word_take(hw_view *text, const char *word, size_t bytes_min) {
    size_t count = 0;
    while (count < text->size && word[count] != '\0' && (text->data[count] | 0x20) == word[count]) {
        count++;
    }
    if (word[count] != '\0' && count < bytes_min) {
        return false;
    }
    count = word[count] == '\0' ? count : bytes_min;
    *text = (hw_view){text->data + count, text->size - count};
    return true;
}

static bool month_take(hw_view *text, enum part part, struct moment *moment) {
    static const char *const names[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (word_take(text, names[i], NAME_BYTES_MIN)) {
            moment->numbers[part] = i + 1;
            return true;
        }
    }
    return false;
}

static bool half_take(hw_view *text, enum part part, struct moment *moment) {
    const bool morning = word_take(text, "am", 2);
    moment->numbers[part] = morning ? 1 : 2;
    return morning || word_take(text, "pm", 2);
}

static bool fraction_take(hw_view *text, enum part part, struct moment *moment) {
    (void)part;
    size_t count = 0;
    while (count < text->size && count < FRACTION_BYTES_MAX && text->data[count] >= '0' && text->data[count] <= '9') {
        count++;
    }
    moment->fraction = (hw_view){text->data, count};
    *text = (hw_view){text->data + count, text->size - count};
    return count > 0;
}

/* Takes what may be a zone: the parser of timestamps judges it. */
static bool zone_take(hw_view *text, enum part part, struct moment *moment) {
    (void)part;
    size_t count = 0;
    while (count < text->size && count < ZONE_BYTES_MAX && text->data[count] != '\0' &&
           strchr("Z+-:0123456789", text->data[count])) {
        count++;
    }
    moment->zone = (hw_view){text->data, count};
    *text = (hw_view){text->data + count, text->size - count};
    return count > 0;
}

static char *digits_print(char *out, unsigned number, size_t digits, char separator) {
    for (size_t i = digits; i-- > 0; number /= 10) {
        out[i] = (char)('0' + number % 10);
    }
    out[digits] = separator;
    return out + digits + (separator != '\0' ? 1 : 0);
}

static size_t moment_print(const struct moment *moment, char *out) {
    char *at = digits_print(out, moment->numbers[YEAR], 4, '-');
    at = digits_print(at, moment->numbers[MONTH], 2, '-');
    at = digits_print(at, moment->numbers[DAY], 2, '\0');
    if (moment->numbers[HOUR] == UINT32_MAX) {
        return (size_t)(at - out);
    }
    *at++ = 'T';
    at = digits_print(at, moment->numbers[HOUR], 2, ':');
    at = digits_print(at, moment->numbers[MINUTE], 2, ':');
    at = digits_print(at, moment->numbers[SECOND], 2, '\0');
    if (moment->fraction.size > 0) {
        *at++ = '.';
        memcpy(at, moment->fraction.data, moment->fraction.size);
        at += moment->fraction.size;
    }
    if (moment->zone.size > 0) {
        memcpy(at, moment->zone.data, moment->zone.size);
        at += moment->zone.size;
    }
    return (size_t)(at - out);
}
