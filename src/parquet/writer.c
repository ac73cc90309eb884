/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/writer.h"

#include "codec/checksum.h"
#include "core/alloc.h"
#include "parquet/encoder.h"
#include "parquet/footer.h"
#include "parquet/tree.h"

enum {
    PAGE_BYTES = 1 << 20,
    LONG_PAGE_BYTES = 4 << 20,
    /* The sizes of pages have 32 bits, and readers hold whole pages. */
    PAGE_BYTES_MAX = 256 << 20,
    /* So few that the pages in work of some 20 columns stay in a second-level cache. */
    PAGE_ROWS = 10000,
    PAGE_ROWS_MAX = 1 << 24,
    DICTIONARY_BYTES = 1 << 20,
    DICTIONARY_BYTES_MAX = 256 << 20,
    PENDING_BYTES = 24 << 20,
    /* The bytes that are gathered before the sink sees them. */
    WRITE_BYTES = 1 << 20,
};

struct parquet_writer {
    struct hw_table_writer base;
    /* The tree of the writer itself, which is empty in a sibling. */
    struct hw_tree own_tree;
    /* The tree that is used: the own one, or that of the writer whose sibling this is. */
    const struct hw_tree *tree;
    /* The options, with no value left at 0. */
    struct hw_parquet_options options;
    struct hw_sink *sink;
    /* The pool of its encoders. */
    struct hw_row_group_pool pool;
    struct hw_footer footer;
    /* The bytes that are not written yet. */
    struct hw_buf gathered;
    /* The size of the file, `gathered` included, and the CRC-64/NVME of all of it. */
    uint64_t at;
    uint64_t sum;
};

static enum hw_status options_fill(const struct hw_parquet_options *given, struct hw_parquet_options *out_options,
                                   struct hw_error *err);
static size_t option_or(size_t given, size_t standard, size_t most);
static enum hw_status writer_encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder,
                                         struct hw_error *err);
static enum hw_status writer_append(struct hw_table_writer *base, struct hw_encoded *encoded, struct hw_error *err);
static enum hw_status writer_finish(struct hw_table_writer *base, struct hw_error *err);
static enum hw_status writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                     struct hw_table_writer **out_writer, struct hw_error *err);
static void writer_free(struct hw_table_writer *base);
static enum hw_status row_group_write(struct parquet_writer *writer, const struct hw_row_group *group,
                                      struct hw_error *err);
static enum hw_status chunk_write(struct parquet_writer *writer, const struct hw_row_group *group, size_t column,
                                  struct hw_error *err);
static enum hw_status log_write(struct parquet_writer *writer, const struct hw_page_log *log, uint64_t at, size_t bytes,
                                struct hw_error *err);
static enum hw_status magic_write(struct parquet_writer *writer, struct hw_error *err);
static enum hw_status file_write(void *ctx, const void *data, size_t bytes, struct hw_error *err);
static enum hw_status gathered_flush(struct parquet_writer *writer, struct hw_error *err);

static const struct hw_table_writer_ops writer_ops = {writer_encoder_new, writer_append, writer_finish, writer_sibling,
                                                      writer_free};

enum hw_status hw_parquet_writer_new(const struct hw_schema *schema, const struct hw_parquet_options *options,
                                     struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    struct hw_parquet_options filled;

    HW_TRY(options_fill(options, &filled, err));
    struct parquet_writer *writer = hw_alloc_zero(1, sizeof(*writer));
    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    writer->base.ops = &writer_ops;
    enum hw_status status = hw_tree_init(&writer->own_tree, schema, err);
    if (status != HW_OK) {
        hw_free(writer);
        return status;
    }
    writer->tree = &writer->own_tree;
    writer->options = filled;
    writer->sink = sink;
    hw_row_group_pool_init(&writer->pool, writer->tree->count, writer->tree->counts);
    *out_writer = &writer->base;
    return HW_OK;
}

