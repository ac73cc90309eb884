/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stores that one command works with: each bucket is opened once, however many paths name it.
 * One thread at a time.
 */
#ifndef HW_OBJECTS_STORE_SET_H
#define HW_OBJECTS_STORE_SET_H

#include <stdatomic.h>

#include "store/location.h"

struct hw_store_set_row {
    const struct hw_scheme *scheme;
    char *root;
    struct hw_store *store;
};

/* Start it with the first two, which are borrowed, and the rest zeroed. */
struct hw_store_set {
    const struct hw_store_options *options;
    /* Counts the tries that services refuse because there were too many. NULL: nobody counts. */
    atomic_uint_fast64_t *throttled;
    struct hw_store_set_row *rows;
    size_t count;
    size_t capacity;
};

/* Returns the store of a location. It belongs to the set, or to the program. */
HW_NODISCARD enum hw_status hw_store_set_get(struct hw_store_set *set, const struct hw_location *location,
                                             struct hw_store **out_store, struct hw_error *err);
/* Closes the stores. */
void hw_store_set_release(struct hw_store_set *set);

#endif
