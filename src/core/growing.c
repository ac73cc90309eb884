/* SPDX-License-Identifier: Apache-2.0 */
#include "core/growing.h"

#include "core/count.h"

/* Options are small: a size beyond this was never set. */
enum { GROWING_BYTES_MAX = 64 << 10 };

enum hw_status hw_growing_take(void *out, const void *given, const struct hw_growing *growing, struct hw_error *err) {
    size_t bytes;
    memcpy(&bytes, given, sizeof(bytes));
    if (bytes == 0) {
        bytes = growing->bytes_first;
    }
    if (bytes < growing->bytes_first || bytes > GROWING_BYTES_MAX) {
        return hw_fail(err, HW_EUSAGE, "struct %s says that it has %s: its member size is sizeof of it, or 0",
                       growing->name, HW_COUNT(bytes, "byte"));
    }
    if (bytes > growing->bytes) {
        const char *behind = (const char *)given + growing->bytes;
        HW_TRY(hw_growing_reserved(growing->name, behind, bytes - growing->bytes, err));
    }
    memset(out, 0, growing->bytes);
    memcpy(out, given, hw_min_size(bytes, growing->bytes));
    memcpy(out, &growing->bytes, sizeof(growing->bytes));
    return HW_OK;
}

enum hw_status hw_growing_reserved(const char *name, const void *reserved, size_t bytes, struct hw_error *err) {
    for (size_t i = 0; i < bytes; i++) {
        if (((const char *)reserved)[i] != 0) {
            return hw_fail(err, HW_EUSAGE, "struct %s has a member set that this version of Hawser does not know",
                           name);
        }
    }
    return HW_OK;
}
