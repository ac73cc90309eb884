/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store with one object to read and one to write, whose calls fail when a test wants them to, and
 * which counts them. Any thread may use it.
 */
#ifndef HW_TESTS_FAKE_STORE_H
#define HW_TESTS_FAKE_STORE_H

#include <pthread.h>
#include <stdio.h>

#include <hawser/store.h>

#include "core/alloc.h"
#include "core/error.h"
#include "support/rows.h"

enum fake_call {
    FAKE_NONE,
    FAKE_STAT,
    FAKE_OPEN,
    FAKE_READ,
    FAKE_CHECKSUM,
    FAKE_CLOSE,
    FAKE_REMOVE,
    FAKE_SINK_OPEN,
    FAKE_BEGIN,
    FAKE_WRITE, /* of a part, or of bytes in order */
    FAKE_FINISH,
    FAKE_FREE,
    FAKE_CALLS
};

/* The calls of one kind that fail: `times` of them from the `at`-th on, which counts from 1. */
struct fake_fault {
    enum fake_call call;
    int at;
    int times;
    enum hw_status status;
};

/* A version of the object. */
struct fake_version {
    hw_view bytes;
    const char *etag;
    int64_t mtime_us;
    struct hw_checksum checksum;
};

struct fake_store {
    struct hw_store base;
    pthread_mutex_t lock;
    struct fake_fault fault;
    int calls[FAKE_CALLS];
    /* Is told of each call before it happens, from any thread; NULL: nobody is. */
    void (*hook)(void *ctx, enum fake_call call);
    void *hook_ctx;
    /* The object, and what takes its place when the fault comes; NULL bytes: nothing does. */
    struct fake_version version;
    struct fake_version next;
    bool remote;
    int in_order_calls;
    uint64_t last_end; /* of the last read */
    bool read_back;    /* Some read began before the end of the one before it. */

    /* The sink takes parts, unless it is `plain`, of so many bytes at least. */
    bool plain;
    /* The operations of the sink end before those of parts, as in a program that is older. */
    bool old;
    uint64_t part_bytes_min;
    struct hw_sink_options sink_options;
    uint8_t *writing;
    uint64_t writing_bytes;
    unsigned parts_under_way;
    unsigned frees_too_early; /* sinks that were freed while parts were under way */
    uint8_t *published;       /* NULL: nothing is */
    uint64_t published_bytes;
};

static inline bool fake_fails(struct fake_store *store, enum fake_call call, enum hw_status *out_status) {
    if (store->hook) {
        store->hook(store->hook_ctx, call);
    }
    pthread_mutex_lock(&store->lock);
    const int n = ++store->calls[call];
    const struct fake_fault *fault = &store->fault;
    const bool fails = fault->call == call && n >= fault->at && n < fault->at + fault->times;
    if (fails && store->next.bytes.data) {
        store->version = store->next;
    }
    pthread_mutex_unlock(&store->lock);
    *out_status = fault->status;
    return fails;
}

#define FAKE_TRY(store, call, err)                                \
    do {                                                          \
        enum hw_status fake_;                                     \
        if (fake_fails((store), (call), &fake_)) {                \
            return hw_fail((err), fake_, "the fake store fails"); \
        }                                                         \
    } while (0)

/* ------ reading */

struct fake_source {
    struct hw_source base;
    struct fake_store *store;
    struct fake_version version;
};

static inline enum hw_status fake_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                          struct hw_error *err) {
    struct fake_source *source = (struct fake_source *)base;
    struct fake_store *store = source->store;
    FAKE_TRY(store, FAKE_READ, err);
    if (offset > base->size || bytes > base->size - offset) {
        return hw_fail(err, HW_EIO, "beyond the end");
    }
    pthread_mutex_lock(&store->lock);
    const bool changed = store->version.bytes.data != source->version.bytes.data;
    store->read_back |= offset < store->last_end && offset > 0;
    store->last_end = offset + bytes;
    pthread_mutex_unlock(&store->lock);
    if (changed) {
        return hw_fail(err, HW_ECHANGED, "another version");
    }
    if (bytes > 0) {
        memcpy(data, source->version.bytes.data + offset, bytes);
    }
    return HW_OK;
}

