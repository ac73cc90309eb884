/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/convert.h>

#include <pthread.h>
#include <unistd.h>

#include "cli/convert_args.h"
#include "cli/outcome.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/signals.h"

/* One run as the callbacks see it. */
struct run {
    const struct hw_cli *cli;
    const struct hw_convert_args *args;
    bool rejects; /* bad records are set aside */
    bool dry_run;
    struct {
        pthread_mutex_t lock; /* progress comes while objects end */
        struct hw_progress progress;
        struct hw_error told;         /* the first error that an object's line told; HW_OK: none */
        enum hw_status output_status; /* of the first line that stdout did not take */
        struct hw_error output_error;
        bool bad_record; /* failed an object */
    } shared;
};

static const char description[] =
    "Reads CSV objects, plain or packed by gzip, zstd or ZIP, and writes Parquet, Avro and CSV. Every SRC and DST is a "
    "store path: a file, a folder that ends in /, a glob, file:///path, s3://bucket/key or s3://bucket/prefix/, or - "
    "for standard input and output.\n\n"
    "A DST that ends in / is a folder: the paths below the source's folder are kept, and _manifest.json is written "
    "last. With one source, any other DST names the object itself. Several sources need a folder, or --merge.\n\n"
    "Each column gets the narrowest type that holds every value exactly; a value is never rounded, cut or dropped. An "
    "object appears at its final name only when it is complete, whatever happens.";

static const struct hw_example examples[] = {
    {"hawser convert orders.csv orders.parquet", "One file."},
    {"hawser convert s3://in/raw/ s3://out/clean/ --to parquet,avro", "Everything below a prefix, to both formats."},
    {"hawser convert 'logs/*.csv.gz' out/ --compression zstd:9 --bad-rows reject --max-rejects 1%",
     "Packed files; bad rows go to a side file, unless they are too many."},
    {"hawser convert s3://in/2026/ year.parquet --merge", "Many files become one, columns joined by name."},
    {"hawser convert - - --delimiter tab --null-values NA,NULL <in.tsv >out.parquet", "As a filter."},
    {"hawser convert 'raw/*.tsv' clean/ --to csv --csv-codec gzip",
     "To CSV in one form, each value as convert reads it."},
    {"hawser convert s3://public/raw/ s3://mine/clean/ --source-no-sign-request --profile work",
     "From a public bucket to one of your own."},
};

static enum hw_status convert_run(const struct hw_cmd_call *call, struct hw_error *err);

const struct hw_cmd hw_cmd_convert = {
    .name = "convert",
    .summary = "Converts CSV to Parquet, Avro and CSV",
    .operands = "SRC... DST",
    .description = description,
    .operand = HW_OPERAND_PATH,
    .operands_min = 2,
    .operands_max = SIZE_MAX,
    .operand_names = {"SRC", "DST"},
    .options = &hw_convert_option_set,
    .examples = examples,
    .examples_count = COUNT_OF(examples),
    .args_bytes = sizeof(struct hw_convert_args),
    .run = convert_run,
};

static enum hw_status run_finish(struct run *run, const struct hw_convert_result *result, enum hw_status status,
                                 struct hw_error *err);
static void object_note(void *ctx, const struct hw_convert_object *object);
static void object_show_locked(struct run *run, const struct hw_convert_object *object);
static void plan_show_locked(struct run *run, const struct hw_convert_object *object);
static void object_error_locked(struct run *run, const struct hw_convert_object *object);
static void warning_note(void *ctx, const struct hw_error *warning);
static void progress_note(void *ctx, const struct hw_convert_progress *state);
static bool error_same(const struct hw_error *a, const struct hw_error *b);
static void line_write_locked(struct run *run, const struct hw_buf *line);

static enum hw_status convert_run(const struct hw_cmd_call *call, struct hw_error *err) {
    const struct hw_convert_args *args = call->args;
    const char *destination = call->operands[call->operands_count - 1];
    struct hw_convert_options options;
    struct hw_convert_result result = {0};
    HW_TRY(hw_convert_args_options(args, destination, &options, err));
    if (strcmp(destination, "-") == 0 && isatty(call->cli->out_fd)) {
        return hw_fail(err, HW_EUSAGE, "standard output is a terminal, which cannot show the file");
    }

    struct run run = {.cli = call->cli,
                      .args = args,
                      .rejects = options.csv.bad_rows_reject,
                      .dry_run = options.dry_run,
                      .shared.lock = PTHREAD_MUTEX_INITIALIZER,
                      .shared.told = HW_ERROR_INIT};
    hw_progress_start(&run.shared.progress, call->cli, args->quiet || args->json);
    options.input_fd = call->cli->in_fd;
    options.output_fd = call->cli->out_fd;
    options.cancelled = hw_signals_cancelled;
    options.source_store.cancelled = hw_signals_cancelled;
    options.target_store.cancelled = hw_signals_cancelled;
    options.on_object = object_note;
    options.on_warning = warning_note;
    options.on_progress = progress_note;
    options.ctx = &run;
    enum hw_status status = hw_convert(call->operands, call->operands_count - 1, destination, &options, &result, err);
    status = run_finish(&run, &result, status, err);
    pthread_mutex_destroy(&run.shared.lock);
    return status;
}

