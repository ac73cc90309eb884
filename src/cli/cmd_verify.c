/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/verify.h>

#include "cli/objects_args.h"
#include "cli/output.h"
#include "cli/verify_text.h"
#include "report/verify.h"

struct verify_args {
    struct hw_objects_args objects;
    enum hw_verify_level level;
    const char *columns;
    uint64_t findings_max;
    uint64_t page_bytes_max;
    const char *manifest_path;
    bool strict;
};

#define VERIFY_FIELD(field) HW_OPTION_FIELD(struct verify_args, field)

static const struct hw_option verify_rows[] = {
    {.name = "level",
     .type = HW_OPTION_CHOICE,
     VERIFY_FIELD(level),
     .choices = hw_verify_level_choices,
     .fallback = "pages",
     .help = "Looks at this much of each file: at what its end says, at every byte of its pages as well, or at every "
             "value and whether statistics are true too."},
    {.name = "columns",
     .type = HW_OPTION_TEXT,
     VERIFY_FIELD(columns),
     .arg = "COL,...",
     .fallback = "all",
     .help = "Looks at the pages of these columns only: names, or paths such as a.b. A name with a comma stands in "
             "double quotes."},
    {.name = "manifest",
     .type = HW_OPTION_TEXT,
     VERIFY_FIELD(manifest_path),
     .arg = "FILE",
     .help = "Compares the files of a folder with this manifest of it: that each is there, its size, rows and, unless "
             "--level is footer, checksum."},
    {.name = "max-findings",
     .type = HW_OPTION_COUNT,
     VERIFY_FIELD(findings_max),
     .arg = "N",
     .min = 1,
     .max = 1000000,
     .fallback = "1000",
     .help = "Tells so many findings of a file; others are counted only."},
    {.name = "max-page-bytes",
     .type = HW_OPTION_SIZE,
     VERIFY_FIELD(page_bytes_max),
     .arg = "SIZE",
     .min = 1,
     .fallback = "256MiB",
     .help = "Does not look at larger pages; the file is unsupported then."},
    {.name = "strict",
     .type = HW_OPTION_FLAG,
     VERIFY_FIELD(strict),
     .help = "Takes a file with a warning for invalid too."},
};
static const struct hw_option_group verify_group = {"Verify", verify_rows, COUNT_OF(verify_rows)};

