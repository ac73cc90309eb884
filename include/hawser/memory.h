/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose objects are in the memory of the process: for programs that have their input there,
 * want their output there, or test with it.
 */
#ifndef HAWSER_MEMORY_H
#define HAWSER_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** {0} makes a store of any size. */
struct hw_memory_options {
    size_t size; /**< sizeof(struct hw_memory_options). 0 stands for that of version 0.1. */
    /**
     * Bytes that all objects may have together, those that are being written included. What would
     * be more is HW_ELIMIT. 0: no limit.
     */
    uint64_t bytes_max;
};

/**
 * Makes an empty store. Paths of its objects begin with `root`, a name of letters and digits and
 * "://", for example "mem://"; it is copied. Hand the store over in hw_store_options.stores, on
 * each side that uses it. It is safe from several threads, and several calls may use it at once.
 *
 * Objects are pinned as those of other stores are: whoever reads one that is replaced or removed
 * keeps the version that it has opened. An ETag is made of the object's bytes.
 */
HW_API HW_NODISCARD enum hw_status hw_memory_store_new(const char *root, const struct hw_memory_options *options,
                                                       struct hw_store **out_store, struct hw_error *err);

/** Frees the store and its objects. No call may use it any more. NULL is allowed. */
HW_API void hw_memory_store_free(struct hw_store *store);

/** Puts a copy of `bytes` bytes into the store, in the place of an object that has the key. */
HW_API HW_NODISCARD enum hw_status hw_memory_store_put(struct hw_store *store, const char *key, const void *data,
                                                       size_t bytes, struct hw_error *err);

/**
 * The same without a copy: `data` is borrowed, and may not change, until the object is replaced or
 * removed and nobody reads it, or the store is freed. It does not count for `bytes_max`.
 */
HW_API HW_NODISCARD enum hw_status hw_memory_store_lend(struct hw_store *store, const char *key, const void *data,
                                                        size_t bytes, struct hw_error *err);

/**
 * Finds an object's bytes. They are borrowed until the object is replaced or removed, or the store
 * is freed. HW_ENOTFOUND where there is no object.
 */
HW_API HW_NODISCARD enum hw_status hw_memory_store_get(struct hw_store *store, const char *key, const void **out_data,
                                                       size_t *out_bytes, struct hw_error *err);

/** Calls `each` for every object whose key begins with `prefix`, as hw_store_ops.list does. */
HW_API HW_NODISCARD enum hw_status hw_memory_store_list(struct hw_store *store, const char *prefix, hw_list_fn *each,
                                                        void *ctx, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
