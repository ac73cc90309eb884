/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of hawser/optimize.h: find the files, do them, and tell of them in their order. Large
 * files come one after the other, each with all threads; small ones side by side.
 */
#include <hawser/optimize.h>

#include <inttypes.h>
#include <stdio.h>

#include "codec/checksum.h"
#include "core/budget.h"
#include "core/clock.h"
#include "core/count.h"
#include "core/growing.h"
#include "core/limits.h"
#include "core/thread.h"
#include "optimize/bloom_columns.h"
#include "parquet/writer.h"
#include "pipeline/line_report.h"
#include "pipeline/name_set.h"
#include "pipeline/optimize_folders.h"
#include "pipeline/optimize_guard.h"
#include "pipeline/optimize_object.h"
#include "pipeline/parquet_choices.h"
#include "report/optimize.h"
#include "store/source_end.h"

enum { GROUP_ROWS = 1048576, THREADS_MAX = 64 };
#define GROUP_BYTES HW_MIB(128)
/* Files that are found before they are done: enough that no thread waits for long. */
enum { FILES_AT_ONCE = 64 };
/* Larger files are worth all threads. */
#define SMALL_BYTES HW_MIB(8)
enum { DIGEST_BYTES = 64 };

/* A file that was found. */
struct found_file {
    struct hw_optimize_object object;
    /* It has failed before it was begun. */
    bool refused;
    enum hw_status status;
    struct hw_error error;
};

/* A call. */
struct call {
    struct hw_optimize_options options;
    const struct hw_optimize_listener *listener;
    struct hw_sources sources;
    struct hw_optimize_target target;
    struct hw_optimize_work work;
    char digest[DIGEST_BYTES];
    struct hw_optimize_survey survey;
    struct hw_optimize_manifests manifests;
    /* Sources that are joined or divided. */
    struct hw_optimize_folders folders;
    struct hw_crew *crew;
    struct hw_line_report report;
    struct found_file files[FILES_AT_ONCE];
    size_t files_count;
    /* The outputs of all files that were found. */
    struct hw_name_set outputs;
    struct hw_optimize_sums sums;
    /* The status of the first file that failed. */
    enum hw_status first;
    struct hw_error first_error;
};

static enum hw_status options_take(const struct hw_optimize_options *given, struct hw_optimize_options *out,
                                   struct hw_error *err);
static enum hw_status call_open(struct call *call, const char *const *sources, size_t count, const char *destination,
                                struct hw_error *err);
static enum hw_status call_run(struct call *call, struct hw_error *err);
static enum hw_status manifests_save(struct call *call, enum hw_status status, struct hw_error *err);
static enum hw_status call_end(const struct call *call, struct hw_error *err);

enum hw_status hw_optimize(const char *const *sources, size_t sources_count, const char *destination,
                           const struct hw_optimize_options *options, const struct hw_optimize_listener *listener,
                           struct hw_optimize_sums *out_sums, struct hw_error *err) {
    struct call call = {.listener = listener, .first_error = HW_ERROR_INIT, .manifests = HW_OPTIMIZE_MANIFESTS_INIT};
    if (out_sums) {
        *out_sums = call.sums;
    }
    HW_TRY(options_take(options, &call.options, err));
    enum hw_status status = call_open(&call, sources, sources_count, destination, err);
    status = status ? status : call_run(&call, err);
    status = manifests_save(&call, status, err);
    hw_optimize_manifests_release(&call.manifests);
    hw_sources_release(&call.sources);
    hw_optimize_target_release(&call.target);
    hw_line_report_release(&call.report);
    hw_optimize_survey_release(&call.survey);
    hw_name_set_release(&call.outputs);
    hw_optimize_folders_release(&call.folders);
    hw_crew_free(call.crew);
    if (out_sums) {
        *out_sums = call.sums;
    }
    return status ? status : call_end(&call, err);
}

