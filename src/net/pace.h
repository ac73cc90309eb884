/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judges whether an exchange makes progress. It is stalled when no byte has moved for the whole
 * timeout, and too slow when bytes do move, but on average fewer than HW_PACE_BYTES_PER_S over a
 * window. Pure functions of time and counts.
 */
#ifndef HW_NET_PACE_H
#define HW_NET_PACE_H

#include "core/base.h"

enum { HW_PACE_BYTES_PER_S = 1024 };

enum hw_pace_verdict { HW_PACE_GOOD, HW_PACE_STALLED, HW_PACE_SLOW };

/* The progress of one exchange. Start it with hw_pace_start. */
struct hw_pace {
    int64_t timeout_us;
    /* The length of a window: one timeout, or several for an exchange that may be slow. */
    int64_t window_us;
    uint64_t to_send;
    /* The time at which bytes were last seen to move. */
    int64_t moved_us;
    uint64_t sent;
    uint64_t received;
    /*
     * True while a window is open. One opens with the first byte sent, another with the first byte
     * received: between the two the service works and no byte is expected.
     */
    bool measured;
    int64_t window_begin_us;
    uint64_t window_bytes;
};

/*
 * Starts the clock of an exchange. A window is `windows` timeouts long, 0 counting as 1. The reply
 * can come once `to_send` bytes have been sent.
 */
void hw_pace_start(struct hw_pace *pace, int64_t now_us, int64_t timeout_ms, unsigned windows, uint64_t to_send);
/*
 * Takes the bytes that have been sent and received so far and returns the verdict. It is to be
 * called several times a second.
 */
enum hw_pace_verdict hw_pace_look(struct hw_pace *pace, int64_t now_us, uint64_t sent, uint64_t received);
/* Leaves a pause out of the judgement, in which the exchange was not allowed to move bytes. */
void hw_pace_shift(struct hw_pace *pace, int64_t pause_us);

#endif
