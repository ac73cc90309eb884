/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_stream.h"

#include "core/alloc.h"
#include "core/limits.h"
#include "parquet/group_reader.h"
#include "parquet/leaf_rows.h"
#include "parquet/prune.h"
#include "table/spare_blocks.h"

#define MEMORY_BYTES_DEFAULT HW_MIB(256)
/* A batch is made to fit into the caches of a core, not to fill the memory. */
#define BATCH_BYTES_MAX HW_MIB(8)
enum { BATCH_ROWS_DEFAULT = 65536 };

struct stream {
    struct hw_batch_stream base;
    const struct hw_read_file *file;
    struct hw_read_stream_options options;
    struct hw_read_columns columns;
    struct hw_crew *crew;
    struct hw_group_reader_options group_options;
    /* Memory that goes from batch to batch. */
    struct hw_leaf_rows *rows;
    struct hw_spare_blocks *spare;
    /* The group in work; NULL before the first and between two. */
    struct hw_group_reader *group;
    size_t group_next;
    size_t group_end;
    /* The rows of the group that are wanted by the condition, the next range of them, and the row
       that comes next. */
    struct hw_arena ranges;
    struct hw_pruned_rows pruned;
    size_t range;
    uint64_t row;
    /* Rows that are still to be left out, and that may still be given. */
    uint64_t skip;
    uint64_t limit;
    uint64_t bytes;
};

static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err);
static void stream_free(struct hw_batch_stream *base);
static enum hw_status stream_open(struct stream *stream, struct hw_error *err);

enum hw_status hw_read_stream_new(const struct hw_read_file *file, const struct hw_read_stream_options *options,
                                  struct hw_batch_stream **out_stream, struct hw_error *err) {
    struct stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    stream->base.next = stream_next;
    stream->base.free = stream_free;
    stream->file = file;
    stream->options = *options;
    stream->skip = options->skip;
    stream->limit = options->limit > 0 ? options->limit : UINT64_MAX;
    const enum hw_status status = stream_open(stream, err);
    if (status) {
        stream_free(&stream->base);
        return status;
    }
    *out_stream = &stream->base;
    return HW_OK;
}

static void stream_free(struct hw_batch_stream *base) {
    struct stream *stream = (struct stream *)base;
    hw_group_reader_free(stream->group);
    hw_arena_release(&stream->ranges);
    hw_crew_free(stream->crew);
    for (size_t i = 0; stream->rows && i < stream->columns.leaves_count; i++) {
        hw_leaf_rows_release(&stream->rows[i]);
    }
    hw_free(stream->rows);
    if (stream->spare) {
        hw_owner_drop(hw_spare_blocks_owner(stream->spare));
    }
    hw_read_columns_release(&stream->columns);
    hw_free(stream);
}

static enum hw_status stream_open(struct stream *stream, struct hw_error *err) {
    const struct hw_read_stream_options *options = &stream->options;
    const size_t memory = options->memory_bytes > 0 ? options->memory_bytes : MEMORY_BYTES_DEFAULT;
    const size_t page = options->page_bytes_max > 0 ? options->page_bytes_max : HW_PARQUET_PAGE_BYTES_MAX;
    if (options->filter && options->skip > 0) {
        return hw_fail(err, HW_EUSAGE, "rows cannot be left out by their number where a condition chooses them");
    }
    const size_t groups = stream->file->meta.groups_count - options->group_first;
    stream->group_next = options->group_first;
    stream->group_end = stream->group_next + (options->groups > 0 ? hw_min_size(options->groups, groups) : groups);
    HW_TRY(hw_read_columns_make(&stream->columns, &stream->file->schema, options->selection, err));
    if (options->threads > 1) {
        HW_TRY(hw_crew_new(options->threads, &stream->crew, err));
    }
    const size_t batch_bytes = hw_min_size(memory / 8, BATCH_BYTES_MAX);
    HW_TRY(hw_spare_blocks_new(2 * batch_bytes, &stream->spare, err));
    stream->rows = hw_alloc_zero(stream->columns.leaves_count, sizeof(*stream->rows));
    if (!stream->rows) {
        return hw_fail_nomem(err, stream->columns.leaves_count * sizeof(*stream->rows));
    }
    stream->group_options = (struct hw_group_reader_options){
        .source = stream->file->source,
        .meta = &stream->file->meta,
        .data_bytes = stream->file->tail.footer_at,
        .columns = &stream->columns,
        .crew = stream->crew,
        .memory_bytes = memory,
        .page_bytes_max = hw_min_size(page, memory / 2),
        .batch_rows_max = options->batch_rows > 0 ? options->batch_rows : BATCH_ROWS_DEFAULT,
        .batch_bytes_max = batch_bytes,
        .rows = stream->rows,
        .spare = stream->spare,
    };
    stream->base.schema = &stream->columns.shared->schema;
    return HW_OK;
}