enum hw_status hw_optimize_file(const char *path, const char *out, struct hw_error *err) {
    return hw_optimize(&path, 1, out, NULL, NULL, NULL, err);
}

/* ------ options */

/* Returns whether no list has a hole. */
static bool names_are_there(const struct hw_columns_options *columns) {
    bool there = true;
    for (size_t i = 0; i < columns->select_count; i++) {
        there = there && columns->select[i];
    }
    for (size_t i = 0; i < columns->drop_count; i++) {
        there = there && columns->drop[i];
    }
    for (size_t i = 0; i < columns->renames_count; i++) {
        there = there && columns->renames[i].from && columns->renames[i].to;
    }
    return there;
}

static enum hw_status columns_check(const struct hw_columns_options *columns, struct hw_error *err) {
    HW_TRY(hw_growing_reserved("hw_columns_options", columns->reserved, sizeof(columns->reserved), err));
    if (!names_are_there(columns)) {
        return hw_fail(err, HW_EUSAGE, "a column that is to be chosen or renamed has no name");
    }
    if (columns->types_count > 0 || columns->names_style != HW_NAMES_KEEP || columns->add_source) {
        return hw_fail(err, HW_EUSAGE, "optimising keeps types and names: columns can be chosen and renamed");
    }
    if (columns->select_count > 0 && columns->drop_count > 0) {
        return hw_fail(err, HW_EUSAGE, "columns are either selected or dropped, not both");
    }
    return HW_OK;
}

/* Whether the columns are there is known of each file. */
static enum hw_status blooms_check(const struct hw_optimize_options *options, struct hw_error *err) {
    for (size_t i = 0; i < options->bloom_count; i++) {
        const double fpp = options->bloom[i].fpp;
        if (!options->bloom[i].column) {
            return hw_fail(err, HW_EUSAGE, "a column that is to have bloom filters has no name");
        }
        if (fpp != 0 && !(fpp > 0 && fpp < 1)) {
            return hw_fail(err, HW_EUSAGE, "the false positive probability of a bloom filter is above 0 and below 1");
        }
    }
    return HW_OK;
}

static enum hw_status sort_check(const struct hw_optimize_options *options, struct hw_error *err) {
    bool there = true;
    for (size_t i = 0; i < options->sort_count; i++) {
        there = there && options->sort[i].column;
    }
    return there ? HW_OK : hw_fail(err, HW_EUSAGE, "a column by which rows are to be sorted has no name");
}

static enum hw_status options_take(const struct hw_optimize_options *given, struct hw_optimize_options *out,
                                   struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_optimize_options, report_path);
    struct hw_optimize_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.source_store.reserved, sizeof(taken.source_store.reserved),
                                   err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.target_store.reserved, sizeof(taken.target_store.reserved),
                                   err));
    }
    HW_TRY(columns_check(&taken.columns, err));
    if (taken.merge && taken.target_bytes > 0) {
        return hw_fail(err, HW_EUSAGE, "sources are merged to one file or become files of one size, not both");
    }
    HW_TRY(blooms_check(&taken, err));
    HW_TRY(sort_check(&taken, err));
    if (taken.downcast == HW_DOWNCAST_TOLERANCE && !(taken.tolerance > 0 && taken.tolerance < 1)) {
        return hw_fail(err, HW_EUSAGE, "the tolerance of a downcast is above 0 and below 1");
    }
    if ((unsigned)taken.int96 > HW_OPTIMIZE_INT96_TIMESTAMP) {
        return hw_fail(err, HW_EUSAGE, "INT96 is kept or becomes a timestamp: there is no %u", (unsigned)taken.int96);
    }
    taken.row_group_rows = taken.row_group_rows ? taken.row_group_rows : GROUP_ROWS;
    taken.row_group_bytes = taken.row_group_bytes ? taken.row_group_bytes : GROUP_BYTES;
    taken.memory_bytes = taken.memory_bytes ? taken.memory_bytes : hw_budget_default();
    taken.page_bytes_max = taken.page_bytes_max ? taken.page_bytes_max : HW_PARQUET_PAGE_BYTES_MAX;
    taken.threads = taken.threads ? taken.threads : (uint32_t)hw_clamp(hw_thread_count(), 1, THREADS_MAX);
    *out = taken;
    return HW_OK;
}

