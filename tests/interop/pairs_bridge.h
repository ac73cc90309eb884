/* SPDX-License-Identifier: Apache-2.0 */
/* What pairs_edit.py calls of the library, through ctypes: one pair of key-value metadata, edited. */
#ifndef HW_TESTS_PAIRS_BRIDGE_H
#define HW_TESTS_PAIRS_BRIDGE_H

#include <hawser/error.h>

enum { PAIRS_BRIDGE_MESSAGE_BYTES = 1024 };

struct bridge_bytes {
    char *data;
    size_t size;
};

/*
 * Edits the value of a key. Each line of `changes` is a path, a new name and a new type, with \x1e
 * between them; the type is a word as schema files have it, or "dropped", and both may be empty.
 * The steps of a path have \x1f between them: "f" and a name, "e", "k" or "v". Returns 0, or a
 * status with its words in `message`; HW_EDATA where the pair is left out. Free `out` with
 * pairs_bridge_free.
 */
HW_API int pairs_bridge_edit(struct bridge_bytes key, struct bridge_bytes value, const char *changes,
                             struct bridge_bytes *out, char *message);
HW_API void pairs_bridge_free(struct bridge_bytes bytes);

#endif
