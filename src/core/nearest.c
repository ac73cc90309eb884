/* SPDX-License-Identifier: Apache-2.0 */
#include "core/nearest.h"

static size_t edits_between(const char *a, size_t a_bytes, const char *b, size_t b_bytes);
static size_t cheapest(const size_t *above2, const size_t *above, const size_t *row, size_t j, bool same, bool swapped);
static bool same_letter(char a, char b);

const char *hw_nearest(const char *word, const char *const *known, size_t count) {
    const char *best = NULL;
    size_t bytes = strlen(word);
    size_t best_edits = (bytes + 1) / 3;

    if (bytes > HW_NEAREST_WORD_BYTES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t known_bytes = strlen(known[i]);
        if (known_bytes > HW_NEAREST_WORD_BYTES_MAX) {
            continue;
        }
        size_t edits = edits_between(word, bytes, known[i], known_bytes);
        if (best ? edits < best_edits : edits <= best_edits) {
            best = known[i];
            best_edits = edits;
        }
    }
    return best;
}

/* Damerau-Levenshtein distance in its "optimal string alignment" form: no byte is edited twice. */
static size_t edits_between(const char *a, size_t a_bytes, const char *b, size_t b_bytes) {
    size_t rows[3][HW_NEAREST_WORD_BYTES_MAX + 1];
    size_t *above2 = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];

    for (size_t j = 0; j <= b_bytes; j++) {
        above2[j] = above[j] = j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            bool swapped = i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
            row[j] = cheapest(above2, above, row, j, same_letter(a[i - 1], b[j - 1]), swapped);
        }
        size_t *oldest = above2;
        above2 = above;
        above = row;
        row = oldest;
    }
    return above[b_bytes];
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
