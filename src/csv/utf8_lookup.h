/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 by table look-ups, 32 bytes at a time: says whether a text is valid, not where it is not.
 */
#ifndef HW_CSV_UTF8_LOOKUP_H
#define HW_CSV_UTF8_LOOKUP_H

#include "core/view.h"

/* Whether this processor can. */
bool hw_utf8_lookup_usable(void);
/* Where it can: what hw_utf8_valid_exact says. */
bool hw_utf8_lookup_valid(hw_view text);

#endif
