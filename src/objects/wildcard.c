/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/wildcard.h"

size_t hw_wildcard_literal_bytes(const char *pattern) {
    return strcspn(pattern, "*?");
}

bool hw_wildcard_there(const char *pattern) {
    return pattern[hw_wildcard_literal_bytes(pattern)] != '\0';
}

/* Returns where the character that begins at `at` ends. */
static size_t character_end(hw_view name, size_t at) {
    at++;
    while (at < name.size && ((uint8_t)name.data[at] & 0xC0) == 0x80) {
        at++;
    }
    return at;
}

/*
 * Only the last '*' is ever widened: whatever an earlier one could take in addition, the last one
 * can take as well. So the time is at most the product of both lengths.
 */
bool hw_wildcard_matches(hw_view pattern, hw_view name) {
    size_t in_pattern = 0, in_name = 0;
    /* The place behind the last '*', and the place in the name up to which that one reaches. */
    size_t star = SIZE_MAX, star_reach = 0;
    while (in_name < name.size) {
        const char wanted = in_pattern < pattern.size ? pattern.data[in_pattern] : '\0';
        const bool more = in_pattern < pattern.size;
        if (more && wanted == '*') {
            star = ++in_pattern;
            star_reach = in_name;
        } else if (more && wanted == '?') {
            in_pattern++;
            in_name = character_end(name, in_name);
        } else if (more && wanted == name.data[in_name]) {
            in_pattern++;
            in_name++;
        } else if (star != SIZE_MAX) {
            in_pattern = star;
            in_name = ++star_reach;
        } else {
            return false;
        }
    }
    while (in_pattern < pattern.size && pattern.data[in_pattern] == '*') {
        in_pattern++;
    }
    return in_pattern == pattern.size;
}
