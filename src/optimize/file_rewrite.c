/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads take one column chunk after the other, of the oldest row group that has any left. Row
 * groups are written in order, each by the thread that has done its last column.
 */
#include "optimize/file_rewrite.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "optimize/chunk_pairs.h"
#include "parquet/bloom_block.h"
#include "parquet/file_out.h"

/* Row groups in work at once: while a long column is left of one, the next one is begun. */
enum { GROUPS_AT_ONCE = 2 };
/* Together they may be expected to take this part of the memory. */
enum { GROUPS_MEMORY_PART = 2 };

/*
 * The turn of a column: those with the most bytes come first, so that no thread begins with a long
 * one while the others have nothing left to do.
 */
struct turn {
    uint64_t bytes;
    size_t column;
};

/* The place at which the next row group goes on with a column. */
struct going_on {
    size_t group;
    struct hw_column_place place;
};

/* A row group in work, in the slot of its number. */
struct group_work {
    const struct hw_row_cut *cut;
    uint64_t first;
    struct turn *turns;
    struct hw_row_group **chunks;
    struct hw_narrow_survey *surveys;
    struct hw_row_sum *sums;
    /* The order of the rows by each of the columns that may be sorted. */
    struct hw_order_marks *marks;
    size_t begun;
    size_t done;
};

struct member {
    struct hw_rewrite_bench bench;
    bool ready;
};

struct work {
    const struct hw_file_rewrite *rewrite;
    size_t columns;
    size_t groups;
    struct hw_file_out out;
    struct hw_footer footer;
    struct hw_row_group_pool pool;
    struct member *members;
    size_t members_count;
    struct hw_rewritten_column *counts;
    /* The rows in their order; NULL: they are not sorted. */
    const struct hw_sorted_rows *sorted;
    struct hw_order_proof order;
    /* The sums of sorted rows, one for each column. */
    struct hw_row_sum *sums;
    /* The rows that were written. */
    uint64_t rows;
    struct {
        pthread_mutex_t lock;
        /* A chunk was done, a row group was written, or the work has failed. */
        pthread_cond_t moved;
        struct group_work slots[GROUPS_AT_ONCE];
        /* Row groups that were opened, and those that were written. */
        size_t opened;
        uint64_t opened_rows;
        size_t written;
        bool writing;
        struct going_on *going_on;
        /* The failure of the first chunk in the order of the file, and its number there. */
        enum hw_status status;
        uint64_t failed;
        struct hw_error error;
    } synced;
};

static enum hw_status rows_sort(const struct hw_file_rewrite *rewrite, struct hw_sorted_rows *sorted,
                                struct hw_error *err);
static enum hw_status work_init(struct work *work, const struct hw_file_rewrite *rewrite,
                                const struct hw_sorted_rows *sorted, struct hw_error *err);
static void work_release(struct work *work);
static void chunks_do(void *ctx, size_t item, size_t member);
static enum hw_status sums_check(const struct work *work, struct hw_error *err);

static enum hw_status file_make(struct work *work, uint64_t *out_bytes, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    hw_crew_run(rewrite->crew, work->members_count, chunks_do, work);
    HW_TRY(work->synced.status ? hw_error_pass(err, work->synced.status, &work->synced.error) : HW_OK);
    HW_TRY(sums_check(work, err));
    HW_TRY(hw_file_out_end(&work->out, &work->footer, rewrite->tree, rewrite->options, err));
    *out_bytes = work->out.at;
    return HW_OK;
}

enum hw_status hw_file_rewrite(const struct hw_file_rewrite *rewrite, struct hw_rewritten_column *out_columns,
                               uint64_t *out_bytes, struct hw_error *err) {
    struct hw_sorted_rows sorted = {0};
    struct work work = {.counts = out_columns};
    memset(out_columns, 0, rewrite->tree->count * sizeof(*out_columns));
    enum hw_status status = rewrite->sorts ? rows_sort(rewrite, &sorted, err) : HW_OK;
    if (status == HW_OK) {
        status = work_init(&work, rewrite, rewrite->sorts ? &sorted : NULL, err);
        status = status ? status : file_make(&work, out_bytes, err);
        work_release(&work);
    }
    hw_sorted_rows_release(&sorted);
    return status;
}

