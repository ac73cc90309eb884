/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zstandard (RFC 8878) by libzstd: any number of frames and skippable frames, windows up to
 * HW_ZSTD_WINDOW_LOG_MAX.
 */
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_getFrameHeader */
#include "codec/unpack_zstd.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "core/alloc.h"
#include "core/limits.h"

struct unzstd {
    ZSTD_DCtx *context;
    bool in_frame;  /* the source must not end here */
    int window_log; /* a frame may ask for a window of 2 to this power of bytes */
};

static enum hw_status unzstd_fail(const struct unzstd *unzstd, size_t result, uint64_t offset, struct hw_error *err);

/* Returns the window that the first frame asks for. */
static uint64_t unzstd_window_bytes(const void *head, size_t bytes) {
    ZSTD_frameHeader header;
    if (ZSTD_getFrameHeader(&header, head, bytes) != 0 || header.frameType != ZSTD_frame) {
        return 0;
    }
    return header.windowSize;
}

/* The largest power of two that a window may have. */
static int window_log(uint64_t window_bytes_max) {
    int log = ZSTD_WINDOWLOG_MIN;
    while (log < HW_ZSTD_WINDOW_LOG_MAX && UINT64_C(2) << log <= window_bytes_max) {
        log++;
    }
    return window_bytes_max == 0 ? HW_ZSTD_WINDOW_LOG_MAX : log;
}

static enum hw_status unzstd_open(uint64_t window_bytes_max, void **out_state, struct hw_error *err) {
    struct unzstd *unzstd = hw_alloc_zero(1, sizeof(*unzstd));
    if (!unzstd) {
        return hw_fail_nomem(err, sizeof(*unzstd));
    }
    unzstd->window_log = window_log(window_bytes_max);
    unzstd->context = ZSTD_createDCtx();
    if (!unzstd->context ||
        ZSTD_isError(ZSTD_DCtx_setParameter(unzstd->context, ZSTD_d_windowLogMax, unzstd->window_log))) {
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
        if (!unzstd->in_frame) {
            HW_TRY(hw_packed_more(packed, HW_PACKING_ZSTD, &unzstd->in_frame, err));
        }
        if (!unzstd->in_frame) {
            break;
        }
        HW_TRY(hw_packed_fill(packed, err));
        ZSTD_inBuffer input = {hw_packed_next(packed), hw_packed_left(packed), 0};
        size_t before = output.pos;
        size_t result = ZSTD_decompressStream(unzstd->context, &output, &input);
        packed->at += input.pos;
        if (ZSTD_isError(result)) {
            return unzstd_fail(unzstd, result, hw_packed_offset(packed), err);
        }
        unzstd->in_frame = result != 0;
        /*
         * Without input, libzstd may still hold output; when that has come too, the rest is
         * missing.
         */
        if (input.size == 0 && unzstd->in_frame && output.pos == before) {
            return hw_fail_at(err, HW_EDATA, hw_packed_offset(packed), "zstd: " HW_PACKED_CUT " a frame");
        }
    }
    *out_bytes = output.pos;
    return HW_OK;
}

static enum hw_status unzstd_fail(const struct unzstd *unzstd, size_t result, uint64_t offset, struct hw_error *err) {
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return hw_fail(err, HW_ENOMEM, "out of memory for the window of a zstd frame");
    case ZSTD_error_frameParameter_windowTooLarge:
        return hw_fail_at(
            err, HW_ELIMIT, offset, "zstd: a frame asks for a window of more than the %" PRIu64 " MiB that %s",
            (UINT64_C(1) << unzstd->window_log) >> 20,
            unzstd->window_log < HW_ZSTD_WINDOW_LOG_MAX ? "the first frame of the file asks for" : "are allowed");
    default:
        return hw_fail_at(err, HW_EDATA, offset, "zstd: corrupt: %s", ZSTD_getErrorName(result));
    }
}

static void unzstd_close(void *state) {
    struct unzstd *unzstd = state;
    ZSTD_freeDCtx(unzstd->context);
    hw_free(unzstd);
}

const struct hw_unpacker_ops hw_unzstd_ops = {unzstd_window_bytes, unzstd_open, unzstd_run, unzstd_close};
