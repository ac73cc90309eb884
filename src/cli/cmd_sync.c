/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"
#include "cli/transfer_telling.h"

struct sync_args {
    struct hw_transfer_args transfer;
    bool remove_extra;
    bool by_content;
    bool size_only;
    const char *plan_path;
    uint64_t removals_max;
};

#define SYNC_FIELD(field) HW_OPTION_FIELD(struct sync_args, field)

static const struct hw_option sync_rows[] = {
    {.name = "delete",
     .type = HW_OPTION_FLAG,
     SYNC_FIELD(remove_extra),
     .help = "Removes what DST has and SRC has not, once both were listed as a whole and every copy has succeeded."},
    {.name = "max-delete",
     .type = HW_OPTION_COUNT,
     SYNC_FIELD(removals_max),
     .arg = "N",
     .min = 1,
     .fallback = "any number",
     .help = "Removes nothing if there would be more than N objects to remove."},
    {.name = "checksum",
     .type = HW_OPTION_FLAG,
     SYNC_FIELD(by_content),
     .help = "Compares objects of one size by their bytes: by the checksums that S3 keeps, and those of local files."},
    {.name = "size-only",
     .type = HW_OPTION_FLAG,
     SYNC_FIELD(size_only),
     .help = "Takes objects of one size for the same, whenever they were changed."},
    {.name = "plan",
     .type = HW_OPTION_TEXT,
     SYNC_FIELD(plan_path),
     .arg = "FILE",
     .help =
         "Where FILE is not there, writes to it what would be done, and does nothing. Where it is there, does exactly "
         "that: an object fails unless both sides are as FILE says."},
};
static const struct hw_option_group sync_group = {"Sync", sync_rows, COUNT_OF(sync_rows)};

static const struct hw_option_part parts[] = {
    {&sync_group, 0, 0},
    {&hw_transfer_choose_group, offsetof(struct sync_args, transfer),
     HW_TRANSFER_CHOOSE_NAMES | HW_TRANSFER_CHOOSE_LINKS},
    {&hw_transfer_part_group, offsetof(struct sync_args, transfer), 0},
    {&hw_write_option_group, offsetof(struct sync_args, transfer.write), 0},
    {&hw_run_option_group, offsetof(struct sync_args, transfer.run), HW_TRANSFER_RUN_ROWS},
    {&hw_store_option_group, offsetof(struct sync_args, transfer.store), 0},
    {&hw_source_option_group, offsetof(struct sync_args, transfer.store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Makes DST like SRC, which are both folders, buckets or prefixes: copies objects that are not there, that have "
    "another size, or that are newer in SRC. A second run copies nothing.\n\n"
    "--include and --exclude count for both sides: what they leave out is neither copied nor removed. --delete removes "
    "nothing after a listing or a copy has failed, and nothing outside DST, nor what a link in a folder leads to. One "
    "side may lie in the other: what SRC has in DST is not copied again, and --delete refuses to remove what SRC has.";

static const struct hw_example examples[] = {
    {"hawser sync photos/ s3://bucket/photos/", "Uploads what is new."},
    {"hawser sync s3://bucket/data/ data/ --delete --max-delete 100", "Makes a folder the same as a prefix."},
    {"hawser sync s3://bucket/data/ s3://backup/data/ --checksum", "From bucket to bucket, by what is in the objects."},
    {"hawser sync a/ s3://bucket/a/ --delete --dry-run", "What would be done."},
};

static const char *const operand_names[] = {"SRC", "DST"};

static enum hw_status sync_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct sync_args *args = call->args;
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_telling telling;
    struct hw_transfer_result result = {0};
    HW_TRY(hw_transfer_args_call(&args->transfer, call->arena, &transfer, err));
    hw_transfer_telling_start(&telling, call, &args->transfer.run, &transfer.options);
    telling.planned = "copied or removed";
    const struct hw_sync_options sync = {
        .size = sizeof(sync),
        .transfer = transfer.options,
        .size_only = args->size_only,
        .by_content = args->by_content,
        .remove_extra = args->remove_extra,
        .removals_max = args->removals_max,
        .plan_path = args->plan_path,
    };
    enum hw_status status = hw_sync(call->operands[0], call->operands[1], &sync, &result, err);
    return hw_transfer_telling_finish(&telling, &result, status, err);
}

const struct hw_cmd hw_cmd_sync = {
    .name = "sync",
    .summary = "Makes a folder or prefix like another one",
    .operands = "SRC DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 2,
    .operands_max = 2,
    .operand_names = operand_names,
    .destination_optional = true,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct sync_args),
    .run = sync_run,
};
