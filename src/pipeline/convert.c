/* SPDX-License-Identifier: Apache-2.0 */
/* hw_convert and hw_convert_batches: plan, run, and the books of what was done. */
#include <unistd.h>

#include <hawser/convert.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/limits.h"
#include "csv/encoding.h"
#include "pipeline/batches_check.h"
#include "pipeline/call_options.h"
#include "pipeline/destination.h"
#include "pipeline/digest.h"
#include "pipeline/given_schema.h"
#include "pipeline/ledger.h"
#include "pipeline/lister.h"
#include "pipeline/parquet_choices.h"
#include "pipeline/run.h"
#include "pipeline/run_log.h"
#include "pipeline/run_setup.h"
#include "pipeline/type_drift.h"
#include "store/location.h"

/* What is converted: what is found under some names, or the rows of a stream that has one. */
struct origin {
    const char *const *names;
    size_t count;
    struct hw_batch_stream *batches; /* NULL: there is none */
};

/* Everything of one call. */
struct conversion_call {
    struct hw_convert_options own_options; /* the caller's, with what it left open filled in */
    const struct hw_convert_options *options;
    struct hw_destination destination;
    struct hw_plan plan;
    struct hw_left_out left_out;
    struct hw_lister lister;
    struct hw_run_setup setup;
    struct hw_run_context run;
    struct hw_type_survey survey;
    struct hw_ledger ledger;
    struct hw_schema_file given;
    struct hw_arena arena;
    char digest[HW_SHA256_HEX_BYTES];
    int64_t started_us;
    int64_t started_monotonic_us;
    struct {
        pthread_mutex_t lock;
        struct hw_convert_result result;
        enum hw_status first_status; /* of the first object that failed */
        struct hw_error first_error;
        struct hw_type_drift drift; /* of what was converted to a folder */
    } synced;
};

static enum hw_status call_make(const struct origin *origin, const char *destination,
                                const struct hw_convert_options *options, struct hw_convert_result *out_result,
                                struct hw_error *err);
static enum hw_status call_prepare(struct conversion_call *call, const struct origin *origin, struct hw_error *err);
static enum hw_status call_run(struct conversion_call *call, struct hw_error *err);
static enum hw_status call_close(struct conversion_call *call, enum hw_status status, struct hw_error *err);
static void call_release(struct conversion_call *call);

/* Fills in what the caller left open. */
static void options_fill(struct conversion_call *call) {
    struct hw_convert_options *options = &call->own_options;
    call->destination.asked = options->formats;
    hw_destination_fill(&call->destination, options);
    /* Here there is one set of types in any case. */
    if (options->merge || options->csv.types == HW_CSV_TYPES_TEXT) {
        options->one_schema = false;
    }
    struct hw_store_options *const stores[] = {&options->source_store, &options->target_store};
    for (size_t i = 0; i < COUNT_OF(stores); i++) {
        stores[i]->log = stores[i]->log ? stores[i]->log : options->log;
    }
    hw_run_setup_fill(&call->setup, options);
}

enum hw_status hw_convert(const char *const *sources, size_t sources_count, const char *destination,
                          const struct hw_convert_options *options, struct hw_convert_result *out_result,
                          struct hw_error *err) {
    const struct origin origin = {.names = sources, .count = sources_count};
    return call_make(&origin, destination, options, out_result, err);
}

enum hw_status hw_convert_batches(struct hw_batch_stream *batches, const char *name, const char *destination,
                                  const struct hw_convert_options *options, struct hw_convert_result *out_result,
                                  struct hw_error *err) {
    const struct origin origin = {.names = &name, .count = 1, .batches = batches};
    enum hw_status status = call_make(&origin, destination, options, out_result, err);
    batches->free(batches);
    return status;
}

