/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the known word that was most likely meant by a mistyped one, for "did you mean ...?". */
#ifndef HW_CORE_NEAREST_H
#define HW_CORE_NEAREST_H

#include "core/view.h"

/* Words longer than this have no neighbours. */
enum { HW_NEAREST_WORD_BYTES_MAX = 63 };

/*
 * Returns the known word that is the fewest edits away from `word`, and the first of several. An
 * edit inserts, removes or replaces a byte, or swaps two neighbours; case does not count. NULL
 * where it takes more than one edit for three bytes of `word`.
 */
const char *hw_nearest(const char *word, const char *const *known, size_t count);

/* A search among known words that come one at a time. Start it with `word` alone set. */
struct hw_nearest_search {
    hw_view word;
    hw_view best; /* borrowed from what was offered; `data` is NULL where there is none */
    size_t best_edits;
};
/* Offers the next known word, which is borrowed as long as the search. */
void hw_nearest_offer(struct hw_nearest_search *search, hw_view known);

#endif