/* A row group goes back to the pool that it came from, so that of a sibling stays empty. */
static enum hw_status writer_sibling(const struct hw_table_writer *base, struct hw_sink *sink,
                                     struct hw_table_writer **out_writer, struct hw_error *err) {
    const struct parquet_writer *writer = (const struct parquet_writer *)base;
    struct parquet_writer *sibling = hw_alloc_zero(1, sizeof(*sibling));
    if (!sibling) {
        return hw_fail_nomem(err, sizeof(*sibling));
    }
    sibling->base.ops = &writer_ops;
    sibling->tree = writer->tree;
    sibling->options = writer->options;
    sibling->sink = sink;
    hw_row_group_pool_init(&sibling->pool, writer->tree->count, writer->tree->counts);
    *out_writer = &sibling->base;
    return HW_OK;
}

size_t hw_parquet_compressor_bytes(const struct hw_parquet_options *options) {
    enum hw_codec codec = options->codec == HW_CODEC_DEFAULT ? HW_CODEC_ZSTD : options->codec;
    size_t page_bytes = option_or(options->page_bytes, LONG_PAGE_BYTES, PAGE_BYTES_MAX);
    struct hw_codec_levels steps = hw_codec_levels(codec, options->level, options->effort);
    size_t bytes = 0;

    for (size_t i = 0; i < steps.count; i++) {
        bytes += hw_compressor_held_max(codec, steps.levels[i], page_bytes);
    }
    return bytes;
}

/* Also finds out whether codec and level can be used, before any work is done. */
static enum hw_status options_fill(const struct hw_parquet_options *given, struct hw_parquet_options *out_options,
                                   struct hw_error *err) {
    struct hw_parquet_options options = given ? *given : (struct hw_parquet_options){.level = HW_LEVEL_DEFAULT};

    if (options.codec == HW_CODEC_DEFAULT) {
        options.codec = HW_CODEC_ZSTD;
    }
    if (options.codec == HW_CODEC_DEFLATE) {
        return hw_fail(err, HW_EUSAGE, "Parquet has no codec deflate; its gzip is the same compression");
    }
    const size_t long_page_bytes = options.page_bytes == 0 ? LONG_PAGE_BYTES : 0;
    options.page_bytes = option_or(options.page_bytes, PAGE_BYTES, PAGE_BYTES_MAX);
    options.long_page_bytes =
        hw_max_size(options.page_bytes, option_or(options.long_page_bytes, long_page_bytes, PAGE_BYTES_MAX));
    options.page_rows = option_or(options.page_rows, PAGE_ROWS, PAGE_ROWS_MAX);
    options.pending_bytes = option_or(options.pending_bytes, PENDING_BYTES, SIZE_MAX);
    options.dictionary_bytes = option_or(options.dictionary_bytes, DICTIONARY_BYTES, DICTIONARY_BYTES_MAX);
    if (options.codec != HW_CODEC_NONE) {
        struct hw_compressor *compressor;
        HW_TRY(hw_compressor_new(options.codec, options.level, &compressor, err));
        hw_compressor_free(compressor);
    }
    *out_options = options;
    return HW_OK;
}

static size_t option_or(size_t given, size_t standard, size_t most) {
    return given == 0 ? standard : hw_min_size(given, most);
}

static enum hw_status writer_encoder_new(struct hw_table_writer *base, struct hw_encoder **out_encoder,
                                         struct hw_error *err) {
    struct parquet_writer *writer = (struct parquet_writer *)base;
    return hw_row_group_encoder_new(writer->tree, &writer->options, &writer->pool, out_encoder, err);
}

static enum hw_status writer_append(struct hw_table_writer *base, struct hw_encoded *encoded, struct hw_error *err) {
    struct parquet_writer *writer = (struct parquet_writer *)base;
    size_t rows = encoded->rows;
    enum hw_status status = rows > 0 ? row_group_write(writer, (struct hw_row_group *)encoded, err) : HW_OK;

    encoded->ops->free(encoded);
    base->held_bytes = sizeof(*writer) + hw_footer_held(&writer->footer);
    if (status == HW_OK) {
        base->rows += rows;
    }
    return status;
}

