/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bare LZ4 block, as Parquet's LZ4_RAW has it. Levels 1 and 2 are the fast compressor, 3 to 12
 * the high one.
 */
#include <lz4.h>
#include <lz4hc.h>

#include "codec/codec.h"
#include "core/alloc.h"

struct lz4_state {
    int level;
    size_t scratch_bytes;
    void *scratch;
};

static enum hw_status lz4_open(int level, void **out_state, struct hw_error *err) {
    struct lz4_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    size_t scratch_bytes = (size_t)(level < LZ4HC_CLEVEL_MIN ? LZ4_sizeofState() : LZ4_sizeofStateHC());
    *state = (struct lz4_state){level, scratch_bytes, hw_alloc(scratch_bytes)};
    if (!state->scratch) {
        hw_free(state);
        return hw_fail_nomem(err, scratch_bytes);
    }
    *out_state = state;
    return HW_OK;
}

static void lz4_close(void *state) {
    struct lz4_state *lz4 = state;
    hw_free(lz4->scratch);
    hw_free(lz4);
}

/* LZ4_compressBound in size_t: it stays an upper bound where a block is too large for LZ4. */
static size_t lz4_bound(size_t bytes) {
    return bytes + bytes / 255 + 16;
}

static enum hw_status lz4_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                              struct hw_error *err) {
    struct lz4_state *lz4 = state;
    int room = (int)hw_min_size(out_capacity, INT32_MAX);
    int bytes;

    if (block.size > LZ4_MAX_INPUT_SIZE) {
        return hw_fail(err, HW_ELIMIT, "lz4 cannot hold a block of %zu bytes", block.size);
    }
    if (lz4->level < LZ4HC_CLEVEL_MIN) {
        bytes = LZ4_compress_fast_extState(lz4->scratch, block.data, out, (int)block.size, room, 1);
    } else {
        bytes = LZ4_compress_HC_extStateHC(lz4->scratch, block.data, out, (int)block.size, room, lz4->level);
    }
    if (bytes <= 0) {
        return hw_fail(err, HW_EFAILED, "lz4: the room of %zu bytes is too small", out_capacity);
    }
    *out_bytes = (size_t)bytes;
    return HW_OK;
}

static size_t lz4_held(const void *state) {
    const struct lz4_state *lz4 = state;
    return sizeof(*lz4) + lz4->scratch_bytes;
}

const struct hw_codec_ops hw_lz4_ops = {lz4_open, lz4_close, lz4_bound, lz4_run, lz4_held, NULL, NULL};
