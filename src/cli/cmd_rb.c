/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"

static const struct hw_option_part parts[] = {HW_OBJECTS_PARTS(0, HW_OBJECTS_JSON)};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser rb s3://lake", "Removes an empty bucket."},
};

static const char *const operand_names[] = {"s3://BUCKET"};

static enum hw_status rb_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const char *path = call->operands[0];
    struct hw_objects_call objects = {0};
    enum hw_status status = hw_objects_call_begin(&objects, call, call->args, err);
    status = status ? status : hw_bucket_remove(path, &objects.options, err);
    status = status ? status : hw_objects_done(&objects, "removed", path, err);
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_rb = {
    .name = "rb",
    .summary = "Removes an empty bucket",
    .operands = "s3://BUCKET",
    .description =
        "Removes a bucket that has no objects. The exit code is 6 where there is no such bucket, and 1 where it has "
        "objects: none of them is removed.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_objects_args),
    .run = rb_run,
};
