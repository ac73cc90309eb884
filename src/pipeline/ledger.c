/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/ledger.h"

#include <stdio.h>

#include "core/clock.h"
#include "core/count.h"
#include "core/io.h"
#include "core/random.h"
#include "manifest/manifest_read.h"
#include "pipeline/pipe.h"
#include "pipeline/stale.h"
#include "report/object.h"

#define ORPHAN_AGE_US (INT64_C(24) * 3600 * 1000000) /* No run takes so long to write a manifest. */

enum {
    STOP_GRACE_MS = 10000, /* a stopped run still writes its books for so long */
    WRITES_MAX = 16,       /* tries to write the manifest, where other runs write it too */
    WRITE_PAUSE_MS = 50,
    WRITE_PAUSE_MS_MAX = 2000,
    LOOK_PAUSE_MS = 20, /* before it is looked at what was written */
    LOOKS_MAX = 5,
    READS_MAX = 8, /* tries to read the manifest, where other runs write it meanwhile */
    ETAG_BYTES = sizeof(((struct hw_ledger *)0)->before_etag),
};

/* ------ opening */

/* True once a stop was asked for some seconds ago. */
static bool stopped_long_ago(void *ctx) {
    struct hw_ledger *ledger = ctx;
    int_least64_t none = 0;
    if (!ledger->options->cancelled || !ledger->options->cancelled(ledger->options->ctx)) {
        return false;
    }
    const int64_t now_us = hw_clock_monotonic_us();
    atomic_compare_exchange_strong(&ledger->stopped_us, &none, now_us);
    return now_us - atomic_load(&ledger->stopped_us) > STOP_GRACE_MS * INT64_C(1000);
}

static struct hw_store_options patient_options(struct hw_ledger *ledger) {
    struct hw_store_options options = ledger->options->target_store;
    options.cancelled = stopped_long_ago;
    options.cancelled_ctx = ledger;
    return options;
}

static enum hw_status report_open(struct hw_ledger *ledger, int64_t started_us, struct hw_error *err);
static enum hw_status manifest_open(struct hw_ledger *ledger, struct hw_error *err);
static enum hw_status journals_open(struct hw_ledger *ledger, struct hw_error *err);

enum hw_status hw_ledger_open(struct hw_ledger *ledger, struct hw_plan *plan, const struct hw_convert_options *options,
                              const struct hw_warn *warn, int64_t started_us, struct hw_error *err) {
    ledger->plan = plan;
    ledger->options = options;
    ledger->warn = warn;
    HW_TRY(report_open(ledger, started_us, err));
    if (!plan->target_prefix) {
        return HW_OK;
    }
    HW_TRY(manifest_open(ledger, err));
    return journals_open(ledger, err);
}

/* The report goes to standard output, once it is whole. */
static enum hw_status report_pipe_open(struct hw_ledger *ledger, struct hw_sink **out_sink, struct hw_error *err) {
    const struct hw_io_stop stop = {stopped_long_ago, ledger};
    if (ledger->plan->target_pipe) {
        return hw_fail(err, HW_EUSAGE, "the report and the output both want standard output");
    }
    HW_TRY(hw_pipe_store_open(hw_pipe_output_fd(ledger->options->output_fd), &stop, &ledger->report_store, err));
    return ledger->report_store->ops->sink_open(ledger->report_store, "-", NULL, out_sink, err);
}

