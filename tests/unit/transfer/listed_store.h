/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose listing is written down: its order, its end and its failures. Its objects are
 * zeros, can be read and removed, and cannot be written.
 */
#ifndef HW_TESTS_LISTED_STORE_H
#define HW_TESTS_LISTED_STORE_H

#include <pthread.h>

#include <hawser/store.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/error.h"
#include "support/rows.h"

struct listed_object {
    const char *key;
    uint64_t size;
    int64_t mtime_us;
};

struct listed_store {
    struct hw_store base;
    const struct listed_object *objects;
    size_t count;
    /* The listing fails in the place of its n-th object, which counts from 1; 0: it does not. */
    size_t fails_at;
    enum hw_status status;
    /* The key that cannot be removed; NULL: all can. */
    const char *refused;
    /* Is called when a listing begins; NULL: nothing is. */
    void (*hook)(void *ctx);
    void *hook_ctx;
    pthread_mutex_t lock;
    /* The keys that were removed, each followed by a space. */
    struct hw_buf removed;
};

static inline enum hw_status listed_list(struct hw_store *base, const char *prefix, hw_list_fn *each, void *ctx,
                                         struct hw_error *err) {
    struct listed_store *store = (struct listed_store *)base;
    if (store->hook) {
        store->hook(store->hook_ctx);
    }
    for (size_t i = 0; i <= store->count; i++) {
        if (i + 1 == store->fails_at) {
            return hw_fail(err, store->status, "the listing breaks off");
        }
        if (i < store->count && strncmp(store->objects[i].key, prefix, strlen(prefix)) == 0) {
            const struct listed_object *object = &store->objects[i];
            HW_TRY(each(ctx, &(struct hw_object_info){object->key, object->size, object->mtime_us, ""}, err));
        }
    }
    return HW_OK;
}

static inline const struct listed_object *listed_find(const struct listed_store *store, const char *key) {
    for (size_t i = 0; i < store->count; i++) {
        if (strcmp(store->objects[i].key, key) == 0) {
            return &store->objects[i];
        }
    }
    return NULL;
}

static inline enum hw_status listed_stat(struct hw_store *base, const char *key, struct hw_object_info *out_info,
                                         char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    const struct listed_object *object = listed_find((struct listed_store *)base, key);
    if (!object) {
        return hw_fail(err, HW_ENOTFOUND, "there is no such object");
    }
    out_etag[0] = '\0';
    *out_info = (struct hw_object_info){key, object->size, object->mtime_us, out_etag};
    return HW_OK;
}

static inline enum hw_status listed_read_at(struct hw_source *source, uint64_t offset, void *data, size_t bytes,
                                            struct hw_error *err) {
    (void)source, (void)offset, (void)err;
    memset(data, 0, bytes);
    return HW_OK;
}

static inline void listed_close(struct hw_source *source) {
    hw_free(source);
}

static inline enum hw_status listed_source_open(struct hw_store *base, const char *key,
                                                const struct hw_object_info *known, struct hw_source **out_source,
                                                struct hw_error *err) {
    static const struct hw_source_ops ops = {.size = sizeof(ops), .read_at = listed_read_at, .close = listed_close};
    const struct listed_object *object = listed_find((struct listed_store *)base, key);
    (void)known;
    if (!object) {
        return hw_fail(err, HW_ENOTFOUND, "there is no such object");
    }
    struct hw_source *source = hw_alloc_zero(1, sizeof(*source));
    assert_non_null(source);
    *source = (struct hw_source){
        .ops = &ops, .size = object->size, .mtime_us = object->mtime_us, .name = "listed://k", .etag = ""};
    *out_source = source;
    return HW_OK;
}

static inline enum hw_status listed_sink_open(struct hw_store *base, const char *key,
                                              const struct hw_sink_options *options, struct hw_sink **out_sink,
                                              struct hw_error *err) {
    (void)base, (void)key, (void)options, (void)out_sink;
    return hw_fail(err, HW_EIO, "nothing can be written here");
}

static inline enum hw_status listed_remove(struct hw_store *base, const char *key, struct hw_error *err) {
    struct listed_store *store = (struct listed_store *)base;
    if (store->refused && strcmp(store->refused, key) == 0) {
        return hw_fail(err, HW_EIO, "it may not be removed");
    }
    pthread_mutex_lock(&store->lock);
    enum hw_status status = hw_buf_printf(&store->removed, err, "%s ", key);
    pthread_mutex_unlock(&store->lock);
    return status;
}

static inline void listed_store_init(struct listed_store *store, const char *root, const struct listed_object *objects,
                                     size_t count) {
    static const struct hw_store_ops ops = {.size = sizeof(ops),
                                            .list = listed_list,
                                            .stat = listed_stat,
                                            .source_open = listed_source_open,
                                            .sink_open = listed_sink_open,
                                            .remove = listed_remove};
    *store = (struct listed_store){
        .base = {.ops = &ops, .root = root}, .objects = objects, .count = count, .status = HW_ESERVER};
    pthread_mutex_init(&store->lock, NULL);
}

static inline const char *listed_removed(const struct listed_store *store) {
    return store->removed.size > 0 ? (const char *)store->removed.data : "";
}

static inline void listed_store_release(struct listed_store *store) {
    hw_buf_release(&store->removed);
    pthread_mutex_destroy(&store->lock);
}

#endif
