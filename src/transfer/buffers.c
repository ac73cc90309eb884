/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/buffers.h"

#include "core/alloc.h"

/*
 * Memory is taken in two sizes: small objects get what they ask for, all others a whole part, which
 * is kept afterwards.
 */
enum { SMALL_SHARE = 8 };

void hw_buffers_init(struct hw_buffers *buffers, size_t part_bytes, uint64_t total_bytes) {
    *buffers = (struct hw_buffers){.part_bytes = part_bytes, .total_bytes = total_bytes};
    pthread_mutex_init(&buffers->synced.lock, NULL);
    pthread_cond_init(&buffers->synced.given_back, NULL);
}

/* Takes one of the kept pieces off their list. */
static void *kept_take_locked(struct hw_buffers *buffers) {
    void *piece = buffers->synced.kept;
    if (piece) {
        buffers->synced.kept = *(void **)piece;
        buffers->synced.kept_bytes -= buffers->part_bytes;
    }
    return piece;
}

void hw_buffers_release(struct hw_buffers *buffers) {
    assert(buffers->synced.held_bytes == 0);
    for (void *piece; (piece = kept_take_locked(buffers));) {
        hw_free(piece);
    }
    pthread_cond_destroy(&buffers->synced.given_back);
    pthread_mutex_destroy(&buffers->synced.lock);
}

/* Returns the bytes that a buffer counts, which are those that it is made with. */
static size_t counted_bytes(const struct hw_buffers *buffers, size_t bytes) {
    const bool small = bytes <= buffers->part_bytes / SMALL_SHARE;
    return small || bytes > buffers->part_bytes ? bytes : buffers->part_bytes;
}

static bool room_locked(const struct hw_buffers *buffers, size_t counted) {
    return buffers->synced.held_bytes == 0 || buffers->synced.held_bytes + counted <= buffers->total_bytes;
}

/* Counts a buffer as held, and returns the memory for it if that was kept. */
static void *hold_locked(struct hw_buffers *buffers, size_t counted) {
    void *data = NULL;
    buffers->synced.held_bytes += counted;
    if (counted == buffers->part_bytes) {
        data = kept_take_locked(buffers);
    }
    while (buffers->synced.kept && buffers->synced.held_bytes + buffers->synced.kept_bytes > buffers->total_bytes) {
        hw_free(kept_take_locked(buffers));
    }
    return data;
}

/* Makes the memory of a buffer that is held, unless there is some. */
static bool buffer_fill(struct hw_buffers *buffers, void *data, size_t bytes, struct hw_buffer *out_buffer) {
    struct hw_buffer taken = {data ? data : hw_alloc(counted_bytes(buffers, bytes)), bytes};
    if (!taken.data) {
        hw_buffer_give_back(buffers, &taken);
        return false;
    }
    *out_buffer = taken;
    return true;
}

enum hw_status hw_buffer_take(struct hw_buffers *buffers, size_t bytes, struct hw_buffer *out_buffer,
                              struct hw_error *err) {
    const size_t counted = counted_bytes(buffers, bytes);
    pthread_mutex_lock(&buffers->synced.lock);
    while (!room_locked(buffers, counted)) {
        pthread_cond_wait(&buffers->synced.given_back, &buffers->synced.lock);
    }
    void *data = hold_locked(buffers, counted);
    pthread_mutex_unlock(&buffers->synced.lock);
    return buffer_fill(buffers, data, bytes, out_buffer) ? HW_OK : hw_fail_nomem(err, counted);
}

bool hw_buffer_try(struct hw_buffers *buffers, size_t bytes, struct hw_buffer *out_buffer) {
    const size_t counted = counted_bytes(buffers, bytes);
    pthread_mutex_lock(&buffers->synced.lock);
    const bool room = room_locked(buffers, counted);
    void *data = room ? hold_locked(buffers, counted) : NULL;
    pthread_mutex_unlock(&buffers->synced.lock);
    return room && buffer_fill(buffers, data, bytes, out_buffer);
}

void hw_buffer_give_back(struct hw_buffers *buffers, struct hw_buffer *buffer) {
    const size_t counted = counted_bytes(buffers, buffer->bytes);
    const bool keep = buffer->data && counted == buffers->part_bytes;
    if (buffer->bytes == 0) {
        return;
    }
    pthread_mutex_lock(&buffers->synced.lock);
    buffers->synced.held_bytes -= counted;
    if (keep) {
        *(void **)buffer->data = buffers->synced.kept;
        buffers->synced.kept = buffer->data;
        buffers->synced.kept_bytes += counted;
    }
    pthread_cond_broadcast(&buffers->synced.given_back);
    pthread_mutex_unlock(&buffers->synced.lock);
    if (!keep) {
        hw_free(buffer->data);
    }
    *buffer = (struct hw_buffer){0};
}
