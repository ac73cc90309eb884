/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/csv.h>

#include "cli/objects_args.h"
#include "cli/output.h"
#include "cli/text.h"
#include "core/limits.h"

struct presign_args {
    struct hw_objects_args objects;
    int64_t expires_ms;
};

/* For longer than NOTED_SECONDS a note says how long the address holds. */
enum { EXPIRES_SECONDS = 3600, NOTED_SECONDS = 3600, SECOND_MS = 1000 };

static const struct hw_option presign_rows[] = {
    {.name = "expires",
     .type = HW_OPTION_TIME,
     HW_OPTION_FIELD(struct presign_args, expires_ms),
     .arg = "TIME",
     .min = SECOND_MS,
     .max = (uint64_t)HW_S3_PRESIGN_SECONDS_MAX * SECOND_MS,
     .fallback = "1h",
     .help = "Makes an address that is good for so long, whole seconds from 1s to 7d."},
};
static const struct hw_option_group presign_group = {"Address", presign_rows, COUNT_OF(presign_rows)};

static const struct hw_option_part parts[] = {
    {&presign_group, 0, 0},
    HW_OBJECTS_PARTS(offsetof(struct presign_args, objects), HW_OBJECTS_RAW | HW_OBJECTS_VERSION_ID),
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser presign s3://lake/raw/a.csv --expires 10m", "An address that is good for ten minutes."},
};

static const char *const operand_names[] = {"PATH"};

static enum hw_status presign_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct presign_args *args = call->args;
    struct hw_objects_call objects = {0};
    char duration[HW_OBJECTS_TEXT_BYTES];
    char *url = NULL;
    if (args->expires_ms % SECOND_MS != 0) {
        return hw_fail(err, HW_EUSAGE, "--expires is a number of whole seconds");
    }
    const uint64_t seconds = args->expires_ms > 0 ? (uint64_t)args->expires_ms / SECOND_MS : EXPIRES_SECONDS;
    enum hw_status status = hw_objects_call_begin(&objects, call, &args->objects, err);
    status = status ? status : hw_object_presign(call->operands[0], &objects.options, seconds, &url, err);
    status = status ? status : hw_buf_printf(&objects.lines, err, "%s\n", url);
    hw_text_free(url);
    if (status == HW_OK && seconds > NOTED_SECONDS && !args->objects.run.quiet) {
        hw_output_note(call->cli, "note: whoever gets this address can read the object for %s",
                       hw_text_seconds((double)seconds, duration));
    }
    return hw_objects_call_end(&objects, status, err);
}

const struct hw_cmd hw_cmd_presign = {
    .name = "presign",
    .summary = "Prints an address by which anybody can read an object",
    .operands = "PATH",
    .description =
        "Prints an address by which anybody who has it can read the object, without credentials, until it "
        "expires. Nothing is asked of the service: the object need not be there yet. The address is as secret as the "
        "object. Temporary credentials end it when they expire themselves, however long --expires is.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct presign_args),
    .run = presign_run,
};
