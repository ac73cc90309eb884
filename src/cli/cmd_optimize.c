/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/optimize.h>

#include <inttypes.h>
#include <stdlib.h>

#include "cli/bloom_args.h"
#include "cli/columns_args.h"
#include "cli/parquet_choices.h"
#include "cli/run_args.h"
#include "cli/signals.h"
#include "cli/store_args.h"
#include "cli/teller.h"
#include "cli/text.h"
#include "cli/write_args.h"
#include "core/count.h"
#include "core/shown_name.h"
#include "report/optimize.h"

struct optimize_args {
    struct hw_store_args store;
    struct hw_run_args run;
    struct hw_write_args write;
    struct hw_columns_args columns;
    struct hw_optimize_options optimize;
    uint64_t page_bytes_max;
    const char *downcast;
    struct hw_option_list keep;
    struct hw_option_list mask;
    struct hw_option_list bloom;
    struct hw_option_list sort;
};

static_assert(sizeof(enum hw_optimize_metadata) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_optimize_int96) == sizeof(unsigned), "choices are written as unsigned");
static_assert(sizeof(enum hw_overwrite) == sizeof(unsigned), "choices are written as unsigned");

#define OPTIMIZE_FIELD(field) HW_OPTION_FIELD(struct optimize_args, field)

static const struct hw_choice metadata_choices[] = {{"equal", HW_OPTIMIZE_METADATA_EQUAL},
                                                    {"first", HW_OPTIMIZE_METADATA_FIRST},
                                                    {"fail", HW_OPTIMIZE_METADATA_FAIL},
                                                    {NULL, 0}};
static const struct hw_choice int96_choices[] = {
    {"keep", HW_OPTIMIZE_INT96_KEEP}, {"timestamp", HW_OPTIMIZE_INT96_TIMESTAMP}, {NULL, 0}};
static const struct hw_choice overwrite_choices[] = {
    {"replace", HW_OVERWRITE_AUTO}, {"skip", HW_OVERWRITE_SKIP}, {"fail", HW_OVERWRITE_FAIL}, {NULL, 0}};

