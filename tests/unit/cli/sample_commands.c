/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cli/sample_commands.h"

#include "cli/output.h"

static const struct hw_choice mode_choices[] = {{"insert", 1}, {"upsert", 2}, {NULL, 0}};

static const struct hw_option export_rows[] = {
    {.name = "query",
     .type = HW_OPTION_TEXT,
     HW_OPTION_FIELD(struct sample_export_args, query),
     .arg = "JSON",
     .help = "Takes some: those that match."},
    {.name = "mode",
     .type = HW_OPTION_CHOICE,
     HW_OPTION_FIELD(struct sample_export_args, mode),
     .choices = mode_choices,
     .help = "How it is done."},
};
static const struct hw_option_group export_group = {"Export", export_rows, COUNT_OF(export_rows)};

static const struct hw_option_part export_parts[] = {
    {&export_group, 0, 0},
    {&hw_run_option_group, offsetof(struct sample_export_args, run), HW_RUN_MEMORY | HW_RUN_JSON | HW_RUN_CONFIG},
    {&hw_common_options, 0, 0},
};
static const struct hw_option_set export_set = {export_parts, COUNT_OF(export_parts)};

static const struct hw_option_part load_parts[] = {{&hw_run_option_group, 0, 0}, {&hw_common_options, 0, 0}};
static const struct hw_option_set load_set = {load_parts, COUNT_OF(load_parts)};

static const struct hw_option_part plain_parts[] = {{&hw_common_options, 0, 0}};
static const struct hw_option_set plain_set = {plain_parts, COUNT_OF(plain_parts)};

static const char *const path_names[] = {"SRC"};
static const char *const redrive_names[] = {"FROM", "TO", "LIMIT"};

/* Prints the command's name and its operands. */
static enum hw_status sample_run(const struct hw_cmd_call *call, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_buf_printf(&text, err, "<%s>", call->cmd->name));
    for (size_t i = 0; i < call->operands_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " %s", call->operands[i]));
    }
    HW_TRY(hw_buf_append_byte(&text, '\n', err));
    return hw_output_data(call->cli, hw_buf_view(&text), err);
}

#define SAMPLE(words, about, set, bytes)                                                                  \
    .name = (words), .summary = (about), .operands = "...", .description = "Does it.", .options = &(set), \
    .args_bytes = (bytes), .run = sample_run

static const struct hw_cmd load = {SAMPLE("load", "Loads a thing", load_set, sizeof(struct hw_run_args)),
                                   .operand = HW_OPERAND_PATH, .operands_min = 1, .operands_max = SIZE_MAX,
                                   .operand_names = path_names};
static const struct hw_cmd mongo_export = {
    SAMPLE("mongo export", "Exports it's collections: all", export_set, sizeof(struct sample_export_args)),
    .operand = HW_OPERAND_PATH, .operands_max = 1};
static const struct hw_cmd mongo_import = {SAMPLE("mongo import", "Imports collections", plain_set, 0)};
static const struct hw_cmd worker_tasks = {SAMPLE("worker tasks", "Takes tasks", plain_set, 0)};
static const struct hw_cmd worker_sqs = {SAMPLE("worker sqs", "Takes messages", plain_set, 0),
                                         .operand = HW_OPERAND_PATH, .operands_max = SIZE_MAX};
static const struct hw_cmd worker_sqs_redrive = {
    SAMPLE("worker sqs redrive", "Sends messages back", plain_set, 0), .operands_min = COUNT_OF(redrive_names),
    .operands_max = COUNT_OF(redrive_names), .operand_names = redrive_names};

static const struct hw_cmd *const rows[] = {&load,       &mongo_export,       &mongo_import, &worker_tasks,
                                            &worker_sqs, &worker_sqs_redrive, &hw_cmd_help};

const struct hw_commands sample_commands = {rows, COUNT_OF(rows)};
