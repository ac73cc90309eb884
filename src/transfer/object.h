/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One object of a copy or move, from the moment that a thread takes it to the line that tells what
 * became of it.
 */
#ifndef HW_TRANSFER_OBJECT_H
#define HW_TRANSFER_OBJECT_H

#include "transfer/run.h"

/* When an object is left as it is, beside what the options of the run say. */
enum hw_transfer_unless {
    HW_TRANSFER_UNLESS_NOTHING,
    /* The target, which is there, has the same bytes. */
    HW_TRANSFER_UNLESS_SAME,
    /* The target, which is there, is at least as new, by the times that are kept with objects. */
    HW_TRANSFER_UNLESS_AS_NEW,
};

/* The object, as whoever found it describes it. All is copied but for the run and the stores. */
struct hw_transfer_job {
    struct hw_transfer_run *run;
    struct hw_store *source_store;
    const char *source_key;
    /* The facts that a listing has told; NULL: none. */
    const struct hw_object_info *known;
    struct hw_store *target_store;
    const char *target_key;
    /* The facts of the target, as a listing or a plan has told them; NULL: there is none. */
    const struct hw_object_info *there;
    /* The object fails unless both sides are as `known` and `there` say. */
    bool as_planned;
    /* The first bytes of the target's key, in which links are followed. */
    size_t kept_bytes;
    /*
     * The first bytes of the source's key, which name the folder that was asked for. Folders behind
     * them go when their last object has moved.
     */
    size_t source_kept_bytes;
    enum hw_transfer_unless unless;
};

/* Adds the object to the work of the run. On failure it is not. */
HW_NODISCARD enum hw_status hw_transfer_object_add(const struct hw_transfer_job *job, struct hw_error *err);

#endif
