/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/writer.h"

#include "avro/block.h"
#include "avro/metadata.h"
#include "avro/schema.h"
#include "avro/sync.h"
#include "avro/varint.h"
#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "table/byte_list.h"

enum {
    BLOCK_BYTES = 256 << 10,
    HEAD_REST_BYTES = 64, /* of a header beside its entries, and more */
};

struct avro_writer {
    struct hw_byte_list_writer file;
    struct hw_avro_layout layout;
    enum hw_codec codec;
    int level;
    size_t block_bytes;
    uint8_t sync[HW_AVRO_SYNC_BYTES];
};

struct avro_encoder {
    struct hw_encoder base;
    const struct avro_writer *writer;
    /* NULL means that blocks stay as they are. */
    struct hw_compressor *compressor;
    struct hw_avro_tile tile;
    /* The rows of the block that is being filled. */
    struct hw_buf block;
    size_t block_rows;
    /* The memory for one compressed block. */
    struct hw_buf packed;
    struct hw_byte_list done;
};

/* The names that the specification gives to codecs. */
static const struct {
    enum hw_codec codec;
    const char *name;
} codec_rows[] = {
    {HW_CODEC_NONE, "null"},
    {HW_CODEC_DEFLATE, "deflate"},
    {HW_CODEC_SNAPPY, "snappy"},
    {HW_CODEC_ZSTD, "zstandard"},
};

static enum hw_status encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder, struct hw_error *err);
static enum hw_status writer_prepare(struct avro_writer *writer, const struct hw_schema *schema,
                                     const struct hw_avro_options *options, struct hw_error *err);

static const struct hw_table_writer_ops writer_ops = {encoder_new, hw_byte_list_writer_append,
                                                      hw_byte_list_writer_finish, hw_byte_list_writer_sibling,
                                                      hw_byte_list_writer_free};

enum hw_status hw_avro_writer_new(const struct hw_schema *schema, const struct hw_avro_options *options,
                                  struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    struct hw_avro_options own = options ? *options : (struct hw_avro_options){.codec = HW_CODEC_DEFAULT};
    bool default_codec = own.codec == HW_CODEC_DEFAULT;
    struct avro_writer *writer = hw_alloc_zero(1, sizeof(*writer));

    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    hw_byte_list_writer_init(&writer->file, &writer_ops, sink);
    writer->codec = default_codec ? HW_CODEC_DEFLATE : own.codec;
    writer->level = default_codec ? HW_LEVEL_DEFAULT : own.level;
    writer->block_bytes = own.block_bytes ? own.block_bytes : BLOCK_BYTES;
    enum hw_status status = writer_prepare(writer, schema, &own, err);
    if (status != HW_OK) {
        hw_byte_list_writer_free(&writer->file.base);
        return status;
    }
    *out_writer = &writer->file.base;
    return HW_OK;
}

size_t hw_avro_compressor_bytes(const struct hw_avro_options *options) {
    enum hw_codec codec = options->codec == HW_CODEC_DEFAULT ? HW_CODEC_DEFLATE : options->codec;
    return hw_compressor_held_max(codec, options->level, options->block_bytes ? options->block_bytes : BLOCK_BYTES);
}

static const char *codec_name(enum hw_codec codec) {
    for (size_t i = 0; i < COUNT_OF(codec_rows); i++) {
        if (codec_rows[i].codec == codec) {
            return codec_rows[i].name;
        }
    }
    return NULL;
}

static enum hw_status header_build(struct avro_writer *writer, const char *codec, hw_view schema,
                                   const struct hw_file_pairs *pairs, struct hw_error *err);

static enum hw_status writer_prepare(struct avro_writer *writer, const struct hw_schema *schema,
                                     const struct hw_avro_options *options, struct hw_error *err) {
    const char *codec = codec_name(writer->codec);
    HW_AUTO(hw_buf) text = {0};
    struct hw_compressor *probe;

    if (!codec) {
        return hw_fail(err, HW_EUSAGE, "Avro has no codec \"%s\"; it takes none, deflate, snappy and zstd",
                       hw_codec_name(writer->codec));
    }
    HW_TRY(hw_avro_layout_init(&writer->layout, schema, err));
    /* A level that the codec does not take is told now. */
    HW_TRY(hw_compressor_new(writer->codec, writer->level, &probe, err));
    hw_compressor_free(probe);
    HW_TRY(hw_avro_schema_write(schema, options->record_name, &text, err));
    HW_TRY(hw_avro_sync_derive(hw_buf_view(&text), options->identity, writer->sync, err));
    return header_build(writer, codec, hw_buf_view(&text), &options->pairs, err);
}

