/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/fault.h"

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
     HW_ENOTFOUND, HW_S3_GIVE_UP,
     "Op: not found: the bucket is there, but no object has this name: keys count in every letter; the service says "
     "\"The \\\"key\\\"\""},
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
    {"redirect to nowhere", 302, "Location: http://elsewhere/\r\n", "", HW_EFAILED, HW_S3_CHANGE_REGION,
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

static void missing_operations_are_known(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_error fault;
        bool want;
    } rows[] = {
        {"501", {.status = HW_ESERVER, .http_status = 501}, true},
        {"405", {.status = HW_EFAILED, .http_status = 405}, true},
        {"by its code", {.status = HW_EFAILED, .http_status = 400, .s3_code = "NotImplemented"}, true},
        {"by its other code", {.status = HW_EFAILED, .http_status = 400, .s3_code = "MethodNotAllowed"}, true},
        {"not supported", {.status = HW_EUNSUPPORTED}, true},
        {"denied", {.status = HW_EAUTH, .http_status = 403, .s3_code = "AccessDenied"}, false},
        {"busy", {.status = HW_ESERVER, .http_status = 503, .s3_code = "SlowDown"}, false},
        {"not found", {.status = HW_ENOTFOUND, .http_status = 404}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_s3_operation_missing(&rows[i].fault), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_operations_are_known),
        cmocka_unit_test(faults_have_a_status_and_a_remedy),
        cmocka_unit_test(request_ids_come_from_body_or_header),
    };
    return cmocka_run_group_tests_name("s3/fault", tests, NULL, NULL);
}
