/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 by RFC 3629, so without overlong forms, surrogates, and code points above U+10FFFF. */
#ifndef HW_CORE_UTF8_VALID_H
#define HW_CORE_UTF8_VALID_H

#include "core/arena.h"
#include "core/view.h"

/*
 * Returns whether `text` is UTF-8. Where it is not, `*out_at` (NULL is allowed) is the offset of
 * the first byte of the first sequence at fault.
 */
bool hw_utf8_valid(hw_view text, size_t *out_at);

/* Does the same a sequence at a time. Every faster way must agree with it. */
bool hw_utf8_valid_exact(hw_view text, size_t *out_at);

/*
 * Returns a copy in `arena` of the UTF-8 with which `text` begins, ended with a NUL: a character
 * that was cut at the end is left out. Returns NULL when out of memory.
 */
HW_NODISCARD char *hw_utf8_cut(hw_view text, struct hw_arena *arena);

/*
 * Writes a code point, 0 to 0x10FFFF and no surrogate, as 1 to 4 bytes, and returns their number.
 * `out` has room for 4 bytes.
 */
size_t hw_utf8_encode(uint32_t code_point, char *out);

#endif