static enum hw_status call_make(const struct origin *origin, const char *destination,
                                const struct hw_convert_options *options, struct hw_convert_result *out_result,
                                struct hw_error *err) {
    struct conversion_call call = {.started_us = hw_clock_now_us(), .started_monotonic_us = hw_clock_monotonic_us()};
    call.destination.name = destination;
    *out_result = (struct hw_convert_result){0};
    HW_TRY(hw_call_convert_options(options, &call.own_options, err));
    if (origin->batches) {
        HW_TRY(hw_batches_check_options(&call.own_options, err));
        HW_TRY(hw_batches_check_name(origin->names[0], err));
    }
    options_fill(&call);
    call.options = call.run.options = &call.own_options;
    call.run.cancelled = hw_run_cancelled;
    pthread_mutex_init(&call.synced.lock, NULL);
    hw_run_log_start(call.options->log, call.options->threads, call.options->memory_bytes);
    enum hw_status status = call_prepare(&call, origin, err);
    if (status == HW_OK) {
        status = call_run(&call, err);
        call.synced.result.seconds = (double)(hw_clock_monotonic_us() - call.started_monotonic_us) / 1e6;
        call.synced.result.junk_left_out = atomic_load(&call.left_out.junk);
        call.synced.result.texts_left_out = atomic_load(&call.left_out.texts);
        call.synced.result.not_tried = call.run.not_tried;
        status = call_close(&call, status, err); /* what was done is kept, however the run ended */
    }
    *out_result = call.synced.result;
    hw_run_log_end(call.options->log, out_result, status, err);
    call_release(&call);
    return status;
}

static void call_release(struct conversion_call *call) {
    hw_type_drift_release(&call->synced.drift);
    hw_lister_release(&call->lister);
    hw_ledger_release(&call->ledger);
    hw_plan_release(&call->plan);
    hw_type_survey_release(&call->survey);
    hw_arena_release(&call->arena);
    hw_target_keys_release(&call->run.target_keys);
    hw_run_setup_release(&call->run);
    pthread_mutex_destroy(&call->synced.lock);
}

static enum hw_status formats_prepare(struct conversion_call *call, struct hw_error *err);
static enum hw_status schema_load(struct conversion_call *call, struct hw_error *err);
static void warning_tell(void *ctx, const struct hw_error *warning);
static enum hw_status files_check(const struct conversion_call *call, struct hw_error *err);
static enum hw_status target_check(struct conversion_call *call, struct hw_error *err);
static void object_done(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files);
static void refused_tell(void *ctx, const char *source, const struct hw_error *error);
static void call_progress(void *ctx);

static enum hw_status plan_open(struct conversion_call *call, const struct origin *origin, struct hw_error *err) {
    const char *destination = call->destination.name;
    return origin->batches
               ? hw_plan_open_batches(&call->plan, origin->batches, origin->names[0], destination, call->options, err)
               : hw_plan_open(&call->plan, origin->names, origin->count, destination, call->options, err);
}

static enum hw_status twice_check(const struct conversion_call *call, const struct origin *origin,
                                  struct hw_error *err) {
    for (size_t i = 0; call->options->one_schema && i < origin->count; i++) {
        if (strcmp(origin->names[i], "-") == 0) {
            return hw_fail(err, HW_EUSAGE,
                           "with --one-schema every source is read twice, and standard input comes only once: "
                           "save it to a file first");
        }
    }
    return HW_OK;
}

/* What earlier runs have made is known before anything is listed: it is no source. */
static enum hw_status call_prepare(struct conversion_call *call, const struct origin *origin, struct hw_error *err) {
    if (origin->count == 0 && !call->options->files_from) {
        return hw_fail(err, HW_EUSAGE, "no source is named");
    }
    HW_TRY(twice_check(call, origin, err));
    call->run.warn = (struct hw_warn){warning_tell, call};
    HW_TRY(formats_prepare(call, err));
    HW_TRY(hw_csv_encoding_check(call->options->csv.encoding, err));
    HW_TRY(schema_load(call, err));
    HW_TRY(hw_options_digest(call->options, &call->given, call->digest, err));
    HW_TRY(plan_open(call, origin, err));
    HW_TRY(target_check(call, err));
    HW_TRY(hw_ledger_open(&call->ledger, &call->plan, call->options, &call->run.warn, call->started_us, err));
    hw_destination_warn(&call->destination, &call->plan, &call->run.warn);
    const struct hw_lister_options lister = {
        .outputs = {call->run.formats, &call->run.output},
        .refused = refused_tell,
        .on_wait = call_progress,
        .ctx = call,
        .left_out = &call->left_out,
        .before = call->ledger.missing ? NULL : &call->ledger.manifest.before,
    };
    return hw_lister_start(&call->lister, &call->plan, &lister, err);
}

static enum hw_status target_check(struct conversion_call *call, struct hw_error *err) {
    HW_TRY(hw_destination_check(&call->destination, &call->plan, err));
    if (call->plan.target_key && (call->run.formats & (call->run.formats - 1)) != 0) {
        return hw_fail(err, HW_EUSAGE, "several formats need a folder as destination: end \"%.200s\" with '/'",
                       call->destination.name);
    }
    HW_TRY(files_check(call, err));
    if (call->plan.target_pipe && call->options->csv.bad_rows_reject) {
        return hw_fail(err, HW_EUSAGE, "rejected records need a folder or file as destination, not \"-\"");
    }
    call->run.output.csv.delimiter = hw_destination_delimiter(&call->destination, &call->plan);
    return HW_OK;
}

