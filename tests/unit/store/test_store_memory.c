/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_memory.h"

#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/rows.h"

static struct hw_store *store_new(uint64_t bytes_max) {
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_new("mem://", &(struct hw_memory_options){.bytes_max = bytes_max}, &store, &err), err);
    return store;
}

static void put(struct hw_store *store, const char *key, const char *text) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_memory_store_put(store, key, text, strlen(text), &err), err);
}

static void objects_are_put_and_got(void **state) {
    (void)state;
    struct hw_store *store = store_new(0);
    const char lent[] = "lent";
    const void *data = NULL;
    size_t bytes = 0;
    struct hw_error err = HW_ERROR_INIT;
    put(store, "a", "first");
    put(store, "a", "second");
    put(store, "empty", "");
    assert_ok(hw_memory_store_lend(store, "lent", lent, 4, &err), err);
    assert_ok(hw_memory_store_get(store, "a", &data, &bytes, &err), err);
    assert_row_bytes("a", data, bytes, "second", 6);
    assert_ok(hw_memory_store_get(store, "empty", &data, &bytes, &err), err);
    assert_int_equal(bytes, 0);
    assert_ok(hw_memory_store_get(store, "lent", &data, &bytes, &err), err);
    assert_ptr_equal(data, lent);
    assert_int_equal(hw_memory_store_get(store, "gone", &data, &bytes, &err), HW_ENOTFOUND);
    assert_row_says("message", err.message, "has no such object");
    hw_memory_store_free(store);
    hw_memory_store_free(NULL);
}

struct listed {
    char keys[128];
    struct hw_store *store;
};

/* Removes what it is told of: a listing must live with that. */
static enum hw_status note_and_remove(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct listed *listed = ctx;
    const size_t used = strlen(listed->keys);
    snprintf(listed->keys + used, sizeof(listed->keys) - used, "%s:%zu ", info->key, (size_t)info->size);
    if (strcmp(info->key, "stop") == 0) {
        hw_error_set(err, HW_ECANCELLED, "enough");
        return HW_ECANCELLED;
    }
    return listed->store->ops->remove(listed->store, info->key, err);
}

static void listings_are_in_order(void **state) {
    (void)state;
    static const struct {
        const char *prefix, *want;
        enum hw_status status;
    } rows[] = {
        {"b/", "b/a:1 b/b/c:2 ", HW_OK},
        {"b", "b:1 b/a:1 b/b/c:2 b0:1 ", HW_OK},
        {"", "a:1 b:1 b/a:1 b/b/c:2 b0:1 stop:4 ", HW_ECANCELLED},
        {"c", "", HW_OK},
        {"zz", "", HW_OK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct listed listed = {.store = store_new(0)};
        struct hw_error err = HW_ERROR_INIT;
        static const char *const keys[] = {"b0", "b/b/c", "a", "b/a", "b", "stop", "t"};
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            put(listed.store, keys[k],
                strcmp(keys[k], "b/b/c") == 0  ? "xy"
                : strcmp(keys[k], "stop") == 0 ? "stop"
                                               : "x");
        }
        assert_row_int(rows[i].prefix,
                       hw_memory_store_list(listed.store, rows[i].prefix, note_and_remove, &listed, &err),
                       rows[i].status);
        assert_row_text(rows[i].prefix, listed.keys, rows[i].want);
        hw_memory_store_free(listed.store);
    }
}

static void sources_keep_their_version(void **state) {
    (void)state;
    struct hw_store *store = store_new(0);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_source *source = NULL;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    char data[8] = "";
    put(store, "a", "before");
    assert_ok(store->ops->stat(store, "a", &info, etag, &err), err);
    assert_ok(store->ops->source_open(store, "a", &info, &source, &err), err);
    assert_int_equal(info.size, 6);
    assert_string_equal(source->etag, info.etag);
    assert_string_equal(source->name, "mem://a");
    put(store, "a", "after");
    assert_ok(store->ops->remove(store, "a", &err), err);
    assert_ok(store->ops->remove(store, "a", &err), err);
    assert_ok(source->ops->read_at(source, 2, data, 4, &err), err);
    assert_memory_equal(data, "fore", 4);
    assert_ok(source->ops->read_at(source, 6, data, 0, &err), err);
    assert_int_equal(source->ops->read_at(source, 3, data, 4, &err), HW_EIO);
    assert_int_equal(source->ops->read_at(source, 7, data, 0, &err), HW_EIO);
    source->ops->close(source);
    assert_int_equal(store->ops->source_open(store, "a", NULL, &source, &err), HW_ENOTFOUND);
    assert_int_equal(store->ops->stat(store, "a", &info, etag, &err), HW_ENOTFOUND);
    hw_memory_store_free(store);
}

