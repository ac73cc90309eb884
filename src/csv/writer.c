/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/writer.h"

#include "core/alloc.h"
#include "csv/records.h"
#include "table/byte_list.h"
#include "table/flatten.h"

enum {
    TEXT_BYTES = 128 << 10, /* moved on while it is in cache */
    BLOCK_BYTES = 4 << 20,  /* compressed: large against the window of either codec */
};

struct csv_writer {
    struct hw_byte_list_writer file;
    struct hw_csv_format format;
    /* Structs as columns, where they are asked for. */
    bool flattens;
    struct hw_flat flat;
    enum hw_codec codec;
    int level;
    size_t block_bytes;
};

struct csv_encoder {
    struct hw_encoder base;
    const struct csv_writer *writer;
    struct hw_compressor *compressor;
    struct hw_buf text;   /* records of the block that is being filled */
    struct hw_buf packed; /* scratch for one compressed block */
    struct hw_byte_list done;
    struct hw_arena arena; /* of the flat batch that is being added */
};

static enum hw_status encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder, struct hw_error *err);
static enum hw_status writer_prepare(struct csv_writer *writer, const struct hw_schema *schema,
                                     const struct hw_csv_writer_options *options, struct hw_error *err);
static void writer_free(struct hw_table_writer *base);

static const struct hw_table_writer_ops writer_ops = {
    encoder_new, hw_byte_list_writer_append, hw_byte_list_writer_finish, hw_byte_list_writer_sibling, writer_free};

enum hw_status hw_csv_writer_new(const struct hw_schema *schema, const struct hw_csv_writer_options *options,
                                 struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    struct csv_writer *writer = hw_alloc_zero(1, sizeof(*writer));

    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    hw_byte_list_writer_init(&writer->file, &writer_ops, sink);
    enum hw_status status = writer_prepare(writer, schema, options ? options : &(struct hw_csv_writer_options){0}, err);
    if (status != HW_OK) {
        writer_free(&writer->file.base);
        return status;
    }
    *out_writer = &writer->file.base;
    return HW_OK;
}

static void writer_free(struct hw_table_writer *base) {
    hw_flat_release(&((struct csv_writer *)base)->flat);
    hw_byte_list_writer_free(base);
}

static enum hw_status text_pack(struct hw_compressor *compressor, hw_view text, struct hw_buf *out,
                                struct hw_error *err);

static enum hw_status writer_prepare(struct csv_writer *writer, const struct hw_schema *schema,
                                     const struct hw_csv_writer_options *options, struct hw_error *err) {
    bool plain = options->codec == HW_CODEC_DEFAULT || options->codec == HW_CODEC_NONE;
    HW_AUTO(hw_buf) header = {0};
    struct hw_compressor *compressor;

    if (!plain && options->codec != HW_CODEC_GZIP && options->codec != HW_CODEC_ZSTD) {
        return hw_fail(err, HW_EUSAGE, "CSV has no codec \"%s\"; it takes none, gzip and zstd",
                       hw_codec_name(options->codec));
    }
    writer->codec = plain ? HW_CODEC_NONE : options->codec;
    writer->level = plain ? HW_LEVEL_DEFAULT : options->level;
    writer->block_bytes = plain ? TEXT_BYTES : options->block_bytes ? options->block_bytes : BLOCK_BYTES;
    writer->flattens = options->flatten;
    if (writer->flattens) {
        HW_TRY(hw_flat_make(&writer->flat, schema, err));
        schema = &writer->flat.schema;
    }
    HW_TRY(hw_csv_format_init(&writer->format, schema, options->delimiter ? options->delimiter : ',', err));
    writer->format.crlf = options->crlf;
    writer->format.formula_guard = options->formula_guard;
    writer->format.binary = options->binary;
    HW_TRY(hw_csv_header_append(&writer->format, &header, err));
    HW_TRY(hw_compressor_new(writer->codec, writer->level, &compressor, err));
    enum hw_status status = text_pack(compressor, hw_buf_view(&header), &writer->file.header, err);
    hw_compressor_free(compressor);
    return status;
}

size_t hw_csv_compressor_bytes(const struct hw_csv_writer_options *options) {
    const size_t block_bytes = options->block_bytes ? options->block_bytes : BLOCK_BYTES;
    if (options->codec == HW_CODEC_DEFAULT || options->codec == HW_CODEC_NONE) {
        return 0;
    }
    return 4 * block_bytes + hw_compressor_held_max(options->codec, options->level, block_bytes);
}

/* Replaces the contents of `out` by the compressed text, one member or frame. */
static enum hw_status text_pack(struct hw_compressor *compressor, hw_view text, struct hw_buf *out,
                                struct hw_error *err) {
    size_t bytes;
    HW_TRY(hw_buf_resize(out, hw_compressor_bound(compressor, text.size), err));
    HW_TRY(hw_compressor_run(compressor, text.data, text.size, out->data, out->size, &bytes, err));
    return hw_buf_resize(out, bytes, err);
}

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err);
static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err);
static void encoder_reset(struct hw_encoder *base);
static void encoder_free(struct hw_encoder *base);

