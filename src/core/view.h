/* SPDX-License-Identifier: Apache-2.0 */
/* A view of bytes that somebody else owns. It is passed by value, and not ended with NUL. */
#ifndef HW_CORE_VIEW_H
#define HW_CORE_VIEW_H

#include "core/base.h"

typedef struct hw_view {
    const char *data;
    size_t size;
} hw_view;

#define HW_VIEW_INIT(literal) \
    { (literal), sizeof(literal) - 1 }
#define HW_VIEW(literal) ((hw_view)HW_VIEW_INIT(literal))

static inline hw_view hw_view_of(const char *text) {
    return (hw_view){text, strlen(text)};
}

static inline bool hw_view_equal(hw_view a, hw_view b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool hw_view_starts(hw_view text, hw_view start) {
    return text.size >= start.size && (start.size == 0 || memcmp(text.data, start.data, start.size) == 0);
}

static inline bool hw_view_ends(hw_view text, hw_view end) {
    return text.size >= end.size &&
           (end.size == 0 || memcmp(text.data + text.size - end.size, end.data, end.size) == 0);
}

static inline bool hw_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Returns the text without the blanks at both ends. */
static inline hw_view hw_view_trim(hw_view text) {
    while (text.size > 0 && hw_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && hw_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

#endif
