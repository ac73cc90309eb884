/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_service.h"

#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/objects/doctor_told.h"

#define ERROR_BODY(code) "<Error><Code>" code "</Code></Error>"
#define LISTING "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

static void a_listing_shows_much(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct http_reply reply;
        bool goes;
        enum hw_status want;
        const char *names;
    } rows[] = {
        {"well", {.status = 200, .body = LISTING}, true, HW_OK, "service=ok clock=ok signature=ok bucket=ok list=ok "},
        {"another time",
         {.status = 200, .body = LISTING, .headers = "Date: Mon, 01 Jan 2001 00:00:00 GMT\r\n"},
         true,
         HW_OK,
         "service=ok clock=warn signature=ok bucket=ok list=ok "},
        {"no right to list",
         {.status = 403, .body = ERROR_BODY("AccessDenied")},
         true,
         HW_EAUTH,
         "service=ok clock=ok signature=ok bucket=ok list=fail "},
        {"no bucket",
         {.status = 404, .body = ERROR_BODY("NoSuchBucket")},
         false,
         HW_ENOTFOUND,
         "service=ok clock=ok signature=ok bucket=fail "},
        {"a wrong signature",
         {.status = 403, .body = ERROR_BODY("SignatureDoesNotMatch")},
         false,
         HW_EAUTH,
         "service=ok clock=ok signature=fail "},
        {"nothing", {.reset = true}, false, HW_ENETWORK, "service=fail "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script = rows[i].reply;
        script.match = "GET /bucket?list-type=2";
        script.times = -1;
        struct s3_fixture fixture = s3_fixture_open(&script, 1, NULL);
        struct doctor_told told = {{0}};
        const struct hw_doctor_options options = {0};
        struct hw_doctor_call call = {.options = &options, .each = doctor_told_take, .ctx = &told};
        assert_row_int(rows[i].name, hw_doctor_service(&call, fixture.client, "", "us-east-1"), rows[i].goes);
        assert_row_text(rows[i].name, told.names, rows[i].names);
        assert_row_int(rows[i].name, call.status, rows[i].want);
        s3_fixture_close(&fixture);
    }
}

static void a_missing_object_tells_of_the_right_to_read(void **state) {
    (void)state;
    static const struct {
        struct http_reply reply;
        enum hw_status want;
        const char *names;
    } rows[] = {
        {{.status = 404, .body = ERROR_BODY("NoSuchKey")}, HW_OK, "read=ok "},
        {{.status = 403, .body = ERROR_BODY("AccessDenied")}, HW_OK, "read=warn "},
        {{.status = 500}, HW_ESERVER, "read=fail "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_reply script = rows[i].reply;
        script.match = "/bucket/p/.hawser-doctor-";
        script.times = -1;
        struct s3_fixture fixture = s3_fixture_open(&script, 1, NULL);
        struct doctor_told told = {{0}};
        struct hw_doctor_call call = {.each = doctor_told_take, .ctx = &told};
        hw_doctor_read(&call, fixture.client, "p/");
        assert_row_text(rows[i].names, told.names, rows[i].names);
        assert_row_int(rows[i].names, call.status, rows[i].want);
        s3_fixture_close(&fixture);
    }
}

/* Where the object cannot be written there is nothing to look at, and nothing to remove. */
static void a_refused_object_is_told_once(void **state) {
    (void)state;
    const struct http_reply script = {
        .match = "PUT /bucket/.hawser-doctor-", .status = 403, .body = ERROR_BODY("AccessDenied")};
    struct s3_fixture fixture = s3_fixture_open(&script, 1, NULL);
    struct doctor_told told = {{0}};
    struct hw_doctor_call call = {.each = doctor_told_take, .ctx = &told};
    hw_doctor_write(&call, fixture.client, "");
    assert_string_equal(told.names, "put=fail ");
    assert_int_equal(call.status, HW_EAUTH);
    assert_int_equal(http_server_count(fixture.server, ""), 1);
    s3_fixture_close(&fixture);
}

/*
 * The service forgets checksums, replaces what it must not, has no uploads in parts, and keeps what
 * was deleted.
 */
static void a_poor_service_is_told_of(void **state) {
    (void)state;
    static const char etag[] = "ETag: \"e\"\r\n";
    static const char text[] = "This object was written by hawser doctor, which removes it.\n";
    const struct http_reply script[] = {
        {.match = "PUT /", .times = -1, .status = 200, .headers = etag},
        {.match = "HEAD /", .times = -1, .status = 200, .headers = "ETag: \"e\"\r\nContent-Length: 60\r\n"},
        {.match = "GET /",
         .times = -1,
         .status = 200,
         .headers = etag,
         .body = text,
         .body_bytes = sizeof(text) - 1,
         .ranged = true},
        {.match = "POST /", .times = -1, .status = 501, .body = ERROR_BODY("NotImplemented")},
        {.match = "DELETE /", .times = -1, .status = 204},
    };
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct doctor_told told = {{0}};
    struct hw_doctor_call call = {.each = doctor_told_take, .ctx = &told};
    hw_doctor_write(&call, fixture.client, "");
    assert_string_equal(told.names, "put=ok checksum=warn get=ok conditional-writes=warn multipart=fail delete=fail ");
    assert_int_equal(http_server_count(fixture.server, "DELETE /"), 1);
    s3_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listing_shows_much),
        cmocka_unit_test(a_missing_object_tells_of_the_right_to_read),
        cmocka_unit_test(a_refused_object_is_told_once),
        cmocka_unit_test(a_poor_service_is_told_of),
    };
    s3_fixture_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
