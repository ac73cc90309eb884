/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block_unpack.h"

#include "codec/checksum.h"
#include "codec/unpack.h"
#include "core/limits.h"

enum { CRC_BYTES = 4, ADLER_BYTES = 3, STEP_BYTES = 64 << 10 };

/* Unpacked bytes below which the ratio does not count. */
#define RATIO_FREE_BYTES HW_MIB(64)

typedef enum hw_status unpack_fn(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err);

static unpack_fn deflate_unpack, snappy_unpack, zstandard_unpack, bzip2_unpack, xz_unpack;

static unpack_fn *const unpacks[HW_AVRO_CODECS] = {
    [HW_AVRO_CODEC_DEFLATE] = deflate_unpack,
    [HW_AVRO_CODEC_SNAPPY] = snappy_unpack,
    [HW_AVRO_CODEC_ZSTANDARD] = zstandard_unpack,
    [HW_AVRO_CODEC_BZIP2] = bzip2_unpack,
    [HW_AVRO_CODEC_XZ] = xz_unpack,
};

enum hw_status hw_avro_unpack(struct hw_avro_unpacker *unpacker, enum hw_avro_codec codec,
                              const struct hw_avro_stored *block, hw_view *out_bytes, struct hw_error *err) {
    unpacker->checksum_differs = false;
    /* Nothing at all is what no codec makes of no items, and no reader minds. */
    if (!unpacks[codec] || (block->count == 0 && block->data.size == 0)) {
        *out_bytes = hw_buf_view(&block->data);
        return HW_OK;
    }
    if (!unpacker->decompressor) {
        HW_TRY(hw_decompressor_new(&unpacker->decompressor, err));
    }
    struct hw_buf *out = &unpacker->out;
    hw_buf_clear(out);
    const size_t most = unpacker->bytes_max > 0 ? unpacker->bytes_max : HW_AVRO_UNPACKED_BYTES_MAX;
    out->limit = most;
    const enum hw_status status = unpacks[codec](unpacker, hw_buf_view(&block->data), err);
    if (status == HW_ELIMIT) {
        return hw_fail(err, HW_ELIMIT,
                       "it unpacks to more than %zu bytes, the most that it may have (--max-page-bytes, and what "
                       "--memory leaves for it)",
                       most);
    }
    HW_TRY(status);
    if (out->size > RATIO_FREE_BYTES && out->size / HW_UNPACK_RATIO_MAX > block->data.size) {
        return hw_fail(err, HW_ELIMIT, "%zu packed bytes unpack to %zu, more than %u times as many", block->data.size,
                       out->size, HW_UNPACK_RATIO_MAX);
    }
    out->limit = most + HW_AVRO_BLOCK_ROOM;
    HW_TRY(hw_buf_reserve(out, HW_AVRO_BLOCK_ROOM, err));
    memset(out->data + out->size, 0, HW_AVRO_BLOCK_ROOM);
    *out_bytes = hw_buf_view(out);
    return HW_OK;
}

size_t hw_avro_unpacker_held(const struct hw_avro_unpacker *unpacker) {
    return unpacker->out.capacity;
}

void hw_avro_unpacker_release(struct hw_avro_unpacker *unpacker) {
    hw_decompressor_free(unpacker->decompressor);
    hw_buf_release(&unpacker->out);
    *unpacker = (struct hw_avro_unpacker){0};
}

static enum hw_status deflate_run(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    return hw_decompressor_run_unsized(unpacker->decompressor, HW_CODEC_DEFLATE, block, &unpacker->out, err);
}

/* Unpacks a block without its last bytes, and compares these with the Adler-32 of what it makes. */
static enum hw_status trailed_run(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    const hw_view packed = {block.data, block.size - hw_min_size(block.size, ADLER_BYTES)};
    uint8_t found[sizeof(uint32_t)];
    HW_TRY(deflate_run(unpacker, packed, err));
    hw_store_le32(found, __builtin_bswap32(hw_adler32(1, unpacker->out.data, unpacker->out.size)));
    unpacker->checksum_differs = memcmp(found, block.data + packed.size, ADLER_BYTES) != 0;
    return !unpacker->checksum_differs
               ? HW_OK
               : hw_fail(err, HW_EDATA, "deflate: the bytes behind its end are not those of its Adler-32");
}

