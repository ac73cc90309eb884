/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/row_file.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "parquet/file_sum.h"
#include "parquet/leaf_int96.h"
#include "parquet/read_stream.h"

struct file {
    struct hw_row_file base;
    struct hw_row_file_options options;
    struct hw_read_file read;
    struct hw_notes notes;
    struct hw_row_part *parts;
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

static bool format_wants_int96(const struct hw_error *error) {
    return error->hint == HW_INT96_HINT;
}

const struct hw_row_format hw_parquet_row_format = {"parquet", format_open, format_wants_int96};

static void parts_make(const struct hw_parquet_meta *meta, struct hw_row_part *parts) {
    for (size_t i = 0; i < meta->groups_count; i++) {
        const struct hw_parquet_group *group = &meta->groups[i];
        parts[i].rows = (uint64_t)group->rows;
        for (size_t column = 0; column < group->chunks_count; column++) {
            const struct hw_parquet_chunk *chunk = &group->chunks[column];
            parts[i].bytes += chunk->uncompressed > 0 ? (uint64_t)chunk->uncompressed : 0;
            parts[i].stored_bytes += chunk->compressed > 0 ? (uint64_t)chunk->compressed : 0;
        }
    }
}

/* Logical types of which Hawser's columns, and so the files that it writes, have nothing. */
static bool logical_lost(int kind) {
    return kind == HW_LOGICAL_UNKNOWN || kind == HW_LOGICAL_VARIANT || kind == HW_LOGICAL_GEOMETRY ||
           kind == HW_LOGICAL_GEOGRAPHY || kind == HW_LOGICAL_FILE;
}

/* Returns whether a file that is written of these columns has them with the types of this one. */
static bool types_stay(const struct hw_read_file *read) {
    for (size_t i = 0; i < read->meta.elements_count; i++) {
        const struct hw_parquet_element *element = &read->meta.elements[i];
        if (element->physical == HW_PHYSICAL_INT96 || logical_lost(element->logical.kind)) {
            return false;
        }
    }
    return read->schema.doubts_count == 0;
}

static enum hw_status pairs_make(struct file *file, struct hw_error *err) {
    const struct hw_parquet_meta *meta = &file->read.meta;
    size_t count = 0;
    file->pairs = hw_alloc_zero(meta->pairs_count, sizeof(*file->pairs));
    if (!file->pairs) {
        return hw_fail_nomem(err, meta->pairs_count * sizeof(*file->pairs));
    }
    for (size_t i = 0; i < meta->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &meta->pairs[i];
        if (!hw_view_equal(pair->key, HW_VIEW(HW_FILE_SUM_KEY))) {
            file->pairs[count++] = (struct hw_file_pair){pair->key, pair->value, pair->has_value};
        }
    }
    file->base.pairs = (struct hw_file_pairs){file->pairs, count, types_stay(&file->read)};
    return HW_OK;
}

static enum hw_status file_open(struct file *file, struct hw_source *source, struct hw_error *err) {
    const struct hw_read_schema_options schema = {file->options.int96};
    HW_TRY(hw_read_file_open(&file->read, source, &schema, &file->notes, err));
    const size_t count = file->read.meta.groups_count;
    file->parts = hw_alloc_zero(count, sizeof(*file->parts));
    if (!file->parts) {
        return hw_fail_nomem(err, count * sizeof(*file->parts));
    }
    parts_make(&file->read.meta, file->parts);
    file->base.schema = &file->read.schema.schema;
    file->base.parts = file->parts;
    file->base.parts_count = count;
    file->base.notes = &file->notes;
    return pairs_make(file, err);
}

static void file_free(struct hw_row_file *base) {
    struct file *file = (struct file *)base;
    hw_read_file_release(&file->read);
    hw_free(file->parts);
    hw_free(file->pairs);
    hw_free(file);
}

static enum hw_status file_batches(const struct hw_row_file *base, const struct hw_row_wanted *wanted,
                                   struct hw_batch_stream **out_stream, struct hw_error *err) {
    const struct file *file = (const struct file *)base;
    const struct hw_read_stream_options options = {
        .selection = wanted->selection,
        .group_first = wanted->part,
        .groups = 1,
        .memory_bytes = wanted->memory_bytes,
        .page_bytes_max = file->options.page_bytes_max,
        .limit = wanted->limit,
        .filter = wanted->filter,
    };
    return hw_read_stream_new(&file->read, &options, out_stream, err);
}
