/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lets threads that work on numbered parts do one step in the order of the numbers. Any thread may
 * use it.
 */
#ifndef HW_TRANSFER_IN_TURN_H
#define HW_TRANSFER_IN_TURN_H

#include <pthread.h>

#include "core/base.h"

struct hw_in_turn {
    struct {
        pthread_mutex_t lock;
        pthread_cond_t moved;
        /* The number whose turn it is. */
        uint64_t next;
        /* True once a number has failed, and the order does not matter any more. */
        bool broken;
    } synced;
};

void hw_in_turn_init(struct hw_in_turn *turn);
void hw_in_turn_release(struct hw_in_turn *turn);

/*
 * Waits until all numbers before this one are done. Returns false once the turn is broken, and
 * then nothing is to be done.
 */
bool hw_in_turn_wait(struct hw_in_turn *turn, uint64_t number);
/* Says that the number whose turn it was is done. */
void hw_in_turn_done(struct hw_in_turn *turn);
/* Says that one of the numbers has failed: nobody waits any more. */
void hw_in_turn_break(struct hw_in_turn *turn);

#endif