static enum hw_status write_options_make(struct call *call, struct hw_error *err) {
    const struct hw_optimize_options *options = &call->options;
    struct hw_parquet_options write = {.codec = HW_CODEC_ZSTD, .level = HW_LEVEL_DEFAULT};
    HW_TRY(hw_parquet_effort_choose(options->effort, &write, err));
    if (options->compression) {
        HW_TRY(hw_codec_parse(options->compression, &write.codec, &write.level, err));
    }
    HW_TRY(hw_parquet_encodings_choose(options->encodings, &write, err));
    return hw_parquet_options_fill(&write, &call->work.write, err);
}

/*
 * Names the options that decide what a file is made of a source, whatever the order of the call's
 * threads and memory is. The first number is that of this list.
 */
static enum hw_status digest_make(struct call *call, struct hw_error *err) {
    const struct hw_optimize_options *options = &call->options;
    const struct hw_columns_options *columns = &options->columns;
    HW_AUTO(hw_buf) text = {0};
    HW_TRY(hw_buf_printf(&text, err, "%s effort=%d encodings=%d rows=%" PRIu64 " bytes=%" PRIu64 " downcast=%d:%.17g",
                         options->compression ? options->compression : "", (int)options->effort,
                         (int)options->encodings, options->row_group_rows, options->row_group_bytes,
                         (int)options->downcast, options->tolerance));
    if (options->target_bytes > 0) {
        HW_TRY(hw_buf_printf(&text, err, " target=%" PRIu64, options->target_bytes));
    }
    HW_TRY(options->int96 ? hw_buf_append_text(&text, " int96", err) : HW_OK);
    for (size_t i = 0; i < options->mask_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " mask=%zu:%s", strlen(options->mask[i]), options->mask[i]));
    }
    for (size_t i = 0; i < options->keep_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " keep=%zu:%s", strlen(options->keep[i]), options->keep[i]));
    }
    for (size_t i = 0; i < columns->select_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " select=%zu:%s", strlen(columns->select[i]), columns->select[i]));
    }
    for (size_t i = 0; i < columns->drop_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " drop=%zu:%s", strlen(columns->drop[i]), columns->drop[i]));
    }
    for (size_t i = 0; i < columns->renames_count; i++) {
        HW_TRY(hw_buf_printf(&text, err, " rename=%zu:%s=%s", strlen(columns->renames[i].from),
                             columns->renames[i].from, columns->renames[i].to));
    }
    for (size_t i = 0; i < options->bloom_count; i++) {
        const struct hw_optimize_bloom *bloom = &options->bloom[i];
        HW_TRY(hw_buf_printf(&text, err, " bloom=%zu:%s:%.17g", strlen(bloom->column), bloom->column,
                             bloom->fpp == 0 ? HW_BLOOM_FPP_DEFAULT : bloom->fpp));
    }
    for (size_t i = 0; i < options->sort_count; i++) {
        const struct hw_optimize_sort *sort = &options->sort[i];
        HW_TRY(hw_buf_printf(&text, err, " sort=%zu:%s:%d", strlen(sort->column), sort->column, sort->descending));
    }
    const uint64_t sum = hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, text.data, text.size);
    snprintf(call->digest, sizeof(call->digest), "version=1;options=%016" PRIx64, sum);
    return HW_OK;
}

/* Sources that are merged have one output, whatever their number. */
static enum hw_status target_open(struct call *call, const char *destination, struct hw_error *err) {
    const struct hw_optimize_options *options = &call->options;
    const bool several = options->target_bytes > 0 || (call->sources.several && !options->merge);
    HW_TRY(hw_optimize_target_open(&call->target, destination, several, options, err));
    if (options->merge && call->target.prefix) {
        return hw_fail(err, HW_EUSAGE, "merged sources are one file, and \"%.200s\" is a folder: name a file in it",
                       destination);
    }
    return HW_OK;
}

