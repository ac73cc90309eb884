/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/codepoint.h"

enum { CODEPOINT_BYTES_MAX = 4, CODEPOINT_MAX = 0x10ffff, SURROGATE_FIRST = 0xd800, SURROGATE_LAST = 0xdfff };

static bool is_continuation(uint8_t byte);
static bool decode(const uint8_t *at, size_t bytes, uint32_t *out_point);
static size_t encode(uint32_t point, uint8_t *at);

size_t hw_codepoint_border(const char *text, size_t at) {
    for (size_t back = 0; back < CODEPOINT_BYTES_MAX && back <= at; back++) {
        if (!is_continuation((uint8_t)text[at - back])) {
            return at - back;
        }
    }
    return at;
}

size_t hw_codepoint_raise_last(uint8_t *text, size_t bytes) {
    while (bytes > 0) {
        size_t start = bytes - 1;
        while (start > 0 && bytes - start < CODEPOINT_BYTES_MAX && is_continuation(text[start])) {
            start--;
        }
        uint32_t point;
        /* This is no UTF-8, so the byte is raised. */
        if (!decode(text + start, bytes - start, &point)) {
            if (text[bytes - 1] < UINT8_MAX) {
                text[bytes - 1]++;
                return bytes;
            }
            bytes--;
            continue;
        }
        if (point < CODEPOINT_MAX) {
            point = point + 1 == SURROGATE_FIRST ? SURROGATE_LAST + 1 : point + 1;
            return start + encode(point, text + start);
        }
        bytes = start;
    }
    return 0;
}

static bool is_continuation(uint8_t byte) {
    return (byte & 0xc0) == 0x80;
}

/* Returns whether the bytes are exactly one code point in its shortest form. */
static bool decode(const uint8_t *at, size_t bytes, uint32_t *out_point) {
    static const uint8_t lead_bits[CODEPOINT_BYTES_MAX + 1] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint8_t lead_marks[CODEPOINT_BYTES_MAX + 1] = {0, 0x00, 0xc0, 0xe0, 0xf0};
    uint8_t again[CODEPOINT_BYTES_MAX];

    if ((at[0] & ~lead_bits[bytes]) != lead_marks[bytes]) {
        return false;
    }
    uint32_t point = at[0] & lead_bits[bytes];
    for (size_t i = 1; i < bytes; i++) {
        if (!is_continuation(at[i])) {
            return false;
        }
        point = point << 6 | (at[i] & 0x3f);
    }
    if (point > CODEPOINT_MAX || (point >= SURROGATE_FIRST && point <= SURROGATE_LAST) ||
        encode(point, again) != bytes) {
        return false;
    }
    *out_point = point;
    return true;
}

static size_t encode(uint32_t point, uint8_t *at) {
    if (point < 0x80) {
        at[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        at[0] = (uint8_t)(0xc0 | point >> 6);
        at[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        at[0] = (uint8_t)(0xe0 | point >> 12);
        at[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        at[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    at[0] = (uint8_t)(0xf0 | point >> 18);
    at[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    at[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    at[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}
