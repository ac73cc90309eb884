/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of a memory store, in byte order of their keys. An object does not change: replacing
 * it puts another at its key, and whoever has a reference keeps the old one.
 */
#ifndef HW_STORE_MEMORY_OBJECTS_H
#define HW_STORE_MEMORY_OBJECTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/error.h"

enum { HW_MEMORY_ETAG_BYTES = 40, HW_MEMORY_LEVELS_MAX = 24 };

struct hw_memory_object {
    atomic_size_t references;
    const void *data;
    size_t bytes;
    int64_t mtime_us;
    bool lent; /* `data` is not ours */
    char etag[HW_MEMORY_ETAG_BYTES];
};

/*
 * Makes an object of `data`, with one reference, the caller's. Unless it is `lent`, `data` is a
 * block of hw_alloc, which the object takes; on failure it is still the caller's.
 */
HW_NODISCARD enum hw_status hw_memory_object_new(const void *data, size_t bytes, bool lent,
                                                 struct hw_memory_object **out_object, struct hw_error *err);
/* Gives a reference back; the last one frees the object. Any thread. */
void hw_memory_object_drop(struct hw_memory_object *object);

struct hw_memory_node;

/*
 * A skip list: finding, adding and removing take time that grows with the logarithm of the count.
 */
struct hw_memory_objects {
    uint64_t bytes_max; /* 0: no limit */
    struct {
        pthread_mutex_t lock;
        struct hw_memory_node *first[HW_MEMORY_LEVELS_MAX]; /* one a level */
        /* of all objects that are not lent, and of sinks */
        uint64_t bytes;
    } synced;
};

void hw_memory_objects_init(struct hw_memory_objects *objects, uint64_t bytes_max);
void hw_memory_objects_release(struct hw_memory_objects *objects);

/* Charges `bytes` more; HW_ELIMIT where there would be more than `bytes_max`. Any thread. */
HW_NODISCARD enum hw_status hw_memory_charge(struct hw_memory_objects *objects, uint64_t bytes, struct hw_error *err);
/* Gives back what was charged. Any thread. */
void hw_memory_uncharge(struct hw_memory_objects *objects, uint64_t bytes);

/* A condition for an object to be put; {0} always holds. */
struct hw_memory_condition {
    bool create_only;     /* HW_EEXISTS where there is one */
    const char *if_match; /* HW_ECHANGED unless there is one with this ETag */
};

/*
 * Puts an object at a key, and takes the caller's reference; on failure it is still the caller's.
 * The bytes of one that is not lent were charged; those of an object that it replaces are given
 * back. Any thread.
 */
HW_NODISCARD enum hw_status hw_memory_objects_put(struct hw_memory_objects *objects, const char *key,
                                                  struct hw_memory_object *object,
                                                  const struct hw_memory_condition *condition, struct hw_error *err);

/* Returns the object at a key with one more reference; NULL where there is none. Any thread. */
HW_NODISCARD struct hw_memory_object *hw_memory_objects_find(struct hw_memory_objects *objects, const char *key);

/*
 * Finds the first object whose key is `from` or stands behind it, where `after` only behind it.
 * `*out_key` is a copy, to be freed with hw_free, and `*out_object` has one more reference; it is
 * NULL where there is none. Any thread.
 */
HW_NODISCARD enum hw_status hw_memory_objects_next(struct hw_memory_objects *objects, const char *from, bool after,
                                                   char **out_key, struct hw_memory_object **out_object,
                                                   struct hw_error *err);

/* Removes the object at a key, if there is one. Any thread. */
void hw_memory_objects_remove(struct hw_memory_objects *objects, const char *key);

#endif
