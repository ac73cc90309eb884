/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts UTF-8 texts so that they still bound longer ones (parquet/statistics.h). Pure functions. */
#ifndef HW_PARQUET_CODEPOINT_H
#define HW_PARQUET_CODEPOINT_H

#include "core/base.h"

/*
 * Returns the last border of a code point at or before byte `at` of a longer text, or `at` itself
 * if the text is not UTF-8 there.
 */
size_t hw_codepoint_border(const char *text, size_t at);
/*
 * Makes `text` greater than every text that begins with it: it drops code points from the end until
 * it finds one that can be raised, and raises that one. There must be room for one byte more.
 * Returns the new size, or 0 if no code point can be raised.
 */
size_t hw_codepoint_raise_last(uint8_t *text, size_t bytes);

#endif
