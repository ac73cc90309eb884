/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer/object.h"

#include "support/alloc_fault.h"
#include "support/s3_fixture.h"
#include "unit/transfer/copy_desk.h"

static struct fake_version version_of(const char *text, const char *etag, int64_t mtime_us) {
    return (struct fake_version){.bytes = {text, strlen(text)}, .etag = etag, .mtime_us = mtime_us};
}

/* ------ moving */

/* Another version takes the place of the source once its copy is about to be published. */
struct change {
    struct fake_store *source;
    const struct fake_version *version; /* NULL bytes: the source stays as it is */
};

static void source_change(void *ctx, enum fake_call call) {
    struct change *change = ctx;
    if (call == FAKE_FINISH && change->version->bytes.data) {
        change->source->version = *change->version;
    }
}

static void a_source_goes_only_after_its_copy_is_there(void **state) {
    (void)state;
    const struct {
        const char *name;
        struct fake_fault source, target;
        struct fake_version first, then;
        enum hw_status want;
        bool copied;
        int removes; /* that were asked for */
    } rows[] = {
        {"moved", {0}, {0}, version_of("abc", "e", 5), {{0}}, HW_OK, true, 1},
        {"moved without an ETag", {0}, {0}, version_of("abc", "", 5), {{0}}, HW_OK, true, 1},
        {"other bytes meanwhile", {0}, {0}, version_of("abc", "e", 5), version_of("xyz", "f", 5), HW_ECHANGED, true, 0},
        {"longer meanwhile", {0}, {0}, version_of("abc", "e", 5), version_of("abcd", "e", 5), HW_ECHANGED, true, 0},
        {"shorter meanwhile", {0}, {0}, version_of("abc", "", 5), version_of("ab", "", 5), HW_ECHANGED, true, 0},
        {"later meanwhile", {0}, {0}, version_of("abc", "", 5), version_of("xyz", "", 6), HW_ECHANGED, true, 0},
        {"not read", {FAKE_READ, 1, 1, HW_EIO}, {0}, version_of("abc", "e", 5), {{0}}, HW_EIO, false, 0},
        {"not written", {0}, {FAKE_WRITE, 1, 1, HW_EIO}, version_of("abc", "e", 5), {{0}}, HW_EIO, false, 0},
        {"not published", {0}, {FAKE_FINISH, 1, 1, HW_ESERVER}, version_of("abc", "e", 5), {{0}}, HW_ESERVER, false, 0},
        {"not looked at again",
         {FAKE_STAT, 1, 1, HW_ENETWORK},
         {0},
         version_of("abc", "e", 5),
         {{0}},
         HW_ENETWORK,
         true,
         0},
        {"not removed", {FAKE_REMOVE, 1, 1, HW_EAUTH}, {0}, version_of("abc", "e", 5), {{0}}, HW_EAUTH, true, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct fake_store target;
        desk_open(&desk);
        fake_store_init(&target, "goal://");
        struct change change = {&desk.fake, &rows[i].then};
        target.hook = source_change;
        target.hook_ctx = &change;
        target.fault = rows[i].target;
        desk.fake.fault = rows[i].source;
        desk.fake.version = rows[i].first;
        desk_target_take(&desk, &target);
        desk.options.move = true;
        assert_row_int(rows[i].name, desk_copy(&desk, (const char *const[]){"fake://k", NULL}, "goal://t"),
                       rows[i].want);
        assert_row_int(rows[i].name, target.published != NULL, rows[i].copied);
        assert_row_int(rows[i].name, desk.fake.calls[FAKE_REMOVE], rows[i].removes);
        assert_row_int(rows[i].name, desk.result.done, rows[i].want == HW_OK);
        assert_row_int(rows[i].name, desk.result.failed, rows[i].want != HW_OK);
        assert_row_says(rows[i].name, desk_told(&desk), rows[i].want ? "mv fake://k -> goal://t failed" : "done 3");
        desk_target_drop(&desk, &target);
        desk_close(&desk);
    }
}

/* ------ S3 */

/* The ETag is the MD5 of "abc" (RFC 1321, A.5), which proves the bytes. */
#define MD5_OF_ABC "\"900150983cd24fb0d6963f7d28e17f72\""
#define S3_GET \
    { .match = "GET /bucket/k ", .status = 200, .headers = "ETag: " MD5_OF_ABC "\r\n", .body = "abc", .times = -1 }

static const struct {
    const char *name;
    struct http_reply head;
    struct http_reply remove;
    enum hw_status want;
    size_t removes;
} s3_moves[] = {
    {"the same version",
     {.status = 200, .headers = "ETag: " MD5_OF_ABC "\r\nContent-Length: 3\r\n"},
     {.status = 204},
     HW_OK,
     1},
    {"another version",
     {.status = 200, .headers = "ETag: \"f\"\r\nContent-Length: 3\r\n"},
     {.status = 204},
     HW_ECHANGED,
     0},
    {"another size",
     {.status = 200, .headers = "ETag: " MD5_OF_ABC "\r\nContent-Length: 4\r\n"},
     {.status = 204},
     HW_ECHANGED,
     0},
    {"not to be removed",
     {.status = 200, .headers = "ETag: " MD5_OF_ABC "\r\nContent-Length: 3\r\n"},
     {.status = 403, .times = -1},
     HW_EAUTH,
     1},
};

static void an_object_of_s3_goes_if_it_is_the_one_that_was_read(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(s3_moves); i++) {
        struct http_reply script[] = {S3_GET, s3_moves[i].head, s3_moves[i].remove};
        struct desk desk;
        const void *data;
        size_t bytes;
        script[1].match = "HEAD /bucket/k ";
        script[1].times = -1;
        script[2].match = "DELETE /bucket/k ";
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        desk_open(&desk);
        desk.options.source_store.endpoint_url = http_server_url(server);
        desk.options.move = true;
        assert_row_int(s3_moves[i].name, desk_copy(&desk, (const char *const[]){"s3://bucket/k", NULL}, "to://t"),
                       s3_moves[i].want);
        assert_row_int(s3_moves[i].name, http_server_count(server, "DELETE "), s3_moves[i].removes);
        assert_ok(hw_memory_store_get(desk.stores[1], "t", &data, &bytes, &desk.error), desk.error);
        assert_row_bytes(s3_moves[i].name, data, bytes, "abc", 3);
        desk_close(&desk);
        http_server_stop(server);
    }
}

