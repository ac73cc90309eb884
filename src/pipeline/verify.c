/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The call of hawser/verify.h: finds the files, has many looked at side by side, and tells of them
 * in their order.
 */
#include <hawser/verify.h>

#include "core/budget.h"
#include "core/clock.h"
#include "core/count.h"
#include "core/crew.h"
#include "core/growing.h"
#include "core/limits.h"
#include "core/thread.h"
#include "pipeline/line_report.h"
#include "pipeline/sources.h"
#include "pipeline/verify_format.h"
#include "pipeline/verify_manifest.h"
#include "report/verify.h"

enum { FINDINGS_MAX = 1000, THREADS_MAX = 64 };
/* Files that are found before they are looked at: enough that no thread waits for long. */
enum { FILES_AT_ONCE = 64 };

/* A file that was found. */
struct found_file {
    struct hw_verify_file verify;
    enum hw_status status;
    struct hw_error error;
    int64_t took_us;
};

/* A call. */
struct verify_call {
    struct hw_verify_options options;
    const struct hw_verify_listener *listener;
    struct hw_sources sources;
    struct hw_crew *crew;
    struct hw_verify_manifest manifest;
    struct hw_line_report report;
    /* Files that wait to be looked at. */
    struct found_file files[FILES_AT_ONCE];
    size_t files_count;
    struct hw_verify_sums sums;
    /* The status of the first file that could not be looked at. */
    enum hw_status first;
    struct hw_error first_error;
};

static enum hw_status options_take(const struct hw_verify_options *given, struct hw_verify_options *out,
                                   struct hw_error *err);
static enum hw_status call_run(struct verify_call *call, const char *const *sources, size_t sources_count,
                               struct hw_error *err);
static enum hw_status call_end(const struct verify_call *call, struct hw_error *err);

enum hw_status hw_verify(const char *const *sources, size_t sources_count, const struct hw_verify_options *options,
                         const struct hw_verify_listener *listener, struct hw_verify_sums *out_sums,
                         struct hw_error *err) {
    struct verify_call call = {.listener = listener, .first_error = HW_ERROR_INIT};
    HW_TRY(options_take(options, &call.options, err));
    enum hw_status status = call_run(&call, sources, sources_count, err);
    hw_sources_release(&call.sources);
    hw_verify_manifest_release(&call.manifest);
    hw_line_report_release(&call.report);
    hw_crew_free(call.crew);
    if (out_sums) {
        *out_sums = call.sums;
    }
    return status ? status : call_end(&call, err);
}

static enum hw_status options_take(const struct hw_verify_options *given, struct hw_verify_options *out,
                                   struct hw_error *err) {
    static const struct hw_growing growing = HW_GROWING(hw_verify_options, strict);
    struct hw_verify_options taken = {0};
    if (given) {
        HW_TRY(hw_growing_take(&taken, given, &growing, err));
        HW_TRY(hw_growing_reserved("hw_store_options", taken.store.reserved, sizeof(taken.store.reserved), err));
    }
    taken.level = taken.level == HW_VERIFY_DEFAULT ? HW_VERIFY_PAGES : taken.level;
    taken.findings_max = taken.findings_max ? taken.findings_max : FINDINGS_MAX;
    taken.memory_bytes = taken.memory_bytes ? taken.memory_bytes : hw_budget_default();
    taken.page_bytes_max = taken.page_bytes_max ? taken.page_bytes_max : HW_PARQUET_PAGE_BYTES_MAX;
    taken.threads = taken.threads ? taken.threads : (uint32_t)hw_clamp(hw_thread_count(), 1, THREADS_MAX);
    *out = taken;
    return HW_OK;
}

static enum hw_status call_end(const struct verify_call *call, struct hw_error *err) {
    const struct hw_verify_sums *sums = &call->sums;
    if (sums->invalid > 0) {
        return sums->files == 1 ? HW_EDATA
                                : hw_fail(err, HW_EDATA, "%" PRIu64 " of %s are not valid", sums->invalid,
                                          HW_COUNT(sums->files, "file"));
    }
    const uint64_t unseen = sums->unsupported + sums->failed;
    if (unseen == 0 || sums->files == 1) {
        return call->first;
    }
    return hw_fail(err, HW_EPARTIAL, "%" PRIu64 " of %s could not be looked at", unseen, HW_COUNT(sums->files, "file"));
}

