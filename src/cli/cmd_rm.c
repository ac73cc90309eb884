/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"
#include "cli/transfer_telling.h"

static const struct hw_option_part parts[] = {
    {&hw_transfer_choose_group, 0,
     HW_TRANSFER_CHOOSE_NAMES | HW_TRANSFER_CHOOSE_VERSION | HW_TRANSFER_CHOOSE_ALL_VERSIONS | HW_TRANSFER_CHOOSE_LIST},
    {&hw_transfer_part_group, 0, HW_TRANSFER_PART_DRY_RUN},
    {&hw_run_option_group, offsetof(struct hw_transfer_args, run), HW_TRANSFER_RUN_ROWS},
    {&hw_store_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Removes objects. PATH may be an object s3://bucket/key, everything below s3://bucket/prefix/, a name with "
    "wildcards, * for any characters and ? for one, which match / too, a file, or a folder.\n\n"
    "Many objects of a bucket go with one request for each thousand. An object that cannot be removed is told of, and "
    "the others go. Of a link in a folder only the link itself is removed, never what it leads to. --dry-run prints "
    "what would be removed.\n\n"
    "Where a bucket keeps versions, an object that is removed stays as an earlier version. --version-id removes one "
    "version for good, and --all-versions all of them.";

static const struct hw_example examples[] = {
    {"hawser rm s3://bucket/old.csv", "One object."},
    {"hawser rm s3://bucket/tmp/", "Everything below a prefix."},
    {"hawser rm 's3://bucket/logs/2024-*' --dry-run", "What would go."},
    {"hawser rm s3://bucket/tmp/ --all-versions", "All that was ever there, for good."},
};

static const char *const operand_names[] = {"PATH"};

static enum hw_status rm_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct hw_transfer_args *args = call->args;
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_telling telling;
    struct hw_transfer_result result = {0};
    HW_TRY(hw_transfer_args_call(args, call->arena, &transfer, err));
    hw_transfer_telling_start(&telling, call, &args->run, &transfer.options);
    telling.planned = "removed";
    enum hw_status status = hw_remove(call->operands, call->operands_count, &transfer.options, &result, err);
    return hw_transfer_telling_finish(&telling, &result, status, err);
}

const struct hw_cmd hw_cmd_rm = {
    .name = "rm",
    .summary = "Removes objects and files",
    .operands = "PATH...",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .operand_option = "files-from",
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_transfer_args),
    .run = rm_run,
};
