/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>

#include "cli/batch.h"
#include "cli/signals.h"
#include "cli/summary.h"
#include "cli/transfer_args.h"
#include "core/clock.h"
#include "core/count.h"
#include "core/io.h"

struct run_args {
    struct hw_transfer_args transfer;
    uint32_t jobs;
    uint32_t workers;
};

static const struct hw_option run_rows[] = {
    {.name = "jobs",
     .letter = 'j',
     .type = HW_OPTION_COUNT,
     HW_OPTION_FIELD(struct run_args, jobs),
     .arg = "N",
     .min = 1,
     .max = HW_BATCH_JOBS_MAX,
     .fallback = "32",
     .help = "Runs so many lines at once, and fewer where --memory is less than 8MiB for each."},
    {.name = "numworkers",
     .type = HW_OPTION_COUNT,
     HW_OPTION_FIELD(struct run_args, workers),
     .arg = "N",
     .min = 1,
     .max = HW_BATCH_JOBS_MAX,
     .help = "Does the same, as s5cmd calls it. --jobs counts more."},
};
static const struct hw_option_group run_group = {"Lines", run_rows, COUNT_OF(run_rows)};

static const struct hw_option_part parts[] = {
    {&run_group, 0, 0},
    {&hw_transfer_choose_group, offsetof(struct run_args, transfer),
     HW_TRANSFER_CHOOSE_NAMES | HW_TRANSFER_CHOOSE_UNLESS | HW_TRANSFER_CHOOSE_FLATTEN | HW_TRANSFER_CHOOSE_LINKS},
    {&hw_transfer_part_group, offsetof(struct run_args, transfer), 0},
    {&hw_write_option_group, offsetof(struct run_args, transfer.write), 0},
    {&hw_run_option_group, offsetof(struct run_args, transfer.run), HW_TRANSFER_RUN_ROWS},
    {&hw_store_option_group, offsetof(struct run_args, transfer.store), 0},
    {&hw_source_option_group, offsetof(struct run_args, transfer.store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Runs the commands of a file, one a line, many at once and in no certain order. FILE is - for standard input. A "
    "line is a command without the tool's name, in words as a shell has them: '...', \"...\" and \\ quote, a line that "
    "begins with # is a comment. The lines of s5cmd run as they are, and a bare number of --part-size is one of MiB "
    "there.\n\n"
    "The options given here hold for every line whose command has them, unless the line says otherwise. A line that "
    "fails is told of with its number, and the others go on. Lines share connections, credentials, --memory, "
    "--connections and the report of --report.";

static const struct hw_example examples[] = {
    {"hawser run commands.txt", "The commands of a file."},
    {"hawser run commands.txt --source-no-sign-request --if-size-differ", "With options for all of them."},
    {"generate | hawser run - --jobs 64 --json", "Commands as they come, and a line of JSON for each object."},
};

static const char *const operand_names[] = {"FILE"};

/* Options that are for the run as a whole. Its memory is shared out, and its report is one. */
static const char *const own_options[] = {"jobs", "numworkers", "memory", "progress-every", "report"};

static enum hw_status run_run(const struct hw_cmd_call *call, struct hw_error *err);
static enum hw_status list_open(const struct hw_cmd_call *call, const char *path, int *out_fd, struct hw_error *err);
static enum hw_status given_choose(const struct hw_cmd_call *call, struct hw_batch_options *batch,
                                   struct hw_error *err);
static enum hw_status report_open(const struct hw_transfer_options *transfer, struct hw_transfer_report **out_report,
                                  struct hw_error *err);
static enum hw_status report_end(struct hw_transfer_report *report, const struct hw_batch_result *result,
                                 enum hw_status status, struct hw_error *err);
static void summary_tell(struct hw_teller *teller, const struct hw_batch_result *result, double seconds);
static enum hw_status result_status(const struct hw_batch_result *result, struct hw_error *err);

static enum hw_status run_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct run_args *args = call->args;
    const char *path = call->operands[0];
    const bool standard = strcmp(path, "-") == 0;
    const int64_t started_us = hw_clock_monotonic_us();
    struct hw_batch_result result = {0};
    struct hw_teller teller;
    struct hw_batch_options batch = {
        .call = call,
        .name = standard ? "standard input" : path,
        .means = hw_batch_means(args->jobs > 0 ? args->jobs : args->workers, args->transfer.store.connections,
                                args->transfer.run.memory_bytes),
        .dry_run = args->transfer.dry_run,
        .json = args->transfer.run.json,
        .fail_fast = args->transfer.run.fail_fast,
    };
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_kept *kept = NULL;
    HW_TRY(hw_transfer_args_call(&args->transfer, call->arena, &transfer, err));
    HW_TRY(given_choose(call, &batch, err));
    HW_TRY(report_open(&transfer.options, &batch.report, err));
    const enum hw_status opened = list_open(call, path, &batch.fd, err);
    if (opened) {
        hw_transfer_report_free(batch.report);
        return opened;
    }
    /* Where settings are wrong the lines that need them say so. */
    const bool keeps = hw_transfer_keep(&transfer.options, &kept, NULL) == HW_OK;
    hw_teller_start(&teller, call, &args->transfer.run);
    enum hw_status status = hw_batch_run(&batch, &teller, &result, err);
    hw_transfer_kept_free(keeps ? kept : NULL);
    if (!standard) {
        hw_io()->close(batch.fd);
    }
    summary_tell(&teller, &result, (double)(hw_clock_monotonic_us() - started_us) / 1e6);
    status = status ? status : result_status(&result, err);
    status = report_end(batch.report, &result, status, err);
    return hw_teller_finish(&teller, status, err);
}

static enum hw_status list_open(const struct hw_cmd_call *call, const char *path, int *out_fd, struct hw_error *err) {
    if (strcmp(path, "-") == 0) {
        *out_fd = call->cli->in_fd;
        return HW_OK;
    }
    const int fd = hw_io()->openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) {
        enum hw_status status = hw_fail_errno(err, errno, "cannot open it");
        hw_error_object(err, path);
        return status;
    }
    *out_fd = fd;
    return HW_OK;
}

/* `*out_report` stays NULL where none is asked for. */
static enum hw_status report_open(const struct hw_transfer_options *transfer, struct hw_transfer_report **out_report,
                                  struct hw_error *err) {
    if (!transfer->report_path) {
        return HW_OK;
    }
    if (strcmp(transfer->report_path, "-") == 0) {
        return hw_fail(err, HW_EUSAGE, "standard output is for what the lines print: --report names a file");
    }
    return hw_transfer_report_open(transfer, out_report, err);
}

/* A report that cannot be written makes the run a failed one, unless it is one already. */
static enum hw_status report_end(struct hw_transfer_report *report, const struct hw_batch_result *result,
                                 enum hw_status status, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_error warning = HW_ERROR_INIT;
    if (result->not_run > 0) {
        hw_error_set(&warning, HW_ECANCELLED, "%s not run", HW_COUNT(result->not_run, "line"));
        hw_transfer_report_warn(report, &warning);
    }
    const enum hw_status written = report ? hw_transfer_report_finish(report, status, &fault) : HW_OK;
    hw_transfer_report_free(report);
    return status || !written ? status : hw_error_pass(err, written, &fault);
}

static bool is_own(const char *name) {
    for (size_t i = 0; i < COUNT_OF(own_options); i++) {
        if (strcmp(own_options[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum hw_status given_choose(const struct hw_cmd_call *call, struct hw_batch_options *batch,
                                   struct hw_error *err) {
    struct hw_cmd_given *given = hw_arena_alloc(call->arena, call->given_count * sizeof(*given));
    if (!given) {
        return hw_fail_nomem(err, call->given_count * sizeof(*given));
    }
    for (size_t i = 0; i < call->given_count; i++) {
        if (!is_own(call->given[i].name)) {
            given[batch->given_count++] = call->given[i];
        }
    }
    batch->given = given;
    return HW_OK;
}

static void summary_tell(struct hw_teller *teller, const struct hw_batch_result *result, double seconds) {
    const struct hw_cli_sums *sums = &result->sums;
    const uint64_t objects = sums->done + sums->skipped + sums->failed;
    char text[HW_SUMMARY_TEXT_BYTES];
    const struct hw_summary summary = {
        .objects = objects,
        .none =
            objects > 0 && sums->done == 0 ? hw_summary_none(sums->failed + result->failed + result->not_run) : NULL,
        .bytes_in = sums->bytes,
        .seconds = seconds,
        .notes = {{"skipped", sums->skipped},
                  {"failed", sums->failed},
                  {"failed lines", result->failed},
                  {"lines not run", result->not_run}},
    };
    if (hw_teller_output(teller, NULL) == HW_OK) {
        hw_teller_note(teller, "%s, %s", HW_COUNT(result->lines, "line"), hw_summary_text(&summary, text));
    }
}

/* Returns the first status that ends with the exit code. */
static enum hw_status status_of(int exit_code) {
    enum hw_status status = HW_EFAILED;
    while (status < HW_STATUS_COUNT && hw_status_exit_code(status) != exit_code) {
        status++;
    }
    return status < HW_STATUS_COUNT ? status : HW_EFAILED;
}

/* The errors of lines were told; so nothing is added to them. */
static enum hw_status result_status(const struct hw_batch_result *result, struct hw_error *err) {
    if (hw_signals_caught() != 0) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    if (result->failed == 0) {
        return HW_OK;
    }
    return result->failed == result->lines ? status_of(result->exit_code) : HW_EPARTIAL;
}

const struct hw_cmd hw_cmd_run = {
    .name = "run",
    .summary = "Runs the commands of a file, many at once",
    .operands = "FILE",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct run_args),
    .run = run_run,
};
