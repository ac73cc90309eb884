/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Knows packed input by its magic bytes and runs the unpackers as streams, with one bound on what
 * they may yield.
 */
#include "codec/unpack.h"

#include "codec/packed.h"
#include "codec/unpack_gzip.h"
#include "codec/unpack_zstd.h"
#include "codec/unpacker.h"
#include "core/alloc.h"
#include "core/limits.h"

struct magic_row {
    enum hw_packing packing;
    uint32_t mask; /* of the first four bytes, little-endian */
    uint32_t magic;
    size_t bytes;
};

static const struct magic_row magic_rows[] = {
    {HW_PACKING_GZIP, 0x0000ffff, 0x00008b1f, 2}, /* RFC 1952 */
    {HW_PACKING_ZSTD, 0xffffffff, 0xfd2fb528, 4}, /* RFC 8878 3.1.1 */
    {HW_PACKING_ZSTD, 0xfffffff0, 0x184d2a50, 4}, /* RFC 8878 3.1.2: a skippable frame */
    {HW_PACKING_ZIP, 0xffffffff, 0x04034b50, 4},  /* APPNOTE 4.3.7: a local file header */
    {HW_PACKING_ZIP, 0xffffffff, 0x06054b50, 4},  /* APPNOTE 4.3.16: a ZIP without members */
    {HW_PACKING_ZIP, 0xffffffff, 0x08074b50, 4},  /* APPNOTE 8.5.3: the mark of a split ZIP */
};

static const struct {
    const char *name;
    const struct hw_unpacker_ops *ops; /* NULL: no stream */
} packing_rows[] = {
    [HW_PACKING_NONE] = {"none", NULL},
    [HW_PACKING_GZIP] = {"gzip", &hw_gunzip_ops},
    [HW_PACKING_ZSTD] = {"zstd", &hw_unzstd_ops},
    [HW_PACKING_ZIP] = {"zip", NULL},
};

/* Unpacked bytes below which the ratio does not count: little harm, and short inputs pack well. */
#define RATIO_FREE_BYTES HW_MIB(64)

struct unpack_stream {
    struct hw_stream base;
    struct hw_packed packed;
    const struct hw_unpacker_ops *ops;
    void *state;
    uint64_t unpacked;
    bool failed; /* for good: a stream that failed never seems to end */
};

static enum hw_status stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err);
static enum hw_status stream_step(struct unpack_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err);
static void stream_close(struct hw_stream *base);

static const struct hw_stream_ops stream_ops = {stream_read, stream_close};

enum hw_packing hw_packing_detect(const void *data, size_t bytes) {
    uint32_t head = 0;
    memcpy(&head, data ? data : "", data ? hw_min_size(bytes, sizeof(head)) : 0);
    for (size_t i = 0; i < COUNT_OF(magic_rows); i++) {
        if (bytes >= magic_rows[i].bytes && (head & magic_rows[i].mask) == magic_rows[i].magic) {
            return magic_rows[i].packing;
        }
    }
    return HW_PACKING_NONE;
}

const char *hw_packing_name(enum hw_packing packing) {
    assert((unsigned)packing < COUNT_OF(packing_rows));
    return packing_rows[packing].name;
}

enum hw_status hw_unpack_open(struct hw_source *source, enum hw_packing packing,
                              const struct hw_unpack_options *options, struct hw_stream **out_stream,
                              struct hw_error *err) {
    const struct hw_unpacker_ops *ops = packing_rows[packing].ops;
    if (!ops) {
        return hw_fail(err, HW_EUSAGE, "packing %s is not unpacked as one stream", hw_packing_name(packing));
    }
    struct unpack_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.ops = &stream_ops;
    stream->ops = ops;
    enum hw_status status = hw_packed_init(&stream->packed, source, options ? options->block_bytes : 0, err);
    if (status == HW_OK) {
        status = ops->open(options ? options->window_bytes_max : 0, &stream->state, err);
    }
    if (status != HW_OK) {
        stream_close(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
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
        hw_error_object(err, stream->packed.source->name);
    }
    return status;
}

static enum hw_status stream_step(struct unpack_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err) {
    size_t got = 0;
    HW_TRY(stream->ops->run(stream->state, &stream->packed, data, bytes, &got, err));

    uint64_t unpacked = stream->unpacked + got;
    uint64_t offset = hw_packed_offset(&stream->packed);
    if (unpacked > RATIO_FREE_BYTES && unpacked / HW_UNPACK_RATIO_MAX > offset) {
        return hw_fail_at(err, HW_ELIMIT, offset,
                          "%" PRIu64 " packed bytes unpack to %" PRIu64 ", more than %u times as many", offset,
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
