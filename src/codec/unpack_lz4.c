/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lz4 frames by liblz4, which checks the header of a frame, and the hashes of its blocks and its
 * content where it has them.
 */
#include "codec/unpack_lz4.h"

#include <lz4frame.h>

#include "core/alloc.h"

struct unlz4 {
    LZ4F_dctx *context;
    bool in_frame; /* the source must not end here */
};

/* Blocks have 4 MiB at most; liblz4 keeps one packed and one unpacked, and 128 KiB before it. */
static uint64_t unlz4_window_bytes(const void *head, size_t bytes) {
    (void)head;
    (void)bytes;
    return HW_MIB(9);
}

static enum hw_status unlz4_open(uint64_t window_bytes_max, void **out_state, struct hw_error *err) {
    (void)window_bytes_max; /* a window has 64 KiB */
    struct unlz4 *unlz4 = hw_alloc_zero(1, sizeof(*unlz4));
    if (!unlz4) {
        return hw_fail_nomem(err, sizeof(*unlz4));
    }
    if (LZ4F_isError(LZ4F_createDecompressionContext(&unlz4->context, LZ4F_VERSION))) {
        hw_free(unlz4);
        return hw_fail(err, HW_ENOMEM, "out of memory for an lz4 context");
    }
    unlz4->in_frame = true; /* no bytes at all are no lz4 */
    *out_state = unlz4;
    return HW_OK;
}

static enum hw_status frame_step(struct unlz4 *unlz4, struct hw_packed *packed, uint8_t *out, size_t *room,
                                 struct hw_error *err);

static enum hw_status unlz4_run(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                                struct hw_error *err) {
    struct unlz4 *unlz4 = state;
    size_t used = 0;
    while (used < capacity) {
        if (!unlz4->in_frame) {
            HW_TRY(hw_packed_more(packed, HW_PACKING_LZ4, &unlz4->in_frame, err));
        }
        if (!unlz4->in_frame) {
            break;
        }
        size_t bytes = capacity - used;
        HW_TRY(frame_step(unlz4, packed, (uint8_t *)out + used, &bytes, err));
        used += bytes;
    }
    *out_bytes = used;
    return HW_OK;
}

/* Takes packed bytes, and sets `*room` to how many bytes it has put out. */
static enum hw_status frame_step(struct unlz4 *unlz4, struct hw_packed *packed, uint8_t *out, size_t *room,
                                 struct hw_error *err) {
    HW_TRY(hw_packed_fill(packed, err));
    const size_t left = hw_packed_left(packed);
    size_t taken = left;
    const size_t result = LZ4F_decompress(unlz4->context, out, room, hw_packed_next(packed), &taken, NULL);
    if (LZ4F_isError(result)) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "lz4: corrupt: %s", LZ4F_getErrorName(result));
    }
    packed->at += taken;
    unlz4->in_frame = result != 0;
    /* Without input, liblz4 may still hold output; when that has come too, the rest is missing. */
    if (left == 0 && *room == 0 && unlz4->in_frame) {
        return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "lz4: " HW_PACKED_CUT " a frame");
    }
    return HW_OK;
}

static void unlz4_close(void *state) {
    struct unlz4 *unlz4 = state;
    LZ4F_freeDecompressionContext(unlz4->context);
    hw_free(unlz4);
}

const struct hw_unpacker_ops hw_unlz4_ops = {unlz4_window_bytes, unlz4_open, unlz4_run, unlz4_close};
