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

/* Returns the six bits of a digit; 64 for a byte that is none. */
static uint32_t base64_bits(char digit) {
    return digit >= 'A' && digit <= 'Z'   ? (uint32_t)(digit - 'A')
           : digit >= 'a' && digit <= 'z' ? (uint32_t)(digit - 'a' + 26)
           : digit >= '0' && digit <= '9' ? (uint32_t)(digit - '0' + 52)
           : digit == '+'                 ? 62
           : digit == '/'                 ? 63
                                          : 64;
}

bool hw_base64_decode(hw_view text, uint8_t *out, size_t *out_bytes) {
    const size_t pads = text.size < 4 || text.data[text.size - 1] != '=' ? 0 : text.data[text.size - 2] != '=' ? 1 : 2;
    uint8_t *to = out;
    if (text.size % 4 != 0) {
        return false;
    }
    for (size_t at = 0; at < text.size; at += 4) {
        const size_t digits = text.size - at > 4 ? 4 : 4 - pads;
        uint32_t bits = 0;
        for (size_t i = 0; i < 4; i++) {
            const uint32_t more = i < digits ? base64_bits(text.data[at + i]) : 0;
            if (more > 63) {
                return false;
            }
            bits = bits << 6 | more;
        }
        for (size_t i = 0; i + 1 < digits; i++) {
            *to++ = (uint8_t)(bits >> (16 - 8 * i));
        }
    }
    *out_bytes = (size_t)(to - out);
    return true;
}