static void sinks_publish_at_the_end_or_never(void **state) {
    (void)state;
    struct hw_store *store = store_new(8);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_sink *sink = NULL;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    const void *data = NULL;
    size_t bytes = 0;
    const struct hw_write_options tagged = {.tagging = "a=b"};
    assert_int_equal(store->ops->sink_open(store, "a", &(struct hw_sink_options){.write = &tagged}, &sink, &err),
                     HW_EUSAGE);
    assert_row_says("tags", err.message, "an object in memory has no tags");
    assert_ok(store->ops->sink_open(store, "a", NULL, &sink, &err), err);
    assert_ok(sink->ops->write(sink, "1234", 4, &err), err);
    assert_int_equal(sink->ops->write(sink, "12345", 5, &err), HW_ELIMIT);
    sink->ops->free(sink);
    assert_int_equal(hw_memory_store_get(store, "a", &data, &bytes, &err), HW_ENOTFOUND);

    /* All bytes are free again. */
    assert_ok(store->ops->sink_open(store, "a", &(struct hw_sink_options){.create_only = true}, &sink, &err), err);
    assert_ok(sink->ops->write(sink, "1234", 4, &err), err);
    assert_ok(sink->ops->write(sink, "5678", 4, &err), err);
    assert_ok(sink->ops->settle(sink, &err), err);
    assert_int_equal(hw_memory_store_get(store, "a", &data, &bytes, &err), HW_ENOTFOUND);
    assert_string_equal(sink->etag, "");
    assert_ok(sink->ops->finish(sink, &err), err);
    assert_ok(store->ops->stat(store, "a", &info, etag, &err), err);
    assert_string_equal(sink->etag, etag);
    assert_int_equal(sink->mtime_us, info.mtime_us);
    sink->ops->free(sink);
    assert_ok(hw_memory_store_get(store, "a", &data, &bytes, &err), err);
    assert_row_bytes("a", data, bytes, "12345678", 8);

    assert_ok(store->ops->sink_open(store, "a", &(struct hw_sink_options){.create_only = true}, &sink, &err), err);
    assert_int_equal(sink->ops->finish(sink, &err), HW_EEXISTS);
    sink->ops->free(sink);
    assert_ok(store->ops->sink_open(store, "a", &(struct hw_sink_options){.if_match = "x"}, &sink, &err), err);
    assert_int_equal(sink->ops->finish(sink, &err), HW_ECHANGED);
    sink->ops->free(sink);
    assert_ok(store->ops->sink_open(store, "a", &(struct hw_sink_options){.if_match = etag}, &sink, &err), err);
    assert_ok(sink->ops->finish(sink, &err), err);
    sink->ops->free(sink);
    hw_memory_store_free(store);
}

static void want_of_memory_leaves_the_old_object(void **state) {
    (void)state;
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    for (; status == HW_ENOMEM && allowed < 50; allowed++) {
        struct alloc_fault fault = {0};
        struct hw_store *store = NULL;
        const void *data = NULL;
        size_t bytes = 0;
        alloc_fault_begin(&fault, allowed);
        status = hw_memory_store_new("mem://", NULL, &store, NULL);
        const enum hw_status made = status;
        if (status == HW_OK) {
            status = hw_memory_store_put(store, "a", "old", 3, NULL);
        }
        const enum hw_status first = status;
        if (status == HW_OK) {
            status = hw_memory_store_put(store, "a", "new", 3, NULL);
        }
        if (made == HW_OK && first == HW_OK) {
            assert_int_equal(hw_memory_store_get(store, "a", &data, &bytes, NULL), HW_OK);
            assert_row_bytes("a", data, bytes, status == HW_OK ? "new" : "old", 3);
        }
        hw_memory_store_free(store);
        alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_put_and_got),
        cmocka_unit_test(listings_are_in_order),
        cmocka_unit_test(sources_keep_their_version),
        cmocka_unit_test(sinks_publish_at_the_end_or_never),
        cmocka_unit_test(want_of_memory_leaves_the_old_object),
    };
    return cmocka_run_group_tests_name("store/store_memory", tests, NULL, NULL);
}
