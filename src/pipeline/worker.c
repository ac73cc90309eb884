/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/worker.h"

#include "core/alloc.h"

enum { REJECTS_BYTES_MAX = 4 << 20 }; /* rejects at which a piece is handed on */

/* A worker at a part. */
struct worker {
    struct hw_conversion *conversion;
    size_t slot;
    struct hw_workbench *bench;
    struct hw_cursor *cursor;      /* the workbench's */
    struct hw_column_stats *stats; /* of the part; NULL where no report is wanted */
    uint64_t bytes_told;           /* of the part, that were counted as the run's progress */
    uint64_t rows_told;
    bool large; /* The part holds more than workers share. */
};

static enum hw_status part_open(struct worker *worker, const struct hw_queue_claim *claim, struct hw_error *err);
static enum hw_status part_read(struct worker *worker, struct hw_error *err);
static void part_close(struct worker *worker, enum hw_status status, const struct hw_error *error);

void hw_worker_run(struct hw_conversion *conversion, const struct hw_queue_claim *claim) {
    struct worker worker = {.conversion = conversion, .slot = claim->slot};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = part_open(&worker, claim, &err);
    if (status == HW_OK) {
        status = part_read(&worker, &err);
    }
    part_close(&worker, status, &err);
}

static enum hw_status part_open(struct worker *worker, const struct hw_queue_claim *claim, struct hw_error *err) {
    struct hw_conversion *conversion = worker->conversion;
    HW_TRY(hw_workbench_take(&conversion->benches, &worker->bench, err));
    worker->cursor = worker->bench->cursor;
    HW_TRY(worker->cursor->ops->open(worker->cursor, claim->slot, claim->start_known ? &claim->start : NULL, err));
    return conversion->stats ? hw_column_stats_new(conversion->reader->schema, &worker->stats, err) : HW_OK;
}

static enum hw_status rows_take(struct worker *worker, struct hw_error *err);
static enum hw_status piece_offer(struct worker *worker, bool all, struct hw_error *err);
static void hand_on(struct worker *worker, bool last);
static void progress_tell(struct worker *worker);

static enum hw_status part_read(struct worker *worker, struct hw_error *err) {
    struct hw_queue *queue = &worker->conversion->queue;
    struct hw_cursor *cursor = worker->cursor;
    while (hw_queue_wants(queue, worker->slot)) {
        enum hw_cursor_step step;
        cursor->types_only = queue->unwanted || worker->conversion->survey;
        HW_TRY(cursor->ops->next(cursor, &step, err));
        switch (step) {
        case HW_CURSOR_STARTED:
            hw_queue_guess(queue, worker->slot, cursor->result->start);
            break;
        case HW_CURSOR_HANDED_ON:
            hand_on(worker, cursor->last);
            break;
        case HW_CURSOR_LARGE:
            HW_TRY(hw_queue_alone(queue, worker->slot, err));
            worker->large = cursor->large_allowed = true;
            break;
        case HW_CURSOR_ROWS:
            progress_tell(worker);
            HW_TRY(rows_take(worker, err));
            break;
        case HW_CURSOR_END:
            return piece_offer(worker, true, err);
        }
    }
    return hw_fail(err, HW_ECANCELLED, "stopped");
}

/* Another worker can begin the next part. */
static void hand_on(struct worker *worker, bool last) {
    struct hw_run_context *run = worker->conversion->run;
    hw_queue_hand_on(&worker->conversion->queue, last);
    run->wake(run->wake_ctx);
}

static void progress_tell(struct worker *worker) {
    struct hw_run_context *run = worker->conversion->run;
    const struct hw_part_result *result = worker->cursor->result;
    atomic_fetch_add(&run->bytes_done, result->bytes - worker->bytes_told);
    atomic_fetch_add(&run->rows_done, result->rows - worker->rows_told);
    worker->bytes_told = result->bytes;
    worker->rows_told = result->rows;
}

static void part_close(struct worker *worker, enum hw_status status, const struct hw_error *error) {
    struct hw_conversion *conversion = worker->conversion;
    struct hw_part_made *made = hw_alloc_zero(1, sizeof(*made));
    struct hw_error fault = *error;
    struct hw_part_result *read = NULL;
    if (worker->cursor) {
        if (worker->cursor->result) {
            progress_tell(worker);
        }
        read = worker->cursor->ops->close(worker->cursor);
    }
    if (made && read) {
        *made = (struct hw_part_made){read, worker->stats};
    } else {
        conversion->reader->ops->result_free(read);
        hw_column_stats_free(worker->stats);
        hw_free(made);
        made = NULL;
        status = status != HW_OK ? status : hw_fail_nomem(&fault, sizeof(*made));
    }
    if (worker->bench) {
        const bool more = !hw_queue_all_claimed(&conversion->queue);
        hw_workbench_return(&conversion->benches, worker->bench, more && !worker->large);
    }
    const struct hw_queue_end end = {
        .end = read && made ? read->end : 0,
        .result = made,
        .status = status,
        .error = &fault,
    };
    hw_queue_end(&conversion->queue, worker->slot, &end);
    hw_workbenches_leave(&conversion->benches);
}

