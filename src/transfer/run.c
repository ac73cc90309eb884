/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/run.h"

#include <unistd.h>

#include "core/clock.h"
#include "core/count.h"
#include "store/store_file.h"
#include "store/store_s3.h"

enum {
    /* The most requests at once where no option says another number. */
    CONNECTIONS_DEFAULT = 64,
    /* Many connections have small buffers: bodies lie in those of the engine. */
    CONNECTION_BUFFER_BYTES = 128 * 1024,
    /* A few parts at least have room, so that one is filled while others are sent. */
    PARTS_MIN = 4,
};
#define PART_BYTES_DEFAULT HW_MIB(8)
#define PART_BYTES_LEAST HW_MIB(1)
#define MEMORY_BYTES_A_PROCESSOR HW_MIB(20)
#define MEMORY_BYTES_LEAST HW_MIB(40)

static void progress_tell(void *ctx);

static uint64_t memory_bytes(const struct hw_transfer_options *options) {
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const uint64_t all = MEMORY_BYTES_A_PROCESSOR * (uint64_t)(processors > 0 ? processors : 1);
    if (options->memory_bytes > 0) {
        return options->memory_bytes;
    }
    return all > MEMORY_BYTES_LEAST ? all : MEMORY_BYTES_LEAST;
}

/* Parts are smaller where there is little memory, so that a few of them have room. */
static uint64_t part_bytes_of(const struct hw_transfer_options *options, uint64_t memory) {
    const uint64_t wanted = options->part_bytes > 0 ? options->part_bytes : PART_BYTES_DEFAULT;
    const uint64_t fits = memory / PARTS_MIN > PART_BYTES_LEAST ? memory / PARTS_MIN : PART_BYTES_LEAST;
    return wanted < fits ? wanted : fits;
}

static struct hw_store_options store_options_of(const struct hw_transfer_run *run,
                                                const struct hw_store_options *given) {
    const struct hw_transfer_options *options = run->options;
    struct hw_store_options made = *given;
    made.connections_max = given->connections_max > 0 ? given->connections_max : CONNECTIONS_DEFAULT;
    made.buffer_bytes = given->buffer_bytes > 0 ? given->buffer_bytes : CONNECTION_BUFFER_BYTES;
    made.part_bytes = run->part_bytes;
    made.parts_held = PARTS_MIN;
    made.log = options->log;
    if (options->cancelled) {
        made.cancelled = options->cancelled;
        made.cancelled_ctx = options->ctx;
    }
    return made;
}

enum hw_status hw_transfer_run_start(struct hw_transfer_run *run, const struct hw_transfer_options *options,
                                     struct hw_error *err) {
    const uint64_t memory = memory_bytes(options);
    *run = (struct hw_transfer_run){.options = options, .part_bytes = part_bytes_of(options, memory)};
    run->started_us = hw_clock_monotonic_us();
    run->ticker = hw_ticker_start(options->on_progress ? progress_tell : NULL, run);
    run->synced.error = (struct hw_error)HW_ERROR_INIT;
    run->synced.stopped_by = (struct hw_error)HW_ERROR_INIT;
    pthread_mutex_init(&run->synced.lock, NULL);
    hw_hedge_init(&run->hedge);
    run->source_options = store_options_of(run, &options->source_store);
    run->source_options.links_left_out = options->links_left_out;
    run->target_options = store_options_of(run, &options->target_store);
    run->sources.options = &run->source_options;
    run->targets.options = &run->target_options;
    run->sources.throttled = &run->throttled;
    run->targets.throttled = &run->throttled;
    const uint32_t sources = run->source_options.connections_max;
    const uint32_t targets = run->target_options.connections_max;
    const uint32_t connections = sources > targets ? sources : targets;
    const bool fewer = options->threads_max > 0 && options->threads_max < connections;
    const struct hw_engine_options engine_options = {
        .threads_max = fewer ? options->threads_max : connections,
        .part_bytes = run->part_bytes,
        .buffers_bytes = memory,
        .throttled = &run->throttled,
    };
    HW_TRY(hw_engine_new(&engine_options, &run->engine, err));
    HW_TRY(hw_publisher_new(&run->publisher, err));
    if (options->report_path || options->prices_path) {
        HW_TRY(hw_transfer_costs_open(&run->synced.costs, options->prices_path, &run->target_options, run->part_bytes,
                                      err));
    }
    return options->report_path ? hw_run_report_new(options->report_path, &run->target_options, &run->report, err)
                                : HW_OK;
}

