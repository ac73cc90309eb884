/* SPDX-License-Identifier: Apache-2.0 */
/* Zstandard (RFC 8878) by libzstd: any number of frames and skippable frames, windows up to HW_ZSTD_WINDOW_LOG_MAX. */
#include <zstd.h>
#include <zstd_errors.h>

#include "codec/unpack_stream.h"
#include "core/alloc.h"
#include "core/limits.h"

struct unzstd {
    ZSTD_DCtx *context;
    bool in_frame; /* the source must not end here */
};

static enum hw_status unzstd_fail(size_t result, uint64_t offset, struct hw_error *err);

static enum hw_status unzstd_open(void **out_state, struct hw_error *err) {
    struct unzstd *unzstd = hw_alloc_zero(1, sizeof(*unzstd));
    if (!unzstd) {
        return hw_fail_nomem(err, sizeof(*unzstd));
    }
    unzstd->context = ZSTD_createDCtx();
    if (!unzstd->context ||
        ZSTD_isError(ZSTD_DCtx_setParameter(unzstd->context, ZSTD_d_windowLogMax, HW_ZSTD_WINDOW_LOG_MAX))) {
        ZSTD_freeDCtx(unzstd->context);
        hw_free(unzstd);
        return hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
    }
    unzstd->in_frame = true; /* no bytes at all are no zstd */
    *out_state = unzstd;
    return HW_OK;
}

static enum hw_status unzstd_run(void *state, struct hw_packed *packed, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    struct unzstd *unzstd = state;
    ZSTD_outBuffer output = {out, capacity, 0};

    while (output.pos < output.size) {
        HW_TRY(hw_packed_fill(packed, err));
        ZSTD_inBuffer input = {hw_packed_next(packed), hw_packed_left(packed), 0};
        if (input.size == 0 && !unzstd->in_frame) {
            break;
        }
        size_t before = output.pos;
        size_t result = ZSTD_decompressStream(unzstd->context, &output, &input);
        packed->at += input.pos;
        if (ZSTD_isError(result)) {
            return unzstd_fail(result, hw_packed_offset(packed), err);
        }
        unzstd->in_frame = result != 0;
        /* Without input, libzstd may still hold output; when that has come too, the rest is missing. */
        if (input.size == 0 && unzstd->in_frame && output.pos == before) {
            return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "zstd: cut inside a frame");
        }
    }
    *out_bytes = output.pos;
    return HW_OK;
}

static enum hw_status unzstd_fail(size_t result, uint64_t offset, struct hw_error *err) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return hw_fail(err, HW_ENOMEM, "out of memory for the window of a zstd frame");
    case ZSTD_error_frameParameter_windowTooLarge:
        return hw_fail_at(err, HW_ELIMIT, offset, "zstd: a frame asks for a window of more than %" PRIu64 " MiB",
                          (UINT64_C(1) << HW_ZSTD_WINDOW_LOG_MAX) >> 20);
    default:
        return hw_fail_at(err, HW_EDATA, offset, "zstd: corrupt: %s", ZSTD_getErrorName(result));
    }
}

static void unzstd_close(void *state) {
    struct unzstd *unzstd = state;
    ZSTD_freeDCtx(unzstd->context);
    hw_free(unzstd);
}

const struct hw_unpacker_ops hw_unzstd_ops = {unzstd_open, unzstd_run, unzstd_close};