static enum hw_status rows_sort(const struct hw_file_rewrite *rewrite, struct hw_sorted_rows *sorted,
                                struct hw_error *err) {
    const struct hw_row_sort sort = {
        .pieces = (const struct hw_rewrite_rows *)(const void *)rewrite->cuts->runs.data,
        .pieces_count = rewrite->cuts->runs.size / sizeof(struct hw_rewrite_rows),
        .columns = rewrite->columns,
        .columns_count = rewrite->tree->count,
        .keys = rewrite->keys,
        .keys_count = rewrite->keys_count,
        .cuts = rewrite->cuts,
        .crew = rewrite->crew,
        .memory_bytes = rewrite->memory_bytes,
        .page_bytes_max = rewrite->page_bytes_max,
        .folder = rewrite->folder,
        .cancelled = rewrite->cancelled,
        .ctx = rewrite->ctx,
    };
    return hw_sorted_rows_make(sorted, &sort, err);
}

static struct group_work *slot_of(struct work *work, size_t group) {
    return &work->synced.slots[group % GROUPS_AT_ONCE];
}

static enum hw_status work_init(struct work *work, const struct hw_file_rewrite *rewrite,
                                const struct hw_sorted_rows *sorted, struct hw_error *err) {
    const size_t columns = rewrite->tree->count;
    work->rewrite = rewrite;
    work->columns = columns;
    work->groups = hw_row_cuts_count(rewrite->cuts);
    work->out.sink = rewrite->sink;
    work->sorted = sorted;
    work->order = (struct hw_order_proof){.count = rewrite->keys_count, .sorted = sorted};
    work->members_count = hw_crew_threads(rewrite->crew);
    pthread_mutex_init(&work->synced.lock, NULL);
    pthread_cond_init(&work->synced.moved, NULL);
    hw_row_group_pool_init(&work->pool, 1, rewrite->tree->counts);
    work->members = hw_alloc_zero(work->members_count, sizeof(*work->members));
    work->synced.going_on = hw_alloc_zero(columns, sizeof(*work->synced.going_on));
    work->sums = hw_alloc_zero(columns, sizeof(*work->sums));
    bool all = work->members && work->synced.going_on && work->sums;
    for (size_t i = 0; i < GROUPS_AT_ONCE; i++) {
        struct group_work *slot = &work->synced.slots[i];
        slot->turns = hw_alloc_zero(columns, sizeof(*slot->turns));
        slot->chunks = hw_alloc_zero(columns, sizeof(*slot->chunks));
        slot->surveys = hw_alloc_zero(columns, sizeof(*slot->surveys));
        slot->sums = hw_alloc_zero(columns, sizeof(*slot->sums));
        slot->marks = hw_alloc_zero(rewrite->keys_count, sizeof(*slot->marks));
        all = all && slot->turns && slot->chunks && slot->surveys && slot->sums && slot->marks;
    }
    return all ? HW_OK : hw_fail_nomem(err, columns * sizeof(*work->synced.going_on));
}

static void chunk_drop(struct group_work *slot, size_t column) {
    struct hw_row_group *chunk = slot->chunks[column];
    slot->chunks[column] = NULL;
    if (chunk) {
        chunk->base.ops->free(&chunk->base);
    }
}

static void slot_release(const struct work *work, struct group_work *slot) {
    for (size_t column = 0; slot->chunks && column < work->columns; column++) {
        chunk_drop(slot, column);
    }
    for (size_t i = 0; slot->marks && i < work->order.count; i++) {
        hw_order_marks_release(&slot->marks[i]);
    }
    hw_free(slot->turns);
    hw_free(slot->chunks);
    hw_free(slot->surveys);
    hw_free(slot->sums);
    hw_free(slot->marks);
}

static void work_release(struct work *work) {
    for (size_t i = 0; i < GROUPS_AT_ONCE; i++) {
        slot_release(work, &work->synced.slots[i]);
    }
    for (size_t i = 0; work->members && i < work->members_count; i++) {
        hw_rewrite_bench_release(&work->members[i].bench);
    }
    hw_free(work->members);
    hw_free(work->synced.going_on);
    hw_free(work->sums);
    hw_order_proof_release(&work->order);
    hw_row_group_pool_release(&work->pool);
    hw_footer_release(&work->footer);
    hw_file_out_release(&work->out);
    pthread_cond_destroy(&work->synced.moved);
    pthread_mutex_destroy(&work->synced.lock);
}

