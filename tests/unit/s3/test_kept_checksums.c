/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/kept_checksums.h"

#include "s3/multipart.h"
#include "s3/object.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/* The texts of "123456789" by CRC-64/NVME and MD5. */
#define CRC "x-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n"
#define MD5 "Content-MD5: JfnnlDI7RTiF9RgfG2JNCw==\r\n"
#define ERROR(code, message) "<Error><Code>" code "</Code><Message>" message "</Message></Error>"
#define PUT \
    { .status = 200, .headers = "ETag: \"e\"\r\n" }

static const struct {
    const char *name;
    struct http_reply first;
    struct http_reply then;
    enum hw_status want;
    size_t puts;
    enum hw_s3_checksums learnt;
    bool md5;         /* sent in the end */
    bool create_only; /* the request has a condition */
} rows[] = {
    {"a condition that is refused",
     {.status = 501, .body = ERROR("NotImplemented", "A header you provided implies functionality")},
     PUT,
     HW_ESERVER,
     1,
     HW_S3_CHECKSUMS_UNKNOWN,
     false,
     true},
    {"a condition, but the checksum is refused",
     {.status = 501, .body = ERROR("NotImplemented", "no x-amz-checksum-crc64nvme")},
     PUT,
     HW_OK,
     2,
     HW_S3_CHECKSUMS_REFUSED,
     true,
     true},
    {"kept", {.status = 200, .headers = "ETag: \"e\"\r\n" CRC}, {0}, HW_OK, 1, HW_S3_CHECKSUMS_KEPT, false},
    {"ignored", PUT, {0}, HW_OK, 1, HW_S3_CHECKSUMS_IGNORED, false},
    {"not implemented",
     {.status = 501, .body = ERROR("NotImplemented", "A header you provided implies functionality")},
     PUT,
     HW_OK,
     2,
     HW_S3_CHECKSUMS_REFUSED,
     true},
    {"an argument that is invalid",
     {.status = 400, .body = ERROR("InvalidArgument", "x-amz-checksum-crc64nvme is not supported")},
     PUT,
     HW_OK,
     2,
     HW_S3_CHECKSUMS_REFUSED,
     true},
    {"another argument",
     {.status = 400, .body = ERROR("InvalidArgument", "x-amz-acl is not supported")},
     PUT,
     HW_EFAILED,
     1,
     HW_S3_CHECKSUMS_UNKNOWN,
     false},
    {"a server error",
     {.status = 500, .body = ERROR("NotImplemented", "x-amz-checksum"), .times = -1},
     {0},
     HW_ESERVER,
     3,
     HW_S3_CHECKSUMS_UNKNOWN,
     false},
    {"refused again",
     {.status = 501, .body = ERROR("NotImplemented", "no"), .times = 2},
     PUT,
     HW_ESERVER,
     2,
     HW_S3_CHECKSUMS_UNKNOWN,
     true},
};

static void a_put_learns_what_the_service_does(void **state) {
    (void)state;
    struct hw_s3_put_params params = {
        .key = "k",
        .body = "123456789",
        .body_bytes = 9,
        .checksum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, "123456789", 9),
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script[] = {rows[i].first, rows[i].then, {.match = "HEAD ", .status = 404, .times = -1}};
        script[0].match = script[1].match = "PUT ";
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        char etag[HW_S3_ETAG_BYTES];
        struct hw_error err = HW_ERROR_INIT;
        params.create_only = rows[i].create_only;
        assert_int_equal(hw_s3_client_checksums(fixture.client), HW_S3_CHECKSUMS_UNKNOWN);
        assert_row_int(rows[i].name, hw_s3_object_put(fixture.client, &params, etag, &err), rows[i].want);
        assert_row_int(rows[i].name, http_server_count(fixture.server, "PUT "), rows[i].puts);
        assert_row_int(rows[i].name, hw_s3_client_checksums(fixture.client), rows[i].learnt);
        assert_row_says(rows[i].name, http_server_head(fixture.server, "PUT ", 0), CRC);
        const char *last = http_server_head(fixture.server, "PUT ", rows[i].puts - 1);
        assert_row_says(rows[i].name, last, rows[i].md5 ? MD5 : CRC);
        assert_row_int(rows[i].name, strstr(last, "x-amz-checksum") == NULL, rows[i].md5);
        s3_fixture_close(&fixture);
    }
}

