/* SPDX-License-Identifier: Apache-2.0 */
#include "core/count.h"

#include <stdio.h>

#include "core/view.h"

/* How nouns change: what is cut off their ends, and put there. The first row that fits counts. */
static const struct {
    const char *ending, *instead;
    size_t cut;
} rules[] = {
    {"child", "ren", 0}, {"ay", "s", 0}, {"ey", "s", 0},  {"oy", "s", 0},  {"y", "ies", 1},
    {"s", "es", 0},      {"x", "es", 0}, {"ch", "es", 0}, {"sh", "es", 0}, {"", "s", 0},
};

char *hw_count_text(uint64_t count, const char *noun, char out[HW_COUNT_TEXT_BYTES]) {
    const size_t bytes = strlen(noun);
    size_t rule = 0;
    if (count == 1) {
        snprintf(out, HW_COUNT_TEXT_BYTES, "1 %s", noun);
        return out;
    }
    while (!hw_view_ends(hw_view_of(noun), hw_view_of(rules[rule].ending))) {
        rule++; /* the last one fits every noun */
    }
    snprintf(out, HW_COUNT_TEXT_BYTES, "%" PRIu64 " %.*s%s", count, (int)(bytes - rules[rule].cut), noun,
             rules[rule].instead);
    return out;
}
