/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/facts.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct {
    const char *header;
    bool good;
    uint64_t first, last, total;
} ranges[] = {
    {"Content-Range: bytes 0-0/1\r\n", true, 0, 0, 1},
    {"content-range: bytes 5-9/18446744073709551615\r\n", true, 5, 9, UINT64_MAX},
    {"Content-Range: bytes 5-9/10\r\n", true, 5, 9, 10},
    {"Content-Range: bytes 5-10/10\r\n", false, 0, 0, 0},
    {"Content-Range: bytes 9-5/10\r\n", false, 0, 0, 0},
    {"Content-Range: bytes */10\r\n", false, 0, 0, 0},
    {"Content-Range: bytes 5-9/*\r\n", false, 0, 0, 0},
    {"Content-Range: bytes 5-9/18446744073709551616\r\n", false, 0, 0, 0},
    {"Content-Range: bytes -5-9/10\r\n", false, 0, 0, 0},
    {"Content-Range: bytes 5-9/10x\r\n", false, 0, 0, 0},
    {"Content-Range: 5-9/10\r\n", false, 0, 0, 0},
    {"Content-Length: 5\r\n", false, 0, 0, 0},
};

static void content_range_is_exact_or_nothing(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        HW_AUTO(hw_http_response) response = s3_response(206, ranges[i].header, "");
        struct hw_http_content_range range = {0};
        assert_row_int(ranges[i].header, hw_http_content_range_read(&response, &range), ranges[i].good);
        assert_true(range.first == ranges[i].first && range.last == ranges[i].last && range.total == ranges[i].total);
    }
}

static void object_facts_are_read_from_headers(void **state) {
    (void)state;
    HW_AUTO(hw_http_response)
    response = s3_response(
        200,
        "ETag: \"abc-2\"\r\nLast-Modified: Sat, 21 Nov 2026 13:20:45 GMT\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg=\r\n",
        "");
    HW_AUTO(hw_http_response)
    bare = s3_response(200, "Last-Modified: yesterday\r\nx-amz-checksum-crc64nvme: rosUhgp5mIg\r\n", "");
    struct hw_s3_object object;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_read(&response, &object, &err), err);
    assert_string_equal(object.etag, "\"abc-2\"");
    assert_int_equal(object.mtime_us, 1795267245000000);
    assert_true(object.checksum.kind == HW_CHECKSUM_CRC64NVME && object.checksum.value == UINT64_C(0xae8b14860a799888));
    assert_ok(hw_s3_object_read(&bare, &object, &err), err);
    assert_string_equal(object.etag, "");
    assert_int_equal(object.mtime_us, 0);
    assert_int_equal(object.checksum.kind, HW_CHECKSUM_NONE);

    HW_AUTO(hw_buf) header = {0};
    assert_ok(hw_buf_printf(&header, &err, "ETag: %0127d\r\n", 0), err);
    HW_AUTO(hw_http_response) longest = s3_response(200, (const char *)header.data, "");
    assert_ok(hw_s3_object_read(&longest, &object, &err), err);
    hw_buf_clear(&header);
    assert_ok(hw_buf_printf(&header, &err, "ETag: %0128d\r\n", 0), err);
    HW_AUTO(hw_http_response) too_long = s3_response(200, (const char *)header.data, "");
    assert_int_equal(hw_s3_object_read(&too_long, &object, &err), HW_EPROTOCOL);
    assert_row_says("long", err.message, "the ETag of a reply has 128 bytes, 127 are allowed");
}

static const struct {
    const char *name;
    const char *body;
    enum hw_status want;
    const char *says; /* the ETag where it is good */
} completes[] = {
    {"good", "<CompleteMultipartUploadResult><ETag>&quot;e-2&quot;</ETag></CompleteMultipartUploadResult>", HW_OK,
     "\"e-2\""},
    {"good after white space",
     "\n \n<?xml version=\"1.0\"?>  <CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>",
     HW_OK, "e"},
    {"no ETag", "<CompleteMultipartUploadResult/>", HW_EPROTOCOL, "the result has no ETag"},
    {"an empty ETag", "<CompleteMultipartUploadResult><ETag/></CompleteMultipartUploadResult>", HW_EPROTOCOL,
     "the result has no ETag"},
    {"a checksum that is none",
     "<CompleteMultipartUploadResult><ETag>e</ETag><ChecksumCRC64NVME>x</ChecksumCRC64NVME>"
     "</CompleteMultipartUploadResult>",
     HW_EPROTOCOL, "\"x\" is not a CRC64NVME"},
    {"cut off", "<CompleteMultipartUploadResult><ETag>e</ETag>", HW_EPROTOCOL, "not XML"},
};

static void complete_results_are_read_or_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(completes); i++) {
        HW_AUTO(hw_http_response) response = s3_response(200, "", completes[i].body);
        struct hw_s3_made completed = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(completes[i].name, hw_s3_made_read(&response, &completed, &err), completes[i].want);
        assert_row_says(completes[i].name, completes[i].want == HW_OK ? completed.etag : err.message,
                        completes[i].says);
    }
}

static void upload_id_is_read_or_missed(void **state) {
    (void)state;
    char id[HW_S3_UPLOAD_ID_BYTES] = "before";
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_http_response)
    good =
        s3_response(200, "", "<InitiateMultipartUploadResult><UploadId>u-1</UploadId></InitiateMultipartUploadResult>");
    HW_AUTO(hw_http_response)
    none = s3_response(200, "", "<InitiateMultipartUploadResult><Key>u-1</Key></InitiateMultipartUploadResult>");
    assert_int_equal(hw_s3_upload_id_read(&none, id, &err), HW_EPROTOCOL);
    assert_row_says("none", err.message, "the reply names no UploadId");
    assert_string_equal(id, "before");
    assert_ok(hw_s3_upload_id_read(&good, id, &err), err);
    assert_string_equal(id, "u-1");
}

static void etags_lose_their_quotes_only(void **state) {
    (void)state;
    static const char *const etags[][2] = {{"\"a-1\"", "a-1"}, {"a-1", "a-1"}, {"\"\"", ""},
                                           {"\"", "\""},       {"", ""},       {"W/\"a\"", "W/\"a\""}};
    for (size_t i = 0; i < COUNT_OF(etags); i++) {
        char out[HW_S3_ETAG_BYTES];
        hw_s3_etag_bare(etags[i][0], out);
        assert_row_text(etags[i][0], out, etags[i][1]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_range_is_exact_or_nothing),    cmocka_unit_test(object_facts_are_read_from_headers),
        cmocka_unit_test(complete_results_are_read_or_refused), cmocka_unit_test(upload_id_is_read_or_missed),
        cmocka_unit_test(etags_lose_their_quotes_only),
    };
    return cmocka_run_group_tests_name("s3/facts", tests, NULL, NULL);
}
