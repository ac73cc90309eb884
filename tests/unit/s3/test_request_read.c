/* SPDX-License-Identifier: Apache-2.0 */
/* The texts are those of the S3 API reference, as botocore sends them. */
#include "s3/request_read.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

static enum hw_status build(size_t which, struct hw_s3_request *request, struct hw_error *err) {
    switch (which) {
    case 0:
        return hw_s3_request_head(request, "a b", NULL, err);
    case 1:
        return hw_s3_request_head(request, "k", "v/1+", err);
    case 2:
        return hw_s3_request_get(request, "k", &(struct hw_s3_range){.offset = 5, .bytes = 10, .etag = "\"e\""}, err);
    case 3:
        return hw_s3_request_get(request, "/k", &(struct hw_s3_range){.bytes = 1, .etag = "", .version_id = "v"}, err);
    case 4:
        return hw_s3_request_get_tagging(request, "k", NULL, err);
    case 5:
        return hw_s3_request_get_tagging(request, "k", "v", err);
    case 6:
        return hw_s3_request_attributes(request, &(struct hw_s3_attributes_params){.key = "k"}, err);
    case 7:
        return hw_s3_request_head_part(request, "k", 1, err);
    default:
        return hw_s3_request_attributes(
            request, &(struct hw_s3_attributes_params){.key = "k", .version_id = "v", .part_marker = 1000}, err);
    }
}

static const struct {
    const char *operation;
    const char *text;
    enum hw_status on_precondition;
} rows[] = {
    {"HeadObject", "HEAD /a%20b?\nx-amz-checksum-mode: ENABLED\n", HW_EFAILED},
    {"HeadObject", "HEAD /k?versionId=v%2F1%2B\nx-amz-checksum-mode: ENABLED\n", HW_EFAILED},
    {"GetObject", "GET /k?\nRange: bytes=5-14\nIf-Match: \"e\"\nx-amz-checksum-mode: ENABLED\n", HW_ECHANGED},
    {"GetObject", "GET //k?versionId=v\nRange: bytes=0-0\nx-amz-checksum-mode: ENABLED\n", HW_ECHANGED},
    {"GetObjectTagging", "GET /k?tagging=\n", HW_EFAILED},
    {"GetObjectTagging", "GET /k?tagging=&versionId=v\n", HW_EFAILED},
    {"GetObjectAttributes", "GET /k?attributes=\nx-amz-object-attributes: ETag,Checksum,ObjectParts,ObjectSize\n",
     HW_EFAILED},
    {"HeadObject", "HEAD /k?partNumber=1\n", HW_EFAILED},
    {"GetObjectAttributes",
     "GET /k?attributes=&versionId=v\nx-amz-object-attributes: ETag,Checksum,ObjectParts,ObjectSize\n"
     "x-amz-part-number-marker: 1000\n",
     HW_EFAILED},
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
        assert_row_int(rows[i].operation, request.must_end, false);
    }
}

static void a_range_fits_in_64_bits(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_s3_request) beyond = {0};
    assert_int_equal(hw_s3_request_get(&beyond, "k", &(struct hw_s3_range){.offset = UINT64_MAX, .bytes = 1}, &err),
                     HW_EUSAGE);
    assert_row_says("range", err.message, "does not fit");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_what_the_service_documents),
        cmocka_unit_test(a_range_fits_in_64_bits),
    };
    return cmocka_run_group_tests_name("s3/request_read", tests, NULL, NULL);
}
