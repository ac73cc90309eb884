/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes many objects of one store, with a thousand in one request where the service can. Objects
 * are added by one thread; those of the engine ask whether they are there, where they must be, and
 * remove them.
 */
#ifndef HW_TRANSFER_DELETION_H
#define HW_TRANSFER_DELETION_H

#include "transfer/run.h"

struct hw_deletion_batch;

/* Start it with the first two, and the rest zeroed. */
struct hw_deletion {
    struct hw_transfer_run *run;
    struct hw_store *store;
    struct hw_deletion_batch *batch;
};

/* An object that is to be removed. */
struct hw_deletion_object {
    const char *key;
    /* One version of an object of S3; NULL: the object. */
    const char *version_id;
    /* As far as it is known. */
    uint64_t size;
    /*
     * The first bytes of the key, which name the folder that was asked for. What a link behind them
     * leads to is not removed.
     */
    size_t kept_bytes;
    /*
     * It is known to be there, so the folders behind the first `kept_bytes` that it leaves empty go
     * with it.
     */
    bool there;
    /*
     * The path by which this one object was named, which then has to be there: services say yes to
     * removing nothing. NULL: nobody asks.
     */
    const char *named;
};

/* Adds an object, whose texts are copied. A dry run only tells of it. */
HW_NODISCARD enum hw_status hw_deletion_add(struct hw_deletion *deletion, const struct hw_deletion_object *object,
                                            struct hw_error *err);
/* Hands what was added last to the engine. */
HW_NODISCARD enum hw_status hw_deletion_flush(struct hw_deletion *deletion, struct hw_error *err);
/* Drops what was added and not handed on. */
void hw_deletion_release(struct hw_deletion *deletion);

#endif
