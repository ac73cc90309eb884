/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hw_infer and hw_infer_sources: the schema that hw_convert would use. It is a run that merges its
 * sources, and ends when their values are known: see pipeline/type_survey.h.
 */
#include <hawser/csv.h>

#include "core/alloc.h"
#include "core/limits.h"
#include "csv/encoding.h"
#include "csv/schema_file.h"
#include "pipeline/call_options.h"
#include "pipeline/given_schema.h"
#include "pipeline/run.h"
#include "pipeline/run_setup.h"

/* Everything of one call. */
struct inference {
    const struct hw_infer_options *options;
    struct hw_convert_options convert; /* those of the run */
    struct hw_plan plan;
    struct hw_lister lister;
    struct hw_run_setup setup;
    struct hw_run_context run;
    struct hw_type_survey survey;
    struct hw_left_out left_out;
    /* What the one job of the run has come to. */
    struct hw_buf json;     /* handed out, or released */
    struct hw_store *store; /* of the schema file; NULL: there is none */
    struct hw_sink *sink;
    struct hw_infer_looked looked;
    struct hw_note notes[HW_NOTE_KIND_COUNT];
    size_t notes_count;
    struct hw_schema_file given; /* the types that are given */
    struct hw_arena arena;       /* texts of notes, and of that */
    struct hw_error fault;       /* of the job; HW_OK: none */
};

static void inference_release(struct inference *inference) {
    if (inference->sink) {
        inference->sink->ops->free(inference->sink);
    }
    hw_store_close(inference->store);
    hw_lister_release(&inference->lister);
    hw_plan_release(&inference->plan);
    hw_type_survey_release(&inference->survey);
    hw_run_setup_release(&inference->run);
    hw_buf_release(&inference->json);
    hw_arena_release(&inference->arena);
}

static void options_make(struct inference *inference);
static enum hw_status sources_find(struct inference *inference, const char *const *sources, size_t count,
                                   struct hw_error *err);
static enum hw_status sources_survey(struct inference *inference, struct hw_error *err);
static enum hw_status schema_tell(struct inference *inference, char **out_json, struct hw_error *err);

enum hw_status hw_infer(const char *source, const struct hw_infer_options *options, char **out_json,
                        struct hw_error *err) {
    return hw_infer_sources(&source, 1, options, out_json, err);
}

enum hw_status hw_infer_sources(const char *const *sources, size_t sources_count, const struct hw_infer_options *given,
                                char **out_json, struct hw_error *err) {
    struct hw_infer_options options;
    HW_TRY(hw_call_infer_options(given, &options, err));
    struct inference inference = {.options = &options, .fault = HW_ERROR_INIT};
    options_make(&inference);
    enum hw_status status = sources_find(&inference, sources, sources_count, err);
    if (status == HW_OK && options.output_path) {
        status = hw_store_sink_at(options.output_path, &options.target_store, "application/json", &inference.store,
                                  &inference.sink, err);
    }
    if (status == HW_OK) {
        status = sources_survey(&inference, err);
    }
    if (status == HW_OK) {
        status = schema_tell(&inference, out_json, err);
    }
    if (status != HW_OK && sources_count == 1) {
        hw_error_object(err, sources[0]);
    }
    inference_release(&inference);
    return status;
}

/* Bad records are left out. The schema file may not take the place of a source. */
static void options_make(struct inference *inference) {
    const struct hw_infer_options *options = inference->options;
    inference->convert = (struct hw_convert_options){
        .formats = HW_FORMAT_PARQUET,
        .from = HW_FORMAT_CSV,
        .csv = options->csv,
        .columns = options->columns,
        .include = options->include,
        .include_count = options->include_count,
        .exclude = options->exclude,
        .exclude_count = options->exclude_count,
        .files_from = options->files_from,
        .files_from_nul = options->files_from_nul,
        .all_files = options->all_files,
        .merge = true,
        .memory_bytes = options->memory_bytes,
        .threads = options->threads,
        .report_path = options->output_path,
        .source_store = options->source_store,
        .target_store = options->target_store,
        .input_fd = options->input_fd,
        .cancelled = options->source_store.cancelled,
        .ctx = options->source_store.cancelled_ctx,
    };
    inference->convert.csv.bad_rows_reject = true;
    inference->convert.csv.rejects_max = 0;
    inference->convert.csv.rejects_max_ratio = 0;
    inference->convert.csv.schema_path = NULL;
    hw_run_setup_fill(&inference->setup, &inference->convert);
}

/* ------ sources */

static void refused_ignore(void *ctx, const char *source, const struct hw_error *error) {
    (void)ctx;
    (void)source;
    (void)error; /* A merge refuses no source while it is listed. */
}

