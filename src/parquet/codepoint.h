/* SPDX-License-Identifier: Apache-2.0 */
/* Cutting UTF-8 text short without leaving its order: what bounds of long texts need. */
#ifndef HW_PARQUET_CODEPOINT_H
#define HW_PARQUET_CODEPOINT_H

#include "core/base.h"

/*
 * The last border of a code point at or before byte `at` of a longer text; `at` itself where that
 * is no UTF-8.
 */
size_t hw_codepoint_border(const char *text, size_t at);
/*
 * Makes `text` greater than every text that begins with it: drops code points from the end until
 * one can be raised, and raises that one. Needs room for 1 byte more. Returns the new size, 0 where
 * none can be raised.
 */
size_t hw_codepoint_raise_last(uint8_t *text, size_t bytes);

#endif
