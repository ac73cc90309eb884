/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/response.h"

#include "support/rows.h"
#include "support/s3_fixture.h"

#define ERROR_BODY(code, rest) \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" code "</Code>" rest "</Error>"

static const struct {
    const char *name;
    int http_status;
    const char *headers;
    const char *body;
    enum hw_status want;
    enum hw_s3_remedy remedy;
    const char *says; /* the whole of hw_s3_fault_fail's message begins "Op: " */
} faults[] = {
    {"no such key", 404, "x-amz-request-id: R1\r\n", ERROR_BODY("NoSuchKey", "<Message>The \"key\"\x01</Message>"),
     /* the control character makes it no XML: the HTTP status speaks */
     HW_ENOTFOUND, HW_S3_GIVE_UP, "Op: not found"},
    {"with a message", 404, "", ERROR_BODY("NoSuchKey", "<Message>The \"key\"</Message><RequestId>R2</RequestId>"),
     HW_ENOTFOUND, HW_S3_GIVE_UP, "Op: not found: the service says \"The \\\"key\\\"\""},
    {"no such upload", 404, "", ERROR_BODY("NoSuchUpload", ""), HW_ENOTFOUND, HW_S3_GIVE_UP, "Op: not found"},
    {"denied", 403, "", ERROR_BODY("AccessDenied", ""), HW_EAUTH, HW_S3_GIVE_UP, "Op: refused"},
    {"signature", 403, "", ERROR_BODY("SignatureDoesNotMatch", ""), HW_EAUTH, HW_S3_SET_CLOCK, "Op: refused"},
    {"skew", 403, "", ERROR_BODY("RequestTimeTooSkewed", ""), HW_EAUTH, HW_S3_SET_CLOCK, "Op: refused"},
    {"expired", 400, "", ERROR_BODY("ExpiredToken", ""), HW_EAUTH, HW_S3_REFRESH_KEYS, "Op: refused"},
    {"slow down", 503, "", ERROR_BODY("SlowDown", "<Message>Please reduce your request rate.</Message>"), HW_ETHROTTLED,
     HW_S3_SLOW_DOWN, "Op: asked to slow down: the service says \"Please reduce"},
    {"internal", 500, "", ERROR_BODY("InternalError", ""), HW_ESERVER, HW_S3_RETRY, "Op: server error"},
    {"timeout of the service", 400, "", ERROR_BODY("RequestTimeout", ""), HW_ENETWORK, HW_S3_RETRY,
     "Op: network error"},
    {"digest", 400, "", ERROR_BODY("BadDigest", ""), HW_ECHECKSUM, HW_S3_RETRY, "Op: checksum differs"},
    {"precondition", 412, "", ERROR_BODY("PreconditionFailed", ""), HW_ECHANGED, HW_S3_GIVE_UP,
     "Op: changed while it was read"},
    {"precondition without a body", 412, "", "", HW_ECHANGED, HW_S3_GIVE_UP, "Op: changed while it was read"},
    {"range", 416, "", ERROR_BODY("InvalidRange", ""), HW_ECHANGED, HW_S3_GIVE_UP, "Op: changed"},
    {"a code nobody knows", 400, "", ERROR_BODY("Novelty", "<Message>m</Message>"), HW_EFAILED, HW_S3_CHANGE_REGION,
     "Op: failed: the service says \"m\""},
    {"a code nobody knows, 500", 500, "", ERROR_BODY("Novelty", ""), HW_ESERVER, HW_S3_RETRY, "Op: server error"},
    {"501", 501, "", "", HW_ESERVER, HW_S3_GIVE_UP, "Op: server error"},
    {"HEAD 404", 404, "", "", HW_ENOTFOUND, HW_S3_GIVE_UP, "Op: not found"},
    {"HEAD 403", 403, "", "", HW_EAUTH, HW_S3_SET_CLOCK, "Op: refused"},
    {"a proxy's refusal", 403, "", "<html>\x1b</html>", HW_EPROTOCOL, HW_S3_RETRY,
     "Op: unexpected reply: HTTP 403 with a body that is no error of S3; it begins with \"<html>\\x1b</html>\""},
    {"a proxy's not found", 404, "", "gone", HW_EPROTOCOL, HW_S3_RETRY, "HTTP 404 with a body that is no error of S3"},
    {"a proxy's precondition", 412, "", "no", HW_EPROTOCOL, HW_S3_RETRY, "it begins with \"no\""},
    {"a proxy's throttle", 429, "", "later", HW_ETHROTTLED, HW_S3_SLOW_DOWN, "Op: asked to slow down"},
    {"a broken error document", 404, "", "<Error><Code>NoSuchKey", HW_ENOTFOUND, HW_S3_GIVE_UP, "Op: not found"},
    {"a proxy's page", 502, "", "<html><body>Bad<br>Gateway</body></html>", HW_ESERVER, HW_S3_RETRY,
     "Op: server error"},
    {"another document", 503, "", "<Oops><Code>NoSuchKey</Code></Oops>", HW_ESERVER, HW_S3_RETRY, "Op: server error"},
    {"a document type", 503, "", "<!DOCTYPE Error><Error><Code>NoSuchKey</Code></Error>", HW_ESERVER, HW_S3_RETRY,
     "Op: server error"},
    {"redirect", 301, "x-amz-bucket-region: eu-west-1\r\n", ERROR_BODY("PermanentRedirect", ""), HW_ECONFIG,
     HW_S3_CHANGE_REGION, "Op: the bucket is in another region, \"eu-west-1\""},
    {"redirect to nowhere", 302, "Location: http://elsewhere/\r\n", "", HW_ECONFIG, HW_S3_CHANGE_REGION,
     "which is not followed"},
    {"region in the body", 400, "", ERROR_BODY("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"), HW_EAUTH,
     HW_S3_CHANGE_REGION, "Op: refused"},
};