/* ------ from bucket to bucket, through this process */

static const struct {
    const char *name;
    /* The reply to HEAD, and what the caller has said. */
    const char *head;
    const char *content_type;
    enum hw_status want;
    /* What stands in the head of the PUT. */
    const char *says[3];
} throughs[] = {
    {"as the source is described",
     "ETag: " MD5_OF_ABC
     "\r\nContent-Length: 3\r\nContent-Type: text/x\r\nCache-Control: max-age=7\r\nx-amz-meta-a: b c\r\n",
     NULL,
     HW_OK,
     {"Content-Type: text/x", "Cache-Control: max-age=7", "x-amz-meta-a: b c"}},
    {"as the caller says",
     "ETag: " MD5_OF_ABC "\r\nContent-Length: 3\r\nContent-Type: text/x\r\nCache-Control: max-age=7\r\n",
     "text/y",
     HW_OK,
     {"Content-Type: text/y", "Cache-Control: max-age=7", ""}},
    {"a part of the description is kept back",
     "ETag: " MD5_OF_ABC "\r\nContent-Length: 3\r\nx-amz-missing-meta: 1\r\n",
     NULL,
     HW_EUNSUPPORTED,
     {"", "", ""}},
};

static void what_describes_an_object_goes_along(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(throughs); i++) {
        const struct http_reply script[] = {
            S3_GET,
            {.match = "HEAD /bucket/k ", .times = -1, .status = 200, .headers = throughs[i].head},
            {.match = "PUT /bucket/t", .times = -1, .status = 200, .headers = "ETag: \"g\"\r\n"},
        };
        const struct hw_write_options write = {.size = sizeof(write), .content_type = throughs[i].content_type};
        struct desk desk;
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        desk_open(&desk);
        desk.options.source_store.endpoint_url = http_server_url(server);
        desk.options.target_store.endpoint_url = http_server_url(server);
        desk.options.mode = HW_TRANSFER_TRADITIONAL;
        desk.options.write = &write;
        assert_row_int(throughs[i].name,
                       desk_copy(&desk, (const char *const[]){"s3://bucket/k", NULL}, "s3://bucket/t.csv"),
                       throughs[i].want);
        const char *head = http_server_head(server, "PUT /bucket/t", 0);
        assert_row_int(throughs[i].name, head != NULL, throughs[i].want == HW_OK);
        for (size_t k = 0; head && k < COUNT_OF(throughs[i].says); k++) {
            assert_row_says(throughs[i].name, head, throughs[i].says[k]);
        }
        desk_close(&desk);
        http_server_stop(server);
    }
}

