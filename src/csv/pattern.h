/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A POSIX extended regular expression over UTF-8 texts, whatever the locale of the process is. For
 * one thread at a time: the C library would make several wait for each other.
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
 * Fails with HW_ECONFIG where `text` is no such expression, or one that would take much memory:
 * once its repeats are written out, it has more characters than HW_CSV_PATTERN_STATES_MAX, and more
 * than before. Refuses a repeat right after another one too, as POSIX leaves that undefined.
 */
HW_NODISCARD enum hw_status hw_csv_pattern_init(struct hw_csv_pattern *pattern, const char *text, struct hw_error *err);
void hw_csv_pattern_release(struct hw_csv_pattern *pattern);

/*
 * Finds whether the text has a match of the pattern, at any place unless the pattern is anchored.
 * Fails with HW_ENOMEM only.
 */
HW_NODISCARD enum hw_status hw_csv_pattern_find(struct hw_csv_pattern *pattern, hw_view text, bool *out_found,
                                                struct hw_error *err);

#endif
