/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952, one member) and raw deflate (RFC 1951) by ISA-L, where no level is asked for:
 * more than twice as fast as libdeflate's level 1, for about a twentieth more bytes. That is its
 * level 1: level 0 gains 5 to 9 % of the time, for 7 to 13 % more bytes.
 *
 * A stream that begins without history takes a hash of the address of its own state for that of its
 * third byte (write_first_byte in ISA-L 2.30 to 2.32): once in thousands of blocks it finds other
 * matches for that. So no stream begins so. The first byte of a block is stored by itself, and is
 * the history of all that follows: a block gives the same bytes wherever anything lies, for 6 bytes
 * more.
 */
#include <isa-l/igzip_lib.h>

#include "codec/checksum.h"
#include "codec/codec.h"
#include "core/alloc.h"

enum {
    /* Codes for 64 Ki symbols at once: fewer take 2 to 5 % longer, more gain nothing. */
    LEVEL_BUFFER_BYTES = ISAL_DEF_LVL1_LARGE,
    BLOCK_BYTES_MAX = INT32_MAX, /* ISA-L counts in 32 bits, and adds to it */
    STORED_BYTES_MAX = 65535,    /* of one stored block, RFC 1951 3.2.4 */
    STORED_HEADER_BYTES = 5,
    FIRST_BYTES = STORED_HEADER_BYTES + 1, /* the first byte, stored by itself */
    SMALL_BYTES = 16,                      /* what is no longer is stored: codes take as much */
    MEMBER_HEADER_BYTES = 10,              /* RFC 1952 2.3 */
    MEMBER_TRAILER_BYTES = 8,
};

struct igzip_state {
    const char *name;
    bool is_member; /* gzip: with header and trailer */
    struct isal_zstream stream;
    uint8_t level_buffer[LEVEL_BUFFER_BYTES];
};

static enum hw_status igzip_open(const char *name, bool is_member, void **out_state, struct hw_error *err) {
    struct igzip_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    state->name = name;
    state->is_member = is_member;
    *out_state = state;
    return HW_OK;
}

static enum hw_status gzip_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    return igzip_open("gzip", true, out_state, err);
}

static enum hw_status deflate_open(int level, void **out_state, struct hw_error *err) {
    (void)level;
    return igzip_open("deflate", false, out_state, err);
}

static void igzip_close(void *state) {
    hw_free(state);
}

/* What a block takes that does not shrink. */
static size_t stored_bytes(size_t bytes) {
    return bytes + (bytes / STORED_BYTES_MAX + 1) * STORED_HEADER_BYTES;
}

static size_t igzip_bound(size_t bytes) {
    return stored_bytes(bytes) + MEMBER_HEADER_BYTES + MEMBER_TRAILER_BYTES;
}

static void member_begin(uint8_t *to);
static void member_end(uint8_t *to, hw_view block);
static size_t deflated_put(struct igzip_state *igzip, hw_view block, uint8_t *to, size_t room);
static size_t stored_put(hw_view block, bool last, uint8_t *to);

static enum hw_status igzip_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                struct hw_error *err) {
    struct igzip_state *igzip = state;
    size_t head = igzip->is_member ? MEMBER_HEADER_BYTES : 0;
    size_t frame = igzip->is_member ? MEMBER_HEADER_BYTES + MEMBER_TRAILER_BYTES : 0;
    size_t stored = stored_bytes(block.size);
    size_t bytes = 0;

    if (block.size > BLOCK_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "%s without a level cannot hold a block of %zu bytes", igzip->name, block.size);
    }
    size_t room = out_capacity > frame ? hw_min_size(out_capacity - frame, stored) : 0;
    if (block.size > SMALL_BYTES && room > FIRST_BYTES) {
        bytes = deflated_put(igzip, block, (uint8_t *)out + head, room);
    }
    if (bytes == 0 && room == stored) {
        bytes = stored_put(block, true, (uint8_t *)out + head);
    }
    if (bytes == 0) {
        return hw_fail(err, HW_EFAILED, "%s: the room of %zu bytes is too small", igzip->name, out_capacity);
    }
    if (igzip->is_member) {
        member_begin(out);
        member_end((uint8_t *)out + head + bytes, block);
    }
    *out_bytes = frame + bytes;
    return HW_OK;
}

/* Deflate, no flags, no time, no hint, no operating system. */
static void member_begin(uint8_t *to) {
    static const uint8_t header[MEMBER_HEADER_BYTES] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};
    memcpy(to, header, sizeof(header));
}

static void member_end(uint8_t *to, hw_view block) {
    hw_store_le32(to, hw_crc32(0, block.data, block.size));
    hw_store_le32(to + 4, (uint32_t)block.size);
}

/* Returns 0 where it would take more than `room`. */
static size_t deflated_put(struct igzip_state *igzip, hw_view block, uint8_t *to, size_t room) {
    struct isal_zstream *stream = &igzip->stream;
    uint8_t *data = (uint8_t *)(uintptr_t)block.data; /* read only */

    stored_put((hw_view){block.data, 1}, false, to);
    isal_deflate_init(stream); /* all of it: a run leaves some of the public fields changed */
    stream->level = 1;
    stream->level_buf = igzip->level_buffer;
    stream->level_buf_size = sizeof(igzip->level_buffer);
    stream->gzip_flag = IGZIP_DEFLATE;
    stream->end_of_stream = 1;
    stream->next_in = data + 1;
    stream->avail_in = (uint32_t)(block.size - 1);
    stream->next_out = to + FIRST_BYTES;
    stream->avail_out = (uint32_t)(room - FIRST_BYTES);
    bool ended = isal_deflate_set_dict(stream, data, 1) == COMP_OK && isal_deflate(stream) == COMP_OK &&
                 stream->internal_state.state == ZSTATE_END;
    return ended ? FIRST_BYTES + stream->total_out : 0;
}

/* Stores the bytes as they are; `last`: no block follows. Returns the bytes that it took. */
static size_t stored_put(hw_view block, bool last, uint8_t *to) {
    size_t at = 0;
    uint8_t *next = to;
    do {
        size_t bytes = hw_min_size(block.size - at, STORED_BYTES_MAX);
        next[0] = last && at + bytes == block.size;
        hw_store_le32(next + 1, (uint32_t)bytes | ~(uint32_t)bytes << 16);
        memcpy(next + STORED_HEADER_BYTES, block.data + at, bytes);
        next += STORED_HEADER_BYTES + bytes;
        at += bytes;
    } while (at < block.size);
    return (size_t)(next - to);
}

static size_t igzip_held(const void *state) {
    return sizeof(*(const struct igzip_state *)state);
}

const struct hw_codec_ops hw_igzip_gzip_ops = {gzip_open, igzip_close, igzip_bound, igzip_run, igzip_held, NULL, NULL};
const struct hw_codec_ops hw_igzip_deflate_ops = {deflate_open, igzip_close, igzip_bound, igzip_run,
                                                  igzip_held,   NULL,        NULL};
