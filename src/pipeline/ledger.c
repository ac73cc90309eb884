/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/ledger.h"

#include "core/count.h"
#include "pipeline/pipe.h"
#include "pipeline/stale.h"
#include "report/object.h"

/* ------ opening */

static enum hw_status report_open(struct hw_ledger *ledger, int64_t started_us, struct hw_error *err);
static enum hw_status manifest_open(struct hw_ledger *ledger, struct hw_error *err);
static enum hw_status journals_open(struct hw_ledger *ledger, struct hw_error *err);

enum hw_status hw_ledger_open(struct hw_ledger *ledger, struct hw_plan *plan, const struct hw_convert_options *options,
                              const struct hw_warn *warn, int64_t started_us, struct hw_error *err) {
    ledger->plan = plan;
    ledger->options = options;
    ledger->warn = warn;
    ledger->patience.cancelled = options->cancelled;
    ledger->patience.ctx = options->ctx;
    HW_TRY(report_open(ledger, started_us, err));
    if (!plan->target_prefix) {
        return HW_OK;
    }
    HW_TRY(manifest_open(ledger, err));
    return journals_open(ledger, err);
}

/* The report goes to standard output, once it is whole. */
static enum hw_status report_pipe_open(struct hw_ledger *ledger, struct hw_sink **out_sink, struct hw_error *err) {
    const struct hw_io_stop stop = {hw_patience_ended, &ledger->patience};
    if (ledger->plan->target_pipe) {
        return hw_fail(err, HW_EUSAGE, "the report and the output both want standard output");
    }
    HW_TRY(hw_pipe_store_open(hw_pipe_output_fd(ledger->options->output_fd), &stop, &ledger->report_store, err));
    return ledger->report_store->ops->sink_open(ledger->report_store, "-", NULL, out_sink, err);
}

static enum hw_status report_open(struct hw_ledger *ledger, int64_t started_us, struct hw_error *err) {
    const struct hw_store_options options = hw_patience_options(&ledger->patience, &ledger->options->target_store);
    const char *path = ledger->options->report_path;
    struct hw_sink *sink;
    if (!path) {
        return HW_OK;
    }
    enum hw_status status = strcmp(path, "-") == 0 ? report_pipe_open(ledger, &sink, err)
                                                   : hw_store_sink_at(path, &options, "application/json",
                                                                      &ledger->report_store, &sink, err);
    if (status == HW_OK) {
        status = hw_report_new(sink, started_us, &ledger->report, err);
    }
    return status;
}

static enum hw_status manifest_open(struct hw_ledger *ledger, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_plan *plan = ledger->plan;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_error told = HW_ERROR_INIT;
    const char *key = hw_arena_join(&arena, plan->target_prefix, HW_MANIFEST_NAME);
    const char *name = key ? hw_plan_target_name(plan, &arena, key) : NULL;
    const bool replace = ledger->options->overwrite == HW_OVERWRITE_REPLACE;
    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    ledger->manifest.store = plan->target;
    ledger->manifest.prefix = plan->target_prefix;
    ledger->manifest.write = &plan->kept.beside;
    enum hw_status status = hw_manifest_file_read(&ledger->manifest, &fault);
    if (status == HW_OK) {
        return HW_OK;
    }
    if (status == HW_ENOTFOUND) {
        ledger->missing = true;
        return HW_OK;
    }
    const bool lost = status == HW_EDATA || status == HW_ELIMIT || status == HW_EAUTH;
    if (lost && replace) {
        ledger->manifest.unread = true;
        hw_error_set(&told, status, "the manifest is made anew, and files of earlier runs are not known: %.350s",
                     fault.message);
        hw_error_object(&told, name);
        hw_warn_tell(ledger->warn, &told);
        return HW_OK;
    }
    if (lost) {
        hw_error_set(&told, status, "%.350s; --overwrite replace does without it and makes it anew", fault.message);
        hw_error_object(&told, name);
        fault = told;
    }
    hw_error_object(&fault, name);
    return hw_error_pass(err, status, &fault);
}