static enum hw_status report_open(struct hw_ledger *ledger, int64_t started_us, struct hw_error *err) {
    const struct hw_store_options options = patient_options(ledger);
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

/* Reads the entries that lie in a file of their own. */
static enum hw_status packed_read(const struct hw_ledger *ledger, struct hw_store *store, struct hw_manifest *manifest,
                                  struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_source *source;
    const char *key = hw_arena_join(&arena, ledger->plan->target_prefix, manifest->ref.name);
    if (!key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    HW_TRY(hw_store_source_open(store, key, &source, err));
    enum hw_status status = hw_manifest_unpack(source, manifest, err);
    source->ops->close(source);
    return status;
}

/*
 * Reads what is at the manifest's key. HW_ENOTFOUND where there is nothing. `known` is what the
 * store has told of it a moment ago; NULL: nothing. Another run may write it meanwhile, and remove
 * the file that its entries lay in: then it is read again.
 */
static enum hw_status manifest_read(const struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                    const struct hw_object_info *known, struct hw_manifest *manifest,
                                    char etag[ETAG_BYTES], struct hw_error *err) {
    struct hw_error fault = HW_ERROR_INIT;
    for (int tries = 0; tries < READS_MAX; tries++) {
        struct hw_source *source;
        hw_manifest_release(manifest);
        HW_TRY(known && tries == 0 ? store->ops->source_open(store, key, known, &source, err)
                                   : hw_store_source_open(store, key, &source, err));
        enum hw_status status = hw_manifest_load(source, manifest, &fault);
        snprintf(etag, ETAG_BYTES, "%s", source->etag);
        source->ops->close(source);
        if (status == HW_OK && manifest->ref.name[0] != '\0') {
            status = packed_read(ledger, store, manifest, &fault);
            status = status == HW_ENOTFOUND ? HW_ECHANGED : status;
        }
        if (status != HW_ECHANGED) {
            return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
        }
        hw_clock_sleep_ms(LOOK_PAUSE_MS);
    }
    return manifest->ref.name[0] == '\0'
               ? hw_error_pass(err, HW_ECHANGED, &fault)
               : hw_fail(err, HW_EDATA, "it is not a manifest: the file that has its entries is not there: %s",
                         manifest->ref.name);
}

static const char *manifest_key(const struct hw_ledger *ledger, struct hw_arena *arena) {
    return hw_arena_join(arena, ledger->plan->target_prefix, HW_MANIFEST_NAME);
}

static enum hw_status manifest_open(struct hw_ledger *ledger, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct hw_store *store = ledger->plan->target;
    struct hw_error fault = HW_ERROR_INIT;
    struct hw_error told = HW_ERROR_INIT;
    const char *key = manifest_key(ledger, &arena);
    const char *name = key ? hw_plan_target_name(ledger->plan, &arena, key) : NULL;
    const bool replace = ledger->options->overwrite == HW_OVERWRITE_REPLACE;
    if (!name) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a name");
    }
    enum hw_status status = manifest_read(ledger, store, key, NULL, &ledger->before, ledger->before_etag, &fault);
    if (status == HW_OK) {
        return HW_OK;
    }
    hw_manifest_release(&ledger->before);
    if (status == HW_ENOTFOUND) {
        ledger->missing = true;
        return HW_OK;
    }
    const bool lost = status == HW_EDATA || status == HW_ELIMIT || status == HW_EAUTH;
    if (lost && replace) {
        ledger->unread = true;
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
        HW_TRY(hw_manifest_sorter_put(&ledger->changes, &files->entries[i], err));
        HW_TRY(ledger->missing ? made_keep(ledger, files->entries[i].path, err) : HW_OK);
    }
    for (size_t i = 0; i < files->gone_count; i++) {
        const struct hw_manifest_entry *gone;
        HW_TRY(hw_manifest_at(&ledger->before, files->gone[i], &cursor, &gone, err));
        struct hw_manifest_entry entry = *gone;
        entry.removed = true;
        HW_TRY(hw_manifest_sorter_put(&ledger->changes, &entry, err));
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

/* A stopped run cannot use the store of its outputs any more, where that asks whether to stop. */
static enum hw_status store_choose(struct hw_ledger *ledger, struct hw_arena *arena, struct hw_store **out_own,
                                   struct hw_error *err) {
    const struct hw_plan *plan = ledger->plan;
    const struct hw_store_options options = patient_options(ledger);
    struct hw_location location = {0};
    stopped_long_ago(ledger);
    if (!plan->target->remote || atomic_load(&ledger->stopped_us) == 0) {
        return HW_OK;
    }
    const char *name = hw_plan_target_name(plan, arena, plan->target_prefix);
    HW_TRY(name ? hw_location_parse(name, &options, &location, err)
                : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    enum hw_status status = hw_store_open(&location, &options, out_own, err);
    hw_location_release(&location);
    return status;
}

static enum hw_status manifest_merge(struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                     struct hw_error *err);
static enum hw_status before_refresh(struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                     struct hw_error *err);
static void orphans_remove(const struct hw_ledger *ledger, struct hw_store *store, bool locked);

/*
 * Locks the folder. One that no output has made is made by a sink that is given up after the
 * manifest's own has come there.
 */
static enum hw_status folder_lock(const struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                  struct hw_sink **out_holder, int *out_fd, struct hw_error *err) {
    const struct hw_sink_options options = {.one_of_many = true};
    struct hw_error fault = HW_ERROR_INIT;
    if (!store->ops->lock) {
        return HW_OK;
    }
    enum hw_status status = store->ops->lock(store, ledger->plan->target_prefix, out_fd, &fault);
    if (status == HW_ENOTFOUND) {
        HW_TRY(store->ops->sink_open(store, key, &options, out_holder, err));
        status = store->ops->lock(store, ledger->plan->target_prefix, out_fd, &fault);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

/*
 * Not every service compares and writes in one step: of two runs that write at once, both may be
 * told that they were the only one. So what is there a moment later is looked at. What cannot be
 * looked at counts as right.
 */
static bool changes_there(struct hw_ledger *ledger, struct hw_store *store, const char *key) {
    HW_AUTO(hw_manifest_stream) changes = {0};
    HW_AUTO(hw_manifest_cursor) cursor = {0};
    char written[sizeof(ledger->before_etag)];
    const struct hw_manifest_entry *change = NULL;
    const struct hw_manifest_entry *found = NULL;
    memcpy(written, ledger->before_etag, sizeof(written));
    hw_clock_sleep_ms(LOOK_PAUSE_MS);
    const bool seen = before_refresh(ledger, store, key, NULL) == HW_OK && ledger->before_etag[0] != '\0';
    if (!seen || strcmp(written, ledger->before_etag) == 0 ||
        hw_manifest_stream_open(&changes, &ledger->changes, NULL) != HW_OK) {
        return true;
    }
    while (hw_manifest_stream_next(&changes, &change, NULL) == HW_OK && change) {
        const bool looked = hw_manifest_find(&ledger->before, change->path, &cursor, &found, NULL) == HW_OK;
        if (looked && !found && !change->removed) {
            return false;
        }
    }
    return true;
}

static enum hw_status manifest_save(struct hw_ledger *ledger, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_plan *plan = ledger->plan;
    struct hw_store *own = NULL;
    struct hw_sink *holder = NULL;
    int lock_fd = -1;
    /* Where no entry could be kept, a manifest without entries would say that nothing was made. */
    const bool untold = ledger->status != HW_OK && ledger->changes.records.count == 0;
    if (!plan->target_prefix || !ledger->converted || untold) {
        return HW_OK;
    }
    const char *key = manifest_key(ledger, &arena);
    HW_TRY(key ? store_choose(ledger, &arena, &own, err) : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    struct hw_store *store = own ? own : plan->target;
    enum hw_status status = folder_lock(ledger, store, key, &holder, &lock_fd, err);
    if (status == HW_OK) {
        status = manifest_merge(ledger, store, key, err);
    }
    for (int looks = 0; status == HW_OK && store->conditional && looks < LOOKS_MAX; looks++) {
        if (changes_there(ledger, store, key)) {
            break;
        }
        status = manifest_merge(ledger, store, key, err);
    }
    if (status == HW_OK) {
        orphans_remove(ledger, store, lock_fd >= 0);
    }
    if (holder) {
        holder->ops->free(holder);
    }
    if (lock_fd >= 0) {
        hw_io()->close(lock_fd);
    }
    if (status == HW_OK) {
        hw_journals_remove(&ledger->journals);
    }
    hw_store_close(own);
    return status;
}

/* What is there now, with the changes of others since we read it. */
static enum hw_status before_refresh(struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                     struct hw_error *err) {
    struct hw_object_info info;
    struct hw_error fault = HW_ERROR_INIT;
    char etag[ETAG_BYTES] = "";
    if (ledger->unread) {
        return HW_OK;
    }
    enum hw_status status = store->conditional ? hw_store_look(store, key, &info, etag, &fault) : HW_OK;
    if (status == HW_OK && etag[0] != '\0' && strcmp(etag, ledger->before_etag) == 0) {
        return HW_OK;
    }
    hw_manifest_release(&ledger->before);
    ledger->before_etag[0] = '\0';
    if (status == HW_OK) {
        status = manifest_read(ledger, store, key, store->conditional ? &info : NULL, &ledger->before,
                               ledger->before_etag, &fault);
    }
    if (status == HW_ENOTFOUND) {
        return HW_OK;
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

/* Publishes the packed entries under their name. */
static enum hw_status packed_publish(const struct hw_ledger *ledger, struct hw_store *store,
                                     const struct hw_manifest_packed *packed, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_sink_options options = {
        .content_type = "application/zstd", .size_hint = packed->ref.bytes, .write = &ledger->plan->kept.beside};
    const char *key = hw_arena_join(&arena, ledger->plan->target_prefix, packed->ref.name);
    struct hw_sink *sink;
    HW_TRY(key ? store->ops->sink_open(store, key, &options, &sink, err)
               : hw_fail(err, HW_ENOMEM, "out of memory for a name"));
    enum hw_status status = hw_manifest_packed_copy(packed, sink, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}

/*
 * Packs very many entries. Where no file for them can be made, they stand in the manifest itself.
 */
static enum hw_status entries_pack(struct hw_ledger *ledger, struct hw_manifest_packed *packed, struct hw_error *err) {
    HW_AUTO(hw_manifest_merge) merge = {0};
    struct hw_error fault = HW_ERROR_INIT;
    HW_TRY(hw_manifest_merge_open(&merge, &ledger->before, &ledger->changes, err));
    if (merge.count <= HW_MANIFEST_INLINE_MAX) {
        return HW_OK;
    }
    enum hw_status status = hw_manifest_pack(&merge, packed, &fault);
    if (status != HW_OK) {
        hw_manifest_packed_release(packed);
    }
    return status == HW_ENOMEM ? hw_error_pass(err, status, &fault) : HW_OK;
}

static enum hw_status entries_write(struct hw_ledger *ledger, const struct hw_manifest_packed *packed,
                                    struct hw_sink *sink, struct hw_error *err) {
    HW_AUTO(hw_manifest_merge) merge = {0};
    if (packed->ref.name[0] != '\0') {
        return hw_manifest_packed_refer(packed, sink, err);
    }
    HW_TRY(hw_manifest_merge_open(&merge, &ledger->before, &ledger->changes, err));
    return hw_manifest_merge_write(&merge, sink, err);
}

static enum hw_status manifest_write(struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                     bool conditional, struct hw_error *err) {
    HW_AUTO(hw_manifest_packed) packed = {0};
    const bool there = ledger->before_etag[0] != '\0';
    const bool asks = conditional && store->conditional && !ledger->unread;
    const struct hw_sink_options options = {
        .content_type = "application/json",
        .create_only = asks && !there,
        .if_match = asks && there ? ledger->before_etag : NULL,
        .write = &ledger->plan->kept.beside,
    };
    struct hw_sink *sink;
    HW_TRY(entries_pack(ledger, &packed, err));
    if (packed.ref.name[0] != '\0') {
        HW_TRY(packed_publish(ledger, store, &packed, err));
    }
    HW_TRY(store->ops->sink_open(store, key, &options, &sink, err));
    enum hw_status status = entries_write(ledger, &packed, sink, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    if (status == HW_OK) {
        snprintf(ledger->before_etag, sizeof(ledger->before_etag), "%s", sink->etag);
        ledger->written = packed.ref;
        ledger->replaced = ledger->before.ref;
        ledger->packed |= packed.ref.name[0] != '\0' || ledger->before.ref.name[0] != '\0';
    }
    sink->ops->free(sink);
    return status;
}

/* While files with entries that no manifest names any more are looked for. */
struct orphans {
    const struct hw_ledger *ledger;
    struct hw_store *store;
    int64_t before_us; /* Older ones are left of killed runs. */
};

static enum hw_status orphan_look(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    const struct orphans *orphans = ctx;
    const struct hw_ledger *ledger = orphans->ledger;
    const char *name = info->key + strlen(ledger->plan->target_prefix);
    const bool left = info->mtime_us < orphans->before_us || strcmp(name, ledger->replaced.name) == 0;
    const size_t bytes = strlen(HW_MANIFEST_REF_PREFIX) + HW_SHA256_HEX_BYTES - 1 + strlen(".ndjson.zst");
    (void)err;
    if (strlen(name) == bytes && strcmp(name, ledger->written.name) != 0 && left) {
        enum hw_status ignored = orphans->store->ops->remove(orphans->store, info->key, NULL);
        (void)ignored; /* It does no harm, and the next run tries again. */
    }
    return HW_OK;
}

/*
 * Removes the file that was replaced, and what killed runs have left. Under a lock nobody else
 * writes one; without, one may be about to be named.
 */
static void orphans_remove(const struct hw_ledger *ledger, struct hw_store *store, bool locked) {
    HW_AUTO(hw_arena) arena = {0};
    struct orphans orphans = {ledger, store, locked ? INT64_MAX : hw_clock_now_us() - ORPHAN_AGE_US};
    const char *prefix = hw_arena_join(&arena, ledger->plan->target_prefix, HW_MANIFEST_REF_PREFIX);
    if (ledger->packed && prefix) {
        enum hw_status ignored = store->ops->list(store, prefix, orphan_look, &orphans, NULL);
        (void)ignored;
    }
}

/* Another run was faster. */
static bool overtaken(enum hw_status status, const struct hw_error *fault) {
    return status == HW_ECHANGED || status == HW_EEXISTS || status == HW_ENOTFOUND ||
           strcmp(fault->s3_code, "ConditionalRequestConflict") == 0;
}

/*
 * Files know a lock, S3 a condition; a service that knows neither gets what was read a moment
 * before.
 */
static enum hw_status manifest_merge(struct hw_ledger *ledger, struct hw_store *store, const char *key,
                                     struct hw_error *err) {
    int64_t pause_ms = WRITE_PAUSE_MS;
    bool conditional = true;
    struct hw_error fault = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    for (int tries = 0; tries < WRITES_MAX; tries++) {
        HW_TRY(before_refresh(ledger, store, key, err));
        fault = (struct hw_error)HW_ERROR_INIT;
        status = manifest_write(ledger, store, key, conditional, &fault);
        const bool unknown = status != HW_OK && strcmp(fault.s3_code, "NotImplemented") == 0;
        if (status == HW_OK || !(overtaken(status, &fault) || (unknown && conditional))) {
            break;
        }
        conditional &= !unknown;
        hw_clock_sleep_ms(pause_ms + (int64_t)((double)pause_ms * hw_random_unit()));
        pause_ms = (int64_t)hw_clamp(2 * (uint64_t)pause_ms, WRITE_PAUSE_MS, WRITE_PAUSE_MS_MAX);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &fault);
}

void hw_ledger_release(struct hw_ledger *ledger) {
    hw_journals_release(&ledger->journals);
    hw_report_free(ledger->report);
    hw_store_close(ledger->report_store);
    hw_manifest_release(&ledger->before);
    hw_manifest_sorter_release(&ledger->changes);
    hw_name_set_release(&ledger->made);
    *ledger = (struct hw_ledger){0};
}
