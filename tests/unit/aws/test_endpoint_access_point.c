/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint_access_point.h"

#include "aws/endpoint.h"
#include "support/rows.h"

#define PLAIN "arn:aws:s3:us-west-2:123456789012:accesspoint/name"
#define LAMBDA "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/name"
#define MULTI "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
#define OUTPOST "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/name"
#define ALIAS_REST "0b1d075431d83bebde8xz5w8ijx1qzlbp3i3k"
#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

/*
 * Hosts by the S3 user guide ("Using access points", "Object Lambda Access Points", "Making
 * requests using a Multi-Region Access Point", "S3 on Outposts").
 */
static const struct {
    const char *name;
    struct hw_endpoint_params params;
    const char *host, *signing_name, *signing_region;
    enum hw_endpoint_auth auth;
} rows[] = {
    {"one region",
     {.region = "eu-west-1", .bucket = PLAIN},
     "name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
     "s3",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"with a colon",
     {.region = "eu-west-1", .bucket = "arn:aws:s3:us-west-2:123456789012:accesspoint:name"},
     "name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
     "s3",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"FIPS and dual-stack",
     {.region = "us-west-2", .bucket = PLAIN, .fips = true, .dualstack = true},
     "name-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com",
     "s3",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"the region must be ours, and is",
     {.region = "us-west-2", .bucket = PLAIN, .arn_region_off = true},
     "name-123456789012.s3-accesspoint.us-west-2.amazonaws.com",
     "s3",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"custom",
     {.region = "us-west-2", .bucket = PLAIN, .endpoint_url = "https://h.example:8443"},
     "name-123456789012.h.example:8443",
     "s3",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"Object Lambda",
     {.region = "us-west-2", .bucket = LAMBDA, .fips = true},
     "name-123456789012.s3-object-lambda-fips.us-west-2.amazonaws.com",
     "s3-object-lambda",
     "us-west-2",
     HW_ENDPOINT_SIGV4},
    {"several regions",
     {.region = "us-west-2", .bucket = MULTI},
     "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com",
     "s3",
     "*",
     HW_ENDPOINT_SIGV4A},
    {"Outposts",
     {.region = "us-west-2", .bucket = OUTPOST},
     "name-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com",
     "s3-outposts",
     "*",
     HW_ENDPOINT_SIGV4A},
    {"alias on Outposts",
     {.region = "us-west-2", .bucket = "ap-o" ALIAS_REST "usw20--op-s3"},
     "ap-o" ALIAS_REST "usw20--op-s3.op-0b1d075431d83bebd.s3-outposts.us-west-2.amazonaws.com",
     "s3-outposts",
     "*",
     HW_ENDPOINT_SIGV4A},
};

static void access_points_have_hosts_of_their_own(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint;
        assert_ok(hw_endpoint_resolve(&rows[i].params, &endpoint, &err), err);
        assert_row_text(rows[i].name, endpoint.host, rows[i].host);
        assert_row_text(rows[i].name, endpoint.path, "");
        assert_row_text(rows[i].name, endpoint.signing_name, rows[i].signing_name);
        assert_row_text(rows[i].name, endpoint.signing_region, rows[i].signing_region);
        assert_row_int(rows[i].name, endpoint.auth, rows[i].auth);
        assert_row_int(rows[i].name, endpoint.region_fixed && !endpoint.directory, true);
    }
}