/* Where nothing may be listed, nothing is known of runs that did not end; all else works. */
static enum hw_status journals_open(struct hw_ledger *ledger, struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status =
        hw_journals_open(&ledger->journals, ledger->plan->target, ledger->plan->target_prefix, &fault);
    ledger->journals.write = &ledger->plan->kept.beside;
    if (status == HW_EAUTH) {
        hw_error_prefix(&fault, "files of runs that did not end are not known");
        hw_warn_tell(ledger->warn, &fault);
        return HW_OK;
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

/* ------ keeping */

static void fault_keep(struct hw_ledger *ledger, enum hw_status status, const struct hw_error *error) {
    if (status != HW_OK && ledger->status == HW_OK) {
        ledger->status = status;
        ledger->error = *error;
    }
}

/*
 * Where many files are made, what is there and was not made by this run is looked for at the end.
 */
static enum hw_status made_keep(struct hw_ledger *ledger, const char *path, struct hw_error *err) {
    const struct hw_convert_options *options = ledger->options;
    bool new;
    return options->max_file_bytes > 0 || options->partition_by_count > 0
               ? hw_name_set_add(&ledger->made, hw_view_of(path), NULL, &new, err)
               : HW_OK;
}

static enum hw_status files_add(struct hw_ledger *ledger, const struct hw_output_files *files, struct hw_error *err) {
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    for (size_t i = 0; i < files->count; i++) {
        HW_TRY(hw_manifest_sorter_put(&ledger->manifest.changes, &files->entries[i], err));
        HW_TRY(ledger->missing ? made_keep(ledger, files->entries[i].path, err) : HW_OK);
    }
    for (size_t i = 0; i < files->gone_count; i++) {
        const struct hw_manifest_entry *gone;
        HW_TRY(hw_manifest_at(&ledger->manifest.before, files->gone[i], &cursor, &gone, err));
        struct hw_manifest_entry entry = *gone;
        entry.removed = true;
        HW_TRY(hw_manifest_sorter_put(&ledger->manifest.changes, &entry, err));
    }
    return HW_OK;
}

void hw_ledger_add(struct hw_ledger *ledger, const struct hw_convert_object *object,
                   const struct hw_output_files *files) {
    struct hw_error fault = HW_ERROR_INIT;
    if (files && object->outcome == HW_CONVERTED && ledger->plan->target_prefix) {
        ledger->converted = true;
        enum hw_status status = files_add(ledger, files, &fault);
        fault_keep(ledger, status, &fault);
        if (status == HW_OK && files->journalled) {
            hw_journals_settle(&ledger->journals, files->journal);
        }
        if (files->unremoved > 0) {
            hw_error_set(&fault, HW_EPARTIAL,
                         "%s of an earlier run could not be removed: rows that no source has any more are still in the "
                         "folder; the next run tries again",
                         HW_COUNT(files->unremoved, "file"));
            fault_keep(ledger, HW_EPARTIAL, &fault);
        }
        if (status == HW_OK && files->source && !files->kept) {
            hw_journals_settle_left(&ledger->journals, files->source);
        }
    }
    if (ledger->report && ledger->report_status == HW_OK) {
        ledger->report_status = hw_report_add(ledger->report, hw_object_report, object, &fault);
        fault_keep(ledger, ledger->report_status, &fault);
    }
}

void hw_ledger_warn(struct hw_ledger *ledger, const struct hw_error *warning) {
    struct hw_error fault = HW_ERROR_INIT;
    if (ledger->report) {
        fault_keep(ledger, hw_report_warn(ledger->report, warning, &fault), &fault);
    }
}

/* ------ closing */

static enum hw_status manifest_save(struct hw_ledger *ledger, struct hw_error *err);
static enum hw_status untold_look(const struct hw_ledger *ledger, struct hw_error *err);

enum hw_status hw_ledger_close(struct hw_ledger *ledger, const struct hw_convert_result *result, enum hw_status status,
                               struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    fault_keep(ledger, manifest_save(ledger, &fault), &fault);
    fault_keep(ledger, untold_look(ledger, &fault), &fault);
    if (ledger->report && ledger->report_status == HW_OK) {
        const struct hw_object_sums sums = {status == HW_OK ? ledger->status : status, result};
        fault_keep(ledger, hw_report_finish(ledger->report, hw_object_sums_report, &sums, &fault), &fault);
    }
    return ledger->status == HW_OK ? HW_OK : hw_error_pass(err, ledger->status, &ledger->error);
}

/*
 * Without a manifest nobody knows what earlier runs have made: then names are all that there is to
 * tell by.
 */
static enum hw_status untold_look(const struct hw_ledger *ledger, struct hw_error *err) {
    const struct hw_convert_options *options = ledger->options;
    const bool many = options->max_file_bytes > 0 || options->partition_by_count > 0;
    if (!ledger->missing || !ledger->converted || !many || options->overwrite == HW_OVERWRITE_SKIP ||
        ledger->status != HW_OK) {
        return HW_OK;
    }
    return hw_stale_look(ledger->plan, &ledger->made, ledger->warn, err);
}

static enum hw_status manifest_save(struct hw_ledger *ledger, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_plan *plan = ledger->plan;
    struct hw_store *own = NULL;
    /* Where no entry could be kept, a manifest without entries would say that nothing was made. */
    const bool untold = ledger->status != HW_OK && ledger->manifest.changes.records.count == 0;
    if (!plan->target_prefix || !ledger->converted || untold) {
        return HW_OK;
    }
    const char *name = hw_plan_target_name(plan, &arena, plan->target_prefix);
    HW_TRY(name ? hw_patience_store(&ledger->patience, plan->target, name, &ledger->options->target_store, &own, err)
                : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    ledger->manifest.store = own ? own : plan->target;
    const enum hw_status status = hw_manifest_file_save(&ledger->manifest, err);
    ledger->manifest.store = plan->target;
    if (status == HW_OK) {
        hw_journals_remove(&ledger->journals);
    }
    hw_store_close(own);
    return status;
}

void hw_ledger_release(struct hw_ledger *ledger) {
    hw_journals_release(&ledger->journals);
    hw_report_free(ledger->report);
    hw_store_close(ledger->report_store);
    hw_manifest_file_release(&ledger->manifest);
    hw_name_set_release(&ledger->made);
    *ledger = (struct hw_ledger){0};
}
