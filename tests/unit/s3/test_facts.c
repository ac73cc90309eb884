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

static const struct {
    const char *name;
    const char *headers;
    enum hw_checksum_kind whole;     /* what is told of the bytes */
    enum hw_checksum_kind composite; /* what is told with those of parts */
} checksums[] = {
    {"none", "", HW_CHECKSUM_NONE, HW_CHECKSUM_NONE},
    {"SHA-256", "x-amz-checksum-sha256: FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=\r\n", HW_CHECKSUM_SHA256,
     HW_CHECKSUM_SHA256},
    {"SHA-1 of parts", "x-amz-checksum-sha1: UGmj5L5/K7lmsIeci6hTqydwTCs=-2\r\n", HW_CHECKSUM_NONE, HW_CHECKSUM_SHA1},
    {"of parts, by its type", "x-amz-checksum-type: COMPOSITE\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n", HW_CHECKSUM_NONE,
     HW_CHECKSUM_NONE},
    {"the best of two", "x-amz-checksum-sha1: 98O8HYCOBHMq32eZZczDTKeuNEE=\r\nx-amz-checksum-crc32c: 4waSgw==\r\n",
     HW_CHECKSUM_CRC32C, HW_CHECKSUM_CRC32C},
    {"one that is none", "x-amz-checksum-sha1: x\r\n", HW_CHECKSUM_NONE, HW_CHECKSUM_NONE},
};

static void checksums_are_of_bytes_or_of_parts(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(checksums); i++) {
        HW_AUTO(hw_http_response) response = s3_response(200, checksums[i].headers, "");
        struct hw_s3_object object;
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(checksums[i].name, hw_s3_checksum_read(&response, false).kind, checksums[i].whole);
        assert_row_int(checksums[i].name, hw_s3_checksum_read(&response, true).kind, checksums[i].composite);
        assert_ok(hw_s3_object_read(&response, &object, &err), err);
        assert_row_int(checksums[i].name, object.checksum.kind, checksums[i].whole);
    }
}

/* Python: the MD5 of the MD5s of "12345" and of "6789". */
static void etags_of_parts_make_that_of_the_whole(void **state) {
    (void)state;
    static const char *const no_md5s[] = {
        "", "\"827ccb0eea8a706c4c34a16891f84e7\"", "\"827ccb0eea8a706c4c34a16891f84e7b-1\"",
        "\"827CCB0EEA8A706C4C34A16891F84E7B\"", "\"827ccb0eea8a706c4c34a16891f84e7g\""};
    struct hw_checksum_run run;
    struct hw_checksum md5;
    char etag[HW_S3_ETAG_BYTES];
    hw_checksum_run_init(&run, HW_CHECKSUM_MD5);
    assert_true(hw_s3_etag_compose_add(&run, "\"827ccb0eea8a706c4c34a16891f84e7b\""));
    assert_true(hw_s3_etag_compose_add(&run, "46d045ff5190f6ea93739da6c0aa19bc"));
    hw_s3_etag_compose(&run, 2, etag);
    assert_string_equal(etag, "\"324730582f20c3f18cbb66d63a6137d2-2\"");
    for (size_t i = 0; i < COUNT_OF(no_md5s); i++) {
        assert_row_int(no_md5s[i], hw_s3_etag_compose_add(&run, no_md5s[i]), false);
        assert_row_int(no_md5s[i], hw_s3_etag_md5(no_md5s[i], &md5), false);
    }
}

static void etags_tell_their_parts(void **state) {
    (void)state;
#define DIGITS "324730582f20c3f18cbb66d63a6137d2"
    static const struct {
        const char *etag;
        unsigned want;
    } rows[] = {
        {"\"" DIGITS "-2\"", 2},
        {DIGITS "-1", 1},
        {DIGITS "-10000", 10000},
        {DIGITS "-10001", 0},
        {DIGITS "-99999999999999999999", 0},
        {DIGITS "-0", 0},
        {DIGITS "-02", 0},
        {DIGITS "-", 0},
        {DIGITS "-2x", 0},
        {DIGITS "--2", 0},
        {DIGITS, 0},
        {"-2", 0},
        {"version-2", 0},
        {"0" DIGITS "-2", 0},
        {"", 0},
    };
#undef DIGITS
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].etag, hw_s3_etag_parts(rows[i].etag), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_range_is_exact_or_nothing),
        cmocka_unit_test(object_facts_are_read_from_headers),
        cmocka_unit_test(checksums_are_of_bytes_or_of_parts),
        cmocka_unit_test(etags_of_parts_make_that_of_the_whole),
        cmocka_unit_test(etags_tell_their_parts),
        cmocka_unit_test(complete_results_are_read_or_refused),
        cmocka_unit_test(upload_id_is_read_or_missed),
        cmocka_unit_test(etags_lose_their_quotes_only),
    };
    return cmocka_run_group_tests_name("s3/facts", tests, NULL, NULL);
}
