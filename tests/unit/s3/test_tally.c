/* SPDX-License-Identifier: Apache-2.0 */
#include "s3/tally.h"

#include <math.h>

#include "core/clock.h"
#include "s3/client.h"
#include "s3/object.h"
#include "s3/request_read.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct hw_s3_reply_rule *const get_rule = &hw_s3_reply_rules[HW_S3_GET_OBJECT];

static const struct {
    const char *name;
    struct hw_http_figures figures;
    bool again;
    int status;
    struct hw_request_sums want;
} rows[] = {
    {"good",
     {.sent_bytes = 3, .received_bytes = 5, .sends = 1, .begun_us = 1000, .ended_us = 501000},
     false,
     200,
     {.count = 1, .bytes_in = 5, .bytes_out = 3, .seconds = 0.5}},
    {"another try", {.sends = 1}, true, 200, {.count = 1, .retries = 1}},
    {"sent again by curl", {.sends = 2}, false, 200, {.count = 2, .retries = 1}},
    {"another try, sent again by curl", {.sends = 2}, true, 200, {.count = 2, .retries = 2}},
    {"never sent", {.received_bytes = 5, .ended_us = 7}, true, 0, {.count = 0}},
    {"no reply", {.sends = 1}, false, 0, {.count = 1}},
    {"a fault of the caller", {.sends = 1}, false, 404, {.count = 1}},
    {"a fault of the service", {.sends = 1}, false, 500, {.count = 1, .refused = 1}},
    {"too many", {.sends = 1}, false, 503, {.count = 1, .refused = 1}},
};

static void a_try_is_counted_by_its_operation(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_s3_tally tally = {0};
        struct hw_request_sums sums[HW_S3_OPERATIONS] = {0};
        hw_s3_tally_try(&tally, get_rule, rows[i].again, rows[i].status, &rows[i].figures);
        hw_s3_tally_error(&tally, get_rule, &rows[i].figures);
        hw_s3_tally_add(&tally, sums);
        const struct hw_request_sums *got = &sums[HW_S3_GET_OBJECT];
        assert_row_int(rows[i].name, got->count, rows[i].want.count);
        assert_row_int(rows[i].name, got->retries, rows[i].want.retries);
        assert_row_int(rows[i].name, got->refused, rows[i].want.refused);
        assert_row_int(rows[i].name, got->errors, rows[i].figures.sends > 0);
        assert_row_int(rows[i].name, got->bytes_in, rows[i].want.bytes_in);
        assert_row_int(rows[i].name, got->bytes_out, rows[i].want.bytes_out);
        assert_row_int(rows[i].name, fabs(got->seconds - rows[i].want.seconds) < 1e-9, true);
        assert_row_int(rows[i].name, sums[HW_S3_HEAD_OBJECT].count, 0);
        /* Sums grow. */
        hw_s3_tally_add(&tally, sums);
        assert_row_int(rows[i].name, got->count, 2 * rows[i].want.count);
    }
}

static void a_rule_of_no_operation_is_not_counted(void **state) {
    (void)state;
    static const struct hw_s3_reply_rule own = {.operation = "a caller's own", .statuses = {200}};
    const struct hw_http_figures figures = {.sends = 1};
    struct hw_s3_tally tally = {0};
    struct hw_request_sums sums[HW_S3_OPERATIONS] = {0};
    hw_s3_tally_try(&tally, &own, false, 200, &figures);
    hw_s3_tally_error(&tally, &own, &figures);
    hw_s3_tally_add(&tally, sums);
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        assert_row_int(sums[i].operation, sums[i].count + sums[i].errors, 0);
    }
}

/* The classes of https://aws.amazon.com/s3/pricing/: "PUT, COPY, POST, LIST", "GET, SELECT, and all
 * other requests"; "DELETE and CANCEL requests are free". */
static const struct {
    const char *operation;
    enum hw_request_class want;
} classes[] = {
    {"ListObjectsV2", HW_REQUEST_LIST},
    {"HeadObject", HW_REQUEST_GET},
    {"GetObject", HW_REQUEST_GET},
    {"PutObject", HW_REQUEST_PUT},
    {"DeleteObject", HW_REQUEST_DELETE},
    {"CreateMultipartUpload", HW_REQUEST_PUT},
    {"UploadPart", HW_REQUEST_PUT},
    {"CompleteMultipartUpload", HW_REQUEST_PUT},
    {"AbortMultipartUpload", HW_REQUEST_DELETE},
    {"ListObjectVersions", HW_REQUEST_LIST},
    {"ListMultipartUploads", HW_REQUEST_LIST},
    {"ListParts", HW_REQUEST_LIST},
    {"DeleteObjects", HW_REQUEST_DELETE},
    {"ListBuckets", HW_REQUEST_LIST},
    {"CreateBucket", HW_REQUEST_PUT},
    {"DeleteBucket", HW_REQUEST_DELETE},
    {"CopyObject", HW_REQUEST_PUT},
    {"UploadPartCopy", HW_REQUEST_PUT},
    {"GetObjectTagging", HW_REQUEST_GET},
    {"PutObjectTagging", HW_REQUEST_PUT},
    {"GetObjectAttributes", HW_REQUEST_GET},
    {"CreateSession", HW_REQUEST_GET},
    {"HeadObject", HW_REQUEST_GET},
};

