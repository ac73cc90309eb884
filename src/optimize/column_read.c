/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_read.h"

#include "parquet/leaf_convert.h"
#include "parquet/writer_version.h"

/* The rows that are read at once, unless they are large. */
enum { ROWS_AT_ONCE = 8192 };
/* What they may come to: enough that a column of texts is read in few steps. */
#define BYTES_AT_ONCE HW_MIB(4)

void hw_column_read_bench_release(struct hw_column_read_bench *bench) {
    hw_decompressor_free(bench->decompressor);
    hw_leaf_rows_release(&bench->rows);
    *bench = (struct hw_column_read_bench){0};
}

enum hw_status hw_column_read_source(const struct hw_rewrite_rows *rows, const struct hw_read_leaf *leaf,
                                     const struct hw_column_place *start, struct hw_column_read_bench *bench,
                                     hw_column_rows_fn *take, void *ctx, struct hw_column_place *out_end,
                                     struct hw_error *err) {
    const struct hw_parquet_meta *meta = &rows->file->meta;
    const struct hw_parquet_group *group = &meta->groups[rows->group];
    struct hw_column_read read = {
        .source = rows->file->source,
        .leaf = leaf,
        .v2_packed = hw_writer_packs_against_flag(meta->created_by),
        .first = rows->first,
        .start = start,
        .count = rows->count,
        .to_end = rows->first + rows->count == (uint64_t)group->rows,
    };
    enum hw_status status = hw_chunk_locate(meta, group, leaf, rows->file->tail.footer_at, &read.facts, err);
    status = status ? status : hw_column_read(&read, bench, take, ctx, out_end, err);
    status = hw_column_chunk_named(leaf, rows->group, status, err);
    if (status) {
        hw_error_object(err, rows->file->source->name);
    }
    return status;
}

static enum hw_status rows_take(const struct hw_column_read *read, struct hw_column_reader *reader,
                                struct hw_column_read_bench *bench, hw_column_rows_fn *take, void *ctx,
                                struct hw_error *err);

enum hw_status hw_column_read(const struct hw_column_read *read, struct hw_column_read_bench *bench,
                              hw_column_rows_fn *take, void *ctx, struct hw_column_place *out_end,
                              struct hw_error *err) {
    const struct hw_group_bytes_options options = {
        .source = read->source,
        .ranges = &read->facts.range,
        .count = 1,
        .bytes_max = bench->memory_bytes / 4,
        .whole = read->first == 0 && read->to_end,
    };
    struct hw_group_bytes *bytes;
    HW_TRY(bench->decompressor ? HW_OK : hw_decompressor_new(&bench->decompressor, err));
    HW_TRY(hw_group_bytes_new(&options, &bytes, err));
    const struct hw_column_chunk chunk = {
        .leaf = read->leaf,
        .pages =
            {
                .bytes = bytes,
                .range = read->facts.range,
                .codec = read->facts.codec,
                .v2_packed = read->v2_packed,
                .page_bytes_max = bench->page_bytes_max,
                .decompressor = bench->decompressor,
            },
        .entries = read->facts.entries,
    };
    struct hw_column_reader reader;
    hw_column_reader_init(&reader, &chunk);
    const enum hw_status status = rows_take(read, &reader, bench, take, ctx, err);
    *out_end = hw_column_reader_place(&reader);
    hw_column_reader_release(&reader);
    hw_group_bytes_free(bytes);
    return status;
}

/* A reader bounds texts and lists itself; it takes all values of a fixed width. */
static size_t rows_at_once(const struct hw_column_read *read, size_t memory_bytes) {
    const size_t width = hw_leaf_width(read->leaf);
    const size_t fit = width > 0 ? hw_min_size(BYTES_AT_ONCE, memory_bytes) / width : ROWS_AT_ONCE;
    return hw_max_size(hw_min_size(fit, ROWS_AT_ONCE), 1);
}

/* Reads rows in steps; half as many once more where they are too large. */
static enum hw_status rows_take(const struct hw_column_read *read, struct hw_column_reader *reader,
                                struct hw_column_read_bench *bench, hw_column_rows_fn *take, void *ctx,
                                struct hw_error *err) {
    size_t step = rows_at_once(read, bench->memory_bytes);
    uint64_t left = read->count;
    if (read->start) {
        hw_column_reader_go(reader, *read->start);
    } else if (read->first > 0) {
        HW_TRY(hw_column_reader_skip(reader, read->first, err));
    }
    while (left > 0) {
        const struct hw_column_place before = hw_column_reader_place(reader);
        const size_t rows = (size_t)hw_clamp(left, 1, step);
        const size_t bytes_max = rows == 1 ? bench->memory_bytes : hw_min_size(BYTES_AT_ONCE, bench->memory_bytes);
        bool full = false;
        HW_TRY(hw_column_reader_read(reader, rows, bytes_max, &bench->rows, &full, err));
        if (full && rows == 1) {
            return hw_fail(err, HW_ELIMIT, "row %" PRIu64 " of it has more than %zu MiB, which --memory leaves for it",
                           read->first + read->count - left, bytes_max >> 20);
        }
        if (full) {
            hw_column_reader_go(reader, before);
            step = rows / 2;
            continue;
        }
        HW_TRY(take(ctx, &bench->rows, err));
        left -= rows;
    }
    return read->to_end ? hw_column_reader_end(reader, err) : HW_OK;
}
