/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removes many objects of one store, with a thousand in one request where the service can. Objects
 * are added by one thread, and removed by those of the engine.
 */
#ifndef HW_TRANSFER_DELETION_H
#define HW_TRANSFER_DELETION_H

#include "transfer/run.h"

struct hw_deletion_batch;

/* Start it with the first three, and the rest zeroed. */
struct hw_deletion {
    struct hw_transfer_run *run;
    struct hw_store *store;
    /*
     * The first bytes of all keys, which name the folder that was asked for. What a link behind
     * them leads to is not removed.
     */
    size_t kept_bytes;
    struct hw_deletion_batch *batch;
};

/*
 * Adds an object, or one version of it, whose texts are copied; `version_id` is NULL but for those
 * of S3. A dry run only tells of it.
 */
HW_NODISCARD enum hw_status hw_deletion_add(struct hw_deletion *deletion, const char *key, const char *version_id,
                                            uint64_t size, struct hw_error *err);
/* Hands what was added last to the engine. */
HW_NODISCARD enum hw_status hw_deletion_flush(struct hw_deletion *deletion, struct hw_error *err);
/* Drops what was added and not handed on. */
void hw_deletion_release(struct hw_deletion *deletion);

#endif
