/* SPDX-License-Identifier: Apache-2.0 */
/* Prints UUIDs. */
#ifndef HW_TABLE_UUID_H
#define HW_TABLE_UUID_H

#include "core/base.h"

enum { HW_UUID_BYTES = 16, HW_UUID_TEXT_BYTES = 36 };

/* Writes 8-4-4-4-12 hexadecimal digits in lower case (RFC 9562) to `to`, without a NUL. */
static inline void hw_uuid_put(char *to, const uint8_t uuid[HW_UUID_BYTES]) {
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < HW_UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *to++ = '-';
        }
        *to++ = digits[uuid[i] >> 4];
        *to++ = digits[uuid[i] & 15];
    }
}

#endif