static const struct hw_encoder_ops encoder_ops = {encoder_add, encoder_take, encoder_reset, encoder_free};

static enum hw_status encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder, struct hw_error *err) {
    const struct csv_writer *writer = (const struct csv_writer *)base;
    struct csv_encoder *encoder = hw_alloc_zero(1, sizeof(*encoder));

    if (!encoder) {
        return hw_fail_nomem(err, sizeof(*encoder));
    }
    encoder->base.ops = &encoder_ops;
    encoder->writer = writer;
    hw_byte_list_init(&encoder->done, ((struct hw_byte_list_writer *)base)->pool);
    enum hw_status status = hw_compressor_new(writer->codec, writer->level, &encoder->compressor, err);
    if (status != HW_OK) {
        hw_free(encoder);
        return status;
    }
    *out_encoder = &encoder->base;
    return HW_OK;
}

static enum hw_status blocks_close(struct csv_encoder *encoder, struct hw_error *err);
static enum hw_status block_close(struct csv_encoder *encoder, hw_view text, struct hw_error *err);

static size_t encoder_held(const struct csv_encoder *encoder) {
    return sizeof(*encoder) + encoder->text.capacity + encoder->packed.capacity + encoder->done.held_bytes +
           hw_compressor_held(encoder->compressor);
}

static enum hw_status records_add(struct csv_encoder *encoder, const struct hw_batch *batch, struct hw_error *err) {
    size_t rows;
    for (size_t row = 0; row < batch->rows; row += rows) {
        HW_TRY(hw_csv_records_append(&encoder->writer->format, batch, row, &encoder->text, &rows, err));
        HW_TRY(blocks_close(encoder, err));
    }
    return HW_OK;
}

static enum hw_status flat_add(struct csv_encoder *encoder, const struct hw_batch *batch, struct hw_error *err) {
    struct hw_batch flat;
    enum hw_status status = hw_flat_apply(&encoder->writer->flat, batch, &encoder->arena, &flat, err);
    status = status ? status : records_add(encoder, &flat, err);
    hw_arena_release(&encoder->arena);
    return status;
}

static enum hw_status encoder_add(struct hw_encoder *base, const struct hw_batch *batch, struct hw_error *err) {
    struct csv_encoder *encoder = (struct csv_encoder *)base;
    HW_TRY(encoder->writer->flattens ? flat_add(encoder, batch, err) : records_add(encoder, batch, err));
    base->rows += batch->rows;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = encoder->done.bytes;
    return HW_OK;
}

/*
 * Closes the blocks that are full. All have the same number of bytes, so that it does not matter
 * how the rows come in batches. A reader takes the blocks for one text, so they may end anywhere.
 */
static enum hw_status blocks_close(struct csv_encoder *encoder, struct hw_error *err) {
    const size_t block = encoder->writer->block_bytes;
    struct hw_buf *text = &encoder->text;
    size_t at = 0;

    for (; text->size - at >= block; at += block) {
        HW_TRY(block_close(encoder, (hw_view){(const char *)text->data + at, block}, err));
    }
    if (at > 0) {
        memmove(text->data, text->data + at, text->size - at);
        text->size -= at;
    }
    return HW_OK;
}

static enum hw_status block_close(struct csv_encoder *encoder, hw_view text, struct hw_error *err) {
    HW_TRY(text_pack(encoder->compressor, text, &encoder->packed, err));
    return hw_byte_list_append(&encoder->done, encoder->packed.data, encoder->packed.size, err);
}

static enum hw_status encoder_take(struct hw_encoder *base, struct hw_encoded **out_encoded, struct hw_error *err) {
    struct csv_encoder *encoder = (struct csv_encoder *)base;

    if (encoder->text.size > 0) {
        HW_TRY(block_close(encoder, hw_buf_view(&encoder->text), err));
        hw_buf_clear(&encoder->text);
    }
    HW_TRY(hw_byte_list_take(&encoder->done, base->rows, out_encoded, err));
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
    return HW_OK;
}

static void encoder_reset(struct hw_encoder *base) {
    struct csv_encoder *encoder = (struct csv_encoder *)base;
    hw_byte_list_release(&encoder->done);
    hw_buf_clear(&encoder->text);
    base->rows = 0;
    base->held_bytes = encoder_held(encoder);
    base->content_bytes = 0;
}

static void encoder_free(struct hw_encoder *base) {
    struct csv_encoder *encoder = (struct csv_encoder *)base;
    hw_byte_list_release(&encoder->done);
    hw_buf_release(&encoder->text);
    hw_buf_release(&encoder->packed);
    hw_compressor_free(encoder->compressor);
    hw_free(encoder);
}
