/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source object in memory that tells how it was used, with faults built in. Its sources live on
 * the heap.
 */
#ifndef HW_TESTS_CSV_MEMORY_OBJECT_H
#define HW_TESTS_CSV_MEMORY_OBJECT_H

#include <stdatomic.h>

#include "core/alloc.h"
#include "core/view.h"
#include "table/reader.h"

struct memory_object {
    struct hw_table_objects base; /* of one: its number means nothing */
    const char *name;
    bool once;
    hw_view bytes; /* borrowed; without data the object is made of so many 'x' */
    bool remote;
    bool summed; /* Its store keeps `checksum` of it, or fails with `checksum_fault`. */
    struct hw_checksum checksum;
    enum hw_status checksum_fault;
    enum hw_checksum_kind proved_by;
    int fail_on_open; /* 1: the first one fails; 0: none */
    int fail_on_read;
    atomic_int opens;
    atomic_int closes;
    atomic_int reads;
    atomic_int orders; /* calls of in_order */
    atomic_int sums;   /* calls of checksum */
    atomic_ullong read_bytes;
    atomic_ullong read_end; /* end of the farthest byte that was read */
};

struct memory_object_source {
    struct hw_source base;
    struct memory_object *object;
};

static inline enum hw_status memory_object_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                                   struct hw_error *err) {
    struct memory_object *object = ((struct memory_object_source *)base)->object;
    if (atomic_fetch_add(&object->reads, 1) + 1 == object->fail_on_read) {
        return hw_fail_at(err, HW_EIO, offset, "injected read");
    }
    if (offset > base->size || bytes > base->size - offset) {
        return hw_fail_at(err, HW_EIO, offset, "read beyond the end");
    }
    if (bytes > 0 && object->bytes.data) {
        memcpy(data, object->bytes.data + offset, bytes);
    } else if (bytes > 0) {
        memset(data, 'x', bytes);
    }
    atomic_fetch_add(&object->read_bytes, bytes);
    unsigned long long end = atomic_load(&object->read_end);
    while (offset + bytes > end && !atomic_compare_exchange_weak(&object->read_end, &end, offset + bytes)) {
    }
    return HW_OK;
}

static inline void memory_object_close(struct hw_source *base) {
    atomic_fetch_add(&((struct memory_object_source *)base)->object->closes, 1);
    hw_free(base);
}

static inline enum hw_status memory_object_checksum(struct hw_source *base, struct hw_checksum *out_checksum,
                                                    struct hw_error *err) {
    struct memory_object *object = ((struct memory_object_source *)base)->object;
    atomic_fetch_add(&object->sums, 1);
    if (object->checksum_fault != HW_OK) {
        return hw_fail(err, object->checksum_fault, "injected checksum");
    }
    *out_checksum = object->checksum;
    return HW_OK;
}

static inline void memory_object_in_order(struct hw_source *base) {
    atomic_fetch_add(&((struct memory_object_source *)base)->object->orders, 1);
}

static const struct hw_source_ops memory_object_plain_ops = {
    .read_at = memory_object_read_at, .close = memory_object_close, .in_order = memory_object_in_order};
static const struct hw_source_ops memory_object_summed_ops = {
    .read_at = memory_object_read_at,
    .close = memory_object_close,
    .checksum = memory_object_checksum,
    .in_order = memory_object_in_order,
};

static inline enum hw_status memory_object_open(const struct hw_table_objects *base, size_t number,
                                                struct hw_source **out_source, struct hw_error *err) {
    (void)number;
    struct memory_object *object = (struct memory_object *)(uintptr_t)base;
    if (atomic_fetch_add(&object->opens, 1) + 1 == object->fail_on_open) {
        atomic_fetch_sub(&object->opens, 1);
        object->fail_on_open = 0;
        return hw_fail(err, HW_ECHANGED, "injected open");
    }
    struct memory_object_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        atomic_fetch_sub(&object->opens, 1);
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->base = (struct hw_source){
        .ops = object->summed ? &memory_object_summed_ops : &memory_object_plain_ops,
        .size = object->bytes.size,
        .name = object->name,
        .etag = "",
        .remote = object->remote,
        .proved_by = object->proved_by,
    };
    source->object = object;
    *out_source = &source->base;
    return HW_OK;
}

static inline const char *memory_object_name(const struct hw_table_objects *base, size_t number) {
    (void)number;
    return ((const struct memory_object *)base)->name;
}

static inline bool memory_object_once(const struct hw_table_objects *base, size_t number) {
    (void)number;
    return ((const struct memory_object *)base)->once;
}

static const struct hw_table_objects_ops memory_object_ops = {memory_object_name, memory_object_open,
                                                              memory_object_once};

static inline void memory_object_init(struct memory_object *object, const char *name, hw_view bytes) {
    memset(object, 0, sizeof(*object));
    object->base = (struct hw_table_objects){.ops = &memory_object_ops, .count = 1};
    object->name = name;
    object->bytes = bytes;
}

/* Forgets what was counted. */
static inline void memory_object_restart(struct memory_object *object) {
    object->opens = object->closes = object->reads = object->orders = object->sums = 0;
    object->read_bytes = object->read_end = 0;
}

/* Returns how many of its sources are open. */
static inline int memory_object_open_count(struct memory_object *object) {
    return atomic_load(&object->opens) - atomic_load(&object->closes);
}

#endif
