/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zstandard: one frame that states its content size, without checksum (pages and blocks have their
 * own).
 *
 * A level is the library's, or one with a name, which is a level of the library with some other
 * parameters:
 *
 * - The default is level 1 with a table of 65,536 hashes, not 16,384, for blocks of more than 256
 *   KiB: it still fits in the L2 cache, so it takes 0 to 5 % more time where matches are near, and
 *   text is up to 6 % smaller.
 * - HW_LEVEL_ENTROPY is level 1 with matches of 7 bytes at least, which are looked for at few
 *   places. Where values are drawn by chance, short matches cost more than what Huffman codes make
 *   of the bytes alone.
 * - HW_LEVEL_NUMBERS is level 1 with matches of 6 bytes: the doubles of prices differ in the upper
 *   bytes and have few kinds of lower ones. Level 1 itself looks for 7 in long blocks, and leaves
 *   up to half more.
 * - HW_LEVEL_TEXT is level 3 with matches of 6 bytes, and tables that fill the L2 cache.
 * - HW_LEVEL_OPTIMAL is level 16 with tables of 2^20 places, not 2^22.
 */
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_estimateCCtxSize_usingCParams */
#include <zstd.h>
#include <zstd_errors.h>

#include "codec/codec.h"
#include "core/alloc.h"

/* In smaller blocks libzstd's own parameters are smaller too. */
enum { LONG_BYTES_MIN = (256 << 10) + 1 };

/* A level of the library, and what is different. A parameter of 0 is what the level says. */
struct tuning {
    /* 0: the level that the caller names. */
    int level;
    /* Blocks of fewer bytes have the parameters of the level. */
    size_t bytes_min;
    ZSTD_compressionParameters of;
    /* True if literals are coded too where by default they are not, as places are left out. */
    bool literals;
};

/* The targetLength of the fast strategy is the bytes between two places where nothing was found. */
static const struct tuning tuning_none = {0};
static const struct tuning tuning_default = {1, LONG_BYTES_MIN, {.hashLog = 16}, false};
static const struct tuning tuning_entropy = {1, 0, {.minMatch = 7, .targetLength = 64, .strategy = ZSTD_fast}, true};
static const struct tuning tuning_numbers = {1, 0, {.hashLog = 16, .minMatch = 6, .strategy = ZSTD_fast}, false};
static const struct tuning tuning_text = {
    3, LONG_BYTES_MIN, {.hashLog = 18, .chainLog = 17, .minMatch = 6, .strategy = ZSTD_dfast}, false};
static const struct tuning tuning_optimal = {
    16,
    LONG_BYTES_MIN,
    {.hashLog = 20, .chainLog = 20, .searchLog = 5, .minMatch = 4, .targetLength = 32, .strategy = ZSTD_btopt},
    false};

struct zstd_state {
    ZSTD_CCtx *context;
    int level;
    const struct tuning *tuning;
    /* Blocks are samples of so many bytes. 0: they are what they are. */
    size_t whole_bytes;
};

static ZSTD_compressionParameters parameters_of(const struct tuning *tuning, ZSTD_compressionParameters of,
                                                size_t block_bytes);
static void parameters_set(ZSTD_CCtx *context, const ZSTD_compressionParameters *of);

static enum hw_status open_tuned(const struct tuning *tuning, int level, void **out_state, struct hw_error *err) {
    struct zstd_state *state = hw_alloc_zero(1, sizeof(*state));
    if (!state) {
        return hw_fail_nomem(err, sizeof(*state));
    }
    state->context = ZSTD_createCCtx();
    if (!state->context) {
        hw_free(state);
        return hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
    }
    state->tuning = tuning;
    state->level = tuning->level != 0 ? tuning->level : level;
    size_t result = ZSTD_CCtx_setParameter(state->context, ZSTD_c_compressionLevel, state->level);
    if (!ZSTD_isError(result) && tuning->literals) {
        result = ZSTD_CCtx_setParameter(state->context, ZSTD_c_literalCompressionMode, ZSTD_ps_enable);
    }
    if (ZSTD_isError(result)) {
        ZSTD_freeCCtx(state->context);
        hw_free(state);
        return hw_fail(err, HW_EUSAGE, "zstd level %d: %s", level, ZSTD_getErrorName(result));
    }
    *out_state = state;
    return HW_OK;
}

static void zstd_close(void *state) {
    ZSTD_freeCCtx(((struct zstd_state *)state)->context);
    hw_free(state);
}

static enum hw_status zstd_run(void *opaque, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err) {
    const struct zstd_state *state = opaque;
    const size_t whole = state->whole_bytes > 0 ? state->whole_bytes : block.size;
    ZSTD_compressionParameters of = {0};

