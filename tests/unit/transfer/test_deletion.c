/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/deletion.h"

#include <stdatomic.h>
#include <stdio.h>

#include "core/buf.h"
#include "store/location.h"
#include "support/s3_fixture.h"
#include "unit/transfer/listed_store.h"

#define GONE(key) "<Deleted><Key>" key "</Key></Deleted>"
#define REFUSED(key, code) "<Error><Key>" key "</Key><Code>" code "</Code><Message>no</Message></Error>"
#define REPLY(rows) "<DeleteResult>" rows "</DeleteResult>"

/* A run that removes objects of one store, and what it told. */
struct removing {
    struct hw_transfer_options options;
    struct hw_transfer_run run;
    struct hw_deletion deletion;
    struct hw_buf told;
    /* The run is cancelled once so many objects were told of; 0: never. */
    unsigned cancel_after;
    atomic_uint tells;
    struct hw_transfer_result result;
    struct hw_error error;
};

static void object_tell(void *ctx, const struct hw_transfer_object *object) {
    static const char *const outcomes[] = {"done", "skipped", "failed", "planned"};
    struct removing *removing = ctx;
    struct hw_error err = HW_ERROR_INIT;
    atomic_fetch_add(&removing->tells, 1);
    assert_int_equal(object->op, HW_TRANSFER_REMOVE);
    assert_string_equal(object->source, "");
    assert_ok(hw_buf_printf(&removing->told, &err, "%s %s %" PRIu64 "%s%s\n", object->path, outcomes[object->outcome],
                            object->size, object->error ? ": " : "", object->error ? object->error->message : ""),
              err);
}

static bool cancelled(void *ctx) {
    const struct removing *removing = ctx;
    return removing->cancel_after > 0 && atomic_load(&removing->tells) >= removing->cancel_after;
}

static void removing_start(struct removing *removing) {
    removing->error = (struct hw_error)HW_ERROR_INIT;
    removing->options.size = sizeof(removing->options);
    removing->options.ctx = removing;
    removing->options.on_object = object_tell;
    removing->options.cancelled = cancelled;
    removing->options.memory_bytes = HW_MIB(4);
    assert_ok(hw_transfer_run_start(&removing->run, &removing->options, &removing->error), removing->error);
    removing->deletion.run = &removing->run;
}

static void object_add(struct removing *removing, const char *key, uint64_t size) {
    hw_transfer_run_found(&removing->run, size);
    const struct hw_deletion_object object = {.key = key, .size = size};
    assert_ok(hw_deletion_add(&removing->deletion, &object, &removing->error), removing->error);
}

static enum hw_status removing_end(struct removing *removing) {
    enum hw_status status = hw_deletion_flush(&removing->deletion, &removing->error);
    status = hw_transfer_run_finish(&removing->run, status, &removing->result, &removing->error);
    hw_deletion_release(&removing->deletion);
    hw_transfer_run_release(&removing->run);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_end_text(&removing->told, &err), err);
    const struct hw_transfer_result *result = &removing->result;
    assert_int_equal(result->done + result->skipped + result->failed + result->not_tried, result->objects);
    return status;
}

/* ------ objects of S3 */

