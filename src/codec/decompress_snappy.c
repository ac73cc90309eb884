/* SPDX-License-Identifier: Apache-2.0 */
/* Snappy: one raw block, which begins with the number of its bytes. */
#include "codec/decompress_snappy.h"

#include <snappy-c.h>

static enum hw_status snappy_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    size_t bytes = 0;

    (void)state;
    if (snappy_uncompressed_length(block.data, block.size, &bytes) != SNAPPY_OK) {
        return hw_fail(err, HW_EDATA, "snappy: corrupt: it does not begin with its size");
    }
    if (bytes > capacity) {
        return hw_fail(err, HW_ELIMIT, "snappy: it makes %zu bytes", bytes);
    }
    if (snappy_uncompress(block.data, block.size, out, &bytes) != SNAPPY_OK) {
        return hw_fail(err, HW_EDATA, "snappy: corrupt");
    }
    *out_bytes = bytes;
    return HW_OK;
}

const struct hw_decompress_ops hw_decompress_snappy_ops = {NULL, NULL, snappy_run};