enum hw_status hw_transfer_list_read(const struct hw_transfer_run *run, const struct hw_store_options *store,
                                     struct hw_arena *arena, struct hw_path_list *out_list, struct hw_error *err) {
    const struct hw_transfer_options *options = run->options;
    const struct hw_path_list_params params = {
        .path = options->files_from,
        .nul = options->files_from_nul,
        .input_fd = options->input_fd,
        .stop = {options->cancelled, options->ctx},
        .store = store,
    };
    HW_TRY(hw_path_list_read(&params, arena, out_list, err));
    if (out_list->count > 0) {
        return HW_OK;
    }
    enum hw_status status = hw_fail(err, HW_ENOTFOUND, "the list names no path");
    hw_error_object(err, options->files_from);
    return status;
}

void hw_transfer_run_release(struct hw_transfer_run *run) {
    hw_engine_free(run->engine);
    hw_publisher_free(run->publisher);
    hw_transfer_report_free(run->report);
    hw_transfer_costs_release(&run->synced.costs);
    hw_store_set_release(&run->targets);
    hw_store_set_release(&run->sources);
    hw_hedge_release(&run->hedge);
    pthread_mutex_destroy(&run->synced.lock);
}

static void progress_tell(void *ctx) {
    struct hw_transfer_run *run = ctx;
    pthread_mutex_lock(&run->synced.lock);
    const struct hw_transfer_result *result = &run->synced.result;
    const struct hw_transfer_progress progress = {
        .objects_done = result->done + result->skipped + result->failed,
        .objects_total = result->objects,
        .bytes_done = atomic_load(&run->bytes_moved),
        .bytes_total = run->synced.bytes_found,
        .listing = run->synced.listing,
    };
    pthread_mutex_unlock(&run->synced.lock);
    run->options->on_progress(run->options->ctx, &progress);
}

void hw_transfer_run_listing(struct hw_transfer_run *run, bool listing) {
    pthread_mutex_lock(&run->synced.lock);
    run->synced.listing = listing;
    pthread_mutex_unlock(&run->synced.lock);
}

void hw_transfer_run_found(struct hw_transfer_run *run, uint64_t bytes) {
    pthread_mutex_lock(&run->synced.lock);
    run->synced.result.objects++;
    run->synced.bytes_found += bytes;
    pthread_mutex_unlock(&run->synced.lock);
}

/* ------ the end of an object */

bool hw_transfer_run_shares(const struct hw_error *error) {
    static const char *const codes[] = {"NoSuchBucket", "InvalidAccessKeyId",   "SignatureDoesNotMatch", "ExpiredToken",
                                        "InvalidToken", "TokenRefreshRequired", "XAdminUserNotFound"};
    bool shared = error->status == HW_ECONFIG || error->status == HW_ECANCELLED || error->status == HW_EUNTRUSTED ||
                  (error->status == HW_EAUTH && error->http_status == 0 && error->sys_errno == 0);
    for (size_t i = 0; !shared && i < COUNT_OF(codes); i++) {
        shared = strcmp(error->s3_code, codes[i]) == 0;
    }
    return shared;
}

/* Returns false for a failure that has ended the run already, and is told once. */
static bool failure_keep_locked(struct hw_transfer_run *run, const struct hw_transfer_object *object) {
    struct hw_error error = *object->error;
    const bool shared = hw_transfer_run_shares(&error);
    hw_error_object(&error, object->source[0] ? object->source : object->path);
    if (shared && run->synced.stopped_by.status != HW_OK) {
        run->synced.result.not_tried++;
        return false;
    }
    if (run->synced.error.status == HW_OK) {
        run->synced.error = error;
    }
    if (shared) {
        run->synced.stopped_by = error;
    }
    run->synced.result.failed++;
    run->synced.stopped = run->synced.stopped || shared || run->options->fail_fast;
    return true;
}

