/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/cell.h"

#include <strings.h>

enum { CELL_BYTES_MAX = 64 /* longer fields are words or JSON */ };

static hw_view blanks_cut(hw_view field);
static bool is_number(hw_view text);
static bool is_time(hw_view text);
static bool is_json(hw_view text);

/* Most fields that are words show it by their first byte. */
static bool may_begin_value(char first) {
    return (unsigned char)(first - '0') <= 9 || (first != '\0' && strchr("+-.,$\xe2\xc2", first));
}

enum hw_csv_cell hw_csv_cell_of(hw_view field) {
    const hw_view text = blanks_cut(field);
    if (text.size == 0) {
        return HW_CSV_CELL_EMPTY;
    }
    if (is_json(text)) {
        return HW_CSV_CELL_JSON;
    }
    if (text.size > CELL_BYTES_MAX) {
        return HW_CSV_CELL_WORDS;
    }
    if ((text.size == 4 && strncasecmp(text.data, "true", 4) == 0) ||
        (text.size == 5 && strncasecmp(text.data, "false", 5) == 0)) {
        return HW_CSV_CELL_BOOLEAN;
    }
    if (!may_begin_value(text.data[0])) {
        return HW_CSV_CELL_WORDS;
    }
    return is_number(text) ? HW_CSV_CELL_NUMBER : is_time(text) ? HW_CSV_CELL_TIME : HW_CSV_CELL_WORDS;
}

static hw_view blanks_cut(hw_view field) {
    while (field.size > 0 && (field.data[0] == ' ' || field.data[0] == '\t')) {
        field.data++;
        field.size--;
    }
    for (; field.size > 0; field.size--) {
        const char last = field.data[field.size - 1];
        if (last != ' ' && last != '\t' && last != '\r') {
            break;
        }
    }
    return field;
}

/* ------ steps through a text: each takes what it finds, and tells whether that was anything */

static bool byte_take(hw_view *text, const char *bytes) {
    for (; text->size > 0 && *bytes != '\0'; bytes++) {
        if (text->data[0] == *bytes) {
            text->data++;
            text->size--;
            return true;
        }
    }
    return false;
}

static size_t digits_take(hw_view *text) {
    size_t count = 0;
    while (count < text->size && (unsigned char)(text->data[count] - '0') <= 9) {
        count++;
    }
    text->data += count;
    text->size -= count;
    return count;
}

static bool word_take(hw_view *text, const char *word) {
    /* The first byte nearly always tells. */
    if (text->size == 0 || text->data[0] != word[0] || !hw_view_starts(*text, hw_view_of(word))) {
        return false;
    }
    text->data += strlen(word);
    text->size -= strlen(word);
    return true;
}

/* ------ numbers */

static void currency_take(hw_view *text) {
    static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"};
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (word_take(text, signs[i])) {
            byte_take(text, " ");
            return;
        }
    }
}

/* Takes digits in groups of three behind the first, if there are groups. */
static void groups_take(hw_view *text, char separator) {
    const char separators[] = {separator, '\0'};
    hw_view after = *text;
    while (byte_take(&after, separators) && digits_take(&after) == 3) {
        *text = after;
    }
}

static bool is_number(hw_view text) {
    byte_take(&text, "+-");
    currency_take(&text);
    byte_take(&text, "+-");
    const size_t first = digits_take(&text);
    const char separator = text.size > 0 ? text.data[0] : '\0';
    if (first >= 1 && first <= 3 && separator != '\0' && strchr(",.' ", separator)) {
        groups_take(&text, separator);
    }
    const size_t fraction = byte_take(&text, ".,") ? digits_take(&text) : 0;
    if (first + fraction == 0) {
        return false;
    }
    if (byte_take(&text, "eE")) {
        byte_take(&text, "+-");
        if (digits_take(&text) == 0) {
            return false;
        }
    }
    byte_take(&text, " ");
    currency_take(&text);
    byte_take(&text, "%");
    return text.size == 0;
}

/* ------ times */

/* Takes 12:30, 12:30:59 or 12:30:59.123. */
static bool clock_take(hw_view *text) {
    hw_view after = *text;
    const size_t hours = digits_take(&after);
    if (hours < 1 || hours > 2 || !byte_take(&after, ":") || digits_take(&after) != 2) {
        return false;
    }
    *text = after;
    if (byte_take(&after, ":") && digits_take(&after) == 2) {
        *text = after;
        if (byte_take(&after, ".,") && digits_take(&after) > 0) {
            *text = after;
        }
    }
    return true;
}

/* Takes Z, +02, +0200 or +02:00, and AM and PM; nothing is fine too. */
static void zone_take(hw_view *text) {
    byte_take(text, " ");
    if (byte_take(text, "Z") || word_take(text, "AM") || word_take(text, "PM") || word_take(text, "UTC")) {
        return;
    }
    if (byte_take(text, "+-")) {
        digits_take(text);
        if (byte_take(text, ":")) {
            digits_take(text);
        }
    }
}

/* Takes three numbers with the same separator between them, as a date has them. */
static bool date_take(hw_view *text) {
    hw_view after = *text;
    const size_t first = digits_take(&after);
    const char separator[] = {after.size > 0 ? after.data[0] : '\0', '\0'};
    if (first < 1 || first > 4 || first == 3 || separator[0] == '\0' || !strchr("-/.", separator[0])) {
        return false;
    }
    byte_take(&after, separator);
    const size_t second = digits_take(&after);
    if (second < 1 || second > 2 || !byte_take(&after, separator)) {
        return false;
    }
    const size_t third = digits_take(&after);
    const bool years = first == 4 ? third >= 1 && third <= 2 : third == 2 || third == 4;
    if (years) {
        *text = after;
    }
    return years;
}

/* 20241231T235959Z */
static bool basic_time_take(hw_view *text) {
    hw_view after = *text;
    if (digits_take(&after) != 8 || !byte_take(&after, "T")) {
        return false;
    }
    const size_t digits = digits_take(&after);
    *text = after;
    return digits == 4 || digits == 6;
}

static bool is_time(hw_view text) {
    if (basic_time_take(&text)) {
        zone_take(&text);
        return text.size == 0;
    }
    const bool date = date_take(&text);
    if (date && text.size == 0) {
        return true;
    }
    if ((date && !byte_take(&text, "T ")) || !clock_take(&text)) {
        return false;
    }
    zone_take(&text);
    return text.size == 0;
}

/* ------ JSON */

/* Brackets open and close in pairs, but for those in strings; nothing follows the last of them. */
static bool is_json(hw_view text) {
    const char last = text.data[text.size - 1];
    const bool object = text.data[0] == '{' && last == '}';
    int depth = 0;
    bool inside = false;
    if (!object && !(text.data[0] == '[' && last == ']')) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];
        if (inside && byte == '\\') {
            i++;
        } else if (byte == '"') {
            inside = !inside;
        } else if (!inside) {
            depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
            if (depth == 0 && i + 1 < text.size) {
                return false;
            }
        }
    }
    return depth == 0 && !inside;
}
