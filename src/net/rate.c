/* SPDX-License-Identifier: Apache-2.0 */
#include "net/rate.h"

void hw_rate_init(struct hw_rate *rate, uint64_t bytes_per_s) {
    *rate = (struct hw_rate){.bytes_per_s = bytes_per_s};
    pthread_mutex_init(&rate->synced.lock, NULL);
}

void hw_rate_release(struct hw_rate *rate) {
    pthread_mutex_destroy(&rate->synced.lock);
}

int64_t hw_rate_count(struct hw_rate *rate, int64_t now_us, uint64_t bytes) {
    if (rate->bytes_per_s == 0) {
        return 0;
    }
    const double takes_us = (double)bytes * 1e6 / (double)rate->bytes_per_s;
    pthread_mutex_lock(&rate->synced.lock);
    if (rate->synced.even_us < now_us) {
        rate->synced.even_us = now_us;
    }
    rate->synced.even_us += (int64_t)takes_us;
    const int64_t pause_us = rate->synced.even_us - now_us;
    pthread_mutex_unlock(&rate->synced.lock);
    return pause_us;
}
