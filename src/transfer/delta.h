/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploads over an older version of an object (`delta` of hawser/transfer.h): looks which version is
 * there, offers it to the sink, which has the service copy the parts that are as ours
 * (s3/older_parts.h), and tells what came of that.
 */
#ifndef HW_TRANSFER_DELTA_H
#define HW_TRANSFER_DELTA_H

#include "s3/description.h"
#include "s3/older_parts.h"
#include "transfer/run.h"

/* The object that is written; all is borrowed. */
struct hw_delta_place {
    struct hw_transfer_run *run;
    struct hw_store *store;
    const char *key;
};

/* Start it zeroed. It must not move, and outlives the sink. */
struct hw_delta {
    struct hw_s3_description there;
    struct hw_s3_older older;
    /* The sink knows an older version. */
    bool offered;
};
void hw_delta_release(struct hw_delta *delta);

/*
 * Looks at the version that is there and offers it to a sink that is written in parts. None there
 * is no fault, nor is one that cannot be read, of which a warning tells. The options ask for it.
 */
HW_NODISCARD enum hw_status hw_delta_offer(struct hw_delta *delta, const struct hw_delta_place *place,
                                           struct hw_sink *sink, struct hw_error *err);
/*
 * Tells the bytes that were sent and copied, once the object is there, and warns where parts were
 * not copied that could have been.
 */
void hw_delta_settle(const struct hw_delta_place *place, const struct hw_sink *sink, uint64_t *out_sent,
                     uint64_t *out_copied);
/* Warns that an object with copied parts has failed, and that all of it is sent. */
void hw_delta_again(const struct hw_delta_place *place, const struct hw_error *why);

#endif
