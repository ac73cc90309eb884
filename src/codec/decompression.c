/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/decompression.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <zstd.h>

#include "core/alloc.h"
#include "core/limits.h"

/* Room is guessed from the block before, with a part more, and at least so many times the block. */
enum { ROOM_MIN = 64 << 10, ROOM_TIMES = 4 };

struct hw_decompressor {
    struct libdeflate_decompressor *deflate;
    ZSTD_DCtx *zstd;
    /* The bytes of the last block. */
    size_t last_bytes;
};

enum hw_status hw_decompressor_new(struct hw_decompressor **out_decompressor, struct hw_error *err) {
    struct hw_decompressor *decompressor = hw_alloc_zero(1, sizeof(*decompressor));
    if (!decompressor) {
        return hw_fail_nomem(err, sizeof(*decompressor));
    }
    *out_decompressor = decompressor;
    return HW_OK;
}

void hw_decompressor_free(struct hw_decompressor *decompressor) {
    if (decompressor) {
        libdeflate_free_decompressor(decompressor->deflate);
        ZSTD_freeDCtx(decompressor->zstd);
        hw_free(decompressor);
    }
}

static size_t limit_of(const struct hw_buf *out) {
    return out->limit > 0 ? out->limit : HW_BUF_LIMIT;
}

static enum hw_status too_large(const struct hw_buf *out, struct hw_error *err) {
    return hw_fail(err, HW_ELIMIT, "it unpacks to more than the %zu bytes allowed", limit_of(out));
}

/* Makes the buffer as large as the output may be at first. */
static enum hw_status room_guess(const struct hw_decompressor *decompressor, hw_view block, struct hw_buf *out,
                                 struct hw_error *err) {
    const size_t last = decompressor->last_bytes + decompressor->last_bytes / 4;
    const size_t guess = hw_max_size(hw_max_size(last, ROOM_MIN), ROOM_TIMES * block.size);
    return hw_buf_resize(out, hw_min_size(hw_max_size(guess, out->capacity), limit_of(out)), err);
}

/* Makes it larger, where the output was not. */
static enum hw_status room_double(struct hw_buf *out, struct hw_error *err) {
    if (out->size >= limit_of(out)) {
        return too_large(out, err);
    }
    return hw_buf_resize(out, hw_min_size(2 * out->size, limit_of(out)), err);
}

static enum hw_status deflate_run(struct hw_decompressor *decompressor, hw_view block, struct hw_buf *out,
                                  struct hw_error *err) {
    if (!decompressor->deflate) {
        decompressor->deflate = libdeflate_alloc_decompressor();
    }
    if (!decompressor->deflate) {
        return hw_fail(err, HW_ENOMEM, "out of memory for unpacking deflate");
    }
    HW_TRY(room_guess(decompressor, block, out, err));
    for (;;) {
        size_t used = 0;
        size_t made = 0;
        const enum libdeflate_result result = libdeflate_deflate_decompress_ex(
            decompressor->deflate, block.data, block.size, out->data, out->size, &used, &made);
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
            HW_TRY(room_double(out, err));
            continue;
        }
        if (result != LIBDEFLATE_SUCCESS) {
            return hw_fail(err, HW_EDATA, "deflate: a code stands for nothing, or the bytes end too early");
        }
        if (used != block.size) {
            return hw_fail(err, HW_EDATA, "deflate: %zu bytes are left behind the end", block.size - used);
        }
        out->size = made;
        return HW_OK;
    }
}

static enum hw_status snappy_run(struct hw_decompressor *decompressor, hw_view block, struct hw_buf *out,
                                 struct hw_error *err) {
    size_t bytes = 0;
    (void)decompressor;
    if (snappy_uncompressed_length(block.data, block.size, &bytes) != SNAPPY_OK) {
        return hw_fail(err, HW_EDATA, "snappy: the bytes do not begin with a size");
    }
    if (bytes > limit_of(out)) {
        return too_large(out, err);
    }
    HW_TRY(hw_buf_resize(out, hw_max_size(bytes, 1), err));
    if (snappy_uncompress(block.data, block.size, (char *)out->data, &bytes) != SNAPPY_OK) {
        return hw_fail(err, HW_EDATA, "snappy: a code stands for nothing, or the bytes end too early");
    }
    out->size = bytes;
    return HW_OK;
}

static enum hw_status zstd_frames_run(ZSTD_DCtx *context, hw_view block, struct hw_buf *out, struct hw_error *err);

static enum hw_status zstd_run(struct hw_decompressor *decompressor, hw_view block, struct hw_buf *out,
                               struct hw_error *err) {
    if (!decompressor->zstd) {
        decompressor->zstd = ZSTD_createDCtx();
    }
    if (!decompressor->zstd || ZSTD_isError(ZSTD_DCtx_reset(decompressor->zstd, ZSTD_reset_session_only)) ||
        ZSTD_isError(ZSTD_DCtx_setParameter(decompressor->zstd, ZSTD_d_windowLogMax, HW_ZSTD_WINDOW_LOG_MAX))) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a zstd context");
    }
    const unsigned long long said = ZSTD_getFrameContentSize(block.data, block.size);
    if (said != ZSTD_CONTENTSIZE_ERROR && said != ZSTD_CONTENTSIZE_UNKNOWN && said > limit_of(out)) {
        return too_large(out, err);
    }
    HW_TRY(room_guess(decompressor, block, out, err));
    return zstd_frames_run(decompressor->zstd, block, out, err);
}

static enum hw_status zstd_frames_run(ZSTD_DCtx *context, hw_view block, struct hw_buf *out, struct hw_error *err) {
    ZSTD_inBuffer in = {block.data, block.size, 0};
    size_t made = 0;
    size_t left = 1;
    while (in.pos < in.size || left > 0) {
        ZSTD_outBuffer to = {out->data, out->size, made};
        const size_t before = in.pos;
        left = ZSTD_decompressStream(context, &to, &in);
        if (ZSTD_isError(left)) {
            return hw_fail(err, HW_EDATA, "zstd: %s", ZSTD_getErrorName(left));
        }
        if (to.pos == to.size && (left > 0 || in.pos < in.size)) {
            HW_TRY(room_double(out, err));
        } else if (left > 0 && in.pos == before && to.pos == made) {
            return hw_fail(err, HW_EDATA, "zstd: the bytes end within a frame");
        }
        made = to.pos;
    }
    out->size = made;
    return HW_OK;
}

enum hw_status hw_decompressor_run_unsized(struct hw_decompressor *decompressor, enum hw_codec codec, hw_view block,
                                           struct hw_buf *out, struct hw_error *err) {
    typedef enum hw_status run_fn(struct hw_decompressor *, hw_view, struct hw_buf *, struct hw_error *);
    static run_fn *const runs[HW_CODEC_COUNT] = {
        [HW_CODEC_SNAPPY] = snappy_run,
        [HW_CODEC_DEFLATE] = deflate_run,
        [HW_CODEC_ZSTD] = zstd_run,
    };
    if (!runs[codec]) {
        return hw_fail(err, HW_EUSAGE, "blocks of codec %s have a size that is known", hw_codec_name(codec));
    }
    HW_TRY(runs[codec](decompressor, block, out, err));
    decompressor->last_bytes = out->size;
    return HW_OK;
}
