/* SPDX-License-Identifier: Apache-2.0 */
/* Single values as texts that read back as the same value. Not for columns of them: nothing here is fast. */
#ifndef HW_TABLE_VALUE_TEXT_H
#define HW_TABLE_VALUE_TEXT_H

#include <hawser/table.h>

#include "core/base.h"

enum { HW_VALUE_TEXT_BYTES = 48 }; /* the longest and its NUL: 38 digits, sign, point; a UUID */

/*
 * Writes a value of a fixed-width kind, or the bool at `value` of HW_KIND_BOOL, as a CSV would have it: the shortest double, "1.50" for decimal(3,2), "true",
 * "2024-02-29", "2024-02-29T12:00:00.000001Z". Empty for HW_KIND_NULL and HW_KIND_TEXT. Whatever the locale is.
 */
void hw_value_text(struct hw_type type, const void *value, char out[HW_VALUE_TEXT_BYTES]);

#endif
