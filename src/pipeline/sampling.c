/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/sampling.h"

void hw_sampling_init(struct hw_sampling *sampling, struct hw_table_reader *reader) {
    *sampling = (struct hw_sampling){.reader = reader, .synced.failed = SIZE_MAX};
    pthread_mutex_init(&sampling->synced.lock, NULL);
}

void hw_sampling_release(struct hw_sampling *sampling) {
    if (sampling->reader) {
        pthread_mutex_destroy(&sampling->synced.lock);
        *sampling = (struct hw_sampling){0};
    }
}

static bool left_locked(const struct hw_sampling *sampling) {
    return sampling->synced.next < sampling->reader->objects_count && sampling->synced.status == HW_OK;
}

bool hw_sampling_claim(struct hw_sampling *sampling, size_t *out_object) {
    pthread_mutex_lock(&sampling->synced.lock);
    const bool claimed = left_locked(sampling);
    if (claimed) {
        *out_object = sampling->synced.next++;
        sampling->synced.busy++;
    }
    pthread_mutex_unlock(&sampling->synced.lock);
    return claimed;
}

void hw_sampling_look(struct hw_sampling *sampling, size_t object, const char *name) {
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = sampling->reader->ops->look(sampling->reader, object, &err);
    hw_error_object(&err, name);
    pthread_mutex_lock(&sampling->synced.lock);
    sampling->synced.busy--;
    if (status != HW_OK && object < sampling->synced.failed) {
        sampling->synced.failed = object;
        sampling->synced.status = status;
        sampling->synced.error = err;
    }
    pthread_mutex_unlock(&sampling->synced.lock);
}

bool hw_sampling_over(struct hw_sampling *sampling) {
    pthread_mutex_lock(&sampling->synced.lock);
    const bool over = !left_locked(sampling) && sampling->synced.busy == 0;
    pthread_mutex_unlock(&sampling->synced.lock);
    return over;
}

enum hw_status hw_sampling_status(const struct hw_sampling *sampling, struct hw_error *err) {
    const enum hw_status status = sampling->synced.status;
    return status == HW_OK ? HW_OK : hw_error_pass(err, status, &sampling->synced.error);
}
