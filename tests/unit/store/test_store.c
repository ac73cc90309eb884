/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <stdio.h>

#include "core/buf.h"
#include "store/store_s3.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* A store that has one object in memory and takes one. */
struct memory_store {
    struct hw_store base;
    struct memory_source source;
    struct memory_sink sink;
    struct hw_sink_options options;
    int closes;
};

static struct memory_store *opened;

static void count_close(struct hw_source *source) {
    (void)source;
    opened->closes++;
}

static enum hw_status memory_open(struct hw_store *base, const char *key, const struct hw_object_info *known,
                                  struct hw_source **out_source, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    static struct hw_source_ops ops;
    (void)known;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_ENOTFOUND, "no such key");
    }
    opened = store;
    ops = *store->source.base.ops;
    ops.close = count_close;
    store->source.base.ops = &ops;
    *out_source = &store->source.base;
    return HW_OK;
}

static enum hw_status memory_sink_open(struct hw_store *base, const char *key, const struct hw_sink_options *options,
                                       struct hw_sink **out_sink, struct hw_error *err) {
    struct memory_store *store = (struct memory_store *)base;
    if (strcmp(key, "there") != 0) {
        return hw_fail(err, HW_EIO, "no such folder");
    }
    store->options = *options;
    *out_sink = &store->sink.base;
    return HW_OK;
}

static const struct hw_store_ops memory_ops = {.source_open = memory_open, .sink_open = memory_sink_open};

static void read_all_takes_up_to_the_limit(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        hw_view bytes;
        size_t limit;
        int fail_on_read;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"all of it", "there", HW_VIEW_INIT("abc"), 3, 0, HW_OK, ""},
        {"empty", "there", HW_VIEW_INIT(""), 0, 0, HW_OK, ""},
        {"beyond the limit", "there", HW_VIEW_INIT("abc"), 2, 0, HW_ELIMIT,
         "3 bytes are more than the 2 that are read at once"},
        {"not there", "gone", HW_VIEW_INIT("abc"), 3, 0, HW_ENOTFOUND, "no such key"},
        {"read fails", "there", HW_VIEW_INIT("abc"), 3, 1, HW_EIO, "injected"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops},
                                     .source = memory_source(rows[i].bytes, rows[i].fail_on_read)};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {.limit = 77};
        assert_int_equal(hw_buf_append_text(&out, "old", &err), HW_OK);
        hw_view want = rows[i].want == HW_OK ? rows[i].bytes : HW_VIEW("old");

        assert_row_int(rows[i].name, hw_store_read_all(&store.base, rows[i].key, rows[i].limit, &out, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_bytes(rows[i].name, out.data, out.size, want.data, want.size);
        assert_row_int(rows[i].name, out.limit, 77);
        assert_row_int(rows[i].name, store.closes, rows[i].want != HW_ENOTFOUND);
    }
}

static void write_all_publishes_or_aborts(void **state) {
    (void)state;
    static const struct {
        const char *name, *key;
        int fail_on_write;
        enum hw_status want;
        bool finished;
    } rows[] = {
        {"published", "there", 0, HW_OK, true},
        {"write fails", "there", 1, HW_EIO, false},
        {"cannot open", "gone", 0, HW_EIO, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_store store = {.base = {.ops = &memory_ops}, .sink = memory_sink(rows[i].fail_on_write)};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_store_write_all(&store.base, rows[i].key, "text/plain", "abc", 3, &err),
                       rows[i].want);
        assert_row_int(rows[i].name, store.sink.finished, rows[i].finished);
        assert_row_int(rows[i].name, store.sink.freed, strcmp(rows[i].key, "there") == 0);
        if (rows[i].want == HW_OK) {
            assert_row_bytes(rows[i].name, store.sink.bytes.data, store.sink.bytes.size, "abc", 3);
            assert_row_text(rows[i].name, store.options.content_type, "text/plain");
            assert_row_int(rows[i].name, store.options.size_hint, 3);
        }
        hw_buf_release(&store.sink.bytes);
    }
}

