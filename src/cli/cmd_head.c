/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include <hawser/head.h>

#include "cli/csv_args.h"
#include "cli/log_line.h"
#include "cli/output.h"
#include "cli/run_args.h"
#include "cli/signals.h"
#include "cli/store_args.h"
#include "cli/values_args.h"
#include "cli/write_args.h"
#include "core/whole_number.h"

struct head_args {
    struct hw_store_args store;
    struct hw_write_args write; /* only what is for sources */
    struct hw_csv_args csv;
    struct hw_run_args run;
    const char *rows; /* a number, or "all" */
    uint64_t skip;
    uint64_t page_bytes_max;
    const char *columns;
    unsigned format; /* enum hw_head_format + 1; 0: not given */
    enum hw_binary_text binary;
    enum hw_nested_text nested;
};

#define HEAD_FIELD(field) HW_OPTION_FIELD(struct head_args, field)

static const struct hw_choice format_choices[] = {
    {"table", HW_HEAD_TABLE + 1}, {"json", HW_HEAD_JSON + 1}, {"csv", HW_HEAD_CSV + 1}, {NULL, 0}};

static const struct hw_option head_rows[] = {
    {.name = "rows",
     .letter = 'n',
     .type = HW_OPTION_TEXT,
     HEAD_FIELD(rows),
     .arg = "N",
     .fallback = "10",
     .help = "Shows so many rows at most; the word all stands for all of them."},
    {.name = "skip",
     .type = HW_OPTION_COUNT,
     HEAD_FIELD(skip),
     .arg = "N",
     .fallback = "0",
     .help = "Leaves out so many rows before the first one."},
    {.name = "columns",
     .type = HW_OPTION_TEXT,
     HEAD_FIELD(columns),
     .arg = "LIST",
     .fallback = "all",
     .help = "Shows these columns, in this order. A comma separates them; a.b is the field b of the struct a. A name "
             "with a comma in it stands in double quotes."},
    {.name = "format",
     .type = HW_OPTION_CHOICE,
     HEAD_FIELD(format),
     .choices = format_choices,
     .fallback = "table on a terminal, json elsewhere",
     .help = "Shows rows as a table for people, as JSON, an object a line, or as CSV."},
    {.name = "binary",
     .type = HW_OPTION_CHOICE,
     HEAD_FIELD(binary),
     .choices = hw_binary_text_choices,
     .fallback = "base64",
     .help = "Shows binary values in this form. With text they must be UTF-8."},
    {.name = "nested",
     .type = HW_OPTION_CHOICE,
     HEAD_FIELD(nested),
     .choices = hw_nested_text_choices,
     .fallback = "json",
     .help = "Says what CSV has of structs, lists and maps: their JSON, with flatten a column for each field of a "
             "struct, with fail an error."},
    {.name = "max-page-bytes",
     .type = HW_OPTION_SIZE,
     HEAD_FIELD(page_bytes_max),
     .arg = "SIZE",
     .min = 1,
     .fallback = "256MiB, and half of --memory",
     .help = "Reads no larger page of a Parquet file."},
};
static const struct hw_option_group head_group = {"Output", head_rows, COUNT_OF(head_rows)};

static const struct hw_option_part parts[] = {
    {&head_group, 0, 0},
    {&hw_csv_option_group, offsetof(struct head_args, csv), 0},
    {&hw_run_option_group, offsetof(struct head_args, run),
     HW_RUN_MEMORY | HW_RUN_THREADS | HW_RUN_JSON | HW_RUN_QUIET | HW_RUN_LOG | HW_RUN_CONFIG},
    {&hw_store_option_group, offsetof(struct head_args, store), 0},
    {&hw_read_option_group, offsetof(struct head_args, write), 0},
    {&hw_source_option_group, offsetof(struct head_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser head orders.csv", "The first ten rows, with the types that hawser convert finds."},
    {"hawser head s3://in/raw/orders.csv.gz -n 3 --columns id,price --json", "Two columns of three rows, as JSON."},
    {"hawser head orders.parquet --skip 1000 -n all --format csv", "All rows but the first thousand, as CSV."},
};

static const char *const operand_names[] = {"SRC"};

static enum hw_status rows_parse(const char *text, struct hw_head_options *head, struct hw_error *err) {
    uint64_t rows = 0;
    if (!text || strcmp(text, "all") == 0) {
        head->rows = text ? HW_HEAD_ALL : 0;
        return HW_OK;
    }
    if (!hw_whole_number_read(hw_view_of(text), &rows)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EUSAGE, "%s is no number of rows for --rows, and not the word all",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)));
    }
    head->rows = rows;
    head->no_rows = rows == 0;
    return HW_OK;
}

