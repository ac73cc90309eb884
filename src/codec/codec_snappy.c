/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snappy: one raw block, without frame. The library keeps no context: its hash table lives for one
 * call.
 */
#include <snappy-c.h>

#include "codec/codec.h"

static enum hw_status snappy_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    (void)err;
    *out_state = NULL;
    return HW_OK;
}

static void snappy_close(void *state) {
    (void)state;
}

static enum hw_status snappy_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    size_t bytes = out_capacity;

    (void)state;
    if (block.size > UINT32_MAX) {
        return hw_fail(err, HW_ELIMIT, "snappy cannot hold a block of %zu bytes", block.size);
    }
    if (snappy_compress(block.data, block.size, out, &bytes) != SNAPPY_OK) {
        return hw_fail(err, HW_EFAILED, "snappy: the room of %zu bytes is too small", out_capacity);
    }
    *out_bytes = bytes;
    return HW_OK;
}

static size_t snappy_held(const void *state) {
    (void)state;
    return 0;
}

const struct hw_codec_ops hw_snappy_ops = {
    snappy_open, snappy_close, snappy_max_compressed_length, snappy_run, snappy_held, NULL, NULL};
