/* SPDX-License-Identifier: Apache-2.0 */
/* The known word that somebody who mistyped one most likely meant, for "did you mean ...?". */
#ifndef HW_CORE_NEAREST_H
#define HW_CORE_NEAREST_H

#include "core/view.h"

/* Words longer than this have no neighbours. */
enum { HW_NEAREST_WORD_BYTES_MAX = 63 };

/*
 * The known word with the fewest edits (a byte inserted, removed, replaced, two neighbours swapped;
 * case does not count) from `word`, the first of several. NULL where that takes more than one edit
 * for three bytes of it.
 */
const char *hw_nearest(const char *word, const char *const *known, size_t count);

/* The same for known words that come one at a time. Start it with `word` alone set. */
struct hw_nearest_search {
    hw_view word;
    hw_view best; /* borrowed from what was offered; `data` is NULL where there is none */
    size_t best_edits;
};
void hw_nearest_offer(struct hw_nearest_search *search, hw_view known);

#endif