void hw_transfer_run_tell(struct hw_transfer_run *run, const struct hw_transfer_object *object) {
    pthread_mutex_lock(&run->synced.lock);
    struct hw_transfer_result *result = &run->synced.result;
    result->done += object->outcome == HW_TRANSFER_DONE || object->outcome == HW_TRANSFER_PLANNED;
    result->skipped += object->outcome == HW_TRANSFER_SKIPPED;
    result->bytes += object->outcome == HW_TRANSFER_DONE ? object->size : 0;
    if (object->outcome == HW_TRANSFER_DONE && object->op != HW_TRANSFER_REMOVE) {
        struct hw_transfer_way_sums *way = &result->ways[object->way];
        way->objects++;
        way->bytes += object->size;
        way->object_seconds += object->seconds;
    }
    const bool told = object->outcome != HW_TRANSFER_FAILED || failure_keep_locked(run, object);
    if (told) {
        hw_run_report_object(run->report, object);
        hw_run_report_object(run->options->report, object);
    }
    if (told && run->options->on_object) {
        run->options->on_object(run->options->ctx, object);
    }
    pthread_mutex_unlock(&run->synced.lock);
    if (object->outcome == HW_TRANSFER_DONE) {
        hw_engine_proved(run->engine);
    }
}

void hw_transfer_run_copied(struct hw_transfer_run *run, struct hw_s3_client *source, struct hw_s3_client *target,
                            uint64_t bytes, uint64_t planned) {
    pthread_mutex_lock(&run->synced.lock);
    if (run->report) {
        hw_transfer_costs_copied(&run->synced.costs, source, target, bytes, planned);
    }
    pthread_mutex_unlock(&run->synced.lock);
}

void hw_transfer_run_left(struct hw_transfer_run *run) {
    pthread_mutex_lock(&run->synced.lock);
    run->synced.result.not_tried++;
    pthread_mutex_unlock(&run->synced.lock);
}

void hw_transfer_run_warn(struct hw_transfer_run *run, const struct hw_error *warning) {
    pthread_mutex_lock(&run->synced.lock);
    hw_transfer_report_warn(run->report, warning);
    hw_transfer_report_warn(run->options->report, warning);
    if (run->options->on_warning) {
        run->options->on_warning(run->options->ctx, warning);
    }
    pthread_mutex_unlock(&run->synced.lock);
}

void hw_transfer_run_moved(struct hw_transfer_run *run, uint64_t bytes) {
    atomic_fetch_add(&run->bytes_moved, bytes);
    hw_engine_moved(run->engine, bytes);
}

void hw_transfer_run_links_tell(struct hw_transfer_run *run) {
    struct hw_error warning = HW_ERROR_INIT;
    uint64_t links = 0;
    for (size_t i = 0; i < run->sources.count; i++) {
        links += hw_store_file_links_left_out(run->sources.rows[i].store);
    }
    if (links > 0) {
        (void)hw_fail(&warning, HW_EUNSUPPORTED, "%s left out", HW_COUNT(links, "symbolic link"));
        hw_transfer_run_warn(run, &warning);
    }
}

/* Waits until all objects that were added have ended. */
static void work_wait(struct hw_transfer_run *run) {
    hw_engine_wait(run->engine, &run->ticker);
    hw_publisher_wait(run->publisher);
}

uint64_t hw_transfer_run_failures(struct hw_transfer_run *run) {
    work_wait(run);
    pthread_mutex_lock(&run->synced.lock);
    const uint64_t failed = run->synced.result.failed;
    pthread_mutex_unlock(&run->synced.lock);
    return failed;
}

bool hw_transfer_run_cancelled(const struct hw_transfer_run *run) {
    return run->options->cancelled && run->options->cancelled(run->options->ctx);
}