#define CREATED "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
#define COMPLETED "<CompleteMultipartUploadResult><ETag>\"e-1\"</ETag></CompleteMultipartUploadResult>"

static void an_upload_does_without_where_they_are_refused(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "POST /bucket/k?uploads", .status = 501, .body = ERROR("NotImplemented", "")},
        {.match = "POST /bucket/k?uploads", .status = 200, .body = CREATED, .times = -1},
        {.match = "PUT /bucket/k?partNumber", .status = 200, .headers = "ETag: \"p\"\r\n"},
        {.match = "POST /bucket/k?uploadId", .status = 200, .body = COMPLETED},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_s3_upload upload = {.client = fixture.client, .key = "k"};
    struct hw_s3_call call = {0};
    struct hw_s3_part part = {.checksum = hw_checksum_of(HW_CHECKSUM_CRC64NVME, "123456789", 9)};
    const struct hw_s3_create_params create = {.checksum = HW_CHECKSUM_CRC64NVME};
    const struct hw_s3_part_params params = {
        .number = 1, .body = "123456789", .body_bytes = 9, .checksum = part.checksum};
    const struct hw_s3_upload_sum sum = {
        .parts = &part, .parts_count = 1, .object_bytes = 9, .checksum = part.checksum};
    char etag[HW_S3_ETAG_BYTES];
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes;
    assert_ok(hw_s3_upload_create(&upload, &create, &err), err);
    assert_int_equal(hw_s3_client_checksums(fixture.client), HW_S3_CHECKSUMS_REFUSED);
    assert_ok(hw_s3_upload_part_start(&upload, &call, &params, &err), err);
    assert_ok(hw_s3_upload_part_wait(&call, part.etag, &err), err);
    assert_ok(hw_s3_upload_complete(&upload, &sum, etag, &err), err);
    assert_row_says("the first", http_server_head(fixture.server, "POST /bucket/k?uploads", 0),
                    "x-amz-checksum-algorithm: CRC64NVME\r\n");
    assert_null(strstr(http_server_head(fixture.server, "POST /bucket/k?uploads", 1), "x-amz-checksum"));
    assert_row_says("the part", http_server_head(fixture.server, "PUT ", 0), MD5);
    assert_null(strstr(http_server_head(fixture.server, "PUT ", 0), "x-amz-checksum"));
    assert_null(strstr(http_server_head(fixture.server, "POST /bucket/k?uploadId", 0), "x-amz-checksum"));
    assert_null(strstr(http_server_body(fixture.server, "POST /bucket/k?uploadId", 0, &bytes), "Checksum"));
    /* The next one does without from the start. */
    assert_ok(hw_s3_upload_create(&upload, &create, &err), err);
    assert_int_equal(http_server_count(fixture.server, "POST /bucket/k?uploads"), 3);
    s3_fixture_close(&fixture);
}

static void what_weighs_more_stays(void **state) {
    (void)state;
    struct s3_fixture fixture = s3_fixture_open(NULL, 0, NULL);
    static const enum hw_s3_checksums steps[][2] = {
        {HW_S3_CHECKSUMS_IGNORED, HW_S3_CHECKSUMS_IGNORED}, {HW_S3_CHECKSUMS_KEPT, HW_S3_CHECKSUMS_KEPT},
        {HW_S3_CHECKSUMS_IGNORED, HW_S3_CHECKSUMS_KEPT},    {HW_S3_CHECKSUMS_REFUSED, HW_S3_CHECKSUMS_REFUSED},
        {HW_S3_CHECKSUMS_KEPT, HW_S3_CHECKSUMS_REFUSED},
    };
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        hw_s3_client_checksums_learn(fixture.client, steps[i][0]);
        assert_int_equal(hw_s3_client_checksums(fixture.client), steps[i][1]);
    }
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_put_learns_what_the_service_does),
        cmocka_unit_test(an_upload_does_without_where_they_are_refused),
        cmocka_unit_test(what_weighs_more_stays),
    };
    return cmocka_run_group_tests_name("s3/kept_checksums", tests, environment_set, NULL);
}
