/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/filter.h"

#include "objects/wildcard.h"

static bool pattern_takes(const char *pattern, const char *name) {
    const hw_view wanted = hw_view_of(pattern);
    const hw_view whole = hw_view_of(name);
    if (!hw_view_ends(wanted, HW_VIEW("/"))) {
        return hw_wildcard_matches(wanted, whole);
    }
    for (size_t i = 0; i < whole.size; i++) {
        if (whole.data[i] == '/' && hw_wildcard_matches(wanted, (hw_view){whole.data, i + 1})) {
            return true;
        }
    }
    return false;
}

static bool any_takes(const char *const *patterns, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (pattern_takes(patterns[i], name)) {
            return true;
        }
    }
    return false;
}

bool hw_filter_takes(const struct hw_filter *filter, const char *name) {
    if (!filter) {
        return true;
    }
    const bool included = filter->include_count == 0 || any_takes(filter->include, filter->include_count, name);
    return included && !any_takes(filter->exclude, filter->exclude_count, name);
}
