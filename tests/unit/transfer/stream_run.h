/* SPDX-License-Identifier: Apache-2.0 */
/* Moves one object from a store to another, as a task of a run of its own. */
#ifndef HW_TESTS_STREAM_RUN_H
#define HW_TESTS_STREAM_RUN_H

#include <stdio.h>

#include "transfer/stream.h"
#include "unit/transfer/fake_store.h"

/* The size of parts, and of the memory for them, bytes. */
enum { STREAM_PART = 1000, STREAM_MEMORY = 8000 };

/* Start it with the stores and `known`, if any. */
struct stream_run {
    struct hw_store *source;
    struct hw_store *target;
    const struct hw_object_info *known;
    bool as_planned;
    unsigned connections; /* 0: four */
    uint64_t part_bytes;  /* 0: STREAM_PART */

    /* The results. */
    struct hw_stream stream;
    uint64_t bytes_moved;
    enum hw_status status;
    struct hw_error error;
};

struct stream_task {
    struct hw_engine_task base;
    struct stream_run *run;
};

static inline void stream_task_run(struct hw_engine_task *base) {
    struct stream_run *run = ((struct stream_task *)base)->run;
    run->status = hw_stream_run(&run->stream, &run->error);
}

/* Returns why the run could not begin, or how the object fared. */
static inline enum hw_status stream_move(struct stream_run *moved) {
    const uint32_t connections = moved->connections > 0 ? moved->connections : 4;
    const struct hw_transfer_options options = {
        .source_store = {.connections_max = connections},
        .target_store = {.connections_max = connections},
        .part_bytes = moved->part_bytes > 0 ? moved->part_bytes : STREAM_PART,
        .memory_bytes = moved->part_bytes > 0 ? 4 * moved->part_bytes : STREAM_MEMORY,
    };
    struct hw_transfer_run run;
    struct stream_task task = {.base = {.run = stream_task_run}, .run = moved};
    enum hw_status begun = hw_transfer_run_start(&run, &options, NULL);
    moved->error = (struct hw_error)HW_ERROR_INIT;
    moved->stream = (struct hw_stream){
        .run = &run,
        .source_store = moved->source,
        .source_key = "k",
        .known = moved->known,
        .as_planned = moved->as_planned,
        .target_store = moved->target,
        .target_key = "t",
        .sink = {.content_type = "text/csv", .links_refused = true},
    };
    begun = begun ? begun : hw_engine_add(run.engine, &task.base, &run.ticker, NULL);
    if (begun == HW_OK) {
        hw_engine_wait(run.engine, &run.ticker);
        moved->bytes_moved = atomic_load(&run.bytes_moved);
    }
    hw_transfer_run_release(&run);
    return begun ? begun : moved->status;
}

#endif
