/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One object of a copy or move, from the moment that a thread takes it to the line that tells what
 * became of it.
 */
#ifndef HW_TRANSFER_OBJECT_H
#define HW_TRANSFER_OBJECT_H

#include "transfer/run.h"

/* The object, as whoever found it describes it. All is copied but for the run and the stores. */
struct hw_transfer_job {
    struct hw_transfer_run *run;
    struct hw_store *source_store;
    const char *source_key;
    /* The facts that a listing has told; NULL: none. */
    const struct hw_object_info *known;
    struct hw_store *target_store;
    const char *target_key;
    /* The first bytes of the target's key, in which links are followed. */
    size_t kept_bytes;
    /* The object is left as it is if the target, which is there, has the same bytes. */
    bool unless_same;
};

/* Adds the object to the work of the run. On failure it is not. */
HW_NODISCARD enum hw_status hw_transfer_object_add(const struct hw_transfer_job *job, struct hw_error *err);

#endif
