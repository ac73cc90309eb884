/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_memory.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/count.h"
#include "core/growing.h"
#include "core/view.h"
#include "store/memory_objects.h"
#include "store/write_check.h"

struct memory_store {
    struct hw_store base;
    char *root;
    struct hw_memory_objects objects;
};

static struct hw_memory_objects *objects_of(struct hw_store *store) {
    return &((struct memory_store *)store)->objects;
}

static const struct hw_store_ops store_ops;
static const struct hw_source_ops source_ops;
static const struct hw_sink_ops sink_ops;

enum hw_status hw_memory_store_new(const char *root, const struct hw_memory_options *options,
                                   struct hw_store **out_store, struct hw_error *err) {
    struct hw_memory_options own = {.size = sizeof(own)};
    if (options) {
        HW_TRY(hw_growing_take(&own, options, &(struct hw_growing)HW_GROWING(hw_memory_options, bytes_max), err));
    }
    struct memory_store *store = hw_alloc_zero(1, sizeof(*store));
    char *copy = hw_strdup(root);
    if (!store || !copy) {
        hw_free(store);
        hw_free(copy);
        return hw_fail_nomem(err, sizeof(*store) + strlen(root));
    }
    store->base = (struct hw_store){.ops = &store_ops, .root = copy, .conditional = true};
    store->root = copy;
    hw_memory_objects_init(&store->objects, own.bytes_max);
    *out_store = &store->base;
    return HW_OK;
}

void hw_memory_store_free(struct hw_store *base) {
    struct memory_store *store = (struct memory_store *)base;
    if (store) {
        hw_memory_objects_release(&store->objects);
        hw_free(store->root);
        hw_free(store);
    }
}

/* ------ for the program */

enum hw_status hw_memory_store_lend(struct hw_store *store, const char *key, const void *data, size_t bytes,
                                    struct hw_error *err) {
    struct hw_memory_object *object;
    HW_TRY(hw_memory_object_new(data, bytes, true, &object, err));
    enum hw_status status =
        hw_memory_objects_put(objects_of(store), key, object, &(struct hw_memory_condition){0}, err);
    if (status != HW_OK) {
        hw_memory_object_drop(object);
    }
    return status;
}

enum hw_status hw_memory_store_put(struct hw_store *store, const char *key, const void *data, size_t bytes,
                                   struct hw_error *err) {
    struct hw_sink *sink;
    HW_TRY(store->ops->sink_open(store, key, NULL, &sink, err));
    enum hw_status status = sink->ops->write(sink, data, bytes, err);
    if (status == HW_OK) {
        status = sink->ops->finish(sink, err);
    }
    sink->ops->free(sink);
    return status;
}

static enum hw_status object_find(struct hw_store *store, const char *key, struct hw_memory_object **out_object,
                                  struct hw_error *err) {
    *out_object = hw_memory_objects_find(objects_of(store), key);
    return *out_object ? HW_OK : hw_fail(err, HW_ENOTFOUND, "the memory store has no such object");
}

enum hw_status hw_memory_store_get(struct hw_store *store, const char *key, const void **out_data, size_t *out_bytes,
                                   struct hw_error *err) {
    struct hw_memory_object *object;
    HW_TRY(object_find(store, key, &object, err));
    *out_data = object->data;
    *out_bytes = object->bytes;
    hw_memory_object_drop(object); /* the store has a reference of its own */
    return HW_OK;
}

enum hw_status hw_memory_store_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                    struct hw_error *err) {
    char *key = NULL;
    enum hw_status status = HW_OK;
    for (bool begun = false; status == HW_OK; begun = true) {
        struct hw_memory_object *object;
        char *last = key;
        key = NULL;
        status = hw_memory_objects_next(objects_of(store), begun ? last : prefix, begun, &key, &object, err);
        hw_free(last);
        if (status != HW_OK || !object) {
            break;
        }
        const bool found = hw_view_starts(hw_view_of(key), hw_view_of(prefix));
        const struct hw_object_info info = {key, object->bytes, object->mtime_us, object->etag};
        status = found ? each(ctx, &info, err) : HW_OK;
        hw_memory_object_drop(object);
        if (!found) {
            break;
        }
    }
    hw_free(key);
    return status;
}

/* ------ operations */

static enum hw_status memory_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                  char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    struct hw_memory_object *object;
    HW_TRY(object_find(store, key, &object, err));
    snprintf(out_etag, HW_ETAG_BYTES, "%s", object->etag);
    *out_info = (struct hw_object_info){key, object->bytes, object->mtime_us, out_etag};
    hw_memory_object_drop(object);
    return HW_OK;
}

static enum hw_status memory_remove(struct hw_store *store, const char *key, struct hw_error *err) {
    (void)err;
    hw_memory_objects_remove(objects_of(store), key);
    return HW_OK;
}

/* Returns the path of an object, to be freed with hw_free; NULL when out of memory. */
static char *path_of(const struct hw_store *store, const char *key) {
    const size_t root_bytes = strlen(store->root);
    char *path = hw_alloc(root_bytes + strlen(key) + 1);
    if (path) {
        memcpy(path, store->root, root_bytes);
        memcpy(path + root_bytes, key, strlen(key) + 1);
    }
    return path;
}

struct memory_source {
    struct hw_source base;
    struct hw_memory_object *object;
    char *name;
};