static enum hw_status writer_finish(struct hw_table_writer *base, struct hw_error *err) {
    struct parquet_writer *writer = (struct parquet_writer *)base;
    struct hw_footer_out out = {file_write, writer, &writer->sum};

    HW_TRY(magic_write(writer, err));
    HW_TRY(hw_footer_write(&writer->footer, writer->tree, &writer->options, writer->at, &out, err));
    return gathered_flush(writer, err);
}

static void writer_free(struct hw_table_writer *base) {
    struct parquet_writer *writer = (struct parquet_writer *)base;

    if (!writer) {
        return;
    }
    hw_row_group_pool_release(&writer->pool);
    hw_tree_release(&writer->own_tree);
    hw_footer_release(&writer->footer);
    hw_buf_release(&writer->gathered);
    hw_free(writer);
}

static enum hw_status row_group_write(struct parquet_writer *writer, const struct hw_row_group *group,
                                      struct hw_error *err) {
    HW_TRY(magic_write(writer, err));
    uint64_t at = writer->at;
    for (size_t column = 0; column < group->chunks_count; column++) {
        HW_TRY(chunk_write(writer, group, column, err));
    }
    HW_TRY(hw_footer_add_row_group(&writer->footer, group, at, err));
    HW_TRY(gathered_flush(writer, err));
    if (writer->options.many_small) {
        hw_buf_release(&writer->gathered);
    }
    return HW_OK;
}

/* Writes the dictionary page, then the data pages in their order. */
static enum hw_status chunk_write(struct parquet_writer *writer, const struct hw_row_group *group, size_t column,
                                  struct hw_error *err) {
    const struct hw_chunk_facts *facts = &group->chunks[column];
    const struct hw_leaf *leaf = &writer->tree->leaves[column];
    struct hw_chunk_place place = {.codec = writer->options.codec,
                                   .level_counts = leaf->nested ? group->level_counts + leaf->counts_at : NULL};

    if (facts->dictionary_size > 0) {
        place.dictionary_page = writer->at;
        HW_TRY(log_write(writer, &group->log, facts->dictionary_at, facts->dictionary_size, err));
    }
    place.first_data_page = writer->at;
    for (uint32_t i = facts->first_page; i != HW_PAGE_NONE; i = group->pages[i].next) {
        HW_TRY(log_write(writer, &group->log, group->pages[i].at, group->pages[i].size, err));
    }
    return hw_footer_add_chunk(&writer->footer, leaf, group, column, &place, err);
}

static enum hw_status log_write(struct parquet_writer *writer, const struct hw_page_log *log, uint64_t at, size_t bytes,
                                struct hw_error *err) {
    while (bytes > 0) {
        const uint8_t *data;
        size_t part = hw_page_log_read(log, at, bytes, &data);
        HW_TRY(file_write(writer, data, part, err));
        at += part;
        bytes -= part;
    }
    return HW_OK;
}

static enum hw_status magic_write(struct parquet_writer *writer, struct hw_error *err) {
    return writer->at == 0 ? file_write(writer, "PAR1", 4, err) : HW_OK;
}

/* Gathers the pages of a row group, so that writes are few and large. */
static enum hw_status file_write(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    struct parquet_writer *writer = ctx;

    if (writer->gathered.size + bytes > WRITE_BYTES) {
        HW_TRY(gathered_flush(writer, err));
    }
    if (bytes >= WRITE_BYTES) {
        HW_TRY(writer->sink->ops->write(writer->sink, data, bytes, err));
    } else {
        HW_TRY(hw_buf_append(&writer->gathered, data, bytes, err));
    }
    writer->at += bytes;
    writer->sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, writer->sum, data, bytes);
    return HW_OK;
}

static enum hw_status gathered_flush(struct parquet_writer *writer, struct hw_error *err) {
    if (writer->gathered.size == 0) {
        return HW_OK;
    }
    HW_TRY(writer->sink->ops->write(writer->sink, writer->gathered.data, writer->gathered.size, err));
    hw_buf_clear(&writer->gathered);
    return HW_OK;
}
