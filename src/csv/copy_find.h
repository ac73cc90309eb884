/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies a text and looks for a byte in it at once: most texts are too short for two calls of the C
 * library.
 */
#ifndef HW_CSV_COPY_FIND_H
#define HW_CSV_COPY_FIND_H

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/base.h"

/* Bytes after a text that are readable, and bytes after its copy that are writable. */
enum { HW_COPY_FIND_MARGIN = 64 };

#if defined(__SSE2__)
/*
 * Does hw_copy_find for texts of up to HW_COPY_FIND_MARGIN bytes: copies, and looks at, that many
 * bytes whatever the size.
 */
static inline size_t hw_copy_find_short(char *out, const char *text, size_t size, char byte) {
    uint64_t found = 0;
    for (unsigned i = 0; i < HW_COPY_FIND_MARGIN; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text + i));
        _mm_storeu_si128((__m128i *)(void *)(out + i), bytes);
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte))) << i;
    }
    return found ? hw_min_size((size_t)__builtin_ctzll(found), size) : size;
}
#endif

/*
 * Copies `text` up to and with the first `byte`, or all of it where it has none. Returns the index
 * of that byte, or `size`. What stands behind the copy is unspecified for HW_COPY_FIND_MARGIN
 * bytes.
 */
static inline size_t hw_copy_find(char *out, const char *text, size_t size, char byte) {
#if defined(__SSE2__)
    if (HW_LIKELY(size <= HW_COPY_FIND_MARGIN)) {
        return hw_copy_find_short(out, text, size, byte);
    }
#endif
    const char *found = memchr(text, byte, size);
    memcpy(out, text, found ? (size_t)(found + 1 - text) : size);
    return found ? (size_t)(found - text) : size;
}

#endif
