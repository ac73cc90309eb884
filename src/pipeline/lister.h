/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread lists the sources of a run while workers convert what was found. The first objects, all
 * there are where they are few, are checked as a whole before anything is written. What comes later
 * is checked as it comes: an object that may not be is told of as a failed one. Where an output
 * could take the place of a source, all are listed first.
 */
#ifndef HW_PIPELINE_LISTER_H
#define HW_PIPELINE_LISTER_H

#include <stdatomic.h>

#include "manifest/manifest.h"
#include "pipeline/source_guard.h"
#include "pipeline/window.h"

struct hw_lister_options {
    size_t objects_max; /* that wait in memory; 0: HW_WINDOW_OBJECTS_MAX */
    struct hw_source_guard_outputs outputs;
    /* Called by the lister's thread, after hw_lister_begin, with what cannot be converted. */
    void (*refused)(void *ctx, const char *source, const struct hw_error *error);
    void *ctx;
    /* Called by whoever starts the lister, five times a second while it waits. NULL: never. */
    void (*on_wait)(void *ctx);
    struct hw_left_out *left_out; /* counts objects that are no sources; NULL: nobody does */
    /* The manifest of the destination, for hw_source_guard_left_out. NULL: there is none. */
    const struct hw_manifest *before;
};

/* Start it zeroed. */
struct hw_lister {
    struct hw_plan *plan; /* borrowed */
    struct hw_lister_options options;
    struct hw_window window;
    pthread_t thread;
    bool started; /* The thread is to be joined. */
    atomic_bool begun;
    void (*wake)(void *ctx); /* Set before `begun`, as the next one. */
    void *wake_ctx;

    struct hw_object_list merged; /* all objects of a merge */
    struct hw_plan_object *first; /* that was found, of a merge */
    bool merged_taken;

    struct hw_error *missing; /* of the first sources, that are not there */
    size_t missing_count;
    uint64_t kept; /* objects that are sources, and those that were left out */
    uint64_t left_out;
    uint64_t taken; /* jobs' objects */
    atomic_uint_fast64_t refused_count;
};

/* Work for a job: an object, or all that are merged. The other one is NULL. */
struct hw_lister_work {
    struct hw_plan_object *single;
    const struct hw_object_list *merged;
};

/*
 * Starts listing; returns once as many objects are found as wait in memory, or all, or where it has
 * failed. These are checked: what is wrong with one of them is the run's error. To be released on
 * failure too.
 */
HW_NODISCARD enum hw_status hw_lister_start(struct hw_lister *lister, struct hw_plan *plan,
                                            const struct hw_lister_options *options, struct hw_error *err);
/*
 * Listing goes on as objects are taken, and `wake` is called where there is something new to take,
 * or nothing will come. Called once, before anything is taken.
 */
void hw_lister_begin(struct hw_lister *lister, void (*wake)(void *ctx), void *ctx);
/*
 * Stops listing, and waits for its thread. Nothing is told any more. Tells the fault that ended the
 * listing.
 */
HW_NODISCARD enum hw_status hw_lister_stop(struct hw_lister *lister, struct hw_error *err);
void hw_lister_release(struct hw_lister *lister);

/* Tells what can be taken. One thread at a time, as hw_lister_take. */
enum hw_window_state hw_lister_look(struct hw_lister *lister, struct hw_lister_work *out_work);
/* Takes that. A single object is the caller's from now on, to be freed with hw_free. */
void hw_lister_take(struct hw_lister *lister);
/* Begins the taking again, in a run with `one_schema`, once everything was taken. */
void hw_lister_again(struct hw_lister *lister);
/* Tells how many jobs' objects were found and not taken. Of a merge there is one job. */
uint64_t hw_lister_left(struct hw_lister *lister);
/* Tells of all that were found so far, those that may not be too. Any thread. */
struct hw_window_sums hw_lister_sums(struct hw_lister *lister);

#endif