/* Builds the header: magic, a map of all entries in one block, its end, the sync marker. */
static enum hw_status header_build(struct avro_writer *writer, const char *codec, hw_view schema,
                                   const struct hw_file_pairs *pairs, struct hw_error *err) {
    struct hw_buf *header = &writer->file.header;
    HW_AUTO(hw_buf) entries = {0};
    uint8_t count[HW_AVRO_LONG_BYTES_MAX];
    size_t pairs_count;

    HW_TRY(hw_avro_bytes_write(HW_VIEW("avro.codec"), &entries, err));
    HW_TRY(hw_avro_bytes_write(hw_view_of(codec), &entries, err));
    HW_TRY(hw_avro_bytes_write(HW_VIEW("avro.schema"), &entries, err));
    HW_TRY(hw_avro_bytes_write(schema, &entries, err));
    HW_TRY(hw_avro_pairs_write(pairs, &entries, &pairs_count, err));
    if (pairs_count > 0 && entries.size > HW_AVRO_HEAD_BYTES_MAX - HEAD_REST_BYTES) {
        return hw_fail(err, HW_ELIMIT,
                       "schema and metadata of %zu bytes are more than the header of an Avro file holds", entries.size);
    }
    HW_TRY(hw_buf_append(header, "Obj\1", 4, err));
    HW_TRY(hw_buf_append(header, count, hw_avro_long_put(count, (int64_t)pairs_count + 2), err));
    HW_TRY(hw_buf_append(header, entries.data, entries.size, err));
    HW_TRY(hw_buf_append_byte(header, 0, err));
    return hw_buf_append(header, writer->sync, sizeof(writer->sync), err);
}

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err);
static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err);
static void encoder_reset(struct hw_encoder *base);
static void encoder_free(struct hw_encoder *base);

static const struct hw_encoder_ops encoder_ops = {encoder_add, encoder_take, encoder_reset, encoder_free};

static enum hw_status encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder, struct hw_error *err) {
    const struct avro_writer *writer = (const struct avro_writer *)base;
    struct avro_encoder *encoder = hw_alloc_zero(1, sizeof(*encoder));

    if (!encoder) {
        return hw_fail_nomem(err, sizeof(*encoder));
    }
    encoder->base.ops = &encoder_ops;
    encoder->writer = writer;
    hw_byte_list_init(&encoder->done, ((struct hw_byte_list_writer *)base)->pool);
    encoder->block.limit = INT32_MAX;
    encoder->packed.limit = UINT32_MAX;
    if (writer->codec != HW_CODEC_NONE) {
        enum hw_status status = hw_compressor_new(writer->codec, writer->level, &encoder->compressor, err);
        if (status != HW_OK) {
            hw_free(encoder);
            return status;
        }
    }
    *out_encoder = &encoder->base;
    return HW_OK;
}

static enum hw_status block_fill(struct avro_encoder *encoder, struct hw_error *err);
static enum hw_status block_close(struct avro_encoder *encoder, struct hw_error *err);

static size_t encoder_held(const struct avro_encoder *encoder) {
    size_t compressor = encoder->compressor ? hw_compressor_held(encoder->compressor) : 0;
    return sizeof(*encoder) + encoder->tile.slots.capacity + encoder->block.capacity + encoder->packed.capacity +
           encoder->done.held_bytes + compressor;
}

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err) {
    struct avro_encoder *encoder = (struct avro_encoder *)base;
    const struct hw_avro_layout *layout = &encoder->writer->layout;

    HW_TRY(hw_avro_batch_check(layout, batch, err));
    for (size_t row = 0; row < batch->rows; row += encoder->tile.rows) {
        HW_TRY(hw_avro_tile_fill(&encoder->tile, layout, batch, row, err));
        HW_TRY(block_fill(encoder, err));
    }
    base->rows += batch->rows;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = encoder->done.bytes;
    return HW_OK;
}

