/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/file_rewrite.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "parquet/file_out.h"

/*
 * The turn of a column: those with the most bytes come first, so that no thread begins with a long
 * one while the others have nothing left to do.
 */
struct turn {
    uint64_t bytes;
    size_t column;
};

/* A thread: what it works with, and the first column that it could not do. */
struct member {
    struct hw_rewrite_bench bench;
    bool ready;
    size_t failed;
    enum hw_status status;
    struct hw_error error;
};

struct work {
    const struct hw_file_rewrite *rewrite;
    struct hw_file_out out;
    struct hw_footer footer;
    struct hw_row_group_pool pool;
    struct member *members;
    size_t members_count;
    struct turn *turns;
    /* The chunks of the row group in work; NULL where there is none. */
    struct hw_row_group **chunks;
    const struct hw_row_cut *cut;
    struct hw_rewritten_column *columns;
};

static enum hw_status work_init(struct work *work, const struct hw_file_rewrite *rewrite, struct hw_error *err);
static void work_release(struct work *work);
static enum hw_status group_make(struct work *work, struct hw_error *err);
static enum hw_status group_write(struct work *work, struct hw_error *err);

enum hw_status hw_file_rewrite(const struct hw_file_rewrite *rewrite, struct hw_rewritten_column *out_columns,
                               uint64_t *out_bytes, struct hw_error *err) {
    struct work work = {.columns = out_columns};
    enum hw_status status = work_init(&work, rewrite, err);
    const size_t groups = hw_row_cuts_count(rewrite->cuts);
    memset(out_columns, 0, rewrite->tree->count * sizeof(*out_columns));
    for (size_t i = 0; status == HW_OK && i < groups; i++) {
        work.cut = hw_row_cut_at(rewrite->cuts, i);
        status = group_make(&work, err);
        status = status ? status : group_write(&work, err);
    }
    if (status == HW_OK) {
        status = hw_file_out_end(&work.out, &work.footer, rewrite->tree, rewrite->options, err);
        *out_bytes = work.out.at;
    }
    work_release(&work);
    return status;
}

static enum hw_status work_init(struct work *work, const struct hw_file_rewrite *rewrite, struct hw_error *err) {
    const size_t count = rewrite->tree->count;
    work->rewrite = rewrite;
    work->out.sink = rewrite->sink;
    work->members_count = hw_crew_threads(rewrite->crew);
    hw_row_group_pool_init(&work->pool, 1, rewrite->tree->counts);
    work->members = hw_alloc_zero(work->members_count, sizeof(*work->members));
    work->turns = hw_alloc_zero(count, sizeof(*work->turns));
    work->chunks = hw_alloc_zero(count, sizeof(*work->chunks));
    if (!work->members || !work->turns || !work->chunks) {
        return hw_fail_nomem(err, count * sizeof(*work->turns));
    }
    return HW_OK;
}

static void chunk_drop(struct work *work, size_t column) {
    struct hw_row_group *chunk = work->chunks[column];
    work->chunks[column] = NULL;
    if (chunk) {
        chunk->base.ops->free(&chunk->base);
    }
}

static void work_release(struct work *work) {
    for (size_t i = 0; work->chunks && i < work->rewrite->tree->count; i++) {
        chunk_drop(work, i);
    }
    for (size_t i = 0; work->members && i < work->members_count; i++) {
        hw_rewrite_bench_release(&work->members[i].bench);
    }
    hw_free(work->members);
    hw_free(work->turns);
    hw_free(work->chunks);
    hw_row_group_pool_release(&work->pool);
    hw_footer_release(&work->footer);
    hw_file_out_release(&work->out);
}

/* ------ a row group */

static void turns_sort(struct work *work);
static void chunk_make(void *ctx, size_t turn, size_t member);

/* Makes all chunks. The first column that fails is the one whose error counts. */
static enum hw_status group_make(struct work *work, struct hw_error *err) {
    const struct member *failed = NULL;
    turns_sort(work);
    for (size_t i = 0; i < work->members_count; i++) {
        work->members[i].status = HW_OK;
    }
    hw_crew_run(work->rewrite->crew, work->rewrite->tree->count, chunk_make, work);
    for (size_t i = 0; i < work->members_count; i++) {
        const struct member *member = &work->members[i];
        if (member->status && (!failed || member->failed < failed->failed)) {
            failed = member;
        }
    }
    return failed ? hw_error_pass(err, failed->status, &failed->error) : HW_OK;
}

static int turns_compare(const void *a, const void *b) {
    const struct turn *left = a, *right = b;
    return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static void turns_sort(struct work *work) {
    const struct hw_rewrite_rows *runs = hw_row_cut_runs(work->rewrite->cuts, work->cut);
    const size_t count = work->rewrite->tree->count;
    for (size_t i = 0; i < count; i++) {
        const size_t column = work->rewrite->columns[i].read.column;
        const struct hw_parquet_group *group = &runs[0].file->meta.groups[runs[0].group];
        const int64_t bytes = column < group->chunks_count ? group->chunks[column].uncompressed : 0;
        work->turns[i] = (struct turn){bytes > 0 ? (uint64_t)bytes : 0, i};
    }
    qsort(work->turns, count, sizeof(*work->turns), turns_compare);
}

static enum hw_status chunk_try(struct work *work, size_t column, struct member *member, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    if (rewrite->cancelled && rewrite->cancelled(rewrite->ctx)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    if (!member->ready) {
        HW_TRY(hw_rewrite_bench_init(&member->bench, rewrite->options, err));
        member->ready = true;
    }
    HW_TRY(hw_row_group_new(&work->pool, &work->chunks[column], err));
    const struct hw_chunk_rewrite chunk = {
        .column = &rewrite->columns[column],
        .rows = hw_row_cut_runs(rewrite->cuts, work->cut),
        .rows_count = work->cut->count,
        .options = rewrite->options,
        .memory_bytes = rewrite->memory_bytes / work->members_count,
        .page_bytes_max = rewrite->page_bytes_max,
    };
    return hw_chunk_rewrite(&chunk, &member->bench, work->chunks[column], err);
}

static void chunk_make(void *ctx, size_t turn, size_t number) {
    struct work *work = ctx;
    struct member *member = &work->members[number];
    const size_t column = work->turns[turn].column;
    struct hw_error error = HW_ERROR_INIT;
    const enum hw_status status = chunk_try(work, column, member, &error);
    if (status && (!member->status || column < member->failed)) {
        member->status = status;
        member->failed = column;
        member->error = error;
    }
}

/* ------ writing */

static void column_count(struct hw_rewritten_column *column, const struct hw_chunk_facts *facts) {
    column->stored_bytes += facts->stored_bytes;
    column->raw_bytes += facts->raw_bytes;
    column->dictionaries += facts->dictionary_size > 0;
    column->packed_chunks += facts->packed;
    for (size_t i = 0; i < HW_ENCODING_COUNT; i++) {
        column->pages_encoded[i] += facts->pages_encoded[i];
    }
}

static enum hw_status group_write(struct work *work, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    HW_TRY(hw_file_out_begin(&work->out, err));
    const uint64_t at = work->out.at;
    for (size_t i = 0; i < rewrite->tree->count; i++) {
        HW_TRY(hw_file_out_chunk(&work->out, &work->footer, &rewrite->tree->leaves[i], work->chunks[i], 0,
                                 rewrite->options->codec, err));
        column_count(&work->columns[i], &work->chunks[i]->chunks[0]);
        chunk_drop(work, i);
    }
    HW_TRY(hw_footer_add_row_group(&work->footer, work->cut->rows, at, err));
    return hw_file_out_flush(&work->out, err);
}
