/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mask.h"

enum { SECRET_BYTES_MIN = 4 };

/* Returns the length of the longest part of `secret` that `text` begins with. */
static size_t match_bytes(const char *text, const char *secret) {
    size_t longest = 0;
    for (const char *at = secret; *at; at++) {
        size_t bytes = 0;
        while (at[bytes] && at[bytes] == text[bytes]) {
            bytes++;
        }
        longest = hw_max_size(longest, bytes);
    }
    return longest;
}

void hw_mask(char *text, const char *secret) {
    static const char mark[] = "***";
    const size_t secret_bytes = strlen(secret);
    const size_t needed = hw_min_size(secret_bytes, HW_MASK_BYTES_MIN);
    char *kept = text;
    if (secret_bytes < SECRET_BYTES_MIN) {
        return;
    }
    while (*text) {
        size_t bytes = match_bytes(text, secret);
        if (bytes >= needed) {
            /* There is room, because `needed` is at least 4. */
            memcpy(kept, mark, sizeof(mark) - 1);
            kept += sizeof(mark) - 1;
            text += bytes;
        } else {
            *kept++ = *text++;
        }
    }
    *kept = '\0';
}

void hw_mask_error(struct hw_error *err, const char *secret) {
    if (err) {
        hw_mask(err->message, secret);
        hw_mask(err->s3_code, secret);
        hw_mask(err->request_id, secret);
    }
}
