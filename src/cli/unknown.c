/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/unknown.h"

#include <stdio.h>

#include "core/nearest.h"

/* Known words are listed as long as they fit into this. */
enum { KNOWN_BYTES = 256 };

static const char all_below[] = "a path that ends in / names all that lies below it";

/* Words of other tools, and what takes their place here. */
static const struct {
    const char *word;
    const char *instead;
} others[] = {{"--recursive", all_below}, {"-r", all_below}, {"-R", all_below}};

static const char *instead_find(hw_view word);
static const char *nearest_find(hw_view word, const char *const *known, size_t count);
static bool known_join(const char *const *known, size_t count, char *out);

enum hw_status hw_fail_unknown(struct hw_error *err, const char *what, hw_view word, const char *const *known,
                               size_t count) {
    char quote[HW_QUOTE_BYTES];
    char list[KNOWN_BYTES];
    const char *instead = instead_find(word);
    const char *nearest = nearest_find(word, known, count);
    hw_quote(word.data, word.size, quote, sizeof(quote));
    if (instead) {
        return hw_fail(err, HW_EUSAGE, "unknown %s %s: %s", what, quote, instead);
    }
    if (nearest) {
        return hw_fail(err, HW_EUSAGE, "unknown %s %s; did you mean %s?", what, quote, nearest);
    }
    if (known_join(known, count, list)) {
        return hw_fail(err, HW_EUSAGE, "unknown %s %s; known: %s", what, quote, list);
    }
    return hw_fail(err, HW_EUSAGE, "unknown %s %s", what, quote);
}

static const char *instead_find(hw_view word) {
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        if (hw_view_equal(word, hw_view_of(others[i].word))) {
            return others[i].instead;
        }
    }
    return NULL;
}

static const char *nearest_find(hw_view word, const char *const *known, size_t count) {
    char text[HW_NEAREST_WORD_BYTES_MAX + 1];
    if (word.size >= sizeof(text)) {
        return NULL;
    }
    memcpy(text, word.data, word.size);
    text[word.size] = '\0';
    return hw_nearest(text, known, count);
}

/* False where they do not fit. */
static bool known_join(const char *const *known, size_t count, char *out) {
    size_t used = 0;
    for (size_t i = 0; i < count && used < KNOWN_BYTES; i++) {
        used += (size_t)snprintf(out + used, KNOWN_BYTES - used, "%s%s", i > 0 ? ", " : "", known[i]);
    }
    return used > 0 && used < KNOWN_BYTES;
}