/* Nothing is ever written to standard output: the run makes nothing. */
static enum hw_status sources_find(struct inference *inference, const char *const *sources, size_t count,
                                   struct hw_error *err) {
    struct hw_lister *lister = &inference->lister;
    if (count == 0 && !inference->options->files_from) {
        return hw_fail(err, HW_EUSAGE, "no source is named");
    }
    HW_TRY(hw_given_schema_load(inference->options->csv.schema_path, &inference->options->columns,
                                &inference->options->source_store, &inference->arena, &inference->given, err));
    HW_TRY(hw_csv_encoding_check(inference->options->csv.encoding, err));
    HW_TRY(hw_plan_open(&inference->plan, sources, count, "-", &inference->convert, err));
    inference->plan.report_role = "schema file";
    const struct hw_lister_options listing = {
        .outputs = {inference->convert.formats, &inference->run.output},
        .refused = refused_ignore,
        .left_out = &inference->left_out,
    };
    HW_TRY(hw_lister_start(lister, &inference->plan, &listing, err));
    return lister->missing_count == 0 ? HW_OK : hw_error_pass(err, lister->missing[0].status, &lister->missing[0]);
}

/* ------ values */

/* The one job is only told of where it has failed. */
static void object_failed(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files) {
    struct inference *inference = ctx;
    (void)files;
    inference->fault = *object->error;
}

static enum hw_status table_told(void *ctx, struct hw_table_reader *reader, bool whole, struct hw_error *err);

static enum hw_status sources_survey(struct inference *inference, struct hw_error *err) {
    struct hw_run_context *run = &inference->run;
    const bool every = inference->options->every_record;
    const bool sampled = !every && hw_lister_sums(&inference->lister).bytes > HW_INFER_WHOLE_BYTES_MAX;
    hw_type_survey_begin(&inference->survey);
    inference->survey.bytes_max = every ? UINT64_MAX : sampled ? 0 : HW_INFER_WHOLE_BYTES_MAX;
    inference->survey.told = table_told;
    inference->survey.ctx = inference;
    run->options = &inference->convert;
    run->formats = inference->convert.formats;
    run->plan = &inference->plan;
    run->left_out = &inference->left_out;
    run->lister = &inference->lister;
    run->survey = &inference->survey;
    run->given = inference->given.schema.count > 0 ? &inference->given : NULL;
    run->options_digest = "";
    run->cancelled = hw_run_cancelled;
    run->done = object_failed;
    run->ctx = inference;
    HW_TRY(hw_run_setup_divide(&inference->setup, run, err));
    HW_TRY(hw_run(run, &(struct hw_run_options){0}, err));
    if (inference->fault.status != HW_OK) {
        return hw_error_pass(err, inference->fault.status, &inference->fault);
    }
    return inference->json.size > 0 ? HW_OK : hw_fail(err, HW_ECANCELLED, "stopped before it was done");
}

/* Keeps a note beyond the reader that it is of. One that there is no memory for is not told. */
static void note_keep(void *ctx, const struct hw_note *note) {
    struct inference *inference = ctx;
    struct hw_note kept = *note;
    kept.source = hw_arena_strdup(&inference->arena, note->source);
    kept.text = hw_arena_strdup(&inference->arena, note->text);
    if (kept.source && kept.text) {
        inference->notes[inference->notes_count++] = kept;
    }
}

static enum hw_status table_told(void *ctx, struct hw_table_reader *reader, bool whole, struct hw_error *err) {
    struct inference *inference = ctx;
    HW_TRY(reader->ops->widen(reader, err));
    hw_notes_each(reader->notes, "", note_keep, inference);
    inference->looked = (struct hw_infer_looked){
        .every_record = whole,
        .records = reader->records,
        .rejected = reader->rejected,
        .texts = reader->ops->inputs_count(reader),
        .bytes = reader->bytes,
    };
    HW_TRY(hw_schema_file_write(reader->schema, &inference->json, err));
    return hw_buf_end_text(&inference->json, err);
}

/* ------ the schema */

static enum hw_status schema_tell(struct inference *inference, char **out_json, struct hw_error *err) {
    const struct hw_infer_options *options = inference->options;
    for (size_t i = 0; options->on_note && i < inference->notes_count; i++) {
        options->on_note(options->ctx, &inference->notes[i]);
    }
    if (inference->sink) {
        struct hw_sink *sink = inference->sink;
        enum hw_status status = sink->ops->write(sink, inference->json.data, strlen((char *)inference->json.data), err);
        status = status == HW_OK ? sink->ops->finish(sink, err) : status;
        if (status != HW_OK) {
            hw_error_object(err, options->output_path);
            return status;
        }
    }
    if (options->on_looked) {
        options->on_looked(options->ctx, &inference->looked);
    }
    *out_json = (char *)inference->json.data;
    inference->json = (struct hw_buf){0};
    return HW_OK;
}

void hw_text_free(char *text) {
    hw_free(text);
}
