/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"

static const struct hw_option_part parts[] = {
    HW_OBJECTS_READ_PART(0, HW_OBJECTS_REQUEST_PAYER),
    HW_OBJECTS_PARTS(0, HW_OBJECTS_JSON | HW_OBJECTS_HUMANIZE | HW_OBJECTS_RAW | HW_OBJECTS_ALL_VERSIONS)};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser ls", "The buckets of the account."},
    {"hawser ls s3://lake/raw/", "One level, as a folder."},
    {"hawser ls 's3://lake/raw/*.csv' --json", "All objects that match, as JSON."},
    {"hawser ls s3://lake/raw/ --all-versions", "Old versions too."},
};

static const char *const kind_names[] = {
    [HW_LISTED_OBJECT] = "object",
    [HW_LISTED_PREFIX] = "prefix",
    [HW_LISTED_DELETED] = "delete_marker",
    [HW_LISTED_BUCKET] = "bucket",
};

static enum hw_status json_tell(struct hw_objects_call *objects, const struct hw_listed *listed, struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(objects);
    hw_json_text(&json, "path", listed->path);
    hw_json_text(&json, "type", kind_names[listed->kind]);
    if (listed->kind == HW_LISTED_OBJECT) {
        hw_json_count(&json, "size", listed->bytes);
        hw_json_text(&json, "etag", listed->etag);
    }
    if (listed->kind == HW_LISTED_BUCKET) {
        hw_objects_json_time(&json, "created", listed->mtime_us);
    } else if (listed->kind != HW_LISTED_PREFIX) {
        hw_objects_json_time(&json, "last_modified", listed->mtime_us);
    }
    if (listed->version_id[0]) {
        hw_json_text(&json, "version_id", listed->version_id);
        hw_json_bool(&json, "latest", listed->latest);
    }
    return hw_objects_json_end(objects, &json, err);
}

/* The column of the size, which the word for what has none takes. */
static const char *size_text(const struct hw_objects_call *objects, const struct hw_listed *listed,
                             char out[HW_OBJECTS_TEXT_BYTES]) {
    switch (listed->kind) {
    case HW_LISTED_OBJECT:
        return hw_objects_bytes(objects, listed->bytes, out);
    case HW_LISTED_DELETED:
        return "DELETED";
    case HW_LISTED_PREFIX:
        return "DIR";
    case HW_LISTED_BUCKET:
        break;
    }
    return "";
}

static enum hw_status line_tell(struct hw_objects_call *objects, const struct hw_listed *listed, struct hw_error *err) {
    char time[HW_OBJECTS_TEXT_BYTES];
    char bytes[HW_OBJECTS_TEXT_BYTES];
    const bool bucket = listed->kind == HW_LISTED_BUCKET;
    hw_objects_time(listed->mtime_us, time);
    if (bucket) {
        HW_TRY(hw_buf_printf(&objects->lines, err, "%19s  ", time));
    } else {
        HW_TRY(hw_buf_printf(&objects->lines, err, "%19s  %12s  ", time, size_text(objects, listed, bytes)));
    }
    HW_TRY(hw_objects_name(objects, bucket ? listed->path : listed->name, err));
    if (listed->version_id[0]) {
        HW_TRY(hw_buf_append_text(&objects->lines, "  ", err));
        HW_TRY(hw_objects_name(objects, listed->version_id, err));
    }
    HW_TRY(hw_buf_append_byte(&objects->lines, '\n', err));
    return hw_objects_line(objects, err);
}

static enum hw_status listed_tell(void *ctx, const struct hw_listed *listed, struct hw_error *err) {
    struct hw_objects_call *objects = ctx;
    return objects->args->json ? json_tell(objects, listed, err) : line_tell(objects, listed, err);
}

static enum hw_status ls_run(const struct hw_cmd_call *call, struct hw_error *err) {
    struct hw_objects_call objects = {0};
    const char *path = call->operands_count > 0 ? call->operands[0] : NULL;
    enum hw_status status = hw_objects_call_begin(&objects, call, call->args, err);
    status = status ? status : hw_objects_list(path, &objects.options, listed_tell, &objects, err);
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_ls = {
    .name = "ls",
    .summary = "Lists buckets and objects",
    .operands = "[PATH]",
    .description =
        "Prints the objects of one level of a bucket, a prefix or a folder: the time of the last change in UTC, the "
        "size in bytes and the name, and DIR for what lies deeper. Without PATH it lists the buckets of the "
        "account.\n\n"
        "A wildcard, * for any characters or ? for one, lists all objects that match, whatever their level; it is "
        "quoted, so that the shell leaves it alone. A path of S3 that does not end in / lists what begins so. The "
        "exit code is 6 where nothing is found; a bucket or a local folder may be empty.",
    .operand = HW_OPERAND_PATH,
    .operands_max = 1,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_objects_args),
    .run = ls_run,
};
