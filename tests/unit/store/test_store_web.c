/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store_web.h"

#include <stdio.h>

#include "store/location.h"
#include "support/http_server.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define CHANGED "Last-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n"

/* What is told of an object, by which a later run knows that it is the same. */
static const struct {
    const char *name;
    const char *headers;
    const char *query;
    const char *etag;
    int64_t mtime_us;
} rows[] = {
    {"a strong ETag", "ETag: \"e\"\r\n" CHANGED, "", "e", 1795267245000000},
    {"a weak one", "ETag: W/\"e\"\r\n" CHANGED, "", "W/\"e\"", 1795267245000000},
    {"a time", CHANGED, "", "", 1795267245000000},
    {"nothing", NULL, "", "", 0},
    {"a strong ETag and a query", "ETag: \"e\"\r\n" CHANGED, "?t=canary", "e", 1795267245000000},
    {"a weak one and a query", "ETag: W/\"e\"\r\n" CHANGED, "?t=canary", "", 0},
    {"a time and a query", CHANGED, "?t=canary", "", 0},
};

static void versions_and_names_hold_no_secret(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply reply = {
            .status = 200, .headers = rows[i].headers, .body = "id\n1\n", .body_bytes = 5, .ranged = true, .times = -1};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_store *store = NULL;
        struct hw_source *source = NULL;
        struct hw_object_info info = {0};
        struct hw_checksum checksum = {.kind = HW_CHECKSUM_CRC32};
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_ETAG_BYTES];
        char key[128];
        char name[128];
        char back[5];
        const char *host = http_server_url(server) + strlen("http://");
        snprintf(key, sizeof(key), "%s/a.csv%s", host, rows[i].query);
        snprintf(name, sizeof(name), "http://%s/a.csv%s", host, rows[i].query[0] ? "?..." : "");
        assert_ok(hw_store_web_open("http://", &(struct hw_store_options){0}, &store, &err), err);
        assert_ok(store->ops->stat(store, key, &info, etag, &err), err);
        assert_row_int(rows[i].name, info.size, 5);
        assert_row_text(rows[i].name, info.etag, rows[i].etag);
        assert_row_int(rows[i].name, info.mtime_us, rows[i].mtime_us);
        assert_ok(store->ops->source_open(store, key, &info, &source, &err), err);
        assert_row_text(rows[i].name, source->name, name);
        assert_row_text(rows[i].name, source->etag, rows[i].etag);
        assert_row_int(rows[i].name, source->mtime_us, rows[i].mtime_us);
        assert_row_int(rows[i].name, source->remote, true);
        assert_ok(source->ops->checksum(source, &checksum, &err), err);
        assert_row_int(rows[i].name, checksum.kind, HW_CHECKSUM_NONE);
        source->ops->in_order(source);
        assert_null(source->ops->moved(source));
        assert_ok(source->ops->read_at(source, 0, back, sizeof(back), &err), err);
        assert_row_bytes(rows[i].name, back, sizeof(back), "id\n1\n", 5);
        source->ops->close(source);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static enum hw_status none_each(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    (void)ctx, (void)info, (void)err;
    fail_msg("an object is listed");
    return HW_OK;
}

static void the_web_is_only_read(void **state) {
    (void)state;
    struct hw_store *store = NULL;
    struct hw_sink *sink = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_store_web_open("https://", &(struct hw_store_options){0}, &store, &err), err);
    assert_int_equal(store->ops->sink_open(store, "h/a", NULL, &sink, &err), HW_EUSAGE);
    assert_row_says("sink", err.message, "only read");
    assert_int_equal(store->ops->remove(store, "h/a", &err), HW_EUSAGE);
    assert_int_equal(store->ops->list(store, "h/", none_each, NULL, &err), HW_EUSAGE);
    assert_row_says("list", err.message, "nothing lists");
    hw_store_close(store);
    assert_int_equal(hw_store_sink_at("https://h/a?t=canary", NULL, NULL, &store, &sink, &err), HW_EUSAGE);
    assert_row_says("path", err.message, "https:// is only read");
    assert_string_equal(err.object, "https://h/a?...");
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_and_names_hold_no_secret),
        cmocka_unit_test(the_web_is_only_read),
    };
    return cmocka_run_group_tests_name("store/store_web", tests, environment_set, NULL);
}
