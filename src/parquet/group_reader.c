/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_reader.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "parquet/assemble.h"
#include "parquet/chunk_locate.h"
#include "parquet/column_reader.h"
#include "parquet/writer_version.h"

/* The rows of the first batch, which shows how many bytes a row has. */
enum { ROWS_FIRST = 4096 };

/* One column chunk. */
struct leaf_work {
    struct hw_column_reader reader;
    /* The place before the batch in work. */
    struct hw_column_place before;
    /* The rows of the batch are too large. */
    bool full;
};

/*
 * The turn of a leaf: those with the most bytes come first, so that no member of the crew begins
 * with a long one while the others have nothing left to do.
 */
struct leaf_turn {
    uint64_t bytes;
    size_t leaf;
};

/* A member of the crew: what it works with, and the first of the leaves that it could not read. */
struct member {
    struct hw_decompressor *decompressor;
    size_t failed_leaf;
    enum hw_status status;
    struct hw_error error;
};

struct hw_group_reader {
    struct hw_group_reader_options options;
    size_t number;
    struct hw_group_bytes *bytes;
    struct leaf_work *works;
    struct leaf_turn *turns;
    struct hw_leaf_rows *rows;
    struct member *members;
    size_t members_count;
    uint64_t left;
    /* The rows that the next batch may have, by the bytes of those before. */
    size_t batch_rows;
    /* The bytes of pages and dictionaries that are held. */
    atomic_size_t held;
};

static enum hw_status reader_open(struct hw_group_reader *reader, struct hw_error *err);

enum hw_status hw_group_reader_new(const struct hw_group_reader_options *options, size_t group,
                                   struct hw_group_reader **out_reader, struct hw_error *err) {
    struct hw_group_reader *reader = hw_alloc_zero(1, sizeof(*reader));
    if (!reader) {
        return hw_fail_nomem(err, sizeof(*reader));
    }
    reader->options = *options;
    reader->number = group;
    reader->members_count = hw_crew_threads(options->crew);
    enum hw_status status = reader_open(reader, err);
    if (status) {
        hw_group_reader_free(reader);
        return status;
    }
    *out_reader = reader;
    return HW_OK;
}

void hw_group_reader_free(struct hw_group_reader *reader) {
    if (!reader) {
        return;
    }
    for (size_t i = 0; i < reader->options.columns->leaves_count; i++) {
        if (reader->works) {
            hw_column_reader_release(&reader->works[i].reader);
        }
        if (reader->rows && !reader->options.rows) {
            hw_leaf_rows_release(&reader->rows[i]);
        }
    }
    for (size_t i = 0; reader->members && i < reader->members_count; i++) {
        hw_decompressor_free(reader->members[i].decompressor);
    }
    hw_group_bytes_free(reader->bytes);
    hw_free(reader->works);
    hw_free(reader->turns);
    if (!reader->options.rows) {
        hw_free(reader->rows);
    }
    hw_free(reader->members);
    hw_free(reader);
}

uint64_t hw_group_reader_left(const struct hw_group_reader *reader) {
    return reader->left;
}

uint64_t hw_group_reader_bytes(const struct hw_group_reader *reader) {
    return hw_group_bytes_read(reader->bytes);
}

/* ------ before the rows */

static enum hw_status chunks_locate(struct hw_group_reader *reader, struct hw_located_chunk *facts,
                                    struct hw_error *err);
static enum hw_status chunks_open(struct hw_group_reader *reader, const struct hw_located_chunk *facts,
                                  struct hw_error *err);
static void turns_sort(struct hw_group_reader *reader, const struct hw_located_chunk *facts);
static size_t rows_guess(const struct hw_group_reader *reader);

static enum hw_status reader_open(struct hw_group_reader *reader, struct hw_error *err) {
    const size_t count = reader->options.columns->leaves_count;
    const struct hw_parquet_group *group = &reader->options.meta->groups[reader->number];
    struct hw_located_chunk *facts = hw_alloc_zero(count, sizeof(*facts));
    reader->works = hw_alloc_zero(count, sizeof(*reader->works));
    reader->turns = hw_alloc_zero(count, sizeof(*reader->turns));
    reader->rows = reader->options.rows ? reader->options.rows : hw_alloc_zero(count, sizeof(*reader->rows));
    reader->members = hw_alloc_zero(reader->members_count, sizeof(*reader->members));
    enum hw_status status = HW_OK;
    if (!facts || !reader->works || !reader->turns || !reader->rows || !reader->members) {
        status = hw_fail_nomem(err, count * sizeof(*reader->works));
    }
    for (size_t i = 0; status == HW_OK && i < reader->members_count; i++) {
        status = hw_decompressor_new(&reader->members[i].decompressor, err);
    }
    status = status ? status : chunks_locate(reader, facts, err);
    if (status == HW_OK) {
        reader->left = (uint64_t)group->rows;
        turns_sort(reader, facts);
        reader->batch_rows = rows_guess(reader);
        status = chunks_open(reader, facts, err);
    }
    hw_free(facts);
    return status;
}