/* ------ what is not there */

#define NO_KEY "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"
#define LIST(contents)                                                                                           \
    "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name><Prefix>k/</Prefix>" \
    "<IsTruncated>false</IsTruncated>" contents "</ListBucketResult>"
#define BELOW "<Contents><Key>k/x</Key><Size>1</Size><ETag>\"e\"</ETag></Contents>"

static void a_name_of_a_folder_is_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *listing;
        const char *says;
        const char *target;
    } rows[] = {
        {"a folder", LIST(BELOW), "there are objects below it", "to://t"},
        {"no folder", LIST(""), "no object has this name", "to://t"},
        {"a folder that the service would copy", LIST(BELOW), "there are objects below it", "s3://bucket/t"},
        {"no folder that the service would copy", LIST(""), "no object has this name", "s3://bucket/t"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            {.match = "GET /bucket/k ", .times = -1, .status = 404, .body = NO_KEY},
            {.match = "HEAD /bucket/k ", .times = -1, .status = 404},
            {.match = "list-type=2", .status = 200, .body = rows[i].listing},
        };
        struct desk desk;
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        desk_open(&desk);
        desk.options.source_store.endpoint_url = http_server_url(server);
        desk.options.target_store.endpoint_url = http_server_url(server);
        assert_row_int(rows[i].name, desk_copy(&desk, (const char *const[]){"s3://bucket/k", NULL}, rows[i].target),
                       HW_ENOTFOUND);
        assert_row_says(rows[i].name, desk.error.message, rows[i].says);
        desk_close(&desk);
        http_server_stop(server);
    }
}

/* ------ what is there already */

static void what_is_there_is_looked_at(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool no_clobber, if_size_differs, if_source_newer, dry_run;
        struct fake_fault source, target;
        int64_t source_mtime_us; /* that of the target is 5 */
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"kept", true, false, false, false, {0}, {0}, 9, HW_OK, "skipped"},
        {"kept in a dry run", true, false, false, true, {0}, {0}, 9, HW_OK, "skipped"},
        {"nothing there", true, false, false, false, {0}, {FAKE_STAT, 1, 1, HW_ENOTFOUND}, 9, HW_OK, "done 3"},
        {"planned", true, false, false, true, {0}, {FAKE_STAT, 1, 1, HW_ENOTFOUND}, 9, HW_OK, "planned"},
        {"not to be looked at", true, false, false, false, {0}, {FAKE_STAT, 1, 1, HW_EAUTH}, 9, HW_EAUTH, "failed"},
        {"newer", false, false, true, false, {0}, {0}, 6, HW_OK, "done 3"},
        {"as new", false, false, true, false, {0}, {0}, 5, HW_OK, "skipped"},
        {"older", false, false, true, false, {0}, {0}, 4, HW_OK, "skipped"},
        {"older, of the same size", false, true, true, false, {0}, {0}, 4, HW_OK, "skipped"},
        {"newer, of the same size", false, true, true, false, {0}, {0}, 6, HW_OK, "done 3"},
        {"the source cannot be looked at",
         false,
         true,
         false,
         false,
         {FAKE_STAT, 1, 1, HW_ENETWORK},
         {0},
         4,
         HW_ENETWORK,
         "failed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk desk;
        struct fake_store target;
        desk_open(&desk);
        fake_store_init(&target, "goal://");
        target.version = version_of("old", "o", 5);
        target.fault = rows[i].target;
        desk.fake.fault = rows[i].source;
        desk.fake.version = version_of("new", "e", rows[i].source_mtime_us);
        desk_target_take(&desk, &target);
        desk.options.no_clobber = rows[i].no_clobber;
        desk.options.if_size_differs = rows[i].if_size_differs;
        desk.options.if_source_newer = rows[i].if_source_newer;
        desk.options.dry_run = rows[i].dry_run;
        assert_row_int(rows[i].name, desk_copy(&desk, (const char *const[]){"fake://k", NULL}, "goal://t.csv"),
                       rows[i].want);
        assert_row_says(rows[i].name, desk_told(&desk), rows[i].says);
        const bool done = strncmp(rows[i].says, "done", 4) == 0;
        assert_row_int(rows[i].name, target.published != NULL, done);
        if (done) {
            assert_row_text(rows[i].name, target.sink_options.content_type, "text/csv");
            assert_row_int(rows[i].name, target.sink_options.create_only, rows[i].no_clobber);
        }
        desk_target_drop(&desk, &target);
        desk_close(&desk);
    }
}

