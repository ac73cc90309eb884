/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/objects.h>

#include "core/base.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct http_reply script[] = {
    {.match = "PUT /bucket ", .times = -1, .status = 200},
    {.match = "DELETE /bucket ", .times = -1, .status = 204},
    {.match = "PUT /mine ", .times = -1, .status = 409, .body = "<Error><Code>BucketAlreadyOwnedByYou</Code></Error>"},
    {.match = "DELETE /none ", .times = -1, .status = 404, .body = "<Error><Code>NoSuchBucket</Code></Error>"},
};

static const struct {
    const char *path;
    bool remove;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"s3://bucket", false, HW_OK, ""},
    {"s3://bucket/", false, HW_OK, ""},
    {"s3://bucket", true, HW_OK, ""},
    {"s3://mine", false, HW_EEXISTS, "you have a bucket of this name already"},
    {"s3://none", true, HW_ENOTFOUND, "no bucket of this name"},
    {"s3://bucket/key", false, HW_EUSAGE, "this names objects in a bucket"},
    {"s3://bucket/*", true, HW_EUSAGE, "this names objects in a bucket"},
    {"folder", false, HW_EUSAGE, "not a path of S3"},
    {"s3://B", false, HW_EUSAGE, "is not a bucket"},
};

static void buckets_are_made_and_removed(void **state) {
    (void)state;
    struct http_server *server = http_server_start(script, COUNT_OF(script));
    const struct hw_objects_options options = {.store = {.endpoint_url = http_server_url(server)}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = rows[i].remove ? hw_bucket_remove(rows[i].path, &options, &err)
                                               : hw_bucket_create(rows[i].path, &options, &err);
        assert_row_int(rows[i].path, status, rows[i].want);
        assert_row_says(rows[i].path, err.message, rows[i].says);
    }
    assert_int_equal(http_server_count(server, "PUT /bucket "), 2);
    assert_int_equal(http_server_count(server, "DELETE /bucket "), 1);
    http_server_stop(server);
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(buckets_are_made_and_removed)};
    return cmocka_run_group_tests_name("objects/bucket", tests, environment_set, NULL);
}
