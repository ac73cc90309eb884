/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/json_look.h"

#include <jansson.h>

/* The first bytes may end within a character, so the error is found before their end. */
enum { CHARACTER_BYTES_MAX = 4 };

static bool value_starts(hw_view text) {
    return text.size > 0 && (text.data[0] == '{' || text.data[0] == '[');
}

enum hw_json_look hw_json_look(hw_view text, bool whole) {
    json_error_t error;
    if (!value_starts(text)) {
        return HW_JSON_LOOK_NONE;
    }
    /* What another parser takes is JSON too: large integers, and a NUL that is escaped. */
    const size_t flags = JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL;
    json_t *value = json_loadb(text.data, text.size, flags, &error);
    const size_t position = (size_t)error.position;
    if (!value) {
        const bool cut = !whole && position + CHARACTER_BYTES_MAX >= text.size;
        return cut ? HW_JSON_LOOK_DOCUMENT : HW_JSON_LOOK_NONE;
    }
    json_decref(value);
    /* Where the end is not checked, the position is that behind the value. */
    const hw_view rest = hw_view_trim((hw_view){text.data + position, text.size - position});
    if (rest.size == 0) {
        return HW_JSON_LOOK_DOCUMENT;
    }
    const bool next_line = memchr(text.data + position, '\n', (size_t)(rest.data - text.data) - position) != NULL;
    return next_line && value_starts(rest) ? HW_JSON_LOOK_LINES : HW_JSON_LOOK_NONE;
}