static enum hw_status none_there(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                 char out_etag[HW_ETAG_BYTES], struct hw_error *err) {
    (void)store, (void)key, (void)out_info, (void)out_etag;
    return hw_fail(err, HW_ENOTFOUND, "nothing is there");
}

/* An object that comes there after the look at it is left as it is, where that was asked for. */
static void a_target_that_comes_meanwhile_stays(void **state) {
    (void)state;
    for (int no_clobber = 0; no_clobber < 2; no_clobber++) {
        struct desk desk;
        struct fake_store target;
        desk_open(&desk);
        fake_store_init(&target, "goal://");
        /* The look finds nothing, the end of the sink meets an object. */
        target.fault = (struct fake_fault){FAKE_FINISH, 1, 1, HW_EEXISTS};
        target.base.ops = &(const struct hw_store_ops){
            .size = sizeof(struct hw_store_ops), .stat = none_there, .sink_open = fake_sink_open};
        desk.fake.version = version_of("new", "e", 1);
        desk_target_take(&desk, &target);
        desk.options.no_clobber = no_clobber;
        desk.options.move = true;
        assert_int_equal(desk_copy(&desk, (const char *const[]){"fake://k", NULL}, "goal://t"),
                         no_clobber ? HW_OK : HW_EEXISTS);
        assert_int_equal(desk.result.skipped, no_clobber);
        assert_int_equal(desk.fake.calls[FAKE_REMOVE], 0);
        desk_target_drop(&desk, &target);
        desk_close(&desk);
    }
}

/* ------ memory */

/* Whichever allocation fails, the bytes are at the source, or at the target, or at both. */
static void want_of_memory_loses_nothing(void **state) {
    (void)state;
    static const char bytes[] = "0123456789abcdef0123456789abcdef!";
    enum hw_status status = HW_ENOMEM;
    size_t allowed = 0;
    size_t failures = 0;
    for (; allowed < 400 && (status || failures < 3); allowed++) {
        struct hw_store *stores[2] = {NULL, NULL};
        struct alloc_fault fault;
        alloc_fault_begin(&fault, allowed);
        status = hw_memory_store_new("mem://", NULL, &stores[0], NULL);
        status = status ? status : hw_memory_store_new("to://", NULL, &stores[1], NULL);
        status = status ? status : hw_memory_store_lend(stores[0], "k", bytes, sizeof(bytes) - 1, NULL);
        const bool began = status == HW_OK;
        const struct hw_store_options store = {.stores = stores, .stores_count = 2, .connections_max = 2};
        const struct hw_transfer_options options = {.size = sizeof(options),
                                                    .source_store = store,
                                                    .target_store = store,
                                                    .part_bytes = 8,
                                                    .memory_bytes = 64,
                                                    .move = true};
        const char *source = "mem://k";
        status = status ? status : hw_copy(&source, 1, "to://t", &options, NULL, NULL);
        if (began) {
            const void *data;
            size_t got;
            const bool left = hw_memory_store_get(stores[0], "k", &data, &got, NULL) == HW_OK;
            const bool there = hw_memory_store_get(stores[1], "t", &data, &got, NULL) == HW_OK;
            assert_true(left || there);
            assert_true(status != HW_OK || (there && !left));
            if (there) {
                assert_int_equal(got, sizeof(bytes) - 1);
                assert_memory_equal(data, bytes, got);
            }
        }
        hw_memory_store_free(stores[0]);
        hw_memory_store_free(stores[1]);
        failures += !alloc_fault_end(&fault);
    }
    assert_int_equal(status, HW_OK);
    assert_true(allowed > 20);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_goes_only_after_its_copy_is_there),
        cmocka_unit_test(an_object_of_s3_goes_if_it_is_the_one_that_was_read),
        cmocka_unit_test(what_describes_an_object_goes_along),
        cmocka_unit_test(a_name_of_a_folder_is_told),
        cmocka_unit_test(what_is_there_is_looked_at),
        cmocka_unit_test(a_target_that_comes_meanwhile_stays),
        cmocka_unit_test(want_of_memory_loses_nothing),
    };
    return cmocka_run_group_tests_name("transfer/object", tests, environment_set, NULL);
}
