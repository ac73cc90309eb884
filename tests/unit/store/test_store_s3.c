/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include <stdio.h>

#include "core/clock.h"
#include "core/buf.h"
#include "store/store_s3.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define PAGE                                                                                              \
    "<ListBucketResult><Contents><Key>dir/a b</Key><LastModified>2026-11-21T13:20:45.000Z</LastModified>" \
    "<ETag>&quot;e&quot;</ETag><Size>9</Size></Contents></ListBucketResult>"

static const struct http_reply script[] = {
    {.match = "GET /bucket?list-type=2", .times = -1, .status = 200, .body = PAGE},
    {.match = "HEAD /bucket/dir/a%20b ",
     .times = -1,
     .status = 200,
     .headers = "ETag: \"e\"\r\nContent-Length: 9\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n"},
    {.match = "GET /bucket/dir/a%20b ",
     .times = -1,
     .headers = "ETag: \"e\"\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\n",
     .status = 200,
     .body = "123456789",
     .body_bytes = 9,
     .ranged = true},
    {.match = "POST /bucket/new?uploads= ",
     .times = -1,
     .status = 200,
     .body = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"},
    {.match = "PUT /bucket/new?partNumber=", .times = -1, .status = 200, .headers = "ETag: \"p\"\r\n"},
    {.match = "POST /bucket/new?uploadId=u ",
     .times = -1,
     .status = 200,
     .body = "<CompleteMultipartUploadResult><ETag>&quot;n-2&quot;</ETag></CompleteMultipartUploadResult>"},
    {.match = "PUT /bucket/new ", .times = -1, .status = 200, .headers = "ETag: \"n\"\r\n"},
    {.match = "DELETE /bucket/", .times = -1, .status = 204},
    {.match = "/bucket/none ", .times = -1, .status = 404},
};

static enum hw_status object_note(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    return hw_buf_printf(ctx, err, "%s %" PRIu64 " %" PRId64 " %s\n", info->key, info->size, info->mtime_us,
                         info->etag);
}

/* Every op once. `part` is more than one part. Ends at the first failure. */
static enum hw_status every_op(const char *endpoint_url, hw_view part, struct hw_buf *listed, struct hw_error *err) {
    struct hw_store *store;
    struct hw_source *source;
    struct hw_sink *sink;
    struct hw_object_info info;
    char etag[128];
    char data[9];
    HW_TRY(hw_store_s3_open("bucket", &(struct hw_store_options){.endpoint_url = endpoint_url, .part_bytes = HW_MIB(5)},
                            &store, err));
    enum hw_status status = store->ops->list(store, "dir/", object_note, listed, err);
    status = status ? status : store->ops->stat(store, "dir/a b", &info, etag, err);
    status = status ? status : store->ops->remove(store, "old", err);
    if (status == HW_OK && (status = store->ops->source_open(store, "dir/a b", NULL, &source, err)) == HW_OK) {
        status = source->ops->read_at(source, 0, data, sizeof(data), err);
        source->ops->close(source);
    }
    for (size_t bytes = 3; status == HW_OK && bytes <= part.size; bytes += part.size - 3) {
        status = store->ops->sink_open(store, "new", &(struct hw_sink_options){.content_type = "text/csv"}, &sink, err);
        if (status == HW_OK) {
            status = sink->ops->write(sink, part.data, bytes, err);
            status = status ? status : sink->ops->finish(sink, err);
            sink->ops->free(sink);
        }
    }
    hw_store_close(store);
    return status;
}

static void every_op_reaches_the_service(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    HW_AUTO(hw_buf) part = {0};
    HW_AUTO(hw_buf) listed = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_resize(&part, HW_MIB(5) + 1, &err), err);
    memset(part.data, 'x', part.size);
    assert_ok(every_op(http_server_url(server), hw_buf_view(&part), &listed, &err), err);
    assert_row_bytes("listed", listed.data, listed.size, "dir/a b 9 1795267245000000 e\n", 29);
    assert_int_equal(http_server_count(server, "DELETE /bucket/old "), 1);
    assert_int_equal(http_server_count(server, "DELETE"), 1);
    assert_row_says("type", http_server_head(server, "PUT /bucket/new ", 0), "Content-Type: text/csv\r\n");
    assert_int_equal(http_server_count(server, "partNumber="), 2);
    http_server_stop(server);
}

