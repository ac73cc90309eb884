/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sorted_rows.h"

#include "core/alloc.h"
#include "optimize/run_join.h"

/* A thread that sorts is worth so much memory. */
#define THREAD_BYTES HW_MIB(16)
#define BLOCK_BYTES_MIN HW_KIB(8)
#define BLOCK_BYTES_MAX HW_KIB(256)
enum {
    /* The part of a thread's memory that is a block. */
    BLOCK_PART = 2048,
    /* The part of a thread's memory that the blocks of runs may take which are read together. */
    READERS_PART = 4,
    /* The part of the memory in which what is put aside stays. */
    SPILL_PART = 8,
    RUNS_MIN = 2,
    /* The bytes of a reader beside its block. */
    READER_BYTES = 512,
};

struct sorting {
    const struct hw_row_sort *sort;
    struct hw_sorted_rows *sorted;
    struct hw_sort_run_bench bench;
    struct hw_sort_run_options run;
    /* The pieces of the run in work, each a struct hw_rewrite_rows. */
    struct hw_buf pieces;
    /* The piece with the next row, how many of its rows were taken, and all rows that were. */
    size_t piece;
    uint64_t piece_rows;
    uint64_t at;
    uint64_t rows;
};

static enum hw_status spill_new(struct hw_sort_spill **out_spill, const struct hw_row_sort *sort, struct hw_error *err);
static void spill_free(struct hw_sort_spill *spill);
static void runs_release(struct hw_buf *runs, size_t columns);
static enum hw_status runs_make(struct sorting *sorting, struct hw_error *err);
static enum hw_status runs_join(struct sorting *sorting, struct hw_error *err);
static enum hw_status order_make(struct sorting *sorting, struct hw_error *err);

static enum hw_status rows_sort(struct sorting *sorting, struct hw_error *err) {
    const struct hw_row_sort *sort = sorting->sort;
    const size_t threads = hw_crew_threads(sort->crew);
    struct hw_sorted_rows *sorted = sorting->sorted;
    sorted->learned = hw_alloc_zero(sort->columns_count, sizeof(*sorted->learned));
    if (!sorted->learned) {
        return hw_fail_nomem(err, sort->columns_count * sizeof(*sorted->learned));
    }
    HW_TRY(spill_new(&sorted->spill, sort, err));
    for (size_t i = 0; i < sort->pieces_count; i++) {
        sorting->rows += sort->pieces[i].count;
    }
    if (sorting->rows > HW_ORDER_NUMBER_MAX) {
        return hw_fail(err, HW_ELIMIT, "%" PRIu64 " rows are too many to be sorted", sorting->rows);
    }
    sorting->run = (struct hw_sort_run_options){
        .columns = sort->columns,
        .columns_count = sort->columns_count,
        .keys = sort->keys,
        .keys_count = sort->keys_count,
        .spill = sorted->spill,
        .crew = sort->crew,
        .threads = (size_t)hw_clamp(sort->memory_bytes / THREAD_BYTES, 1, threads),
        .memory_bytes = sort->memory_bytes,
        .page_bytes_max = sort->page_bytes_max,
        .block_bytes = (size_t)hw_clamp(sort->memory_bytes / threads / BLOCK_PART, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX),
        .cancelled = sort->cancelled,
        .ctx = sort->ctx,
    };
    HW_TRY(hw_sort_run_bench_init(&sorting->bench, &sorting->run, err));
    HW_TRY(runs_make(sorting, err));
    hw_sort_run_bench_release(&sorting->bench);
    HW_TRY(runs_join(sorting, err));
    return order_make(sorting, err);
}

enum hw_status hw_sorted_rows_make(struct hw_sorted_rows *sorted, const struct hw_row_sort *sort,
                                   struct hw_error *err) {
    struct sorting sorting = {.sort = sort, .sorted = sorted};
    sorted->columns = sort->columns_count;
    const enum hw_status status = rows_sort(&sorting, err);
    hw_sort_run_bench_release(&sorting.bench);
    hw_buf_release(&sorting.pieces);
    return status;
}

void hw_sorted_rows_release(struct hw_sorted_rows *sorted) {
    runs_release(&sorted->runs, sorted->columns);
    hw_run_order_release(&sorted->order);
    spill_free(sorted->spill);
    hw_free(sorted->learned);
    *sorted = (struct hw_sorted_rows){0};
}

static const struct hw_sort_run *runs_of(const struct hw_sorted_rows *sorted) {
    return (const struct hw_sort_run *)(const void *)sorted->runs.data;
}

