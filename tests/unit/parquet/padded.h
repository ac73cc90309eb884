/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes of a page as decoders get them: with HW_DECODED_PADDING bytes behind, which may be read and
 * must not matter, and nothing behind these.
 */
#ifndef HW_TESTS_PARQUET_PADDED_H
#define HW_TESTS_PARQUET_PADDED_H

#include <stdlib.h>

#include "unit/parquet/decode.h"

#include "parquet/decoded.h"

struct padded {
    char *data;
    size_t size;
};

static inline struct padded padded_copy(const void *data, size_t size) {
    struct padded padded = {malloc(size + HW_DECODED_PADDING), size};
    assert_non_null(padded.data);
    memset(padded.data, 0xa5, size + HW_DECODED_PADDING);
    if (size > 0) {
        memcpy(padded.data, data, size);
    }
    return padded;
}

static inline void padded_release(struct padded *padded) {
    free(padded->data);
}

static inline hw_view padded_view(const struct padded *padded) {
    return (hw_view){padded->data, padded->size};
}

/* A place for `count` values of `width` bytes, and for what decoders may write behind them. */
static inline struct padded padded_room(size_t count, size_t width) {
    struct padded padded = {calloc(count * width + HW_DECODED_PADDING, 1), count * width};
    assert_non_null(padded.data);
    return padded;
}

#endif
