/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an exchange gets on: no byte for the whole timeout is a stall, and where bytes do move,
 * less than HW_PACE_BYTES_PER_S on average over a window of that length is too slow. A pure
 * function of time and counts.
 */
#ifndef HW_NET_PACE_H
#define HW_NET_PACE_H

#include "core/base.h"

enum { HW_PACE_BYTES_PER_S = 1024 };

enum hw_pace_verdict { HW_PACE_GOOD, HW_PACE_STALLED, HW_PACE_SLOW };

/* Start it with hw_pace_start. */
struct hw_pace {
    int64_t timeout_us;
    /* a window of the average: the timeout, or some of them for who may be slow */
    int64_t window_us;
    uint64_t to_send;
    int64_t moved_us; /* when bytes were seen to move last */
    uint64_t sent;
    uint64_t received;
    /*
     * A window opens with the first byte sent and anew with the first one received: between them is
     * only a wait.
     */
    bool measured;
    int64_t window_begin_us;
    uint64_t window_bytes;
};

/*
 * `windows` timeouts make a window of the average, 0 counts as 1. `to_send` bytes go out before a
 * reply can come.
 */
void hw_pace_start(struct hw_pace *pace, int64_t now_us, int64_t timeout_ms, unsigned windows, uint64_t to_send);
/* Tells it how many bytes have been sent and received so far. Called some times a second. */
enum hw_pace_verdict hw_pace_look(struct hw_pace *pace, int64_t now_us, uint64_t sent, uint64_t received);

#endif
