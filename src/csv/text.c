/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/text.h"

#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "core/io_ops.h"
#include "csv/foreign.h"
#include "csv/lookahead.h"
#include "csv/transcode.h"

enum { READ_BYTES = 1 << 20 };

/* The window of zstd up to level 19. */
#define WINDOW_USUAL_BYTES HW_MIB(8)

/*
 * Returns the memory to set aside for unpacking. Frames of zstd that follow the first one may have
 * the window of an ordinary level, as far as so few packed bytes fill it.
 */
static uint64_t window_expect(enum hw_packing packing, uint64_t packed_bytes, hw_view head) {
    const uint64_t usual_ratio = 256;
    const uint64_t asked = hw_unpack_window_bytes(packing, head.data, head.size);
    /*
     * A window beyond the limit is refused later, whatever a hostile header asks for, up to 2^64 -
     * 1.
     */
    const uint64_t window_max = UINT64_C(2) << HW_ZSTD_WINDOW_LOG_MAX;
    if (packing != HW_PACKING_ZSTD) {
        return hw_min_size(asked, window_max);
    }
    uint64_t wanted = packed_bytes < WINDOW_USUAL_BYTES / usual_ratio ? packed_bytes * usual_ratio : WINDOW_USUAL_BYTES;
    uint64_t window = 1;
    wanted = hw_min_size(hw_max_size(wanted, asked), window_max);
    while (window < wanted) {
        window *= 2;
    }
    return window;
}

enum hw_status hw_csv_text_look(struct hw_source *source, struct hw_csv_wrapping *out_wrapping, struct hw_error *err) {
    char head[HW_PACKING_HEAD_BYTES];
    const hw_view view = {head, (size_t)hw_clamp(source->size, 0, sizeof(head))};
    HW_TRY(source->ops->read_at(source, 0, head, view.size, err));
    const enum hw_packing packing = hw_packing_detect(head, view.size);
    if (packing == HW_PACKING_NONE) {
        HW_TRY(hw_csv_foreign_bytes(view, err));
    }
    *out_wrapping = (struct hw_csv_wrapping){
        .packing = packing,
        .window_bytes = window_expect(packing, source->size, view),
        .mark = packing == HW_PACKING_NONE ? hw_csv_mark_find(head, view.size) : (struct hw_csv_mark){0},
    };
    return HW_OK;
}