static inline void fake_close(struct hw_source *base) {
    enum hw_status ignored;
    (void)fake_fails(((struct fake_source *)base)->store, FAKE_CLOSE, &ignored);
    hw_free(base);
}

static inline enum hw_status fake_checksum(struct hw_source *base, struct hw_checksum *out_checksum,
                                           struct hw_error *err) {
    struct fake_source *source = (struct fake_source *)base;
    FAKE_TRY(source->store, FAKE_CHECKSUM, err);
    *out_checksum = source->version.checksum;
    return HW_OK;
}

static inline void fake_in_order(struct hw_source *base) {
    ((struct fake_source *)base)->store->in_order_calls++;
}

static inline enum hw_status fake_source_open(struct hw_store *base, const char *key,
                                              const struct hw_object_info *known, struct hw_source **out_source,
                                              struct hw_error *err) {
    static const struct hw_source_ops ops = {.size = sizeof(ops),
                                             .read_at = fake_read_at,
                                             .close = fake_close,
                                             .checksum = fake_checksum,
                                             .in_order = fake_in_order};
    struct fake_store *store = (struct fake_store *)base;
    (void)key, (void)known;
    FAKE_TRY(store, FAKE_OPEN, err);
    struct fake_source *source = hw_alloc_zero(1, sizeof(*source));
    assert_non_null(source);
    source->store = store;
    pthread_mutex_lock(&store->lock);
    source->version = store->version;
    store->last_end = 0;
    pthread_mutex_unlock(&store->lock);
    source->base = (struct hw_source){.ops = &ops,
                                      .size = source->version.bytes.size,
                                      .mtime_us = source->version.mtime_us,
                                      .name = "fake://k",
                                      .etag = source->version.etag ? source->version.etag : "",
                                      .remote = store->remote};
    *out_source = &source->base;
    return HW_OK;
}

static inline enum hw_status fake_stat(struct hw_store *base, const char *key, struct hw_object_info *out_info,
                                       char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct fake_store *store = (struct fake_store *)base;
    FAKE_TRY(store, FAKE_STAT, err);
    snprintf(out_etag, HW_ETAG_BYTES, "%s", store->version.etag ? store->version.etag : "");
    *out_info = (struct hw_object_info){key, store->version.bytes.size, store->version.mtime_us, out_etag};
    return HW_OK;
}

static inline enum hw_status fake_remove(struct hw_store *base, const char *key, struct hw_error *err) {
    (void)key;
    FAKE_TRY((struct fake_store *)base, FAKE_REMOVE, err);
    return HW_OK;
}

/* ------ writing */

struct fake_sink {
    struct hw_sink base;
    struct fake_store *store;
    uint64_t size; /* of an object in parts */
    uint64_t got;
    bool finished;
};

static inline void fake_put(struct fake_store *store, uint64_t offset, const void *data, size_t bytes) {
    pthread_mutex_lock(&store->lock);
    if (offset + bytes > store->writing_bytes) {
        store->writing_bytes = offset + bytes;
        store->writing = hw_realloc_array(store->writing, store->writing_bytes, 1);
        assert_non_null(store->writing);
    }
    memcpy(store->writing + offset, data, bytes);
    pthread_mutex_unlock(&store->lock);
}

static inline enum hw_status fake_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct fake_sink *sink = (struct fake_sink *)base;
    FAKE_TRY(sink->store, FAKE_WRITE, err);
    if (bytes > 0) {
        fake_put(sink->store, base->written, data, bytes);
    }
    base->written += bytes;
    return HW_OK;
}

static inline enum hw_status fake_parts_begin(struct hw_sink *base, uint64_t size, uint64_t *part_bytes,
                                              struct hw_error *err) {
    struct fake_sink *sink = (struct fake_sink *)base;
    FAKE_TRY(sink->store, FAKE_BEGIN, err);
    sink->size = size;
    *part_bytes = *part_bytes < sink->store->part_bytes_min ? sink->store->part_bytes_min : *part_bytes;
    return HW_OK;
}

