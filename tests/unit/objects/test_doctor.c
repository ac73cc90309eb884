/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/doctor.h>

#include "support/rows.h"
#include "support/s3_fixture.h"
#include "unit/objects/doctor_told.h"

static void checks_come_in_their_order(void **state) {
    (void)state;
    const struct http_reply script[] = {
        {.match = "GET /bucket?list-type=2",
         .times = -1,
         .status = 200,
         .body = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"},
        {.match = "GET / ",
         .times = -1,
         .status = 200,
         .body = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"},
        {.match = "/bucket/p/", .times = -1, .status = 404, .body = "<Error><Code>NoSuchKey</Code></Error>"},
    };
    static const struct {
        const char *path;
        const char *names;
    } rows[] = {
        {NULL, "connection=ok service=ok clock=ok signature=ok list=ok tls=warn "},
        {"s3://bucket/p/", "signature=ok bucket=ok list=ok tls=warn read=ok put=skipped "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct s3_fixture fixture = s3_fixture_open(script, COUNT_OF(script), NULL);
        struct doctor_told told = {{0}};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_doctor_options options = {.size = sizeof(options),
                                                  .store = {.endpoint_url = http_server_url(fixture.server)}};
        assert_ok(hw_doctor(rows[i].path, &options, doctor_told_take, &told, &err), err);
        assert_row_says(rows[i].names, told.names, rows[i].names);
        assert_row_says("the machine comes first", told.names, "open-files=");
        s3_fixture_close(&fixture);
    }
}

static void paths_of_other_kinds_are_refused(void **state) {
    (void)state;
    static const char *const paths[] = {"folder/", "https://host/a", "-", "S3://bucket"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct doctor_told told = {{0}};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(paths[i], hw_doctor(paths[i], NULL, doctor_told_take, &told, &err), HW_EUSAGE);
        assert_row_says(paths[i], err.message, "this is not a path of S3");
        assert_row_text(paths[i], told.names, "");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_come_in_their_order),
        cmocka_unit_test(paths_of_other_kinds_are_refused),
    };
    s3_fixture_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
