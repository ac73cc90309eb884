/* SPDX-License-Identifier: Apache-2.0 */
/* And hw_transfer_report_open, _warn, _finish and _free of hawser/transfer.h. */
#include "transfer/run_report.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "report/report.h"
#include "report/transfer.h"
#include "store/location.h"
#include "transfer/options.h"

struct hw_transfer_report {
    struct hw_store *store;
    char *path;
    int64_t started_us;
    struct {
        pthread_mutex_t lock;
        struct hw_report *report;
        /* The first failure to write; HW_OK: none. */
        struct hw_error error;
        struct hw_transfer_result sums;
    } synced;
};

enum hw_status hw_run_report_new(const char *path, const struct hw_store_options *store,
                                 struct hw_transfer_report **out_report, struct hw_error *err) {
    struct hw_transfer_report *report = hw_alloc_zero(1, sizeof(*report));
    struct hw_sink *sink = NULL;
    if (!report) {
        return hw_fail_nomem(err, sizeof(*report));
    }
    pthread_mutex_init(&report->synced.lock, NULL);
    report->synced.error = (struct hw_error)HW_ERROR_INIT;
    report->started_us = hw_clock_monotonic_us();
    report->path = hw_strdup(path);
    enum hw_status status = report->path ? HW_OK : hw_fail_nomem(err, strlen(path) + 1);
    status = status ? status : hw_store_sink_at(path, store, "application/json", &report->store, &sink, err);
    status = status ? status : hw_report_new(sink, hw_clock_now_us(), &report->synced.report, err);
    if (status) {
        hw_transfer_report_free(report);
        return status;
    }
    *out_report = report;
    return HW_OK;
}

enum hw_status hw_transfer_report_open(const struct hw_transfer_options *options,
                                       struct hw_transfer_report **out_report, struct hw_error *err) {
    struct hw_transfer_options taken;
    HW_TRY(hw_transfer_options_take(options, &taken, err));
    if (!taken.report_path) {
        return hw_fail(err, HW_EUSAGE, "option report_path is missing");
    }
    struct hw_store_options store = taken.target_store;
    store.log = taken.log;
    if (taken.cancelled) {
        store.cancelled = taken.cancelled;
        store.cancelled_ctx = taken.ctx;
    }
    return hw_run_report_new(taken.report_path, &store, out_report, err);
}

void hw_transfer_report_free(struct hw_transfer_report *report) {
    if (report) {
        hw_report_free(report->synced.report);
        hw_store_close(report->store);
        pthread_mutex_destroy(&report->synced.lock);
        hw_free(report->path);
        hw_free(report);
    }
}

/* ------ what is added */

static void object_write(struct hw_json_writer *json, const void *object) {
    hw_transfer_object_write(json, object);
}

void hw_run_report_object(struct hw_transfer_report *report, const struct hw_transfer_object *object) {
    if (!report) {
        return;
    }
    pthread_mutex_lock(&report->synced.lock);
    if (report->synced.error.status == HW_OK) {
        (void)!hw_report_add(report->synced.report, object_write, object, &report->synced.error);
    }
    pthread_mutex_unlock(&report->synced.lock);
}

void hw_transfer_report_warn(struct hw_transfer_report *report, const struct hw_error *warning) {
    if (!report) {
        return;
    }
    pthread_mutex_lock(&report->synced.lock);
    if (report->synced.error.status == HW_OK) {
        (void)!hw_report_warn(report->synced.report, warning, &report->synced.error);
    }
    pthread_mutex_unlock(&report->synced.lock);
}

void hw_run_report_sums(struct hw_transfer_report *report, const struct hw_transfer_result *result) {
    if (!report) {
        return;
    }
    pthread_mutex_lock(&report->synced.lock);
    struct hw_transfer_result *sums = &report->synced.sums;
    sums->objects += result->objects;
    sums->done += result->done;
    sums->skipped += result->skipped;
    sums->failed += result->failed;
    sums->not_tried += result->not_tried;
    sums->bytes += result->bytes;
    for (size_t i = 0; i < COUNT_OF(sums->ways); i++) {
        sums->ways[i].objects += result->ways[i].objects;
        sums->ways[i].bytes += result->ways[i].bytes;
        sums->ways[i].object_seconds += result->ways[i].object_seconds;
    }
    pthread_mutex_unlock(&report->synced.lock);
}

/* ------ its end */

/* How the calls have ended. */
struct ending {
    const struct hw_transfer_result *sums;
    enum hw_status status;
    const struct hw_costs *costs;
};

static void sums_write(struct hw_json_writer *json, const void *what) {
    const struct ending *ending = what;
    hw_transfer_sums_write(json, ending->status, ending->sums);
    if (ending->costs) {
        hw_costs_write(json, ending->costs);
    }
}

enum hw_status hw_transfer_report_finish(struct hw_transfer_report *report, enum hw_status status,
                                         struct hw_error *err) {
    return hw_run_report_finish(report, status, NULL, err);
}

enum hw_status hw_run_report_finish(struct hw_transfer_report *report, enum hw_status status,
                                    const struct hw_costs *costs, struct hw_error *err) {
    pthread_mutex_lock(&report->synced.lock);
    struct hw_error *fault = &report->synced.error;
    const struct ending ending = {&report->synced.sums, status, costs};
    report->synced.sums.seconds = (double)(hw_clock_monotonic_us() - report->started_us) / 1e6;
    if (fault->status == HW_OK && hw_report_finish(report->synced.report, sums_write, &ending, fault) != HW_OK) {
        hw_error_object(fault, report->path);
    }
    const struct hw_error told = *fault;
    pthread_mutex_unlock(&report->synced.lock);
    return told.status ? hw_error_pass(err, told.status, &told) : HW_OK;
}
