/* SPDX-License-Identifier: Apache-2.0 */
#include "store/source_end.h"

#include <hawser/memory.h>

#include "store/store_s3.h"
#include "support/http_server.h"
#include "support/rows.h"

#define FACTS "ETag: \"e\"\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n"
#define BODY "0123456789"

static const struct http_reply whole = {.match = "GET /bucket/k ",
                                        .times = -1,
                                        .status = 200,
                                        .headers = FACTS,
                                        .body = BODY,
                                        .body_bytes = 10,
                                        .ranged = true};
static const struct http_reply head = {
    .match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = FACTS "Content-Length: 10\r\n"};

/* A service, by what it replies to the first request, and the requests that it then gets. */
static const struct {
    const char *name;
    struct http_reply first;
    enum hw_status want;
    size_t gets, heads;
} rows[] = {
    {"it has ranges from the end", {.match = "GET /bucket/none"}, HW_OK, 1, 0},
    {"it has none", {.match = "GET ", .times = 1, .status = 400}, HW_OK, 2, 1},
    {"it does not know them", {.match = "GET ", .times = 1, .status = 405}, HW_OK, 2, 1},
    {"nobody may read", {.match = "GET ", .times = 1, .status = 403}, HW_EAUTH, 1, 0},
};

static void the_end_comes_with_the_request_that_opens(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {rows[i].first, whole, head};
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .no_sign_request = true};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_store *store;
        struct hw_source *source = NULL;
        char data[4];
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(rows[i].name, hw_source_end_open(store, "k", NULL, 4, &source, &err), rows[i].want);
        if (source) {
            assert_row_int(rows[i].name, source->size, 10);
            assert_ok(source->ops->read_at(source, 6, data, 4, &err), err);
            assert_row_bytes(rows[i].name, data, 4, "6789", 4);
            source->ops->close(source);
        }
        assert_row_int(rows[i].name, http_server_count(server, "GET"), rows[i].gets);
        assert_row_int(rows[i].name, http_server_count(server, "HEAD"), rows[i].heads);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static void other_stores_open_as_ever(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *store;
    struct hw_source *source;
    char data[4];
    assert_ok(hw_memory_store_new("mem://", NULL, &store, &err), err);
    assert_ok(hw_memory_store_put(store, "k", BODY, 10, &err), err);
    const struct hw_object_info known = {.key = "k", .size = 10, .etag = ""};
    for (int i = 0; i < 2; i++) {
        assert_ok(hw_source_end_open(store, "k", i == 0 ? NULL : &known, 4, &source, &err), err);
        assert_ok(source->ops->read_at(source, 6, data, 4, &err), err);
        assert_row_bytes("end", data, 4, "6789", 4);
        source->ops->close(source);
    }
    assert_int_equal(hw_source_end_open(store, "none", NULL, 4, &source, &err), HW_ENOTFOUND);
    hw_memory_store_free(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_comes_with_the_request_that_opens),
        cmocka_unit_test(other_stores_open_as_ever),
    };
    return cmocka_run_group_tests_name("store/source_end", tests, NULL, NULL);
}
