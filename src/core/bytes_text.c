/* SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes_text.h"

void hw_hex(const uint8_t *data, size_t bytes, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * bytes] = '\0';
}

/* Writes the four digits of 24 bits. */
static void base64_put(uint32_t bits, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out[0] = digits[bits >> 18];
    out[1] = digits[bits >> 12 & 63];
    out[2] = digits[bits >> 6 & 63];
    out[3] = digits[bits & 63];
}

size_t hw_base64(const uint8_t *data, size_t bytes, char *out) {
    char *to = out;
    size_t at = 0;
    for (; bytes - at >= 3; at += 3, to += 4) {
        base64_put((uint32_t)data[at] << 16 | (uint32_t)data[at + 1] << 8 | data[at + 2], to);
    }
    if (at < bytes) {
        const bool two = bytes - at == 2;
        base64_put((uint32_t)data[at] << 16 | (two ? (uint32_t)data[at + 1] << 8 : 0), to);
        to[3] = '=';
        to[2] = two ? to[2] : '=';
        to += 4;
    }
    *to = '\0';
    return (size_t)(to - out);
}
