/* SPDX-License-Identifier: Apache-2.0 */
#include "net/ranges.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/count.h"

enum {
    /* The windows that are fetched beyond the one that is being read. */
    WINDOWS_AHEAD = 2,
    /* The reads of other windows after which one that was not read to its end may be given up. */
    READS_UNTIL_STALE = 64
};

enum window_state { WINDOW_FREE, WINDOW_LOADING, WINDOW_READY };

/*
 * The bytes of the object from a multiple of part_bytes on, but for the first window and for those
 * that are expected. All of it is
 * under the reader's lock, except `data` while there are users.
 */
struct window {
    enum window_state state;
    uint64_t offset;
    size_t bytes;
    /* The memory, of part_bytes bytes; NULL until it is first needed. */
    uint8_t *data;
    /* The request for it, of get_bytes bytes. */
    void *get;
    /* True while one thread waits for the service. */
    bool waited_for;
    /* The number of threads that copy from it or wait for it. */
    unsigned users;
    /* The bytes handed out so far. */
    uint64_t read_bytes;
    /* The reader's count of reads at its last use. */
    uint64_t last_read;
};

struct hw_ranges {
    struct hw_ranges_object object;
    struct {
        pthread_mutex_t lock;
        pthread_cond_t loaded;
        uint64_t reads;
        /* True if reads follow each other. */
        bool in_order;
        struct window windows[HW_RANGES_WINDOWS];
        /* Ranges of any size, each of which goes once it was read. */
        struct window *expected[HW_RANGES_EXPECTED];
        size_t expected_count;
    } synced;
};

static enum hw_status step_read(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes, size_t *out_bytes,
                                struct hw_error *err);
static struct window *window_at_locked(struct hw_ranges *ranges, uint64_t offset);
static void expected_drop_locked(struct hw_ranges *ranges, const struct window *window);
static struct window *window_load_locked(struct hw_ranges *ranges, uint64_t offset, bool ahead);
static struct window *window_claim_locked(struct hw_ranges *ranges, bool ahead);
static enum hw_status window_wait_locked(struct hw_ranges *ranges, struct window *window, struct hw_error *err);
static void read_ahead_locked(struct hw_ranges *ranges, const struct window *window);
static enum hw_status ranges_read(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err);

enum hw_status hw_ranges_new(const struct hw_ranges_object *object, struct hw_ranges **out_ranges,
                             struct hw_error *err) {
    struct hw_ranges *ranges = hw_alloc_zero(1, sizeof(*ranges));
    if (!ranges) {
        return hw_fail_nomem(err, sizeof(*ranges));
    }
    pthread_mutex_init(&ranges->synced.lock, NULL);
    pthread_cond_init(&ranges->synced.loaded, NULL);
    ranges->object = *object;
    for (size_t i = 0; i < HW_RANGES_WINDOWS; i++) {
        ranges->synced.windows[i].get = hw_alloc_zero(1, object->ops->get_bytes);
        if (!ranges->synced.windows[i].get) {
            hw_ranges_free(ranges);
            return hw_fail_nomem(err, object->ops->get_bytes);
        }
    }
    ranges->synced.windows[0].state = WINDOW_READY;
    ranges->synced.windows[0].data = object->first;
    ranges->synced.windows[0].bytes = object->first_bytes;
    ranges->synced.windows[0].offset = object->first_offset;
    *out_ranges = ranges;
    return HW_OK;
}

void hw_ranges_free(struct hw_ranges *ranges) {
    if (!ranges) {
        return;
    }
    for (size_t i = 0; i < HW_RANGES_WINDOWS; i++) {
        struct window *window = &ranges->synced.windows[i];
        assert(window->users == 0);
        if (window->get) {
            ranges->object.ops->release(window->get);
        }
        hw_free(window->get);
        hw_free(window->data);
    }
    while (ranges->synced.expected_count > 0) {
        expected_drop_locked(ranges, ranges->synced.expected[0]);
    }
    pthread_cond_destroy(&ranges->synced.loaded);
    pthread_mutex_destroy(&ranges->synced.lock);
    hw_free(ranges);
}

void hw_ranges_in_order(struct hw_ranges *ranges) {
    pthread_mutex_lock(&ranges->synced.lock);
    ranges->synced.in_order = true;
    pthread_mutex_unlock(&ranges->synced.lock);
}

enum hw_status hw_ranges_read_at(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes,
                                 struct hw_error *err) {
    uint8_t *at = data;
    if (offset > ranges->object.size || bytes > ranges->object.size - offset) {
        return hw_fail_at(err, HW_EIO, offset, "a read of %s reaches beyond the object's %" PRIu64,
                          HW_COUNT(bytes, "byte"), ranges->object.size);
    }
    while (bytes > 0) {
        size_t step = 0;
        HW_TRY(step_read(ranges, offset, at, bytes, &step, err));
        at += step;
        offset += step;
        bytes -= step;
    }
    return HW_OK;
}