static enum hw_status format_choose(const struct hw_cmd_call *call, struct hw_head_options *head,
                                    struct hw_error *err) {
    const struct head_args *args = call->args;
    if (args->run.json && args->format != 0 && args->format != HW_HEAD_JSON + 1) {
        return hw_fail(err, HW_EUSAGE, "--json and --format contradict each other");
    }
    const bool terminal = !call->cli->host && isatty(call->cli->out_fd);
    head->format = args->run.json      ? HW_HEAD_JSON
                   : args->format != 0 ? (enum hw_head_format)(args->format - 1)
                   : terminal          ? HW_HEAD_TABLE
                                       : HW_HEAD_JSON;
    return HW_OK;
}

/* The library's calls back get this. */
struct telling {
    const struct hw_cli *cli;
    bool json;
};

static void note_tell(void *ctx, const struct hw_note *note) {
    const struct telling *telling = ctx;
    hw_output_note(telling->cli, "note: %s: %s", note->source, note->text);
}

static enum hw_status text_write(void *ctx, const void *data, size_t bytes, struct hw_error *err) {
    const struct telling *telling = ctx;
    const hw_view text = {data, bytes};
    return telling->json ? hw_output_json(telling->cli, text, err) : hw_output_data(telling->cli, text, err);
}

static enum hw_status head_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct head_args *args = call->args;
    struct telling telling = {.cli = call->cli};
    struct hw_head_options head = {
        .size = sizeof(head),
        .skip = args->skip,
        .columns = args->columns,
        .memory_bytes = args->run.memory_bytes,
        .threads = args->run.threads,
        .page_bytes_max = args->page_bytes_max,
        .binary = args->binary,
        .nested = args->nested,
        .source_store = hw_store_args_source(&args->store),
        .input_fd = call->cli->in_fd,
        .on_note = args->run.quiet ? NULL : note_tell,
        .ctx = &telling,
        .write = text_write,
    };
    const struct hw_log log = {
        .size = sizeof(log), .level = args->run.log, .write = hw_log_line_write, .ctx = (void *)(uintptr_t)call->cli};
    HW_AUTO(hw_write_access) access = {0};
    HW_TRY(hw_write_args_access(&args->write, &access, err));
    head.source_store.log = &log;
    head.source_store.cancelled = hw_signals_cancelled;
    head.source_store.s3 = &access.source;
    HW_TRY(rows_parse(args->rows, &head, err));
    HW_TRY(format_choose(call, &head, err));
    telling.json = head.format == HW_HEAD_JSON;
    HW_TRY(hw_csv_args_options(&args->csv, &head.csv, err));
    return hw_head(call->operands[0], &head, err);
}

const struct hw_cmd hw_cmd_head = {
    .name = "head",
    .summary = "Shows the first rows of a file",
    .operands = "SRC",
    .description =
        "Shows rows with the names and types of their columns, as a table, as JSON or as CSV. What is not shown is "
        "not read, as far as the format allows that.\n\n"
        "SRC is a file, an object, an address, or - for standard input: a file of Parquet or Avro, whatever its name "
        "is, or else CSV, which may be packed. The types of CSV are those of a sample where at most 1,000 rows are "
        "gone through, else those that hawser convert finds.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct head_args),
    .run = head_run,
};
