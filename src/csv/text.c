/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/text.h"

#include "codec/unpack_zip.h"
#include "codec/unpack_zstd.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "csv/transcode.h"

enum { READ_BYTES = 1 << 20 };

/* The window of zstd up to level 19. */
#define WINDOW_USUAL_BYTES HW_MIB(8)

/*
 * Frames that follow the first one may have the window of an ordinary level, as far as so few
 * packed bytes fill it.
 */
static uint64_t window_expect(uint64_t packed_bytes, const uint8_t *head, size_t head_bytes) {
    const uint64_t usual_ratio = 256;
    uint64_t wanted = packed_bytes < WINDOW_USUAL_BYTES / usual_ratio ? packed_bytes * usual_ratio : WINDOW_USUAL_BYTES;
    uint64_t window = 1;
    /*
     * A window beyond the limit is refused later, whatever a hostile header asks for, up to 2^64 -
     * 1.
     */
    const uint64_t window_max = UINT64_C(2) << HW_ZSTD_WINDOW_LOG_MAX;
    wanted = hw_min_size(hw_max_size(wanted, hw_unpack_window_bytes(head, head_bytes)), window_max);
    while (window < wanted) {
        window *= 2;
    }
    return window;
}

enum hw_status hw_csv_text_packing(struct hw_source *source, enum hw_packing *out_packing, uint64_t *out_window_bytes,
                                   struct hw_error *err) {
    uint8_t head[HW_PACKING_HEAD_BYTES];
    size_t bytes = (size_t)(source->size < sizeof(head) ? source->size : sizeof(head));
    HW_TRY(source->ops->read_at(source, 0, head, bytes, err));
    *out_packing = hw_packing_detect(head, bytes);
    *out_window_bytes = *out_packing == HW_PACKING_ZSTD ? window_expect(source->size, head, bytes) : 0;
    return HW_OK;
}

struct hw_csv_text hw_csv_text_of(struct hw_source *source, enum hw_packing packing, struct hw_zip *zip, size_t member,
                                  enum hw_csv_encoding encoding) {
    return (struct hw_csv_text){
        .source = source,
        .zip = zip,
        .member = member,
        .packing = packing,
        .encoding = encoding,
        .cuttable = packing == HW_PACKING_NONE && encoding == HW_CSV_UTF8,
    };
}

const char *hw_csv_text_name(const struct hw_csv_text *text) {
    return text->zip ? hw_zip_member(text->zip, text->member)->name : text->source->name;
}

/* A stream that reads a source in order. */
struct source_stream {
    struct hw_stream base;
    struct hw_source *source;
    uint64_t offset;
};

static enum hw_status source_stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                         struct hw_error *err) {
    struct source_stream *stream = (struct source_stream *)base;
    uint64_t left = stream->source->size - stream->offset;
    size_t piece = left < bytes ? (size_t)left : bytes;
    if (piece > 0) {
        HW_TRY(stream->source->ops->read_at(stream->source, stream->offset, data, piece, err));
    }
    stream->offset += piece;
    *out_bytes = piece;
    return HW_OK;
}

static void source_stream_close(struct hw_stream *base) {
    hw_free(base);
}

static const struct hw_stream_ops source_stream_ops = {source_stream_read, source_stream_close};

static enum hw_status source_stream_open(struct hw_source *source, struct hw_stream **out_stream,
                                         struct hw_error *err) {
    struct source_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.ops = &source_stream_ops;
    stream->source = source;
    *out_stream = &stream->base;
    return HW_OK;
}

enum hw_status hw_csv_stream_open(const struct hw_csv_text *text, struct hw_csv_stream *out_stream,
                                  struct hw_error *err) {
    struct hw_csv_stream stream = {0};
    enum hw_status status;
    if (!text->cuttable && text->source->ops->in_order) {
        text->source->ops->in_order(text->source);
    }
    if (text->zip) {
        status = hw_zip_member_open(text->zip, text->member, &stream.unpacked, err);
    } else if (text->packing == HW_PACKING_NONE) {
        status = source_stream_open(text->source, &stream.unpacked, err);
    } else {
        const struct hw_unpack_options options = {.window_bytes_max =
                                                      hw_max_size(text->window_bytes, WINDOW_USUAL_BYTES)};
        status = hw_unpack_open(text->source, text->packing, &options, &stream.unpacked, err);
    }
    stream.text = stream.unpacked;
    if (status == HW_OK && text->encoding != HW_CSV_UTF8) {
        status = hw_transcode_open(stream.unpacked, text->encoding, &stream.text, err);
    }
    if (status != HW_OK) {
        stream.text = stream.unpacked;
        hw_csv_stream_release(&stream);
        return status;
    }
    *out_stream = stream;
    return HW_OK;
}

void hw_csv_stream_release(struct hw_csv_stream *stream) {
    if (stream->text && stream->text != stream->unpacked) {
        stream->text->ops->close(stream->text);
    }
    if (stream->unpacked) {
        stream->unpacked->ops->close(stream->unpacked);
    }
    *stream = (struct hw_csv_stream){0};
}

enum hw_status hw_csv_stream_read(struct hw_csv_stream *stream, size_t bytes, struct hw_buf *out, bool *out_end,
                                  struct hw_error *err) {
    size_t target = out->size + bytes;
    bool end = false;
    while (!end && out->size < target) {
        size_t got = 0;
        size_t wanted = hw_min_size(target - out->size, READ_BYTES);
        HW_TRY(hw_buf_reserve(out, wanted, err));
        HW_TRY(stream->text->ops->read(stream->text, out->data + out->size, wanted, &got, err));
        out->size += got;
        end = got == 0;
    }
    *out_end = end;
    return HW_OK;
}
