/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/teller.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/log_line.h"
#include "cli/output.h"
#include "core/clock.h"

/* Lines for people are cut off here, as those of hw_output_note are. */
enum { NOTE_BYTES = 4096 };

/* Fewer tries take a second or two, which is nothing to tell of. */
enum { TRIES_IN_SILENCE = 3, WAITS_EVERY_US = 60 * 1000 * 1000 };

static void note_write(struct hw_teller *teller, const char *format, va_list args) HW_PRINTF(2, 0);
static bool error_same(const struct hw_error *a, const struct hw_error *b);

void hw_teller_start(struct hw_teller *teller, const struct hw_cmd_call *call, const struct hw_run_args *args) {
    *teller = (struct hw_teller){
        .call = call, .args = args, .synced.lock = PTHREAD_MUTEX_INITIALIZER, .synced.told = HW_ERROR_INIT};
    hw_progress_start(&teller->synced.progress, call->cli, args);
}

void hw_teller_error(struct hw_teller *teller, const char *object, const struct hw_error *error) {
    struct hw_error told = *error;
    if (error->status == HW_ECANCELLED) {
        return;
    }
    hw_error_object(&told, object);
    pthread_mutex_lock(&teller->synced.lock);
    hw_progress_clear(&teller->synced.progress);
    if (!hw_output_unread(&told)) {
        hw_output_error(teller->call->cli, hw_view_of(teller->call->cmd->name), &told);
    }
    if (teller->synced.told.status == HW_OK) {
        teller->synced.told = told;
    }
    pthread_mutex_unlock(&teller->synced.lock);
}

void hw_teller_warning(struct hw_teller *teller, const struct hw_error *warning) {
    pthread_mutex_lock(&teller->synced.lock);
    hw_progress_clear(&teller->synced.progress);
    hw_output_warning(teller->call->cli, warning);
    pthread_mutex_unlock(&teller->synced.lock);
}

void hw_teller_note(struct hw_teller *teller, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (!teller->args->quiet) {
        note_write(teller, format, args);
    }
    va_end(args);
}

void hw_teller_detail(struct hw_teller *teller, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (hw_teller_details(teller)) {
        note_write(teller, format, args);
    }
    va_end(args);
}

bool hw_teller_details(const struct hw_teller *teller) {
    return teller->args->verbose && !teller->args->quiet;
}

static void note_write(struct hw_teller *teller, const char *format, va_list args) {
    char text[NOTE_BYTES];
    vsnprintf(text, sizeof(text), format, args);
    pthread_mutex_lock(&teller->synced.lock);
    hw_progress_clear(&teller->synced.progress);
    hw_output_note(teller->call->cli, "%s", text);
    pthread_mutex_unlock(&teller->synced.lock);
}

/* Returns whether a note is due that the run waits for a service. */
static bool waits_tell_now_locked(struct hw_teller *teller, const struct hw_log_record *record) {
    const int64_t now_us = hw_clock_monotonic_us();
    const int64_t told_us = teller->synced.waits_told_us;
    const bool waits = strcmp(record->event, "request.retry") == 0 && record->attempt >= TRIES_IN_SILENCE;
    if (!waits || teller->args->quiet || (told_us > 0 && now_us - told_us < WAITS_EVERY_US)) {
        return false;
    }
    teller->synced.waits_told_us = now_us;
    return true;
}

void hw_teller_log(void *ctx, const struct hw_log_record *record) {
    struct hw_teller *teller = ctx;
    pthread_mutex_lock(&teller->synced.lock);
    if (record->level <= teller->args->log) {
        hw_progress_clear(&teller->synced.progress);
        hw_log_line_write((void *)(uintptr_t)teller->call->cli, record);
    }
    if (waits_tell_now_locked(teller, record)) {
        hw_progress_clear(&teller->synced.progress);
        hw_output_note(teller->call->cli, "note: %s: %s; waiting, and trying again (--retry-for)", record->object,
                       record->message);
    }
    pthread_mutex_unlock(&teller->synced.lock);
}

