/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"
#include "core/count.h"

static const struct hw_option_part parts[] = {
    HW_OBJECTS_READ_PART(0, HW_OBJECTS_REQUEST_PAYER),
    HW_OBJECTS_PARTS(0, HW_OBJECTS_JSON | HW_OBJECTS_HUMANIZE | HW_OBJECTS_RAW)};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser du s3://lake/raw/", "All below a prefix."},
    {"hawser du 's3://lake/*.csv' --humanize", "All that matches, in a form for people."},
};

static const char *const operand_names[] = {"PATH"};

static enum hw_status usage_tell(struct hw_objects_call *objects, const char *path, const struct hw_usage *usage,
                                 struct hw_error *err) {
    char bytes[HW_OBJECTS_TEXT_BYTES];
    if (objects->args->json) {
        struct hw_json_writer json = hw_objects_json(objects);
        hw_json_text(&json, "path", path);
        hw_json_count(&json, "objects", usage->objects);
        hw_json_count(&json, "bytes", usage->bytes);
        return hw_objects_json_end(objects, &json, err);
    }
    HW_TRY(hw_buf_printf(&objects->lines, err, "%s%s in %s: ", hw_objects_bytes(objects, usage->bytes, bytes),
                         objects->args->humanize ? "" : " bytes", HW_COUNT(usage->objects, "object")));
    HW_TRY(hw_objects_name(objects, path, err));
    return hw_buf_append_byte(&objects->lines, '\n', err);
}

static enum hw_status du_run(const struct hw_cmd_call *call, struct hw_error *err) {
    struct hw_objects_call objects = {0};
    struct hw_usage usage;
    enum hw_status status = hw_objects_call_begin(&objects, call, call->args, err);
    status = status ? status : hw_objects_usage(call->operands[0], &objects.options, &usage, err);
    status = status ? status : usage_tell(&objects, call->operands[0], &usage, err);
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_du = {
    .name = "du",
    .summary = "Counts objects and their bytes",
    .operands = "PATH",
    .description =
        "Prints how many objects a path names and how many bytes they have together. PATH is an object, a bucket, a "
        "prefix or folder that ends in /, or a wildcard in quotes. The exit code is 6 where nothing is found; a "
        "bucket or a local folder may be empty.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_objects_args),
    .run = du_run,
};
