/* SPDX-License-Identifier: Apache-2.0 */
/* Conversions from and to a store that the program brings itself. */
#include <hawser/convert.h>
#include <hawser/memory.h>

#include <stdio.h>
#include <time.h>

#include "core/base.h"
#include "support/rows.h"

static struct hw_store *store_new(void) {
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    return store;
}

static void put(struct hw_store *store, const char *key, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_put(store, key, text, strlen(text), &err), err);
}

static void conversions_read_and_write_it(void **state) {
    (void)state;
    static const struct {
        const char *name, *source, *destination;
        enum hw_status want;
        const char *says; /* in the error */
        const char *output;
        const char *text; /* of the output */
    } rows[] = {
        {"an object", "mem://in/a.csv", "mem://out/x.csv", HW_OK, "", "out/x.csv", "n,t\n1,a\n"},
        {"a folder", "mem://in/", "mem://out/", HW_OK, "", "out/b.csv", "n,t\n2,b\n"},
        {"a glob", "mem://in/b*", "mem://out/", HW_OK, "", "out/b.csv", "n,t\n2,b\n"},
        {"over its source", "mem://in/a.csv", "mem://in/a.csv", HW_EUSAGE, "are the same object", "in/a.csv",
         "n,t\n1,a\n"},
        {"nothing there", "mem://gone.csv", "mem://out/x.csv", HW_ENOTFOUND, "has no such object", NULL, NULL},
        {"an unknown root", "men://in/a.csv", "mem://out/", HW_EUSAGE,
         "known are s3://, file://, https://, http://, mem://", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_new();
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const void *data = "";
        size_t bytes = 0;
        put(store, "in/a.csv", "n,t\n1,a\n");
        put(store, "in/b.csv", "n,t\n2,b\n");
        const struct hw_convert_options options = {
            .formats = HW_FORMAT_CSV,
            .source_store = {.stores = &store, .stores_count = 1},
            .target_store = {.stores = &store, .stores_count = 1},
        };
        assert_row_int(rows[i].name, hw_convert(&rows[i].source, 1, rows[i].destination, &options, &result, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].output) {
            assert_row_int(rows[i].name, hw_memory_store_get(store, rows[i].output, &data, &bytes, &err), HW_OK);
            assert_row_bytes(rows[i].name, data, bytes, rows[i].text, strlen(rows[i].text));
        }
        hw_memory_store_free(store);
    }
}

/* A store that takes its time to list: the functions of the one in memory, but for that. */
static const struct hw_store_ops *quick_ops;

struct slow_list {
    hw_list_fn *each;
    void *ctx;
};

static enum hw_status slow_each(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    const struct slow_list *list = ctx;
    const struct timespec pause = {.tv_nsec = 150000000};
    nanosleep(&pause, NULL);
    return list->each(list->ctx, info, err);
}

static enum hw_status slow_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                struct hw_error *err) {
    struct slow_list list = {each, ctx};
    return quick_ops->list(store, prefix, slow_each, &list, err);
}

/* What progress has told while the sources were listed. */
struct told {
    size_t listing;
    size_t afterwards;
    uint64_t objects; /* that were found when it was told last */
    bool fewer;       /* There were fewer than before. */
};

static void progress_keep(void *ctx, const struct hw_convert_progress *progress) {
    struct told *told = ctx;
    told->listing += progress->listing;
    told->afterwards += !progress->listing;
    told->fewer |= progress->objects_total < told->objects;
    told->objects = progress->objects_total;
}

static void progress_comes_while_it_lists(void **state) {
    (void)state;
    enum { OBJECTS = 6 };
    static const struct {
        const char *name;
        bool merge;
    } rows[] = {{"objects of their own", false}, {"a merge", true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_store *store = store_new();
        static const char *const source = "mem://in/";
        struct told told = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        for (int k = 0; k < OBJECTS; k++) {
            char key[32];
            snprintf(key, sizeof(key), "in/%d.csv", k);
            put(store, key, "n,t\n1,a\n");
        }
        quick_ops = store->ops;
        struct hw_store_ops slow_ops = *quick_ops;
        slow_ops.list = slow_list;
        store->ops = &slow_ops;
        const struct hw_convert_options options = {
            .merge = rows[i].merge,
            .source_store = {.stores = &store, .stores_count = 1},
            .target_store = {.stores = &store, .stores_count = 1},
            .on_progress = progress_keep,
            .ctx = &told,
        };
        assert_ok(hw_convert(&source, 1, "mem://out/", &options, &result, &err), err);
        assert_row_int(rows[i].name, told.listing >= 2, true);
        assert_row_int(rows[i].name, told.fewer, false);
        store->ops = quick_ops;
        hw_memory_store_free(store);
    }
}

/* The manifest is found again, and outputs that are made already are left alone. */
static void a_second_run_leaves_outputs_alone(void **state) {
    (void)state;
    struct hw_store *store = store_new();
    static const char *const source = "mem://in/";
    const void *manifest = NULL;
    size_t bytes = 0;
    put(store, "in/a.csv", "n,t\n1,a\n");
    put(store, "in/b.csv", "n,t\n2,b\n");
    for (int run = 0; run < 3; run++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const struct hw_convert_options options = {
            .source_store = {.stores = &store, .stores_count = 1},
            .target_store = {.stores = &store, .stores_count = 1},
        };
        if (run == 2) {
            put(store, "in/b.csv", "n,t\n3,b\n");
        }
        assert_ok(hw_convert(&source, 1, "mem://out/", &options, &result, &err), err);
        assert_int_equal(result.converted, run == 0 ? 2 : run == 1 ? 0 : 1);
        assert_int_equal(result.skipped, run == 0 ? 0 : run == 1 ? 2 : 1);
    }
    assert_int_equal(hw_memory_store_get(store, "out/_manifest.json", &manifest, &bytes, NULL), HW_OK);
    assert_non_null(memmem(manifest, bytes, "\"a.parquet\"", 11));
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_read_and_write_it),
        cmocka_unit_test(progress_comes_while_it_lists),
        cmocka_unit_test(a_second_run_leaves_outputs_alone),
    };
    return cmocka_run_group_tests_name("pipeline/convert_own_stores", tests, NULL, NULL);
}