static enum hw_status call_open(struct call *call, const char *const *sources, size_t count, const char *destination,
                                struct hw_error *err) {
    const struct hw_optimize_options *options = &call->options;
    const struct hw_columns_options *columns = &options->columns;
    const struct hw_convert_options finding = {.source_store = options->source_store, .from = HW_FORMAT_PARQUET};
    if (!destination && !options->dry_run) {
        return hw_fail(err, HW_EUSAGE, "a destination is missing: a file, a folder, or the source itself");
    }
    HW_TRY(write_options_make(call, err));
    HW_TRY(digest_make(call, err));
    HW_TRY(hw_sources_open(&call->sources, sources, count, &finding, err));
    HW_TRY(target_open(call, destination, err));
    HW_TRY(hw_crew_new(options->threads, &call->crew, err));
    HW_TRY(hw_line_report_open(&call->report, options->report_path, &options->target_store, err));
    call->work.options = options;
    call->work.target = &call->target;
    call->work.manifests = &call->manifests;
    call->folders.work = &call->work;
    call->folders.crew = call->crew;
    call->work.digest = call->digest;
    call->work.shaped = options->compression || columns->select_count > 0 || columns->drop_count > 0 ||
                        options->mask_count > 0 || columns->renames_count > 0 || options->bloom_count > 0 ||
                        options->sort_count > 0;
    return HW_OK;
}

/* ------ finding files */

/* Whether a failure is that of the call, and not of the file. */
static bool ends_call(enum hw_status status) {
    return status == HW_EUSAGE || status == HW_ENOMEM || status == HW_ECANCELLED;
}

static enum hw_status tables_refuse(struct call *call, struct hw_error *err);
static enum hw_status types_survey(struct call *call, struct hw_error *err);
static enum hw_status file_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                 struct hw_error *err);
static enum hw_status told_take(struct call *call, const struct hw_optimized *told, struct hw_error *err);
static enum hw_status files_gather(struct call *call, struct hw_error *err);
static enum hw_status files_join(struct call *call, struct hw_error *err);
static enum hw_status files_do(struct call *call, struct hw_error *err);
static void files_release(struct call *call);

static enum hw_status file_missing(void *ctx, const struct hw_error *error, struct hw_error *err) {
    (void)ctx;
    return hw_error_pass(err, error->status, error);
}

/* Sources that are joined or divided never take their own places. */
static bool is_joined(const struct call *call) {
    return call->options.merge || call->options.target_bytes > 0;
}

static enum hw_status call_run(struct call *call, struct hw_error *err) {
    const struct hw_sources_listener listener = {
        .ctx = call, .found = file_found, .missing = file_missing, .named_unseen = true};
    HW_TRY(is_joined(call) ? files_gather(call, err) : tables_refuse(call, err));
    HW_TRY(call->options.downcast || call->options.int96 ? types_survey(call, err) : HW_OK);
    enum hw_status status = is_joined(call) ? files_join(call, err) : hw_sources_list(&call->sources, &listener, err);
    status = status ? status : files_do(call, err);
    files_release(call);
    if (status == HW_OK) {
        struct hw_json_writer json = hw_line_report_begin(&call->report);
        hw_report_optimize_sums(&json, &call->sums);
        HW_TRY(hw_line_report_end(&call->report, &json, err));
        status = hw_line_report_finish(&call->report, err);
    }
    return status;
}

/* Files that were done are told of in their manifests, however the call has ended. */
static enum hw_status manifests_save(struct call *call, enum hw_status status, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status saved = hw_optimize_manifests_save(&call->manifests, &call->target, &fault);
    if (saved && status) {
        hw_error_prefix(err, "%.200s is false now, as it could not be written; and", fault.object);
    }
    return saved && !status ? hw_error_pass(err, saved, &fault) : status;
}

