/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bzip2 by libbz2, which checks the CRC of each block and of each member. A member takes at most
 * 3,700 kB of memory, whatever it holds.
 */
#include "codec/unpack_bzip2.h"

#include <bzlib.h>

#include "core/alloc.h"

struct bunzip {
    bz_stream stream;
    bool in_member; /* the source must not end here */
};

/* The manual of bzip2 states 100k + 4 * 900k for the largest blocks. */
static uint64_t bunzip_window_bytes(const void *head, size_t bytes) {
    (void)head;
    (void)bytes;
    return HW_MIB(4);
}

static void *memory_take(void *ctx, int count, int bytes) {
    size_t all;
    (void)ctx;
    return hw_mul((size_t)count, (size_t)bytes, &all) ? hw_alloc(all) : NULL;
}

static void memory_give(void *ctx, void *memory) {
    (void)ctx;
    hw_free(memory);
}

static enum hw_status member_begin(struct bunzip *bunzip, struct hw_error *err) {
    bunzip->stream = (bz_stream){.bzalloc = memory_take, .bzfree = memory_give};
    if (BZ2_bzDecompressInit(&bunzip->stream, 0, 0) != BZ_OK) {
        return hw_fail(err, HW_ENOMEM, "out of memory for unpacking bzip2");
    }
    bunzip->in_member = true;
    return HW_OK;
}

static void member_end(struct bunzip *bunzip) {
    if (bunzip->in_member) {
        BZ2_bzDecompressEnd(&bunzip->stream);
        bunzip->in_member = false;
    }
}

static enum hw_status bunzip_open(uint64_t window_bytes_max, void **out_state, struct hw_error *err) {
    (void)window_bytes_max; /* it is above what bzip2 takes */
    struct bunzip *bunzip = hw_alloc_zero(1, sizeof(*bunzip));
    if (!bunzip) {
        return hw_fail_nomem(err, sizeof(*bunzip));
    }
    enum hw_status status = member_begin(bunzip, err);
    if (status != HW_OK) {
        hw_free(bunzip);
        return status;
    }
    *out_state = bunzip;
    return HW_OK;
}

static enum hw_status member_step(struct bunzip *bunzip, struct hw_packed *packed, struct hw_error *err);

static enum hw_status bunzip_run(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    struct bunzip *bunzip = state;
    const size_t room = hw_min_size(capacity, HW_MIB(1024)); /* libbz2 counts in 32 bits */
    size_t left = room;

    while (left > 0) {
        bool more = bunzip->in_member;
        if (!more) {
            HW_TRY(hw_packed_more(packed, HW_PACKING_BZIP2, &more, err));
            HW_TRY(more ? member_begin(bunzip, err) : HW_OK);
        }
        if (!more) {
            break;
        }
        bunzip->stream.next_out = (char *)out + (room - left);
        bunzip->stream.avail_out = (unsigned)left;
        HW_TRY(member_step(bunzip, packed, err));
        left = bunzip->stream.avail_out;
    }
    *out_bytes = room - left;
    return HW_OK;
}

static enum hw_status member_step(struct bunzip *bunzip, struct hw_packed *packed, struct hw_error *err) {
    bz_stream *stream = &bunzip->stream;
    const unsigned room = stream->avail_out;
    HW_TRY(hw_packed_fill(packed, err));
    const size_t left = hw_packed_left(packed);
    stream->next_in = (char *)packed->block + packed->at;
    stream->avail_in = (unsigned)left;
    const int result = BZ2_bzDecompress(stream);
    packed->at += left - stream->avail_in;
    if (result == BZ_STREAM_END) {
        member_end(bunzip);
        return HW_OK;
    }
    if (result == BZ_MEM_ERROR) {
        return hw_fail(err, HW_ENOMEM, "out of memory for unpacking bzip2");
    }
    if (result != BZ_OK) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "bzip2: corrupt: %s",
                          result == BZ_DATA_ERROR_MAGIC ? "these bytes begin no bzip2 member"
                                                        : "a CRC differs, or a code stands for nothing");
    }
    /* Without input, libbz2 may still hold output; when that has come too, the rest is missing. */
    if (left == 0 && stream->avail_out == room) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "bzip2: " HW_PACKED_CUT " a member");
    }
    return HW_OK;
}

static void bunzip_close(void *state) {
    member_end(state);
    hw_free(state);
}

const struct hw_unpacker_ops hw_bunzip_ops = {bunzip_window_bytes, bunzip_open, bunzip_run, bunzip_close};