/* What stops nothing goes to the caller and to the report. */
static void warning_tell(void *ctx, const struct hw_error *warning) {
    struct conversion_call *call = ctx;
    pthread_mutex_lock(&call->synced.lock);
    hw_ledger_warn(&call->ledger, warning);
    if (call->options->on_warning) {
        call->options->on_warning(call->options->ctx, warning);
    }
    pthread_mutex_unlock(&call->synced.lock);
}

/* Many files need a place. */
static enum hw_status files_check(const struct conversion_call *call, struct hw_error *err) {
    const struct hw_convert_options *options = call->options;
    if (options->max_file_bytes > 0 && call->plan.target_pipe) {
        return hw_fail(err, HW_EUSAGE, "files of a size need a folder or file as destination, not \"-\"");
    }
    if (options->partition_by_count > 0 && !call->plan.target_prefix) {
        return hw_fail(err, HW_EUSAGE, "partitions need a folder as destination: end \"%.200s\" with '/'",
                       call->destination.name);
    }
    if (options->partition_by_count > HW_PARTITION_COLUMNS_MAX) {
        return hw_fail(err, HW_EUSAGE, "partitions are made by %u columns at most", HW_PARTITION_COLUMNS_MAX);
    }
    for (size_t i = 0; i < options->partition_by_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(options->partition_by[i], options->partition_by[k]) == 0) {
                return hw_fail(err, HW_EUSAGE, "column \"%.100s\" is named twice for partitions",
                               options->partition_by[i]);
            }
        }
    }
    return HW_OK;
}

static enum hw_status codec_choose(const struct conversion_call *call, enum hw_format format, const char *own,
                                   enum hw_codec *out_codec, int *out_level, struct hw_error *err);
static enum hw_status effort_choose(const struct hw_convert_options *options, struct hw_parquet_options *parquet,
                                    struct hw_error *err);
static enum hw_status forms_check(const struct hw_convert_options *options, struct hw_error *err);

static enum hw_status formats_prepare(struct conversion_call *call, struct hw_error *err) {
    const struct hw_convert_options *options = call->options;
    struct hw_output_options *output = &call->run.output;

    if ((unsigned)options->verify > HW_VERIFY_VALUES) {
        return hw_fail(err, HW_EUSAGE, "there is no level %u of verification", (unsigned)options->verify);
    }
    call->run.formats = options->formats;
    *output = (struct hw_output_options){
        .parquet.page_bytes = options->page_bytes,
        .csv.formula_guard = options->csv_formula_guard,
        .csv.binary = options->binary,
        .csv.flatten = options->nested == HW_NESTED_FLATTEN,
    };
    HW_TRY(forms_check(options, err));
    HW_TRY(hw_parquet_encodings_choose(options->encodings, &output->parquet, err));
    HW_TRY(codec_choose(call, HW_FORMAT_PARQUET, NULL, &output->parquet.codec, &output->parquet.level, err));
    HW_TRY(effort_choose(options, &output->parquet, err));
    HW_TRY(codec_choose(call, HW_FORMAT_AVRO, options->avro_codec, &output->avro_codec, &output->avro_level, err));
    return codec_choose(call, HW_FORMAT_CSV, options->csv_compression, &output->csv.codec, &output->csv.level, err);
}

/* A form that would change nothing is refused, except the default one. */
static enum hw_status forms_check(const struct hw_convert_options *options, struct hw_error *err) {
    if ((unsigned)options->binary > HW_BINARY_UTF8 || (unsigned)options->nested > HW_NESTED_FAIL) {
        return hw_fail(err, HW_EUSAGE, "there is no form %u of binary or %u of nested values",
                       (unsigned)options->binary, (unsigned)options->nested);
    }
    if (options->binary != HW_BINARY_BASE64 && !(options->formats & HW_FORMAT_CSV)) {
        return hw_fail(err, HW_EUSAGE, "a form of binary values is for CSV, which is not written (--binary)");
    }
    if (options->nested != HW_NESTED_JSON && options->formats != HW_FORMAT_CSV) {
        return hw_fail(err, HW_EUSAGE,
                       "a form of nested values is for CSV alone: other formats have them as they are (--nested)");
    }
    return HW_OK;
}

