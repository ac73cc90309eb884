/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/transcode.h"

#include "core/alloc.h"
#include "csv/utf8.h"

enum { INPUT_BYTES = 64 << 10, UTF8_BYTES_MAX = 4 };

struct transcoder {
    struct hw_stream base;
    struct hw_stream *from;
    enum hw_csv_encoding encoding;
    bool big_endian;
    bool started; /* the byte order mark was looked for */
    bool ended;
    uint32_t high;   /* the first half of a surrogate pair, or 0 */
    uint64_t offset; /* offset in the source of input[at] */
    size_t at;
    size_t filled;
    char pending[UTF8_BYTES_MAX]; /* bytes that are encoded but not handed out */
    size_t pending_at;
    size_t pending_bytes;
    uint8_t input[INPUT_BYTES];
};

static enum hw_status transcoder_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                      struct hw_error *err);
static void transcoder_close(struct hw_stream *base);
static const struct hw_stream_ops transcoder_ops = {transcoder_read, transcoder_close};

enum hw_status hw_transcode_open(struct hw_stream *from, enum hw_csv_encoding encoding, struct hw_stream **out_stream,
                                 struct hw_error *err) {
    struct transcoder *coder = hw_alloc_zero(1, sizeof(*coder));
    if (!coder) {
        return hw_fail_nomem(err, sizeof(*coder));
    }
    coder->base.ops = &transcoder_ops;
    coder->from = from;
    coder->encoding = encoding;
    *out_stream = &coder->base;
    return HW_OK;
}

static void transcoder_close(struct hw_stream *base) {
    hw_free(base);
}

/* Keeps at least `wanted` bytes of input at hand, fewer only at the end. */
static enum hw_status input_fill(struct transcoder *coder, size_t wanted, struct hw_error *err) {
    if (coder->filled - coder->at >= wanted || coder->ended) {
        return HW_OK;
    }
    memmove(coder->input, coder->input + coder->at, coder->filled - coder->at);
    coder->filled -= coder->at;
    coder->at = 0;
    while (coder->filled < wanted && !coder->ended) {
        size_t got = 0;
        HW_TRY(coder->from->ops->read(coder->from, coder->input + coder->filled, sizeof(coder->input) - coder->filled,
                                      &got, err));
        coder->filled += got;
        coder->ended = got == 0;
    }
    return HW_OK;
}

static uint32_t unit_at(const struct transcoder *coder) {
    uint8_t first = coder->input[coder->at];
    uint8_t second = coder->input[coder->at + 1];
    return coder->big_endian ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

static enum hw_status mark_take(struct transcoder *coder, struct hw_error *err) {
    coder->started = true;
    if (coder->encoding != HW_CSV_UTF16) {
        return HW_OK;
    }
    HW_TRY(input_fill(coder, 2, err));
    if (coder->filled - coder->at < 2) {
        return HW_OK;
    }
    coder->big_endian = coder->input[0] == 0xfe && coder->input[1] == 0xff;
    if (unit_at(coder) == 0xfeff) {
        coder->at += 2;
        coder->offset += 2;
    }
    return HW_OK;
}

/* Reads the next code point. Sets `*out_end` at the end of the text. */
static enum hw_status point_next(struct transcoder *coder, uint32_t *out_point, bool *out_end, struct hw_error *err) {
    size_t unit_bytes = coder->encoding == HW_CSV_UTF16 ? 2 : 1;
    HW_TRY(input_fill(coder, unit_bytes, err));
    size_t left = coder->filled - coder->at;
    *out_end = left == 0;
    if (left == 0 && coder->high == 0) {
        return HW_OK;
    }
    if (left < unit_bytes) {
        return hw_fail_at(err, HW_EDATA, coder->offset, "the text ends within a UTF-16 character");
    }
    uint32_t unit = unit_bytes == 2 ? unit_at(coder) : coder->input[coder->at];
    bool low = unit >= 0xdc00 && unit < 0xe000;
    if (unit_bytes == 2 && low != (coder->high != 0)) {
        uint64_t at = coder->high ? coder->offset - 2 : coder->offset;
        return hw_fail_at(err, HW_EDATA, at, "found half a UTF-16 surrogate pair (0x%04x)",
                          coder->high ? coder->high : unit);
    }
    coder->at += unit_bytes;
    coder->offset += unit_bytes;
    if (unit_bytes == 2 && unit >= 0xd800 && unit < 0xdc00) {
        coder->high = unit;
        return point_next(coder, out_point, out_end, err); /* once: a pair has two halves */
    }
    *out_point = coder->high ? 0x10000 + ((coder->high - 0xd800) << 10) + (unit - 0xdc00) : unit;
    coder->high = 0;
    return HW_OK;
}

static enum hw_status transcoder_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                      struct hw_error *err) {
    struct transcoder *coder = (struct transcoder *)base;
    char *out = data;
    size_t used = 0;
    if (!coder->started) {
        HW_TRY(mark_take(coder, err));
    }
    while (used < bytes) {
        if (coder->pending_at < coder->pending_bytes) {
            out[used++] = coder->pending[coder->pending_at++];
            continue;
        }
        uint32_t point = 0;
        bool end = false;
        HW_TRY(point_next(coder, &point, &end, err));
        if (end) {
            break;
        }
        coder->pending_bytes = hw_utf8_encode(point, coder->pending);
        coder->pending_at = 0;
    }
    *out_bytes = used;
    return HW_OK;
}
