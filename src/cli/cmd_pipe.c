/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"
#include "cli/transfer_telling.h"

static const struct hw_option_part parts[] = {
    {&hw_transfer_choose_group, 0, HW_TRANSFER_CHOOSE_RAW | HW_TRANSFER_CHOOSE_NO_CLOBBER},
    {&hw_transfer_part_group, 0, HW_TRANSFER_PART_DRY_RUN | HW_TRANSFER_PART_SIZE},
    {&hw_write_option_group, offsetof(struct hw_transfer_args, write), 0},
    {&hw_run_option_group, offsetof(struct hw_transfer_args, run), HW_TRANSFER_RUN_ROWS & ~(uint32_t)HW_RUN_FAIL_FAST},
    {&hw_store_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Writes standard input to an object, however long it is: memory holds a few parts of it. The object appears at its "
    "name when the input has ended and the service has all of it; where reading or sending fails, or the tool is "
    "stopped, there is none. An empty input is an empty object. `hawser cp - DST` does the same.\n\n"
    "The tool cannot see how the program before it has ended: `set -o pipefail` makes the shell say so.";

static const struct hw_example examples[] = {
    {"pg_dump shop | hawser pipe s3://bucket/shop.sql", "What comes through a pipe."},
    {"tar c photos | zstd | hawser pipe s3://bucket/photos.tar.zst --storage-class GLACIER_IR", "With options."},
};

static const char *const operand_names[] = {"DST"};

static enum hw_status pipe_run(const struct hw_cmd_call *call, struct hw_error *err) {
    static const char *const sources[] = {"-"};
    const struct hw_transfer_args *args = call->args;
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_telling telling;
    struct hw_transfer_result result = {0};
    HW_TRY(hw_transfer_args_call(args, call->arena, &transfer, err));
    hw_transfer_telling_start(&telling, call, &args->run, &transfer.options);
    enum hw_status status = hw_copy(sources, COUNT_OF(sources), call->operands[0], &transfer.options, &result, err);
    return hw_transfer_telling_finish(&telling, &result, status, err);
}

const struct hw_cmd hw_cmd_pipe = {
    .name = "pipe",
    .summary = "Writes standard input to an object",
    .operands = "DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = 1,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_transfer_args),
    .run = pipe_run,
};
