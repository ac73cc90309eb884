/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gzip (RFC 1952, one member or several) and raw deflate (RFC 1951) by libdeflate. In place of gzip
 * zlib's frame (RFC 1950) is taken too, which other readers do not mind and so some writers made.
 */
#include "codec/decompress_deflate.h"

#include <libdeflate.h>

enum { ZLIB_METHOD_MASK = 0x0f, ZLIB_DEFLATE = 8, ZLIB_CHECK = 31 };

/* All functions of libdeflate that decompress are like this. */
typedef enum libdeflate_result inflate_fn(struct libdeflate_decompressor *decompressor, const void *in, size_t in_bytes,
                                          void *out, size_t capacity, size_t *out_taken, size_t *out_made);

static enum hw_status deflate_open(void **out_state, struct hw_error *err) {
    *out_state = libdeflate_alloc_decompressor();
    return *out_state ? HW_OK : hw_fail(err, HW_ENOMEM, "out of memory for a deflate context");
}

static void deflate_close(void *state) {
    libdeflate_free_decompressor(state);
}

/* Decompresses all members that the block has. */
static enum hw_status members_run(inflate_fn *inflate, const char *format, void *state, hw_view block, uint8_t *out,
                                  size_t capacity, size_t *out_bytes, struct hw_error *err) {
    size_t at = 0;
    size_t done = 0;

    while (at < block.size) {
        size_t taken = 0;
        size_t made = 0;
        enum libdeflate_result result =
            inflate(state, block.data + at, block.size - at, out + done, capacity - done, &taken, &made);
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
            return hw_fail(err, HW_ELIMIT, "%s: it makes more than %zu bytes", format, capacity);
        }
        if (result != LIBDEFLATE_SUCCESS) {
            return hw_fail(err, HW_EDATA, "%s: corrupt, in what begins with byte %zu", format, at);
        }
        at += taken;
        done += made;
    }
    *out_bytes = done;
    return HW_OK;
}

/* RFC 1950 2.2 */
static bool is_zlib(hw_view block) {
    if (block.size < 2) {
        return false;
    }
    const unsigned method = (uint8_t)block.data[0];
    const unsigned flags = (uint8_t)block.data[1];
    return (method & ZLIB_METHOD_MASK) == ZLIB_DEFLATE && (method << 8 | flags) % ZLIB_CHECK == 0;
}

static enum hw_status gzip_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                               struct hw_error *err) {
    inflate_fn *inflate = is_zlib(block) ? libdeflate_zlib_decompress_ex : libdeflate_gzip_decompress_ex;
    return members_run(inflate, "gzip", state, block, out, capacity, out_bytes, err);
}

/* Raw deflate has no second member: bytes behind it are none of it. */
static enum hw_status deflate_run(void *state, hw_view block, void *out, size_t capacity, size_t *out_bytes,
                                  struct hw_error *err) {
    size_t taken = 0;
    size_t made = 0;
    enum libdeflate_result result =
        libdeflate_deflate_decompress_ex(state, block.data, block.size, out, capacity, &taken, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
        return hw_fail(err, HW_ELIMIT, "deflate: it makes more than %zu bytes", capacity);
    }
    if (result != LIBDEFLATE_SUCCESS) {
        return hw_fail(err, HW_EDATA, "deflate: corrupt");
    }
    if (taken < block.size) {
        return hw_fail(err, HW_EDATA, "deflate: %zu bytes are left behind its end", block.size - taken);
    }
    *out_bytes = made;
    return HW_OK;
}

const struct hw_decompress_ops hw_decompress_gzip_ops = {deflate_open, deflate_close, gzip_run};
const struct hw_decompress_ops hw_decompress_deflate_ops = {deflate_open, deflate_close, deflate_run};