/*
 * What is said of the format itself; else what is said in general, which means the first of those
 * that are written.
 */
static enum hw_status codec_choose(const struct conversion_call *call, enum hw_format format, const char *own,
                                   enum hw_codec *out_codec, int *out_level, struct hw_error *err) {
    unsigned first = call->run.formats & (0 - call->run.formats);
    const char *text = own ? own : first == format ? call->options->compression : NULL;

    *out_codec = HW_CODEC_DEFAULT;
    *out_level = HW_LEVEL_DEFAULT;
    return text ? hw_codec_parse(text, out_codec, out_level, err) : HW_OK;
}

/* An effort that would change nothing is refused, except the default one. */
static enum hw_status effort_choose(const struct hw_convert_options *options, struct hw_parquet_options *parquet,
                                    struct hw_error *err) {
    const enum hw_codec codec = parquet->codec == HW_CODEC_DEFAULT ? HW_CODEC_ZSTD : parquet->codec;

    HW_TRY(hw_parquet_effort_choose(options->effort, parquet, err));
    if (options->effort == HW_EFFORT_NORMAL) {
        return HW_OK;
    }
    if (!(options->formats & HW_FORMAT_PARQUET)) {
        return hw_fail(err, HW_EUSAGE, "an effort is for Parquet, which is not written");
    }
    if (parquet->level != HW_LEVEL_DEFAULT) {
        return hw_fail(err, HW_EUSAGE, "an effort chooses the level itself: name %s without a level",
                       hw_codec_name(codec));
    }
    if (hw_codec_levels(codec, parquet->level, HW_CODEC_BEST).count == 1) {
        return hw_fail(err, HW_EUSAGE, "an effort chooses among levels, and %s has none", hw_codec_name(codec));
    }
    return HW_OK;
}

static enum hw_status schema_load(struct conversion_call *call, struct hw_error *err) {
    const struct hw_convert_options *options = call->options;
    return hw_given_schema_load(options->csv.schema_path, &options->columns, &options->source_store, &call->arena,
                                &call->given, err);
}

static void call_progress(void *ctx) {
    struct conversion_call *call = ctx;
    if (!call->options->on_progress) {
        return;
    }
    pthread_mutex_lock(&call->synced.lock);
    const struct hw_window_sums found = hw_lister_sums(&call->lister);
    /* Members of ZIPs are objects, too: there may be more than were found. */
    const uint64_t objects_done = call->synced.result.objects;
    const uint64_t unread = hw_min_size(atomic_load(&call->run.bytes_unread), found.bytes);
    const struct hw_convert_progress progress = {
        .objects_total = call->options->merge ? 1 : hw_max_size(found.objects, objects_done),
        .objects_done = objects_done,
        .bytes_total = (call->run.survey ? 2 * found.bytes : found.bytes) - unread,
        .listing = !found.ended,
        .bytes_done = atomic_load(&call->run.bytes_done),
        .rows_done = atomic_load(&call->run.rows_done),
    };
    call->options->on_progress(call->options->ctx, &progress);
    pthread_mutex_unlock(&call->synced.lock);
}

static void refused_tell(void *ctx, const char *source, const struct hw_error *error) {
    const struct hw_convert_object object = {.source = source, .outcome = HW_CONVERT_FAILED, .error = error};
    object_done(ctx, &object, NULL);
}

static enum hw_status survey_make(struct conversion_call *call, const struct hw_run_options *progress, bool *out_whole,
                                  struct hw_error *err);

/* All outputs of the objects found so far, less those that the manifest tells of, are new. */
static void target_keys_list(struct conversion_call *call) {
    const unsigned formats = (unsigned)__builtin_popcount(call->run.formats);
    const uint64_t outputs = call->options->merge ? formats : formats * hw_lister_sums(&call->lister).objects;
    const uint64_t known = call->ledger.manifest.before.count;
    hw_target_keys_list(&call->run.target_keys, &call->plan, outputs > known ? outputs - known : 0);
}

static enum hw_status call_run(struct conversion_call *call, struct hw_error *err) {
    const struct hw_convert_options *options = call->options;
    struct hw_run_context *run = &call->run;

    run->plan = &call->plan;
    run->left_out = &call->left_out;
    run->lister = &call->lister;
    HW_TRY(hw_run_setup_divide(&call->setup, run, err));
    run->before = &call->ledger.manifest.before;
    run->journals = call->ledger.journals.store ? &call->ledger.journals : NULL;
    run->given = call->given.schema.count > 0 ? &call->given : NULL;
    run->options_digest = call->digest;
    run->done = object_done;
    run->ctx = call;