/* ------ what comes next */

/* A column chunk that a thread has taken. */
struct task {
    size_t group;
    size_t column;
    const struct hw_row_cut *cut;
    /* The number of its first row among those of the output. */
    uint64_t first;
    bool goes_on;
    struct hw_column_place start;
};

static bool group_open_locked(struct work *work);

static bool over_locked(const struct work *work) {
    return work->synced.status != HW_OK || work->synced.written == work->groups;
}

/* Takes the next column of the oldest row group that has one left. */
static bool task_take_locked(struct work *work, struct task *out_task) {
    for (size_t group = work->synced.written; group < work->groups; group++) {
        if (group == work->synced.opened && !group_open_locked(work)) {
            return false;
        }
        struct group_work *slot = slot_of(work, group);
        if (slot->begun < work->columns) {
            const size_t column = slot->turns[slot->begun++].column;
            const struct going_on *going_on = &work->synced.going_on[column];
            /* Else it begins with a column chunk of a source, or is the first one. */
            const bool inside = group > 0 && hw_row_cut_runs(work->rewrite->cuts, slot->cut)->first > 0;
            const bool goes_on = inside && going_on->group == group;
            *out_task = (struct task){group, column, slot->cut, slot->first, goes_on, going_on->place};
            return true;
        }
    }
    return false;
}

/* Returns about the bytes that a column chunk of the output reads, and those of its filter. */
static uint64_t chunk_bytes(const struct work *work, const struct hw_row_cut *cut, size_t column) {
    static const struct hw_parquet_chunk none = {0};
    const struct hw_rewrite_rows *runs = hw_row_cut_runs(work->rewrite->cuts, cut);
    const size_t number = work->rewrite->columns[column].leaves->read.column;
    const double fpp = work->rewrite->columns[column].bloom_fpp;
    double bytes = 0;
    double values = 0;
    for (size_t i = 0; i < cut->count; i++) {
        const struct hw_parquet_group *group = &runs[i].file->meta.groups[runs[i].group];
        const struct hw_parquet_chunk *chunk = number < group->chunks_count ? &group->chunks[number] : &none;
        const double part = (double)runs[i].count / (double)group->rows;
        bytes += chunk->compressed > 0 ? (double)chunk->compressed * part : 0;
        values += chunk->values > 0 ? (double)chunk->values * part : 0;
    }
    const uint64_t sane = (uint64_t)fmin(values, 1e18); /* they are what a footer says */
    return (uint64_t)bytes + (fpp > 0 ? hw_bloom_blocks_for(sane, fpp) * HW_BLOOM_BLOCK_BYTES : 0);
}

static int turns_compare(const void *a, const void *b) {
    const struct turn *left = a, *right = b;
    return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static uint64_t slot_bytes(const struct work *work, const struct group_work *slot) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < work->columns; i++) {
        bytes += slot->turns[i].bytes;
    }
    return bytes;
}

/* Opens the next row group, if it is the only one, or both may be expected to fit in the memory. */
static bool group_open_locked(struct work *work) {
    const size_t group = work->synced.opened;
    const size_t before = group - work->synced.written;
    struct group_work *slot = slot_of(work, group);
    if (before == GROUPS_AT_ONCE) {
        return false;
    }
    slot->cut = hw_row_cut_at(work->rewrite->cuts, group);
    for (size_t i = 0; i < work->columns; i++) {
        slot->turns[i] = (struct turn){chunk_bytes(work, slot->cut, i), i};
    }
    const uint64_t bytes = slot_bytes(work, slot);
    if (before > 0 &&
        bytes + slot_bytes(work, slot_of(work, group - 1)) > work->rewrite->memory_bytes / GROUPS_MEMORY_PART) {
        return false;
    }
    qsort(slot->turns, work->columns, sizeof(*slot->turns), turns_compare);
    slot->begun = slot->done = 0;
    slot->first = work->synced.opened_rows;
    work->synced.opened_rows += slot->cut->rows;
    work->synced.opened++;
    return true;
}

/* ------ column chunks */

static enum hw_status chunk_make(struct work *work, const struct task *task, struct member *member,
                                 struct hw_chunk_learned *out_learned, struct hw_error *err);