enum hw_status hw_sorted_rows_begin(const struct hw_sorted_rows *sorted, size_t column, size_t group, uint64_t first,
                                    struct hw_run_rows_bench *bench, struct hw_run_rows *out_rows,
                                    struct hw_error *err) {
    *out_rows = (struct hw_run_rows){
        .runs = runs_of(sorted),
        .runs_count = hw_sorted_rows_runs(sorted),
        .column = column,
        .order = &sorted->order,
        .from = sorted->spill,
        .order_from = sorted->spill,
        .bench = bench,
        .left = sorted->order.rows.rows - first,
    };
    return hw_run_rows_begin(out_rows, group, first, err);
}

static enum hw_status spill_new(struct hw_sort_spill **out_spill, const struct hw_row_sort *sort,
                                struct hw_error *err) {
    struct hw_sort_spill *spill = hw_alloc(sizeof(*spill));
    if (!spill) {
        return hw_fail_nomem(err, sizeof(*spill));
    }
    hw_sort_spill_init(spill, sort->folder, sort->memory_bytes / SPILL_PART);
    *out_spill = spill;
    return HW_OK;
}

static void spill_free(struct hw_sort_spill *spill) {
    if (spill) {
        hw_sort_spill_release(spill);
        hw_free(spill);
    }
}

static void runs_release(struct hw_buf *runs, size_t columns) {
    struct hw_sort_run *items = (struct hw_sort_run *)(void *)runs->data;
    for (size_t i = 0; i < runs->size / sizeof(*items); i++) {
        hw_sort_run_release(&items[i], columns);
    }
    hw_buf_release(runs);
}

/* ------ runs */

static uint64_t rows_guess(const struct sorting *sorting);
static enum hw_status pieces_take(struct sorting *sorting, uint64_t rows, struct hw_error *err);
static void pieces_pass(struct sorting *sorting, uint64_t rows);

static enum hw_status runs_make(struct sorting *sorting, struct hw_error *err) {
    struct hw_sorted_rows *sorted = sorting->sorted;
    uint64_t rows = rows_guess(sorting);
    while (sorting->at < sorting->rows) {
        struct hw_sort_run run = {0};
        uint64_t fit = 0;
        rows = hw_clamp(rows, 1, hw_clamp(sorting->rows - sorting->at, 1, HW_SORT_RUN_ROWS_MAX));
        HW_TRY(pieces_take(sorting, rows, err));
        const struct hw_sort_run_rows of = {
            .pieces = (const struct hw_rewrite_rows *)(const void *)sorting->pieces.data,
            .pieces_count = sorting->pieces.size / sizeof(struct hw_rewrite_rows),
            .first = sorting->at,
            .rows = rows,
        };
        HW_TRY(hw_sort_run_make(&sorting->bench, &sorting->run, &of, sorted->learned, &run, &fit, err));
        if (run.columns) {
            const enum hw_status status = hw_buf_append(&sorted->runs, &run, sizeof(run), err);
            if (status) {
                hw_sort_run_release(&run, sorted->columns);
                return status;
            }
            pieces_pass(sorting, rows);
        }
        rows = fit;
    }
    return HW_OK;
}

/*
 * Guesses how many rows fit, by the bytes of the first row group's largest column: those that the
 * footer tells, which are less where values repeat. What is wrong is found when rows do not fit.
 */
static uint64_t rows_guess(const struct sorting *sorting) {
    const struct hw_row_sort *sort = sorting->sort;
    const double room = (double)sorting->run.memory_bytes / (double)sorting->run.threads / 4;
    double most = 1;
    if (sort->pieces_count == 0) {
        return 1;
    }
    const struct hw_parquet_group *group = &sort->pieces->file->meta.groups[sort->pieces->group];
    for (size_t i = 0; i < sort->columns_count; i++) {
        const struct hw_rewrite_leaf *leaf = &sort->columns[i].leaves[sort->pieces->number];
        const size_t column = leaf->read.column;
        const int64_t raw = column < group->chunks_count ? group->chunks[column].uncompressed : 0;
        const double told = raw > 0 ? (double)raw / (double)group->rows : 0;
        const double bytes = told > (double)leaf->read.width ? told : (double)leaf->read.width;
        most = bytes > most ? bytes : most;
    }
    const double rows = room / (most + 2 * sizeof(uint32_t));
    return rows < 1e18 ? (uint64_t)rows : UINT64_MAX;
}

