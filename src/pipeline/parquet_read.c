/* SPDX-License-Identifier: Apache-2.0 */
/* hw_parquet_open and what follows it: one Parquet file, and its rows as a stream of batches. */
#include <hawser/parquet.h>

#include "core/alloc.h"
#include "core/growing.h"
#include "core/shown_name.h"
#include "core/thread.h"
#include "parquet/chunk_stats.h"
#include "parquet/read_stream.h"
#include "pipeline/opened_object.h"

struct hw_parquet_file {
    struct hw_buf name; /* as it is told; NUL-ended */
    struct hw_opened_object object;
    struct hw_notes notes;
    struct hw_read_file read;
};

/* ------ files */

static enum hw_status open_options_take(const struct hw_parquet_open_options *given,
                                        struct hw_parquet_open_options *out, struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_parquet_open_options, ctx);
    *out = (struct hw_parquet_open_options){0};
    if (given) {
        HW_TRY(hw_growing_take(out, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", out->source_store.reserved, sizeof(out->source_store.reserved),
                                   err));
    }
    return HW_OK;
}

static enum hw_status file_open(struct hw_parquet_file *file, const char *path,
                                const struct hw_parquet_open_options *options, struct hw_error *err);

enum hw_status hw_parquet_open(const char *path, const struct hw_parquet_open_options *given,
                               struct hw_parquet_file **out_file, struct hw_error *err) {
    struct hw_parquet_open_options options;
    HW_TRY(open_options_take(given, &options, err));
    struct hw_parquet_file *file = hw_alloc_zero(1, sizeof(*file));
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file));
    }
    const enum hw_status status = file_open(file, path, &options, err);
    if (status) {
        hw_error_object(err, path);
        hw_parquet_close(file);
        return status;
    }
    *out_file = file;
    return HW_OK;
}

static enum hw_status file_open(struct hw_parquet_file *file, const char *path,
                                const struct hw_parquet_open_options *options, struct hw_error *err) {
    if (options->int96 > HW_INT96_TEXT) {
        return hw_fail(err, HW_EUSAGE, "%d is no form of timestamps", (int)options->int96);
    }
    const struct hw_read_schema_options schema = {options->int96};
    HW_TRY(hw_buf_printf(&file->name, err, HW_SHOWN_FORMAT, HW_SHOWN_ARGS(hw_shown_name(path))));
    HW_TRY(hw_opened_object_open(&file->object, path, &options->source_store, HW_PARQUET_TAIL_BYTES, err));
    HW_TRY(hw_read_file_open(&file->read, file->object.source, &schema, &file->notes, err));
    if (options->on_note) {
        hw_notes_each(&file->notes, (const char *)file->name.data, options->on_note, options->ctx);
    }
    return HW_OK;
}

void hw_parquet_close(struct hw_parquet_file *file) {
    if (!file) {
        return;
    }
    hw_read_file_release(&file->read);
    hw_opened_object_release(&file->object);
    hw_buf_release(&file->name);
    hw_free(file);
}

const struct hw_schema *hw_parquet_schema(const struct hw_parquet_file *file) {
    return &file->read.schema.schema;
}

uint64_t hw_parquet_rows(const struct hw_parquet_file *file) {
    return file->read.rows;
}

size_t hw_parquet_groups(const struct hw_parquet_file *file) {
    return file->read.meta.groups_count;
}

uint64_t hw_parquet_group_rows(const struct hw_parquet_file *file, size_t group) {
    return group < file->read.meta.groups_count ? (uint64_t)file->read.meta.groups[group].rows : 0;
}

/* ------ statistics */

size_t hw_parquet_leaves(const struct hw_parquet_file *file) {
    return file->read.schema.leaves_count;
}

const char *hw_parquet_leaf_path(const struct hw_parquet_file *file, size_t leaf, char *out, size_t bytes) {
    if (leaf >= file->read.schema.leaves_count && bytes > 0) {
        out[0] = '\0';
    }
    return leaf < file->read.schema.leaves_count ? hw_read_leaf_path(&file->read.schema.leaves[leaf], out, bytes) : out;
}

enum hw_status hw_parquet_chunk_stats(const struct hw_parquet_file *file, size_t group, size_t leaf,
                                      struct hw_parquet_stats *out_stats, struct hw_error *err) {
    char path[sizeof(((struct hw_error *)NULL)->column)];
    if (group >= file->read.meta.groups_count || leaf >= file->read.schema.leaves_count) {
        return hw_fail(err, HW_EUSAGE, "there is no leaf %zu in row group %zu: the file has %zu in %zu", leaf, group,
                       file->read.schema.leaves_count, file->read.meta.groups_count);
    }
    const enum hw_status status = hw_chunk_stats_make(&file->read, group, leaf, out_stats, err);
    if (status) {
        const char *name = hw_parquet_leaf_path(file, leaf, path, sizeof(path));
        hw_error_prefix(err, "row group %zu", group);
        hw_error_column(err, name, strlen(name));
        hw_error_object(err, (const char *)file->name.data);
    }
    return status;
}

/* ------ rows */

/* Puts the file's name into errors of the stream. */
struct named_stream {
    struct hw_batch_stream base;
    const struct hw_parquet_file *file;
    struct hw_batch_stream *rows;
};

static enum hw_status named_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                 struct hw_error *err) {
    struct named_stream *stream = (struct named_stream *)base;
    const enum hw_status status = stream->rows->next(stream->rows, out_batch, out_more, err);
    if (status) {
        hw_error_object(err, (const char *)stream->file->name.data);
    }
    return status;
}

static void named_free(struct hw_batch_stream *base) {
    struct named_stream *stream = (struct named_stream *)base;
    if (stream->rows) {
        stream->rows->free(stream->rows);
    }
    hw_free(stream);
}

enum hw_status hw_parquet_batches(const struct hw_parquet_file *file, const struct hw_parquet_batches_options *given,
                                  struct hw_batch_stream **out_stream, struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_parquet_batches_options, columns);
    struct hw_parquet_batches_options options = {0};
    if (given) {
        HW_TRY(hw_growing_take(&options, given, &growing, err));
    }
    HW_AUTO(hw_selection) selection = {0};
    if (options.columns) {
        HW_TRY(hw_selection_make(&selection, &file->read.schema.schema, options.columns, err));
    }
    const struct hw_read_stream_options rows = {
        .selection = options.columns ? &selection : NULL,
        .threads = options.threads > 0 ? options.threads : hw_thread_count(),
        .memory_bytes = (size_t)hw_clamp(options.memory_bytes, 0, SIZE_MAX),
        .page_bytes_max = (size_t)hw_clamp(options.page_bytes_max, 0, SIZE_MAX),
        .batch_rows = options.batch_rows,
        .skip = options.skip_rows,
        .limit = options.limit_rows,
    };
    struct named_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    *stream = (struct named_stream){.base = {.next = named_next, .free = named_free}, .file = file};
    const enum hw_status status = hw_read_stream_new(&file->read, &rows, &stream->rows, err);
    if (status) {
        named_free(&stream->base);
        return status;
    }
    stream->base.schema = stream->rows->schema;
    *out_stream = &stream->base;
    return HW_OK;
}
