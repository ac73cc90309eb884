/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/csv.h>

#include "cli/columns_args.h"
#include "cli/csv_args.h"
#include "cli/log_line.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/run_args.h"
#include "cli/signals.h"
#include "cli/source_args.h"
#include "cli/store_args.h"
#include "cli/text.h"
#include "cli/write_args.h"
#include "core/count.h"

struct infer_args {
    struct hw_store_args store;
    struct hw_write_args write; /* only what is for sources */
    struct hw_csv_args csv;
    struct hw_source_args sources;
    struct hw_columns_args columns;
    struct hw_run_args run;
    const char *output;
    bool all;
};

#define INFER_FIELD(field) HW_OPTION_FIELD(struct infer_args, field)

static const struct hw_option infer_rows[] = {
    {.name = "output",
     .letter = 'o',
     .type = HW_OPTION_TEXT,
     INFER_FIELD(output),
     .arg = "PATH",
     .fallback = "standard output",
     .help = "Writes the schema to this file or s3:// object."},
    {.name = "all",
     .letter = 'a',
     .type = HW_OPTION_FLAG,
     INFER_FIELD(all),
     .fallback = "every record of up to 256 MiB, samples of more",
     .help = "Looks at every record, however many there are."},
};
static const struct hw_option_group infer_group = {"Output", infer_rows, COUNT_OF(infer_rows)};

static const struct hw_option_part parts[] = {
    {&infer_group, 0, 0},
    {&hw_source_option_rows, offsetof(struct infer_args, sources), HW_SOURCE_ROWS_FIND},
    {&hw_columns_option_group, offsetof(struct infer_args, columns), 0},
    {&hw_csv_option_group, offsetof(struct infer_args, csv), 0},
    /* It says nothing but the schema, which is JSON. */
    {&hw_run_option_group, offsetof(struct infer_args, run),
     HW_RUN_MEMORY | HW_RUN_THREADS | HW_RUN_QUIET | HW_RUN_LOG | HW_RUN_CONFIG},
    {&hw_store_option_group, offsetof(struct infer_args, store), 0},
    {&hw_read_option_group, offsetof(struct infer_args, write), 0},
    {&hw_source_option_group, offsetof(struct infer_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser infer orders.csv --output orders.schema.json", "The schema of a file, to look at or to change."},
    {"hawser infer s3://in/raw/orders.csv.gz --all --delimiter ';'", "The same from every record of a packed object."},
    {"hawser infer raw/ --exclude 'old/' --output all.schema.json", "One schema that holds for all files of a folder."},
};

static const char *const operand_names[] = {"SRC"};

/* What was looked at, "all 12345 records of 3 files (1.2 MB)". */
static void looked_tell(void *cli, const struct hw_infer_looked *looked) {
    char bytes[HW_BYTES_TEXT_BYTES];
    hw_text_bytes((double)looked->bytes, bytes);
    if (!looked->every_record) {
        hw_output_note(cli,
                       "looked at samples of %s of %s: a value that they do not show may not fit (--all looks at "
                       "every record)",
                       HW_COUNT(looked->texts, "file"), bytes);
        return;
    }
    hw_output_note(cli, "looked at all %s of %s (%s)", HW_COUNT(looked->records, "record"),
                   HW_COUNT(looked->texts, "file"), bytes);
    if (looked->rejected > 0) {
        hw_output_note(cli, "left out %s", HW_COUNT(looked->rejected, "bad record"));
    }
}

static void note_tell(void *cli, const struct hw_note *note) {
    const uint64_t more = note->texts - 1;
    hw_output_note(cli, "note: %s: %s", note->source, note->text);
    if (more > 0) {
        hw_output_note(cli, "note: %s: %s", HW_COUNT(more, "other source"), hw_note_more_text(note->kind));
    }
}

static enum hw_status infer_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct infer_args *args = call->args;
    bool to_store = args->output && strcmp(args->output, "-") != 0;
    struct hw_infer_options infer = {
        .every_record = args->all,
        .include = args->sources.include.items,
        .include_count = args->sources.include.count,
        .exclude = args->sources.exclude.items,
        .exclude_count = args->sources.exclude.count,
        .files_from = args->sources.files_from,
        .files_from_nul = args->sources.files_from_nul,
        .all_files = args->sources.all_files,
        .memory_bytes = args->run.memory_bytes,
        .threads = args->run.threads,
        .output_path = to_store ? args->output : NULL,
        .source_store = hw_store_args_source(&args->store),
        .target_store = hw_store_args_target(&args->store),
        .input_fd = call->cli->in_fd,
    };
    const struct hw_log log = {
        .size = sizeof(log), .level = args->run.log, .write = hw_log_line_write, .ctx = (void *)(uintptr_t)call->cli};
    infer.source_store.log = infer.target_store.log = &log;
    infer.on_note = args->run.quiet ? NULL : note_tell;
    infer.on_looked = args->run.quiet ? NULL : looked_tell;
    infer.ctx = (void *)(uintptr_t)call->cli;
    infer.source_store.cancelled = infer.target_store.cancelled = hw_signals_cancelled;
    HW_AUTO(hw_write_access) access = {0};
    HW_TRY(hw_write_args_access(&args->write, &access, err));
    infer.source_store.s3 = &access.source;
    infer.target_store.s3 = &access.target;
    HW_TRY(hw_csv_args_options(&args->csv, &infer.csv, err));
    HW_TRY(hw_source_args_check(&args->sources, err));
    HW_TRY(hw_columns_args_options(&args->columns, call->arena, &infer.columns, err));

    char *json = NULL;
    HW_TRY(hw_infer_sources(call->operands, call->operands_count, &infer, &json, err));
    enum hw_status status = to_store ? HW_OK : hw_output_data(call->cli, hw_view_of(json), err);
    hw_text_free(json);
    return status;
}

const struct hw_cmd hw_cmd_infer = {
    .name = "infer",
    .summary = "Finds the schema of CSV objects",
    .operands = "SRC...",
    .description =
        "Prints the names and types that hawser convert would use, as JSON. hawser convert takes such a file by "
        "--schema, so that types can be changed by hand, or be the same for many objects.\n\n"
        "SRC is what it is for hawser convert: a file, a folder that ends in /, an object, a prefix, a glob, or - for "
        "standard input. Several sources have one schema, which holds for all of them: columns are joined by name, as "
        "--merge joins them. Up to 256 MiB every record is looked at, and beyond that samples.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .operand_option = "files-from",
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct infer_args),
    .run = infer_run,
};