static void every_operation_has_its_class(void **state) {
    (void)state;
    const struct hw_s3_tally tally = {0};
    struct hw_request_sums sums[HW_S3_OPERATIONS] = {0};
    hw_s3_tally_add(&tally, sums);
    assert_int_equal(COUNT_OF(classes), HW_S3_OPERATIONS);
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        assert_row_text(classes[i].operation, sums[i].operation, classes[i].operation);
        assert_row_int(classes[i].operation, sums[i].charge, classes[i].want);
    }
}

/* ------ by the client, as the server has seen it */

static struct hw_request_sums counted(const struct s3_fixture *fixture, enum hw_s3_operation operation) {
    struct hw_request_sums sums[HW_S3_OPERATIONS] = {0};
    hw_s3_tally_add(hw_s3_client_tally(fixture->client), sums);
    return sums[operation];
}

static const struct {
    const char *name;
    struct http_reply replies[3];
    enum hw_status want;
    uint64_t count, retries, errors, refused;
} calls[] = {
    {"good", {{.status = 204}}, HW_OK, 1, 0, 0, 0},
    {"good at the third try", {{.status = 503, .times = 2}, {.status = 204}}, HW_OK, 3, 2, 2, 2},
    {"not allowed", {{.status = 403}}, HW_EAUTH, 1, 0, 1, 0},
    {"no reply", {{.reset = true, .times = -1}}, HW_ENETWORK, 3, 2, 3, 0},
};

static void every_try_of_a_client_is_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct s3_fixture fixture = s3_fixture_open(calls[i].replies, COUNT_OF(calls[i].replies), NULL);
        assert_row_int(calls[i].name, hw_s3_object_delete(fixture.client, "k", NULL), calls[i].want);
        const struct hw_request_sums got = counted(&fixture, HW_S3_DELETE_OBJECT);
        assert_row_int(calls[i].name, http_server_count(fixture.server, "DELETE"), calls[i].count);
        assert_row_int(calls[i].name, got.count, calls[i].count);
        assert_row_int(calls[i].name, got.retries, calls[i].retries);
        assert_row_int(calls[i].name, got.errors, calls[i].errors);
        assert_row_int(calls[i].name, got.refused, calls[i].refused);
        assert_row_int(calls[i].name, hw_s3_client_is_aws(fixture.client), false);
        s3_fixture_close(&fixture);
    }
}

/* A kept connection that turns out to be dead: what curl sends again is seen by the server too. */
static void what_curl_sends_again_is_counted(void **state) {
    (void)state;
    const struct http_reply script[] = {{.status = 204}, {.reset = true}, {.status = 204}};
    struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    assert_ok(hw_s3_object_delete(fixture.client, "k", &err), err);
    assert_int_equal(http_server_count(fixture.server, "DELETE"), 3);
    assert_int_equal(counted(&fixture, HW_S3_DELETE_OBJECT).count, 3);
    assert_int_equal(counted(&fixture, HW_S3_DELETE_OBJECT).retries, 1);
    s3_fixture_close(&fixture);
}

/* The loser of a race is given up, but the service has seen it, and charges. */
static void a_call_that_is_given_up_is_counted(void **state) {
    (void)state;
    const struct http_reply silent = {.stall = true};
    struct s3_fixture fixture = s3_fixture_open(&silent, 1, NULL);
    struct hw_s3_call call = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_s3_request_head(&call.request, "k", NULL, &err), err);
    assert_ok(hw_s3_call_start(fixture.client, &call, &err), err);
    for (int i = 0; i < 2000 && http_server_count(fixture.server, "HEAD") == 0; i++) {
        hw_clock_sleep_ms(5);
    }
    hw_s3_call_release(&call);
    assert_int_equal(counted(&fixture, HW_S3_HEAD_OBJECT).count, 1);
    assert_int_equal(counted(&fixture, HW_S3_HEAD_OBJECT).errors, 0);
    s3_fixture_close(&fixture);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_try_is_counted_by_its_operation),  cmocka_unit_test(every_operation_has_its_class),
        cmocka_unit_test(every_try_of_a_client_is_counted),   cmocka_unit_test(what_curl_sends_again_is_counted),
        cmocka_unit_test(a_call_that_is_given_up_is_counted), cmocka_unit_test(a_rule_of_no_operation_is_not_counted),
    };
    return cmocka_run_group_tests_name("s3/tally", tests, environment_set, NULL);
}
