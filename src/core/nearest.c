/* SPDX-License-Identifier: Apache-2.0 */
#include "core/nearest.h"

static size_t edits_between(hw_view a, hw_view b);
static size_t cheapest(const size_t *above2, const size_t *above, const size_t *row, size_t j, bool same, bool swapped);
static bool same_letter(char a, char b);

const char *hw_nearest(const char *word, const char *const *known, size_t count) {
    struct hw_nearest_search search = {.word = hw_view_of(word)};
    for (size_t i = 0; i < count; i++) {
        hw_nearest_offer(&search, hw_view_of(known[i]));
    }
    return search.best.data;
}

void hw_nearest_offer(struct hw_nearest_search *search, hw_view known) {
    if (search->word.size > HW_NEAREST_WORD_BYTES_MAX || known.size > HW_NEAREST_WORD_BYTES_MAX) {
        return;
    }
    size_t edits = edits_between(search->word, known);
    bool nearer = search->best.data ? edits < search->best_edits : edits <= (search->word.size + 1) / 3;
    if (nearer) {
        search->best = known;
        search->best_edits = edits;
    }
}

/* Damerau-Levenshtein distance in its "optimal string alignment" form: no byte is edited twice. */
static size_t edits_between(hw_view a, hw_view b) {
    size_t rows[3][HW_NEAREST_WORD_BYTES_MAX + 1];
    size_t *above2 = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b.size; j++) {
        above2[j] = above[j] = j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool swapped = i > 1 && j > 1 && same_letter(a.data[i - 1], b.data[j - 2]) &&
                           same_letter(a.data[i - 2], b.data[j - 1]);
            row[j] = cheapest(above2, above, row, j, same_letter(a.data[i - 1], b.data[j - 1]), swapped);
        }
        size_t *oldest = above2;
        above2 = above;
        above = row;
        row = oldest;
    }
    return above[b.size];
}

static size_t cheapest(const size_t *above2, const size_t *above, const size_t *row, size_t j, bool same,
                       bool swapped) {
    size_t edits = above[j - 1] + (same ? 0 : 1);
    edits = hw_min_size(edits, above[j] + 1);
    edits = hw_min_size(edits, row[j - 1] + 1);
    return swapped ? hw_min_size(edits, above2[j - 2] + 1) : edits;
}

static bool same_letter(char a, char b) {
    char lower_a = a >= 'A' && a <= 'Z' ? (char)(a + ('a' - 'A')) : a;
    char lower_b = b >= 'A' && b <= 'Z' ? (char)(b + ('a' - 'A')) : b;
    return lower_a == lower_b;
}
