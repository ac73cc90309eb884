/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives many small files their names together: their bytes and their names are brought to the disk
 * by one flush for all that have come meanwhile, on a thread of its own. So a flush takes the time
 * of one, and nobody waits for it. Any thread may add to a publisher.
 */
#ifndef HW_TRANSFER_PUBLISHER_H
#define HW_TRANSFER_PUBLISHER_H

#include <hawser/io.h>

#include "core/error.h"
#include "store/file_sync.h"

struct hw_publisher;

/* A file that is settled, and waits for its name. It must not move until `done` is called. */
struct hw_publication {
    /* It was opened with the publisher's sync, and is the publisher's now. */
    struct hw_sink *sink;
    /*
     * Is called once, on the thread of the publisher: the file has its name and is on the disk, or
     * `error` says why not.
     */
    void (*done)(void *ctx, enum hw_status status, const struct hw_error *error);
    void *ctx;
    struct hw_publication *next;
};

/* Makes a publisher, whose thread starts with the first file. */
HW_NODISCARD enum hw_status hw_publisher_new(struct hw_publisher **out_publisher, struct hw_error *err);
/* Waits until all files are published, and frees the publisher. Accepts NULL. */
void hw_publisher_free(struct hw_publisher *publisher);

/* Returns what sinks are opened with (hw_sink_options.sync). */
struct hw_store_sync *hw_publisher_sync(struct hw_publisher *publisher);
/* Adds a file. Where very many wait already, it waits too. */
void hw_publisher_add(struct hw_publisher *publisher, struct hw_publication *publication);
/* Waits until all files that were added are published. */
void hw_publisher_wait(struct hw_publisher *publisher);

#endif
