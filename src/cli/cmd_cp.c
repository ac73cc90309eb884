/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/transfer_args.h"
#include "cli/transfer_telling.h"

static const struct hw_option_part parts[] = {
    {&hw_transfer_choose_group, 0,
     HW_TRANSFER_CHOOSE_NAMES | HW_TRANSFER_CHOOSE_UNLESS | HW_TRANSFER_CHOOSE_LIST | HW_TRANSFER_CHOOSE_FLATTEN |
         HW_TRANSFER_CHOOSE_LINKS | HW_TRANSFER_CHOOSE_VERSION},
    {&hw_transfer_part_group, 0, 0},
    {&hw_write_option_group, offsetof(struct hw_transfer_args, write), 0},
    {&hw_run_option_group, offsetof(struct hw_transfer_args, run), HW_TRANSFER_RUN_ROWS},
    {&hw_store_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_source_option_group, offsetof(struct hw_transfer_args, store), 0},
    {&hw_common_options, 0, 0},
};

static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Copies objects as they are. SRC and DST may be a file, a folder, an object s3://bucket/key, or everything below "
    "s3://bucket/prefix/. SRC may also have wildcards, * for any characters and ? for one, which match / too, be an "
    "object of a web server, or - for standard input.\n\n"
    "A SRC that ends in /, is a local folder or has a wildcard names many objects, which keep the names that they have "
    "below it. A DST that ends in /, or that gets several sources, keeps the names of objects.\n\n"
    "What is at the destination is replaced, once the new object is there as a whole: large objects go in parts, every "
    "byte is compared with the checksums that both sides have, and nothing appears at its name before that.";

static const struct hw_example examples[] = {
    {"hawser cp report.pdf s3://bucket/reports/", "One file."},
    {"hawser cp s3://bucket/raw/ raw/", "Everything below a prefix."},
    {"hawser cp 's3://bucket/logs/2026-*.gz' logs/", "What matches."},
    {"hawser cp photos/ s3://bucket/photos/ --exclude '*.tmp'", "A folder, but for some files."},
    {"hawser cp s3://theirs/data/ s3://ours/data/ --source-profile theirs --profile ours",
     "From one account to another."},
    {"hawser cp s3://bucket/a.csv s3://bucket/a.csv --version-id 3HL4kq", "An earlier version, made the newest again."},
    {"pg_dump shop | hawser cp - s3://bucket/shop.sql", "What comes through a pipe."},
};

static const char *const operand_names[] = {"SRC", "DST"};

static enum hw_status cp_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct hw_transfer_args *args = call->args;
    const size_t sources = call->operands_count - 1;
    HW_AUTO(hw_transfer_call) transfer = {0};
    struct hw_transfer_telling telling;
    struct hw_transfer_result result = {0};
    HW_TRY(hw_transfer_args_call(args, call->arena, &transfer, err));
    hw_transfer_telling_start(&telling, call, &args->run, &transfer.options);
    enum hw_status status = hw_copy(call->operands, sources, call->operands[sources], &transfer.options, &result, err);
    return hw_transfer_telling_finish(&telling, &result, status, err);
}

const struct hw_cmd hw_cmd_cp = {
    .name = "cp",
    .summary = "Copies objects between S3, folders and the web",
    .operands = "SRC... DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 2,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .operand_option = "files-from",
    .destination_optional = true,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_transfer_args),
    .run = cp_run,
};
