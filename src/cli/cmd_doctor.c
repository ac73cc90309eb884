/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/doctor.h>

#include "cli/objects_args.h"
#include "cli/output.h"

struct doctor_args {
    struct hw_objects_args objects;
    bool write;
};

static const struct hw_option doctor_rows[] = {
    {.name = "write",
     .type = HW_OPTION_FLAG,
     HW_OPTION_FIELD(struct doctor_args, write),
     .help = "Also writes, reads and removes an object of a few bytes, .hawser-doctor- and random digits."},
};
static const struct hw_option_group doctor_group = {"Doctor", doctor_rows, COUNT_OF(doctor_rows)};

static const struct hw_option_part parts[] = {
    {&doctor_group, 0, 0},
    HW_OBJECTS_PARTS(offsetof(struct doctor_args, objects), HW_OBJECTS_JSON),
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser doctor", "This machine, the settings and the service."},
    {"hawser doctor s3://lake/raw/ --write", "Also what may be done there."},
};

static const char *const outcome_words[] = {
    [HW_DOCTOR_OK] = "ok", [HW_DOCTOR_WARNING] = "warn", [HW_DOCTOR_FAILED] = "fail", [HW_DOCTOR_SKIPPED] = "skipped"};

/* One run of the checks. */
struct doctor_call {
    struct hw_objects_call objects;
    enum hw_status written;
    struct hw_error error;
};

static enum hw_status json_tell(struct hw_objects_call *objects, const struct hw_doctor_check *check,
                                struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(objects);
    hw_json_text(&json, "check", check->name);
    hw_json_text(&json, "status", outcome_words[check->outcome]);
    hw_json_text(&json, "found", check->found);
    hw_json_text(&json, "remedy", check->remedy);
    return hw_objects_json_end(objects, &json, err);
}

static enum hw_status line_tell(struct hw_objects_call *objects, const struct hw_doctor_check *check,
                                struct hw_error *err) {
    HW_TRY(hw_buf_printf(&objects->lines, err, "%-7s  %-18s  ", outcome_words[check->outcome], check->name));
    HW_TRY(hw_objects_name(objects, check->found, err));
    if (check->remedy[0]) {
        HW_TRY(hw_buf_printf(&objects->lines, err, "\n%*s%s", 29, "", check->remedy));
    }
    HW_TRY(hw_buf_append_byte(&objects->lines, '\n', err));
    return hw_objects_line(objects, err);
}

/* An error goes to standard error too, as those of other commands do. */
static void check_tell(void *ctx, const struct hw_doctor_check *check) {
    struct doctor_call *doctor = ctx;
    struct hw_objects_call *objects = &doctor->objects;
    if (check->error) {
        struct hw_error told = *check->error;
        hw_error_prefix(&told, "%s", check->name);
        hw_output_error(objects->call->cli, hw_view_of(objects->call->cmd->name), &told);
    }
    if (doctor->written == HW_OK) {
        doctor->written =
            objects->args->json ? json_tell(objects, check, &doctor->error) : line_tell(objects, check, &doctor->error);
    }
}

static enum hw_status doctor_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct doctor_args *args = call->args;
    struct doctor_call doctor = {.error = HW_ERROR_INIT};
    enum hw_status status = hw_objects_call_begin(&doctor.objects, call, &args->objects, err);
    const struct hw_doctor_options chosen = {
        .size = sizeof(chosen), .store = doctor.objects.options.store, .write = args->write};
    const char *path = call->operands_count > 0 ? call->operands[0] : NULL;
    status = status ? status : hw_doctor(path, &chosen, check_tell, &doctor, err);
    if (doctor.written != HW_OK) {
        status = hw_error_pass(err, doctor.written, &doctor.error);
    }
    return hw_objects_call_end(&doctor.objects, status, err);
}

const struct hw_cmd hw_cmd_doctor = {
    .name = "doctor",
    .summary = "Checks this machine, the settings and a bucket",
    .operands = "[s3://BUCKET/[PREFIX]]",
    .description =
        "Prints what a run rests on, a line for each check, and what to do where something is wrong: limits of the "
        "machine, proxies, where settings and credentials come from, the way to the service, its clock, whether "
        "signatures are accepted, and what may be done in the bucket. Secrets are not printed.\n\n"
        "Nothing is written unless --write says so. The exit code is that of the first check that fails; warnings do "
        "not count.",
    .operand = HW_OPERAND_PATH,
    .operands_max = 1,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct doctor_args),
    .run = doctor_run,
};
