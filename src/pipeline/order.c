/* SPDX-License-Identifier: Apache-2.0 */
/* Putting spans back in order: the head's worker writes, the others queue; when the head ends, the next span's start is proved. */
#include "core/alloc.h"
#include "core/clock.h"
#include "pipeline/conversion.h"
#include "pipeline/rejects.h"

/* Bytes that another conversion gives back are seen this much later at most. */
enum { BUDGET_ASK_US = 50000 };

void hw_conversion_fail(struct hw_conversion *conversion, enum hw_status status, const struct hw_error *error) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    if (!conversion->shared_state.stopped) {
        conversion->shared_state.status = status;
        conversion->shared_state.error = *error;
        conversion->shared_state.stopped = true;
    }
    pthread_cond_broadcast(&conversion->shared_state.moved);
    pthread_mutex_unlock(&conversion->shared_state.lock);
}

bool hw_conversion_left(struct hw_conversion *conversion, size_t number) {
    const struct hw_conversion_shared *shared = conversion->shared;
    if (shared->cancelled && shared->cancelled(shared->cancelled_ctx)) {
        struct hw_error err = HW_ERROR_INIT;
        hw_error_set(&err, HW_ECANCELLED, "stopped before it was done");
        hw_conversion_fail(conversion, HW_ECANCELLED, &err);
        return true;
    }
    if (conversion->shared_state.stopped) {
        return true;
    }
    pthread_mutex_lock(&conversion->shared_state.lock);
    bool again = conversion->shared_state.spans[number].again;
    pthread_mutex_unlock(&conversion->shared_state.lock);
    return again;
}

/* Writes a piece to the outputs. Only the head's worker comes here. Takes the piece. */
static enum hw_status piece_write(struct hw_conversion *conversion, struct hw_piece *piece, struct hw_error *err) {
    enum hw_status status = HW_OK;
    for (struct hw_piece_part *part = piece->first; status == HW_OK && part; part = part->next) {
        for (size_t i = 0; status == HW_OK && i < conversion->targets->count; i++) {
            struct hw_encoded *encoded = part->encoded[i];
            part->encoded[i] = NULL;
            status = hw_outputs_append(&conversion->outputs, i, part->partition, encoded, err);
        }
    }
    if (status == HW_OK && piece->rejected > 0) {
        status = hw_rejects_write(conversion, piece, err);
    }
    hw_budget_give_back(conversion->shared->queue, piece->budget_bytes);
    hw_piece_free(piece);
    return status;
}

/* Writes what a span has queued; the lock is let go while it writes. */
static enum hw_status queue_write_locked(struct hw_conversion *conversion, size_t number, struct hw_error *err) {
    enum hw_status status = HW_OK;
    struct hw_piece *piece;
    while (status == HW_OK && (piece = conversion->shared_state.spans[number].first) != NULL) {
        struct hw_span *span = &conversion->shared_state.spans[number];
        span->first = piece->next;
        span->last = span->first ? span->last : NULL;
        pthread_mutex_unlock(&conversion->shared_state.lock);
        status = piece_write(conversion, piece, err);
        pthread_mutex_lock(&conversion->shared_state.lock);
        pthread_cond_broadcast(&conversion->shared_state.moved); /* bytes of the budget have come back */
    }
    return status;
}

/* True where the head waits for a worker: whoever waits for the head must go and be it. */
static bool head_unclaimed_locked(const struct hw_conversion *conversion) {
    size_t head = conversion->shared_state.head;
    return head < conversion->shared_state.spans_count && conversion->shared_state.spans[head].state == HW_SPAN_WAITING;
}

/* Room in the queue, or the head's place. False where the span's worker must leave. */
static bool queue_wait_locked(struct hw_conversion *conversion, size_t number, size_t bytes) {
    while (!conversion->shared_state.stopped && conversion->shared_state.head != number) {
        if (conversion->shared_state.spans[number].again) {
            return false;
        }
        if (hw_budget_try(conversion->shared->queue, bytes)) {
            return true;
        }
        if (head_unclaimed_locked(conversion)) {
            conversion->shared_state.spans[number].again = true;
            return false;
        }
        hw_clock_cond_wait(&conversion->shared_state.moved, &conversion->shared_state.lock, BUDGET_ASK_US);
    }
    return !conversion->shared_state.stopped && !conversion->shared_state.spans[number].again;
}

enum hw_status hw_conversion_alone(struct hw_conversion *conversion, size_t number, struct hw_error *err) {
    const int64_t ask_us = 100000; /* for a stop, and for what another conversion gives back */
    bool alone = false;
    while (!alone && !hw_conversion_left(conversion, number)) {
        pthread_mutex_lock(&conversion->shared_state.lock);
        const bool head = conversion->shared_state.head == number;
        alone = head && hw_budget_try(conversion->shared->alone, 1);
        if (!head && head_unclaimed_locked(conversion)) {
            conversion->shared_state.spans[number].again = true;
        } else if (!alone) {
            hw_clock_cond_wait(&conversion->shared_state.moved, &conversion->shared_state.lock, ask_us);
        }
        pthread_mutex_unlock(&conversion->shared_state.lock);
    }
    return alone ? HW_OK : hw_fail(err, HW_ECANCELLED, "stopped");
}