/* ------ finding files */

static enum hw_status file_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                 struct hw_error *err);
static enum hw_status file_missing(void *ctx, const struct hw_error *error, struct hw_error *err);
static enum hw_status files_verify(struct verify_call *call, struct hw_error *err);
static void files_release(struct verify_call *call);
static enum hw_status entry_missing(void *ctx, const char *path, struct hw_error *err);
static enum hw_status sums_tell(struct verify_call *call, struct hw_error *err);

static enum hw_status call_run(struct verify_call *call, const char *const *sources, size_t sources_count,
                               struct hw_error *err) {
    const struct hw_convert_options finding = {
        .source_store = call->options.store,
        .from = HW_FORMAT_PARQUET | HW_FORMAT_AVRO | HW_FORMAT_CSV,
    };
    const struct hw_sources_listener listener = {
        .ctx = call, .found = file_found, .missing = file_missing, .named_unseen = true};
    HW_TRY(hw_crew_new(call->options.threads, &call->crew, err));
    HW_TRY(hw_verify_manifest_open(&call->manifest, call->options.manifest_path, &call->options.store, err));
    HW_TRY(hw_line_report_open(&call->report, call->options.report_path, &call->options.store, err));
    HW_TRY(hw_sources_open(&call->sources, sources, sources_count, &finding, err));
    enum hw_status status = hw_sources_list(&call->sources, &listener, err);
    status = status ? status : files_verify(call, err);
    status = status ? status : hw_verify_manifest_end(&call->manifest, entry_missing, call, err);
    status = status ? status : sums_tell(call, err);
    files_release(call);
    return status;
}

static enum hw_status file_missing(void *ctx, const struct hw_error *error, struct hw_error *err) {
    (void)ctx;
    return hw_error_pass(err, error->status, error);
}

static enum hw_status file_found(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                                 struct hw_error *err) {
    struct verify_call *call = ctx;
    if (!place->store) {
        return hw_fail(err, HW_EUSAGE, "standard input cannot be verified: name the file");
    }
    struct found_file *file = &call->files[call->files_count];
    *file = (struct found_file){.error = HW_ERROR_INIT};
    call->files_count++;
    HW_TRY(hw_verify_file_init(&file->verify, place->store, info ? NULL : place->text, info ? info->key : place->key,
                               info, err));
    return call->files_count == FILES_AT_ONCE ? files_verify(call, err) : HW_OK;
}

/* ------ looking at many */

static void file_work(void *ctx, size_t item, size_t member);
static enum hw_status file_tell(struct verify_call *call, const struct found_file *file, struct hw_error *err);

static enum hw_status files_verify(struct verify_call *call, struct hw_error *err) {
    enum hw_status status = HW_OK;
    hw_crew_run(call->crew, call->files_count, file_work, call);
    for (size_t i = 0; status == HW_OK && i < call->files_count; i++) {
        status = hw_verify_manifest_check(&call->manifest, &call->files[i].verify, err);
        status = status ? status : file_tell(call, &call->files[i], err);
    }
    files_release(call);
    return status;
}

static void files_release(struct verify_call *call) {
    for (size_t i = 0; i < call->files_count; i++) {
        hw_verify_file_release(&call->files[i].verify);
    }
    call->files_count = 0;
}

static void file_work(void *ctx, size_t item, size_t member) {
    const struct verify_call *call = ctx;
    struct found_file *file = &((struct verify_call *)ctx)->files[item];
    const int64_t start = hw_clock_monotonic_us();
    /* A page is there packed and unpacked. */
    const uint64_t share = call->options.memory_bytes / hw_crew_threads(call->crew);
    (void)member;
    const struct hw_verify_file_options options = {
        .level = call->options.level,
        .columns = call->options.columns,
        .findings_max = call->options.findings_max,
        .memory_bytes = share,
        .page_bytes_max = (size_t)hw_clamp(share / 2, 0, call->options.page_bytes_max),
        .store = &call->options.store,
        .sum = call->options.manifest_path != NULL,
    };
    file->status = hw_verify_file_run(&file->verify, &options, &file->error);
    file->took_us = hw_clock_monotonic_us() - start;
}

/* ------ telling */

/* Whether a failure is that of the call, and not of the file. */
static bool ends_call(enum hw_status status) {
    return status == HW_EUSAGE || status == HW_ENOMEM || status == HW_ECANCELLED;
}