    if (state->whole_bytes > 0) {
        of = ZSTD_getCParams(state->level, whole, 0);
    }
    of = parameters_of(state->tuning, of, whole);
    parameters_set(state->context, &of);
    size_t result = ZSTD_compress2(state->context, out, out_capacity, block.data, block.size);
    if (ZSTD_isError(result)) {
        bool nomem = ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
        return hw_fail(err, nomem ? HW_ENOMEM : HW_EFAILED, "zstd: %s", ZSTD_getErrorName(result));
    }
    *out_bytes = result;
    return HW_OK;
}

/* Returns `of` with what the tuning has of its own for a block of so many bytes. */
static ZSTD_compressionParameters parameters_of(const struct tuning *tuning, ZSTD_compressionParameters of,
                                                size_t block_bytes) {
    const ZSTD_compressionParameters *own = &tuning->of;
    if (block_bytes < tuning->bytes_min) {
        return of;
    }
    of.hashLog = own->hashLog ? own->hashLog : of.hashLog;
    of.chainLog = own->chainLog ? own->chainLog : of.chainLog;
    of.searchLog = own->searchLog ? own->searchLog : of.searchLog;
    of.minMatch = own->minMatch ? own->minMatch : of.minMatch;
    of.targetLength = own->targetLength ? own->targetLength : of.targetLength;
    of.strategy = own->strategy ? own->strategy : of.strategy;
    return of;
}

/* A parameter of 0 is what the level says. */
static void parameters_set(ZSTD_CCtx *context, const ZSTD_compressionParameters *of) {
    /* A run that has failed is still open, and takes no parameters. */
    size_t result = ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
    const struct {
        ZSTD_cParameter parameter;
        unsigned value;
    } rows[] = {
        {ZSTD_c_windowLog, of->windowLog}, {ZSTD_c_hashLog, of->hashLog},   {ZSTD_c_chainLog, of->chainLog},
        {ZSTD_c_searchLog, of->searchLog}, {ZSTD_c_minMatch, of->minMatch}, {ZSTD_c_targetLength, of->targetLength},
        {ZSTD_c_strategy, of->strategy},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert(!ZSTD_isError(result));
        result = ZSTD_CCtx_setParameter(context, rows[i].parameter, (int)rows[i].value);
    }
    assert(!ZSTD_isError(result));
    (void)result;
}

static size_t zstd_held(const void *state) {
    return sizeof(struct zstd_state) + ZSTD_sizeof_CCtx(((const struct zstd_state *)state)->context);
}

static void zstd_set_whole(void *state, size_t whole_bytes) {
    ((struct zstd_state *)state)->whole_bytes = whole_bytes;
}

/* Blocks that are too small for the tuning may have larger tables than those that are not. */
static size_t held_max_tuned(const struct tuning *tuning, int level, size_t block_bytes) {
    const int own_level = tuning->level != 0 ? tuning->level : level;
    const size_t small_bytes = tuning->bytes_min > 0 ? hw_min_size(block_bytes, tuning->bytes_min - 1) : block_bytes;
    const ZSTD_compressionParameters small = ZSTD_getCParams(own_level, small_bytes, 0);
    const ZSTD_compressionParameters large =
        parameters_of(tuning, ZSTD_getCParams(own_level, block_bytes, 0), block_bytes);
    return sizeof(struct zstd_state) +
           hw_max_size(ZSTD_estimateCCtxSize_usingCParams(small), ZSTD_estimateCCtxSize_usingCParams(large));
}

#define ZSTD_OPS(ops, tuning, name)                                                                   \
    static enum hw_status zstd_open_##name(int level, void **out_state, struct hw_error *err) {       \
        return open_tuned(&(tuning), level, out_state, err);                                          \
    }                                                                                                 \
    static size_t zstd_held_max_##name(int level, size_t block_bytes) {                               \
        return held_max_tuned(&(tuning), level, block_bytes);                                         \
    }                                                                                                 \
    const struct hw_codec_ops ops = {zstd_open_##name, zstd_close,     ZSTD_compressBound,  zstd_run, \
                                     zstd_held,        zstd_set_whole, zstd_held_max_##name};

ZSTD_OPS(hw_zstd_ops, tuning_none, level)
ZSTD_OPS(hw_zstd_default_ops, tuning_default, default)
ZSTD_OPS(hw_zstd_entropy_ops, tuning_entropy, entropy)
ZSTD_OPS(hw_zstd_numbers_ops, tuning_numbers, numbers)
ZSTD_OPS(hw_zstd_text_ops, tuning_text, text)
ZSTD_OPS(hw_zstd_optimal_ops, tuning_optimal, optimal)
