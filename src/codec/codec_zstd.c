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

/*
 * Levels 3 and 4 look for matches of 5 bytes and more in two tables. Numbers and digits have many
 * such matches that save nothing: one table of longer matches, which is what level 2 has for large
 * blocks, takes half of the time there.
 */
enum { LIGHT_LEVEL_MIN = 3, LIGHT_LEVEL_MAX = 4, LIGHT_HASH_LOG = 16, LIGHT_MATCH_BYTES = 6 };

struct zstd_state {
    ZSTD_CCtx *context;
    bool has_light;
    bool light;
};

static enum hw_status zstd_open(int level, void **out_state, struct hw_error *err) {
    struct zstd_state *state = hw_alloc_zero(1, sizeof(*state));
    ZSTD_CCtx *context = ZSTD_createCCtx();
    if (!state || !context) {
        hw_free(state);
        ZSTD_freeCCtx(context);
        return hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
    }
    size_t result = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    if (ZSTD_isError(result)) {
        hw_free(state);
        ZSTD_freeCCtx(context);
        return hw_fail(err, HW_EUSAGE, "zstd level %d: %s", level, ZSTD_getErrorName(result));
    }
    *state = (struct zstd_state){context, level >= LIGHT_LEVEL_MIN && level <= LIGHT_LEVEL_MAX, false};
    *out_state = state;
    return HW_OK;
}

static void zstd_close(void *base) {
    struct zstd_state *state = base;
    ZSTD_freeCCtx(state->context);
    hw_free(state);
}

static enum hw_status zstd_run(void *base, hw_view block, void *out, size_t out_capacity, size_t *out_bytes,
                               struct hw_error *err) {
    struct zstd_state *state = base;
    size_t result = ZSTD_compress2(state->context, out, out_capacity, block.data, block.size);
    if (ZSTD_isError(result)) {
        bool nomem = ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
        return hw_fail(err, nomem ? HW_ENOMEM : HW_EFAILED, "zstd: %s", ZSTD_getErrorName(result));
    }
    *out_bytes = result;
    return HW_OK;
}

static size_t zstd_held(const void *base) {
    const struct zstd_state *state = base;
    return sizeof(*state) + ZSTD_sizeof_CCtx(state->context);
}

static size_t zstd_held_max(int level, size_t block_bytes) {
    ZSTD_compressionParameters parameters = ZSTD_getCParams(level, block_bytes, 0);
    return sizeof(struct zstd_state) + ZSTD_estimateCCtxSize_usingCParams(parameters);
}

static bool zstd_set_light(void *base, bool light) {
    static const struct {
        ZSTD_cParameter parameter;
        int light; /* 0 is what the level says */
    } rows[] = {
        {ZSTD_c_strategy, ZSTD_fast},
        {ZSTD_c_hashLog, LIGHT_HASH_LOG},
        {ZSTD_c_minMatch, LIGHT_MATCH_BYTES},
    };
    struct zstd_state *state = base;

    if (!state->has_light || state->light == light) {
        return state->has_light;
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t result = ZSTD_CCtx_setParameter(state->context, rows[i].parameter, light ? rows[i].light : 0);
        assert(!ZSTD_isError(result));
        (void)result;
    }
    state->light = light;
    return true;
}

const struct hw_codec_ops hw_zstd_ops = {zstd_open, zstd_close,     ZSTD_compressBound, zstd_run,
                                         zstd_held, zstd_set_light, zstd_held_max};