static const struct hw_option optimize_rows[] = {
    {.name = "compression",
     .letter = 'c',
     .type = HW_OPTION_TEXT,
     OPTIMIZE_FIELD(optimize.compression),
     .arg = "CODEC[:LEVEL]",
     .fallback = "zstd, its level chosen by trial",
     .help =
         "Compresses every page that gets smaller with this codec and level: zstd, snappy, gzip, brotli, lz4_raw or "
         "none."},
    {.name = "effort",
     .type = HW_OPTION_CHOICE,
     OPTIMIZE_FIELD(optimize.effort),
     .choices = hw_effort_choices,
     .fallback = "normal",
     .help = "Chooses the level for each column where --compression names none: the lowest, a higher one where that "
             "saves 4 %, or also those that take long."},
    {.name = "encodings",
     .type = HW_OPTION_CHOICE,
     OPTIMIZE_FIELD(optimize.encodings),
     .choices = hw_encodings_choices,
     .fallback = "compact",
     .help = "Chooses the encodings: the smallest that readers of today know, only those that the oldest readers know, "
             "or also those that readers of before 2026 may refuse."},
    {.name = "downcast",
     .type = HW_OPTION_TEXT,
     OPTIMIZE_FIELD(downcast),
     .arg = "off|exact|decimals|tolerance=X",
     .fallback = "off",
     .help = "Gives columns narrower types where every value of all files allows it: exact takes float for double and "
             "int32 for int64 where each value stays the same to the last bit, decimals also decimal for double where "
             "each value is the double nearest to one, tolerance=X float where no value is off by more than the part "
             "X of it. Readers with a fixed schema may not take the new types."},
    {.name = "int96",
     .type = HW_OPTION_CHOICE,
     OPTIMIZE_FIELD(optimize.int96),
     .choices = int96_choices,
     .fallback = "keep",
     .help = "Keeps old timestamps (INT96), or makes timestamps of 64 bits of them where every value of all files "
             "allows it: in microseconds, or in nanoseconds where a value has some."},
    {.name = "keep",
     .type = HW_OPTION_LIST,
     .whole = true,
     OPTIMIZE_FIELD(keep),
     .arg = "COL,...",
     .help = "Leaves these columns their types, as keys of joins. The option may be repeated."},
    {.name = "select",
     .type = HW_OPTION_LIST,
     .whole = true,
     OPTIMIZE_FIELD(columns.select),
     .arg = "COL,...",
     .fallback = "all",
     .help = "Takes only these columns, each at its place. The option may be repeated."},
    {.name = "mask",
     .type = HW_OPTION_LIST,
     .whole = true,
     OPTIMIZE_FIELD(mask),
     .arg = "COL,...",
     .help = "Makes every value of these columns null; nothing of them stays in the file. The option may be repeated."},
    {.name = "bloom",
     .type = HW_OPTION_LIST,
     .whole = true,
     OPTIMIZE_FIELD(bloom),
     .arg = "COL[:FPP],...",
     .fallback = "the columns that have them",
     .help = "Writes bloom filters for these columns, by which readers leave out row groups that do not have a value. "
             "FPP is the false positive probability, 0.01 unless it is given: the smaller, the larger is the filter. "
             "The option may be repeated."},
    {.name = "sort",
     .type = HW_OPTION_LIST,
     .whole = true,
     OPTIMIZE_FIELD(sort),
     .arg = "COL[:desc],...",
     .help = "Sorts the rows of each output by these columns, the first one first; :desc turns the order of one over. "
             "Nulls come last and NaN is above all numbers; rows that are equal stay in their order. What does not fit "
             "in the memory is put aside beside DST. The option may be repeated."},
    {.name = "row-group-rows",
     .type = HW_OPTION_COUNT,
     OPTIMIZE_FIELD(optimize.row_group_rows),
     .arg = "N",
     .min = 1,
     .max = INT32_MAX,
     .fallback = "1048576",
     .help = "Ends a row group at so many rows."},
    {.name = "row-group-bytes",
     .type = HW_OPTION_SIZE,
     OPTIMIZE_FIELD(optimize.row_group_bytes),
     .arg = "SIZE",
     .min = 1,
     .fallback = "128MiB",
     .help = "Ends a row group at about so many stored bytes."},
    {.name = "merge",
     .type = HW_OPTION_FLAG,
     OPTIMIZE_FIELD(optimize.merge),
     .help = "Makes one file of all sources, with their rows one after the other. Their columns have to agree."},
    {.name = "target-bytes",
     .type = HW_OPTION_SIZE,
     OPTIMIZE_FIELD(optimize.target_bytes),
     .arg = "SIZE",
     .min = 1,
     .help =
         "Joins and divides the files of each folder to files of one size, at most about this one, which are called "
         "part-00000.parquet and so on. Folders whose files are as large already keep them."},
    {.name = "file-metadata",
     .type = HW_OPTION_CHOICE,
     OPTIMIZE_FIELD(optimize.metadata),
     .choices = metadata_choices,
     .fallback = "equal",
     .help = "Chooses what becomes of key-value metadata on which joined files do not agree: it is left out, that of "
             "the first file is taken, or the files are not joined."},
    {.name = "force",
     .type = HW_OPTION_FLAG,
     OPTIMIZE_FIELD(optimize.force),
     .help = "Writes also files that do not get smaller, and those that were done before."},
    {.name = "overwrite",
     .type = HW_OPTION_CHOICE,
     OPTIMIZE_FIELD(optimize.overwrite),
     .choices = overwrite_choices,
     .fallback = "replace",
     .help = "What happens where something is at the place of an output that is not its own source."},
    {.name = "max-page-bytes",
     .type = HW_OPTION_SIZE,
     OPTIMIZE_FIELD(page_bytes_max),
     .arg = "SIZE",
     .min = 1,
     .fallback = "256MiB",
     .help = "Does not read larger pages; the file fails then."},
};
static const struct hw_option_group optimize_group = {"Optimize", optimize_rows, COUNT_OF(optimize_rows)};