/* The errors that the cases of AWS (test_endpoint.c) do not reach. */
static const struct {
    const char *name;
    struct hw_endpoint_params params;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"cut", {.region = "us-west-2", .bucket = "arn:aws:s3:us-west-2"}, HW_EUSAGE, "is not a whole ARN"},
    {"path style",
     {.region = "us-west-2", .bucket = PLAIN, .addressing = HW_ADDRESSING_PATH},
     HW_ECONFIG,
     "path-style addressing cannot be used with an ARN"},
    {"an address",
     {.region = "us-west-2", .bucket = PLAIN, .endpoint_url = "http://127.0.0.1:9000"},
     HW_ECONFIG,
     "the custom endpoint 127.0.0.1 is an address"},
    {"a bucket", {.region = "us-west-2", .bucket = "arn:aws:s3:::bucket"}, HW_EUSAGE, "does not name an access point"},
    {"a bucket on Outposts",
     {.region = "us-west-2", .bucket = "arn:aws:s3-outposts:us-west-2:1:bucket/b"},
     HW_EUSAGE,
     "does not name an access point"},
    {"region that would send the signature elsewhere",
     {.region = "us-west-2", .bucket = "arn:aws:s3:evil.example#:1:accesspoint/n"},
     HW_EUSAGE,
     "the region in the ARN is \"evil.example#\""},
    {"region with dots",
     {.region = "us-west-2", .bucket = "arn:aws:s3:evil.example:1:accesspoint/n"},
     HW_EUSAGE,
     "the region in the ARN is"},
    {"region in capitals",
     {.region = "us-west-2", .bucket = "arn:aws:s3:US-WEST-2:1:accesspoint/n"},
     HW_EUSAGE,
     "the region in the ARN is"},
    {"no account",
     {.region = "us-west-2", .bucket = "arn:aws:s3:us-west-2::accesspoint/n"},
     HW_EUSAGE,
     "the ARN has no account"},
    {"made or removed",
     {.region = "us-west-2", .bucket = MULTI, .control = true},
     HW_EUSAGE,
     "is not a bucket that can be made or removed"},
    {"several regions, another endpoint",
     {.region = "us-west-2", .bucket = MULTI, .endpoint_url = "https://h"},
     HW_ECONFIG,
     "a custom endpoint cannot be used"},
    {"several regions, more names",
     {.region = "us-west-2", .bucket = MULTI "/k"},
     HW_EUSAGE,
     "more than one name behind accesspoint"},
    {"several regions, two dots",
     {.region = "us-west-2", .bucket = "arn:aws:s3::1:accesspoint/a.b.c"},
     HW_EUSAGE,
     "the name of the access point in the ARN is \"a.b.c\""},
    {"several regions, a dot at the end",
     {.region = "us-west-2", .bucket = "arn:aws:s3::1:accesspoint/a."},
     HW_EUSAGE,
     "the name of the access point in the ARN"},
    {"alias, another endpoint",
     {.region = "us-west-2", .bucket = "ap-o" ALIAS_REST "usw20--op-s3", .endpoint_url = "https://h"},
     HW_ECONFIG,
     "a custom endpoint cannot be used with S3 on Outposts"},
    {"names that are too long together",
     {.region = "us-west-2",
      .bucket = "arn:aws:s3-outposts:us-west-2:" LABEL_63 ":outpost/" LABEL_63 "/accesspoint/" LABEL_63},
     HW_EUSAGE,
     "too long for a host"},
};

static void wrong_access_points_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint = {.host = "untouched"};
        assert_row_int(bad_rows[i].name, hw_endpoint_resolve(&bad_rows[i].params, &endpoint, &err), bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, endpoint.host, "untouched");
    }
}

static void names_tell_of_outposts(void **state) {
    (void)state;
    assert_true(hw_endpoint_outposts_named(HW_VIEW("o" ALIAS_REST "usw20--op-s3")));
    assert_false(hw_endpoint_outposts_named(HW_VIEW(ALIAS_REST "usw20--op-s3")));
    assert_false(hw_endpoint_outposts_named(HW_VIEW("o" ALIAS_REST "usw20--op-s3x")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(access_points_have_hosts_of_their_own),
        cmocka_unit_test(wrong_access_points_are_refused),
        cmocka_unit_test(names_tell_of_outposts),
    };
    return cmocka_run_group_tests_name("aws/endpoint_access_point", tests, NULL, NULL);
}
