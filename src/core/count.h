/* SPDX-License-Identifier: Apache-2.0 */
/* Counts as people write them, "1 row" and "2 rows": the one place that makes plurals. */
#ifndef HW_CORE_COUNT_H
#define HW_CORE_COUNT_H

#include "core/base.h"

enum { HW_COUNT_TEXT_BYTES = 64 };

/* Returns the word that fits the count, as in hw_plural(files, "is", "are"). */
static inline const char *hw_plural(uint64_t count, const char *one, const char *many) {
    return count == 1 ? one : many;
}

/*
 * Writes a count and what is counted, which `noun` names in the singular: "1 entry", "0 entries".
 * Returns `out`. What does not fit is cut off.
 */
char *hw_count_text(uint64_t count, const char *noun, char out[HW_COUNT_TEXT_BYTES]);

/* Gives the same as an argument of a function. The text lives until the end of the block. */
#define HW_COUNT(count, noun) hw_count_text((uint64_t)(count), (noun), (char[HW_COUNT_TEXT_BYTES]){0})

#endif