/* Bits for the rows of the columns' group: drop and rename; --select keeps places here. */
enum { COLUMNS_ROWS = 6 };

static const struct hw_option_part parts[] = {
    {&optimize_group, 0, 0},
    {&hw_columns_option_group, offsetof(struct optimize_args, columns), COLUMNS_ROWS},
    {&hw_write_option_group, offsetof(struct optimize_args, write), 0},
    {&hw_run_option_group, offsetof(struct optimize_args, run),
     HW_RUN_MEMORY | HW_RUN_THREADS | HW_RUN_DRY_RUN | HW_RUN_REPORT | HW_RUN_JSON | HW_RUN_QUIET | HW_RUN_VERBOSE |
         HW_RUN_LOG | HW_RUN_CONFIG},
    {&hw_store_option_group, offsetof(struct optimize_args, store), 0},
    {&hw_source_option_group, offsetof(struct optimize_args, store), 0},
    {&hw_read_option_group, offsetof(struct optimize_args, write), 0},
    {&hw_common_options, 0, 0},
};
static const struct hw_option_set options = {parts, COUNT_OF(parts)};

static const char description[] =
    "Writes Parquet files anew, smaller, with the same rows in the same order, the same types and the same metadata. "
    "Encodings and compression are chosen for each column by trial, and small row groups are joined. What was encoded "
    "is decoded again and compared, value by value, before a file becomes visible.\n\n"
    "SRC is a file, an object, a folder or prefix that ends in /, or a glob. Below a folder those files are meant that "
    "end in .parquet, .pq or .parq. DST is a folder, in which the path below SRC is kept, or the output of a single "
    "file. Where DST names the source itself, each file takes its own place; whatever happens, there is the old file "
    "or the whole new one.\n\n"
    "With --merge and --target-bytes rows come into other files than they were in, and never in place: no file of a "
    "folder appears before all of them are proved.\n\n"
    "A file that would not get 1 % smaller is left alone, and so is one that an earlier run has made with the same "
    "options: in place it is not touched, elsewhere it is copied.";

static const struct hw_example examples[] = {
    {"hawser optimize orders.parquet small.parquet", "One file, to another place."},
    {"hawser optimize lake/ lake/", "All files below a folder, in place."},
    {"hawser optimize s3://lake/raw/ s3://lake/small/ --effort best", "As small as can be, whatever it costs."},
    {"hawser optimize --merge day/ day.parquet", "All files of a folder become one."},
    {"hawser optimize --target-bytes 256MiB lake/ even/", "Small files are joined, and large ones divided."},
    {"hawser optimize --dry-run --json lake/", "What each file and column would come to."},
};

static const char *const operand_names[] = {"SRC", "DST"};

/* A run of the command. */
struct run {
    struct hw_teller teller;
    bool dry_run;
};

static enum hw_status file_tell(void *ctx, const struct hw_optimized *file, struct hw_error *err);
static void sums_tell(struct run *run, const struct hw_optimize_sums *sums);

static enum hw_status downcast_read(const char *text, struct hw_optimize_options *out, struct hw_error *err) {
    static const struct {
        const char *word;
        enum hw_downcast downcast;
    } words[] = {{"off", HW_DOWNCAST_OFF}, {"exact", HW_DOWNCAST_EXACT}, {"decimals", HW_DOWNCAST_DECIMALS}};
    static const hw_view tolerance = HW_VIEW_INIT("tolerance=");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!text || strcmp(text, words[i].word) == 0) {
            out->downcast = text ? words[i].downcast : HW_DOWNCAST_OFF;
            return HW_OK;
        }
    }
    char *end = NULL;
    if (hw_view_starts(hw_view_of(text), tolerance)) {
        out->downcast = HW_DOWNCAST_TOLERANCE;
        out->tolerance = strtod(text + tolerance.size, &end);
    }
    if (!end || *end != '\0' || end == text + tolerance.size) {
        return hw_fail(err, HW_EUSAGE, "--downcast is off, exact, decimals or tolerance=X, not \"%.100s\"", text);
    }
    return HW_OK;
}