/* Lists the next rows; they are not passed yet. */
static enum hw_status pieces_take(struct sorting *sorting, uint64_t rows, struct hw_error *err) {
    uint64_t from = sorting->piece_rows;
    hw_buf_clear(&sorting->pieces);
    for (size_t i = sorting->piece; rows > 0; i++) {
        struct hw_rewrite_rows piece = sorting->sort->pieces[i];
        piece.first += from;
        piece.count = hw_clamp(piece.count - from, 0, rows);
        rows -= piece.count;
        from = 0;
        HW_TRY(piece.count > 0 ? hw_buf_append(&sorting->pieces, &piece, sizeof(piece), err) : HW_OK);
    }
    return HW_OK;
}

static void pieces_pass(struct sorting *sorting, uint64_t rows) {
    sorting->at += rows;
    while (rows > 0) {
        const uint64_t left = sorting->sort->pieces[sorting->piece].count - sorting->piece_rows;
        const uint64_t step = hw_clamp(rows, 0, left);
        sorting->piece_rows += step;
        rows -= step;
        if (step == left) {
            sorting->piece++;
            sorting->piece_rows = 0;
        }
    }
}

/* ------ many runs */

/* Returns how many runs may be read side by side by each thread; 0: not even two. */
static size_t runs_together(const struct sorting *sorting) {
    const size_t part = sorting->sort->memory_bytes / hw_crew_threads(sorting->sort->crew) / READERS_PART;
    const struct hw_sort_run *runs = runs_of(sorting->sorted);
    size_t block = 1;
    for (size_t i = 0; i < hw_sorted_rows_runs(sorting->sorted); i++) {
        for (size_t k = 0; k < sorting->sort->columns_count + HW_RUN_HIDDEN; k++) {
            block = hw_max_size(block, runs[i].columns[k].block_bytes_most);
        }
    }
    /* Buffers grow by half of what they have. */
    const size_t together = part / (block + block / 2 + READER_BYTES);
    return together < RUNS_MIN ? 0 : hw_min_size(together, HW_ORDER_RUNS_MAX);
}

static enum hw_status pass_do(struct sorting *sorting, size_t together, struct hw_error *err);

static enum hw_status runs_join(struct sorting *sorting, struct hw_error *err) {
    while (hw_sorted_rows_runs(sorting->sorted) > 1) {
        const size_t together = runs_together(sorting);
        if (together == 0) {
            return hw_fail(err, HW_ELIMIT, "rows are too large to be sorted within --memory");
        }
        if (hw_sorted_rows_runs(sorting->sorted) <= together) {
            return HW_OK;
        }
        HW_TRY(pass_do(sorting, together, err));
    }
    return HW_OK;
}

/* Makes one run of `together` that follow each other, again and again. */
static enum hw_status pass_do(struct sorting *sorting, size_t together, struct hw_error *err) {
    struct hw_sorted_rows *sorted = sorting->sorted;
    const size_t count = hw_sorted_rows_runs(sorted);
    struct hw_sort_spill *spill = NULL;
    struct hw_buf joined = {0};
    HW_TRY(spill_new(&spill, sorting->sort, err));
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < count; i += together) {
        struct hw_sort_run run = {0};
        const struct hw_run_join join = {
            .runs = runs_of(sorted) + i,
            .runs_count = hw_min_size(together, count - i),
            .from = sorted->spill,
            .to = spill,
            .options = &sorting->run,
        };
        status = hw_run_join(&join, &run, err);
        status = status ? status : hw_buf_append(&joined, &run, sizeof(run), err);
        if (status) {
            hw_sort_run_release(&run, sorted->columns);
        }
    }
    /* The old runs go, or, after a failure, what there is of new ones. */
    if (status == HW_OK) {
        const struct hw_buf runs = sorted->runs;
        struct hw_sort_spill *from = sorted->spill;
        sorted->runs = joined;
        sorted->spill = spill;
        joined = runs;
        spill = from;
    }
    runs_release(&joined, sorted->columns);
    spill_free(spill);
    return status;
}

static enum hw_status order_make(struct sorting *sorting, struct hw_error *err) {
    struct hw_sorted_rows *sorted = sorting->sorted;
    const struct hw_run_order_options options = {
        .runs = runs_of(sorted),
        .runs_count = hw_sorted_rows_runs(sorted),
        .columns = sorting->sort->columns_count,
        .cuts = sorting->sort->cuts,
        .from = sorted->spill,
        .to = sorted->spill,
        .block_bytes = sorting->run.block_bytes,
        .cancelled = sorting->sort->cancelled,
        .ctx = sorting->sort->ctx,
    };
    return hw_run_order_make(&sorted->order, &options, err);
}
