/* SPDX-License-Identifier: Apache-2.0 */
#include "store/memory_objects.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_crc64nvme.h"
#include "core/alloc.h"
#include "core/clock.h"

/* ------ objects */

enum hw_status hw_memory_object_new(const void *data, size_t bytes, bool lent, struct hw_memory_object **out_object,
                                    struct hw_error *err) {
    struct hw_memory_object *object = hw_alloc_zero(1, sizeof(*object));
    if (!object) {
        return hw_fail_nomem(err, sizeof(*object));
    }
    atomic_init(&object->references, 1);
    object->data = data;
    object->bytes = bytes;
    object->lent = lent;
    object->mtime_us = hw_clock_now_us();
    snprintf(object->etag, sizeof(object->etag), "%016" PRIx64 "-%zu", hw_crc64nvme(0, data, bytes), bytes);
    *out_object = object;
    return HW_OK;
}

static void object_retain(struct hw_memory_object *object) {
    atomic_fetch_add_explicit(&object->references, 1, memory_order_relaxed);
}

/* Whatever other threads did with the object must have happened when it is freed. */
void hw_memory_object_drop(struct hw_memory_object *object) {
    if (atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) > 1) {
        return;
    }
    if (!object->lent) {
        hw_free((void *)(uintptr_t)object->data);
    }
    hw_free(object);
}

/* ------ the list */

struct hw_memory_node {
    struct hw_memory_object *object;
    char *key;
    unsigned levels;
    struct hw_memory_node *next[]; /* one a level */
};

void hw_memory_objects_init(struct hw_memory_objects *objects, uint64_t bytes_max) {
    *objects = (struct hw_memory_objects){.bytes_max = bytes_max};
    pthread_mutex_init(&objects->synced.lock, NULL);
}

static void node_free(struct hw_memory_node *node) {
    if (node->object) {
        hw_memory_object_drop(node->object);
    }
    hw_free(node->key);
    hw_free(node);
}

void hw_memory_objects_release(struct hw_memory_objects *objects) {
    for (struct hw_memory_node *node = objects->synced.first[0], *next; node; node = next) {
        next = node->next[0];
        node_free(node);
    }
    pthread_mutex_destroy(&objects->synced.lock);
}

enum hw_status hw_memory_charge(struct hw_memory_objects *objects, uint64_t bytes, struct hw_error *err) {
    uint64_t sum;
    pthread_mutex_lock(&objects->synced.lock);
    const bool fits =
        hw_add(objects->synced.bytes, bytes, &sum) && (objects->bytes_max == 0 || sum <= objects->bytes_max);
    objects->synced.bytes += fits ? bytes : 0;
    pthread_mutex_unlock(&objects->synced.lock);
    return fits
               ? HW_OK
               : hw_fail(err, HW_ELIMIT, "the memory store would have more than the %" PRIu64 " bytes that it may have",
                         objects->bytes_max);
}

void hw_memory_uncharge(struct hw_memory_objects *objects, uint64_t bytes) {
    pthread_mutex_lock(&objects->synced.lock);
    objects->synced.bytes -= bytes;
    pthread_mutex_unlock(&objects->synced.lock);
}

/*
 * Fills `links` with, for each level, the pointer that leads to the first node that is not before
 * `key`, and returns that node.
 */
static struct hw_memory_node *node_seek_locked(struct hw_memory_objects *objects, const char *key,
                                               struct hw_memory_node **links[HW_MEMORY_LEVELS_MAX]) {
    struct hw_memory_node **next = objects->synced.first;
    for (unsigned level = HW_MEMORY_LEVELS_MAX; level-- > 0;) {
        while (next[level] && strcmp(next[level]->key, key) < 0) {
            next = next[level]->next;
        }
        links[level] = &next[level];
    }
    return *links[0];
}

static bool node_is(const struct hw_memory_node *node, const char *key) {
    return node && strcmp(node->key, key) == 0;
}

