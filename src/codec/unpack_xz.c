/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Xz by liblzma, which checks each block's CRC or hash, and the sizes that the index of a stream
 * states. Its dictionary is the window of other formats, and has the same limit.
 */
#include "codec/unpack_xz.h"

#include <lzma.h>

#include "core/alloc.h"
#include "core/limits.h"

/* What liblzma takes beside the dictionary, with room for its filters. */
#define STATE_BYTES HW_MIB(1)

struct unxz {
    lzma_stream stream;
    uint64_t window_bytes_max;
    bool limited;   /* by what the first stream asks for */
    bool in_stream; /* the source must not end here */
};

static void *memory_take(void *ctx, size_t count, size_t bytes) {
    size_t all;
    (void)ctx;
    return hw_mul(count, bytes, &all) ? hw_alloc(all) : NULL;
}

static void memory_give(void *ctx, void *memory) {
    (void)ctx;
    hw_free(memory);
}

static const lzma_allocator allocator = {memory_take, memory_give, NULL};

/*
 * Lets liblzma read the header of the first block with no memory allowed: it then says what the
 * filters would take.
 */
static uint64_t unxz_window_bytes(const void *head, size_t bytes) {
    lzma_stream stream = LZMA_STREAM_INIT;
    uint8_t out[1];
    uint64_t memory = 0;
    stream.allocator = &allocator;
    if (lzma_stream_decoder(&stream, 1, 0) == LZMA_OK) {
        stream.next_in = head;
        stream.avail_in = bytes;
        stream.next_out = out;
        stream.avail_out = sizeof(out);
        memory = lzma_code(&stream, LZMA_RUN) == LZMA_MEMLIMIT_ERROR ? lzma_memusage(&stream) : 0;
    }
    lzma_end(&stream);
    return memory;
}

static enum hw_status stream_begin(struct unxz *unxz, struct hw_error *err) {
    const lzma_ret result = lzma_stream_decoder(&unxz->stream, unxz->window_bytes_max + STATE_BYTES, 0);
    unxz->in_stream = result == LZMA_OK;
    return unxz->in_stream ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for unpacking xz");
}

static enum hw_status unxz_open(uint64_t window_bytes_max, void **out_state, struct hw_error *err) {
    const uint64_t most = UINT64_C(1) << HW_ZSTD_WINDOW_LOG_MAX;
    struct unxz *unxz = hw_alloc_zero(1, sizeof(*unxz));
    if (!unxz) {
        return hw_fail_nomem(err, sizeof(*unxz));
    }
    unxz->stream.allocator = &allocator;
    unxz->limited = window_bytes_max > 0 && window_bytes_max < most;
    unxz->window_bytes_max = unxz->limited ? window_bytes_max : most;
    enum hw_status status = stream_begin(unxz, err);
    if (status != HW_OK) {
        lzma_end(&unxz->stream);
        hw_free(unxz);
        return status;
    }
    *out_state = unxz;
    return HW_OK;
}

static enum hw_status stream_step(struct unxz *unxz, struct hw_packed *packed, struct hw_error *err);
static enum hw_status unxz_fail(const struct unxz *unxz, lzma_ret result, uint64_t offset, struct hw_error *err);

static enum hw_status unxz_run(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                               struct hw_error *err) {
    struct unxz *unxz = state;
    unxz->stream.next_out = out;
    unxz->stream.avail_out = capacity;
    while (unxz->stream.avail_out > 0) {
        bool more = unxz->in_stream;
        if (!more) {
            HW_TRY(hw_packed_more(packed, HW_PACKING_XZ, &more, err));
            HW_TRY(more ? stream_begin(unxz, err) : HW_OK);
        }
        if (!more) {
            break;
        }
        HW_TRY(stream_step(unxz, packed, err));
    }
    *out_bytes = capacity - unxz->stream.avail_out;
    return HW_OK;
}

static enum hw_status stream_step(struct unxz *unxz, struct hw_packed *packed, struct hw_error *err) {
    lzma_stream *stream = &unxz->stream;
    const size_t room = stream->avail_out;
    HW_TRY(hw_packed_fill(packed, err));
    const size_t left = hw_packed_left(packed);
    stream->next_in = hw_packed_next(packed);
    stream->avail_in = left;
    const lzma_ret result = lzma_code(stream, LZMA_RUN);
    packed->at += left - stream->avail_in;
    if (result == LZMA_STREAM_END) {
        unxz->in_stream = false;
        return HW_OK;
    }
    /* Without input, liblzma may still hold output; when that has come too, the rest is missing. */
    if ((result == LZMA_OK || result == LZMA_BUF_ERROR) && left == 0 && stream->avail_out == room) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "xz: " HW_PACKED_CUT " a stream");
    }
    return result == LZMA_OK ? HW_OK : unxz_fail(unxz, result, hw_packed_offset(packed), err);
}

static enum hw_status unxz_fail(const struct unxz *unxz, lzma_ret result, uint64_t offset, struct hw_error *err) {
    static const struct {
        lzma_ret result;
        const char *text;
    } faults[] = {
        {LZMA_FORMAT_ERROR, "these bytes begin no xz stream"},
        {LZMA_OPTIONS_ERROR, "a filter or an option of a later version"},
        {LZMA_DATA_ERROR, "a check differs, or a code stands for nothing"},
    };
    const char *text = "unknown fault";
    if (result == LZMA_MEM_ERROR) {
        return hw_fail(err, HW_ENOMEM, "out of memory for the dictionary of an xz stream");
    }
    if (result == LZMA_MEMLIMIT_ERROR) {
        return hw_fail_at(err, HW_ELIMIT, offset,
                          "xz: a stream asks for a dictionary of %" PRIu64 " MiB, more than the %" PRIu64
                          " MiB that %s",
                          lzma_memusage(&unxz->stream) >> 20, unxz->window_bytes_max >> 20,
                          unxz->limited ? "the first stream of the file asks for" : "are allowed");
    }
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        text = faults[i].result == result ? faults[i].text : text;
    }
    return hw_fail_at(err, HW_EDATA, offset, "xz: corrupt: %s", text);
}

static void unxz_close(void *state) {
    struct unxz *unxz = state;
    lzma_end(&unxz->stream);
    hw_free(unxz);
}

const struct hw_unpacker_ops hw_unxz_ops = {unxz_window_bytes, unxz_open, unxz_run, unxz_close};