static enum hw_status group_write(struct work *work, size_t group, struct hw_error *err);

/* The failure of the chunk that comes first in the file counts. */
static void failed_locked(struct work *work, uint64_t number, enum hw_status status, const struct hw_error *error) {
    if (status && (!work->synced.status || number < work->synced.failed)) {
        work->synced.status = status;
        work->synced.failed = number;
        work->synced.error = *error;
    }
}

/* Writes row groups that are done, as long as they come next. Others go on meanwhile. */
static void groups_write_locked(struct work *work) {
    while (!work->synced.writing && !over_locked(work) && work->synced.written < work->synced.opened &&
           slot_of(work, work->synced.written)->done == work->columns) {
        const size_t group = work->synced.written;
        struct hw_error error = HW_ERROR_INIT;
        work->synced.writing = true;
        pthread_mutex_unlock(&work->synced.lock);
        const enum hw_status status = group_write(work, group, &error);
        pthread_mutex_lock(&work->synced.lock);
        work->synced.writing = false;
        failed_locked(work, (uint64_t)group * work->columns, status, &error);
        work->synced.written += status == HW_OK;
    }
}

static void task_do_locked(struct work *work, const struct task *task, struct member *member) {
    struct hw_error error = HW_ERROR_INIT;
    struct hw_chunk_learned learned = {0};
    pthread_mutex_unlock(&work->synced.lock);
    const enum hw_status status = chunk_make(work, task, member, &learned, &error);
    pthread_mutex_lock(&work->synced.lock);
    failed_locked(work, (uint64_t)task->group * work->columns + task->column, status, &error);
    work->synced.going_on[task->column] = (struct going_on){task->group + 1, learned.end};
    slot_of(work, task->group)->surveys[task->column] = learned.survey;
    slot_of(work, task->group)->sums[task->column] = learned.sum;
    slot_of(work, task->group)->done++;
    groups_write_locked(work);
    pthread_cond_broadcast(&work->synced.moved);
}

static void chunks_do(void *ctx, size_t item, size_t number) {
    struct work *work = ctx;
    (void)item;
    pthread_mutex_lock(&work->synced.lock);
    groups_write_locked(work); /* those of a file without columns */
    while (!over_locked(work)) {
        struct task task;
        if (task_take_locked(work, &task)) {
            task_do_locked(work, &task, &work->members[number]);
        } else {
            pthread_cond_wait(&work->synced.moved, &work->synced.lock);
        }
    }
    pthread_mutex_unlock(&work->synced.lock);
}

/* Returns the place of a column among those that may be sorted; their number: it is none. */
static size_t key_of(const struct hw_file_rewrite *rewrite, size_t column) {
    size_t key = 0;
    while (key < rewrite->keys_count && rewrite->keys[key].leaf != column) {
        key++;
    }
    return key;
}

static enum hw_status chunk_make(struct work *work, const struct task *task, struct member *member,
                                 struct hw_chunk_learned *out_learned, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    struct hw_row_group **chunk = &slot_of(work, task->group)->chunks[task->column];
    if (rewrite->cancelled && rewrite->cancelled(rewrite->ctx)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    if (!member->ready) {
        HW_TRY(hw_rewrite_bench_init(&member->bench, rewrite->options, err));
        member->ready = true;
    }
    HW_TRY(hw_row_group_new(&work->pool, chunk, err));
    const size_t key = key_of(rewrite, task->column);
    const bool keyed = key < rewrite->keys_count;
    const struct hw_chunk_rewrite job = {
        .column = &rewrite->columns[task->column],
        .rows = hw_row_cut_runs(rewrite->cuts, task->cut),
        .rows_count = task->cut->count,
        .sorted = {work->sorted, task->column, task->group, task->first, task->cut->rows},
        .key = keyed ? &rewrite->keys[key].key : NULL,
        .marks = keyed ? &slot_of(work, task->group)->marks[key] : NULL,
        .start = task->goes_on ? &task->start : NULL,
        .options = rewrite->options,
        .memory_bytes = rewrite->memory_bytes / work->members_count,
        .page_bytes_max = rewrite->page_bytes_max,
    };
    return hw_chunk_rewrite(&job, &member->bench, *chunk, out_learned, err);
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

static uint64_t chunks_bytes(const struct work *work, const struct group_work *slot) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < work->columns; i++) {
        bytes += slot->chunks[i]->chunks[0].stored_bytes;
    }
    return bytes;
}

