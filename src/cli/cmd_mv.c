/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"
#include "cli/transfer_telling.h"

static const struct hw_option_part parts[] = {
    {&hw_transfer_choose_group, 0,
     HW_TRANSFER_CHOOSE_NAMES | HW_TRANSFER_CHOOSE_UNLESS | HW_TRANSFER_CHOOSE_LIST | HW_TRANSFER_CHOOSE_FLATTEN |
         HW_TRANSFER_CHOOSE_LINKS},
    {&hw_transfer_part_group, 0, 0},
    {&hw_write_option_group, offsetof(struct hw_transfer_args, write), 0},
    {&hw_run_option_group, offsetof(struct hw_transfer_args, run), HW_TRANSFER_RUN_ROWS},
    {&hw_store_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_source_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Moves objects: copies them as cp does, and removes each source once its destination is there as a whole. A source "
    "that was changed meanwhile stays, and is told of.";

static const struct hw_example examples[] = {
    {"hawser mv report.pdf s3://bucket/reports/", "One file."},
    {"hawser mv s3://bucket/inbox/ s3://bucket/done/", "Everything below a prefix."},
    {"hawser mv 's3://bucket/tmp/*.csv' old/", "What matches."},
};

static const char *const operand_names[] = {"SRC", "DST"};

static enum hw_status mv_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct hw_transfer_args *args = call->args;
    const size_t sources = call->operands_count - 1;
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_telling telling;
    struct hw_transfer_result result = {0};
    HW_TRY(hw_transfer_args_call(args, call->arena, &transfer, err));
    transfer.options.move = true;
    hw_transfer_telling_start(&telling, call, &args->run, &transfer.options);
    enum hw_status status = hw_copy(call->operands, sources, call->operands[sources], &transfer.options, &result, err);
    return hw_transfer_telling_finish(&telling, &result, status, err);
}

const struct hw_cmd hw_cmd_mv = {
    .name = "mv",
    .summary = "Moves objects between S3 and folders",
    .operands = "SRC... DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 2,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .operand_option = "files-from",
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_transfer_args),
    .run = mv_run,
};
