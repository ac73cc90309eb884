/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/row_file.h"

#include "avro/file_reader.h"
#include "avro/input.h"
#include "avro/metadata.h"
#include "core/alloc.h"
#include "core/buf.h"

/* A part has so many stored bytes, and the rest of its last block. */
#define PART_BYTES HW_MIB(4)
enum {
    /* What is read to look at the beginning of a block. */
    LOOK_BYTES = 4 << 10,
    /* What packed blocks are taken to unpack to, in times. */
    RATIO_GUESS = 4,
};

struct file {
    struct hw_row_file base;
    struct hw_row_file_options options;
    struct hw_avro_container container;
    struct hw_notes notes;
    /* struct hw_row_part, and a struct hw_avro_range for each. */
    struct hw_buf parts;
    struct hw_buf ranges;
    struct hw_file_pair *pairs;
};

static enum hw_status file_batches(const struct hw_row_file *base, const struct hw_row_wanted *wanted,
                                   struct hw_batch_stream **out_stream, struct hw_error *err);
static void file_free(struct hw_row_file *base);
static enum hw_status file_open(struct file *file, struct hw_source *source, struct hw_error *err);

static const struct hw_row_file_ops file_ops = {file_batches, file_free};

static enum hw_status format_open(struct hw_source *source, const struct hw_row_file_options *options,
                                  struct hw_row_file **out_file, struct hw_error *err) {
    struct file *file = hw_alloc_zero(1, sizeof(*file));
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file));
    }
    file->base.ops = &file_ops;
    file->options = *options;
    const enum hw_status status = file_open(file, source, err);
    if (status) {
        file_free(&file->base);
        return status;
    }
    *out_file = &file->base;
    return HW_OK;
}

const struct hw_row_format hw_avro_row_format = {"avro", format_open, NULL};

static enum hw_status parts_find(struct file *file, struct hw_source *source, struct hw_error *err);
static enum hw_status pairs_make(struct file *file, struct hw_error *err);

static enum hw_status file_open(struct file *file, struct hw_source *source, struct hw_error *err) {
    HW_TRY(hw_avro_container_open(&file->container, source, err));
    HW_TRY(parts_find(file, source, err));
    file->base.schema = &file->container.schema;
    file->base.parts = (const struct hw_row_part *)(const void *)file->parts.data;
    file->base.parts_count = file->parts.size / sizeof(struct hw_row_part);
    file->base.notes = &file->notes;
    return pairs_make(file, err);
}

/* Keys that describe a schema describe one that Avro does not keep: that of another format. */
static enum hw_status pairs_make(struct file *file, struct hw_error *err) {
    const struct hw_avro_head *head = &file->container.head;
    size_t count = 0;
    file->pairs = hw_alloc_zero(head->metadata_count, sizeof(*file->pairs));
    if (!file->pairs) {
        return hw_fail_nomem(err, head->metadata_count * sizeof(*file->pairs));
    }
    for (size_t i = 0; i < head->metadata_count; i++) {
        const struct hw_key_value *pair = &head->metadata[i];
        if (!hw_avro_key_own(hw_view_of(pair->key))) {
            file->pairs[count++] = (struct hw_file_pair){hw_view_of(pair->key), {pair->value, pair->value_bytes}, true};
        }
    }
    file->base.pairs = (struct hw_file_pairs){file->pairs, count, false};
    return HW_OK;
}

static void file_free(struct hw_row_file *base) {
    struct file *file = (struct file *)base;
    hw_avro_container_release(&file->container);
    hw_buf_release(&file->parts);
    hw_buf_release(&file->ranges);
    hw_free(file->pairs);
    hw_free(file);
}

static enum hw_status part_add(struct file *file, const struct hw_avro_range *range, uint64_t rows,
                               struct hw_error *err) {
    const uint64_t stored = range->end - range->offset;
    const uint64_t ratio = file->container.head.codec == HW_AVRO_CODEC_NULL ? 1 : RATIO_GUESS;
    const struct hw_row_part part = {.rows = rows, .bytes = stored * ratio, .stored_bytes = stored};
    HW_TRY(hw_buf_append(&file->ranges, range, sizeof(*range), err));
    return hw_buf_append(&file->parts, &part, sizeof(part), err);
}

/*
 * Goes to the block behind the one at which the input is. False where nobody can say where it is,
 * because the block is none: reading it will tell.
 */
static bool block_skip(struct hw_packed *input, uint64_t *out_rows) {
    int64_t count = 0;
    int64_t bytes = 0;
    if (hw_avro_input_long(input, "", &count, NULL) != HW_OK || hw_avro_input_long(input, "", &bytes, NULL) != HW_OK ||
        count < 0 || bytes < 0) {
        return false;
    }
    const uint64_t at = hw_packed_offset(input);
    if ((uint64_t)bytes > input->end - at || input->end - at - (uint64_t)bytes < HW_AVRO_SYNC_BYTES) {
        return false;
    }
    hw_packed_seek(input, at + (uint64_t)bytes + HW_AVRO_SYNC_BYTES);
    *out_rows = (uint64_t)count;
    return true;
}

/* Cuts what the input has from its place on; the last part is the rest, whatever it is. */
static enum hw_status ranges_cut(struct file *file, struct hw_packed *input, struct hw_error *err) {
    struct hw_avro_range range = {.offset = hw_packed_offset(input)};
    uint64_t block = 0;
    uint64_t row = 0;
    bool known = true;
    while (known && hw_packed_offset(input) < input->end) {
        uint64_t rows = 0;
        known = block_skip(input, &rows) && hw_add(row, rows, &row);
        block++;
        range.end = hw_packed_offset(input);
        if (known && range.end < input->end && range.end - range.offset >= PART_BYTES) {
            HW_TRY(part_add(file, &range, row - range.row, err));
            range = (struct hw_avro_range){.offset = range.end, .block = block, .row = row};
        }
    }
    range.end = input->end;
    return range.offset < range.end ? part_add(file, &range, known ? row - range.row : HW_ROWS_UNKNOWN, err) : HW_OK;
}

static enum hw_status parts_find(struct file *file, struct hw_source *source, struct hw_error *err) {
    const uint64_t begin = file->container.head.bytes;
    if (source->remote) {
        const struct hw_avro_range all = {.offset = begin, .end = source->size};
        return begin < source->size ? part_add(file, &all, HW_ROWS_UNKNOWN, err) : HW_OK;
    }
    HW_AUTO(hw_packed) input = {0};
    HW_TRY(hw_packed_init(&input, source, LOOK_BYTES, err));
    hw_packed_seek(&input, begin);
    return ranges_cut(file, &input, err);
}

static enum hw_status file_batches(const struct hw_row_file *base, const struct hw_row_wanted *wanted,
                                   struct hw_batch_stream **out_stream, struct hw_error *err) {
    /* The container of a source is only read. */
    struct file *file = (struct file *)(uintptr_t)base;
    const struct hw_avro_reader_options options = {
        .selection = wanted->selection,
        .range = ((const struct hw_avro_range *)(const void *)file->ranges.data)[wanted->part],
        .memory_bytes = wanted->memory_bytes,
        .unpacked_bytes_max = file->options.page_bytes_max,
        .limit = wanted->limit,
    };
    return hw_avro_reader_new(&file->container, &options, out_stream, err);
}
