/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zstandard: one frame that states its content size, without checksum (pages and blocks have their
 * own).
 */
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_estimateCCtxSize_usingCParams */
#include <zstd.h>
#include <zstd_errors.h>

#include "codec/codec.h"
#include "core/alloc.h"

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

static size_t zstd_held(const void *state) {
    return ZSTD_sizeof_CCtx(state);
}

/* A parameter of 0 is what the level says. */
static void zstd_set_whole(void *state, size_t whole_bytes) {
    int level = 0;
    /* A run that has failed is still open, and takes no parameters. */
    size_t result = ZSTD_CCtx_reset(state, ZSTD_reset_session_only);
    assert(!ZSTD_isError(result));
    result = ZSTD_CCtx_getParameter(state, ZSTD_c_compressionLevel, &level);
    ZSTD_compressionParameters of = {0};
    if (whole_bytes > 0) {
        of = ZSTD_getCParams(level, whole_bytes, 0);
    }
    const struct {
        ZSTD_cParameter parameter;
        unsigned value;
    } rows[] = {
        {ZSTD_c_windowLog, of.windowLog}, {ZSTD_c_hashLog, of.hashLog},   {ZSTD_c_chainLog, of.chainLog},
        {ZSTD_c_searchLog, of.searchLog}, {ZSTD_c_minMatch, of.minMatch}, {ZSTD_c_targetLength, of.targetLength},
        {ZSTD_c_strategy, of.strategy},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert(!ZSTD_isError(result));
        result = ZSTD_CCtx_setParameter(state, rows[i].parameter, (int)rows[i].value);
    }
    assert(!ZSTD_isError(result));
    (void)result;
}

static size_t zstd_held_max(int level, size_t block_bytes) {
    return ZSTD_estimateCCtxSize_usingCParams(ZSTD_getCParams(level, block_bytes, 0));
}

const struct hw_codec_ops hw_zstd_ops = {zstd_open, zstd_close,     ZSTD_compressBound, zstd_run,
                                         zstd_held, zstd_set_whole, zstd_held_max};
