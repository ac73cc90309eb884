/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/convert.h>

#include <unistd.h>

#include "cli/convert_args.h"
#include "cli/notes.h"
#include "cli/outcome.h"
#include "cli/signals.h"
#include "cli/teller.h"
#include "report/object.h"

enum { HINTS_MAX = 4 };

/* One run as the callbacks see it. */
struct run {
    struct hw_teller teller;
    struct hw_notes_told notes;
    struct hw_outcome_rejects rejects;
    bool dry_run;
    /* Hints that came with errors, each once; NULL behind the last. They live for ever. */
    const char *hints[HINTS_MAX];
};

static const char description[] =
    "Reads CSV, plain or packed by gzip, zstd, bzip2, xz, lz4 or ZIP, Parquet and Avro, and writes Parquet, Avro and "
    "CSV. SRC and DST may be a file, a folder that ends in /, file:///path, an object s3://bucket/key, everything "
    "below s3://bucket/prefix/, or - for standard input and output. Of a folder files are taken that are CSV by their "
    "names, .csv, .tsv, .tab and .psv, packed or not, and .zip; and .parquet, .parq, .pq and .avro where such are not "
    "written.\n\n"
    "SRC may also be an object of a web server, https://host/name.csv, whose address may be signed.\n\n"
    "SRC may also be a glob, also on S3: * and ? stand for characters but /, ** for any, [a-z] for one of these and "
    "{a,b} for either; \\ takes the meaning off the next character. A glob takes what it names, whatever that is "
    "called.\n\n"
    "A DST that ends in / is a folder: the paths below the source's folder are kept, and _manifest.json is written "
    "last. With one source, any other DST is the output itself, and its name says the format. Several sources need "
    "a folder, or --merge.\n\n"
    "Each column gets the narrowest type that holds every value exactly; a value is never rounded, cut or dropped. "
    "An output appears at its name only when it is complete, whatever happens.";

static const struct hw_example examples[] = {
    {"hawser convert orders.csv orders.parquet", "One file."},
    {"hawser convert s3://in/raw/ s3://out/clean/ --to parquet,avro", "Everything below a prefix, to both formats."},
    {"hawser convert 'logs/*.csv.gz' out/ --compression zstd:9 --bad-rows reject --max-rejects 1%",
     "Packed files; bad records go to a rejects file, unless they are too many."},
    {"hawser convert s3://in/2026/ year.parquet --merge", "Many files become one, columns joined by name."},
    {"hawser convert orders.csv orders.parquet --select id,price --type 'price=decimal(18,2)'",
     "Two columns, one of a given type."},
    {"hawser convert raw/ out/ --include '*.txt' --exclude 'old/'", "Only files of these names, and not those of old."},
    {"hawser convert raw/ out/ --files-from changed.txt", "Only the files below raw/ that a list names."},
    {"hawser convert - - --delimiter tab --null-values NA,NULL <in.tsv >out.parquet", "As a filter."},
    {"hawser convert trades.parquet trades.csv --select id,price --where 'price > 100'",
     "From Parquet, some columns of some rows."},
    {"hawser convert 'raw/*.tsv' clean/ --to csv --csv-codec gzip",
     "To CSV in one form, each value as convert reads it."},
    {"hawser convert s3://public/raw/ s3://mine/clean/ --source-no-sign-request --profile work",
     "From a public bucket to one of your own."},
};

static const char *const operand_names[] = {"SRC", "DST"};

static enum hw_status convert_run(const struct hw_cmd_call *call, struct hw_error *err);

const struct hw_cmd hw_cmd_convert = {
    .name = "convert",
    .summary = "Converts CSV, Parquet and Avro to each other",
    .operands = "SRC... DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 2,
    .operands_max = SIZE_MAX,
    .operand_names = operand_names,
    .operand_option = "files-from",
    .options = &hw_convert_option_set,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_convert_args),
    .run = convert_run,
};

static enum hw_status run_finish(struct run *run, const struct hw_convert_result *result, enum hw_status status,
                                 struct hw_error *err);
static void object_json(struct hw_json_writer *json, const void *what);
static void summary_json(struct hw_json_writer *json, const void *what);
static void object_note(void *ctx, const struct hw_convert_object *object);
static void hint_keep(struct run *run, const char *hint);
static void warning_note(void *ctx, const struct hw_error *warning);
static void progress_note(void *ctx, const struct hw_convert_progress *progress);

