/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Second requests for the few ranges of an object that take much longer than all others, which may
 * happen on any large service: whichever of both comes first is taken. How long a range usually
 * takes is learnt from those that came. Any thread.
 */
#ifndef HW_TRANSFER_HEDGE_H
#define HW_TRANSFER_HEDGE_H

#include "s3/object.h"
#include "transfer/buffers.h"

struct hw_hedge {
    struct {
        pthread_mutex_t lock;
        /* The ranges that came, and the mean of their seconds, in which older ones fade. */
        uint64_t ranges;
        double mean_seconds;
        /* The second requests so far. */
        uint64_t seconds;
    } synced;
};

void hw_hedge_init(struct hw_hedge *hedge);
void hw_hedge_release(struct hw_hedge *hedge);

/*
 * Returns after how many milliseconds a range deserves a second request, or -1: too little is known
 * yet, or too many ranges have had one.
 */
int64_t hw_hedge_wait_ms(struct hw_hedge *hedge);
/* Notes that a range came, and how long that took. */
void hw_hedge_came(struct hw_hedge *hedge, double seconds);

/* A range of one version of an object. All is borrowed. */
struct hw_hedge_range {
    struct hw_s3_client *client;
    const char *key;
    const struct hw_s3_object *object;
    uint64_t offset;
    /* NULL means the newest version. */
    const char *version_id;
};
/*
 * Fetches the range into a buffer, as much as that has room for. The buffer may be another one
 * afterwards: the second request has its own memory, and is not made where there is none. Fails as
 * hw_s3_get_wait does, once both have failed.
 */
HW_NODISCARD enum hw_status hw_hedge_get(struct hw_hedge *hedge, const struct hw_hedge_range *range,
                                         struct hw_buffers *buffers, struct hw_buffer *buffer, struct hw_error *err);

#endif
