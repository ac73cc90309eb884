/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern, a NUL and a name: what matches begins with the prefix, a literal pattern matches its prefix alone, and
 * wildcards that match hidden names match no fewer.
 */
#include "core/glob.h"

#include "core/limits.h"
#include "fuzz/fuzz.h"

static bool matches(const char *pattern, hw_view name, bool hidden) {
    HW_AUTO(hw_glob) glob = {0};
    enum hw_status status = hw_glob_init(&glob, pattern, hidden, NULL);
    FUZZ_CHECK(status == HW_OK || status == HW_EUSAGE);
    if (status != HW_OK) {
        return false;
    }
    const bool got = hw_glob_matches(&glob, name);
    const hw_view prefix = hw_view_of(glob.prefix);
    FUZZ_CHECK(hw_glob_matches(&glob, name) == got); /* nothing is left of the name before */
    FUZZ_CHECK(!got || hw_view_starts(name, prefix));
    FUZZ_CHECK(!glob.literal || got == hw_view_equal(name, prefix));
    FUZZ_CHECK(!glob.literal || hw_glob_matches(&glob, prefix));
    return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 2 * HW_GLOB_BYTES_MAX) {
        return 0;
    }
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    memcpy(text, size > 0 ? (const char *)data : "", size);
    text[size] = '\0';
    const size_t bytes = strlen(text);
    const hw_view name = bytes < size ? (hw_view){text + bytes + 1, size - bytes - 1} : HW_VIEW("");
    FUZZ_CHECK(!matches(text, name, false) || matches(text, name, true));
    free(text);
    return 0;
}
