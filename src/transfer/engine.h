/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine runs the work of many objects, and the parts of large ones, on a number of threads. An
 * object is moved by one function that runs from top to bottom (transfer/stream.h). When that hands
 * out its parts, all threads that have nothing to do help it. The number of threads that work at
 * once follows what they move and how many tries services refuse (transfer/concurrency.h).
 */
#ifndef HW_TRANSFER_ENGINE_H
#define HW_TRANSFER_ENGINE_H

#include <stdatomic.h>

#include "core/ticker.h"
#include "transfer/buffers.h"

struct hw_engine;

struct hw_engine_options {
    /* The most threads. */
    unsigned threads_max;
    /* As of hw_buffers_init. */
    size_t part_bytes;
    uint64_t buffers_bytes;
    /*
     * The number of tries that services have refused because there were too many, whoever counts
     * them. Borrowed; NULL means that nobody does.
     */
    const atomic_uint_fast64_t *throttled;
};

/* Makes an engine. Its threads start when there is work for them. */
HW_NODISCARD enum hw_status hw_engine_new(const struct hw_engine_options *options, struct hw_engine **out_engine,
                                          struct hw_error *err);
/* Waits until all work has ended, and frees the engine. Accepts NULL. */
void hw_engine_free(struct hw_engine *engine);

/* The work of one object. It belongs to the caller until it runs, and to `run` from then on. */
struct hw_engine_task {
    void (*run)(struct hw_engine_task *task);
    struct hw_engine_task *next;
};
/*
 * Adds work. While many tasks wait already, it waits, and calls the ticker. One thread at a time
 * adds. HW_ENOMEM means that there is no thread, and that the task stays the caller's.
 */
HW_NODISCARD enum hw_status hw_engine_add(struct hw_engine *engine, struct hw_engine_task *task,
                                          struct hw_ticker *ticker, struct hw_error *err);
/* Waits until all tasks that were added have ended, and calls the ticker. */
void hw_engine_wait(struct hw_engine *engine, struct hw_ticker *ticker);

/* The parts of an object. Start it with the first ones filled in and the rest zeroed. */
struct hw_engine_parts {
    uint64_t count;
    /*
     * Moves the part with this number, from 0 on. Any thread runs it, each part once, in about the
     * order of the numbers.
     */
    enum hw_status (*run)(void *ctx, uint64_t number, struct hw_error *err);
    void *ctx;
    /* The parts of one object that are under way at once; 0 means any number. */
    unsigned at_once_max;
    /* True: the other parts are run all the same once one has failed. */
    bool goes_on;

    /* The rest is the engine's, under its lock. */
    uint64_t begun;
    unsigned under_way;
    enum hw_status status;
    struct hw_error error;
    struct hw_engine_parts *next;
};
/*
 * Runs all parts and waits for them. It is called by a task, whose own thread helps. Once a part
 * has failed no other is begun, unless `goes_on`, and those under way are waited for: the first
 * failure is returned.
 */
HW_NODISCARD enum hw_status hw_engine_parts_run(struct hw_engine *engine, struct hw_engine_parts *parts,
                                                struct hw_error *err);

/* Returns the memory for parts. */
struct hw_buffers *hw_engine_buffers(struct hw_engine *engine);
/*
 * Notes that so many bytes have come to where they go to, by which the number of threads is chosen.
 * Any thread.
 */
void hw_engine_moved(struct hw_engine *engine, uint64_t bytes);
/*
 * Notes that some work has succeeded. Before that only a few threads work, so that keys that are
 * refused are not tried a hundred times. Any thread.
 */
void hw_engine_proved(struct hw_engine *engine);

#endif
