/* SPDX-License-Identifier: Apache-2.0 */
/* A plan over a store that lists made-up names, for tests of who plans. */
#ifndef HW_TESTS_PLANNED_H
#define HW_TESTS_PLANNED_H

#include <stdio.h>

#include "core/alloc.h"
#include "pipeline/plan.h"
#include "support/rows.h"

/* Lists "in/000000.csv" and so on. */
struct planned_store {
    struct hw_store base;
    size_t count;
    const char *const *names;                 /* instead of numbers; NULL: none */
    enum hw_status fault;                     /* after all of them */
    void (*before)(void *ctx, size_t number); /* Called before each is told; NULL: not called. */
    void *ctx;
};

static inline enum hw_status planned_list(struct hw_store *base, const char *prefix, hw_list_fn *each, void *ctx,
                                          struct hw_error *err) {
    struct planned_store *store = (struct planned_store *)base;
    (void)prefix;
    for (size_t i = 0; i < store->count; i++) {
        char key[64];
        snprintf(key, sizeof(key), "in/%06zu.csv", i);
        const struct hw_object_info info = {
            .key = store->names ? store->names[i] : key, .size = 10, .mtime_us = 7, .etag = "e"};
        if (store->before) {
            store->before(store->ctx, i);
        }
        HW_TRY(each(ctx, &info, err));
    }
    return store->fault == HW_OK ? HW_OK : hw_fail(err, store->fault, "the list ends here");
}

static inline void planned_close(struct hw_store *base) {
    (void)base;
}

/*
 * A plan whose sources are the stores, each a folder "in/", and whose target is the folder "out/"
 * of another store.
 */
struct planned {
    struct hw_store target;
    struct hw_convert_options options;
    struct hw_plan plan;
};

static const struct hw_store_ops planned_ops = {.list = planned_list, .close = planned_close};

static inline void planned_make(struct planned *planned, struct planned_store *stores, size_t count) {
    *planned = (struct planned){.target = {.ops = &planned_ops, .root = "s3://target/", .remote = true},
                                .options = {.formats = HW_FORMAT_PARQUET}};
    planned->plan = (struct hw_plan){
        .options = &planned->options, .target = &planned->target, .target_prefix = "out/", .one_service = true};
    pthread_mutex_init(&planned->plan.synced.lock, NULL);
    struct hw_sources *sources = &planned->plan.sources;
    sources->places = hw_alloc_zero(count, sizeof(*sources->places));
    sources->count = count;
    sources->several = true;
    sources->filter.formats = HW_FORMAT_CSV;
    for (size_t i = 0; i < count; i++) {
        stores[i].base = (struct hw_store){.ops = &planned_ops, .root = "s3://source/", .remote = true};
        sources->places[i] = (struct hw_source_place){
            .text = "s3://source/in/", .store = &stores[i].base, .key = "in/", .several = true, .base_at = 3};
    }
}

static inline struct hw_plan_object *planned_object(const struct planned *planned, const char *key) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plan_object *object;
    const struct hw_object_info info = {.key = key, .size = 10, .mtime_us = 7, .etag = "e"};
    assert_ok(hw_plan_object_new(&planned->plan, &planned->plan.sources.places[0], &info, &object, &err), err);
    return object;
}

#endif