/* The part behind the last colon is a way to sort if it is one of the two: names have colons. */
static enum hw_status sort_read(const struct hw_option_list *list, struct hw_arena *arena,
                                struct hw_optimize_options *out, struct hw_error *err) {
    static const struct {
        hw_view word;
        bool descending;
    } ways[] = {{HW_VIEW_INIT(":asc"), false}, {HW_VIEW_INIT(":desc"), true}};
    const char *const *names;
    HW_TRY(hw_columns_args_names(list, "--sort", arena, &names, &out->sort_count, err));
    struct hw_optimize_sort *sort = hw_arena_alloc(arena, out->sort_count * sizeof(*sort));
    if (!sort) {
        return hw_fail_nomem(err, out->sort_count * sizeof(*sort));
    }
    for (size_t i = 0; i < out->sort_count; i++) {
        const hw_view name = hw_view_of(names[i]);
        sort[i] = (struct hw_optimize_sort){.column = names[i]};
        for (size_t k = 0; k < COUNT_OF(ways); k++) {
            if (hw_view_ends(name, ways[k].word)) {
                sort[i].column = hw_arena_strndup(arena, name.data, name.size - ways[k].word.size);
                sort[i].descending = ways[k].descending;
            }
        }
        if (!sort[i].column) {
            return hw_fail_nomem(err, name.size);
        }
    }
    out->sort = sort;
    return HW_OK;
}

static enum hw_status options_make(const struct hw_cmd_call *call, struct hw_write_options *write,
                                   struct hw_optimize_options *out, struct hw_error *err) {
    const struct optimize_args *args = call->args;
    *out = args->optimize;
    out->size = sizeof(*out);
    out->source_store = hw_store_args_source(&args->store);
    out->target_store = hw_store_args_target(&args->store);
    out->source_store.cancelled = out->target_store.cancelled = hw_signals_cancelled;
    out->write = write;
    out->memory_bytes = args->run.memory_bytes;
    out->page_bytes_max = (size_t)args->page_bytes_max;
    out->threads = args->run.threads;
    out->dry_run = args->run.dry_run;
    out->report_path = args->run.report_path;
    HW_TRY(downcast_read(args->downcast, out, err));
    HW_TRY(hw_columns_args_names(&args->keep, "--keep", call->arena, &out->keep, &out->keep_count, err));
    HW_TRY(hw_columns_args_names(&args->mask, "--mask", call->arena, &out->mask, &out->mask_count, err));
    HW_TRY(hw_bloom_args_read(&args->bloom, "--bloom", call->arena, &out->bloom, &out->bloom_count, err));
    HW_TRY(sort_read(&args->sort, call->arena, out, err));
    HW_TRY(hw_write_args_options(&args->write, call->arena, write, err));
    return hw_columns_args_options(&args->columns, call->arena, &out->columns, err);
}

