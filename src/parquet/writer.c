/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/writer.h"

#include "core/alloc.h"
#include "parquet/arrow_dictionaries.h"
#include "parquet/encoder.h"
#include "parquet/file_out.h"

enum {
    PAGE_BYTES = 1 << 20,
    LONG_PAGE_BYTES = 4 << 20,
    /* The sizes of pages have 32 bits, and readers hold whole pages. */
    PAGE_BYTES_MAX = 256 << 20,
    /* As many as parquet-java and pyarrow have, so that readers prune by pages as finely. */
    PAGE_ROWS = 20000,
    PAGE_ROWS_MAX = 1 << 24,
    /* So many bytes are a block of zstd. */
    SPLIT_PAGE_ROWS = 128 << 10,
    DICTIONARY_BYTES = 1 << 20,
    LARGE_DICTIONARY_BYTES = 2 << 20,
    DICTIONARY_BYTES_MAX = 256 << 20,
    PENDING_BYTES = 24 << 20,
};

struct parquet_writer {
    struct hw_table_writer base;
    /* The tree of the writer itself, which is empty in a sibling. */
    struct hw_tree own_tree;
    /* The tree that is used: the own one, or that of the writer whose sibling this is. */
    const struct hw_tree *tree;
    /* The options, with no value left at 0. */
    struct hw_parquet_options options;
    /* The pool of its encoders. */
    struct hw_row_group_pool pool;
    struct hw_footer footer;
    struct hw_file_out out;
};

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
static const struct hw_table_writer_ops writer_ops = {writer_encoder_new, writer_append, writer_finish, writer_sibling,
                                                      writer_free};

enum hw_status hw_parquet_writer_new(const struct hw_schema *schema, const struct hw_parquet_options *options,
                                     struct hw_sink *sink, struct hw_table_writer **out_writer, struct hw_error *err) {
    struct hw_parquet_options filled;

    HW_TRY(hw_parquet_options_fill(options, &filled, err));
    struct parquet_writer *writer = hw_alloc_zero(1, sizeof(*writer));
    if (!writer) {
        return hw_fail_nomem(err, sizeof(*writer));
    }
    writer->base.ops = &writer_ops;
    enum hw_status status = hw_tree_init(&writer->own_tree, schema, err);
    status = status ? status : hw_arrow_dictionaries_mark(&writer->own_tree, &filled.pairs, err);
    if (status != HW_OK) {
        hw_tree_release(&writer->own_tree);
        hw_free(writer);
        return status;
    }
    writer->tree = &writer->own_tree;
    writer->options = filled;
    writer->out.sink = sink;
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
    sibling->out.sink = sink;
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

enum hw_status hw_parquet_options_fill(const struct hw_parquet_options *given, struct hw_parquet_options *out_options,
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
    options.split_page_rows =
        option_or(options.split_page_rows, option_or(options.page_rows, SPLIT_PAGE_ROWS, PAGE_ROWS_MAX), PAGE_ROWS_MAX);
    options.page_rows = option_or(options.page_rows, PAGE_ROWS, PAGE_ROWS_MAX);
    options.pending_bytes = option_or(options.pending_bytes, PENDING_BYTES, SIZE_MAX);
    const size_t large_bytes = options.dictionary_bytes == 0 ? LARGE_DICTIONARY_BYTES : 0;
    options.dictionary_bytes = option_or(options.dictionary_bytes, DICTIONARY_BYTES, DICTIONARY_BYTES_MAX);
    options.large_dictionary_bytes = hw_max_size(
        options.dictionary_bytes, option_or(options.large_dictionary_bytes, large_bytes, DICTIONARY_BYTES_MAX));
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
    return hw_file_out_end(&writer->out, &writer->footer, writer->tree, &writer->options, err);
}

static void writer_free(struct hw_table_writer *base) {
    struct parquet_writer *writer = (struct parquet_writer *)base;

    if (!writer) {
        return;
    }
    hw_row_group_pool_release(&writer->pool);
    hw_tree_release(&writer->own_tree);
    hw_footer_release(&writer->footer);
    hw_file_out_release(&writer->out);
    hw_free(writer);
}

static enum hw_status row_group_write(struct parquet_writer *writer, const struct hw_row_group *group,
                                      struct hw_error *err) {
    HW_TRY(hw_file_out_begin(&writer->out, err));
    const uint64_t at = writer->out.at;
    for (size_t column = 0; column < group->chunks_count; column++) {
        HW_TRY(hw_file_out_chunk(&writer->out, &writer->footer, &writer->tree->leaves[column], group, column,
                                 writer->options.codec, err));
    }
    HW_TRY(hw_footer_add_row_group(&writer->footer, group->base.rows, at, err));
    HW_TRY(hw_file_out_flush(&writer->out, err));
    if (writer->options.many_small) {
        hw_file_out_release(&writer->out);
    }
    return HW_OK;
}
