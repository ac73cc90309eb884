/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/objects_args.h"
#include "cli/output.h"

static const struct hw_option_part parts[] = {HW_OBJECTS_READ_PART(0, 0),
                                              HW_OBJECTS_PARTS(0, HW_OBJECTS_RAW | HW_OBJECTS_VERSION_ID)};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser cat s3://lake/raw/a.csv | head", "The beginning of an object; no more is read than that needs."},
    {"hawser cat 's3://lake/log/2026-*' > log.txt", "Several objects as one file."},
};

static const char *const operand_names[] = {"PATH"};

static enum hw_status bytes_write(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    const struct hw_objects_call *objects = ctx;
    return hw_output_data(objects->call->cli, (hw_view){data, bytes}, err);
}

static enum hw_status cat_run(const struct hw_cmd_call *call, struct hw_error *err) {
    struct hw_objects_call objects = {0};
    enum hw_status status = hw_objects_call_begin(&objects, call, call->args, err);
    for (size_t i = 0; status == HW_OK && i < call->operands_count; i++) {
        status = hw_objects_read(call->operands[i], &objects.options, bytes_write, &objects, err);
    }
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_cat = {
    .name = "cat",
    .summary = "Writes objects to standard output",
    .operands = "PATH...",
    .description =
        "Writes the bytes of objects to standard output, one object after the other. PATH is an object, a prefix or "
        "folder that ends in /, or a wildcard in quotes. Ranges are read at once and written in order. Every object "
        "is compared with the checksum that its store keeps. Where that differs, or anything else fails, the exit "
        "code says that what was written is not the object, and nothing more is written.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_objects_args),
    .run = cat_run,
};