#define ERROR_BODY(code) "<Error><Code>" code "</Code><Message>m</Message></Error>"
#define EMPTY_PAGE "<ListBucketResult></ListBucketResult>"
#define BELOW_PAGE                                                           \
    "<ListBucketResult><Contents><Key>k/a</Key><ETag>e</ETag><Size>9</Size>" \
    "<LastModified>2026-11-21T13:20:45.000Z</LastModified></Contents></ListBucketResult>"

/* HEAD fails without a word; then a GET of the object, and a listing of what is below it. */
static const struct {
    const char *name;
    int head;
    struct http_reply get;
    const char *page;
    enum hw_status want;
    const char *code;
    const char *says;
} silent[] = {
    {"no bucket",
     404,
     {.status = 404, .body = ERROR_BODY("NoSuchBucket")},
     EMPTY_PAGE,
     HW_ENOTFOUND,
     "NoSuchBucket",
     "GetObject: not found: there is no bucket of this name"},
    {"no key",
     404,
     {.status = 404, .body = ERROR_BODY("NoSuchKey")},
     EMPTY_PAGE,
     HW_ENOTFOUND,
     "NoSuchKey",
     "no object has this name"},
    {"a folder",
     404,
     {.status = 404, .body = ERROR_BODY("NoSuchKey")},
     BELOW_PAGE,
     HW_ENOTFOUND,
     "",
     "there are objects below it: a folder is named with '/' at its end"},
    {"denied",
     403,
     {.status = 403, .body = ERROR_BODY("AccessDenied")},
     EMPTY_PAGE,
     HW_EAUTH,
     "AccessDenied",
     "lacks the permission"},
    {"key id",
     403,
     {.status = 403, .body = ERROR_BODY("InvalidAccessKeyId")},
     EMPTY_PAGE,
     HW_EAUTH,
     "InvalidAccessKeyId",
     "AWS_ACCESS_KEY_ID"},
    {"secret",
     403,
     {.status = 403, .body = ERROR_BODY("SignatureDoesNotMatch")},
     EMPTY_PAGE,
     HW_EAUTH,
     "SignatureDoesNotMatch",
     "AWS_SECRET_ACCESS_KEY"},
    {"token",
     400,
     {.status = 400, .body = ERROR_BODY("ExpiredToken")},
     EMPTY_PAGE,
     HW_EAUTH,
     "ExpiredToken",
     "the session token has expired"},
    {"clock",
     403,
     {.status = 403, .body = ERROR_BODY("RequestTimeTooSkewed")},
     EMPTY_PAGE,
     HW_EAUTH,
     "RequestTimeTooSkewed",
     "set the clock"},
    {"GET says no more", 404, {.status = 404}, EMPTY_PAGE, HW_ENOTFOUND, "", "HeadObject: not found"},
};

static void silent_faults_are_explained(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(silent); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/k ", .status = silent[i].head, .times = -1},
            {.match = "GET /bucket/k ", .status = silent[i].get.status, .body = silent[i].get.body, .times = -1},
            {.match = "GET /bucket?", .status = 200, .body = silent[i].page, .times = -1},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server)};
        struct hw_store *store = NULL;
        struct hw_source *source = NULL;
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(silent[i].name, hw_store_source_needed(store, "k", &source, &err), silent[i].want);
        assert_row_text(silent[i].name, err.s3_code, silent[i].code);
        assert_row_says(silent[i].name, err.message, silent[i].says);
        hw_store_close(store);
        http_server_stop(server);
    }
}