/* Moves the rows of the tile into the block, which is closed as soon as it is large enough. */
static enum hw_status block_fill(struct avro_encoder *encoder, struct hw_error *err) {
    const struct hw_avro_tile *tile = &encoder->tile;

    for (size_t r = 0; r < tile->rows; r++) {
        HW_TRY(hw_buf_append(&encoder->block, tile->starts[r], (size_t)(tile->ends[r] - tile->starts[r]), err));
        encoder->block_rows++;
        if (encoder->block.size >= encoder->writer->block_bytes) {
            HW_TRY(block_close(encoder, err));
        }
    }
    return HW_OK;
}

static enum hw_status block_pack(struct avro_encoder *encoder, hw_view *out_packed, struct hw_error *err);

/* Ends a block: count, size, data, sync marker ("Object Container Files" of the specification). */
static enum hw_status block_close(struct avro_encoder *encoder, struct hw_error *err) {
    uint8_t header[2 * HW_AVRO_LONG_BYTES_MAX];
    hw_view packed;

    HW_TRY(block_pack(encoder, &packed, err));
    size_t bytes = hw_avro_long_put(header, (int64_t)encoder->block_rows);
    bytes += hw_avro_long_put(header + bytes, (int64_t)packed.size);
    HW_TRY(hw_byte_list_append(&encoder->done, header, bytes, err));
    HW_TRY(hw_byte_list_append(&encoder->done, packed.data, packed.size, err));
    HW_TRY(hw_byte_list_append(&encoder->done, encoder->writer->sync, HW_AVRO_SYNC_BYTES, err));
    hw_buf_clear(&encoder->block);
    encoder->block_rows = 0;
    return HW_OK;
}

/* Returns the block as the file has it, which the encoder owns. */
static enum hw_status block_pack(struct avro_encoder *encoder, hw_view *out_packed, struct hw_error *err) {
    hw_view block = hw_buf_view(&encoder->block);

    if (!encoder->compressor) {
        *out_packed = block;
        return HW_OK;
    }
    size_t room = hw_compressor_bound(encoder->compressor, block.size);
    uint32_t crc = 0;
    size_t bytes;
    HW_TRY(hw_buf_resize(&encoder->packed, room + sizeof(crc), err));
    HW_TRY(hw_compressor_run(encoder->compressor, block.data, block.size, encoder->packed.data, room, &bytes, err));
    if (encoder->writer->codec == HW_CODEC_SNAPPY) {
        /*
         * Snappy blocks end with the CRC-32 of the data before compression, big-endian. It is the
         * one checksum that Avro has.
         */
        crc = __builtin_bswap32(hw_crc32(0, block.data, block.size));
        hw_store_le32(encoder->packed.data + bytes, crc);
        bytes += sizeof(crc);
    }
    *out_packed = (hw_view){(const char *)encoder->packed.data, bytes};
    return HW_OK;
}

static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err) {
    struct avro_encoder *encoder = (struct avro_encoder *)base;

    if (encoder->block_rows > 0) {
        HW_TRY(block_close(encoder, err));
    }
    HW_TRY(hw_byte_list_take(&encoder->done, base->rows, out_encoded, err));
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
    return HW_OK;
}

static void encoder_reset(struct hw_encoder *base) {
    struct avro_encoder *encoder = (struct avro_encoder *)base;
    hw_byte_list_release(&encoder->done);
    hw_buf_clear(&encoder->block);
    encoder->block_rows = 0;
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
}

static void encoder_free(struct hw_encoder *base) {
    struct avro_encoder *encoder = (struct avro_encoder *)base;
    hw_byte_list_release(&encoder->done);
    hw_avro_tile_release(&encoder->tile);
    hw_buf_release(&encoder->block);
    hw_buf_release(&encoder->packed);
    hw_compressor_free(encoder->compressor);
    hw_free(encoder);
}