void hw_teller_progress(struct hw_teller *teller, const struct hw_progress_state *state) {
    pthread_mutex_lock(&teller->synced.lock);
    hw_progress_draw(&teller->synced.progress, state);
    pthread_mutex_unlock(&teller->synced.lock);
}

/* Standard output as a sink, for a line that may be as long as 100,000 outputs make it. */
struct line_sink {
    struct hw_sink base;
    const struct hw_cli *cli;
};

static enum hw_status line_sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    return hw_output_json(((struct line_sink *)base)->cli, (hw_view){data, bytes}, err);
}

void hw_teller_json(struct hw_teller *teller, hw_teller_json_fn *write, const void *what) {
    static const struct hw_sink_ops ops = {.write = line_sink_write};
    struct line_sink sink = {.base = {.ops = &ops, .etag = ""}, .cli = teller->call->cli};
    HW_AUTO(hw_buf) line = {0};
    struct hw_json_writer json = {.out = &line, .style = HW_JSON_COMPACT, .sink = &sink.base};
    if (!teller->args->json) {
        return;
    }
    pthread_mutex_lock(&teller->synced.lock);
    if (teller->synced.output_status == HW_OK) {
        write(&json, what);
        teller->synced.output_status = hw_json_end_text(&json, &teller->synced.output_error);
    }
    pthread_mutex_unlock(&teller->synced.lock);
}

void hw_teller_data(struct hw_teller *teller, hw_view text) {
    pthread_mutex_lock(&teller->synced.lock);
    if (teller->synced.output_status == HW_OK) {
        hw_progress_clear(&teller->synced.progress);
        teller->synced.output_status = hw_output_data(teller->call->cli, text, &teller->synced.output_error);
    }
    pthread_mutex_unlock(&teller->synced.lock);
}

void hw_teller_lines(struct hw_teller *teller, hw_view lines) {
    pthread_mutex_lock(&teller->synced.lock);
    hw_progress_clear(&teller->synced.progress);
    hw_output_errors(teller->call->cli, lines);
    pthread_mutex_unlock(&teller->synced.lock);
}

enum hw_status hw_teller_output(struct hw_teller *teller, struct hw_error *err) {
    pthread_mutex_lock(&teller->synced.lock);
    enum hw_status status = teller->synced.output_status;
    if (status) {
        status = hw_error_pass(err, status, &teller->synced.output_error);
    }
    pthread_mutex_unlock(&teller->synced.lock);
    return status;
}

enum hw_status hw_teller_status(struct hw_teller *teller, enum hw_status status) {
    pthread_mutex_lock(&teller->synced.lock);
    const bool told = teller->synced.told.status != HW_OK;
    pthread_mutex_unlock(&teller->synced.lock);
    return status == HW_OK && told ? HW_EPARTIAL : status;
}

bool hw_teller_unread(struct hw_teller *teller) {
    pthread_mutex_lock(&teller->synced.lock);
    const bool unread = hw_output_unread(&teller->synced.told);
    pthread_mutex_unlock(&teller->synced.lock);
    return unread;
}

enum hw_status hw_teller_finish(struct hw_teller *teller, enum hw_status status, struct hw_error *err) {
    const struct hw_error *told = &teller->synced.told;
    hw_progress_clear(&teller->synced.progress);
    status = hw_teller_status(teller, status);
    /* What the run as a whole came to is not told again where an object's line has told it. */
    if (hw_output_unread(told)) {
        *err = *told;
    } else if (told->status != HW_OK && (status == HW_EPARTIAL || error_same(err, told))) {
        *err = (struct hw_error)HW_ERROR_INIT;
    }
    if (status == HW_OK && teller->synced.output_status != HW_OK) {
        status = hw_error_pass(err, teller->synced.output_status, &teller->synced.output_error);
    }
    pthread_mutex_destroy(&teller->synced.lock);
    return status;
}

/* Compares what people would read. */
static bool error_same(const struct hw_error *a, const struct hw_error *b) {
    char texts[2][sizeof(struct hw_error) + 256];
    hw_error_format(a, texts[0], sizeof(texts[0]));
    hw_error_format(b, texts[1], sizeof(texts[1]));
    return strcmp(texts[0], texts[1]) == 0;
}