/* One PUT, an upload in parts, and the trial of an upload all describe the object. */
static void what_is_to_be_kept_goes_into_each_way_to_write(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    const struct hw_store_options store_options = {.endpoint_url = http_server_url(server), .part_bytes = HW_MIB(5)};
    const struct hw_write_options write = {
        .content_type = "x/y", .storage_class = "STANDARD_IA", .checksum = HW_CHECKSUM_SHA256};
    const struct hw_sink_options options = {.content_type = "text/csv", .write = &write, .proven = true};
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) part = {0};
    assert_ok(hw_buf_resize(&part, HW_MIB(5) + 1, &err), err);
    memset(part.data, 'x', part.size);
    assert_ok(hw_store_s3_open("bucket", &store_options, &store, &err), err);
    for (size_t bytes = 3; bytes <= part.size; bytes += part.size - 3) {
        struct hw_sink *sink = NULL;
        assert_ok(store->ops->sink_open(store, "new", &options, &sink, &err), err);
        assert_ok(sink->ops->write(sink, part.data, bytes, &err), err);
        assert_ok(sink->ops->finish(sink, &err), err);
        sink->ops->free(sink);
    }
    static const struct {
        const char *request;
        const char *checksum;
    } requests[] = {
        {"POST /bucket/new?uploads", "x-amz-checksum-algorithm: SHA256\r\n"},
        {"PUT /bucket/new ", "x-amz-checksum-sha256: "},
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        const char *head = http_server_head(server, requests[i].request, 0);
        assert_row_says(requests[i].request, head, "Content-Type: x/y\r\n");
        assert_row_says(requests[i].request, head, "x-amz-storage-class: STANDARD_IA\r\n");
        assert_row_says(requests[i].request, head, requests[i].checksum);
        assert_null(strstr(head, "text/csv"));
    }
    const struct hw_write_options wrong = {.acl = "a\n"};
    struct hw_sink *sink = NULL;
    assert_int_equal(store->ops->sink_open(store, "new", &(struct hw_sink_options){.write = &wrong}, &sink, &err),
                     HW_EUSAGE);
    assert_null(sink);
    hw_store_close(store);
    http_server_stop(server);
}

static void facts_are_those_of_the_object(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_store *store = NULL;
    struct hw_source *source = NULL;
    struct hw_sink *sink = NULL;
    struct hw_object_info info;
    struct hw_error err = HW_ERROR_INIT;
    char etag[128];
    assert_ok(
        hw_store_s3_open("bucket", &(struct hw_store_options){.endpoint_url = http_server_url(server)}, &store, &err),
        err);
    assert_string_equal(store->root, "s3://bucket/");
    assert_true(store->remote);
    assert_ok(store->ops->stat(store, "dir/a b", &info, etag, &err), err);
    assert_int_equal(info.size, 9);
    assert_int_equal(info.mtime_us, 1795267245000000);
    assert_string_equal(info.etag, "e");
    assert_int_equal(store->ops->stat(store, "none", &info, etag, &err), HW_ENOTFOUND);
    assert_string_equal(err.object, "s3://bucket/none");

    assert_ok(store->ops->source_open(store, "dir/a b", NULL, &source, &err), err);
    assert_string_equal(source->name, "s3://bucket/dir/a b");
    assert_string_equal(source->etag, "e");
    assert_int_equal(source->size, 9);
    assert_int_equal(source->mtime_us, 1795267245000000);
    assert_true(source->remote);
    source->ops->close(source);
    assert_int_equal(store->ops->source_open(store, "none", NULL, &source, &err), HW_ENOTFOUND);

    assert_ok(store->ops->sink_open(store, "new", NULL, &sink, &err), err);
    assert_ok(sink->ops->write(sink, "abc", 3, &err), err);
    assert_int_equal(sink->written, 3);
    assert_ok(sink->ops->finish(sink, &err), err);
    assert_string_equal(sink->etag, "n");
    sink->ops->free(sink);
    hw_store_close(store);
    http_server_stop(server);
}

