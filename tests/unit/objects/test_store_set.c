/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/store_set.h"

#include <stdio.h>

#include "support/http_server.h"
#include "support/rows.h"

static struct hw_store *store_at(struct hw_store_set *set, const char *path) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    assert_ok(hw_location_parse(path, set->options, &location, &err), err);
    assert_ok(hw_store_set_get(set, &location, &store, &err), err);
    return store;
}

static void a_bucket_is_opened_once(void **state) {
    (void)state;
    const struct hw_store_options options = {.endpoint_url = "http://127.0.0.1:1", .no_sign_request = true};
    struct hw_store_set set = {.options = &options};
    struct hw_store *first = store_at(&set, "s3://one/a");
    assert_ptr_equal(store_at(&set, "s3://one/b/c"), first);
    assert_ptr_not_equal(store_at(&set, "s3://two/a"), first);
    struct hw_store *relative = store_at(&set, "a/b");
    assert_ptr_equal(store_at(&set, "c"), relative);
    assert_ptr_not_equal(store_at(&set, "/a"), relative);
    assert_ptr_equal(store_at(&set, "s3://one/z"), first);
    assert_int_equal(set.count, 4);
    hw_store_set_release(&set);
    assert_int_equal(set.count, 0);
}

static void many_buckets_have_room(void **state) {
    (void)state;
    const struct hw_store_options options = {.endpoint_url = "http://127.0.0.1:1", .no_sign_request = true};
    struct hw_store_set set = {.options = &options};
    char path[32];
    for (unsigned i = 0; i < 40; i++) {
        snprintf(path, sizeof(path), "s3://bucket-%u/a", i);
        store_at(&set, path);
    }
    assert_int_equal(set.count, 40);
    hw_store_set_release(&set);
}

static void a_store_that_cannot_be_opened_is_told(void **state) {
    (void)state;
    const struct hw_store_options options = {.endpoint_url = "nonsense", .no_sign_request = true};
    struct hw_store_set set = {.options = &options};
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    assert_ok(hw_location_parse("s3://one/a", &options, &location, &err), err);
    assert_int_equal(hw_store_set_get(&set, &location, &store, &err), HW_ECONFIG);
    assert_null(store);
    assert_int_equal(set.count, 0);
    hw_store_set_release(&set);
}

/* Whoever looks at the number learns of the refusals of all of the set's stores. */
static void refusals_are_counted_for_all_stores(void **state) {
    (void)state;
    const struct http_reply busy = {.status = 503, .times = -1};
    struct http_server *server = http_server_start(&busy, 1);
    const struct hw_store_options options = {.endpoint_url = http_server_url(server),
                                             .no_sign_request = true,
                                             .region = "us-east-1",
                                             .attempts_max = 2,
                                             .retry_for_ms = 100};
    atomic_uint_fast64_t throttled = 0;
    struct hw_store_set set = {.options = &options, .throttled = &throttled};
    char web[128];
    snprintf(web, sizeof(web), "%s/a", http_server_url(server));
    const struct {
        const char *path;
        const char *key;
    } places[] = {{"s3://one/a", "a"}, {"s3://two/a", "a"}, {web, web + strlen("http://")}};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct hw_store *store = store_at(&set, places[i].path);
        struct hw_source *source = NULL;
        const uint64_t before = atomic_load(&throttled);
        assert_row_int(places[i].path, store->ops->source_open(store, places[i].key, NULL, &source, NULL), HW_ESERVER);
        assert_row_int(places[i].path, atomic_load(&throttled) - before, 2);
    }
    hw_store_set_release(&set);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_is_opened_once),
        cmocka_unit_test(many_buckets_have_room),
        cmocka_unit_test(a_store_that_cannot_be_opened_is_told),
        cmocka_unit_test(refusals_are_counted_for_all_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