static enum hw_status convert_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct hw_convert_args *args = call->args;
    const char *destination = call->operands[call->operands_count - 1];
    struct hw_convert_options options;
    struct hw_convert_result result = {0};
    HW_TRY(hw_convert_args_options(args, destination, call->arena, &options, err));
    if (strcmp(destination, "-") == 0 && isatty(call->cli->out_fd)) {
        return hw_fail(err, HW_EUSAGE, "standard output is a terminal, which cannot show the file");
    }

    HW_AUTO(hw_write_access) access = {0};
    HW_TRY(hw_write_args_access(&args->write, &access, err));
    struct run run = {.dry_run = options.dry_run};
    hw_teller_start(&run.teller, call, &args->run);
    options.input_fd = call->cli->in_fd;
    options.output_fd = call->cli->out_fd;
    options.cancelled = hw_signals_cancelled;
    options.source_store.cancelled = hw_signals_cancelled;
    options.target_store.cancelled = hw_signals_cancelled;
    options.on_object = object_note;
    options.on_warning = warning_note;
    options.on_progress = progress_note;
    options.ctx = &run;
    const struct hw_log log = {.size = sizeof(log),
                               .level = args->run.log > HW_LOG_WARN ? args->run.log : HW_LOG_WARN,
                               .write = hw_teller_log,
                               .ctx = &run.teller};
    options.log = &log;
    options.source_store.s3 = &access.source;
    options.target_store.s3 = &access.target;
    enum hw_status status = hw_convert(call->operands, call->operands_count - 1, destination, &options, &result, err);
    return run_finish(&run, &result, status, err);
}

/* How the run as a whole ended. */
struct ending {
    const struct hw_convert_result *result;
    enum hw_status status;
};

static enum hw_status run_finish(struct run *run, const struct hw_convert_result *result, enum hw_status status,
                                 struct hw_error *err) {
    const struct ending ending = {result, hw_teller_status(&run->teller, status)};
    if ((ending.status == HW_OK || result->objects > 0) && !hw_teller_unread(&run->teller)) {
        char text[HW_SUMMARY_TEXT_BYTES];
        const struct hw_summary summary = hw_outcome_summary(result, run->dry_run);
        hw_teller_json(&run->teller, summary_json, &ending);
        hw_notes_tell_more(&run->notes, &run->teller);
        hw_teller_note(&run->teller, "%s", hw_summary_text(&summary, text));
        hw_outcome_lines(&run->teller, result, &run->rejects);
        for (size_t i = 0; i < HINTS_MAX && run->hints[i]; i++) {
            hw_teller_note(&run->teller, "hint: %s", run->hints[i]);
        }
    }
    hw_outcome_rejects_release(&run->rejects);
    return hw_teller_finish(&run->teller, ending.status, err);
}

static void summary_json(struct hw_json_writer *json, const void *what) {
    const struct ending *ending = what;
    hw_json_object_begin(json, NULL);
    hw_json_text(json, "type", "summary");
    hw_object_sums_write(json, ending->status, ending->result);
    hw_json_object_end(json);
}

static void object_json(struct hw_json_writer *json, const void *what) {
    hw_object_write(json, "object", what);
}

static void object_note(void *ctx, const struct hw_convert_object *object) {
    struct run *run = ctx;
    hw_teller_json(&run->teller, object_json, object);
    if (object->outcome == HW_CONVERT_FAILED && object->error) {
        hw_teller_error(&run->teller, object->source, object->error);
        hint_keep(run, object->error->hint);
    }
    if (run->dry_run && !run->teller.args->json) {
        hw_outcome_plan(&run->teller, object);
    }
    hw_outcome_rejects_note(&run->rejects, object);
    hw_notes_tell(&run->notes, &run->teller, object);
    hw_outcome_detail(&run->teller, object);
}

/* Keeps a hint for the end of the run, unless it is kept already. NULL: there is none. */
static void hint_keep(struct run *run, const char *hint) {
    size_t i = 0;
    while (i < HINTS_MAX && run->hints[i] && run->hints[i] != hint) {
        i++;
    }
    if (i < HINTS_MAX) {
        run->hints[i] = hint;
    }
}

static void warning_note(void *ctx, const struct hw_error *warning) {
    struct run *run = ctx;
    hw_teller_warning(&run->teller, warning);
}

static void progress_note(void *ctx, const struct hw_convert_progress *progress) {
    struct run *run = ctx;
    const struct hw_progress_state state = {
        .objects_done = progress->objects_done,
        .objects_total = progress->objects_total,
        .bytes_done = progress->bytes_done,
        .bytes_total = progress->bytes_total,
        .listing = progress->listing,
    };
    hw_teller_progress(&run->teller, &state);
}
