/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as text: hexadecimal digits, and base64. */
#ifndef HW_CORE_BYTES_TEXT_H
#define HW_CORE_BYTES_TEXT_H

#include "core/base.h"

/* Writes lower-case hexadecimal digits; `out` has room for 2 * bytes + 1, NUL included. */
void hw_hex(const uint8_t *data, size_t bytes, char *out);

/* The room that the base64 of so many bytes takes, NUL included. */
#define HW_BASE64_BYTES(bytes) (((bytes) + 2) / 3 * 4 + 1)
/*
 * Writes base64 (RFC 4648, padded); `out` has room for HW_BASE64_BYTES(bytes). Returns the length
 * without NUL.
 */
size_t hw_base64(const uint8_t *data, size_t bytes, char *out);

#endif
