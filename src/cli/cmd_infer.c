/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/convert.h>

#include "cli/csv_args.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "cli/store_args.h"

struct infer_args {
    struct hw_common_args common;
    struct hw_store_args store;
    struct hw_csv_args csv;
    const char *output;
    const char *config;
    bool all;
};

#define INFER_FIELD(field) HW_OPTION_FIELD(struct infer_args, field)

static const struct hw_option infer_rows[] = {
    {.name = "output",
     .letter = 'o',
     .type = HW_OPTION_TEXT,
     INFER_FIELD(output),
     .arg = "FILE",
     .fallback = "standard output",
     .help = "Where the schema goes."},
    {.name = "all",
     .letter = 'a',
     .type = HW_OPTION_FLAG,
     INFER_FIELD(all),
     .help = "Looks at every record instead of samples."},
    {.name = "config",
     .type = HW_OPTION_CONFIG,
     INFER_FIELD(config),
     .arg = "FILE",
     .help = "Reads options from a JSON file, for example {\"delimiter\": \"tab\"}."},
};
static const struct hw_option_group infer_group = {"Output", infer_rows, COUNT_OF(infer_rows)};

static const struct hw_option_part parts[] = {
    {&infer_group, 0},
    {&hw_csv_option_group, offsetof(struct infer_args, csv)},
    {&hw_store_option_group, offsetof(struct infer_args, store)},
    {&hw_source_option_group, offsetof(struct infer_args, store)},
    {&hw_common_options, offsetof(struct infer_args, common)},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const struct hw_example examples[] = {
    {"hawser infer orders.csv --output orders.schema.json", "The schema of a file, to look at or to change."},
    {"hawser infer s3://in/raw/orders.csv.gz --all --delimiter ';'", "The same from every record of a packed object."},
};

static enum hw_status infer_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct infer_args *args = call->args;
    struct hw_csv_options csv;
    HW_TRY(hw_csv_args_options(&args->csv, &csv, err));
    struct hw_store_options store = hw_store_args_source(&args->store);
    store.cancelled = hw_signals_cancelled;

    char *json = NULL;
    HW_TRY(hw_infer(call->operands[0], &csv, &store, args->all, &json, err));
    HW_AUTO(hw_buf) text = {0};
    enum hw_status status =
        hw_buf_printf(&text, err, "%s%s", json, hw_view_ends(hw_view_of(json), HW_VIEW("\n")) ? "" : "\n");
    hw_text_free(json);
    HW_TRY(status);
    bool to_file = args->output && strcmp(args->output, "-") != 0;
    return to_file ? hw_output_file(args->output, hw_buf_view(&text), err)
                   : hw_output_data(call->cli, hw_buf_view(&text), err);
}

const struct hw_cmd hw_cmd_infer = {
    .name = "infer",
    .summary = "Finds the schema of a CSV object",
    .operands = "SRC",
    .description =
        "Prints the names and types that hawser convert would use, as JSON. Convert takes the file by --schema, so "
        "that types can be changed by hand or held fixed over many objects.",
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = {"SRC"},
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct infer_args),
    .run = infer_run,
};