/* ------ tables with a log, and manifests */

/* A look at all files, before any is touched. */
struct guarding {
    struct call *call;
    struct hw_optimize_guard guard;
};

static enum hw_status file_guard(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                 struct hw_error *err) {
    struct guarding *guarding = ctx;
    struct call *call = guarding->call;
    const char *key = info ? info->key : place->key;
    struct hw_arena arena = {0};
    struct hw_optimize_place output = {0};
    if (!place->store) {
        return HW_OK; /* which is refused later */
    }
    enum hw_status status = hw_optimize_place_find(&call->target, place, key, &call->options, &arena, &output, err);
    if (status == HW_OK && output.in_place) {
        status = hw_optimize_guard_check(&guarding->guard, place->store, key, err);
        if (status) {
            hw_error_object(err, output.source);
        }
    }
    if (status == HW_OK) {
        status = hw_optimize_manifests_find(&call->manifests, &call->target, &output, err);
    }
    hw_arena_release(&arena);
    return status;
}

/* Files that would take their own places may belong to a table: then nothing is begun. */
static enum hw_status tables_refuse(struct call *call, struct hw_error *err) {
    struct guarding guarding = {.call = call};
    const struct hw_sources_listener listener = {
        .ctx = &guarding, .found = file_guard, .missing = file_missing, .named_unseen = true};
    if (!call->target.store || call->options.dry_run) {
        return HW_OK;
    }
    const enum hw_status status = hw_sources_list(&call->sources, &listener, err);
    hw_optimize_guard_release(&guarding.guard);
    return status;
}

/* ------ types that hold all values */

/* A file that cannot be read is told of when it is done. */
static enum hw_status file_survey(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                  struct hw_error *err) {
    static const struct hw_read_schema_options schema = {HW_INT96_TEXT};
    struct call *call = ctx;
    struct hw_read_file file = {0};
    struct hw_source *source = NULL;
    struct hw_error fault = HW_ERROR_INIT;
    if (!place->store) {
        return HW_OK;
    }
    enum hw_status status =
        hw_source_end_open(place->store, info ? info->key : place->key, info, HW_PARQUET_TAIL_BYTES, &source, &fault);
    status = status ? status : hw_read_file_open(&file, source, &schema, NULL, &fault);
    status = status ? status
                    : hw_optimize_survey_file(&call->survey, &file, call->crew, (size_t)call->options.memory_bytes,
                                              call->options.page_bytes_max, &fault);
    hw_read_file_release(&file);
    if (source) {
        source->ops->close(source);
    }
    return ends_call(status) ? hw_error_pass(err, status, &fault) : HW_OK;
}

/* A column is decided once: every value of all files counts. */
static enum hw_status types_survey(struct call *call, struct hw_error *err) {
    const struct hw_sources_listener listener = {
        .ctx = call, .found = file_survey, .missing = file_missing, .named_unseen = true};
    const enum hw_downcast downcast = call->options.downcast;
    call->survey.choice = (struct hw_narrow_choice){
        .exact = downcast != HW_DOWNCAST_OFF,
        .decimals = downcast == HW_DOWNCAST_DECIMALS,
        .tolerance = downcast == HW_DOWNCAST_TOLERANCE ? call->options.tolerance : 0,
        .int96 = call->options.int96 == HW_OPTIMIZE_INT96_TIMESTAMP,
    };
    call->work.survey = &call->survey;
    return hw_sources_list(&call->sources, &listener, err);
}

/* ------ files that are found */

static enum hw_status known_take(struct found_file *file, const struct hw_object_info *info, struct hw_error *err) {
    struct hw_object_info *known = &file->object.known;
    *known = *info;
    known->key = hw_arena_strdup(&file->object.arena, info->key);
    known->etag = hw_arena_strdup(&file->object.arena, info->etag);
    return known->key && known->etag ? HW_OK : hw_fail_nomem(err, strlen(info->key));
}