static enum hw_status optimize_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct optimize_args *args = call->args;
    struct hw_write_options write = {0};
    struct hw_optimize_options optimize;
    struct hw_optimize_sums sums = {0};
    HW_TRY(options_make(call, &write, &optimize, err));
    if (call->operands_count < 2 && !optimize.dry_run) {
        return hw_fail(err, HW_EUSAGE, "DST is missing: a file, a folder, or SRC itself, to optimise in place");
    }
    HW_AUTO(hw_write_access) access = {0};
    HW_TRY(hw_write_args_access(&args->write, &access, err));
    optimize.source_store.s3 = &access.source;
    optimize.target_store.s3 = &access.target;
    struct run run = {.dry_run = optimize.dry_run};
    hw_teller_start(&run.teller, call, &args->run);
    const struct hw_log log = {.size = sizeof(log),
                               .level = args->run.log > HW_LOG_WARN ? args->run.log : HW_LOG_WARN,
                               .write = hw_teller_log,
                               .ctx = &run.teller};
    optimize.source_store.log = optimize.target_store.log = &log;
    const struct hw_optimize_listener listener = {file_tell, &run};
    /* Of several operands the last one is DST; a dry run of a single one has none. */
    const size_t sources = call->operands_count < 2 ? 1 : call->operands_count - 1;
    const char *destination = call->operands_count < 2 ? NULL : call->operands[sources];
    enum hw_status status = hw_optimize(call->operands, sources, destination, &optimize, &listener, &sums, err);
    status = hw_teller_status(&run.teller, status);
    if ((status == HW_OK || sums.files > 0) && !hw_teller_unread(&run.teller)) {
        sums_tell(&run, &sums);
    }
    return hw_teller_finish(&run.teller, status, err);
}

/* ------ telling */

static void file_json(struct hw_json_writer *json, const void *what) {
    hw_json_object_begin(json, NULL);
    hw_report_optimized(json, what);
    hw_json_object_end(json);
}

static void sums_json(struct hw_json_writer *json, const void *what) {
    hw_json_object_begin(json, NULL);
    hw_report_optimize_sums(json, what);
    hw_json_object_end(json);
}

static double percent(uint64_t after, uint64_t before) {
    return before > 0 ? 100.0 * (double)after / (double)before : 100;
}

static enum hw_status file_tell(void *ctx, const struct hw_optimized *file, struct hw_error *err) {
    struct run *run = ctx;
    char before[HW_BYTES_TEXT_BYTES], after[HW_BYTES_TEXT_BYTES];
    (void)err;
    hw_teller_json(&run->teller, file_json, file);
    if (file->status) {
        hw_teller_error(&run->teller, file->source, file->error);
        return HW_OK;
    }
    hw_teller_detail(&run->teller, "%s " HW_SHOWN_FORMAT ": %s to %s (%.1f %%)",
                     hw_optimize_outcome_word(file->outcome), HW_SHOWN_ARGS(hw_shown_name(file->source)),
                     hw_text_bytes((double)file->bytes_before, before), hw_text_bytes((double)file->bytes_after, after),
                     percent(file->bytes_after, file->bytes_before));
    return HW_OK;
}

static void sums_tell(struct run *run, const struct hw_optimize_sums *sums) {
    char before[HW_BYTES_TEXT_BYTES], after[HW_BYTES_TEXT_BYTES];
    const uint64_t left =
        sums->outcomes[HW_OPTIMIZE_KEPT] + sums->outcomes[HW_OPTIMIZE_ALREADY] + sums->outcomes[HW_OPTIMIZE_SKIPPED];
    const uint64_t done = sums->outcomes[HW_OPTIMIZE_REWRITTEN] + sums->outcomes[HW_OPTIMIZE_PLANNED];
    hw_teller_json(&run->teller, sums_json, sums);
    hw_teller_note(&run->teller, "%s %" PRIu64 " of %s: %s to %s (%.1f %%); %" PRIu64 " left alone",
                   run->dry_run ? "would optimise" : "optimised", done, HW_COUNT(sums->files, "file"),
                   hw_text_bytes((double)sums->bytes_before, before), hw_text_bytes((double)sums->bytes_after, after),
                   percent(sums->bytes_after, sums->bytes_before), left);
}

const struct hw_cmd hw_cmd_optimize = {
    .name = "optimize",
    .summary = "Makes Parquet files smaller, with the same values, and proves it",
    .operands = "SRC... DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .options = &options,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct optimize_args),
    .run = optimize_run,
};
