/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A limit of bytes a second that many connections share. Bytes are counted when they have moved;
 * where that was more than the time allows, everybody pauses until it was enough.
 */
#ifndef HW_NET_RATE_H
#define HW_NET_RATE_H

#include <pthread.h>

#include "core/base.h"

/* The limit. Any thread may use it once it was made. */
struct hw_rate {
    /* 0 means that there is no limit. */
    uint64_t bytes_per_s;
    struct {
        pthread_mutex_t lock;
        /* The time at which the bytes so far are within the limit. */
        int64_t even_us;
    } synced;
};

void hw_rate_init(struct hw_rate *rate, uint64_t bytes_per_s);
void hw_rate_release(struct hw_rate *rate);
/*
 * Counts bytes that have moved. Returns how long to pause, in microseconds: 0 where the bytes so
 * far are within the limit. What a quiet time did not use is not saved up.
 */
int64_t hw_rate_count(struct hw_rate *rate, int64_t now_us, uint64_t bytes);

#endif
