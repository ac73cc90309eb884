/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/in_turn.h"

void hw_in_turn_init(struct hw_in_turn *turn) {
    *turn = (struct hw_in_turn){0};
    pthread_mutex_init(&turn->synced.lock, NULL);
    pthread_cond_init(&turn->synced.moved, NULL);
}

void hw_in_turn_release(struct hw_in_turn *turn) {
    pthread_cond_destroy(&turn->synced.moved);
    pthread_mutex_destroy(&turn->synced.lock);
}

bool hw_in_turn_wait(struct hw_in_turn *turn, uint64_t number) {
    pthread_mutex_lock(&turn->synced.lock);
    while (!turn->synced.broken && turn->synced.next != number) {
        pthread_cond_wait(&turn->synced.moved, &turn->synced.lock);
    }
    const bool whole = !turn->synced.broken;
    pthread_mutex_unlock(&turn->synced.lock);
    return whole;
}

void hw_in_turn_done(struct hw_in_turn *turn) {
    pthread_mutex_lock(&turn->synced.lock);
    turn->synced.next++;
    pthread_cond_broadcast(&turn->synced.moved);
    pthread_mutex_unlock(&turn->synced.lock);
}

void hw_in_turn_break(struct hw_in_turn *turn) {
    pthread_mutex_lock(&turn->synced.lock);
    turn->synced.broken = true;
    pthread_cond_broadcast(&turn->synced.moved);
    pthread_mutex_unlock(&turn->synced.lock);
}
