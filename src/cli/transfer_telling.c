/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_telling.h"

#include "cli/output.h"
#include "cli/signals.h"
#include "cli/summary.h"
#include "cli/text.h"
#include "report/transfer.h"

static void object_tell(void *ctx, const struct hw_transfer_object *object);
static void warning_tell(void *ctx, const struct hw_error *warning);
static void progress_tell(void *ctx, const struct hw_transfer_progress *progress);

void hw_transfer_telling_start(struct hw_transfer_telling *telling, const struct hw_cmd_call *call,
                               const struct hw_run_args *args, struct hw_transfer_options *options) {
    *telling = (struct hw_transfer_telling){.dry_run = options->dry_run, .planned = options->move ? "moved" : "copied"};
    hw_teller_start(&telling->teller, call, args);
    telling->log = (struct hw_log){.size = sizeof(telling->log),
                                   .level = args->log > HW_LOG_WARN ? args->log : HW_LOG_WARN,
                                   .write = hw_teller_log,
                                   .ctx = &telling->teller};
    options->input_fd = call->cli->in_fd;
    options->output_fd = call->cli->out_fd;
    options->cancelled = hw_signals_cancelled;
    options->ctx = telling;
    options->on_object = object_tell;
    options->on_warning = warning_tell;
    options->on_progress = progress_tell;
    options->log = &telling->log;
    telling->host = call->cli->host;
    if (telling->host) {
        options->report = telling->host->report;
        options->threads_max = telling->host->threads_max;
        options->memory_bytes = options->memory_bytes > 0 ? options->memory_bytes : telling->host->memory_bytes;
    }
}

static void object_json(struct hw_json_writer *json, const void *what) {
    hw_transfer_object_write(json, what);
}

/* A dry run prints what it would do, one line an object, to standard output. */
static void plan_tell(struct hw_teller *teller, const struct hw_transfer_object *object) {
    HW_AUTO(hw_buf) line = {0};
    const char *name = hw_transfer_op_name(object->op);
    enum hw_status status = object->source[0]
                                ? hw_buf_printf(&line, NULL, "%s %s %s\n", name, object->source, object->path)
                                : hw_buf_printf(&line, NULL, "%s %s\n", name, object->path);
    if (status == HW_OK) {
        hw_teller_data(teller, hw_buf_view(&line));
    }
}

static void object_tell(void *ctx, const struct hw_transfer_object *object) {
    struct hw_transfer_telling *telling = ctx;
    struct hw_teller *teller = &telling->teller;
    const char *name = hw_transfer_op_name(object->op);
    const char *arrow = object->source[0] ? " -> " : "";
    char bytes[HW_BYTES_TEXT_BYTES];
    char sent[HW_BYTES_TEXT_BYTES];
    hw_teller_json(teller, object_json, object);
    switch (object->outcome) {
    case HW_TRANSFER_FAILED:
        hw_teller_error(teller, object->source[0] ? object->source : object->path, object->error);
        break;
    case HW_TRANSFER_PLANNED:
        if (!teller->args->json) {
            plan_tell(teller, object);
        }
        break;
    case HW_TRANSFER_SKIPPED:
        hw_teller_detail(teller, "%s %s%s%s: skipped, %s", name, object->source, arrow, object->path,
                         hw_transfer_reason_text(object->reason));
        break;
    case HW_TRANSFER_DONE:
        telling->removed += object->op == HW_TRANSFER_REMOVE;
        telling->removed_bytes += object->op == HW_TRANSFER_REMOVE ? object->size : 0;
        telling->copied_bytes += object->bytes_copied;
        hw_teller_detail(teller, "%s %s%s%s (%s%s%s)", name, object->source, arrow, object->path,
                         hw_text_bytes((double)object->size, bytes), object->delta ? ", sent: " : "",
                         object->delta ? hw_text_bytes((double)object->bytes_sent, sent) : "");
        break;
    }
}

static void warning_tell(void *ctx, const struct hw_error *warning) {
    hw_teller_warning(&((struct hw_transfer_telling *)ctx)->teller, warning);
}

static void progress_tell(void *ctx, const struct hw_transfer_progress *progress) {
    struct hw_transfer_telling *telling = ctx;
    const struct hw_progress_state state = {
        .objects_done = progress->objects_done,
        .objects_total = progress->objects_total,
        .bytes_done = progress->bytes_done,
        .bytes_total = progress->bytes_total,
        .listing = progress->listing,
    };
    hw_teller_progress(&telling->teller, &state);
}

/* A run that both copies and removes tells of what it has removed in a note. */
static struct hw_summary summary_make(const struct hw_transfer_telling *telling,
                                      const struct hw_transfer_result *result) {
    const uint64_t moved = result->done - telling->removed;
    const bool only_removed = moved == 0 && telling->removed > 0;
    struct hw_summary summary = {
        .objects = moved + result->skipped + result->failed,
        .bytes_in = result->bytes - telling->removed_bytes,
        .bytes_copied = telling->copied_bytes,
        .seconds = result->seconds,
        .notes = {{"skipped", result->skipped}, {"failed", result->failed}, {"not tried", result->not_tried}},
    };
    if (telling->dry_run) {
        summary.objects = result->done;
        summary.planned = telling->planned;
    } else if (only_removed) {
        summary.objects = telling->removed;
        summary.done = "removed";
        summary.bytes_in = telling->removed_bytes;
    } else {
        summary.none = moved > 0 ? NULL : hw_summary_none(result->failed + result->not_tried);
        summary.notes[3] = (struct hw_summary_note){"removed", telling->removed};
    }
    return summary;
}

enum hw_status hw_transfer_telling_finish(struct hw_transfer_telling *telling, const struct hw_transfer_result *result,
                                          enum hw_status status, struct hw_error *err) {
    struct hw_teller *teller = &telling->teller;
    char text[HW_SUMMARY_TEXT_BYTES];
    const enum hw_status ending = hw_teller_status(teller, status);
    const struct hw_summary summary = summary_make(telling, result);
    const struct hw_cli_sums sums = {result->done, result->skipped, result->failed, result->bytes};
    if (telling->host) {
        telling->host->sums(telling->host, &sums);
    } else if ((ending == HW_OK || result->objects > 0) && !hw_teller_unread(teller)) {
        hw_teller_note(teller, "%s", hw_summary_text(&summary, text));
    }
    return hw_teller_finish(teller, ending, err);
}
