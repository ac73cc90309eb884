/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zstandard: one frame that states its content size, without checksum (pages and blocks have their
 * own).
 *
 * Where no level is asked for, blocks of more than 256 KiB have level 1 with a table of 65,536
 * hashes, not 16,384: it still fits in the L2 cache, so it takes 0 to 5 % more time where matches
 * are near, and text is up to 6 % smaller.
 *
 * HW_LEVEL_ENTROPY is level 1 with matches of 7 bytes at least, which are looked for at few places.
 * Where values are drawn by chance, short matches cost more than what Huffman codes make of the
 * bytes alone.
 */
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_estimateCCtxSize_usingCParams */
#include <zstd.h>
#include <zstd_errors.h>

#include "codec/codec.h"
#include "core/alloc.h"

enum {
    DEFAULT_HASH_LOG = 16,
    DEFAULT_BYTES_MIN = (256 << 10) + 1, /* smaller blocks have other parameters in libzstd */
    ENTROPY_MATCH_MIN = 7,
    /* The bytes between two places; more of them where nothing was found. */
    ENTROPY_STEP = 64,
};

static unsigned default_hash_log(size_t block_bytes);
static void parameters_set(ZSTD_CCtx *context, const ZSTD_compressionParameters *of);
static void entropy_set(ZSTD_CCtx *context);

static enum hw_status zstd_open(int level, void **out_state, struct hw_error *err) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!context) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
    }
    size_t result = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    if (ZSTD_isError(result)) {
        ZSTD_freeCCtx(context);
        return hw_fail(err, HW_EUSAGE, "zstd level %d: %s", level, ZSTD_getErrorName(result));
    }
    *out_state = context;
    return HW_OK;
}

static enum hw_status zstd_open_entropy(int level, void **out_state, struct hw_error *err) {
    void *state;

    HW_TRY(zstd_open(level, &state, err));
    entropy_set(state);
    *out_state = state;
    return HW_OK;
}

static void zstd_close(void *state) {
    ZSTD_freeCCtx(state);
}

static enum hw_status zstd_run(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err) {
    size_t result = ZSTD_compress2(state, out, out_capacity, block.data, block.size);
    if (ZSTD_isError(result)) {
        bool nomem = ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
        return hw_fail(err, nomem ? HW_ENOMEM : HW_EFAILED, "zstd: %s", ZSTD_getErrorName(result));
    }
    *out_bytes = result;
    return HW_OK;
}

/* The parameters of a whole are set already, and then there is a window. */
static enum hw_status zstd_run_default(void *state, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                                       struct hw_error *err) {
    int window_log = 0;
    size_t result = ZSTD_CCtx_getParameter(state, ZSTD_c_windowLog, &window_log);
    assert(!ZSTD_isError(result));
    (void)result;
    if (window_log == 0) {
        parameters_set(state, &(ZSTD_compressionParameters){.hashLog = default_hash_log(block.size)});
    }
    return zstd_run(state, block, out, out_capacity, out_bytes, err);
}

static size_t zstd_held(const void *state) {
    return ZSTD_sizeof_CCtx(state);
}

/* Returns the hash_log of the default, or 0 where it is that of the level. */
static unsigned default_hash_log(size_t block_bytes) {
    return block_bytes >= DEFAULT_BYTES_MIN ? DEFAULT_HASH_LOG : 0;
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

/* Returns the parameters of the state's level for a whole, all 0 for `whole_bytes` of 0. */
static ZSTD_compressionParameters whole_parameters(ZSTD_CCtx *context, size_t whole_bytes) {
    int level = 0;
    size_t result = ZSTD_CCtx_getParameter(context, ZSTD_c_compressionLevel, &level);
    assert(!ZSTD_isError(result));
    (void)result;
    return whole_bytes > 0 ? ZSTD_getCParams(level, whole_bytes, 0) : (ZSTD_compressionParameters){0};
}

static void zstd_set_whole(void *state, size_t whole_bytes) {
    const ZSTD_compressionParameters of = whole_parameters(state, whole_bytes);
    parameters_set(state, &of);
}

static void zstd_set_whole_default(void *state, size_t whole_bytes) {
    ZSTD_compressionParameters of = whole_parameters(state, whole_bytes);
    if (default_hash_log(whole_bytes) > 0) {
        of.hashLog = default_hash_log(whole_bytes);
    }
    parameters_set(state, &of);
}

/* Literals are not coded by default where places are left out. */
static void entropy_set(ZSTD_CCtx *context) {
    const struct {
        ZSTD_cParameter parameter;
        int value;
    } rows[] = {
        {ZSTD_c_strategy, ZSTD_fast},
        {ZSTD_c_minMatch, ENTROPY_MATCH_MIN},
        {ZSTD_c_targetLength, ENTROPY_STEP},
        {ZSTD_c_literalCompressionMode, ZSTD_ps_enable},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t result = ZSTD_CCtx_setParameter(context, rows[i].parameter, rows[i].value);
        assert(!ZSTD_isError(result));
        (void)result;
    }
}

static void zstd_set_whole_entropy(void *state, size_t whole_bytes) {
    zstd_set_whole(state, whole_bytes);
    entropy_set(state);
}

static size_t zstd_held_max(int level, size_t block_bytes) {
    return ZSTD_estimateCCtxSize_usingCParams(ZSTD_getCParams(level, block_bytes, 0));
}

static size_t zstd_held_max_default(int level, size_t block_bytes) {
    ZSTD_compressionParameters of = ZSTD_getCParams(level, block_bytes, 0);
    if (default_hash_log(block_bytes) > 0) {
        of.hashLog = default_hash_log(block_bytes);
    }
    return ZSTD_estimateCCtxSize_usingCParams(of);
}

const struct hw_codec_ops hw_zstd_ops = {zstd_open, zstd_close,     ZSTD_compressBound, zstd_run,
                                         zstd_held, zstd_set_whole, zstd_held_max};
const struct hw_codec_ops hw_zstd_default_ops = {zstd_open,
                                                 zstd_close,
                                                 ZSTD_compressBound,
                                                 zstd_run_default,
                                                 zstd_held,
                                                 zstd_set_whole_default,
                                                 zstd_held_max_default};
const struct hw_codec_ops hw_zstd_entropy_ops = {
    zstd_open_entropy, zstd_close, ZSTD_compressBound, zstd_run, zstd_held, zstd_set_whole_entropy, zstd_held_max};
