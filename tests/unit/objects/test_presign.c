/* SPDX-License-Identifier: Apache-2.0 */
#include <hawser/csv.h>
#include <hawser/objects.h>

#include "core/base.h"
#include "support/rows.h"
#include "support/s3_fixture.h"

static const struct {
    const char *path;
    bool raw;
    uint64_t seconds;
    enum hw_status want;
    const char *says; /* of the address, or of the message */
    const char *version_id;
} rows[] = {
    {"s3://bucket/a b", false, 60, HW_OK, "http://127.0.0.1:9/bucket/a%20b?X-Amz-Algorithm=AWS4-HMAC-SHA256&"},
    {"s3://bucket/a*", true, 60, HW_OK, "http://127.0.0.1:9/bucket/a%2A?X-Amz-"},
    {"s3://bucket/dir/", false, 60, HW_OK, "http://127.0.0.1:9/bucket/dir/?X-Amz-"},
    {"s3://bucket/a*", false, 60, HW_EUSAGE, "this names several"},
    {"s3://bucket", false, 60, HW_EUSAGE, "this names several"},
    {"s3://bucket/a", false, 0, HW_EUSAGE, "1 second to 7 days"},
    {"README.md", false, 60, HW_EUSAGE, "not a path of S3"},
    {"s3://bucket/a", false, 60, HW_OK, "/bucket/a?versionId=v%2F1&X-Amz-", "v/1"},
    {"s3://bucket/a/", false, 60, HW_EUSAGE, "a version is that of one object", "v/1"},
    {"s3:///k", false, 60, HW_EUSAGE, "is not a bucket"},
};

static void an_address_is_that_of_one_object(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_objects_options options = {
            .size = sizeof(options),
            .raw = rows[i].raw,
            .store = {.endpoint_url = "http://127.0.0.1:9"},
            .version_id = rows[i].version_id,
        };
        struct hw_error err = HW_ERROR_INIT;
        char *url = NULL;
        enum hw_status status = hw_object_presign(rows[i].path, &options, rows[i].seconds, &url, &err);
        assert_row_int(rows[i].path, status, rows[i].want);
        assert_row_int(rows[i].path, url != NULL, status == HW_OK);
        assert_row_says(rows[i].path, url ? url : err.message, rows[i].says);
        hw_text_free(url);
    }
}

static int environment_set(void **state) {
    (void)state;
    s3_fixture_environment();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_address_is_that_of_one_object)};
    return cmocka_run_group_tests_name("objects/presign", tests, environment_set, NULL);
}
