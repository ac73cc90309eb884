/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the unpackers as streams, with one bound on what they may yield. */
#include "codec/unpack.h"

#include "codec/packed.h"
#include "codec/unpack_bzip2.h"
#include "codec/unpack_gzip.h"
#include "codec/unpack_lz4.h"
#include "codec/unpack_xz.h"
#include "codec/unpack_zstd.h"
#include "codec/unpacker.h"
#include "core/alloc.h"
#include "core/limits.h"

/* A packing that does not stand here is no stream. */
static const struct hw_unpacker_ops *const unpackers[] = {
    [HW_PACKING_GZIP] = &hw_gunzip_ops,  [HW_PACKING_ZSTD] = &hw_unzstd_ops, [HW_PACKING_ZIP] = NULL,
    [HW_PACKING_BZIP2] = &hw_bunzip_ops, [HW_PACKING_XZ] = &hw_unxz_ops,     [HW_PACKING_LZ4] = &hw_unlz4_ops,
};

/* Unpacked bytes below which the ratio does not count: little harm, and short inputs pack well. */
#define RATIO_FREE_BYTES HW_MIB(64)

struct unpack_stream {
    struct hw_stream base;
    struct hw_packed packed;
    const struct hw_unpacker_ops *ops;
    void *state;
    const struct unpack_stream *outer; /* whose bytes are packed once more; or NULL */
    uint64_t unpacked;
    bool failed; /* for good: a stream that failed never seems to end */
};

static enum hw_status stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err);
static enum hw_status stream_step(struct unpack_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err);
static void stream_close(struct hw_stream *base);

static const struct hw_stream_ops stream_ops = {stream_read, stream_close};

uint64_t hw_unpack_window_bytes(enum hw_packing packing, const void *head, size_t bytes) {
    assert((unsigned)packing < COUNT_OF(unpackers));
    const struct hw_unpacker_ops *ops = unpackers[packing];
    return ops && ops->window_bytes ? ops->window_bytes(head, bytes) : 0;
}

static enum hw_status stream_make(enum hw_packing packing, const struct hw_unpack_options *options,
                                  struct unpack_stream **out_stream, struct hw_error *err);

enum hw_status hw_unpack_open(struct hw_source *source, enum hw_packing packing,
                              const struct hw_unpack_options *options, struct hw_stream **out_stream,
                              struct hw_error *err) {
    struct unpack_stream *stream;
    HW_TRY(stream_make(packing, options, &stream, err));
    enum hw_status status = hw_packed_init(&stream->packed, source, options ? options->block_bytes : 0, err);
    if (status != HW_OK) {
        stream_close(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
}

enum hw_status hw_unpack_open_stream(struct hw_stream *from, const char *name, enum hw_packing packing,
                                     const struct hw_unpack_options *options, struct hw_stream **out_stream,
                                     struct hw_error *err) {
    struct unpack_stream *stream;
    HW_TRY(stream_make(packing, options, &stream, err));
    enum hw_status status = hw_packed_init_stream(&stream->packed, from, name, options ? options->block_bytes : 0, err);
    if (status != HW_OK) {
        stream_close(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
}

/* Makes a stream with an unpacker, and without packed bytes. */
static enum hw_status stream_make(enum hw_packing packing, const struct hw_unpack_options *options,
                                  struct unpack_stream **out_stream, struct hw_error *err) {
    assert((unsigned)packing < COUNT_OF(unpackers));
    const struct hw_unpacker_ops *ops = unpackers[packing];
    if (!ops) {
        return hw_fail(err, HW_EUSAGE, "packing %s is not unpacked as one stream", hw_packing_name(packing));
    }
    struct unpack_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.ops = &stream_ops;
    stream->ops = ops;
    stream->outer = options ? (const struct unpack_stream *)options->outer : NULL;
    assert(!stream->outer || stream->outer->base.ops == &stream_ops);
    enum hw_status status = ops->open(options ? options->window_bytes_max : 0, &stream->state, err);
    if (status != HW_OK) {
        stream_close(&stream->base);
        return status;
    }
    *out_stream = stream;
    return HW_OK;
}

size_t hw_unpack_garbage_bytes(const struct hw_stream *stream) {
    assert(stream->ops == &stream_ops);
    return ((const struct unpack_stream *)stream)->packed.garbage_bytes;
}

static enum hw_status stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err) {
    struct unpack_stream *stream = (struct unpack_stream *)base;

    if (stream->failed) {
        return hw_fail(err, HW_EFAILED, "the unpacked stream has failed before");
    }
    if (bytes == 0) {
        *out_bytes = 0;
        return HW_OK;
    }
    enum hw_status status = stream_step(stream, data, bytes, out_bytes, err);
    if (status != HW_OK) {
        stream->failed = true;
        hw_error_object(err, stream->packed.name);
    }
    return status;
}

static enum hw_status stream_step(struct unpack_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err) {
    size_t got = 0;
    HW_TRY(stream->ops->run(stream->state, &stream->packed, data, bytes, &got, err));

    const struct unpack_stream *outermost = stream;
    while (outermost->outer) {
        outermost = outermost->outer;
    }
    uint64_t unpacked = stream->unpacked + got;
    uint64_t packed = hw_packed_offset(&outermost->packed);
    if (unpacked > RATIO_FREE_BYTES && unpacked / HW_UNPACK_RATIO_MAX > packed) {
        return hw_fail_at(err, HW_ELIMIT, packed,
                          "%" PRIu64 " packed bytes unpack to %" PRIu64 ", more than %u times as many", packed,
                          unpacked, HW_UNPACK_RATIO_MAX);
    }
    stream->unpacked = unpacked;
    *out_bytes = got;
    return HW_OK;
}

static void stream_close(struct hw_stream *base) {
    struct unpack_stream *stream = (struct unpack_stream *)base;
    if (stream->state) {
        stream->ops->close(stream->state);
    }
    hw_packed_release(&stream->packed);
    hw_free(stream);
}
