/* SPDX-License-Identifier: Apache-2.0 */
/* The texts are those of the S3 API reference, as botocore sends them. */
#include "s3/request_write.h"

#include "s3/sse_key.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

/*
 * 0xae8b14860a799888 is the CRC-64/NVME of "123456789", rosUhgp5mIg= its base64 (CRC catalogue, and
 * S3's reference).
 */
#define CRC \
    { .kind = HW_CHECKSUM_CRC64NVME, .value = UINT64_C(0xae8b14860a799888) }
/* Checksums of no bytes. */
#define ZERO \
    { .kind = HW_CHECKSUM_CRC64NVME }

static enum hw_status build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    static struct hw_sigv4_header described[] = {{"x-amz-meta-a", "1"}, {"content-type", "text/html"}};
    static const struct hw_s3_headers headers = {.items = described, .count = 2};
    static const struct hw_s3_headers named = {.items = described, .count = 1};
    static const struct hw_s3_sse_key key = {.base64 = "a2V5", .md5 = "bWQ1"};
    switch (which) {
    case 0:
        return hw_s3_request_put(
            request, &(struct hw_s3_put_params){.key = "k", .body = "123456789", .body_bytes = 9, .checksum = CRC},
            err);
    case 1:
        return hw_s3_request_put(
            request,
            &(struct hw_s3_put_params){.key = "k", .content_type = "text/csv", .checksum = ZERO, .create_only = true},
            err);
    case 2:
        return hw_s3_request_put(
            request, &(struct hw_s3_put_params){.key = "k", .content_type = "text/csv", .headers = &headers}, err);
    case 3:
        return hw_s3_request_put(request,
                                 &(struct hw_s3_put_params){.key = "k", .headers = &named, .if_match = "\"e\""}, err);
    case 4:
        return hw_s3_request_copy(
            request, &(struct hw_s3_copy_params){.source = {.bucket = "b", .key = "a b/c+d"}, .key = "k"}, err);
    case 5:
        return hw_s3_request_copy(
            request,
            &(struct hw_s3_copy_params){
                .source = {.bucket = "b", .key = "s", .version_id = "v/=", .etag = "\"e\"", .sse_key = &key},
                .key = "k",
                .content_type = "text/csv",
                .headers = &named,
                .replaces_metadata = true,
                .replaces_tags = true,
                .checksum = HW_CHECKSUM_SHA256},
            err);
    case 6:
        return hw_s3_request_copy(request,
                                  &(struct hw_s3_copy_params){.source = {.bucket = "b", .key = "s", .etag = "\"e\""},
                                                              .key = "k",
                                                              .headers = &named,
                                                              .create_only = true},
                                  err);
    case 7:
        return hw_s3_request_put_tagging(request, "k", NULL, "a%20b=%26&c=", err);
    case 8:
        return hw_s3_request_delete(request, "k", NULL, err);
    default:
        return hw_s3_request_delete(request, "k", "v", err);
    }
}

static const struct {
    const char *operation;
    const char *text;
    enum hw_status on_precondition;
} rows[] = {
    {"PutObject", "PUT /k?\nContent-Type: application/octet-stream\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n123456789",
     HW_EFAILED},
    {"PutObject", "PUT /k?\nContent-Type: text/csv\nx-amz-checksum-crc64nvme: AAAAAAAAAAA=\nIf-None-Match: *\n",
     HW_EEXISTS},
    {"PutObject", "PUT /k?\nx-amz-meta-a: 1\ncontent-type: text/html\n", HW_EFAILED},
    {"PutObject", "PUT /k?\nContent-Type: application/octet-stream\nx-amz-meta-a: 1\nIf-Match: \"e\"\n", HW_ECHANGED},
    {"CopyObject",
     "PUT /k?\nx-amz-copy-source: b/a%20b/c%2Bd\nx-amz-metadata-directive: COPY\nx-amz-tagging-directive: COPY\n",
     HW_EFAILED},
    {"CopyObject",
     "PUT /k?\nx-amz-copy-source: b/s?versionId=v%2F%3D\nx-amz-copy-source-if-match: \"e\"\n"
     "x-amz-copy-source-server-side-encryption-customer-algorithm: AES256\n"
     "x-amz-copy-source-server-side-encryption-customer-key: a2V5\n"
     "x-amz-copy-source-server-side-encryption-customer-key-MD5: bWQ1\n"
     "x-amz-metadata-directive: REPLACE\nx-amz-tagging-directive: REPLACE\nContent-Type: text/csv\n"
     "x-amz-meta-a: 1\nx-amz-checksum-algorithm: SHA256\n",
     HW_ECHANGED},
    {"CopyObject",
     "PUT /k?\nx-amz-copy-source: b/s\nx-amz-copy-source-if-match: \"e\"\nx-amz-metadata-directive: COPY\n"
     "x-amz-tagging-directive: COPY\nx-amz-meta-a: 1\nIf-None-Match: *\n",
     HW_EEXISTS},
    /* The MD5 is that of openssl. */
    {"PutObjectTagging",
     "PUT /k?tagging=\nContent-Type: application/xml\nContent-MD5: g5IOmcMZmi7thjnPQDxRTw==\n"
     "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>a b</Key><Value>&amp;</Value></Tag>"
     "<Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>",
     HW_EFAILED},
    {"DeleteObject", "DELETE /k?\n", HW_EFAILED},
    {"DeleteObject", "DELETE /k?versionId=v\n", HW_EFAILED},
};

/* By boto3, handle_copy_source_param of botocore/handlers.py. */
static void a_source_behind_an_access_point_is_named_with_object(void **state) {
    (void)state;
    HW_AUTO(hw_s3_request) request = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_s3_copy_source source = {.bucket = "arn:aws:s3:us-west-2:123456789012:accesspoint/name",
                                             .key = "a b/c+d"};
    assert_ok(hw_s3_request_copy_source(&request, &source, &err), err);
    assert_string_equal(hw_s3_headers_find(&request.headers, "x-amz-copy-source"),
                        "arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/name/object/a%20b/c%2Bd");
}

static void requests_are_what_the_service_documents(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_s3_request) request = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(build(i, &request, &err), err);
        s3_request_text(&request, &text);
        assert_row_text(rows[i].operation, (const char *)text.data, rows[i].text);
        assert_row_text(rows[i].operation, request.rule->operation, rows[i].operation);
        assert_row_int(rows[i].operation, request.on_precondition, rows[i].on_precondition);
        assert_row_int(rows[i].operation, request.must_end, false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_what_the_service_documents),
        cmocka_unit_test(a_source_behind_an_access_point_is_named_with_object),
    };
    return cmocka_run_group_tests_name("s3/request_write", tests, NULL, NULL);
}