uint64_t hw_read_stream_bytes(const struct hw_batch_stream *base) {
    const struct stream *stream = (const struct stream *)base;
    return stream->bytes + (stream->group ? hw_group_reader_bytes(stream->group) : 0);
}

/* ------ rows */

static enum hw_status group_open(struct stream *stream, struct hw_error *err);
static enum hw_status range_go(struct stream *stream, uint64_t *inout_rows_max, bool *out_wanted, struct hw_error *err);

static void group_end(struct stream *stream) {
    stream->bytes += hw_group_reader_bytes(stream->group);
    hw_group_reader_free(stream->group);
    stream->group = NULL;
}

static enum hw_status stream_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                  struct hw_error *err) {
    struct stream *stream = (struct stream *)base;
    while (stream->limit > 0) {
        if (!stream->group && stream->group_next == stream->group_end) {
            break;
        }
        if (!stream->group) {
            HW_TRY(group_open(stream, err));
            continue;
        }
        bool more = false;
        uint64_t rows_max = stream->limit;
        bool wanted = true;
        HW_TRY(stream->options.filter ? range_go(stream, &rows_max, &wanted, err) : HW_OK);
        if (!wanted) {
            group_end(stream);
            continue;
        }
        HW_TRY(hw_group_reader_next(stream->group, (size_t)hw_clamp(rows_max, 0, SIZE_MAX), out_batch, &more, err));
        if (more) {
            stream->limit -= out_batch->rows;
            stream->row += out_batch->rows;
            *out_more = true;
            return HW_OK;
        }
        group_end(stream);
    }
    *out_more = false;
    return HW_OK;
}

/* Returns whether all of a group's rows are wanted. */
static bool group_is_whole(const struct stream *stream, uint64_t rows) {
    const struct hw_pruned_rows *pruned = &stream->pruned;
    const bool pruned_none = !stream->options.filter || (pruned->count == 1 && pruned->ranges[0].count == rows);
    return stream->skip == 0 && stream->limit >= rows && pruned_none;
}

/* Opens the next group, unless all of its rows are left out. */
static enum hw_status group_open(struct stream *stream, struct hw_error *err) {
    const size_t number = stream->group_next++;
    const uint64_t rows = (uint64_t)stream->file->meta.groups[number].rows;
    if (rows > 0 && rows <= stream->skip) {
        stream->skip -= rows;
        return HW_OK;
    }
    if (stream->options.filter) {
        stream->row = stream->range = 0;
        hw_arena_release(&stream->ranges);
        HW_TRY(hw_parquet_prune(stream->file, number, stream->options.filter, &stream->ranges, &stream->pruned, err));
        if (stream->pruned.count == 0 && rows > 0) {
            return HW_OK;
        }
    }
    stream->group_options.whole = group_is_whole(stream, rows);
    HW_TRY(hw_group_reader_new(&stream->group_options, number, &stream->group, err));
    /* A group without rows, which is opened to be proved, leaves none of them out. */
    const uint64_t skip = hw_clamp(stream->skip, 0, rows);
    stream->skip -= skip;
    return skip > 0 ? hw_group_reader_skip(stream->group, skip, err) : HW_OK;
}

/*
 * Goes over rows up to the next that are wanted, of which `*inout_rows_max` is then the most.
 * `*out_wanted` is false where there are no more. At the very end the columns prove that they have
 * ended.
 */
static enum hw_status range_go(struct stream *stream, uint64_t *inout_rows_max, bool *out_wanted,
                               struct hw_error *err) {
    const struct hw_pruned_rows *pruned = &stream->pruned;
    while (stream->range < pruned->count &&
           stream->row >= pruned->ranges[stream->range].first + pruned->ranges[stream->range].count) {
        stream->range++;
    }
    if (stream->range == pruned->count) {
        *out_wanted = hw_group_reader_left(stream->group) == 0;
        return HW_OK;
    }
    const struct hw_row_range range = pruned->ranges[stream->range];
    if (stream->row < range.first) {
        HW_TRY(hw_group_reader_skip(stream->group, range.first - stream->row, err));
        stream->row = range.first;
    }
    *inout_rows_max = hw_clamp(range.first + range.count - stream->row, 0, *inout_rows_max);
    *out_wanted = true;
    return HW_OK;
}
