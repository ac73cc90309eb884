/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar's tables, timestamps of rarer forms, and UUIDs as text. */
#include "csv/datetime.h"

#include "table/uuid.h"

enum {
    NIBBLE_NONE = 0xff,
    BASIC_DATE_BYTES = 8,  /* YYYYMMDD */
    MINUTES_BYTES = 5,     /* hh:mm */
    BASIC_CLOCK_BYTES = 6, /* hhmmss */
    BASIC_MINUTES_BYTES = 4,
    FORM_BYTES = 16, /* room for a date or a clock of the common form, which is read by words */
};

const struct hw_month hw_months[2][128] = {
    {
        {0},
        {0, 31},
        {31, 28},
        {59, 31},
        {90, 30},
        {120, 31},
        {151, 30},
        {181, 31},
        {212, 31},
        {243, 30},
        {273, 31},
        {304, 30},
        {334, 31},
    },
    {
        {0},
        {0, 31},
        {31, 29},
        {60, 31},
        {91, 30},
        {121, 31},
        {152, 30},
        {182, 31},
        {213, 31},
        {244, 30},
        {274, 31},
        {305, 30},
        {335, 31},
    },
};

static size_t date_take(const char *text, size_t size, char out[FORM_BYTES]);
static size_t clock_take(const char *text, size_t size, bool basic, bool *out_whole, char out[FORM_BYTES]);
static bool zone_take(const char *text, size_t size, int32_t *out_seconds);
static size_t digits_count(const char *text, size_t size);

/* Date, clock and zone are brought into their common forms, which the hot functions read. */
bool hw_parse_timestamp_rest(const char *text, size_t size, struct hw_timestamp *out_timestamp) {
    char form[FORM_BYTES];
    int32_t days;
    uint32_t seconds;
    uint32_t nanos = 0;
    int32_t ahead_seconds = 0;
    bool whole = false;
    size_t at = date_take(text, size, form);
    if (at == 0 || at == size || !hw_date_read(form, &days)) {
        return false;
    }
    const bool basic = at == BASIC_DATE_BYTES;
    const char separator = text[at++];
    const size_t clock = clock_take(text + at, size - at, basic, &whole, form);
    if ((separator != 'T' && separator != ' ') || clock == 0 || !hw_clock_read(form, &seconds)) {
        return false;
    }
    at += clock;
    if (whole && at < size && text[at] == '.') {
        const size_t digits = hw_fraction_read(text + at + 1, size - at - 1, &nanos);
        if (digits == 0) {
            return false;
        }
        at += 1 + digits;
    }
    const bool zoned = at < size;
    const bool range = zoned && !whole && separator == ' ' && text[at] == '-'; /* 18:00-20:00 */
    if (range || (zoned && !zone_take(text + at, size - at, &ahead_seconds))) {
        return false;
    }
    return hw_timestamp_make((int64_t)days * 86400 + (int64_t)seconds - ahead_seconds, nanos, zoned, out_timestamp);
}

/* Copies a date as YYYY-MM-DD. Returns the bytes that it has in the text, 0 where there is none. */
static size_t date_take(const char *text, size_t size, char out[FORM_BYTES]) {
    if (size > BASIC_DATE_BYTES && text[BASIC_DATE_BYTES] == 'T') {
        memcpy(out, "YYYY-MM-DD", HW_DATE_BYTES);
        memcpy(out, text, 4);
        memcpy(out + 5, text + 4, 2);
        memcpy(out + 8, text + 6, 2);
        return BASIC_DATE_BYTES;
    }
    if (size < HW_DATE_BYTES) {
        return 0;
    }
    memcpy(out, text, HW_DATE_BYTES);
    return HW_DATE_BYTES;
}

/*
 * Copies a clock as hh:mm:ss, with zeros where the text has no seconds; `*out_whole` says whether
 * it has some. Returns the bytes that it has in the text, 0 where there is none.
 */
static size_t clock_take(const char *text, size_t size, bool basic, bool *out_whole, char out[FORM_BYTES]) {
    const size_t step = basic ? 2 : 3; /* from a pair of digits to the next */
    const size_t whole_bytes = basic ? BASIC_CLOCK_BYTES : HW_CLOCK_BYTES;
    const size_t minutes_bytes = basic ? BASIC_MINUTES_BYTES : MINUTES_BYTES;
    if (size < minutes_bytes) {
        return 0;
    }
    *out_whole = size >= whole_bytes && (basic ? digits_count(text, size) > minutes_bytes : text[MINUTES_BYTES] == ':');
    memcpy(out, "hh:mm:00", HW_CLOCK_BYTES);
    out[2] = basic ? ':' : text[2];
    memcpy(out, text, 2);
    memcpy(out + 3, text + step, 2);
    if (*out_whole) {
        memcpy(out + 6, text + 2 * step, 2);
    }
    return *out_whole ? whole_bytes : minutes_bytes;
}

/* Reads a zone that is all of the text, of any form, perhaps with a space before it. */
static bool zone_take(const char *text, size_t size, int32_t *out_seconds) {
    if (size > 1 && *text == ' ') {
        text++;
        size--;
    }
    if (hw_zone_read(text, size, out_seconds)) {
        return true;
    }
    char form[FORM_BYTES] = "+hh:00";
    const size_t digits = digits_count(text + 1, size - 1);
    if ((digits != 2 && digits != 4) || digits + 1 != size) {
        return false;
    }
    memcpy(form, text, 3);
    memcpy(form + 4, digits == 4 ? text + 3 : "00", 2);
    return hw_zone_read(form, HW_ZONE_BYTES, out_seconds);
}

static size_t digits_count(const char *text, size_t size) {
    size_t count = 0;
    while (count < size && text[count] >= '0' && text[count] <= '9') {
        count++;
    }
    return count;
}

static uint8_t nibble_of(char hex);

bool hw_parse_uuid(const char *text, size_t size, uint8_t out[16]) {
    /* The places of each byte's two digits in 8-4-4-4-12. */
    static const uint8_t places[HW_UUID_BYTES] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
    uint8_t bytes[HW_UUID_BYTES];

    if (size != HW_UUID_TEXT_BYTES || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
        return false;
    }
    uint8_t seen = 0;
    for (size_t i = 0; i < HW_UUID_BYTES; i++) {
        uint8_t high = nibble_of(text[places[i]]);
        uint8_t low = nibble_of(text[places[i] + 1]);
        seen |= high | low; /* NIBBLE_NONE has bits that no digit has */
        bytes[i] = (uint8_t)(high << 4 | (low & 0x0f));
    }
    if (seen > 0x0f) {
        return false;
    }
    memcpy(out, bytes, sizeof(bytes));
    return true;
}

static uint8_t nibble_of(char hex) {
    if (hex >= '0' && hex <= '9') {
        return (uint8_t)(hex - '0');
    }
    char lower = (char)(hex | 0x20);
    return lower >= 'a' && lower <= 'f' ? (uint8_t)(lower - 'a' + 10) : NIBBLE_NONE;
}
