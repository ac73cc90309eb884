/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_express.h"

#include "aws/endpoint.h"
#include "support/rows.h"

/*
 * Hosts by the S3 user guide ("Endpoints and gateway VPC endpoints for directory buckets"); what
 * AWS has no rule for by endpoint.h.
 */
static const struct {
    const char *name;
    struct hw_endpoint_params params;
    const char *host, *path;
    enum hw_endpoint_auth auth;
} rows[] = {
    {"zonal",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3"},
     "bkt--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
     "",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"access point",
     {.region = "us-west-2", .bucket = "ap--usw2-az12--xa-s3"},
     "ap--usw2-az12--xa-s3.s3express-usw2-az12.us-west-2.amazonaws.com",
     "",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"path style does not exist there",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3", .addressing = HW_ADDRESSING_PATH},
     "bkt--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
     "",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"FIPS and dual-stack",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3", .fips = true, .dualstack = true},
     "bkt--usw2-az1--x-s3.s3express-fips-usw2-az1.dualstack.us-west-2.amazonaws.com",
     "",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"without sessions",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3", .express_session_off = true},
     "bkt--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
     "",
     HW_ENDPOINT_SIGV4},
    {"made or removed",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3", .control = true},
     "s3express-control.us-west-2.amazonaws.com",
     "/bkt--usw2-az1--x-s3",
     HW_ENDPOINT_SIGV4},
    {"auto is path at a custom name",
     {.region = "us-west-2", .bucket = "bkt--usw2-az1--x-s3", .endpoint_url = "http://localhost:9000/base"},
     "localhost:9000",
     "/base/bkt--usw2-az1--x-s3",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"virtual at a custom name",
     {.region = "us-west-2",
      .bucket = "bkt--usw2-az1--x-s3",
      .endpoint_url = "http://s3.example",
      .addressing = HW_ADDRESSING_VIRTUAL},
     "bkt--usw2-az1--x-s3.s3.example",
     "",
     HW_ENDPOINT_EXPRESS_SESSION},
    {"virtual at an address is path",
     {.region = "us-west-2",
      .bucket = "bkt--usw2-az1--x-s3",
      .endpoint_url = "http://127.0.0.1:9000",
      .addressing = HW_ADDRESSING_VIRTUAL},
     "127.0.0.1:9000",
     "/bkt--usw2-az1--x-s3",
     HW_ENDPOINT_EXPRESS_SESSION},
};

static void directory_buckets_have_hosts_of_their_zone(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint;
        assert_ok(hw_endpoint_resolve(&rows[i].params, &endpoint, &err), err);
        assert_row_text(rows[i].name, endpoint.host, rows[i].host);
        assert_row_text(rows[i].name, endpoint.path, rows[i].path);
        assert_row_int(rows[i].name, endpoint.auth, rows[i].auth);
        assert_row_text(rows[i].name, endpoint.signing_name, "s3express");
        assert_row_text(rows[i].name, endpoint.signing_region, "us-west-2");
        assert_row_int(rows[i].name, endpoint.directory && endpoint.region_fixed, true);
    }
}

static void lists_of_them_have_a_host(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_endpoint endpoint;
    assert_ok(
        hw_endpoint_resolve(&(struct hw_endpoint_params){.region = "us-west-2", .control = true}, &endpoint, &err),
        err);
    assert_string_equal(endpoint.host, "s3express-control.us-west-2.amazonaws.com");
    assert_string_equal(endpoint.signing_name, "s3express");
    assert_int_equal(endpoint.auth, HW_ENDPOINT_SIGV4);
}

static const struct {
    struct hw_endpoint_params params;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {{.region = "us-east-1", .bucket = "bkt--x-s3"}, HW_EUSAGE, "\"bkt--x-s3\" has no id of a zone in its name"},
    {{.region = "us-east-1", .bucket = "bkt--az1--x-s3"}, HW_EUSAGE, "has no id of a zone"},
    {{.region = "us-east-1", .bucket = "bkt-use1-az1--x-s3"}, HW_EUSAGE, "has no id of a zone"},
    {{.region = "us-east-1", .bucket = "--x-s3"}, HW_EUSAGE, "its name cannot stand in a host name"},
    {{.region = "us-east-1", .bucket = "b.t--use1-az1--x-s3"}, HW_EUSAGE, "cannot stand in a host name"},
    {{.region = "us-east-1", .bucket = "Bkt--use1-az1--x-s3"}, HW_EUSAGE, "cannot stand in a host name"},
    {{.region = "us-east-1", .bucket = "b/t--use1-az1--x-s3"}, HW_EUSAGE, "cannot stand in a host name"},
    {{.region = "us-east-1", .bucket = "bkt--use1-az1--x-s3", .accelerate = true}, HW_ECONFIG, "S3 Accelerate cannot"},
    {{.region = "us-east-1", .bucket = "b/t--use1-az1--x-s3", .endpoint_url = "http://h", .control = true},
     HW_EUSAGE,
     "cannot stand in a host name"},
};

static void wrong_names_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint = {.host = "untouched"};
        const char *name = bad_rows[i].params.bucket;
        assert_row_int(name, hw_endpoint_resolve(&bad_rows[i].params, &endpoint, &err), bad_rows[i].want);
        assert_row_says(name, err.message, bad_rows[i].says);
        assert_row_text(name, endpoint.host, "untouched");
    }
}

static void names_tell_of_directory_buckets(void **state) {
    (void)state;
    assert_true(hw_endpoint_express_named(HW_VIEW("a--use1-az1--x-s3")));
    assert_true(hw_endpoint_express_named(HW_VIEW("a--use1-az1--xa-s3")));
    assert_false(hw_endpoint_express_named(HW_VIEW("a--use1-az1--x-s3x")));
    assert_false(hw_endpoint_express_named(HW_VIEW("-x-s3")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory_buckets_have_hosts_of_their_zone),
        cmocka_unit_test(lists_of_them_have_a_host),
        cmocka_unit_test(wrong_names_are_refused),
        cmocka_unit_test(names_tell_of_directory_buckets),
    };
    return cmocka_run_group_tests_name("aws/endpoint_express", tests, NULL, NULL);
}