bool hw_transfer_run_stopped(struct hw_transfer_run *run) {
    pthread_mutex_lock(&run->synced.lock);
    const bool stopped = run->synced.stopped;
    pthread_mutex_unlock(&run->synced.lock);
    return stopped || hw_transfer_run_cancelled(run);
}

/* ------ the end of the run */

static enum hw_status ending_locked(struct hw_transfer_run *run, enum hw_status status, struct hw_error *err) {
    const struct hw_transfer_result *result = &run->synced.result;
    if (hw_transfer_run_cancelled(run)) {
        return hw_fail(err, HW_ECANCELLED, "stopped");
    }
    if (run->synced.stopped_by.status != HW_OK) {
        return hw_error_pass(err, run->synced.stopped_by.status, &run->synced.stopped_by);
    }
    if (result->failed == 0 || (status && status != HW_EPARTIAL)) {
        return status;
    }
    if (result->done + result->skipped == 0) {
        return hw_error_pass(err, run->synced.error.status, &run->synced.error);
    }
    return status ? status : hw_error_pass(err, HW_EPARTIAL, &run->synced.error);
}

/* Ends the report of this run alone, which tells what it has cost. */
static enum hw_status report_end_locked(struct hw_transfer_run *run, enum hw_status status, struct hw_error *err) {
    const bool streamed = run->synced.result.ways[HW_TRANSFER_THROUGH].objects > 0;
    struct hw_costs costs = {0};
    if (!run->report) {
        return HW_OK;
    }
    enum hw_status summed =
        hw_transfer_costs_sum(&run->synced.costs, &run->sources, &run->targets, streamed, &costs, err);
    if (summed) {
        hw_error_object(err, run->options->report_path);
        return summed;
    }
    hw_run_report_sums(run->report, &run->synced.result);
    return hw_run_report_finish(run->report, status, &costs, err);
}

/* A report that cannot be written makes the run a failed one, unless it is one already. */
static enum hw_status reports_end_locked(struct hw_transfer_run *run, enum hw_status status, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    hw_run_report_sums(run->options->report, &run->synced.result);
    const enum hw_status written = report_end_locked(run, status, &fault);
    return status || !written ? status : hw_error_pass(err, fault.status, &fault);
}

/*
 * Says once which services do not keep the checksums that they were sent: what is there can then be
 * compared by size and ETag alone.
 */
static void checksums_warn(struct hw_transfer_run *run) {
    for (size_t i = 0; i < run->targets.count; i++) {
        struct hw_store *store = run->targets.rows[i].store;
        struct hw_s3_client *client = hw_store_s3_client(store);
        const enum hw_s3_checksums kept = client ? hw_s3_client_checksums(client) : HW_S3_CHECKSUMS_UNKNOWN;
        struct hw_error warning = HW_ERROR_INIT;
        if (kept != HW_S3_CHECKSUMS_IGNORED && kept != HW_S3_CHECKSUMS_REFUSED) {
            continue;
        }
        hw_error_set(&warning, HW_EUNSUPPORTED,
                     kept == HW_S3_CHECKSUMS_REFUSED
                         ? "the service takes no checksums but Content-MD5, with which objects were sent"
                         : "the service does not say that it keeps checksums: later only size and ETag tell "
                           "whether an object is whole");
        hw_error_object(&warning, store->root);
        hw_transfer_run_warn(run, &warning);
    }
}

enum hw_status hw_transfer_run_finish(struct hw_transfer_run *run, enum hw_status status,
                                      struct hw_transfer_result *out_result, struct hw_error *err) {
    work_wait(run);
    checksums_warn(run);
    pthread_mutex_lock(&run->synced.lock);
    status = ending_locked(run, status, err);
    run->synced.result.seconds = (double)(hw_clock_monotonic_us() - run->started_us) / 1e6;
    status = reports_end_locked(run, status, err);
    if (out_result) {
        *out_result = run->synced.result;
    }
    pthread_mutex_unlock(&run->synced.lock);
    return status;
}
