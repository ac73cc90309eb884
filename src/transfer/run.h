/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call that works on many objects: its stores and engine, what it tells of objects, and how it
 * ends. Objects are added by one thread and end on any.
 */
#ifndef HW_TRANSFER_RUN_H
#define HW_TRANSFER_RUN_H

#include <stdatomic.h>

#include <hawser/transfer.h>

#include "objects/store_set.h"
#include "store/path_list.h"
#include "transfer/costs.h"
#include "transfer/engine.h"
#include "transfer/hedge.h"
#include "transfer/publisher.h"
#include "transfer/run_report.h"

struct hw_transfer_job;

struct hw_transfer_run {
    const struct hw_transfer_options *options;
    /* The options of the stores as the run needs them. */
    struct hw_store_options source_options;
    struct hw_store_options target_options;
    struct hw_store_set sources;
    struct hw_store_set targets;
    struct hw_engine *engine;
    struct hw_publisher *publisher;
    struct hw_hedge hedge;
    /* Its own report, beside that of several calls, which the options name. NULL: there is none. */
    struct hw_transfer_report *report;
    /* The size of the parts of an object, bytes, before a store makes them larger. */
    uint64_t part_bytes;
    struct hw_ticker ticker;
    int64_t started_us;
    /* Is told of each object that a dry run would move. NULL: nobody is. Any thread. */
    enum hw_status (*planned)(void *ctx, const struct hw_transfer_job *job, struct hw_error *err);
    void *planned_ctx;
    /* True if a service has refused to copy by itself, so that no other object is tried. */
    atomic_bool copies_refused;
    /* True if a service tells wrong checksums, or none, of parts that it has copied. */
    atomic_bool part_sums_wrong;
    /* True if a service does not copy parts of what is there, so that no other object is tried. */
    atomic_bool delta_refused;
    /* True if a service tells checksums of copied parts by ETags alone (s3/older_parts.h). */
    atomic_bool delta_by_etag;
    /* The tries that services have refused because there were too many. */
    atomic_uint_fast64_t throttled;
    /* The bytes that have come to where they go to, also of objects that are not whole yet. */
    atomic_uint_fast64_t bytes_moved;
    struct {
        pthread_mutex_t lock;
        struct hw_transfer_result result;
        uint64_t bytes_found;
        bool listing;
        /* The costs of the run, for its report. */
        struct hw_transfer_costs costs;
        /* The first failure of an object; HW_OK: none. */
        struct hw_error error;
        /* True once no object is begun any more. */
        bool stopped;
        /* The failure that has ended the run; HW_OK: none. */
        struct hw_error stopped_by;
    } synced;
};

/* Starts a run; it is released on failure too. `options` are borrowed. */
HW_NODISCARD enum hw_status hw_transfer_run_start(struct hw_transfer_run *run,
                                                  const struct hw_transfer_options *options, struct hw_error *err);
/*
 * Reads the list that the options name, with the options of the side that its paths are on. Its
 * paths live in `arena`, and the array is to be freed. HW_ENOTFOUND where it names none.
 */
HW_NODISCARD enum hw_status hw_transfer_list_read(const struct hw_transfer_run *run,
                                                  const struct hw_store_options *store, struct hw_arena *arena,
                                                  struct hw_path_list *out_list, struct hw_error *err);
/* Waits for all work, and releases stores and engine. */
void hw_transfer_run_release(struct hw_transfer_run *run);

/* Tells a warning if listings have left out symbolic links. */
void hw_transfer_run_links_tell(struct hw_transfer_run *run);
/* Says that the objects are being listed, or that all are known. */
void hw_transfer_run_listing(struct hw_transfer_run *run, bool listing);
/* Counts an object that was found, and its bytes as far as they are known. */
void hw_transfer_run_found(struct hw_transfer_run *run, uint64_t bytes);
/*
 * Counts what became of an object and tells the caller. A failure that all other objects would
 * share, as refused keys or a missing bucket, ends the run. Any thread.
 */
void hw_transfer_run_tell(struct hw_transfer_run *run, const struct hw_transfer_object *object);
/*
 * Counts, for the report, an object that a service has copied by itself, or, where `planned` is not
 * 0, is going to copy with that many requests. Any thread.
 */
void hw_transfer_run_copied(struct hw_transfer_run *run, struct hw_s3_client *source, struct hw_s3_client *target,
                            uint64_t bytes, uint64_t planned);
/* Returns whether all other objects would share a failure, which ends the run. Any thread. */
bool hw_transfer_run_shares(const struct hw_error *error);
/* Counts an object that is not begun, because the run has ended. Any thread. */
void hw_transfer_run_left(struct hw_transfer_run *run);
/* Tells the caller a warning. Any thread. */
void hw_transfer_run_warn(struct hw_transfer_run *run, const struct hw_error *warning);
/* Counts bytes that have come to where they go to. Any thread. */
void hw_transfer_run_moved(struct hw_transfer_run *run, uint64_t bytes);
/* Waits for all work that was added, and returns how many objects have failed. */
uint64_t hw_transfer_run_failures(struct hw_transfer_run *run);
/* Returns whether whoever has called wants the run to stop. Any thread. */
bool hw_transfer_run_cancelled(const struct hw_transfer_run *run);
/* Returns whether objects are not begun any more. Any thread. */
bool hw_transfer_run_stopped(struct hw_transfer_run *run);

/*
 * Waits for all work, and returns how the run has ended: `status` where that is a failure, that of
 * an object where it is the only one, or HW_EPARTIAL.
 */
HW_NODISCARD enum hw_status hw_transfer_run_finish(struct hw_transfer_run *run, enum hw_status status,
                                                   struct hw_transfer_result *out_result, struct hw_error *err);

#endif
