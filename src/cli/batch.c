/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch.h"

#include "cli/batch_lines.h"
#include "cli/signals.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "core/thread.h"
#include "core/ticker.h"

enum {
    /* So many lines wait for each one at work. */
    WAITING_PER_JOB = 2,
    /* Their bytes, together. */
    WAITING_BYTES_MAX = 4 << 20,
};

/* A line that waits. */
struct waiting {
    struct waiting *next;
    uint64_t number;
    size_t bytes;
    char text[];
};

struct batch {
    const struct hw_batch_options *options;
    struct hw_teller *teller;
    struct hw_batch_output output;
    pthread_t *threads;
    unsigned threads_count;
    struct hw_ticker ticker;
    struct {
        pthread_mutex_t lock;
        /* There is a line to run, or there will be none. */
        pthread_cond_t work;
        /* A line was taken, or has ended. */
        pthread_cond_t taken;
        struct waiting *first;
        struct waiting *last;
        uint64_t waiting;
        uint64_t waiting_bytes;
        unsigned at_work;
        bool ended;
        struct hw_batch_result result;
    } synced;
};

static enum hw_status lines_read(struct batch *batch, struct hw_error *err);
static enum hw_status line_add(struct batch *batch, uint64_t number, hw_view text, struct hw_error *err);
static enum hw_status thread_start_locked(struct batch *batch, struct hw_error *err);
static void *thread_run(void *arg);
static void line_take_locked(struct batch *batch);
static void line_count_locked(struct batch *batch, const struct hw_batch_line *line, int exit_code);
static bool stopped_locked(const struct batch *batch);
static void progress_tell(void *ctx);

enum hw_status hw_batch_run(const struct hw_batch_options *options, struct hw_teller *teller,
                            struct hw_batch_result *out_result, struct hw_error *err) {
    struct batch batch = {.options = options, .teller = teller};
    batch.threads = hw_alloc_zero(options->means.jobs, sizeof(*batch.threads));
    if (!batch.threads) {
        return hw_fail_nomem(err, options->means.jobs * sizeof(*batch.threads));
    }
    hw_batch_output_init(&batch.output, teller);
    pthread_mutex_init(&batch.synced.lock, NULL);
    pthread_cond_init(&batch.synced.work, NULL);
    hw_clock_cond_init(&batch.synced.taken);
    batch.ticker = hw_ticker_start(progress_tell, &batch);
    enum hw_status status = lines_read(&batch, err);
    pthread_mutex_lock(&batch.synced.lock);
    batch.synced.ended = true;
    pthread_cond_broadcast(&batch.synced.work);
    while (batch.synced.waiting + batch.synced.at_work > 0) {
        hw_ticker_wait(&batch.ticker, &batch.synced.taken, &batch.synced.lock);
    }
    pthread_mutex_unlock(&batch.synced.lock);
    for (unsigned i = 0; i < batch.threads_count; i++) {
        pthread_join(batch.threads[i], NULL);
    }
    *out_result = batch.synced.result;
    pthread_cond_destroy(&batch.synced.taken);
    pthread_cond_destroy(&batch.synced.work);
    pthread_mutex_destroy(&batch.synced.lock);
    hw_batch_output_release(&batch.output);
    hw_free(batch.threads);
    return status ? status : hw_teller_output(teller, err);
}

/* Reads lines until the list ends, or no line is begun any more. */
static enum hw_status lines_read(struct batch *batch, struct hw_error *err) {
    struct hw_batch_lines lines = {.fd = batch->options->fd, .stop = {hw_signals_cancelled, NULL}};
    enum hw_status status = HW_OK;
    bool found = true;
    bool stopped = false;
    while (status == HW_OK && found && !stopped) {
        hw_view text;
        status = hw_batch_lines_next(&lines, &text, &found, err);
        if (status == HW_OK && found) {
            status = line_add(batch, lines.number, text, err);
        }
        pthread_mutex_lock(&batch->synced.lock);
        stopped = stopped_locked(batch);
        pthread_mutex_unlock(&batch->synced.lock);
    }
    hw_batch_lines_release(&lines);
    return status;
}