/* A place to write to may be empty, which needs no more requests; all else is explained. */
static void a_look_explains_what_is_no_absence(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int head;
        enum hw_status want;
        const char *code;
        int gets;
    } rows[] = {{"absent", 404, HW_ENOTFOUND, "", 0}, {"refused", 403, HW_EAUTH, "SignatureDoesNotMatch", 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/k ", .status = rows[i].head, .times = -1},
            {.match = "GET /bucket/k ", .status = 403, .body = ERROR_BODY("SignatureDoesNotMatch"), .times = -1},
        };
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server)};
        struct hw_store *store = NULL;
        struct hw_object_info info;
        struct hw_error err = HW_ERROR_INIT;
        char etag[HW_ETAG_BYTES];
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(rows[i].name, hw_store_look(store, "k", &info, etag, &err), rows[i].want);
        assert_row_text(rows[i].name, err.s3_code, rows[i].code);
        assert_row_int(rows[i].name, http_server_count(server, "GET "), rows[i].gets);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static void facts_are_asked_for_again_where_a_get_is_good(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "HEAD /bucket/k ", .status = 403},
        {.match = "HEAD /bucket/k ", .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 9\r\n"},
        {.match = "GET /bucket/k ",
         .status = 200,
         .headers = "ETag: \"e\"\r\n",
         .body = "123456789",
         .body_bytes = 9,
         .ranged = true},
    };
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    const struct hw_store_options options = {.endpoint_url = http_server_url(server)};
    struct hw_store *store = NULL;
    struct hw_object_info info;
    struct hw_error err = HW_ERROR_INIT;
    char etag[HW_ETAG_BYTES];
    assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
    assert_ok(hw_store_stat(store, "k", &info, etag, &err), err);
    assert_int_equal(info.size, 9);
    hw_store_close(store);
    http_server_stop(server);
}

/* An object as it was read, and as it is; without an etag it is gone. */
static const struct {
    const char *name;
    struct hw_object_info read;
    struct hw_object_info is;
    enum hw_status want;
} versions[] = {
    {"the same", {.size = 5, .mtime_us = 7, .etag = "e"}, {.size = 5, .mtime_us = 7, .etag = "e"}, HW_OK},
    {"another size", {.size = 5, .mtime_us = 7, .etag = "e"}, {.size = 6, .mtime_us = 7, .etag = "e"}, HW_ECHANGED},
    {"another time", {.size = 5, .mtime_us = 7, .etag = "e"}, {.size = 5, .mtime_us = 8, .etag = "e"}, HW_ECHANGED},
    {"another etag", {.size = 5, .mtime_us = 7, .etag = "e"}, {.size = 5, .mtime_us = 7, .etag = "f"}, HW_ECHANGED},
    {"a time that was not known", {.size = 5, .etag = "e"}, {.size = 5, .mtime_us = 8, .etag = "e"}, HW_OK},
    {"a store without etags", {.size = 5, .mtime_us = 7, .etag = ""}, {.size = 5, .mtime_us = 7, .etag = "e"}, HW_OK},
    {"one that is gone", {.size = 5, .etag = ""}, {.size = 0, .etag = NULL}, HW_ENOTFOUND},
};

static const struct hw_object_info *stat_tells;

static enum hw_status told_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    (void)store;
    (void)key;
    if (!stat_tells->etag) {
        return hw_fail(err, HW_ENOTFOUND, "no such key");
    }
    snprintf(out_etag, HW_ETAG_BYTES, "%s", stat_tells->etag);
    *out_info = *stat_tells;
    out_info->etag = out_etag;
    return HW_OK;
}

static enum hw_status nothing_list(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                                   struct hw_error *err) {
    (void)store;
    (void)prefix;
    (void)each;
    (void)ctx;
    (void)err;
    return HW_OK;
}

static void a_source_is_compared_with_what_is_there(void **state) {
    (void)state;
    static const struct hw_store_ops stat_ops = {.size = sizeof(stat_ops), .list = nothing_list, .stat = told_stat};
    struct hw_store store = {.ops = &stat_ops, .root = ""};
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        const struct hw_source source = {
            .size = versions[i].read.size, .mtime_us = versions[i].read.mtime_us, .etag = versions[i].read.etag};
        struct hw_error err = HW_ERROR_INIT;
        stat_tells = &versions[i].is;
        assert_row_int(versions[i].name, hw_store_source_same(&store, "k", &source, &err), versions[i].want);
        assert_row_says(versions[i].name, err.message,
                        versions[i].want == HW_ECHANGED ? "the source has changed while it was read" : "");
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_all_takes_up_to_the_limit),
        cmocka_unit_test(write_all_publishes_or_aborts),
        cmocka_unit_test(silent_faults_are_explained),
        cmocka_unit_test(a_look_explains_what_is_no_absence),
        cmocka_unit_test(facts_are_asked_for_again_where_a_get_is_good),
        cmocka_unit_test(a_source_is_compared_with_what_is_there),
    };
    return cmocka_run_group_tests_name("store/store", tests, environment_set, NULL);
}
