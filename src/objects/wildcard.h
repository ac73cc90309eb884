/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wildcards in the names of objects, as s5cmd has them: '*' stands for any characters, '/' too, and
 * '?' for one character, '/' too. All other characters stand for themselves. Pure functions.
 */
#ifndef HW_OBJECTS_WILDCARD_H
#define HW_OBJECTS_WILDCARD_H

#include "core/view.h"

/* Returns the number of bytes before the first wildcard; all of them if there is none. */
size_t hw_wildcard_literal_bytes(const char *pattern);
/* Returns whether the pattern has a wildcard. */
bool hw_wildcard_there(const char *pattern);
/* Returns whether the whole name matches. A character is one of UTF-8, or a byte that is none. */
bool hw_wildcard_matches(hw_view pattern, hw_view name);

#endif
