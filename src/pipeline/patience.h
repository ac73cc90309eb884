/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patience with a call that is told to stop: its books, which tell of what has been published, are
 * still written, for some seconds. Any thread.
 */
#ifndef HW_PIPELINE_PATIENCE_H
#define HW_PIPELINE_PATIENCE_H

#include <stdatomic.h>

#include "store/store.h"

/* Start it zeroed but for the first part. */
struct hw_patience {
    bool (*cancelled)(void *ctx); /* asks whether the call shall stop; NULL: it never does */
    void *ctx;
    atomic_int_least64_t stopped_us; /* when a stop was first seen; 0: not yet */
};

/* Returns whether a stop was asked for some seconds ago. `patience` is a struct hw_patience. */
bool hw_patience_ended(void *patience);

/* Returns options by which a store goes on until then. */
struct hw_store_options hw_patience_options(struct hw_patience *patience, const struct hw_store_options *options);

/*
 * Opens the store of `path` once more where `store` cannot be used any longer, as it is remote, and
 * itself asks whether to stop. `*out_own` is NULL where it can; the caller closes it.
 */
HW_NODISCARD enum hw_status hw_patience_store(struct hw_patience *patience, const struct hw_store *store,
                                              const char *path, const struct hw_store_options *options,
                                              struct hw_store **out_own, struct hw_error *err);

#endif
