/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guesses the encoding of bytes that are no UTF-8, for the message of an error. No text is ever
 * read by a guess.
 */
#ifndef HW_CSV_ENCODING_GUESS_H
#define HW_CSV_ENCODING_GUESS_H

#include "core/view.h"

/*
 * Returns the name of the encoding in which more of the characters beyond ASCII are common ones
 * than in any other: a literal, which --encoding takes. `sample` begins with a character; its first
 * 64 KiB are looked at.
 */
const char *hw_csv_encoding_guess(hw_view sample);

/*
 * Returns "utf-16le" or "utf-16be" where the first bytes of a text without a mark are such as
 * UTF-16 has, with a NUL in every second byte of its ASCII; else NULL.
 */
const char *hw_csv_encoding_guess_wide(hw_view head);

#endif