/*
 * Reads some bytes, at least one: from a window that is there, from one that is fetched now, or
 * else past the windows.
 */
static enum hw_status step_read(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes, size_t *out_bytes,
                                struct hw_error *err) {
    pthread_mutex_lock(&ranges->synced.lock);
    uint64_t now = ++ranges->synced.reads;
    struct window *window = window_at_locked(ranges, offset);
    if (!window && ranges->synced.in_order && bytes < ranges->object.part_bytes) {
        window = window_load_locked(ranges, offset, false);
    }
    if (!window) {
        pthread_mutex_unlock(&ranges->synced.lock);
        *out_bytes = bytes;
        return ranges_read(ranges, offset, data, bytes, err);
    }
    window->users++;
    window->last_read = now;
    enum hw_status status = window_wait_locked(ranges, window, err);
    if (status == HW_OK && window->state == WINDOW_READY) {
        size_t skipped = (size_t)(offset - window->offset);
        size_t step = hw_min_size(bytes, window->bytes - skipped);
        window->read_bytes += step;
        if (ranges->synced.in_order) {
            read_ahead_locked(ranges, window);
        }
        pthread_mutex_unlock(&ranges->synced.lock);
        memcpy(data, window->data + skipped, step);
        pthread_mutex_lock(&ranges->synced.lock);
        *out_bytes = step;
    } else if (status == HW_OK) {
        /*
         * The thread that waited for the window has failed, and reports it. This thread tries for
         * itself.
         */
        *out_bytes = 0;
    }
    window->users--;
    if (window->state == WINDOW_FREE || window->read_bytes >= window->bytes) {
        expected_drop_locked(ranges, window);
    }
    pthread_mutex_unlock(&ranges->synced.lock);
    return status;
}

static bool window_has(const struct window *window, uint64_t offset) {
    return window->state != WINDOW_FREE && offset >= window->offset && offset - window->offset < window->bytes;
}

static struct window *window_at_locked(struct hw_ranges *ranges, uint64_t offset) {
    for (size_t i = 0; i < HW_RANGES_WINDOWS; i++) {
        if (window_has(&ranges->synced.windows[i], offset)) {
            return &ranges->synced.windows[i];
        }
    }
    for (size_t i = 0; i < ranges->synced.expected_count; i++) {
        if (window_has(ranges->synced.expected[i], offset)) {
            return ranges->synced.expected[i];
        }
    }
    return NULL;
}

/* Starts to fetch the window around `offset`. Returns NULL if there is no room for one. */
static struct window *window_load_locked(struct hw_ranges *ranges, uint64_t offset, bool ahead) {
    struct window *window = window_claim_locked(ranges, ahead);
    if (!window) {
        return NULL;
    }
    window->offset = offset - offset % ranges->object.part_bytes;
    window->bytes = hw_min_size(ranges->object.part_bytes, (size_t)(ranges->object.size - window->offset));
    window->read_bytes = 0;
    window->last_read = ranges->synced.reads;
    const struct hw_ranges_object *object = &ranges->object;
    if (object->ops->start(object->ctx, window->get, window->offset, window->bytes, window->data, NULL) != HW_OK) {
        object->ops->release(window->get);
        /* The read past the windows meets the same fault, and reports it. */
        return NULL;
    }
    window->state = WINDOW_LOADING;
    return window;
}

/*
 * Finds a window that may be filled anew. Fetching ahead only takes one that nobody will read any
 * more.
 */
static struct window *window_claim_locked(struct hw_ranges *ranges, bool ahead) {
    struct window *found = NULL;
    for (size_t i = 0; i < HW_RANGES_WINDOWS && !found; i++) {
        struct window *window = &ranges->synced.windows[i];
        bool read_out = window->state == WINDOW_READY && window->read_bytes >= window->bytes;
        bool stale = !ahead && ranges->synced.reads - window->last_read > READS_UNTIL_STALE;
        if (window->users == 0 && (window->state == WINDOW_FREE || read_out || stale)) {
            found = window;
        }
    }
    if (!found) {
        return NULL;
    }
    ranges->object.ops->release(found->get);
    found->state = WINDOW_FREE;
    if (!found->data) {
        found->data = hw_alloc(ranges->object.part_bytes);
    }
    return found->data ? found : NULL;
}

/*
 * Returns once the window is no longer loading. One thread waits for the service, the others for
 * that thread.
 */
static enum hw_status window_wait_locked(struct hw_ranges *ranges, struct window *window, struct hw_error *err) {
    while (window->state == WINDOW_LOADING && window->waited_for) {
        pthread_cond_wait(&ranges->synced.loaded, &ranges->synced.lock);
    }
    if (window->state != WINDOW_LOADING) {
        return HW_OK;
    }
    window->waited_for = true;
    pthread_mutex_unlock(&ranges->synced.lock);
    enum hw_status status = ranges->object.ops->wait(window->get, err);
    ranges->object.ops->release(window->get);
    pthread_mutex_lock(&ranges->synced.lock);
    window->waited_for = false;
    window->state = status == HW_OK ? WINDOW_READY : WINDOW_FREE;
    pthread_cond_broadcast(&ranges->synced.loaded);
    return status;
}

