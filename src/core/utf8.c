/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

/* Smallest code point of each length; anything below is overlong. */
static const uint32_t utf8_smallest[] = {0, 0, 0x80, 0x800, 0x10000};

/* RFC 3629, section 4. */
size_t hw_utf8_bytes(const char *text, size_t bytes) {
    if (bytes == 0) {
        return 0;
    }
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80             ? 1
                    : (first & 0xe0) == 0xc0 ? 2
                    : (first & 0xf0) == 0xe0 ? 3
                    : (first & 0xf8) == 0xf0 ? 4
                                             : 0;
    if (length == 0 || length > bytes) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    uint32_t code = hw_utf8_code(text, length);
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < utf8_smallest[length] || code > 0x10ffff || surrogate ? 0 : length;
}

uint32_t hw_utf8_code(const char *text, size_t bytes) {
    uint32_t code = (unsigned char)text[0];
    if (bytes > 1) {
        code &= 0xffu >> (bytes + 1);
    }
    for (size_t i = 1; i < bytes; i++) {
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    }
    return code;
}

/* Eight bytes at a time as long as they are ASCII. */
bool hw_utf8_all(const char *text, size_t bytes) {
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    for (size_t at = 0; at < bytes;) {
        if (bytes - at >= sizeof(uint64_t) && (hw_load_le64(text + at) & high_bits) == 0) {
            at += sizeof(uint64_t);
            continue;
        }
        size_t step = hw_utf8_bytes(text + at, bytes - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}
