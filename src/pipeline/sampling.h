/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of a table are looked at before it is read: each once, by whichever worker is free.
 */
#ifndef HW_PIPELINE_SAMPLING_H
#define HW_PIPELINE_SAMPLING_H

#include <pthread.h>

#include "table/reader.h"

struct hw_sampling {
    struct hw_table_reader *reader; /* borrowed; NULL: the sampling is not open */
    struct {
        pthread_mutex_t lock; /* Whoever holds it takes no other. */
        size_t next;          /* object to be looked at */
        size_t busy;          /* workers that look */
        size_t failed;        /* the first object that failed; SIZE_MAX: none has */
        enum hw_status status;
        struct hw_error error; /* of that one */
    } synced;
};

void hw_sampling_init(struct hw_sampling *sampling, struct hw_table_reader *reader);
/* Accepts a zeroed one. Nobody may be looking. */
void hw_sampling_release(struct hw_sampling *sampling);

/* Claims an object to look at. Returns false where none is left, or one has failed. Any thread. */
bool hw_sampling_claim(struct hw_sampling *sampling, size_t *out_object);
/*
 * Looks at a claimed object. `name`, unless it is NULL, is what an error says of the object. Any
 * thread.
 */
void hw_sampling_look(struct hw_sampling *sampling, size_t object, const char *name);
/* Returns true once no object is left to claim and nobody looks at one. */
bool hw_sampling_over(struct hw_sampling *sampling);
/* Fails as the first object did, by number, that failed. Once it is over. */
HW_NODISCARD enum hw_status hw_sampling_status(const struct hw_sampling *sampling, struct hw_error *err);

#endif
