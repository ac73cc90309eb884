/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"

#include <stdio.h>

#include "cli/log_line.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/text.h"
#include "core/clock.h"

enum { LINES_BYTES = 64 << 10 };

#define OBJECTS_FIELD(field) HW_OPTION_FIELD(struct hw_objects_args, field)

/* In the order of enum hw_objects_row. */
static const struct hw_option objects_rows[] = {
    {.name = "json",
     .type = HW_OPTION_FLAG,
     OBJECTS_FIELD(json),
     .help = "Prints a JSON object a line. Names are exact there; elsewhere control characters become \\xHH."},
    {.name = "humanize",
     .letter = 'H',
     .type = HW_OPTION_FLAG,
     OBJECTS_FIELD(humanize),
     .help = "Prints sizes as people read them: 12.3 MB."},
    {.name = "raw",
     .type = HW_OPTION_FLAG,
     OBJECTS_FIELD(raw),
     .help = "Takes * and ? in the path as characters of the name."},
    {.name = "all-versions",
     .type = HW_OPTION_FLAG,
     OBJECTS_FIELD(all_versions),
     .help = "Lists every version of an object, and the markers of those that were deleted."},
    {.name = "version-id",
     .type = HW_OPTION_TEXT,
     OBJECTS_FIELD(version_id),
     .arg = "ID",
     .help = "Takes this version of the one object of S3 that PATH names, not the newest."},
};
const struct hw_option_group hw_objects_option_group = {"Objects", objects_rows, COUNT_OF(objects_rows)};

enum hw_status hw_objects_call_begin(struct hw_objects_call *objects, const struct hw_cmd_call *call,
                                     const struct hw_objects_args *args, struct hw_error *err) {
    void *cli = (void *)(uintptr_t)call->cli;
    objects->call = call;
    objects->args = args;
    objects->log =
        (struct hw_log){.size = sizeof(struct hw_log), .level = args->run.log, .write = hw_log_line_write, .ctx = cli};
    objects->options = (struct hw_objects_options){
        .size = sizeof(struct hw_objects_options),
        .store = hw_store_args_target(&args->store),
        .raw = args->raw,
        .all_versions = args->all_versions,
        .version_id = args->version_id,
    };
    objects->options.store.log = &objects->log;
    objects->options.store.cancelled = hw_signals_cancelled;
    objects->options.store.s3 = &objects->access.source;
    return hw_write_args_access(&args->write, &objects->access, err);
}

static enum hw_status lines_write(struct hw_objects_call *objects, struct hw_error *err) {
    const hw_view lines = hw_buf_view(&objects->lines);
    if (lines.size > 0) {
        const struct hw_cli *cli = objects->call->cli;
        HW_TRY(objects->args->json ? hw_output_json(cli, lines, err) : hw_output_data(cli, lines, err));
    }
    hw_buf_clear(&objects->lines);
    return HW_OK;
}

enum hw_status hw_objects_call_end(struct hw_objects_call *objects, enum hw_status status, struct hw_error *err) {
    struct hw_error unwritten = HW_ERROR_INIT;
    const enum hw_status written = lines_write(objects, &unwritten);
    hw_buf_release(&objects->lines);
    hw_write_access_release(&objects->access);
    if (status == HW_OK && written != HW_OK) {
        return hw_error_pass(err, written, &unwritten);
    }
    return status;
}

enum hw_status hw_objects_line(struct hw_objects_call *objects, struct hw_error *err) {
    return objects->lines.size >= LINES_BYTES ? lines_write(objects, err) : HW_OK;
}

struct hw_json_writer hw_objects_json(struct hw_objects_call *objects) {
    struct hw_json_writer json = {.out = &objects->lines, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    return json;
}

enum hw_status hw_objects_json_end(struct hw_objects_call *objects, struct hw_json_writer *json, struct hw_error *err) {
    hw_json_object_end(json);
    HW_TRY(hw_json_end_text(json, err));
    return hw_objects_line(objects, err);
}

void hw_objects_json_time(struct hw_json_writer *json, const char *key, int64_t us) {
    char text[HW_CLOCK_TEXT_BYTES];
    if (us == 0) {
        hw_json_null(json, key);
        return;
    }
    hw_clock_format(us, text);
    hw_json_text(json, key, text);
}

enum hw_status hw_objects_done(struct hw_objects_call *objects, const char *verb, const char *path,
                               struct hw_error *err) {
    const struct hw_cmd_call *call = objects->call;
    if (objects->args->json) {
        struct hw_json_writer json = hw_objects_json(objects);
        hw_json_text(&json, "op", call->cmd->name);
        hw_json_text(&json, "path", path);
        hw_json_text(&json, "status", "ok");
        return hw_objects_json_end(objects, &json, err);
    }
    if (!objects->args->run.quiet) {
        hw_output_note(call->cli, "%s %s", verb, path);
    }
    return HW_OK;
}

const char *hw_objects_time(int64_t us, char out[HW_OBJECTS_TEXT_BYTES]) {
    static_assert((int)HW_OBJECTS_TEXT_BYTES >= (int)HW_CLOCK_TEXT_BYTES, "the time fits");
    out[0] = '\0';
    if (us == 0) {
        return out;
    }
    hw_clock_format(us, out);
    out[strcspn(out, "Z")] = '\0';
    for (char *at = out; *at; at++) {
        *at = (char)(*at == '-' ? '/' : *at == 'T' ? ' ' : *at);
    }
    return out;
}

const char *hw_objects_bytes(const struct hw_objects_call *objects, uint64_t bytes, char out[HW_OBJECTS_TEXT_BYTES]) {
    static_assert((int)HW_OBJECTS_TEXT_BYTES >= (int)HW_BYTES_TEXT_BYTES, "the text fits");
    if (objects->args->humanize) {
        return hw_text_bytes((double)bytes, out);
    }
    snprintf(out, HW_OBJECTS_TEXT_BYTES, "%" PRIu64, bytes);
    return out;
}

enum hw_status hw_objects_name(struct hw_objects_call *objects, const char *name, struct hw_error *err) {
    /* A byte becomes \xHH at most. */
    const size_t room = 4 * strlen(name) + 1;
    struct hw_buf *lines = &objects->lines;
    const size_t size = lines->size;
    HW_TRY(hw_buf_reserve(lines, room, err));
    hw_text_escape(name, (char *)lines->data + size, room);
    return hw_buf_resize(lines, size + strlen((const char *)lines->data + size), err);
}