static enum hw_status leaf_named(const struct hw_group_reader *reader, size_t leaf, enum hw_status status,
                                 struct hw_error *err) {
    return hw_column_chunk_named(&reader->options.columns->leaves[leaf], reader->number, status, err);
}

static enum hw_status chunks_locate(struct hw_group_reader *reader, struct hw_located_chunk *facts,
                                    struct hw_error *err) {
    const struct hw_group_reader_options *options = &reader->options;
    const struct hw_parquet_group *group = &options->meta->groups[reader->number];
    if (group->rows < 0) {
        return hw_fail(err, HW_EDATA, "row group %zu: it has %" PRId64 " rows", reader->number, group->rows);
    }
    for (size_t i = 0; i < options->columns->leaves_count; i++) {
        const enum hw_status status =
            hw_chunk_locate(options->meta, group, &options->columns->leaves[i], options->data_bytes, &facts[i], err);
        HW_TRY(leaf_named(reader, i, status, err));
    }
    return HW_OK;
}

static enum hw_status chunks_open(struct hw_group_reader *reader, const struct hw_located_chunk *facts,
                                  struct hw_error *err) {
    const struct hw_group_reader_options *options = &reader->options;
    const size_t count = options->columns->leaves_count;
    const bool v2_packed = hw_writer_packs_against_flag(options->meta->created_by);
    struct hw_chunk_range *ranges = hw_alloc_zero(count, sizeof(*ranges));
    if (!ranges) {
        return hw_fail_nomem(err, count * sizeof(*ranges));
    }
    for (size_t i = 0; i < count; i++) {
        ranges[i] = facts[i].range;
    }
    const struct hw_group_bytes_options bytes = {
        .source = options->source,
        .ranges = ranges,
        .count = count,
        /* The more is on its way at once, the less is a network waited for. */
        .bytes_max = options->memory_bytes / (options->whole && options->source->remote ? 2 : 4),
        .whole = options->whole,
    };
    const enum hw_status status = hw_group_bytes_new(&bytes, &reader->bytes, err);
    hw_free(ranges);
    for (size_t i = 0; status == HW_OK && i < count; i++) {
        const struct hw_column_chunk chunk = {
            .leaf = &options->columns->leaves[i],
            .pages =
                {
                    .bytes = reader->bytes,
                    .chunk = i,
                    .range = facts[i].range,
                    .codec = facts[i].codec,
                    .v2_packed = v2_packed,
                    .page_bytes_max = options->page_bytes_max,
                },
            .entries = facts[i].entries,
        };
        hw_column_reader_init(&reader->works[i].reader, &chunk);
    }
    return status;
}

