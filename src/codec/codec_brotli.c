/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brotli. Its encoder cannot be reset, only made anew for each block; so its memory comes from a
 * list of blocks that outlive it, and the next encoder finds warm pages.
 *
 * Where an allocation returns NULL, libbrotli ends the process. So ours jumps out instead: whatever
 * the encoder had is in the list, and nothing is lost.
 */
#include <brotli/encode.h>
#include <setjmp.h>

#include "codec/codec.h"
#include "core/alloc.h"

/* A window of 1 MiB, about a page, bounds the encoder's memory; a larger one helps no page. */
enum { WINDOW_LOG = 20 };

struct scratch_block {
    struct scratch_block *next;
    size_t bytes; /* of the whole block, this head included */
    bool used;
    _Alignas(max_align_t) uint8_t data[];
};

struct brotli_state {
    uint32_t quality;
    struct scratch_block *blocks;
    jmp_buf no_memory; /* valid while an encoder works */
};

static enum hw_status block_encode(struct brotli_state *brotli, hw_view block, void *out, size_t out_capacity,
                                   size_t *out_bytes, struct hw_error *err);

static void *scratch_take(void *opaque, size_t bytes);
static void scratch_give_back(void *opaque, void *data);
static void scratch_drop(struct brotli_state *brotli, size_t bytes);
static void scratch_release(struct brotli_state *brotli);
static BrotliEncoderState *encoder_new(struct brotli_state *brotli, size_t bytes);

static enum hw_status brotli_open(int level, void **out_state, struct hw_error *err) {
    struct brotli_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    state->quality = (uint32_t)level;
    *out_state = state;
    return HW_OK;
}

static void brotli_close(void *state) {
    scratch_release(state);
    hw_free(state);
}

/* Holds for one stream without flush whose window has 16 KiB or more, at every quality. */
static size_t brotli_bound(size_t bytes) {
    return BrotliEncoderMaxCompressedSize(bytes);
}

static enum hw_status brotli_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    struct brotli_state *brotli = state;
    if (setjmp(brotli->no_memory) != 0) {
        scratch_release(brotli);
        return hw_fail(err, HW_ENOMEM, "out of memory in the brotli encoder");
    }
    return block_encode(brotli, block, out, out_capacity, out_bytes, err);
}

static enum hw_status block_encode(struct brotli_state *brotli, hw_view block, void *out, size_t out_capacity,
                                   size_t *out_bytes, struct hw_error *err) {
    size_t left_in = block.size;
    size_t left_out = out_capacity;
    const uint8_t *next_in = (const uint8_t *)block.data;
    uint8_t *next_out = out;

    BrotliEncoderState *encoder = encoder_new(brotli, block.size);
    bool ok =
        BrotliEncoderCompressStream(encoder, BROTLI_OPERATION_FINISH, &left_in, &next_in, &left_out, &next_out, NULL);
    bool finished = ok && BrotliEncoderIsFinished(encoder);
    BrotliEncoderDestroyInstance(encoder);
    if (!finished) {
        return hw_fail(err, HW_EFAILED, "brotli: the room of %zu bytes is too small", out_capacity);
    }
    *out_bytes = out_capacity - left_out;
    return HW_OK;
}

static BrotliEncoderState *encoder_new(struct brotli_state *brotli, size_t bytes) {
    BrotliEncoderState *encoder = BrotliEncoderCreateInstance(scratch_take, scratch_give_back, brotli);
    BrotliEncoderSetParameter(encoder, BROTLI_PARAM_QUALITY, brotli->quality);
    BrotliEncoderSetParameter(encoder, BROTLI_PARAM_LGWIN, WINDOW_LOG);
    BrotliEncoderSetParameter(encoder, BROTLI_PARAM_SIZE_HINT, (uint32_t)hw_min_size(bytes, UINT32_MAX));
    return encoder;
}

/*
 * The smallest free block that fits and is not mostly wasted; where none does, all smaller ones
 * make way for it.
 */
static void *scratch_take(void *opaque, size_t bytes) {
    struct brotli_state *brotli = opaque;
    size_t needed = bytes + sizeof(struct scratch_block);
    struct scratch_block *fits = NULL;

    for (struct scratch_block *block = brotli->blocks; block; block = block->next) {
        bool usable = !block->used && block->bytes >= needed && block->bytes / 2 <= needed;
        if (usable && (!fits || block->bytes < fits->bytes)) {
            fits = block;
        }
    }
    if (!fits) {
        scratch_drop(brotli, needed);
        fits = hw_alloc(needed);
        if (!fits) {
            longjmp(brotli->no_memory, 1);
        }
        fits->bytes = needed;
        fits->next = brotli->blocks;
        brotli->blocks = fits;
    }
    fits->used = true;
    return fits->data;
}

static void scratch_give_back(void *opaque, void *data) {
    (void)opaque;
    if (data) {
        struct scratch_block *block = (void *)((uint8_t *)data - offsetof(struct scratch_block, data));
        block->used = false;
    }
}

/* Frees the blocks of fewer than `bytes` that nobody uses. */
static void scratch_drop(struct brotli_state *brotli, size_t bytes) {
    struct scratch_block **at = &brotli->blocks;
    while (*at) {
        struct scratch_block *block = *at;
        if (block->used || block->bytes >= bytes) {
            at = &block->next;
            continue;
        }
        *at = block->next;
        hw_free(block);
    }
}

static void scratch_release(struct brotli_state *brotli) {
    while (brotli->blocks) {
        struct scratch_block *next = brotli->blocks->next;
        hw_free(brotli->blocks);
        brotli->blocks = next;
    }
}

static size_t brotli_held(const void *state) {
    const struct brotli_state *brotli = state;
    size_t held = sizeof(*brotli);
    for (const struct scratch_block *block = brotli->blocks; block; block = block->next) {
        held += block->bytes;
    }
    return held;
}

/*
 * libbrotli has no call that tells. These are MiB by quality, for blocks of up to 4 MiB of any
 * sizes; a test compares.
 */
static size_t brotli_held_max(int level, size_t block_bytes) {
    static const uint8_t mib[] = {4, 5, 8, 8, 14, 19, 23, 28, 36, 51, 26, 34};
    (void)block_bytes;
    return HW_MIB(mib[hw_min_size((size_t)level, COUNT_OF(mib) - 1)]);
}

const struct hw_codec_ops hw_brotli_ops = {brotli_open, brotli_close, brotli_bound,   brotli_run,
                                           brotli_held, NULL,         brotli_held_max};