static void faults_have_a_status_and_a_remedy(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        HW_AUTO(hw_http_response) response = s3_response(faults[i].http_status, faults[i].headers, faults[i].body);
        struct hw_s3_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        hw_s3_fault_read(&response, HW_ECHANGED, &fault);
        assert_row_int(faults[i].name, fault.remedy, faults[i].remedy);
        assert_row_int(faults[i].name, hw_s3_fault_fail(&fault, "Op", &err), faults[i].want);
        assert_row_int(faults[i].name, err.status, faults[i].want);
        assert_row_int(faults[i].name, err.http_status, faults[i].http_status);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        bool has_region = strstr(faults[i].headers, "eu-west-1") || strstr(faults[i].body, "eu-west-1");
        assert_row_text(faults[i].name, fault.region, has_region ? "eu-west-1" : "");
    }
}

static void request_ids_come_from_body_or_header(void **state) {
    (void)state;
    HW_AUTO(hw_http_response) in_header = s3_response(503, "X-Amz-Request-Id: 4F2A\r\n", "");
    HW_AUTO(hw_http_response)
    in_body = s3_response(503, "", ERROR_BODY("SlowDown", "<RequestId>B\xc3\xa9</RequestId>"));
    struct hw_s3_fault fault;
    struct hw_error err = HW_ERROR_INIT;
    hw_s3_fault_read(&in_header, HW_EFAILED, &fault);
    assert_int_equal(hw_s3_fault_fail(&fault, "Op", &err), HW_ESERVER);
    assert_string_equal(err.request_id, "4F2A");
    hw_s3_fault_read(&in_body, HW_EFAILED, &fault);
    assert_int_equal(hw_s3_fault_fail(&fault, "Op", &err), HW_ETHROTTLED);
    assert_string_equal(err.request_id, "B??");
    assert_string_equal(err.s3_code, "SlowDown");
    assert_int_equal(hw_s3_fault_fail(&fault, "Op", NULL), HW_ETHROTTLED);
}

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
        struct hw_s3_content_range range = {0};
        assert_row_int(ranges[i].header, hw_s3_content_range_read(&response, &range), ranges[i].good);
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
        struct hw_s3_completed completed = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(completes[i].name, hw_s3_completed_read(&response, &completed, &err), completes[i].want);
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
        cmocka_unit_test(faults_have_a_status_and_a_remedy),    cmocka_unit_test(request_ids_come_from_body_or_header),
        cmocka_unit_test(content_range_is_exact_or_nothing),    cmocka_unit_test(object_facts_are_read_from_headers),
        cmocka_unit_test(complete_results_are_read_or_refused), cmocka_unit_test(upload_id_is_read_or_missed),
        cmocka_unit_test(etags_lose_their_quotes_only),
    };
    return cmocka_run_group_tests_name("s3/response", tests, NULL, NULL);
}