static enum hw_verify_outcome outcome_of(const struct verify_call *call, const struct found_file *file) {
    const struct hw_verify_counts *counts = &file->verify.counts;
    if (counts->errors > 0 || (call->options.strict && counts->warnings > 0) || file->status == HW_EDATA) {
        return HW_VERIFY_INVALID;
    }
    if (file->status == HW_EUNSUPPORTED || file->status == HW_ELIMIT) {
        return HW_VERIFY_UNSUPPORTED;
    }
    return file->status ? HW_VERIFY_FAILED : HW_VERIFY_OK;
}

static void sums_add(struct verify_call *call, const struct hw_verified *file) {
    struct hw_verify_sums *sums = &call->sums;
    sums->files++;
    sums->ok += file->outcome == HW_VERIFY_OK;
    sums->invalid += file->outcome == HW_VERIFY_INVALID;
    sums->unsupported += file->outcome == HW_VERIFY_UNSUPPORTED;
    sums->failed += file->outcome == HW_VERIFY_FAILED;
    sums->errors += file->errors;
    sums->warnings += file->warnings;
    sums->rows += file->rows > 0 ? (uint64_t)file->rows : 0;
    sums->bytes_read += file->bytes_read;
    call->first = call->first ? call->first : file->status;
}

static enum hw_status finding_tell(struct verify_call *call, const char *path, const struct hw_finding *finding,
                                   struct hw_error *err) {
    struct hw_json_writer json = hw_line_report_begin(&call->report);
    hw_report_finding(&json, path, finding);
    HW_TRY(hw_line_report_end(&call->report, &json, err));
    return call->listener->found(call->listener->ctx, path, finding, err);
}

static enum hw_status verified_tell(struct verify_call *call, const struct hw_verified *file, struct hw_error *err) {
    sums_add(call, file);
    struct hw_json_writer json = hw_line_report_begin(&call->report);
    hw_report_verified(&json, file);
    HW_TRY(hw_line_report_end(&call->report, &json, err));
    return call->listener->file(call->listener->ctx, file, err);
}

static enum hw_status file_tell(struct verify_call *call, const struct found_file *file, struct hw_error *err) {
    const struct hw_verify_file *verify = &file->verify;
    struct hw_error fault = file->error;
    hw_error_object(&fault, verify->path);
    if (ends_call(file->status)) {
        return hw_error_pass(err, file->status, &fault);
    }
    for (size_t i = 0; i < hw_verify_file_findings(verify); i++) {
        HW_TRY(finding_tell(call, verify->path, hw_verify_file_finding(verify, i), err));
    }
    const struct hw_verified told = {
        .path = verify->path,
        .format = verify->counts.format,
        .level = call->options.level,
        .outcome = outcome_of(call, file),
        .status = file->status,
        .error = file->status ? &fault : NULL,
        .errors = verify->counts.errors,
        .warnings = verify->counts.warnings,
        .infos = verify->counts.infos,
        .size = verify->counts.size,
        .rows = verify->counts.rows,
        .pages = verify->counts.pages,
        .pages_without_crc = verify->counts.pages_without_crc,
        .bytes_read = verify->counts.bytes_read,
        .requests = verify->counts.reads,
        .took_us = file->took_us,
    };
    return verified_tell(call, &told, err);
}

/* An entry of the manifest whose file is not there counts as a file. */
static enum hw_status entry_missing(void *ctx, const char *path, struct hw_error *err) {
    struct verify_call *call = ctx;
    const struct hw_finding finding = {
        .level = HW_VERIFY_FOOTER,
        .severity = HW_SEVERITY_ERROR,
        .code = "manifest.missing",
        .message = "the manifest tells of it, and it is not there",
        .row_group = -1,
        .page = -1,
        .offset = -1,
    };
    const struct hw_verified told = {
        .path = path, .level = call->options.level, .outcome = HW_VERIFY_INVALID, .errors = 1, .rows = -1};
    HW_TRY(finding_tell(call, path, &finding, err));
    return verified_tell(call, &told, err);
}

static enum hw_status sums_tell(struct verify_call *call, struct hw_error *err) {
    struct hw_json_writer json = hw_line_report_begin(&call->report);
    hw_report_verify_sums(&json, &call->sums);
    HW_TRY(hw_line_report_end(&call->report, &json, err));
    return hw_line_report_finish(&call->report, err);
}