/*
 * 123456789 in parts of five bytes, so that its checksum is told by HEAD alone; Python's zlib.crc32
 * made the other.
 */
static const struct {
    const char *name;
    const char *head; /* headers of HEAD beside the ETag */
    const char *body;
    enum hw_status want;
    const char *says;
} wholes[] = {
    {"as it is", "x-amz-checksum-crc32: y/Q5Jg==\r\n", "123456789", HW_OK, ""},
    {"without a checksum", "", "123456789", HW_OK, ""},
    {"a bit flipped behind the first part", "x-amz-checksum-crc32: y/Q5Jg==\r\n", "123456788", HW_ECHECKSUM,
     "what was read has the crc32 vPMJsA==, the store has y/Q5Jg=="},
    {"the page of a proxy", "", "<html></html>", HW_EPROTOCOL, "it is not this object"},
};

static void what_is_read_whole_is_proved(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wholes); i++) {
        char head[256];
        snprintf(head, sizeof(head), "ETag: \"e\"\r\nContent-Length: 9\r\n%s", wholes[i].head);
        const struct http_reply replies[] = {
            {.match = "HEAD ", .times = -1, .status = 200, .headers = head},
            {.times = -1,
             .status = 200,
             .headers = "ETag: \"e\"\r\n",
             .body = wholes[i].body,
             .body_bytes = strlen(wholes[i].body),
             .ranged = true},
        };
        struct http_server *server = http_server_start(replies, COUNT_OF(replies));
        const struct hw_store_options options = {.endpoint_url = http_server_url(server), .part_bytes = 5};
        struct hw_store *store = NULL;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) bytes = {0};
        assert_ok(hw_store_s3_open("bucket", &options, &store, &err), err);
        assert_row_int(wholes[i].name, hw_store_read_all(store, "k", 100, &bytes, &err), wholes[i].want);
        assert_row_says(wholes[i].name, err.message, wholes[i].says);
        hw_store_close(store);
        http_server_stop(server);
    }
}

static void wrong_settings_are_told_at_once(void **state) {
    (void)state;
    struct hw_store *store = NULL;
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(
        hw_store_s3_open("bucket", &(struct hw_store_options){.part_bytes = HW_MIB(5120) + 1}, &store, &err),
        HW_ECONFIG);
    assert_row_says("part", err.message, "parts of 5368709121 bytes are larger than the 5368709120 that S3 allows");
    assert_int_equal(hw_store_s3_open("bucket", &(struct hw_store_options){.endpoint_url = "ftp://x"}, &store, &err),
                     HW_ECONFIG);
    assert_null(store);
}

static int64_t real_us(void *ctx) {
    struct timespec now;
    clock_gettime(*(const clockid_t *)ctx, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The service takes every abort: it is repeated, after pauses that nobody here need wait for. */
static void no_sleep(void *ctx, int64_t ms) {
    (void)ctx;
    (void)ms;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    clockid_t clock = CLOCK_REALTIME;
    hw_clock_set(&(struct hw_clock){real_us, real_us, no_sleep, &clock});
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    HW_AUTO(hw_buf) part = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t failed = 0;
    bool fired = true;
    assert_ok(hw_buf_resize(&part, HW_MIB(5) + 1, &err), err);
    memset(part.data, 'x', part.size);
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_buf listed = {0};
        err = (struct hw_error)HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = every_op(http_server_url(server), hw_buf_view(&part), &listed, &err);
        hw_buf_release(&listed);
        fired = alloc_fault_end(&fault);
        failed += status != HW_OK;
        if (status != HW_OK && status != HW_ENOMEM) {
            fail_msg("allocation %zu: %s: %s", successes, hw_status_name(status), err.message);
        }
        assert_true(fired || status == HW_OK);
    }
    assert_in_range(failed, 50, 2000);
    hw_clock_set(NULL);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_to_be_kept_goes_into_each_way_to_write),
        cmocka_unit_test(every_op_reaches_the_service),
        cmocka_unit_test(facts_are_those_of_the_object),
        cmocka_unit_test(what_is_read_whole_is_proved),
        cmocka_unit_test(wrong_settings_are_told_at_once),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("store/store_s3", tests, environment_set, NULL);
}
