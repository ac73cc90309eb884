/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other spellings of types: the words that SQL, Arrow and other programs have for a type, in one
 * table. docs/types.md lists those that a column of a CSV can have.
 */
#ifndef HW_TABLE_TYPE_ALIAS_H
#define HW_TABLE_TYPE_ALIAS_H

#include "core/nearest.h"

enum { HW_TYPE_TEXT_BYTES = 64 };

/*
 * Writes `text` in the form that hw_type_format has, if it is a spelling of a type: in lower case,
 * without blanks, brackets round, and the word replaced where it is another one for a type. Returns
 * false where `out` is too small: then it is no type.
 */
bool hw_type_alias_resolve(const char *text, char out[HW_TYPE_TEXT_BYTES]);

/* Offers all words of the table to a search for the nearest one. */
void hw_type_alias_offer(struct hw_nearest_search *search);

#endif