/* Two sources of one name have one output, which the first of them gets. */
static enum hw_status output_take(struct call *call, struct found_file *file, struct hw_error *err) {
    const struct hw_optimize_place *place = &file->object.place;
    bool is_new = true;
    if (place->output) {
        HW_TRY(hw_name_set_add(&call->outputs, hw_view_of(place->output), place->source, &is_new, err));
    }
    if (!is_new) {
        const char *other = hw_name_set_label(&call->outputs, hw_view_of(place->output));
        file->refused = true;
        file->object.told = (struct hw_optimized){.source = place->source, .output = place->output};
        file->status = hw_fail(&file->error, HW_EEXISTS, "%.200s has the same output, %.200s",
                               other ? other : "another source", place->output);
    }
    return HW_OK;
}

/* Tells whether an object is none of the sources. */
static enum hw_status left_out_find(const struct call *call, const struct hw_source_place *place, const char *key,
                                    bool *out_left, struct hw_error *err) {
    if (!place->store) {
        return hw_fail(err, HW_EUSAGE, "standard input cannot be optimised: name the file");
    }
    return hw_optimize_left_out(&call->target, place, key, &call->options, out_left, err);
}

static enum hw_status file_add(struct call *call, const struct hw_source_place *place, const char *key,
                               const struct hw_object_info *info, struct hw_error *err);

static enum hw_status file_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                 struct hw_error *err) {
    struct call *call = ctx;
    const char *key = info ? info->key : place->key;
    bool left_out;
    HW_TRY(left_out_find(call, place, key, &left_out, err));
    return left_out ? HW_OK : file_add(call, place, key, info, err);
}

static enum hw_status file_add(struct call *call, const struct hw_source_place *place, const char *key,
                               const struct hw_object_info *info, struct hw_error *err) {
    struct found_file *file = &call->files[call->files_count++];
    *file = (struct found_file){.error = HW_ERROR_INIT, .object.store = place->store};
    file->object.key = hw_arena_strdup(&file->object.arena, key);
    if (!file->object.key) {
        return hw_fail_nomem(err, strlen(key));
    }
    HW_TRY(info ? known_take(file, info, err) : HW_OK);
    HW_TRY(hw_optimize_place_find(&call->target, place, key, &call->options, &file->object.arena, &file->object.place,
                                  err));
    HW_TRY(hw_optimize_place_check(&call->target, &file->object.place, &call->options, err));
    HW_TRY(output_take(call, file, err));
    return call->files_count == FILES_AT_ONCE ? files_do(call, err) : HW_OK;
}

/* ------ joining them */

static enum hw_status file_gather(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                  struct hw_error *err) {
    struct call *call = ctx;
    const char *key = info ? info->key : place->key;
    bool left_out;
    HW_TRY(left_out_find(call, place, key, &left_out, err));
    return left_out ? HW_OK : hw_optimize_folders_add(&call->folders, place, key, info, err);
}

static enum hw_status files_gather(struct call *call, struct hw_error *err) {
    const struct hw_sources_listener listener = {
        .ctx = call, .found = file_gather, .missing = file_missing, .named_unseen = true};
    return hw_sources_list(&call->sources, &listener, err);
}

static enum hw_status output_tell(void *ctx, const struct hw_optimized *told, struct hw_error *err) {
    return told_take(ctx, told, err);
}

static enum hw_status file_alone(void *ctx, const struct hw_optimize_source *source, struct hw_error *err) {
    return file_add(ctx, source->at, source->key, source->known.key ? &source->known : NULL, err);
}

static enum hw_status files_join(struct call *call, struct hw_error *err) {
    const struct hw_optimize_folders_listener listener = {{call, output_tell}, file_alone};
    return hw_optimize_folders_run(&call->folders, &listener, err);
}

/* ------ doing them */

static void files_release(struct call *call) {
    for (size_t i = 0; i < call->files_count; i++) {
        hw_optimize_object_release(&call->files[i].object);
    }
    call->files_count = 0;
}

