/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"
#include "cli/output.h"

struct uploads_args {
    struct hw_objects_args objects;
    bool abort;
    int64_t older_than_ms;
};

static const struct hw_option uploads_rows[] = {
    {.name = "abort",
     .type = HW_OPTION_FLAG,
     HW_OPTION_FIELD(struct uploads_args, abort),
     .help = "Aborts each upload: its parts are deleted, and whoever is still uploading fails."},
    {.name = "older-than",
     .type = HW_OPTION_TIME,
     HW_OPTION_FIELD(struct uploads_args, older_than_ms),
     .arg = "TIME",
     .min = 1,
     .fallback = "uploads of any age",
     .help = "Leaves out uploads that were begun within this time."},
};
static const struct hw_option_group uploads_group = {"Uploads", uploads_rows, COUNT_OF(uploads_rows)};

static const struct hw_option_part parts[] = {
    {&uploads_group, 0, 0},
    HW_OBJECTS_READ_PART(offsetof(struct uploads_args, objects), HW_OBJECTS_REQUEST_PAYER),
    HW_OBJECTS_PARTS(offsetof(struct uploads_args, objects), HW_OBJECTS_JSON | HW_OBJECTS_HUMANIZE | HW_OBJECTS_RAW),
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser uploads s3://lake", "All open uploads of a bucket."},
    {"hawser uploads s3://lake/raw/ --abort --older-than 7d", "Aborts what was left a week ago and earlier."},
};

static const char *const operand_names[] = {"s3://BUCKET/[PREFIX]"};

/* Errors of single uploads go to standard error as they come. */
struct uploads_call {
    struct hw_objects_call objects;
    bool told;
};

static const char *status_text(const struct hw_open_upload *upload) {
    return upload->status ? "failed" : upload->aborted ? "aborted" : "open";
}

static enum hw_status json_tell(struct hw_objects_call *objects, const struct hw_open_upload *upload,
                                struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(objects);
    char reason[1024];
    hw_json_text(&json, "path", upload->path);
    hw_json_text(&json, "upload_id", upload->upload_id);
    hw_objects_json_time(&json, "initiated", upload->initiated_us);
    hw_json_count(&json, "bytes", upload->bytes);
    hw_json_text(&json, "status", status_text(upload));
    if (upload->error) {
        hw_error_format(upload->error, reason, sizeof(reason));
        hw_json_text(&json, "error", reason);
    }
    return hw_objects_json_end(objects, &json, err);
}

static enum hw_status line_tell(struct hw_objects_call *objects, const struct hw_open_upload *upload,
                                struct hw_error *err) {
    char time[HW_OBJECTS_TEXT_BYTES];
    char bytes[HW_OBJECTS_TEXT_BYTES];
    hw_objects_time(upload->initiated_us, time);
    HW_TRY(hw_buf_printf(&objects->lines, err, "%19s  %12s  %-7s  ", time,
                         hw_objects_bytes(objects, upload->bytes, bytes), status_text(upload)));
    HW_TRY(hw_objects_name(objects, upload->path, err));
    HW_TRY(hw_buf_append_text(&objects->lines, "  ", err));
    HW_TRY(hw_objects_name(objects, upload->upload_id, err));
    HW_TRY(hw_buf_append_byte(&objects->lines, '\n', err));
    return hw_objects_line(objects, err);
}

static enum hw_status upload_tell(void *ctx, const struct hw_open_upload *upload, struct hw_error *err) {
    struct uploads_call *uploads = ctx;
    const struct hw_cmd_call *call = uploads->objects.call;
    if (upload->error) {
        hw_output_error(call->cli, hw_view_of(call->cmd->name), upload->error);
        uploads->told = true;
    }
    return uploads->objects.args->json ? json_tell(&uploads->objects, upload, err)
                                       : line_tell(&uploads->objects, upload, err);
}

static enum hw_status uploads_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct uploads_args *args = call->args;
    const struct hw_uploads_options chosen = {
        .size = sizeof(chosen), .abort = args->abort, .older_than_ms = args->older_than_ms};
    struct uploads_call uploads = {0};
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = hw_objects_call_begin(&uploads.objects, call, &args->objects, &fault);
    status = status
                 ? status
                 : hw_uploads_list(call->operands[0], &uploads.objects.options, &chosen, upload_tell, &uploads, &fault);
    const bool hidden = uploads.told && status != HW_ECANCELLED && !hw_output_unread(&fault);
    if (status && !hidden) {
        status = hw_error_pass(err, status, &fault);
    }
    return hw_objects_call_end(&uploads.objects, status, err);
}

const struct hw_cmd hw_cmd_uploads = {
    .name = "uploads",
    .summary = "Lists uploads that were not completed, and aborts them",
    .operands = "s3://BUCKET/[PREFIX]",
    .description =
        "Prints the multipart uploads that were begun and neither completed nor aborted: when they were begun, how "
        "many bytes of parts are at the service, the object that they would make, and their id. Such parts are paid "
        "for, and no listing of objects shows them. With --abort each one is aborted, and looked at again until it "
        "is gone.\n\n"
        "An upload that somebody is working on is among them: --older-than leaves out those that are young. An "
        "upload of which the service does not tell the age counts as young.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct uploads_args),
    .run = uploads_run,
};