/*
 * Avro for Python and fastavro let zlib write its own format, and take off two bytes at the
 * beginning and one at the end: three bytes of an Adler-32 are left. Whoever wrote one block so,
 * wrote all.
 */
static enum hw_status deflate_unpack(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    const bool trailed = unpacker->trailed;
    struct hw_error other = HW_ERROR_INIT;
    const enum hw_status status = (trailed ? trailed_run : deflate_run)(unpacker, block, err);
    if (status != HW_EDATA || unpacker->checksum_differs) {
        return status;
    }
    if ((trailed ? deflate_run : trailed_run)(unpacker, block, &other) == HW_OK) {
        unpacker->trailed = !trailed;
        return HW_OK;
    }
    return unpacker->checksum_differs ? hw_error_pass(err, HW_EDATA, &other) : status;
}

static enum hw_status zstandard_unpack(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    return hw_decompressor_run_unsized(unpacker->decompressor, HW_CODEC_ZSTD, block, &unpacker->out, err);
}

/* The big-endian CRC-32 of the unpacked bytes stands behind the packed ones. */
static enum hw_status snappy_unpack(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    if (block.size < CRC_BYTES) {
        return hw_fail(err, HW_EDATA, "snappy: there is no checksum behind its %zu bytes", block.size);
    }
    const hw_view packed = {block.data, block.size - CRC_BYTES};
    HW_TRY(hw_decompressor_run_unsized(unpacker->decompressor, HW_CODEC_SNAPPY, packed, &unpacker->out, err));
    const uint32_t said = __builtin_bswap32(hw_load_le32(block.data + packed.size));
    const uint32_t found = hw_crc32(0, unpacker->out.data, unpacker->out.size);
    unpacker->checksum_differs = said != found;
    return said == found
               ? HW_OK
               : hw_fail(err, HW_EDATA, "its CRC-32 is 0x%08" PRIx32 ", the block says 0x%08" PRIx32, found, said);
}

/* ------ codecs that are unpacked as streams */

/* The bytes of a block, as a stream. */
struct block_stream {
    struct hw_stream base;
    hw_view left;
};

static enum hw_status block_stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                        struct hw_error *err) {
    struct block_stream *stream = (struct block_stream *)base;
    const size_t part = hw_min_size(bytes, stream->left.size);
    (void)err;
    if (part > 0) {
        memcpy(data, stream->left.data, part);
    }
    stream->left.data += part;
    stream->left.size -= part;
    *out_bytes = part;
    return HW_OK;
}

static const struct hw_stream_ops block_stream_ops = {block_stream_read, NULL};

static enum hw_status stream_read_all(struct hw_stream *stream, struct hw_buf *out, struct hw_error *err) {
    for (;;) {
        const size_t before = out->size;
        size_t got = 0;
        if (before >= out->limit) {
            return hw_fail(err, HW_ELIMIT, "it has more bytes than are allowed");
        }
        HW_TRY(hw_buf_resize(out, hw_min_size(before + hw_max_size(before, STEP_BYTES), out->limit), err));
        enum hw_status status = stream->ops->read(stream, out->data + before, out->size - before, &got, err);
        out->size = before + got;
        if (status != HW_OK || got == 0) {
            return status;
        }
    }
}

static enum hw_status packing_unpack(struct hw_avro_unpacker *unpacker, enum hw_packing packing, hw_view block,
                                     struct hw_error *err) {
    struct block_stream from = {.base.ops = &block_stream_ops, .left = block};
    struct hw_stream *stream;
    HW_TRY(hw_unpack_open_stream(&from.base, "", packing, NULL, &stream, err));
    enum hw_status status = stream_read_all(stream, &unpacker->out, err);
    if (status == HW_OK && hw_unpack_garbage_bytes(stream) > 0) {
        status = hw_fail(err, HW_EDATA, "%s: %zu bytes are left behind the end", hw_packing_name(packing),
                         hw_unpack_garbage_bytes(stream));
    }
    stream->ops->close(stream);
    return status;
}

static enum hw_status bzip2_unpack(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    return packing_unpack(unpacker, HW_PACKING_BZIP2, block, err);
}

static enum hw_status xz_unpack(struct hw_avro_unpacker *unpacker, hw_view block, struct hw_error *err) {
    return packing_unpack(unpacker, HW_PACKING_XZ, block, err);
}