static const struct {
    const char *name;
    const char *keys[4];
    struct http_reply replies[2];
    bool dry_run;
    enum hw_status want;
    uint64_t done, failed, not_tried;
    size_t posts, deletes; /* requests for many, and for one */
    const char *says;
} rows[] = {
    {"all",
     {"a", "b", "c"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a") GONE("b") GONE("c"))}},
     false,
     HW_OK,
     3,
     0,
     0,
     1,
     0,
     "s3://bucket/b done 7\n"},
    {"one is refused",
     {"a", "b", "c"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a") REFUSED("b", "AccessDenied") GONE("c"))}},
     false,
     HW_EPARTIAL,
     2,
     1,
     0,
     1,
     0,
     "s3://bucket/b failed 7: DeleteObjects: "},
    {"one fails for a while",
     {"a", "b"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a") REFUSED("b", "InternalError"))},
      {.match = "DELETE /bucket/b", .status = 204}},
     false,
     HW_OK,
     2,
     0,
     0,
     1,
     1,
     "s3://bucket/b done 7\n"},
    {"of one nothing is said",
     {"a", "b"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a"))}, {.match = "DELETE /bucket/b", .status = 403}},
     false,
     HW_EPARTIAL,
     1,
     1,
     0,
     1,
     1,
     "s3://bucket/b failed 7: "},
    {"a name that XML cannot hold",
     {"a", "b\001c"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a"))}, {.match = "DELETE /bucket/b%01c", .status = 204}},
     false,
     HW_OK,
     2,
     0,
     0,
     1,
     1,
     "s3://bucket/b\001c done 7\n"},
    {"a name twice",
     {"a", "a", "b"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("a") GONE("a") GONE("b"))}},
     false,
     HW_OK,
     3,
     0,
     0,
     1,
     0,
     "s3://bucket/a done 7\n"},
    {"names that nobody asked for",
     {"a"},
     {{.match = "POST ", .status = 200, .body = REPLY(GONE("z") GONE("a") GONE("a"))}},
     false,
     HW_OK,
     1,
     0,
     0,
     1,
     0,
     "s3://bucket/a done 7\n"},
    {"all are refused",
     {"a", "b"},
     {{.match = "POST ", .status = 403, .times = -1, .body = "<Error><Code>AccessDenied</Code></Error>"}},
     false,
     HW_EAUTH,
     0,
     2,
     0,
     1,
     0,
     "s3://bucket/b failed 7: "},
    {"no bucket",
     {"a", "b", "c"},
     {{.match = "POST ", .status = 404, .times = -1, .body = "<Error><Code>NoSuchBucket</Code></Error>"}},
     false,
     HW_ENOTFOUND,
     0,
     1,
     2,
     1,
     0,
     "s3://bucket/a failed 7: "},
    {"no such operation",
     {"a", "b"},
     {{.match = "POST ", .status = 501, .times = -1, .body = "<Error><Code>NotImplemented</Code></Error>"},
      {.match = "DELETE ", .status = 204, .times = -1}},
     false,
     HW_OK,
     2,
     0,
     0,
     1,
     2,
     "s3://bucket/b done 7\n"},
    {"a reply that is none",
     {"a", "b"},
     {{.match = "POST ", .status = 200, .times = -1, .body = "<html></html>"}},
     false,
     HW_EPROTOCOL,
     0,
     2,
     0,
     3,
     0,
     "s3://bucket/a failed 7: "},
    {"a dry run",
     {"a", "b"},
     {{.match = "no request", .status = 200}},
     true,
     HW_OK,
     2,
     0,
     0,
     0,
     0,
     "s3://bucket/b planned 7\n"},
};

static struct hw_store *bucket_open(struct removing *removing, const struct http_server *server) {
    const struct hw_store_options options = {.endpoint_url = http_server_url(server), .retry_for_ms = 2000};
    HW_AUTO(hw_location) location = {0};
    struct hw_store *store = NULL;
    struct hw_error *err = &removing->error;
    assert_ok(hw_location_parse("s3://bucket/", &options, &location, err), *err);
    assert_ok(hw_store_open(&location, &options, &store, err), *err);
    return store;
}

static void objects_of_s3_go_with_one_request(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct removing removing = {.options.dry_run = rows[i].dry_run};
        struct http_server *server = http_server_start(rows[i].replies, COUNT_OF(rows[i].replies));
        removing_start(&removing);
        removing.deletion.store = bucket_open(&removing, server);
        for (size_t n = 0; rows[i].keys[n]; n++) {
            object_add(&removing, rows[i].keys[n], 7);
        }
        struct hw_store *store = removing.deletion.store;
        assert_row_int(rows[i].name, removing_end(&removing), rows[i].want);
        assert_row_says(rows[i].name, (const char *)removing.told.data, rows[i].says);
        assert_row_int(rows[i].name, removing.result.done, rows[i].done);
        assert_row_int(rows[i].name, removing.result.failed, rows[i].failed);
        assert_row_int(rows[i].name, removing.result.not_tried, rows[i].not_tried);
        assert_row_int(rows[i].name, http_server_count(server, "POST "), rows[i].posts);
        assert_row_int(rows[i].name, http_server_count(server, "DELETE "), rows[i].deletes);
        hw_store_close(store);
        http_server_stop(server);
        hw_buf_release(&removing.told);
    }
}

/* ------ objects that have to be there */

#define THERE(key) \
    { .match = "HEAD /bucket/" key " ", .status = 200, .times = -1, .headers = "ETag: \"e\"\r\nContent-Length: 5\r\n" }
#define EMPTY_LIST "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

static const struct {
    const char *name;
    const char *keys[3];
    struct http_reply replies[6];
    bool dry_run;
    enum hw_status want;
    uint64_t done, failed, not_tried;
    size_t posts;
    const char *says;
    /* A part of the body of DeleteObjects; NULL: there is none. */
    const char *deleted;
} named_rows[] = {
    {"all are there",
     {"a", "b", "c"},
     {THERE("a"),
      THERE("b"),
      THERE("c"),
      {.match = "POST ", .status = 200, .body = REPLY(GONE("a") GONE("b") GONE("c"))}},
     false,
     HW_OK,
     3,
     0,
     0,
     1,
     "s3://bucket/b done 5\n",
     "<Object><Key>a</Key></Object><Object><Key>b</Key></Object><Object><Key>c</Key></Object></Delete>"},
    {"the first is missing",
     {"a", "b", "c"},
     {{.match = "HEAD /bucket/a ", .status = 404, .times = -1},
      THERE("b"),
      THERE("c"),
      {.match = "GET /bucket/a", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"},
      {.match = "GET /bucket?", .status = 200, .times = -1, .body = EMPTY_LIST},
      {.match = "POST ", .status = 200, .body = REPLY(GONE("b") GONE("c"))}},
     false,
     HW_EPARTIAL,
     2,
     1,
     0,
     1,
     "named/a failed 0: ",
     "\"><Object><Key>b</Key></Object><Object><Key>c</Key></Object></Delete>"},
    {"the request fails, so the one that was missing is told once",
     {"a", "b", "c"},
     {{.match = "HEAD /bucket/a ", .status = 404, .times = -1},
      THERE("b"),
      THERE("c"),
      {.match = "GET /bucket/a", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"},
      {.match = "GET /bucket?", .status = 200, .times = -1, .body = EMPTY_LIST},
      {.match = "POST ", .status = 403, .times = -1, .body = "<Error><Code>AccessDenied</Code></Error>"}},
     false,
     HW_ENOTFOUND,
     0,
     3,
     0,
     1,
     "s3://bucket/c failed 5: ",
     "<Object><Key>b</Key></Object>"},
    {"none is there",
     {"a"},
     {{.match = "HEAD /bucket/a ", .status = 404, .times = -1},
      {.match = "GET /bucket/a", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"},
      {.match = "GET /bucket?", .status = 200, .times = -1, .body = EMPTY_LIST}},
     false,
     HW_ENOTFOUND,
     0,
     1,
     0,
     0,
     "named/a failed 0: ",
     NULL},
    {"one may not be asked for, the others are all the same",
     {"a", "b", "c"},
     {{.match = "HEAD /bucket/a ", .status = 403, .times = -1},
      THERE("b"),
      THERE("c"),
      {.match = "GET /bucket/a", .status = 403, .times = -1, .body = "<Error><Code>AccessDenied</Code></Error>"},
      {.match = "POST ", .status = 200, .body = REPLY(GONE("b") GONE("c"))}},
     false,
     HW_EPARTIAL,
     2,
     1,
     0,
     1,
     "named/a failed 0: ",
     "<Object><Key>b</Key></Object><Object><Key>c</Key></Object></Delete>"},
    {"a dry run asks too",
     {"a", "b"},
     {{.match = "HEAD /bucket/a ", .status = 404, .times = -1},
      THERE("b"),
      {.match = "GET /bucket/a", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"},
      {.match = "GET /bucket?", .status = 200, .times = -1, .body = EMPTY_LIST}},
     true,
     HW_EPARTIAL,
     1,
     1,
     0,
     0,
     "s3://bucket/b planned 5\n",
     NULL},
};

static void named_objects_must_be_there(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(named_rows); i++) {
        const char *name = named_rows[i].name;
        struct removing removing = {.options.dry_run = named_rows[i].dry_run};
        struct http_server *server = http_server_start(named_rows[i].replies, COUNT_OF(named_rows[i].replies));
        char named[16];
        removing_start(&removing);
        struct hw_store *store = bucket_open(&removing, server);
        removing.deletion.store = store;
        for (size_t n = 0; n < COUNT_OF(named_rows[i].keys) && named_rows[i].keys[n]; n++) {
            const char *key = named_rows[i].keys[n];
            snprintf(named, sizeof(named), "named/%s", key);
            const struct hw_deletion_object object = {.key = key, .named = named};
            hw_transfer_run_found(&removing.run, 0);
            assert_ok(hw_deletion_add(&removing.deletion, &object, &removing.error), removing.error);
        }
        assert_row_int(name, removing_end(&removing), named_rows[i].want);
        assert_row_says(name, (const char *)removing.told.data, named_rows[i].says);
        assert_row_int(name, removing.result.done, named_rows[i].done);
        assert_row_int(name, removing.result.failed, named_rows[i].failed);
        assert_row_int(name, removing.result.not_tried, named_rows[i].not_tried);
        assert_row_int(name, atomic_load(&removing.tells), removing.result.objects);
        assert_row_int(name, http_server_count(server, "POST "), named_rows[i].posts);
        if (named_rows[i].deleted) {
            size_t bytes;
            assert_row_says(name, http_server_body(server, "POST ", 0, &bytes), named_rows[i].deleted);
        }
        hw_store_close(store);
        http_server_stop(server);
        hw_buf_release(&removing.told);
    }
}

/* ------ many objects that have to be there */

/* So many are looked for in a listing first: "k/00" to "k/15". */
enum { MANY = 16 };

static const struct {
    const char *name;
    int list_status;
    const char *list_error; /* NULL: it tells of all objects but the first */
    int head_status;        /* of the first */
    bool dry_run;
    enum hw_status want;
    uint64_t done, failed, not_tried;
    size_t lists, heads, posts;
    const char *says;
} listed_rows[] = {
    {"all are there, and one was not listed", 200, NULL, 200, false, HW_OK, MANY, 0, 0, 1, 1, 1, "k/15 done 115\n"},
    {"one is missing", 200, NULL, 404, false, HW_EPARTIAL, MANY - 1, 1, 0, 2, 1, 1, "named 0 failed 0: "},
    {"a dry run looks too", 200, NULL, 404, true, HW_EPARTIAL, MANY - 1, 1, 0, 2, 1, 0, "k/15 planned 115\n"},
    {"nobody may list", 403, "AccessDenied", 200, false, HW_OK, MANY, 0, 0, 1, MANY, 1, "k/15 done 5\n"},
    {"refused keys", 403, "InvalidAccessKeyId", 200, false, HW_EAUTH, 0, 1, MANY - 1, 1, 0, 0, "named 0 failed 0: "},
};

/* Makes the page of all objects but the first, and the reply to their removal. */
static void many_make(struct hw_buf *page, struct hw_buf *gone) {
    assert_int_equal(hw_buf_printf(page, NULL, "<ListBucketResult>"), HW_OK);
    assert_int_equal(hw_buf_printf(gone, NULL, "<DeleteResult>"), HW_OK);
    for (unsigned i = 0; i < MANY; i++) {
        if (i > 0) {
            assert_int_equal(
                hw_buf_printf(page, NULL, "<Contents><Key>k/%02u</Key><Size>%u</Size></Contents>", i, 100 + i), HW_OK);
        }
        assert_int_equal(hw_buf_printf(gone, NULL, GONE("k/%02u"), i), HW_OK);
    }
    assert_int_equal(hw_buf_printf(page, NULL, "</ListBucketResult>"), HW_OK);
    assert_int_equal(hw_buf_printf(gone, NULL, "</DeleteResult>"), HW_OK);
}

static void many_add(struct removing *removing) {
    char key[8];
    char named[16];
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(key, sizeof(key), "k/%02u", i);
        snprintf(named, sizeof(named), "named %u", i);
        const struct hw_deletion_object object = {.key = key, .named = named};
        hw_transfer_run_found(&removing->run, 0);
        assert_ok(hw_deletion_add(&removing->deletion, &object, &removing->error), removing->error);
    }
}

static void many_objects_are_looked_for_in_a_listing(void **state) {
    (void)state;
    HW_AUTO(hw_buf) page = {0};
    HW_AUTO(hw_buf) gone = {0};
    many_make(&page, &gone);
    for (size_t i = 0; i < COUNT_OF(listed_rows); i++) {
        const char *name = listed_rows[i].name;
        char refused[128];
        snprintf(refused, sizeof(refused), "<Error><Code>%s</Code></Error>", listed_rows[i].list_error);
        const struct http_reply replies[] = {
            {.match = "prefix=k%2F00", .status = 200, .times = -1, .body = EMPTY_LIST},
            {.match = "GET /bucket?",
             .times = -1,
             .status = listed_rows[i].list_status,
             .body = listed_rows[i].list_error ? refused : (const char *)page.data},
            {.match = "HEAD /bucket/k/00 ",
             .times = -1,
             .status = listed_rows[i].head_status,
             .headers = listed_rows[i].head_status == 200 ? "ETag: \"e\"\r\nContent-Length: 5\r\n" : NULL},
            {.match = "HEAD ", .times = -1, .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 5\r\n"},
            {.match = "GET /bucket/k/00", .status = 404, .times = -1, .body = "<Error><Code>NoSuchKey</Code></Error>"},
            {.match = "POST ", .status = 200, .body = (const char *)gone.data},
        };
        struct removing removing = {.options.dry_run = listed_rows[i].dry_run};
        struct http_server *server = http_server_start(replies, COUNT_OF(replies));
        removing_start(&removing);
        struct hw_store *store = bucket_open(&removing, server);
        removing.deletion.store = store;
        many_add(&removing);
        assert_row_int(name, removing_end(&removing), listed_rows[i].want);
        assert_row_says(name, (const char *)removing.told.data, listed_rows[i].says);
        assert_row_int(name, removing.result.done, listed_rows[i].done);
        assert_row_int(name, removing.result.failed, listed_rows[i].failed);
        assert_row_int(name, removing.result.not_tried, listed_rows[i].not_tried);
        assert_row_int(name, http_server_count(server, "list-type=2"), listed_rows[i].lists);
        assert_row_int(name, http_server_count(server, "HEAD "), listed_rows[i].heads);
        assert_row_int(name, http_server_count(server, "POST "), listed_rows[i].posts);
        hw_store_close(store);
        http_server_stop(server);
        hw_buf_release(&removing.told);
    }
}

/* ------ objects of other stores */

static void many_objects_go_in_batches(void **state) {
    (void)state;
    static const struct listed_object none[] = {{"", 0, 0}};
    struct listed_store store;
    struct removing removing = {0};
    char key[16];
    listed_store_init(&store, "listed://", none, 0);
    store.refused = "k1500";
    removing_start(&removing);
    removing.deletion.store = &store.base;
    for (unsigned i = 0; i < 2500; i++) {
        /* The key is copied. */
        snprintf(key, sizeof(key), "k%u", i);
        object_add(&removing, key, i);
    }
    assert_int_equal(removing_end(&removing), HW_EPARTIAL);
    assert_int_equal(removing.result.done, 2499);
    assert_row_says("told", (const char *)removing.told.data, "listed://k1500 failed 1500: it may not be removed\n");
    assert_row_says("told", (const char *)removing.told.data, "listed://k2499 done 2499\n");
    hw_buf_release(&removing.told);
    listed_store_release(&store);
}

static void a_stop_leaves_the_rest(void **state) {
    (void)state;
    static const struct listed_object none[] = {{"", 0, 0}};
    struct listed_store store;
    struct removing removing = {.cancel_after = 2};
    listed_store_init(&store, "listed://", none, 0);
    removing_start(&removing);
    removing.deletion.store = &store.base;
    for (const char *key = "abcde"; *key; key++) {
        object_add(&removing, (const char[]){*key, '\0'}, 1);
    }
    assert_int_equal(removing_end(&removing), HW_ECANCELLED);
    assert_string_equal(listed_removed(&store), "a b ");
    assert_int_equal(removing.result.not_tried, 3);
    hw_buf_release(&removing.told);
    listed_store_release(&store);
}

/* What was added and not handed on is dropped. */
static void what_was_not_handed_on_stays(void **state) {
    (void)state;
    static const struct listed_object none[] = {{"", 0, 0}};
    struct listed_store store;
    struct removing removing = {0};
    listed_store_init(&store, "listed://", none, 0);
    removing_start(&removing);
    removing.deletion.store = &store.base;
    const struct hw_deletion_object object = {.key = "a", .size = 1};
    assert_ok(hw_deletion_add(&removing.deletion, &object, &removing.error), removing.error);
    hw_deletion_release(&removing.deletion);
    assert_int_equal(removing_end(&removing), HW_OK);
    assert_string_equal(listed_removed(&store), "");
    hw_buf_release(&removing.told);
    listed_store_release(&store);
}

static int environment_make(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_s3_go_with_one_request),
        cmocka_unit_test(named_objects_must_be_there),
        cmocka_unit_test(many_objects_are_looked_for_in_a_listing),
        cmocka_unit_test(many_objects_go_in_batches),
        cmocka_unit_test(a_stop_leaves_the_rest),
        cmocka_unit_test(what_was_not_handed_on_stays),
    };
    return cmocka_run_group_tests_name("transfer/deletion", tests, environment_make, NULL);
}
