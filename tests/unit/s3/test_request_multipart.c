/* SPDX-License-Identifier: Apache-2.0 */
/* The texts are those of the S3 API reference, as botocore sends them. */
#include "s3/request_multipart.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

/* The CRC-64/NVME of "123456789", as in test_request_write.c. */
#define CRC \
    { .kind = HW_CHECKSUM_CRC64NVME, .value = UINT64_C(0xae8b14860a799888) }

static enum hw_status complete_build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    static const struct hw_s3_part crcs[] = {{"\"e1\"", CRC}, {"<odd&>", {.kind = HW_CHECKSUM_CRC64NVME}}};
    static const struct hw_s3_part plain[] = {{"\"e1\"", {0}}};
    const struct hw_checksum sha1 = hw_checksum_of(HW_CHECKSUM_SHA1, "123456789", 9);
    const struct hw_s3_part sha1s[] = {{"\"e1\"", sha1}};
    struct hw_s3_complete_params params = {.key = "k", .upload_id = "u", .parts_count = 1, .object_bytes = 18};
    switch (which) {
    case 0:
        params.parts = crcs;
        params.parts_count = 2;
        params.checksum = crcs[0].checksum;
        params.create_only = true;
        break;
    case 1:
        params.parts = plain;
        params.if_match = "\"e\"";
        break;
    default:
        params.parts = sha1s;
        params.checksum = sha1;
        params.checksum.parts = 1;
    }
    return hw_s3_request_complete(request, &params, err);
}

static enum hw_status build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    static struct hw_sigv4_header described[] = {{"x-amz-meta-a", "1"}};
    static const struct hw_s3_headers headers = {.items = described, .count = 1};
    static const struct hw_s3_copy_source source = {.bucket = "b", .key = "s/t u", .etag = "\"e\""};
    switch (which) {
    case 0:
        return hw_s3_request_create_upload(
            request, &(struct hw_s3_create_params){.key = "k", .checksum = HW_CHECKSUM_CRC64NVME}, err);
    case 1:
        return hw_s3_request_create_upload(
            request,
            &(struct hw_s3_create_params){
                .key = "k", .content_type = "text/csv", .headers = &headers, .checksum = HW_CHECKSUM_SHA256},
            err);
    case 2:
        return hw_s3_request_create_upload(request,
                                           &(struct hw_s3_create_params){.key = "k", .checksum = HW_CHECKSUM_MD5}, err);
    case 3:
        return hw_s3_request_part(
            request,
            &(struct hw_s3_part_params){
                .key = "k", .upload_id = "u/1", .number = 10000, .body = "123456789", .body_bytes = 9, .checksum = CRC},
            err);
    case 4:
        return hw_s3_request_copy_part(
            request,
            &(struct hw_s3_copy_part_params){
                .source = source, .key = "k", .upload_id = "u", .number = 2, .offset = 5, .bytes = 10},
            err);
    case 5:
        return hw_s3_request_copy_part(
            request,
            &(struct hw_s3_copy_part_params){
                .source = {.bucket = "b", .key = "s", .version_id = "v"}, .key = "k", .upload_id = "u", .number = 1},
            err);
    case 6:
    case 7:
    case 8:
        return complete_build(which - 6, request, err);
    default:
        return hw_s3_request_abort(request, "k", "u", err);
    }
}

#define COMPLETE "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
static const struct {
    const char *operation;
    const char *text;
    enum hw_status on_precondition;
} rows[] = {
    {"CreateMultipartUpload",
     "POST /k?uploads=\nContent-Type: application/octet-stream\nx-amz-checksum-algorithm: CRC64NVME\n"
     "x-amz-checksum-type: FULL_OBJECT\n",
     HW_EFAILED},
    {"CreateMultipartUpload",
     "POST /k?uploads=\nContent-Type: text/csv\nx-amz-meta-a: 1\nx-amz-checksum-algorithm: SHA256\n"
     "x-amz-checksum-type: COMPOSITE\n",
     HW_EFAILED},
    {"CreateMultipartUpload", "POST /k?uploads=\nContent-Type: application/octet-stream\n", HW_EFAILED},
    {"UploadPart", "PUT /k?partNumber=10000&uploadId=u%2F1\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n123456789",
     HW_EFAILED},
    {"UploadPartCopy",
     "PUT /k?partNumber=2&uploadId=u\nx-amz-copy-source: b/s/t%20u\nx-amz-copy-source-if-match: \"e\"\n"
     "x-amz-copy-source-range: bytes=5-14\n",
     HW_ECHANGED},
    {"UploadPartCopy", "PUT /k?partNumber=1&uploadId=u\nx-amz-copy-source: b/s?versionId=v\n", HW_EFAILED},
    {"CompleteMultipartUpload",
     "POST /k?uploadId=u\nContent-Type: application/xml\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\n"
     "x-amz-checksum-type: FULL_OBJECT\n"
     "x-amz-mp-object-size: 18\nIf-None-Match: *\n" COMPLETE
     "<Part><PartNumber>1</PartNumber><ETag>&quot;e1&quot;</ETag>"
     "<ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME></Part>"
     "<Part><PartNumber>2</PartNumber><ETag>&lt;odd&amp;&gt;</ETag>"
     "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME></Part>"
     "</CompleteMultipartUpload>",
     HW_EEXISTS},
    {"CompleteMultipartUpload",
     "POST /k?uploadId=u\nContent-Type: application/xml\nx-amz-mp-object-size: 18\nIf-Match: \"e\"\n" COMPLETE
     "<Part><PartNumber>1</PartNumber><ETag>&quot;e1&quot;</ETag></Part></CompleteMultipartUpload>",
     HW_ECHANGED},
    {"CompleteMultipartUpload",
     "POST /k?uploadId=u\nContent-Type: application/xml\nx-amz-checksum-type: COMPOSITE\n"
     "x-amz-mp-object-size: 18\n" COMPLETE "<Part><PartNumber>1</PartNumber><ETag>&quot;e1&quot;</ETag>"
     "<ChecksumSHA1>98O8HYCOBHMq32eZZczDTKeuNEE=</ChecksumSHA1></Part></CompleteMultipartUpload>",
     HW_EFAILED},
    {"AbortMultipartUpload", "DELETE /k?uploadId=u\n", HW_EFAILED},
};

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
        assert_row_int(rows[i].operation, request.must_end,
                       request.rule == &hw_s3_reply_rules[HW_S3_ABORT_UPLOAD] ||
                           request.rule == &hw_s3_reply_rules[HW_S3_CREATE_UPLOAD]);
    }
}

static void a_copied_range_fits_in_64_bits(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_s3_request) beyond = {0};
    const struct hw_s3_copy_part_params params = {.key = "k", .upload_id = "u", .offset = UINT64_MAX, .bytes = 1};
    assert_int_equal(hw_s3_request_copy_part(&beyond, &params, &err), HW_EUSAGE);
    assert_row_says("range", err.message, "does not fit");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_what_the_service_documents),
        cmocka_unit_test(a_copied_range_fits_in_64_bits),
    };
    return cmocka_run_group_tests_name("s3/request_multipart", tests, NULL, NULL);
}
