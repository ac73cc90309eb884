/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that go from bucket to bucket: by the service itself, or through this process. */
#include <hawser/transfer.h>

#include <stdio.h>

#include "support/rows.h"
#include "support/s3_fixture.h"

/* The CRC-64/NVME of "123456789". */
#define CRC "rosUhgp5mIg="
#define FACTS "ETag: \"v1\"\r\nx-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-crc64nvme: " CRC "\r\n"
#define COPIED "<CopyObjectResult><ETag>\"c\"</ETag><ChecksumCRC64NVME>" CRC "</ChecksumCRC64NVME></CopyObjectResult>"

/* What was told. */
struct telling {
    struct hw_transfer_object object;
    char warnings[2000];
};

static void object_tell(void *ctx, const struct hw_transfer_object *object) {
    ((struct telling *)ctx)->object = *object;
}

static void warning_tell(void *ctx, const struct hw_error *warning) {
    struct telling *telling = ctx;
    const size_t used = strlen(telling->warnings);
    snprintf(telling->warnings + used, sizeof(telling->warnings) - used, "%s\n", warning->message);
}

static const struct {
    const char *name;
    struct http_reply copy; /* of the request to copy; a status of 0: none is sent */
    enum hw_transfer_mode mode;
    enum hw_status want;
    enum hw_transfer_way way;
    bool warned;
} rows[] = {
    {"copied", {.match = "PUT ", .status = 200, .body = COPIED}, HW_TRANSFER_AUTO, HW_OK, HW_TRANSFER_ON_SERVER, false},
    {"refused",
     {.match = "PUT ", .status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_TRANSFER_AUTO,
     HW_OK,
     HW_TRANSFER_THROUGH,
     true},
    {"not implemented",
     {.match = "PUT ", .status = 501, .body = "<Error><Code>NotImplemented</Code></Error>"},
     HW_TRANSFER_AUTO,
     HW_OK,
     HW_TRANSFER_THROUGH,
     true},
    {"not allowed",
     {.match = "PUT ", .status = 405, .body = "<Error><Code>MethodNotAllowed</Code></Error>"},
     HW_TRANSFER_HYBRID,
     HW_OK,
     HW_TRANSFER_THROUGH,
     true},
    {"refused, and nothing else is asked for",
     {.match = "PUT ", .status = 403, .times = -1, .body = "<Error><Code>AccessDenied</Code></Error>"},
     HW_TRANSFER_DIRECT,
     HW_EAUTH,
     HW_TRANSFER_THROUGH,
     false},
    {"not asked for", {.match = "no request"}, HW_TRANSFER_TRADITIONAL, HW_OK, HW_TRANSFER_THROUGH, false},
    {"refused keys are those of both ways",
     {.match = "PUT ", .status = 403, .times = -1, .body = "<Error><Code>InvalidAccessKeyId</Code></Error>"},
     HW_TRANSFER_AUTO,
     HW_EAUTH,
     HW_TRANSFER_THROUGH,
     false},
};

static void objects_go_through_where_a_service_does_not_copy(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply script[] = {
            {.match = "HEAD /bucket/t", .status = 404, .times = -1},
            {.match = "HEAD /bucket/s", .status = 200, .headers = FACTS "Content-Length: 9\r\n", .times = -1},
            rows[i].copy,
            {.match = "GET /bucket/s", .status = 200, .headers = FACTS, .body = "123456789", .times = -1},
            {.match = "PUT ", .status = 200, .headers = "ETag: \"t\"\r\n"}};
        struct http_server *server = http_server_start(script, COUNT_OF(script));
        struct telling telling = {0};
        const struct hw_store_options store = {.endpoint_url = http_server_url(server), .retry_for_ms = 300};
        const struct hw_transfer_options options = {.size = sizeof(options),
                                                    .source_store = store,
                                                    .target_store = store,
                                                    .memory_bytes = HW_MIB(4),
                                                    .mode = rows[i].mode,
                                                    .ctx = &telling,
                                                    .on_object = object_tell,
                                                    .on_warning = warning_tell};
        static const char *const source = "s3://bucket/s";
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_copy(&source, 1, "s3://bucket/t", &options, NULL, &err), rows[i].want);
        assert_row_int(rows[i].name, telling.object.outcome, rows[i].want ? HW_TRANSFER_FAILED : HW_TRANSFER_DONE);
        assert_row_int(rows[i].name, telling.object.way, rows[i].way);
        const bool told = strstr(telling.warnings, "so objects go through this machine") != NULL;
        assert_row_int(rows[i].name, told, rows[i].warned);
        if (rows[i].want == HW_OK && rows[i].way == HW_TRANSFER_THROUGH) {
            size_t bytes;
            const size_t last = http_server_count(server, "PUT ") - 1;
            const char *body = http_server_body(server, "PUT ", last, &bytes);
            assert_row_bytes(rows[i].name, body, bytes, "123456789", 9);
        }
        http_server_stop(server);
    }
}

static int environment_make(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_go_through_where_a_service_does_not_copy),
    };
    return cmocka_run_group_tests_name("transfer/object_copies", tests, environment_make, NULL);
}
