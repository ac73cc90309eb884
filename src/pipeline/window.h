/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of the plan that were found and have not begun, in the order in which they were
 * found. Whoever lists puts them there, and waits while there are many; workers take them. Where
 * the listing has to be whole before the first is taken, those beyond the limit wait in a file
 * without a name.
 */
#ifndef HW_PIPELINE_WINDOW_H
#define HW_PIPELINE_WINDOW_H

#include "core/record_file.h"
#include "core/ticker.h"
#include "pipeline/object_list.h"

#define HW_WINDOW_OBJECTS_MAX 10000u /* objects that wait in memory */

struct hw_window_options {
    size_t objects_max; /* in memory */
    bool whole;         /* The first is taken when the last has been found. */
    /* All can be taken once more, after hw_window_again. The window is whole. */
    bool twice;
    /* All are counted and go there, and none can be taken. NULL: they can be. Borrowed. */
    struct hw_object_list *list;
    /*
     * Called, without a lock, where one can be taken, or none will come; NULL: nobody needs to be
     * told.
     */
    void (*wake)(void *ctx);
    void *ctx;
};

enum hw_window_state {
    HW_WINDOW_OBJECT, /* One can be taken. */
    HW_WINDOW_LATER,  /* More may come. */
    HW_WINDOW_END,    /* None will come, be it because listing has failed. */
};

struct hw_window {
    struct hw_window_options options;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct hw_plan_object *first;
        struct hw_plan_object **last; /* where the next one is linked */
        size_t count;                 /* in memory */
        struct hw_record_file file;   /* those that come after them */
        struct hw_record_reader reader;
        size_t file_count;
        size_t file_all; /* of these, at the start of taking */
        bool full;       /* It was, once. */
        bool ended;      /* Nothing is put any more. */
        bool stopped;    /* Nobody takes any more. */
        uint64_t total;  /* objects that were put, and their bytes */
        uint64_t total_bytes;
        enum hw_status status; /* the fault that ended the listing */
        struct hw_error error;
    } synced;
};

/* The objects that were found so far. */
struct hw_window_sums {
    uint64_t objects;
    uint64_t bytes;
    bool ended; /* There are no others. */
};

void hw_window_init(struct hw_window *window, const struct hw_window_options *options);
/* Nobody uses it any more. Objects that were not taken are freed. Accepts a zeroed one. */
void hw_window_release(struct hw_window *window);

/* ------ for whoever lists, one thread */

/*
 * Waits until there is room. HW_ECANCELLED once it is stopped. `*out_full`: the window has been
 * full before.
 */
HW_NODISCARD enum hw_status hw_window_reserve(struct hw_window *window, bool *out_full, struct hw_error *err);
/* Puts an object, which it takes, also on failure. */
HW_NODISCARD enum hw_status hw_window_put(struct hw_window *window, struct hw_plan_object *object,
                                          struct hw_error *err);
/* Nothing more is put, because all was found or because of a fault. */
void hw_window_end(struct hw_window *window, enum hw_status status, const struct hw_error *error);

/* ------ for whoever takes */

/*
 * Waits until the window is full, or where it has to be whole, until the end. Tells the fault that
 * ended the listing. `tick`, which may be NULL, is called with `ctx` every HW_TICK_US meanwhile.
 */
HW_NODISCARD enum hw_status hw_window_wait(struct hw_window *window, void (*tick)(void *ctx), void *ctx,
                                           struct hw_error *err);
/*
 * Hands out all objects that wait, while nothing is put or taken. A status other than HW_OK ends
 * this.
 */
typedef enum hw_status hw_window_fn(void *ctx, const struct hw_plan_object *object, struct hw_error *err);
HW_NODISCARD enum hw_status hw_window_each(struct hw_window *window, hw_window_fn *each, void *ctx,
                                           struct hw_error *err);
/*
 * Tells what the next take would give, and the object that it would be: NULL, but for
 * HW_WINDOW_OBJECT.
 */
enum hw_window_state hw_window_look(struct hw_window *window, struct hw_plan_object **out_object);
/*
 * Takes the object that hw_window_look has told of, which the caller frees with hw_free. One thread
 * at a time.
 */
struct hw_plan_object *hw_window_take(struct hw_window *window);
/*
 * Begins the taking again, once all were taken: for a window whose objects can be taken twice.
 */
void hw_window_again(struct hw_window *window);
/* Tells the fault that ended the listing, if any. */
HW_NODISCARD enum hw_status hw_window_status(struct hw_window *window, struct hw_error *err);
/* Whoever waits to put something is let go. */
void hw_window_stop(struct hw_window *window);
struct hw_window_sums hw_window_sums(struct hw_window *window);

#endif
