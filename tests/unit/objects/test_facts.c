/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/memory.h>
#include <hawser/objects.h>

#include "core/buf.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

#define COMMON "Content-Length: 9\r\nLast-Modified: Thu, 01 Jan 1970 00:00:05 GMT\r\n"
#define ERROR_BODY(code) "<Error><Code>" code "</Code></Error>"

static const struct http_reply script[] = {
    {.match = "HEAD /bucket/full ",
     .times = -1,
     .status = 200,
     .headers = COMMON "ETag: \"e\"\r\nContent-Type: text/csv\r\nContent-Encoding: gzip\r\nCache-Control: no-cache\r\n"
                       "x-amz-storage-class: GLACIER_IR\r\nx-amz-server-side-encryption: AES256\r\n"
                       "x-amz-version-id: v1\r\nx-amz-meta-owner: me\r\nx-amz-meta-x: y z\r\n"
                       "x-amz-checksum-crc64nvme: rosUhgp5mIg=\r\nx-amz-checksum-type: FULL_OBJECT\r\n"},
    {.match = "HEAD /bucket/bare ", .times = -1, .status = 200, .headers = COMMON "ETag: \"e-2\"\r\n"},
    {.match = "HEAD /bucket/parts ",
     .times = -1,
     .status = 200,
     .headers = COMMON "ETag: \"e-2\"\r\nx-amz-checksum-crc32: y/Q5Jg==-2\r\nx-amz-checksum-type: COMPOSITE\r\n"},
    {.match = "HEAD /bucket/odd ",
     .times = -1,
     .status = 200,
     .headers = COMMON "ETag: \"e\"\r\nx-amz-meta-a\"b: 1\r\n"},
    {.match = "HEAD /bucket/bare?versionId=v%2F1 ", .times = -1, .status = 200, .headers = COMMON "ETag: \"old\"\r\n"},
    {.match = "HEAD /bucket/none?versionId=v%2F1 ", .times = -1, .status = 404},
    {.match = "HEAD /bucket/none ", .times = -1, .status = 404},
    {.match = "GET /bucket/none ", .times = -1, .status = 404, .body = ERROR_BODY("NoSuchKey")},
    {.match = "HEAD /bucket/secret ", .times = -1, .status = 403},
    {.match = "GET /bucket/secret ", .times = -1, .status = 403, .body = ERROR_BODY("AccessDenied")},
    {.match = "GET /bucket?list-type=2&encoding-type=url&prefix=p ",
     .times = -1,
     .status = 200,
     .body = "<ListBucketResult><Contents><Key>parts</Key><Size>9</Size></Contents></ListBucketResult>"},
    {.match = "GET /bucket?list-type=2", .times = -1, .status = 200, .body = "<ListBucketResult/>"},
};

static const char *text_of(const char *text) {
    return text ? text : "-";
}

static enum hw_status facts_note(void *ctx, const struct hw_object_facts *facts, struct hw_error *err) {
    HW_TRY(hw_buf_printf(ctx, err, "%s %d %d %s %s %s %s %s %s %s %d%s", facts->path, (int)facts->bytes,
                         facts->mtime_us == 5000000, facts->etag, text_of(facts->content_type),
                         text_of(facts->content_encoding), text_of(facts->cache_control), text_of(facts->storage_class),
                         text_of(facts->encryption), text_of(facts->version_id), (int)facts->checksum,
                         facts->checksum_text));
    for (size_t i = 0; i < facts->metadata_count; i++) {
        HW_TRY(hw_buf_printf(ctx, err, " %s=%s", facts->metadata[i].name, facts->metadata[i].value));
    }
    return hw_buf_append_text(ctx, ";", err);
}

static const struct {
    const char *path;
    enum hw_status want;
    const char *facts;
    const char *says;
    const char *version_id;
} rows[] = {
    {"s3://bucket/full", HW_OK,
     "s3://bucket/full 9 1 e text/csv gzip no-cache GLACIER_IR AES256 v1 1rosUhgp5mIg= owner=me x=y z;", ""},
    {"s3://bucket/bare", HW_OK, "s3://bucket/bare 9 1 e-2 - - - - - - 0;", ""},
    {"s3://bucket/parts", HW_OK, "s3://bucket/parts 9 1 e-2 - - - - - - 3y/Q5Jg==-2;", ""},
    {"s3://bucket/p*", HW_OK, "s3://bucket/parts 9 1 e-2 - - - - - - 3y/Q5Jg==-2;", ""},
    {"s3://bucket/odd", HW_EPROTOCOL, "", "\"a\\\"b\" is no name of metadata"},
    {"s3://bucket/none", HW_ENOTFOUND, "", "no object has this name"},
    {"s3://bucket/secret", HW_EAUTH, "", "refused"},
    {"s3://bucket/x*", HW_ENOTFOUND, "", "nothing matches"},
    {"s3://bucket/bare", HW_OK, "s3://bucket/bare 9 1 old - - - - - - 0;", "", "v/1"},
    {"s3://bucket/none", HW_ENOTFOUND, "", "", "v/1"},
    {"s3://bucket/p*", HW_EUSAGE, "", "a version is that of one object", "v/1"},
    {"mem://x", HW_EUSAGE, "", "a version is that of one object", "v/1"},
    {"mem://a", HW_OK, "", ""},
    {"mem://x", HW_ENOTFOUND, "", ""},
    {"", HW_EUSAGE, "", "a store path is empty"},
};

static void facts_are_those_of_the_store(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    struct hw_error err = HW_ERROR_INIT;
    struct hw_store *memory;
    assert_ok(hw_memory_store_new("mem://", NULL, &memory, &err), err);
    assert_ok(hw_memory_store_put(memory, "a", "123", 3, &err), err);
    struct hw_objects_options options = {
        .size = sizeof(options),
        .store = {.endpoint_url = http_server_url(server), .stores = &memory, .stores_count = 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) facts = {0};
        struct hw_error fault = HW_ERROR_INIT;
        options.version_id = rows[i].version_id;
        assert_row_int(rows[i].path, hw_objects_facts(rows[i].path, &options, facts_note, &facts, &fault),
                       rows[i].want);
        assert_row_says(rows[i].path, fault.message, rows[i].says);
        if (hw_view_starts(hw_view_of(rows[i].path), HW_VIEW("mem://a"))) {
            const hw_view got = hw_buf_view(&facts);
            assert_true(hw_view_starts(got, HW_VIEW("mem://a 3 0 ")) && hw_view_ends(got, HW_VIEW(" - - - - - - 0;")));
            continue;
        }
        assert_row_bytes(rows[i].path, facts.data, facts.size, rows[i].facts, strlen(rows[i].facts));
    }
    hw_memory_store_free(memory);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(facts_are_those_of_the_store)};
    return cmocka_run_group_tests_name("objects/facts", tests, environment_set, NULL);
}
