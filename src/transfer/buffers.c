/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/buffers.h"

#include "core/alloc.h"

void hw_buffers_init(struct hw_buffers *buffers, size_t part_bytes, uint64_t total_bytes) {
    *buffers = (struct hw_buffers){.part_bytes = part_bytes, .total_bytes = total_bytes};
    pthread_mutex_init(&buffers->synced.lock, NULL);
    pthread_cond_init(&buffers->synced.given_back, NULL);
}

/* ------ sizes */

/* The size of a buffer that is not kept, because it is very small or larger than a part. */
enum { NOT_KEPT = HW_BUFFER_SIZES };

static size_t size_bytes(const struct hw_buffers *buffers, unsigned size) {
    return buffers->part_bytes >> size;
}

/* Returns the least size that holds so many bytes. A piece that is kept holds a link. */
static unsigned size_of(const struct hw_buffers *buffers, size_t bytes) {
    unsigned size = 0;
    if (bytes > buffers->part_bytes) {
        return NOT_KEPT;
    }
    while (size < NOT_KEPT && bytes <= size_bytes(buffers, size + 1)) {
        size++;
    }
    return size_bytes(buffers, size) < sizeof(void *) ? NOT_KEPT : size;
}

/* Returns the bytes that a buffer counts, which are those that it is made with. */
static size_t counted_bytes(const struct hw_buffers *buffers, size_t bytes) {
    const unsigned size = size_of(buffers, bytes);
    return size == NOT_KEPT ? bytes : size_bytes(buffers, size);
}

/* ------ memory that is kept */

/* Takes a piece of a size off its list; NULL if there is none. */
static void *kept_take_locked(struct hw_buffers *buffers, unsigned size) {
    void *piece = size == NOT_KEPT ? NULL : buffers->synced.kept[size];
    if (piece) {
        buffers->synced.kept[size] = *(void **)piece;
        buffers->synced.kept_bytes -= size_bytes(buffers, size);
    }
    return piece;
}

/* Frees what is kept, the largest pieces first, until it and what is held are so many bytes. */
static void kept_free_locked(struct hw_buffers *buffers, uint64_t total_bytes) {
    for (unsigned size = 0; size < HW_BUFFER_SIZES; size++) {
        while (buffers->synced.kept[size] && buffers->synced.held_bytes + buffers->synced.kept_bytes > total_bytes) {
            hw_free(kept_take_locked(buffers, size));
        }
    }
}

void hw_buffers_release(struct hw_buffers *buffers) {
    assert(buffers->synced.held_bytes == 0);
    kept_free_locked(buffers, 0);
    pthread_cond_destroy(&buffers->synced.given_back);
    pthread_mutex_destroy(&buffers->synced.lock);
}

/* ------ buffers */

static bool room_locked(const struct hw_buffers *buffers, size_t counted) {
    return buffers->synced.held_bytes == 0 || buffers->synced.held_bytes + counted <= buffers->total_bytes;
}

/* Counts a buffer as held, and returns the memory for it if that was kept. */
static void *hold_locked(struct hw_buffers *buffers, size_t bytes) {
    buffers->synced.held_bytes += counted_bytes(buffers, bytes);
    void *data = kept_take_locked(buffers, size_of(buffers, bytes));
    kept_free_locked(buffers, buffers->total_bytes);
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
    void *data = hold_locked(buffers, bytes);
    pthread_mutex_unlock(&buffers->synced.lock);
    return buffer_fill(buffers, data, bytes, out_buffer) ? HW_OK : hw_fail_nomem(err, counted);
}

bool hw_buffer_try(struct hw_buffers *buffers, size_t bytes, struct hw_buffer *out_buffer) {
    const size_t counted = counted_bytes(buffers, bytes);
    pthread_mutex_lock(&buffers->synced.lock);
    const bool room = room_locked(buffers, counted);
    void *data = room ? hold_locked(buffers, bytes) : NULL;
    pthread_mutex_unlock(&buffers->synced.lock);
    return room && buffer_fill(buffers, data, bytes, out_buffer);
}

void hw_buffer_give_back(struct hw_buffers *buffers, struct hw_buffer *buffer) {
    const unsigned size = size_of(buffers, buffer->bytes);
    const bool keep = buffer->data && size != NOT_KEPT;
    if (buffer->bytes == 0) {
        return;
    }
    pthread_mutex_lock(&buffers->synced.lock);
    buffers->synced.held_bytes -= counted_bytes(buffers, buffer->bytes);
    if (keep) {
        *(void **)buffer->data = buffers->synced.kept[size];
        buffers->synced.kept[size] = buffer->data;
        buffers->synced.kept_bytes += size_bytes(buffers, size);
    }
    pthread_cond_broadcast(&buffers->synced.given_back);
    pthread_mutex_unlock(&buffers->synced.lock);
    if (!keep) {
        hw_free(buffer->data);
    }
    *buffer = (struct hw_buffer){0};
}