enum hw_status hw_conversion_offer(struct hw_conversion *conversion, size_t number, struct hw_piece *piece,
                                   struct hw_error *err) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    bool wanted = queue_wait_locked(conversion, number, piece->held_bytes);
    enum hw_status status = HW_OK;
    if (!wanted || conversion->shared_state.widening) {
        piece->budget_bytes = wanted && conversion->shared_state.head != number ? piece->held_bytes : 0;
        hw_budget_give_back(conversion->shared->queue, piece->budget_bytes);
        hw_piece_free(piece);
        status = wanted ? HW_OK : hw_fail(err, HW_ECANCELLED, "stopped");
    } else if (conversion->shared_state.head == number) {
        status = queue_write_locked(conversion, number, err);
        pthread_mutex_unlock(&conversion->shared_state.lock);
        if (status != HW_OK) {
            hw_piece_free(piece);
            return status;
        }
        return piece_write(conversion, piece, err);
    } else {
        struct hw_span *span = &conversion->shared_state.spans[number];
        piece->budget_bytes = piece->held_bytes;
        *(span->last ? &span->last->next : &span->first) = piece;
        span->last = piece;
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
    return status;
}

/* Throws away what a span made, so that it is claimed again. */
static void span_reset_locked(struct hw_conversion *conversion, size_t number) {
    struct hw_span *span = &conversion->shared_state.spans[number];
    while (span->first) {
        struct hw_piece *piece = span->first;
        span->first = piece->next;
        hw_budget_give_back(conversion->shared->queue, piece->budget_bytes);
        hw_piece_free(piece);
    }
    hw_conversion_progress_undo(conversion, span);
    hw_span_release(span);
    *span = (struct hw_span){.state = HW_SPAN_WAITING,
                             .known_start = span->known_start,
                             .first_text = span->first_text,
                             .last_text = span->last_text,
                             .begin = span->begin,
                             .limit = span->limit,
                             .start = span->start};
    conversion->shared_state.next = hw_min_size(conversion->shared_state.next, number);
}

/* The head has reached `start`: the span there begins at it, or is made again. */
static void span_prove_locked(struct hw_conversion *conversion, size_t number, uint64_t start) {
    struct hw_span *span = &conversion->shared_state.spans[number];
    if (span->known_start || (span->state == HW_SPAN_RUNNING && !span->guessed)) {
        return; /* a guess that is still to come is proved when it comes */
    }
    bool right = span->guessed && span->start == start;
    span->known_start = true;
    span->start = start;
    if (!right && span->state == HW_SPAN_RUNNING) {
        span->again = true;
    } else if (!right && span->state == HW_SPAN_DONE) {
        span_reset_locked(conversion, number);
    }
}

void hw_conversion_guessed(struct hw_conversion *conversion, size_t number, uint64_t start) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    struct hw_span *span = &conversion->shared_state.spans[number];
    span->guessed = true;
    span->start = start;
    if (conversion->shared_state.head == number && number > 0) {
        span_prove_locked(conversion, number, conversion->shared_state.spans[number - 1].end);
    }
    pthread_mutex_unlock(&conversion->shared_state.lock);
}

uint64_t hw_conversion_lines_before(const struct hw_conversion *conversion, uint32_t text) {
    return text == conversion->shared_state.lines_text ? conversion->shared_state.lines : 0;
}

/* For the report: facts are merged, and what made a column widen first is kept: spans are proved in their order. */
static void facts_account_locked(struct hw_conversion *conversion, const struct hw_span *span) {
    const struct hw_misfit *misfits = (const struct hw_misfit *)(const void *)span->misfits.data;
    for (size_t i = 0; i < span->misfits.size / sizeof(*misfits); i++) {
        struct hw_misfit *first = &conversion->misfits[misfits[i].column];
        if (first->line == 0) {
            *first = misfits[i];
            first->line +=
                conversion->texts->items[first->text].body_lines + hw_conversion_lines_before(conversion, first->text);
        }
    }
    hw_facts_merge(conversion->facts, span->facts);
}

/* The span after this one begins in its last text, or in a new one. */
static void lines_account_locked(struct hw_conversion *conversion, const struct hw_span *span) {
    conversion->shared_state.lines = hw_conversion_lines_before(conversion, span->last_text) + span->lines;
    conversion->shared_state.lines_text = span->last_text;
    for (uint32_t i = span->first_text; i <= span->last_text; i++) {
        hw_text_add(&conversion->texts->items[i], &span->text_parts[i - span->first_text]);
    }
}