static inline enum hw_status fake_part_write(struct hw_sink *base, const struct hw_sink_part *part,
                                             struct hw_error *err) {
    struct fake_sink *sink = (struct fake_sink *)base;
    struct fake_store *store = sink->store;
    pthread_mutex_lock(&store->lock);
    store->parts_under_way++;
    pthread_mutex_unlock(&store->lock);
    enum hw_status status;
    if (fake_fails(store, FAKE_WRITE, &status)) {
        (void)!hw_fail(err, status, "the fake store fails");
    } else {
        fake_put(store, part->offset, part->data, part->bytes);
        status = HW_OK;
    }
    pthread_mutex_lock(&store->lock);
    sink->got += status ? 0 : part->bytes;
    store->parts_under_way--;
    pthread_mutex_unlock(&store->lock);
    return status;
}

static inline enum hw_status fake_finish(struct hw_sink *base, struct hw_error *err) {
    struct fake_sink *sink = (struct fake_sink *)base;
    struct fake_store *store = sink->store;
    FAKE_TRY(store, FAKE_FINISH, err);
    if (sink->got != sink->size) {
        return hw_fail(err, HW_EIO, "parts are missing");
    }
    hw_free(store->published);
    store->published = store->writing ? store->writing : hw_alloc(1);
    store->published_bytes = store->writing_bytes;
    store->writing = NULL;
    store->writing_bytes = 0;
    return HW_OK;
}

static inline void fake_free(struct hw_sink *base) {
    struct fake_store *store = ((struct fake_sink *)base)->store;
    enum hw_status ignored;
    (void)fake_fails(store, FAKE_FREE, &ignored);
    store->frees_too_early += store->parts_under_way > 0;
    hw_free(store->writing);
    store->writing = NULL;
    store->writing_bytes = 0;
    hw_free(base);
}

static inline enum hw_status fake_sink_open(struct hw_store *base, const char *key,
                                            const struct hw_sink_options *options, struct hw_sink **out_sink,
                                            struct hw_error *err) {
    static const struct hw_sink_ops plain = {
        .size = sizeof(plain), .write = fake_write, .finish = fake_finish, .free = fake_free};
    static const struct hw_sink_ops ops = {.size = sizeof(ops),
                                           .write = fake_write,
                                           .finish = fake_finish,
                                           .free = fake_free,
                                           .parts_begin = fake_parts_begin,
                                           .part_write = fake_part_write};
    static const struct hw_sink_ops old = {.size = offsetof(struct hw_sink_ops, parts_begin),
                                           .write = fake_write,
                                           .finish = fake_finish,
                                           .free = fake_free,
                                           .parts_begin = fake_parts_begin,
                                           .part_write = fake_part_write};
    struct fake_store *store = (struct fake_store *)base;
    (void)key;
    FAKE_TRY(store, FAKE_SINK_OPEN, err);
    struct fake_sink *sink = hw_alloc_zero(1, sizeof(*sink));
    assert_non_null(sink);
    *sink = (struct fake_sink){.base = {.ops = store->plain ? &plain
                                               : store->old ? &old
                                                            : &ops,
                                        .etag = ""},
                               .store = store};
    store->sink_options = *options;
    *out_sink = &sink->base;
    return HW_OK;
}

/* ------ the store */

static inline void fake_store_init(struct fake_store *store, const char *root) {
    static const struct hw_store_ops ops = {.size = sizeof(ops),
                                            .stat = fake_stat,
                                            .source_open = fake_source_open,
                                            .sink_open = fake_sink_open,
                                            .remove = fake_remove};
    *store = (struct fake_store){.base = {.ops = &ops, .root = root}};
    pthread_mutex_init(&store->lock, NULL);
}

static inline void fake_store_release(struct fake_store *store) {
    hw_free(store->published);
    hw_free(store->writing);
    pthread_mutex_destroy(&store->lock);
}

/* All that was opened has been closed, whatever has failed. */
static inline void fake_store_check(const char *row, const struct fake_store *source, const struct fake_store *target) {
    const bool open_failed = source->fault.call == FAKE_OPEN;
    const bool sink_failed = target->fault.call == FAKE_SINK_OPEN;
    assert_row_int(row, source->calls[FAKE_CLOSE], source->calls[FAKE_OPEN] - (open_failed ? source->fault.times : 0));
    assert_row_int(row, target->calls[FAKE_FREE],
                   target->calls[FAKE_SINK_OPEN] - (sink_failed ? target->fault.times : 0));
    assert_row_int(row, target->frees_too_early, 0);
    assert_row_int(row, target->writing == NULL, true);
}

#endif