/* Adds a line to those that wait. While there are many it waits itself. */
static enum hw_status line_add(struct batch *batch, uint64_t number, hw_view text, struct hw_error *err) {
    const uint64_t waiting_max = (uint64_t)batch->options->means.jobs * WAITING_PER_JOB;
    struct waiting *line = hw_alloc(sizeof(*line) + text.size);
    if (!line) {
        return hw_fail_nomem(err, text.size);
    }
    *line = (struct waiting){.number = number, .bytes = text.size};
    memcpy(line->text, text.data, text.size);
    pthread_mutex_lock(&batch->synced.lock);
    while (batch->synced.waiting >= waiting_max || batch->synced.waiting_bytes > WAITING_BYTES_MAX) {
        hw_ticker_wait(&batch->ticker, &batch->synced.taken, &batch->synced.lock);
    }
    *(batch->synced.last ? &batch->synced.last->next : &batch->synced.first) = line;
    batch->synced.last = line;
    batch->synced.waiting++;
    batch->synced.waiting_bytes += text.size;
    enum hw_status status = thread_start_locked(batch, err);
    if (status) {
        /* There is no thread, so this line is the only one. */
        batch->synced.first = batch->synced.last = NULL;
        batch->synced.waiting = batch->synced.waiting_bytes = 0;
        hw_free(line);
    }
    pthread_cond_signal(&batch->synced.work);
    pthread_mutex_unlock(&batch->synced.lock);
    return status;
}

/* Starts a thread where all of them have lines. One is enough to go on. */
static enum hw_status thread_start_locked(struct batch *batch, struct hw_error *err) {
    const uint64_t lines = batch->synced.waiting + batch->synced.at_work;
    if (batch->threads_count >= batch->options->means.jobs || lines <= batch->threads_count) {
        return HW_OK;
    }
    const int errnum = hw_thread_start(&batch->threads[batch->threads_count], thread_run, batch);
    batch->threads_count += errnum == 0;
    return batch->threads_count > 0 ? HW_OK : hw_fail(err, HW_ENOMEM, "cannot start a thread: errno %d", errnum);
}

static void *thread_run(void *arg) {
    struct batch *batch = arg;
    pthread_mutex_lock(&batch->synced.lock);
    while (batch->synced.first || !batch->synced.ended) {
        if (batch->synced.first) {
            line_take_locked(batch);
        } else {
            pthread_cond_wait(&batch->synced.work, &batch->synced.lock);
        }
    }
    pthread_mutex_unlock(&batch->synced.lock);
    return NULL;
}

/* Runs the first line that waits, without the lock; leaves it out where the batch has stopped. */
static void line_take_locked(struct batch *batch) {
    struct waiting *taken = batch->synced.first;
    const bool run = !stopped_locked(batch);
    struct hw_batch_line line = {
        .options = batch->options,
        .number = taken->number,
        .text = {taken->text, taken->bytes},
        .share = hw_batch_share(&batch->options->means, batch->synced.waiting + batch->synced.at_work),
        .output = &batch->output,
    };
    batch->synced.first = taken->next;
    batch->synced.last = taken->next ? batch->synced.last : NULL;
    batch->synced.waiting--;
    batch->synced.waiting_bytes -= taken->bytes;
    batch->synced.at_work++;
    pthread_cond_broadcast(&batch->synced.taken);
    pthread_mutex_unlock(&batch->synced.lock);
    const int code = run ? hw_batch_line_run(&line) : 0;
    hw_free(taken);
    pthread_mutex_lock(&batch->synced.lock);
    batch->synced.at_work--;
    batch->synced.result.not_run += !run;
    if (run) {
        line_count_locked(batch, &line, code);
    }
    pthread_cond_broadcast(&batch->synced.taken);
}

static void line_count_locked(struct batch *batch, const struct hw_batch_line *line, int exit_code) {
    struct hw_batch_result *result = &batch->synced.result;
    if (exit_code != 0 && result->failed++ == 0) {
        result->exit_code = exit_code;
    }
    result->lines += !line->empty;
    result->sums.done += line->sums.done;
    result->sums.skipped += line->sums.skipped;
    result->sums.failed += line->sums.failed;
    result->sums.bytes += line->sums.bytes;
}

static bool stopped_locked(const struct batch *batch) {
    return hw_signals_caught() != 0 || (batch->options->fail_fast && batch->synced.result.failed > 0) ||
           hw_teller_output(batch->teller, NULL) != HW_OK;
}

static void progress_tell(void *ctx) {
    struct batch *batch = ctx;
    pthread_mutex_lock(&batch->synced.lock);
    const struct hw_batch_result *result = &batch->synced.result;
    const struct hw_cli_sums *sums = &result->sums;
    const struct hw_progress_state state = {
        .objects_done = sums->done + sums->skipped + sums->failed,
        .objects_total = sums->done + sums->skipped + sums->failed + batch->synced.waiting + batch->synced.at_work,
        .bytes_done = sums->bytes,
        .listing = true,
    };
    pthread_mutex_unlock(&batch->synced.lock);
    hw_teller_progress(batch->teller, &state);
}
