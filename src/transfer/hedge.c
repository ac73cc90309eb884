/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/hedge.h"

#include "core/clock.h"

enum {
    /* So many ranges tell how long one takes. */
    RANGES_MIN = 8,
    /* No range has a second request earlier. */
    WAIT_MS_MIN = 1000,
    /* One range of so many may have a second request, so that a slow service is not asked twice. */
    RANGES_PER_SECOND = 16,
};
/* A range is late after so many times of the mean. */
static const double late_ratio = 4;
/* The share that a new range has in the mean. */
static const double new_share = 0.1;

void hw_hedge_init(struct hw_hedge *hedge) {
    *hedge = (struct hw_hedge){0};
    pthread_mutex_init(&hedge->synced.lock, NULL);
}

void hw_hedge_release(struct hw_hedge *hedge) {
    pthread_mutex_destroy(&hedge->synced.lock);
}

int64_t hw_hedge_wait_ms(struct hw_hedge *hedge) {
    pthread_mutex_lock(&hedge->synced.lock);
    const bool known = hedge->synced.ranges >= RANGES_MIN;
    const bool few = hedge->synced.seconds * RANGES_PER_SECOND <= hedge->synced.ranges;
    const double late_ms = hedge->synced.mean_seconds * late_ratio * 1000;
    pthread_mutex_unlock(&hedge->synced.lock);
    if (!known || !few) {
        return -1;
    }
    return late_ms > WAIT_MS_MIN ? (int64_t)late_ms : WAIT_MS_MIN;
}

void hw_hedge_came(struct hw_hedge *hedge, double seconds) {
    pthread_mutex_lock(&hedge->synced.lock);
    const bool first = hedge->synced.ranges++ == 0;
    const double mean = hedge->synced.mean_seconds;
    hedge->synced.mean_seconds = first ? seconds : mean + (seconds - mean) * new_share;
    pthread_mutex_unlock(&hedge->synced.lock);
}

static void second_count(struct hw_hedge *hedge) {
    pthread_mutex_lock(&hedge->synced.lock);
    hedge->synced.seconds++;
    pthread_mutex_unlock(&hedge->synced.lock);
}

/* The requests for one range. */
struct race {
    const struct hw_hedge_range *range;
    struct hw_call_queue ends;
    struct hw_s3_get gets[2];
    struct hw_buffer memory[2];
    bool under_way[2];
};

static enum hw_status get_start(struct race *race, size_t which, struct hw_error *err) {
    const struct hw_hedge_range *range = race->range;
    struct hw_s3_get *get = &race->gets[which];
    *get = (struct hw_s3_get){.object = range->object,
                              .offset = range->offset,
                              .bytes = race->memory[which].bytes,
                              .version_id = range->version_id};
    get->call.queue = &race->ends;
    HW_TRY(hw_s3_get_start(get, range->client, range->key, race->memory[which].data, err));
    race->under_way[which] = true;
    return HW_OK;
}

/* Asks a second time, if there is memory for that right now. */
static void second_start(struct hw_hedge *hedge, struct race *race, struct hw_buffers *buffers) {
    if (!hw_buffer_try(buffers, race->memory[0].bytes, &race->memory[1])) {
        return;
    }
    if (get_start(race, 1, NULL) == HW_OK) {
        second_count(hedge);
    }
}

/* Waits for whichever ends next. Returns its number. */
static size_t end_wait(struct race *race, int64_t wait_ms) {
    const struct hw_call_end *end = hw_call_queue_next(&race->ends, wait_ms);
    if (!end) {
        return COUNT_OF(race->gets);
    }
    const size_t which = end->ctx == &race->gets[1].call;
    race->under_way[which] = false;
    return which;
}

enum hw_status hw_hedge_get(struct hw_hedge *hedge, const struct hw_hedge_range *range, struct hw_buffers *buffers,
                            struct hw_buffer *buffer, struct hw_error *err) {
    struct race race = {.range = range, .memory = {*buffer}};
    struct hw_error fault = HW_ERROR_INIT;
    const int64_t started_us = hw_clock_monotonic_us();
    hw_call_queue_init(&race.ends);
    enum hw_status status = get_start(&race, 0, err);
    int64_t wait_ms = status ? -1 : hw_hedge_wait_ms(hedge);
    size_t winner = 0;
    while (race.under_way[0] || race.under_way[1]) {
        const size_t which = end_wait(&race, wait_ms);
        wait_ms = -1;
        if (which == COUNT_OF(race.gets)) {
            second_start(hedge, &race, buffers);
            continue;
        }
        fault = (struct hw_error)HW_ERROR_INIT;
        status = hw_s3_get_wait(&race.gets[which], &fault);
        if (status == HW_OK) {
            winner = which;
            break;
        }
    }
    hw_s3_get_release(&race.gets[0]);
    hw_s3_get_release(&race.gets[1]);
    hw_call_queue_release(&race.ends);
    *buffer = race.memory[winner];
    hw_buffer_give_back(buffers, &race.memory[1 - winner]);
    if (status == HW_OK) {
        hw_hedge_came(hedge, (double)(hw_clock_monotonic_us() - started_us) / 1e6);
        return HW_OK;
    }
    return fault.status ? hw_error_pass(err, status, &fault) : status;
}