/* ------ rows */

static enum hw_status rows_add(struct worker *worker, struct hw_error *err);
static enum hw_status memory_take(struct worker *worker, struct hw_error *err);

static enum hw_status rows_take(struct worker *worker, struct hw_error *err) {
    const struct hw_cursor *cursor = worker->cursor;
    if (cursor->result->misfit || cursor->types_only) {
        hw_workbench_clear(worker->bench); /* the outputs will be made again */
        return HW_OK;
    }
    if (worker->stats) {
        hw_column_stats_add(worker->stats, &cursor->batch);
    }
    HW_TRY(rows_add(worker, err));
    HW_TRY(memory_take(worker, err));
    const bool due = hw_workbench_due(worker->bench) || cursor->rejects.data.size >= REJECTS_BYTES_MAX;
    return due ? piece_offer(worker, false, err) : HW_OK;
}

static enum hw_status rows_add(struct worker *worker, struct hw_error *err) {
    const struct hw_batch *batch = &worker->cursor->batch;
    struct hw_workbench *bench = worker->bench;
    for (size_t row = 0; row < batch->rows;) {
        const size_t room = hw_workbench_room(bench, batch->rows - row);
        if (room == 0) {
            HW_TRY(piece_offer(worker, false, err));
            continue;
        }
        const struct hw_batch slice = hw_batch_slice(batch, row, room, bench->slice);
        HW_TRY(hw_workbench_add(bench, &slice, err));
        row += slice.rows;
    }
    return HW_OK;
}

/*
 * Where row groups end depends on the rows alone. So a worker that has to hold more than its share
 * of the memory does not end one early: it waits until nobody else does, and fails where even that
 * is not enough.
 */
static enum hw_status memory_take(struct worker *worker, struct hw_error *err) {
    struct hw_conversion *conversion = worker->conversion;
    const size_t held_bytes = hw_workbench_held(worker->bench);
    if (held_bytes <= conversion->benches.setup.piece_bytes) {
        return HW_OK;
    }
    if (!worker->large) {
        HW_TRY(hw_queue_alone(&conversion->queue, worker->slot, err));
        worker->large = worker->cursor->large_allowed = true;
    }
    const struct hw_settings_rows rows = {
        .columns = hw_conversion_object(conversion).columns,
        .held_bytes = held_bytes,
        .text_bytes = worker->cursor->result->bytes,
    };
    return hw_settings_rows_check(&conversion->run->settings, &rows, err);
}

/*
 * What is done with rows of partitions is decided by the first rows in order, and so it is the same
 * however many workers there are.
 */
static enum hw_status way_choose(struct worker *worker, bool all, struct hw_error *err) {
    struct hw_conversion *conversion = worker->conversion;
    if (!hw_workbench_unchosen(worker->bench)) {
        return HW_OK;
    }
    HW_TRY(hw_queue_known(&conversion->queue, worker->slot, &conversion->spill.way, err));
    if (hw_workbench_unchosen(worker->bench)) {
        hw_workbench_choose(worker->bench, all && hw_queue_last(&conversion->queue, worker->slot));
    }
    return HW_OK;
}

/* Hands on what is due, or everything that is left, and the rejects. */
static enum hw_status piece_offer(struct worker *worker, bool all, struct hw_error *err) {
    struct hw_cursor *cursor = worker->cursor;
    struct hw_rows_piece *piece;
    if (cursor->result->misfit || (hw_workbench_empty(worker->bench) && cursor->rejects.count == 0)) {
        return HW_OK;
    }
    HW_TRY(way_choose(worker, all, err));
    HW_TRY(hw_rows_piece_new(&piece, err));
    piece->rejects = cursor->rejects;
    cursor->rejects = (struct hw_reject_list){0};
    piece->item.held_bytes += piece->rejects.data.capacity;
    enum hw_status status = hw_workbench_encode(worker->bench, all, piece, err);
    if (status != HW_OK) {
        hw_rows_piece_free(piece);
        return status;
    }
    return hw_queue_offer(&worker->conversion->queue, worker->slot, &piece->item, err);
}