#define OBJECTS_FIELD(field) (offsetof(struct verify_args, objects) + offsetof(struct hw_objects_args, field))
static const struct hw_option_part parts[] = {
    {&verify_group, 0, 0},
    HW_OBJECTS_READ_PART(offsetof(struct verify_args, objects), 0),
    {&hw_objects_option_group, offsetof(struct verify_args, objects), HW_OBJECTS_JSON},
    {&hw_run_option_group, OBJECTS_FIELD(run),
     HW_RUN_MEMORY | HW_RUN_THREADS | HW_RUN_REPORT | HW_RUN_QUIET | HW_RUN_LOG | HW_RUN_CONFIG},
    {&hw_store_option_group, OBJECTS_FIELD(store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Looks whether each file is what its format, and the file itself, say that it is. Every place where it is not is "
    "told, with its row group, column, page and byte; a damaged page does not keep the rest from being looked at.\n\n"
    "Parquet files that Hawser wrote have a checksum of all of their bytes, so that a single flipped bit is found. Of "
    "other files all is compared that can be: CRCs, sizes, counts, indexes, and with --level values each value and "
    "whether statistics are true.\n\n"
    "SRC is a file, an object, an https address, a folder or prefix that ends in /, or a glob. The exit code is 4 "
    "where a file is invalid; else 3 where some of several files could not be looked at.";

static const struct hw_example examples[] = {
    {"hawser verify orders.parquet", "Every byte of a file."},
    {"hawser verify s3://lake/orders/ --level footer", "A quick look at the end of each file below a prefix."},
    {"hawser verify orders/ --level values --json", "All values and statistics; findings as JSON."},
};

static const char *const operand_names[] = {"SRC"};

/* A run of the command. */
struct verify_run {
    struct hw_objects_call objects;
};

static enum hw_status finding_tell(void *ctx, const char *path, const struct hw_finding *finding,
                                   struct hw_error *err) {
    struct verify_run *run = ctx;
    const struct hw_cli *cli = run->objects.call->cli;
    if (run->objects.args->json) {
        struct hw_json_writer json = hw_objects_json(&run->objects);
        hw_report_finding(&json, path, finding);
        return hw_objects_json_end(&run->objects, &json, err);
    }
    struct hw_error line = hw_verify_line(path, finding);
    switch (finding->severity) {
    case HW_SEVERITY_ERROR:
        hw_output_error(cli, hw_view_of("verify"), &line);
        break;
    case HW_SEVERITY_WARNING:
        hw_output_warning(cli, &line);
        break;
    case HW_SEVERITY_INFO:
        if (!run->objects.args->run.quiet) {
            char text[HW_VERIFY_TEXT_BYTES];
            hw_error_format(&line, text, sizeof(text));
            hw_output_note(cli, "%s", text);
        }
        break;
    }
    return HW_OK;
}

static enum hw_status file_tell(void *ctx, const struct hw_verified *file, struct hw_error *err) {
    struct verify_run *run = ctx;
    struct hw_objects_call *objects = &run->objects;
    if (file->status) {
        hw_output_error(objects->call->cli, hw_view_of(objects->call->cmd->name), file->error);
    }
    if (objects->args->json) {
        struct hw_json_writer json = hw_objects_json(objects);
        hw_report_verified(&json, file);
        return hw_objects_json_end(objects, &json, err);
    }
    if (objects->args->run.quiet && file->outcome == HW_VERIFY_OK) {
        return HW_OK;
    }
    HW_TRY(hw_buf_printf(&objects->lines, err, "%s ", hw_verify_outcome_word(file->outcome)));
    HW_TRY(hw_objects_name(objects, file->path, err));
    HW_TRY(hw_verify_facts(file, &objects->lines, err));
    return hw_objects_line(objects, err);
}

static enum hw_status sums_tell(struct verify_run *run, const struct hw_verify_sums *sums, struct hw_error *err) {
    struct hw_json_writer json = hw_objects_json(&run->objects);
    hw_report_verify_sums(&json, sums);
    return hw_objects_json_end(&run->objects, &json, err);
}

static enum hw_status verify_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct verify_args *args = call->args;
    struct verify_run run = {0};
    const struct hw_verify_listener listener = {.found = finding_tell, .file = file_tell, .ctx = &run};
    struct hw_verify_sums sums = {0};
    if (args->objects.json && args->objects.run.report_path && strcmp(args->objects.run.report_path, "-") == 0) {
        return hw_fail(err, HW_EUSAGE, "--json and --report - both want standard output");
    }
    enum hw_status status = hw_objects_call_begin(&run.objects, call, &args->objects, err);
    const struct hw_verify_options verify = {
        .size = sizeof(verify),
        .store = run.objects.options.store,
        .level = args->level,
        .columns = args->columns,
        .findings_max = (size_t)args->findings_max,
        .memory_bytes = args->objects.run.memory_bytes,
        .page_bytes_max = (size_t)args->page_bytes_max,
        .threads = args->objects.run.threads,
        .manifest_path = args->manifest_path,
        .report_path = args->objects.run.report_path,
        .strict = args->strict,
    };
    status = status ? status : hw_verify(call->operands, call->operands_count, &verify, &listener, &sums, err);
    if (args->objects.json && sums.files > 0) {
        struct hw_error unwritten = HW_ERROR_INIT;
        const enum hw_status told = sums_tell(&run, &sums, &unwritten);
        status = status || !told ? status : hw_error_pass(err, told, &unwritten);
    }
    return hw_objects_call_end(&run.objects, status, err);
}

const struct hw_cmd hw_cmd_verify = {
    .name = "verify",
    .summary = "Finds out whether files are what they say they are",
    .operands = "SRC...",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct verify_args),
    .run = verify_run,
};