    for (size_t i = 0; i < call->lister.missing_count; i++) {
        refused_tell(call, call->lister.missing[i].object, &call->lister.missing[i]);
    }
    if (options->merge && call->lister.missing_count > 0) {
        return HW_OK; /* nothing is made of some of the sources */
    }
    const struct hw_run_options progress = {.on_progress = call_progress, .ctx = call};
    bool surveyed = true;
    target_keys_list(call);
    HW_TRY(options->one_schema ? survey_make(call, &progress, &surveyed, err) : HW_OK);
    return surveyed ? hw_run(run, &progress, err) : HW_OK;
}

/* Reads all sources for their values. `*out_whole` is false where that was stopped. */
static enum hw_status survey_make(struct conversion_call *call, const struct hw_run_options *progress, bool *out_whole,
                                  struct hw_error *err) {
    struct hw_run_context *run = &call->run;
    hw_type_survey_begin(&call->survey);
    run->survey = &call->survey;
    HW_TRY(hw_run(run, progress, err));
    call->survey.running = false;
    atomic_store(&run->rows_done, 0);
    *out_whole = !hw_run_cancelled(run);
    if (*out_whole) {
        hw_lister_again(&call->lister);
    }
    return HW_OK;
}

/* Of a merge, or an output of its own, nobody asks whether others have the same types. */
static void types_note(struct conversion_call *call, const struct hw_convert_object *object) {
    const bool made = object->outcome == HW_CONVERTED || object->outcome == HW_PLANNED;
    if (made && object->schema && call->plan.target_prefix && !call->options->merge) {
        /* Without memory for it, there is a word less. */
        enum hw_status ignored = hw_type_drift_add(&call->synced.drift, object->schema, object->source, NULL);
        (void)ignored;
    }
}

/* Counts an outcome, tells the caller, and keeps it for report and manifest. */
static void object_done(void *ctx, const struct hw_convert_object *object, const struct hw_output_files *files) {
    struct conversion_call *call = ctx;
    pthread_mutex_lock(&call->synced.lock);
    struct hw_convert_result *result = &call->synced.result;
    result->objects++;
    result->converted += object->outcome == HW_CONVERTED;
    result->skipped += object->outcome == HW_SKIPPED;
    result->failed += object->outcome == HW_CONVERT_FAILED;
    atomic_store(&call->run.failed, result->failed);
    if (object->outcome == HW_CONVERTED) {
        result->bytes_in += object->source_bytes;
        result->rows_in += object->rows_in;
        result->rows_out += object->rows_out;
        result->rejected += object->rejected;
        result->restarted += object->restarted;
        result->limited += object->limited;
    }
    if (object->error && call->synced.first_status == HW_OK) {
        call->synced.first_status = object->error->status;
        call->synced.first_error = *object->error;
    }
    for (size_t i = 0; object->outcome == HW_CONVERTED && i < object->outputs_count; i++) {
        result->bytes_out += object->outputs[i].bytes;
    }
    types_note(call, object);
    hw_ledger_add(&call->ledger, object, files);
    hw_run_log_object(call->options->log, object);
    if (call->options->on_object) {
        call->options->on_object(call->options->ctx, object);
    }
    pthread_mutex_unlock(&call->synced.lock);
}

/* What the call as a whole came to: a stop, nothing found, some or all objects failed. */
static enum hw_status call_status(struct conversion_call *call, struct hw_error *err) {
    const struct hw_convert_result *result = &call->synced.result;
    if (hw_run_cancelled(&call->run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped before it was done");
    }
    if (result->failed == 0) {
        return HW_OK;
    }
    if (result->failed < result->objects) {
        return hw_fail(err, HW_EPARTIAL, "%" PRIu64 " of %" PRIu64 " objects failed", result->failed, result->objects);
    }
    return hw_error_pass(err, call->synced.first_status, &call->synced.first_error);
}

/* The first thing that went wrong counts: in the run, with an object, in keeping the books. */
static enum hw_status call_close(struct conversion_call *call, enum hw_status status, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    if (status == HW_OK) {
        status = call_status(call, err);
    }
    hw_type_drift_tell(&call->synced.drift, &call->run.warn);
    enum hw_status closed = hw_ledger_close(&call->ledger, &call->synced.result, status, &fault);
    if (status == HW_OK && closed != HW_OK && err) {
        *err = fault;
    }
    return status == HW_OK ? closed : status;
}
