/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zstandard: any number of frames. What was written is the window, so that it costs no memory, and
 * frames may ask for one of any size.
 */
#include "codec/decompress_zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

static enum hw_status zstd_open(void **out_state, struct hw_error *err) {
    *out_state = ZSTD_createDCtx();
    return *out_state ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
}

static void zstd_close(void *state) {
    ZSTD_freeDCtx(state);
}

static enum hw_status zstd_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                               struct hw_error *err) {
    size_t result = ZSTD_decompressDCtx(state, out, capacity, block.data, block.size);
    if (!ZSTD_isError(result)) {
        *out_bytes = result;
        return HW_OK;
    }
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return hw_fail(err, HW_ENOMEM, "out of memory in the zstd decoder");
    case ZSTD_error_dstSize_tooSmall:
        return hw_fail(err, HW_ELIMIT, "zstd: it makes more than %zu bytes", capacity);
    default:
        return hw_fail(err, HW_EDATA, "zstd: corrupt: %s", ZSTD_getErrorName(result));
    }
}

const struct hw_decompress_ops hw_decompress_zstd_ops = {zstd_open, zstd_close, zstd_run};