/* Adds a proved span to what is known of the texts. */
static void span_account_locked(struct hw_conversion *conversion, struct hw_span *span) {
    for (size_t i = 0; !conversion->layout.fixed && i < conversion->layout.schema.count; i++) {
        hw_csv_profile_merge(&conversion->profiles[i], &span->profiles[i]);
    }
    if (conversion->facts) {
        facts_account_locked(conversion, span);
    }
    lines_account_locked(conversion, span);
    conversion->shared_state.records += span->records;
    conversion->shared_state.rows += span->rows;
    conversion->shared_state.rejected += span->rejected;
    for (size_t i = 0; i < COUNT_OF(span->rejected_by); i++) {
        conversion->shared_state.rejected_by[i] += span->rejected_by[i];
    }
    if (span->misfit) {
        conversion->shared_state.widening = true;
    }
    hw_span_release(span);
}

/* Tells where in its text the head met an error, and of a merge in which. */
static void error_place(const struct hw_conversion *conversion, const struct hw_span *span, struct hw_error *error) {
    const struct hw_text *text = &conversion->texts->items[span->text];
    if (error->line != HW_NO_POSITION) {
        error->line += (int64_t)(text->body_lines + hw_conversion_lines_before(conversion, span->text));
    }
    hw_error_object(error, conversion->merged ? text->name : NULL);
}

static void stop_locked(struct hw_conversion *conversion, enum hw_status status, const struct hw_error *error) {
    if (conversion->shared_state.stopped) {
        return;
    }
    conversion->shared_state.status = status;
    conversion->shared_state.error = *error;
    conversion->shared_state.stopped = true;
}

static enum hw_status rejects_check_locked(const struct hw_conversion *conversion, bool last, struct hw_error *err) {
    const struct hw_csv_options *csv = &conversion->shared->options->csv;
    uint64_t rejected = conversion->shared_state.rejected;
    if (csv->rejects_max > 0 && rejected > csv->rejects_max) {
        return hw_fail(err, HW_EDATA, "%" PRIu64 " records were rejected, at most %" PRIu64 " may be", rejected,
                       csv->rejects_max);
    }
    double ratio = (double)rejected / (double)hw_max_size(conversion->shared_state.records, 1);
    if (last && csv->rejects_max_ratio > 0 && ratio > csv->rejects_max_ratio) {
        return hw_fail(err, HW_EDATA, "%" PRIu64 " of %" PRIu64 " records were rejected, at most %g %% may be",
                       rejected, conversion->shared_state.records, csv->rejects_max_ratio * 100);
    }
    return HW_OK;
}

/* The head is done: writes its queue, accounts for it and moves the head on, as far as spans are done. */
static void head_advance_locked(struct hw_conversion *conversion) {
    while (!conversion->shared_state.stopped && conversion->shared_state.head < conversion->shared_state.spans_count) {
        size_t number = conversion->shared_state.head;
        if (conversion->shared_state.spans[number].state != HW_SPAN_DONE) {
            return;
        }
        struct hw_error err = conversion->shared_state.spans[number].error;
        enum hw_status status = conversion->shared_state.spans[number].status;
        if (status == HW_OK && !conversion->shared_state.widening) {
            err = (struct hw_error)HW_ERROR_INIT;
            status = queue_write_locked(conversion, number, &err);
        }
        struct hw_span *span = &conversion->shared_state.spans[number];
        if (status != HW_OK) {
            error_place(conversion, span, &err);
            stop_locked(conversion, status, &err);
            return;
        }
        uint64_t end = span->end;
        span_account_locked(conversion, span);
        conversion->shared_state.head = number + 1;
        bool last = number + 1 == conversion->shared_state.spans_count &&
                    (!conversion->streamed || conversion->shared_state.stream_ended);
        status = rejects_check_locked(conversion, last, &err);
        if (status != HW_OK) {
            stop_locked(conversion, status, &err);
        }
        conversion->shared_state.ended = last;
        if (number + 1 < conversion->shared_state.spans_count) {
            span_prove_locked(conversion, number + 1, end);
        }
    }
}

void hw_conversion_span_done(struct hw_conversion *conversion, size_t number, const struct hw_span *result) {
    pthread_mutex_lock(&conversion->shared_state.lock);
    conversion->shared_state.workers--;
    hw_conversion_workers_trim_locked(conversion);
    struct hw_span *span = &conversion->shared_state.spans[number];
    const struct hw_span before = *span; /* what others have changed since it was claimed */
    *span = *result;
    span->state = HW_SPAN_DONE;
    span->known_start = before.known_start;
    span->guessed = before.guessed;
    span->start = before.guessed || before.known_start ? before.start : result->start;
    span->first = before.first;
    span->last = before.last;
    if (before.again) {
        span_reset_locked(conversion, number);
    }
    if (conversion->shared_state.head == number) {
        head_advance_locked(conversion);
    }
    pthread_cond_broadcast(&conversion->shared_state.moved);
    pthread_mutex_unlock(&conversion->shared_state.lock);
}
