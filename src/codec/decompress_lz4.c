/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LZ4: a bare block, as LZ4_RAW of Parquet has it; or whatever writers have put where its codec LZ4
 * is, which never said how a block is framed: as Hadoop does, in a frame of liblz4, or not at all.
 */
#include "codec/decompress_lz4.h"

#include <lz4.h>
#include <lz4frame.h>

enum { NUMBER_BYTES = 4 };

static const char frame_magic[] = "\x04\x22\x4d\x18";

/* Decompresses a bare block. False where it is damaged, or makes more than `capacity` bytes. */
static bool bare_run(hw_view block, void *out, size_t capacity, size_t *out_bytes) {
    if (block.size > INT32_MAX) {
        return false;
    }
    int made = LZ4_decompress_safe(block.data, out, (int)block.size, (int)hw_min_size(capacity, INT32_MAX));
    if (made < 0) {
        return false;
    }
    *out_bytes = (size_t)made;
    return true;
}

static enum hw_status lz4_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                              struct hw_error *err) {
    (void)state;
    if (!bare_run(block, out, capacity, out_bytes)) {
        return hw_fail(err, HW_EDATA, "lz4: corrupt, or it makes more than %zu bytes", capacity);
    }
    return HW_OK;
}

/* Takes a big-endian number off the front of the bytes. False where they end before. */
static bool number_take(hw_view *bytes, size_t *out_number) {
    if (bytes->size < NUMBER_BYTES) {
        return false;
    }
    *out_number = __builtin_bswap32(hw_load_le32(bytes->data));
    *bytes = (hw_view){bytes->data + NUMBER_BYTES, bytes->size - NUMBER_BYTES};
    return true;
}

/* Decompresses the pieces of `bytes` bytes, each behind its size, and goes to their end. */
static bool hadoop_pieces(hw_view *left, uint8_t *out, size_t bytes) {
    size_t done = 0;
    do {
        size_t size = 0;
        size_t made = 0;
        if (!number_take(left, &size) || size > left->size ||
            !bare_run((hw_view){left->data, size}, out + done, bytes - done, &made)) {
            return false;
        }
        *left = (hw_view){left->data + size, left->size - size};
        done += made;
    } while (done < bytes);
    return true;
}

/*
 * Decompresses what Hadoop's BlockCompressorStream has made: blocks of a size and, until that is
 * reached, pieces. False where the bytes are not framed so to the last one.
 */
static bool hadoop_run(hw_view block, uint8_t *out, size_t capacity, size_t *out_bytes) {
    hw_view left = block;
    size_t done = 0;
    do {
        size_t bytes = 0;
        if (!number_take(&left, &bytes) || bytes > capacity - done || !hadoop_pieces(&left, out + done, bytes)) {
            return false;
        }
        done += bytes;
    } while (left.size > 0);
    *out_bytes = done;
    return true;
}

static enum hw_status frames_run(LZ4F_dctx *context, hw_view block, uint8_t *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    size_t at = 0;
    size_t done = 0;
    size_t missing = 1;

    while (at < block.size || missing > 0) {
        size_t taken = block.size - at;
        size_t made = capacity - done;
        missing = LZ4F_decompress(context, out + done, &made, block.data + at, &taken, NULL);
        if (LZ4F_isError(missing)) {
            return hw_fail(err, HW_EDATA, "lz4: corrupt frame: %s", LZ4F_getErrorName(missing));
        }
        at += taken;
        done += made;
        if (taken == 0 && made == 0 && missing > 0) {
            return at < block.size ? hw_fail(err, HW_ELIMIT, "lz4: it makes more than %zu bytes", capacity)
                                   : hw_fail(err, HW_EDATA, "lz4: a frame is cut");
        }
    }
    *out_bytes = done;
    return HW_OK;
}

static enum hw_status framed_open(void **out_state, struct hw_error *err) {
    LZ4F_dctx *context = NULL;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION))) {
        return hw_fail(err, HW_ENOMEM, "out of memory for an lz4 context");
    }
    *out_state = context;
    return HW_OK;
}

static void framed_close(void *state) {
    LZ4F_freeDecompressionContext(state);
}

/*
 * No bytes can be taken for two of the three but by a chance of 1 in billions: all must fit to the
 * last byte, and no bare block begins as a frame does, with a copy of what is not there yet.
 */
static enum hw_status framed_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                                 struct hw_error *err) {
    if (hadoop_run(block, out, capacity, out_bytes)) {
        return HW_OK;
    }
    if (hw_view_starts(block, hw_view_of(frame_magic))) {
        LZ4F_resetDecompressionContext(state);
        return frames_run(state, block, out, capacity, out_bytes, err);
    }
    if (!bare_run(block, out, capacity, out_bytes)) {
        return hw_fail(err, HW_EDATA, "lz4: corrupt, or it makes more than %zu bytes, with Hadoop's frames and without",
                       capacity);
    }
    return HW_OK;
}

const struct hw_decompress_ops hw_decompress_lz4_ops = {NULL, NULL, lz4_run};
const struct hw_decompress_ops hw_decompress_lz4_framed_ops = {framed_open, framed_close, framed_run};
