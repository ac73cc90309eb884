/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/file_facts.h"

#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>

#define NS_A_SECOND INT64_C(1000000000)
enum { DECIMALS_MAX = 9, PERMISSIONS = 0777 };

const char *hw_file_mtime_text(int64_t mtime_ns, char out[HW_FILE_FACT_BYTES]) {
    const uint64_t ns = mtime_ns < 0 ? 0 - (uint64_t)mtime_ns : (uint64_t)mtime_ns;
    const int bytes = snprintf(out, HW_FILE_FACT_BYTES, "%s%" PRIu64 ".%09" PRIu64, mtime_ns < 0 ? "-" : "",
                               ns / (uint64_t)NS_A_SECOND, ns % (uint64_t)NS_A_SECOND);
    char *end = out + bytes;
    while (end[-1] == '0') {
        end--;
    }
    end -= end[-1] == '.';
    *end = '\0';
    return out;
}

const char *hw_file_mode_text(uint32_t mode, char out[HW_FILE_FACT_BYTES]) {
    snprintf(out, HW_FILE_FACT_BYTES, "%o", (unsigned)S_IFREG | (mode & PERMISSIONS));
    return out;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Further decimals than nine are no part of a time that a file can have. */
static bool mtime_read(const char *text, int64_t *out_ns) {
    const bool negative = *text == '-';
    int64_t ns = 0;
    const char *at = text + negative;
    if (!is_digit(*at)) {
        return false;
    }
    for (; is_digit(*at); at++) {
        if (!hw_mul(ns, INT64_C(10), &ns) || !hw_add(ns, (int64_t)(*at - '0'), &ns)) {
            return false;
        }
    }
    const bool point = *at == '.';
    at += point;
    for (int i = 0; i < DECIMALS_MAX; i++) {
        const bool digit = point && is_digit(*at);
        if (!hw_mul(ns, INT64_C(10), &ns) || !hw_add(ns, (int64_t)(digit ? *at - '0' : 0), &ns)) {
            return false;
        }
        at += digit;
    }
    while (point && is_digit(*at)) {
        at++;
    }
    *out_ns = negative ? -ns : ns;
    return *at == '\0';
}

/*
 * Modes that s3fs writes are decimal: read as octal, theirs have another kind of file, or digits
 * that are none.
 */
static bool mode_read(const char *text, uint32_t *out_mode) {
    uint32_t mode = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '7' && mode <= S_IFMT; at++) {
        mode = mode * 8 + (uint32_t)(*at - '0');
    }
    const bool regular = (mode & ~(uint32_t)07777) == S_IFREG || mode <= 07777;
    *out_mode = mode & PERMISSIONS;
    return at > text && *at == '\0' && regular;
}

struct hw_file_facts hw_file_facts_of(const struct hw_metadata *metadata, size_t count) {
    struct hw_file_facts facts = {0};
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(metadata[i].name, HW_MTIME_NAME) == 0) {
            facts.has_mtime = mtime_read(metadata[i].value, &facts.mtime_ns);
        } else if (strcasecmp(metadata[i].name, HW_MODE_NAME) == 0) {
            facts.has_mode = mode_read(metadata[i].value, &facts.mode);
        }
    }
    return facts;
}