/*
 * The last lines of a run. What the run as a whole came to is not told again where it is the error of its first object
 * that failed, which that object's line has told.
 */
static enum hw_status run_finish(struct run *run, const struct hw_convert_result *result, enum hw_status status,
                                 struct hw_error *err) {
    HW_AUTO(hw_buf) line = {0};
    bool told = run->shared.told.status != HW_OK;
    bool ran = status == HW_OK || result->objects > 0;
    hw_progress_clear(&run->shared.progress);
    if (status == HW_OK && told) {
        status = HW_EPARTIAL; /* never success with an error on the screen */
    }
    if (ran && run->args->json) {
        HW_TRY(hw_outcome_summary_json(&line, result, status, err));
        line_write_locked(run, &line);
    }
    if (ran && !run->args->quiet) {
        char text[HW_OUTCOME_TEXT_BYTES];
        hw_output_note(run->cli, "%s", hw_outcome_summary_text(result, run->dry_run, text));
        if (run->shared.bad_record && !run->rejects) {
            hw_output_note(run->cli, "hint: --bad-rows reject sets bad records aside and converts the others");
        }
    }
    if (told && (status == HW_EPARTIAL || error_same(err, &run->shared.told))) {
        *err = (struct hw_error)HW_ERROR_INIT;
    }
    if (status == HW_OK && run->shared.output_status != HW_OK) {
        *err = run->shared.output_error;
        status = run->shared.output_status;
    }
    return status;
}

static void object_note(void *ctx, const struct hw_convert_object *object) {
    struct run *run = ctx;
    pthread_mutex_lock(&run->shared.lock);
    object_show_locked(run, object);
    pthread_mutex_unlock(&run->shared.lock);
}

/* Standard output, for a line that may be as long as 100,000 outputs make it. */
struct line_sink {
    struct hw_sink base;
    const struct hw_cli *cli;
};

static enum hw_status line_sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    return hw_output_data(((struct line_sink *)base)->cli, (hw_view){data, bytes}, err);
}

static void object_show_locked(struct run *run, const struct hw_convert_object *object) {
    if (run->args->json && run->shared.output_status == HW_OK) {
        static const struct hw_sink_ops ops = {.write = line_sink_write};
        struct line_sink sink = {.base = {.ops = &ops, .etag = ""}, .cli = run->cli};
        HW_AUTO(hw_buf) line = {0};
        run->shared.output_status = hw_outcome_json(&line, &sink.base, object, &run->shared.output_error);
    }
    if (object->outcome == HW_CONVERT_FAILED && object->error) {
        object_error_locked(run, object);
    }
    if (object->outcome == HW_PLANNED && !run->args->quiet && !run->args->json) {
        plan_show_locked(run, object);
    }
}

static void plan_show_locked(struct run *run, const struct hw_convert_object *object) {
    hw_progress_clear(&run->shared.progress);
    for (size_t i = 0; i < object->outputs_count; i++) {
        hw_output_note(run->cli, "would convert %s -> %s", object->source, object->outputs[i].path);
    }
}

static void object_error_locked(struct run *run, const struct hw_convert_object *object) {
    struct hw_error error = *object->error;
    if (error.status == HW_ECANCELLED) {
        return; /* told once, for the run */
    }
    hw_error_object(&error, object->source);
    hw_progress_clear(&run->shared.progress);
    hw_output_error(run->cli, &hw_cmd_convert, &error);
    if (run->shared.told.status == HW_OK) {
        run->shared.told = error;
    }
    run->shared.bad_record |= error.status == HW_EDATA && error.line != HW_NO_POSITION;
}

static void warning_note(void *ctx, const struct hw_error *warning) {
    struct run *run = ctx;
    pthread_mutex_lock(&run->shared.lock);
    hw_progress_clear(&run->shared.progress);
    hw_output_warning(run->cli, warning);
    pthread_mutex_unlock(&run->shared.lock);
}

static void progress_note(void *ctx, const struct hw_convert_progress *state) {
    struct run *run = ctx;
    pthread_mutex_lock(&run->shared.lock);
    hw_progress_draw(&run->shared.progress, state);
    pthread_mutex_unlock(&run->shared.lock);
}

/* Compares what people would read. */
static bool error_same(const struct hw_error *a, const struct hw_error *b) {
    char texts[2][sizeof(struct hw_error) + 256];
    hw_error_format(a, texts[0], sizeof(texts[0]));
    hw_error_format(b, texts[1], sizeof(texts[1]));
    return strcmp(texts[0], texts[1]) == 0;
}

/* After the first line that could not be written no other is tried: lines must not go missing in the middle. */
static void line_write_locked(struct run *run, const struct hw_buf *line) {
    if (run->shared.output_status == HW_OK) {
        run->shared.output_status = hw_output_data(run->cli, hw_buf_view(line), &run->shared.output_error);
    }
}
