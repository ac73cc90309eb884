/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks UTF-8 by look-ups in tables, 32 bytes at a time. Finds whether a text is valid, but not
 * the place of a fault.
 */
#ifndef HW_CORE_UTF8_LOOKUP_H
#define HW_CORE_UTF8_LOOKUP_H

#include "core/view.h"

/* Returns whether this processor can do that. */
bool hw_utf8_lookup_usable(void);

/* Returns what hw_utf8_valid_exact returns. Only for processors that can do it. */
bool hw_utf8_lookup_valid(hw_view text);

#endif
