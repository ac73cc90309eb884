/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952, one member) and raw deflate (RFC 1951) by libdeflate, where a level is asked for.
 */
#include <libdeflate.h>

#include "codec/codec.h"
#include "core/alloc.h"

struct deflate_state {
    struct libdeflate_compressor *compressor;
    size_t compressor_bytes;
};

/* What libdeflate 1.14 allocates for a compressor; it has no call that tells. A test compares. */
static const struct {
    int level_max;
    size_t bytes;
} compressor_sizes[] = {{0, 6119}, {1, 202759}, {9, 668295}, {12, 9009543}};

static size_t compressor_bytes_of(int level) {
    size_t row = 0;
    while (row + 1 < COUNT_OF(compressor_sizes) && level > compressor_sizes[row].level_max) {
        row++;
    }
    return compressor_sizes[row].bytes;
}

static enum hw_status deflate_open(int level, void **out_state, struct hw_error *err) {
    struct deflate_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    state->compressor_bytes = compressor_bytes_of(level);
    state->compressor = libdeflate_alloc_compressor(level);
    if (!state->compressor) {
        hw_free(state);
        return hw_fail_nomem(err, state->compressor_bytes);
    }
    *out_state = state;
    return HW_OK;
}

static void deflate_close(void *state) {
    struct deflate_state *deflate = state;
    libdeflate_free_compressor(deflate->compressor);
    hw_free(deflate);
}

static size_t gzip_bound(size_t bytes) {
    return libdeflate_gzip_compress_bound(NULL, bytes);
}

static size_t deflate_bound(size_t bytes) {
    return libdeflate_deflate_compress_bound(NULL, bytes);
}

static enum hw_status gzip_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err) {
    struct deflate_state *deflate = state;
    size_t bytes = libdeflate_gzip_compress(deflate->compressor, block.data, block.size, out, out_capacity);
    if (bytes == 0) {
        return hw_fail(err, HW_EFAILED, "gzip: the room of %zu bytes is too small", out_capacity);
    }
    *out_bytes = bytes;
    return HW_OK;
}

static enum hw_status deflate_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                  struct hw_error *err) {
    struct deflate_state *deflate = state;
    size_t bytes = libdeflate_deflate_compress(deflate->compressor, block.data, block.size, out, out_capacity);
    if (bytes == 0) {
        return hw_fail(err, HW_EFAILED, "deflate: the room of %zu bytes is too small", out_capacity);
    }
    *out_bytes = bytes;
    return HW_OK;
}

static size_t deflate_held(const void *state) {
    const struct deflate_state *deflate = state;
    return sizeof(*deflate) + deflate->compressor_bytes;
}

static size_t deflate_held_max(int level, size_t block_bytes) {
    (void)block_bytes;
    return sizeof(struct deflate_state) + compressor_bytes_of(level);
}

const struct hw_codec_ops hw_gzip_ops = {deflate_open, deflate_close, gzip_bound,      gzip_run,
                                         deflate_held, NULL,          deflate_held_max};
const struct hw_codec_ops hw_deflate_ops = {deflate_open, deflate_close, deflate_bound,   deflate_run,
                                            deflate_held, NULL,          deflate_held_max};