static int turns_compare(const void *a, const void *b) {
    const struct leaf_turn *left = a, *right = b;
    return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static void turns_sort(struct hw_group_reader *reader, const struct hw_located_chunk *facts) {
    const size_t count = reader->options.columns->leaves_count;
    for (size_t i = 0; i < count; i++) {
        reader->turns[i] = (struct leaf_turn){facts[i].range.end - facts[i].range.start, i};
    }
    qsort(reader->turns, count, sizeof(*reader->turns), turns_compare);
}

/*
 * Where memory limits the rows of a batch, the next one begins at a multiple of
 * HW_BATCH_SLICE_ROWS all the same, so that slices do whatever the memory is.
 */
static size_t rows_even(const struct hw_group_reader *reader, size_t rows) {
    const bool limited = rows < reader->options.batch_rows_max && rows > HW_BATCH_SLICE_ROWS;
    return limited ? rows - rows % HW_BATCH_SLICE_ROWS : rows;
}

/* The footer may say anything of the bytes of a row, and values grow when they are decoded. */
static size_t rows_guess(const struct hw_group_reader *reader) {
    const struct hw_group_reader_options *options = &reader->options;
    const struct hw_parquet_group *group = &options->meta->groups[reader->number];
    double bytes = 1;
    for (size_t i = 0; i < options->columns->leaves_count; i++) {
        const int64_t plain = group->chunks[options->columns->leaves[i].column].uncompressed;
        bytes += plain > 0 ? (double)plain : 0;
    }
    const double rows = (double)options->batch_bytes_max / 2 / (bytes / ((double)group->rows + 1));
    return rows_even(reader,
                     (size_t)hw_clamp(rows < ROWS_FIRST ? (uint64_t)rows : ROWS_FIRST, 1, options->batch_rows_max));
}

/* ------ rows */

static enum hw_status rows_read(struct hw_group_reader *reader, size_t *rows, struct hw_error *err);
static enum hw_status batch_make(struct hw_group_reader *reader, size_t rows, struct hw_batch *out_batch,
                                 struct hw_error *err);
static enum hw_status columns_end(struct hw_group_reader *reader, struct hw_error *err);
static void batch_rows_learn(struct hw_group_reader *reader, size_t rows);

enum hw_status hw_group_reader_next(struct hw_group_reader *reader, size_t rows_max, struct hw_batch *out_batch,
                                    bool *out_more, struct hw_error *err) {
    size_t rows = (size_t)hw_clamp(hw_min_size(rows_max, reader->batch_rows), 0, reader->left);
    if (rows == 0) {
        HW_TRY(columns_end(reader, err));
        *out_more = false;
        return HW_OK;
    }
    HW_TRY(rows_read(reader, &rows, err));
    batch_rows_learn(reader, rows);
    HW_TRY(batch_make(reader, rows, out_batch, err));
    reader->left -= rows;
    *out_more = true;
    return HW_OK;
}

/* The rows of a batch, on their way. */
struct rows_task {
    struct hw_group_reader *reader;
    size_t rows;
    size_t bytes_max;
};

static enum hw_status leaves_run(struct hw_group_reader *reader, hw_crew_work *work, void *ctx, struct hw_error *err);
static void leaf_read(void *ctx, size_t leaf, size_t member);
static bool rows_fit(const struct hw_group_reader *reader, size_t bytes_max);
static void rows_go_back(struct hw_group_reader *reader);

/*
 * Reads rows of all leaves; half as many once more where they are too large. A single row may take
 * all of the memory.
 */
static enum hw_status rows_read(struct hw_group_reader *reader, size_t *rows, struct hw_error *err) {
    for (;; *rows = rows_even(reader, *rows / 2)) {
        const size_t bytes_max = *rows > 1 ? 2 * reader->options.batch_bytes_max : reader->options.memory_bytes;
        struct rows_task task = {reader, *rows, bytes_max};
        HW_TRY(leaves_run(reader, leaf_read, &task, err));
        if (rows_fit(reader, bytes_max)) {
            return HW_OK;
        }
        if (*rows == 1) {
            return hw_fail(err, HW_ELIMIT,
                           "row group %zu: row %" PRIu64 " of it has more than %zu MiB, which --memory leaves for it",
                           reader->number,
                           (uint64_t)reader->options.meta->groups[reader->number].rows - reader->left + 1,
                           bytes_max >> 20);
        }
        rows_go_back(reader);
    }
}

/* Has the work done at all leaves. The first leaf that fails is the one whose error counts. */
static enum hw_status leaves_run(struct hw_group_reader *reader, hw_crew_work *work, void *ctx, struct hw_error *err) {
    const struct member *failed = NULL;
    for (size_t i = 0; i < reader->members_count; i++) {
        reader->members[i].status = HW_OK;
    }
    hw_crew_run(reader->options.crew, reader->options.columns->leaves_count, work, ctx);
    for (size_t i = 0; i < reader->members_count; i++) {
        const struct member *member = &reader->members[i];
        if (member->status && (!failed || member->failed_leaf < failed->failed_leaf)) {
            failed = member;
        }
    }
    return failed ? leaf_named(reader, failed->failed_leaf, hw_error_pass(err, failed->status, &failed->error), err)
                  : HW_OK;
}

static void member_failed(struct member *member, size_t leaf, enum hw_status status, const struct hw_error *error) {
    if (status && (!member->status || leaf < member->failed_leaf)) {
        member->status = status;
        member->failed_leaf = leaf;
        member->error = *error;
    }
}

/* Counts what a leaf holds. Its page goes where all of them together take too much memory. */
static void leaf_held(struct hw_group_reader *reader, size_t leaf, size_t held_before) {
    struct hw_column_reader *column = &reader->works[leaf].reader;
    /* It may be less than before: the difference wraps, and the sum wraps back. */
    const size_t more = hw_column_reader_held(column) - held_before;
    if (atomic_fetch_add(&reader->held, more) + more > reader->options.memory_bytes / 4) {
        atomic_fetch_sub(&reader->held, hw_column_reader_held(column));
        hw_column_reader_park(column);
        hw_group_bytes_park(reader->bytes, leaf);
    }
}

/* Reads the rows of one leaf. */
static void leaf_read(void *ctx, size_t turn, size_t member) {
    const struct rows_task *task = ctx;
    struct hw_group_reader *reader = task->reader;
    const size_t leaf = reader->turns[turn].leaf;
    struct leaf_work *work = &reader->works[leaf];
    struct hw_column_reader *column = &work->reader;
    const size_t held_before = hw_column_reader_held(column);
    struct hw_error error = HW_ERROR_INIT;
    work->full = false;
    work->before = hw_column_reader_place(column);
    column->pages.chunk.decompressor = reader->members[member].decompressor;
    const enum hw_status status =
        hw_column_reader_read(column, task->rows, task->bytes_max, &reader->rows[leaf], &work->full, &error);
    member_failed(&reader->members[member], leaf, status, &error);
    leaf_held(reader, leaf, held_before);
}

static size_t rows_held(const struct hw_group_reader *reader) {
    size_t held = 0;
    for (size_t i = 0; i < reader->options.columns->leaves_count; i++) {
        const struct hw_leaf_rows *rows = &reader->rows[i];
        held += rows->values.size + rows->data.size + rows->offsets.size + rows->defs.size + rows->reps.size;
    }
    return held;
}

static bool rows_fit(const struct hw_group_reader *reader, size_t bytes_max) {
    for (size_t i = 0; i < reader->options.columns->leaves_count; i++) {
        if (reader->works[i].full) {
            return false;
        }
    }
    return rows_held(reader) <= bytes_max;
}

static void rows_go_back(struct hw_group_reader *reader) {
    for (size_t i = 0; i < reader->options.columns->leaves_count; i++) {
        hw_column_reader_go(&reader->works[i].reader, reader->works[i].before);
    }
}

/* The next batch has as many rows as have the bytes of one, but four times more at most. */
static void batch_rows_learn(struct hw_group_reader *reader, size_t rows) {
    const struct hw_group_reader_options *options = &reader->options;
    const double a_row = (double)(rows_held(reader) + 1) / (double)rows;
    const double fit = (double)options->batch_bytes_max / a_row;
    const uint64_t most = hw_clamp(rows * UINT64_C(4), 1, options->batch_rows_max);
    reader->batch_rows = rows_even(reader, (size_t)hw_clamp(fit < (double)most ? (uint64_t)fit : most, 1, most));
}

static enum hw_status batch_make(struct hw_group_reader *reader, size_t rows, struct hw_batch *out_batch,
                                 struct hw_error *err) {
    const struct hw_read_columns *columns = reader->options.columns;
    struct hw_batch_memory *memory;
    struct hw_batch batch = {.schema = &columns->shared->schema, .rows = rows};
    HW_TRY(hw_batch_memory_new(&columns->shared->owner, reader->options.spare, &memory, err));
    const struct hw_assembly assembly = {rows, columns->leaves, reader->rows, memory};
    const enum hw_status status = hw_assemble(&assembly, columns->nodes, columns->nodes_count, &batch.columns, err);
    if (status) {
        hw_batch_memory_free(memory);
        hw_error_prefix(err, "row group %zu", reader->number);
        return status;
    }
    batch.owner = hw_batch_memory_owner(memory);
    *out_batch = batch;
    return HW_OK;
}

static enum hw_status columns_end(struct hw_group_reader *reader, struct hw_error *err) {
    for (size_t i = 0; i < reader->options.columns->leaves_count; i++) {
        HW_TRY(leaf_named(reader, i, hw_column_reader_end(&reader->works[i].reader, err), err));
    }
    return HW_OK;
}

/* ------ rows that are not wanted */

struct skip_task {
    struct hw_group_reader *reader;
    uint64_t rows;
};

static void leaf_skip(void *ctx, size_t turn, size_t member) {
    const struct skip_task *task = ctx;
    struct hw_group_reader *reader = task->reader;
    const size_t leaf = reader->turns[turn].leaf;
    struct hw_column_reader *column = &reader->works[leaf].reader;
    const size_t held_before = hw_column_reader_held(column);
    struct hw_error error = HW_ERROR_INIT;
    column->pages.chunk.decompressor = reader->members[member].decompressor;
    member_failed(&reader->members[member], leaf, hw_column_reader_skip(column, task->rows, &error), &error);
    leaf_held(reader, leaf, held_before);
}

enum hw_status hw_group_reader_skip(struct hw_group_reader *reader, uint64_t rows, struct hw_error *err) {
    struct skip_task task = {reader, hw_clamp(rows, 0, reader->left)};
    HW_TRY(leaves_run(reader, leaf_skip, &task, err));
    reader->left -= task.rows;
    return HW_OK;
}
