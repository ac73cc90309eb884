/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text.h"

#include <stdio.h>

char *hw_text_escape(const char *text, char *out, size_t out_bytes) {
    return hw_text_escape_view(hw_view_of(text), out, out_bytes);
}

char *hw_text_escape_view(hw_view view, char *out, size_t out_bytes) {
    const char *text = view.data;
    size_t left = view.size;
    size_t used = 0;
    while (left > 0) {
        size_t length = hw_utf8_bytes(text, left);
        uint32_t code = length > 0 ? hw_utf8_code(text, length) : 0;
        bool plain = code >= 0x20 && !(code >= 0x7f && code < 0xa0);
        size_t step = length > 0 ? length : 1;
        size_t needed = plain ? step : 4 * step;
        if (used + needed >= out_bytes) {
            break;
        }
        for (size_t i = 0; i < step && !plain; i++) {
            snprintf(out + used + 4 * i, 5, "\\x%02x", (unsigned)(unsigned char)text[i]);
        }
        if (plain) {
            memcpy(out + used, text, step);
        }
        used += needed;
        text += step;
        left -= step;
    }
    out[used] = '\0';
    return out;
}

enum hw_status hw_text_wrap(struct hw_buf *out, const char *text, size_t indent, size_t width, struct hw_error *err) {
    size_t column = indent;
    while (*text) {
        size_t word = strcspn(text, " \n");
        if (column > indent && column + 1 + word > width) {
            HW_TRY(hw_buf_printf(out, err, "\n%*s", (int)indent, ""));
            column = indent;
        } else if (column > indent) {
            HW_TRY(hw_buf_append_byte(out, ' ', err));
            column++;
        }
        HW_TRY(hw_buf_append(out, text, word, err));
        column += word;
        text += word;
        text += strspn(text, " ");
        if (strncmp(text, "\n\n", 2) == 0) { /* a new paragraph */
            HW_TRY(hw_buf_printf(out, err, "\n\n%*s", (int)indent, ""));
            column = indent;
            text += 2;
        } else if (*text == '\n') {
            text++;
        }
    }
    return HW_OK;
}

char *hw_text_bytes(double bytes, char *out) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;
    double value = bytes;
    while (value >= 999.5 && unit + 1 < COUNT_OF(units)) {
        value /= 1000;
        unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : 1;
    snprintf(out, HW_BYTES_TEXT_BYTES, "%.*f %s", decimals, value, units[unit]);
    return out;
}

char *hw_text_seconds(double seconds, char *out) {
    const double longest = 359999; /* 99:59:59: beyond that, an estimate says nothing */
    long whole = (long)(seconds < longest ? seconds + 0.5 : longest);
    if (seconds < 10) {
        snprintf(out, HW_BYTES_TEXT_BYTES, "%.1f s", seconds);
    } else if (whole < 60) {
        snprintf(out, HW_BYTES_TEXT_BYTES, "%ld s", whole);
    } else if (whole < 3600) {
        snprintf(out, HW_BYTES_TEXT_BYTES, "%ld:%02ld", whole / 60, whole % 60);
    } else {
        snprintf(out, HW_BYTES_TEXT_BYTES, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    }
    return out;
}