static enum hw_status memory_source_open(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                         struct hw_source **out_source, struct hw_error *err) {
    (void)known; /* the object that is read is there as a whole */
    struct hw_memory_object *object;
    HW_TRY(object_find(store, key, &object, err));
    struct memory_source *source = hw_alloc_zero(1, sizeof(*source));
    char *name = path_of(store, key);
    if (!source || !name) {
        hw_free(source);
        hw_free(name);
        hw_memory_object_drop(object);
        return hw_fail_nomem(err, sizeof(*source) + strlen(key));
    }
    source->base = (struct hw_source){
        .ops = &source_ops, .size = object->bytes, .mtime_us = object->mtime_us, .name = name, .etag = object->etag};
    source->object = object;
    source->name = name;
    *out_source = &source->base;
    return HW_OK;
}

static enum hw_status source_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    const struct hw_memory_object *object = ((struct memory_source *)base)->object;
    if (offset > object->bytes || bytes > object->bytes - offset) {
        return hw_fail_at(err, HW_EIO, offset, "a read of %s reaches beyond the end", HW_COUNT(bytes, "byte"));
    }
    if (bytes > 0) {
        memcpy(data, (const char *)object->data + offset, bytes);
    }
    return HW_OK;
}

static void source_close(struct hw_source *base) {
    struct memory_source *source = (struct memory_source *)base;
    hw_memory_object_drop(source->object);
    hw_free(source->name);
    hw_free(source);
}

static const struct hw_source_ops source_ops = {
    .size = sizeof(source_ops), .read_at = source_read_at, .close = source_close};

struct memory_sink {
    struct hw_sink base;
    struct hw_memory_objects *objects;
    struct hw_buf data;
    bool create_only;
    char *if_match;
    char *key;
    char etag[HW_MEMORY_ETAG_BYTES];
};

static enum hw_status memory_sink_open(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                       struct hw_sink **out_sink, struct hw_error *err) {
    HW_TRY(hw_write_check_local(options ? options->write : NULL, "an object in memory", err));
    const bool matches = options && options->if_match;
    struct memory_sink *sink = hw_alloc_zero(1, sizeof(*sink));
    if (!sink) {
        return hw_fail_nomem(err, sizeof(*sink));
    }
    sink->base = (struct hw_sink){.ops = &sink_ops, .etag = ""};
    sink->objects = objects_of(store);
    sink->data.limit = SIZE_MAX / 2;
    sink->create_only = options && options->create_only;
    sink->key = hw_strdup(key);
    sink->if_match = matches ? hw_strdup(options->if_match) : NULL;
    if (!sink->key || (matches && !sink->if_match)) {
        sink->base.ops->free(&sink->base);
        return hw_fail_nomem(err, strlen(key));
    }
    *out_sink = &sink->base;
    return HW_OK;
}

static enum hw_status sink_write(struct hw_sink *base, const void *data, size_t bytes, struct hw_error *err) {
    struct memory_sink *sink = (struct memory_sink *)base;
    HW_TRY(hw_memory_charge(sink->objects, bytes, err));
    base->written += bytes; /* what was charged */
    return hw_buf_append(&sink->data, data, bytes, err);
}

static enum hw_status sink_settle(struct hw_sink *base, struct hw_error *err) {
    (void)base;
    (void)err;
    return HW_OK;
}

static enum hw_status sink_finish(struct hw_sink *base, struct hw_error *err) {
    struct memory_sink *sink = (struct memory_sink *)base;
    const struct hw_memory_condition condition = {sink->create_only, sink->if_match};
    struct hw_memory_object *object;
    /* without room for more */
    void *whole = hw_realloc(sink->data.data, hw_max_size(sink->data.size, 1));
    if (!whole) {
        return hw_fail_nomem(err, sink->data.size);
    }
    sink->data.data = whole;
    HW_TRY(hw_memory_object_new(whole, sink->data.size, false, &object, err));
    sink->data.data = NULL; /* the object has it */
    /* Once it is in the store, others may replace it, and free it, at any time. */
    const int64_t mtime_us = object->mtime_us;
    memcpy(sink->etag, object->etag, sizeof(sink->etag));
    enum hw_status status = hw_memory_objects_put(sink->objects, sink->key, object, &condition, err);
    if (status != HW_OK) {
        hw_memory_object_drop(object);
        return status;
    }
    base->etag = sink->etag;
    base->mtime_us = mtime_us;
    return HW_OK;
}

static void sink_free(struct hw_sink *base) {
    struct memory_sink *sink = (struct memory_sink *)base;
    if (base->etag[0] == '\0') {
        hw_memory_uncharge(sink->objects, base->written); /* it was not finished */
    }
    hw_buf_release(&sink->data);
    hw_free(sink->if_match);
    hw_free(sink->key);
    hw_free(sink);
}

static const struct hw_sink_ops sink_ops = {
    .size = sizeof(sink_ops), .write = sink_write, .settle = sink_settle, .finish = sink_finish, .free = sink_free};

static const struct hw_store_ops store_ops = {
    .size = sizeof(store_ops),
    .list = hw_memory_store_list,
    .stat = memory_stat,
    .source_open = memory_source_open,
    .sink_open = memory_sink_open,
    .remove = memory_remove,
};
