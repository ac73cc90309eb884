/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as text: hexadecimal digits, and base64. */
#ifndef HW_CORE_BYTES_TEXT_H
#define HW_CORE_BYTES_TEXT_H

#include "core/view.h"

/* Writes lower-case hexadecimal digits; `out` has room for 2 * bytes + 1, NUL included. */
void hw_hex(const uint8_t *data, size_t bytes, char *out);

/* The room that the base64 of so many bytes takes, NUL included. */
#define HW_BASE64_BYTES(bytes) (((bytes) + 2) / 3 * 4 + 1)
/*
 * Writes base64 (RFC 4648, padded); `out` has room for HW_BASE64_BYTES(bytes). Returns the length
 * without NUL.
 */
size_t hw_base64(const uint8_t *data, size_t bytes, char *out);

/* The room that hw_base64_decode needs for a text of so many bytes. */
#define HW_BASE64_DECODED_BYTES(bytes) ((bytes) / 4 * 3)
/*
 * Decodes base64 (RFC 4648, padded, without line ends) and sets `*out_bytes` to the number of bytes
 * of `out`. Returns false where the text is something else; `out` is unspecified then.
 */
HW_NODISCARD bool hw_base64_decode(hw_view text, uint8_t *out, size_t *out_bytes);

#endif
