/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629) one character at a time, for names and messages. */
#ifndef HW_CORE_UTF8_H
#define HW_CORE_UTF8_H

#include "core/base.h"

/*
 * Returns the bytes of the valid UTF-8 character that `text` begins with; 0 where it begins with
 * none. `bytes` may be 0.
 */
size_t hw_utf8_bytes(const char *text, size_t bytes);
/* Returns whether all of the text is UTF-8. Reads nothing behind it. */
bool hw_utf8_all(const char *text, size_t bytes);
/* Returns the code point of `bytes` bytes whose bit patterns are those of one character. */
uint32_t hw_utf8_code(const char *text, size_t bytes);

#endif