static void small_file_do(void *ctx, size_t item, size_t member);
static void file_do(struct call *call, struct found_file *file, struct hw_crew *crew, uint64_t memory_bytes);
static enum hw_status file_tell(struct call *call, const struct found_file *file, struct hw_error *err);

/* A file whose size nobody knows may be large. */
static bool is_small(const struct found_file *file) {
    return file->object.known.key && file->object.known.size <= SMALL_BYTES;
}

/* A file that ends the call keeps others from being begun; those that were done are told. */
static enum hw_status files_do(struct call *call, struct hw_error *err) {
    const struct found_file *last = NULL;
    enum hw_status status = HW_OK;
    hw_crew_run(call->crew, call->files_count, small_file_do, call);
    for (size_t i = 0; status == HW_OK && i < call->files_count; i++) {
        struct found_file *file = &call->files[i];
        if (!is_small(file) && last) {
            continue;
        }
        if (!is_small(file)) {
            file_do(call, file, call->crew, call->options.memory_bytes);
        }
        if (!ends_call(file->status)) {
            status = file_tell(call, file, err);
        } else if (!last) {
            last = file;
        }
    }
    if (status == HW_OK && last) {
        struct hw_error fault = last->error;
        hw_error_object(&fault, last->object.told.source);
        status = hw_error_pass(err, last->status, &fault);
    }
    files_release(call);
    return status;
}

static void small_file_do(void *ctx, size_t item, size_t member) {
    struct call *call = ctx;
    (void)member;
    if (is_small(&call->files[item])) {
        file_do(call, &call->files[item], NULL, call->options.memory_bytes / hw_crew_threads(call->crew));
    }
}

static void file_do(struct call *call, struct found_file *file, struct hw_crew *crew, uint64_t memory_bytes) {
    if (file->refused) {
        return;
    }
    const int64_t start = hw_clock_monotonic_us();
    file->status = hw_optimize_object_run(&file->object, &call->work, crew, memory_bytes, &file->error);
    file->object.told.took_us = hw_clock_monotonic_us() - start;
}

static void sums_add(struct call *call, const struct hw_optimized *told) {
    struct hw_optimize_sums *sums = &call->sums;
    sums->files++;
    sums->outcomes[told->outcome]++;
    sums->rows += told->rows;
    sums->bytes_before += told->bytes_before;
    sums->bytes_after += told->bytes_after;
}

static enum hw_status file_tell(struct call *call, const struct found_file *file, struct hw_error *err) {
    struct hw_optimized told = file->object.told;
    struct hw_error fault = file->error;
    if (file->status) {
        hw_error_object(&fault, told.source);
        told.outcome = HW_OPTIMIZE_FAILED;
        told.bytes_after = told.bytes_before;
        told.row_groups_after = told.row_groups_before;
        told.status = file->status;
        told.error = &fault;
    }
    return told_take(call, &told, err);
}

static enum hw_status told_take(struct call *call, const struct hw_optimized *told, struct hw_error *err) {
    if (told->status && !call->first) {
        call->first = told->status;
        call->first_error = *told->error;
    }
    sums_add(call, told);
    struct hw_json_writer json = hw_line_report_begin(&call->report);
    hw_report_optimized(&json, told);
    HW_TRY(hw_line_report_end(&call->report, &json, err));
    return call->listener ? call->listener->file(call->listener->ctx, told, err) : HW_OK;
}

static enum hw_status call_end(const struct call *call, struct hw_error *err) {
    const uint64_t failed = call->sums.outcomes[HW_OPTIMIZE_FAILED];
    if (failed == 0) {
        return HW_OK;
    }
    if (call->sums.files == 1) {
        return hw_error_pass(err, call->first, &call->first_error);
    }
    return hw_fail(err, HW_EPARTIAL, "%" PRIu64 " of %s could not be optimised", failed,
                   HW_COUNT(call->sums.files, "file"));
}