/*
 * The pairs are borrowed of a source, which lives as long as the footer. Of sorted rows nobody
 * knows the chunks from which they come.
 */
static void pairs_take(const struct hw_file_rewrite *rewrite, const struct hw_row_cut *cut, size_t column,
                       struct hw_chunk_facts *facts) {
    const size_t runs = rewrite->sorts ? 0 : cut->count;
    bool lost;
    const struct hw_parquet_chunk *chunk =
        hw_chunk_pairs_find(&rewrite->columns[column], hw_row_cut_runs(rewrite->cuts, cut), runs, &lost);
    facts->pairs = chunk ? chunk->pairs : NULL;
    facts->pairs_count = chunk ? chunk->pairs_count : 0;
}

/* Those chunks are left that have a filter. */
static enum hw_status blooms_write(struct work *work, struct group_work *slot, struct hw_error *err) {
    for (size_t i = 0; i < work->columns; i++) {
        if (slot->chunks[i]) {
            HW_TRY(hw_file_out_bloom(&work->out, &slot->chunks[i]->chunks[0], err));
            chunk_drop(slot, i);
        }
    }
    return HW_OK;
}

/* Tells by which columns a row group is sorted, as far as that is proved. */
static enum hw_status sorting_tell(struct work *work, struct group_work *slot, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    size_t sorted = 0;
    HW_TRY(hw_order_proof_group(&work->order, slot->marks, &sorted, err));
    for (size_t i = 0; i < rewrite->keys_count; i++) {
        const struct hw_sort_column *column = &rewrite->keys[i];
        const struct hw_parquet_sorting sorting = {
            .column = (int32_t)column->leaf,
            .descending = column->key.descending,
            .nulls_first = column->key.nulls_first,
        };
        HW_TRY(i < sorted ? hw_footer_add_sorting(&work->footer, &sorting, 1, err) : HW_OK);
        work->counts[column->leaf].groups_sorted += i < sorted;
        hw_order_marks_clear(&slot->marks[i]);
    }
    return HW_OK;
}

static enum hw_status group_write(struct work *work, size_t group, struct hw_error *err) {
    const struct hw_file_rewrite *rewrite = work->rewrite;
    struct group_work *slot = slot_of(work, group);
    HW_TRY(hw_file_out_begin(&work->out, err));
    const uint64_t at = work->out.at;
    hw_file_out_blooms_begin(&work->out, chunks_bytes(work, slot));
    for (size_t i = 0; i < work->columns; i++) {
        pairs_take(rewrite, slot->cut, i, &slot->chunks[i]->chunks[0]);
        HW_TRY(hw_file_out_chunk(&work->out, &work->footer, &rewrite->tree->leaves[i], slot->chunks[i], 0,
                                 rewrite->options->codec, err));
        column_count(&work->counts[i], &slot->chunks[i]->chunks[0]);
        hw_narrow_survey_join(&work->counts[i].survey, &slot->surveys[i], work->rows);
        hw_row_sum_join(&work->sums[i], &slot->sums[i]);
        if (rewrite->columns[i].bloom_fpp == 0) {
            chunk_drop(slot, i);
        }
    }
    HW_TRY(blooms_write(work, slot, err));
    work->rows += slot->cut->rows;
    HW_TRY(sorting_tell(work, slot, err));
    HW_TRY(hw_footer_add_row_group(&work->footer, slot->cut->rows, at, err));
    return hw_file_out_flush(&work->out, err);
}

/* The rows of all chunks together are those of the sources, column by column, and sorted alike. */
static enum hw_status sums_check(const struct work *work, struct hw_error *err) {
    const struct hw_sorted_rows *sorted = work->sorted;
    for (size_t i = 0; sorted && i < work->columns; i++) {
        if (!hw_row_sum_equal(&work->sums[i], &sorted->learned[i].sum)) {
            char path[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EDATA,
                           "column %s: the proof that the sorted rows are those of the source fails, please report "
                           "this as a bug",
                           hw_leaf_path(&work->rewrite->tree->leaves[i], path, sizeof(path)));
        }
        work->counts[i].survey = sorted->learned[i].survey;
    }
    return HW_OK;
}