/* Whoever has read a quarter of a window will likely read on. */
static void read_ahead_locked(struct hw_ranges *ranges, const struct window *window) {
    if (window->read_bytes < window->bytes / 4) {
        return;
    }
    uint64_t offset = window->offset + window->bytes;
    for (size_t i = 0; i < WINDOWS_AHEAD && offset < ranges->object.size; i++, offset += ranges->object.part_bytes) {
        if (!window_at_locked(ranges, offset) && !window_load_locked(ranges, offset, true)) {
            return;
        }
    }
}

/* ------ ranges that are expected */

static void expected_free(const struct hw_ranges *ranges, struct window *window) {
    if (window->get) {
        ranges->object.ops->release(window->get);
    }
    hw_free(window->get);
    hw_free(window->data);
    hw_free(window);
}

/* Frees a window that is an expected one, unless somebody uses it. */
static void expected_drop_locked(struct hw_ranges *ranges, const struct window *window) {
    struct window **expected = ranges->synced.expected;
    for (size_t i = 0; i < ranges->synced.expected_count; i++) {
        if (expected[i] == window && window->users == 0) {
            expected_free(ranges, expected[i]);
            expected[i] = expected[--ranges->synced.expected_count];
            return;
        }
    }
}

/* Returns a window that is on its way; NULL where it cannot be fetched now. */
static struct window *expected_start(const struct hw_ranges *ranges, uint64_t offset, size_t bytes) {
    const struct hw_ranges_object *object = &ranges->object;
    struct window *window = hw_alloc_zero(1, sizeof(*window));
    if (!window) {
        return NULL;
    }
    *window = (struct window){.state = WINDOW_LOADING, .offset = offset, .bytes = bytes};
    window->data = hw_alloc(bytes);
    window->get = hw_alloc_zero(1, object->ops->get_bytes);
    if (!window->data || !window->get ||
        object->ops->start(object->ctx, window->get, offset, bytes, window->data, NULL) != HW_OK) {
        expected_free(ranges, window);
        return NULL;
    }
    return window;
}

void hw_ranges_expect(struct hw_ranges *ranges, uint64_t offset, uint64_t bytes) {
    const uint64_t size = ranges->object.size;
    const uint64_t end = offset > size ? offset : offset + hw_clamp(bytes, 0, size - offset);
    pthread_mutex_lock(&ranges->synced.lock);
    while (offset < end && ranges->synced.expected_count < HW_RANGES_EXPECTED) {
        const size_t step = (size_t)hw_clamp(end - offset, 0, ranges->object.part_bytes);
        struct window *window = window_at_locked(ranges, offset) ? NULL : expected_start(ranges, offset, step);
        if (window) {
            ranges->synced.expected[ranges->synced.expected_count++] = window;
        }
        offset += step;
    }
    pthread_mutex_unlock(&ranges->synced.lock);
}

void hw_ranges_forget(struct hw_ranges *ranges, uint64_t offset, uint64_t bytes) {
    pthread_mutex_lock(&ranges->synced.lock);
    for (size_t i = ranges->synced.expected_count; i-- > 0;) {
        const struct window *window = ranges->synced.expected[i];
        if (window->offset >= offset && window->offset - offset < bytes) {
            expected_drop_locked(ranges, window);
        }
    }
    pthread_mutex_unlock(&ranges->synced.lock);
}

/* Reads exactly `bytes` to `data`, as ranges of part_bytes of which some are under way at once. */
static enum hw_status ranges_read(struct hw_ranges *ranges, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err) {
    const struct hw_ranges_object *object = &ranges->object;
    const struct hw_ranges_ops *ops = object->ops;
    uint8_t *gets = hw_alloc_zero(HW_RANGES_AT_ONCE, ops->get_bytes);
    enum hw_status status = gets ? HW_OK : hw_fail_nomem(err, HW_RANGES_AT_ONCE * ops->get_bytes);
    size_t asked = 0;
    size_t started = 0;
    size_t ended = 0;

    while (status == HW_OK && (asked < bytes || ended < started)) {
        if (asked < bytes && started - ended < HW_RANGES_AT_ONCE) {
            void *get = gets + started++ % HW_RANGES_AT_ONCE * ops->get_bytes;
            const size_t step = hw_min_size(object->part_bytes, bytes - asked);
            status = ops->start(object->ctx, get, offset + asked, step, (uint8_t *)data + asked, err);
            asked += step;
        } else {
            void *get = gets + ended++ % HW_RANGES_AT_ONCE * ops->get_bytes;
            status = ops->wait(get, err);
            ops->release(get);
        }
    }
    for (size_t i = 0; gets && i < HW_RANGES_AT_ONCE; i++) {
        ops->release(gets + i * ops->get_bytes);
    }
    hw_free(gets);
    return status;
}
