/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952, one member) and raw deflate (RFC 1951) by ISA-L, where no level is asked for: more than twice as fast
 * as libdeflate's level 1, for about a twentieth more bytes. That is its level 1: level 0 gains 5 to 9 % of the time,
 * for 7 to 13 % more bytes. Which matches it finds depends, once in thousands of blocks, on where they lie in memory:
 * what comes out inflates to the same, but need not be the same bytes each time.
 */
#include <isa-l/igzip_lib.h>

#include "codec/codec.h"
#include "core/alloc.h"

enum {
    LEVEL_BUFFER_BYTES = ISAL_DEF_LVL1_MEDIUM, /* a larger one makes nothing faster or smaller */
    BLOCK_BYTES_MAX = INT32_MAX,               /* ISA-L counts in 32 bits, and adds to what it counts */
    STORED_BYTES_MAX = 65535,                  /* what does not shrink is stored, RFC 1951 3.2.4 */
    STORED_HEADER_BYTES = 5,
    MEMBER_BYTES = 18, /* header and trailer, RFC 1952 2.3 */
};

struct igzip_state {
    const char *name;
    uint16_t wrapper;
    struct isal_zstream stream;
    uint8_t level_buffer[LEVEL_BUFFER_BYTES];
};

static enum hw_status igzip_open(const char *name, uint16_t wrapper, void **out_state, struct hw_error *err) {
    struct igzip_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    state->name = name;
    state->wrapper = wrapper;
    *out_state = state;
    return HW_OK;
}

static enum hw_status gzip_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    return igzip_open("gzip", IGZIP_GZIP, out_state, err);
}

static enum hw_status deflate_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    return igzip_open("deflate", IGZIP_DEFLATE, out_state, err);
}

static void igzip_close(void *state) {
    hw_free(state);
}

static size_t igzip_bound(size_t bytes) {
    return bytes + (bytes / STORED_BYTES_MAX + 1) * STORED_HEADER_BYTES + MEMBER_BYTES;
}

static enum hw_status igzip_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                struct hw_error *err) {
    struct igzip_state *igzip = state;
    struct isal_zstream *stream = &igzip->stream;

    if (block.size > BLOCK_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "%s without a level cannot hold a block of %zu bytes", igzip->name, block.size);
    }
    isal_deflate_stateless_init(stream); /* all of it: a run leaves some of the public fields changed */
    stream->level = 1;
    stream->level_buf = igzip->level_buffer;
    stream->level_buf_size = sizeof(igzip->level_buffer);
    stream->gzip_flag = igzip->wrapper;
    stream->end_of_stream = 1;
    stream->next_in = (uint8_t *)(uintptr_t)block.data; /* read only */
    stream->avail_in = (uint32_t)block.size;
    stream->next_out = out;
    stream->avail_out = (uint32_t)hw_min_size(out_capacity, UINT32_MAX);
    if (isal_deflate_stateless(stream) != COMP_OK) {
        return hw_fail(err, HW_EFAILED, "%s: the room of %zu bytes is too small", igzip->name, out_capacity);
    }
    *out_bytes = stream->total_out;
    return HW_OK;
}

static size_t igzip_held(const void *state) {
    return sizeof(*(const struct igzip_state *)state);
}

const struct hw_codec_ops hw_igzip_gzip_ops = {gzip_open, igzip_close, igzip_bound, igzip_run, igzip_held, NULL, NULL};
const struct hw_codec_ops hw_igzip_deflate_ops = {deflate_open, igzip_close, igzip_bound, igzip_run,
                                                  igzip_held,   NULL,        NULL};