/* Makes a node of 1 to HW_MEMORY_LEVELS_MAX levels, half as often with each more. */
static struct hw_memory_node *node_new(const char *key) {
    const uint64_t chance = hw_xxh64(key, strlen(key), 0) | UINT64_C(1) << (HW_MEMORY_LEVELS_MAX - 1);
    const unsigned levels = (unsigned)__builtin_ctzll(chance) + 1;
    struct hw_memory_node *node = hw_alloc_zero(1, sizeof(*node) + levels * sizeof(node->next[0]));
    char *copy = hw_strdup(key);
    if (!node || !copy) {
        hw_free(node);
        hw_free(copy);
        return NULL;
    }
    node->key = copy;
    node->levels = levels;
    return node;
}

static enum hw_status condition_check(const struct hw_memory_condition *condition, const struct hw_memory_object *there,
                                      struct hw_error *err) {
    if (condition->create_only && there) {
        return hw_fail(err, HW_EEXISTS, "exists already");
    }
    if (condition->if_match && (!there || strcmp(there->etag, condition->if_match) != 0)) {
        return hw_fail(err, HW_ECHANGED, "has another version than the one that was to be replaced");
    }
    return HW_OK;
}

enum hw_status hw_memory_objects_put(struct hw_memory_objects *objects, const char *key,
                                     struct hw_memory_object *object, const struct hw_memory_condition *condition,
                                     struct hw_error *err) {
    struct hw_memory_node **links[HW_MEMORY_LEVELS_MAX];
    struct hw_memory_object *old = NULL;
    struct hw_memory_node *added = node_new(key);
    if (!added) {
        return hw_fail_nomem(err, sizeof(*added) + strlen(key));
    }
    pthread_mutex_lock(&objects->synced.lock);
    struct hw_memory_node *node = node_seek_locked(objects, key, links);
    const bool there = node_is(node, key);
    enum hw_status status = condition_check(condition, there ? node->object : NULL, err);
    if (status == HW_OK && there) {
        old = node->object;
        node->object = object;
        objects->synced.bytes -= old->lent ? 0 : old->bytes;
    } else if (status == HW_OK) {
        added->object = object;
        for (unsigned level = 0; level < added->levels; level++) {
            added->next[level] = *links[level];
            *links[level] = added;
        }
        added = NULL;
    }
    pthread_mutex_unlock(&objects->synced.lock);
    if (added) {
        node_free(added);
    }
    if (old) {
        hw_memory_object_drop(old);
    }
    return status;
}

struct hw_memory_object *hw_memory_objects_find(struct hw_memory_objects *objects, const char *key) {
    struct hw_memory_node **links[HW_MEMORY_LEVELS_MAX];
    pthread_mutex_lock(&objects->synced.lock);
    struct hw_memory_node *node = node_seek_locked(objects, key, links);
    struct hw_memory_object *object = node_is(node, key) ? node->object : NULL;
    if (object) {
        object_retain(object);
    }
    pthread_mutex_unlock(&objects->synced.lock);
    return object;
}

enum hw_status hw_memory_objects_next(struct hw_memory_objects *objects, const char *from, bool after, char **out_key,
                                      struct hw_memory_object **out_object, struct hw_error *err) {
    struct hw_memory_node **links[HW_MEMORY_LEVELS_MAX];
    char *key = NULL;
    pthread_mutex_lock(&objects->synced.lock);
    struct hw_memory_node *node = node_seek_locked(objects, from, links);
    if (after && node_is(node, from)) {
        node = node->next[0];
    }
    if (node && (key = hw_strdup(node->key)) != NULL) {
        object_retain(node->object);
        *out_key = key;
        *out_object = node->object;
    }
    pthread_mutex_unlock(&objects->synced.lock);
    if (node && !key) {
        return hw_fail(err, HW_ENOMEM, "out of memory for a key");
    }
    if (!node) {
        *out_object = NULL;
    }
    return HW_OK;
}

void hw_memory_objects_remove(struct hw_memory_objects *objects, const char *key) {
    struct hw_memory_node **links[HW_MEMORY_LEVELS_MAX];
    pthread_mutex_lock(&objects->synced.lock);
    struct hw_memory_node *node = node_seek_locked(objects, key, links);
    node = node_is(node, key) ? node : NULL;
    for (unsigned level = 0; node && level < node->levels; level++) {
        *links[level] = node->next[level];
    }
    if (node && !node->object->lent) {
        objects->synced.bytes -= node->object->bytes;
    }
    pthread_mutex_unlock(&objects->synced.lock);
    if (node) {
        node_free(node);
    }
}
