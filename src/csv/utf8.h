/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef HW_CSV_UTF8_H
#define HW_CSV_UTF8_H

#include "core/arena.h"
#include "core/view.h"

/*
 * True where `text` is UTF-8; otherwise `*out_at` (NULL allowed) is the offset of the first byte of
 * the first sequence that is not.
 */
bool hw_utf8_valid(hw_view text, size_t *out_at);
/* The same, a sequence at a time: what every faster way must agree with. */
bool hw_utf8_valid_exact(hw_view text, size_t *out_at);

/*
 * A copy in `arena` of the UTF-8 with which `text` begins, ended with NUL: a character that was cut
 * at the end is left out. NULL when out of memory.
 */
HW_NODISCARD char *hw_utf8_cut(hw_view text, struct hw_arena *arena);

/*
 * Writes a code point (0..0x10FFFF, no surrogate) as 1 to 4 bytes; returns how many. `out` has room
 * for 4.
 */
size_t hw_utf8_encode(uint32_t code_point, char *out);

#endif
