/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A POSIX extended regular expression over UTF-8 texts, whatever the locale of the process is. One
 * thread at a time: the C library would let several wait for each other.
 */
#ifndef HW_CSV_PATTERN_H
#define HW_CSV_PATTERN_H

#include <locale.h>
#include <regex.h>

#include "core/error.h"
#include "core/view.h"

struct hw_csv_pattern {
    locale_t locale;
    regex_t regex;
    bool ready;
};

/*
 * HW_ECONFIG where `text` is no such expression, or one that would take much memory: more
 * characters than HW_CSV_PATTERN_STATES_MAX and than it has itself, once repeats are written out. A
 * repeat that stands right after another one, which POSIX leaves undefined, is refused too.
 */
HW_NODISCARD enum hw_status hw_csv_pattern_init(struct hw_csv_pattern *pattern, const char *text, struct hw_error *err);
void hw_csv_pattern_release(struct hw_csv_pattern *pattern);

/* Tells whether the pattern is found in the text, at any place unless it is anchored. */
HW_NODISCARD enum hw_status hw_csv_pattern_find(struct hw_csv_pattern *pattern, hw_view text, bool *out_found,
                                                struct hw_error *err);

#endif