struct hw_csv_text hw_csv_text_of(struct hw_source *source, const struct hw_csv_wrapping *wrapping, struct hw_zip *zip,
                                  size_t member, const char *encoding) {
    struct hw_csv_encoding decided;
    const bool utf8 = hw_csv_encoding_decide(encoding, wrapping->mark, &decided, NULL) == HW_OK &&
                      decided.coding == HW_CSV_CODING_UTF8;
    return (struct hw_csv_text){
        .source = source,
        .zip = zip,
        .member = member,
        .wrapping = *wrapping,
        .encoding = encoding,
        .cuttable = wrapping->packing == HW_PACKING_NONE && utf8,
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

static enum hw_status source_open(const struct hw_csv_text *text, struct hw_csv_stream *stream, struct hw_error *err);
static enum hw_status bytes_unpack(const struct hw_csv_text *text, struct hw_csv_stream *stream, struct hw_error *err);

enum hw_status hw_csv_stream_open(const struct hw_csv_text *text, struct hw_csv_stream *out_stream,
                                  struct hw_error *err) {
    struct hw_csv_stream stream = {0};
    if (!text->cuttable) {
        hw_source_in_order(text->source);
    }
    enum hw_status status = source_open(text, &stream, err);
    if (status == HW_OK && !text->cuttable) {
        status = bytes_unpack(text, &stream, err);
    }
    if (status != HW_OK) {
        hw_csv_stream_release(&stream);
        return status;
    }
    *out_stream = stream;
    return HW_OK;
}

static void layer_add(struct hw_csv_stream *stream, struct hw_stream *layer) {
    assert(stream->layers_count < HW_CSV_LAYERS_MAX);
    stream->layers[stream->layers_count++] = layer;
    stream->text = layer;
}

static void unpacker_add(struct hw_csv_stream *stream, struct hw_stream *layer) {
    assert(stream->unpackers_count < HW_PACKED_DEPTH_MAX);
    stream->unpackers[stream->unpackers_count++] = layer;
    layer_add(stream, layer);
}

static struct hw_unpack_options unpack_options(const struct hw_csv_text *text, const struct hw_csv_stream *stream) {
    return (struct hw_unpack_options){
        .window_bytes_max = hw_max_size(text->wrapping.window_bytes, WINDOW_USUAL_BYTES),
        .outer = stream->unpackers_count > 0 ? stream->unpackers[stream->unpackers_count - 1] : NULL,
    };
}

/* Opens what lies in the source, unpacked once where it is packed. */
static enum hw_status source_open(const struct hw_csv_text *text, struct hw_csv_stream *stream, struct hw_error *err) {
    const struct hw_unpack_options options = unpack_options(text, stream);
    struct hw_stream *layer;
    if (text->zip) {
        HW_TRY(hw_zip_member_open(text->zip, text->member, &layer, err));
        layer_add(stream, layer);
    } else if (text->wrapping.packing == HW_PACKING_NONE) {
        HW_TRY(source_stream_open(text->source, &layer, err));
        layer_add(stream, layer);
    } else {
        HW_TRY(hw_unpack_open(text->source, text->wrapping.packing, &options, &layer, err));
        unpacker_add(stream, layer);
    }
    return HW_OK;
}

static enum hw_status bytes_decode(const struct hw_csv_text *text, struct hw_csv_stream *stream, hw_view head,
                                   struct hw_error *err);

/* Unpacks what is packed once more, and decodes what comes of it. */
static enum hw_status bytes_unpack(const struct hw_csv_text *text, struct hw_csv_stream *stream, struct hw_error *err) {
    unsigned depth = text->wrapping.packing != HW_PACKING_NONE;
    hw_view head;
    for (;;) {
        struct hw_stream *layer;
        HW_TRY(hw_csv_lookahead_open(stream->text, &layer, &head, err));
        layer_add(stream, layer);
        const enum hw_packing packing = hw_packing_detect(head.data, head.size);
        if (packing == HW_PACKING_NONE) {
            return bytes_decode(text, stream, head, err);
        }
        if (packing == HW_PACKING_ZIP) {
            return hw_fail(err, HW_EDATA,
                           "there is a ZIP inside of what is packed, and its members are not read: "
                           "unpack the outer file first");
        }
        if (depth == HW_PACKED_DEPTH_MAX) {
            return hw_fail(err, HW_ELIMIT, "the text is packed more than %u times: unpack the file first",
                           HW_PACKED_DEPTH_MAX);
        }
        const struct hw_unpack_options options = unpack_options(text, stream);
        HW_TRY(hw_unpack_open_stream(stream->text, text->source->name, packing, &options, &layer, err));
        unpacker_add(stream, layer);
        depth++;
    }
}

/* Makes UTF-8 of bytes that are not packed, and begin with `head`. */
static enum hw_status bytes_decode(const struct hw_csv_text *text, struct hw_csv_stream *stream, hw_view head,
                                   struct hw_error *err) {
    const struct hw_csv_mark mark = hw_csv_mark_find(head.data, head.size);
    struct hw_csv_encoding encoding;
    struct hw_stream *layer;
    HW_TRY(hw_csv_foreign_bytes(head, err));
    HW_TRY(hw_csv_encoding_decide(text->encoding, mark, &encoding, err));
    if (encoding.coding == HW_CSV_CODING_UTF8) {
        return HW_OK;
    }
    HW_TRY(hw_transcode_open(stream->text, &encoding, mark.bytes, &layer, err));
    layer_add(stream, layer);
    return HW_OK;
}

void hw_csv_stream_release(struct hw_csv_stream *stream) {
    while (stream->layers_count > 0) {
        struct hw_stream *layer = stream->layers[--stream->layers_count];
        layer->ops->close(layer);
    }
    *stream = (struct hw_csv_stream){0};
}

size_t hw_csv_stream_garbage_bytes(const struct hw_csv_stream *stream) {
    size_t bytes = 0;
    for (size_t i = 0; i < stream->unpackers_count; i++) {
        bytes += hw_unpack_garbage_bytes(stream->unpackers[i]);
    }
    return bytes;
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
