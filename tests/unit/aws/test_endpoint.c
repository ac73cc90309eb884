/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "core/alloc.h"
#include "support/corpus.h"
#include "support/rows.h"

/*
 * Hosts by AWS's endpoint rules and the S3 user guide ("Virtual hosting of general purpose
 * buckets"); styles by endpoint.h.
 */
static const struct {
    const char *name;
    struct hw_endpoint_params params;
    bool tls;
    const char *host, *path, *signing_region;
} rows[] = {
    {"AWS, virtual host",
     {.region = "eu-west-1", .bucket = "my-bucket"},
     true,
     "my-bucket.s3.eu-west-1.amazonaws.com",
     "",
     "eu-west-1"},
    {"AWS, asked for path",
     {.region = "eu-west-1", .bucket = "my-bucket", .addressing = HW_ADDRESSING_PATH},
     true,
     "s3.eu-west-1.amazonaws.com",
     "/my-bucket",
     "eu-west-1"},
    {"dots do not match the certificate",
     {.region = "us-east-1", .bucket = "a.b.c"},
     true,
     "s3.us-east-1.amazonaws.com",
     "/a.b.c",
     "us-east-1"},
    {"service level", {.region = "us-east-1"}, true, "s3.us-east-1.amazonaws.com", "", "us-east-1"},
    {"China",
     {.region = "cn-northwest-1", .bucket = "bkt"},
     true,
     "bkt.s3.cn-northwest-1.amazonaws.com.cn",
     "",
     "cn-northwest-1"},
    {"GovCloud, FIPS",
     {.region = "us-gov-west-1", .bucket = "bkt", .fips = true},
     true,
     "bkt.s3-fips.us-gov-west-1.amazonaws.com",
     "",
     "us-gov-west-1"},
    {"isolated",
     {.region = "us-iso-east-1", .bucket = "bkt"},
     true,
     "bkt.s3.us-iso-east-1.c2s.ic.gov",
     "",
     "us-iso-east-1"},
    {"isolated B",
     {.region = "us-isob-east-1", .bucket = "bkt"},
     true,
     "bkt.s3.us-isob-east-1.sc2s.sgov.gov",
     "",
     "us-isob-east-1"},
    {"63 bytes",
     {.region = "us-east-1", .bucket = "a23456789012345678901234567890123456789012345678901234567890123"},
     true,
     "a23456789012345678901234567890123456789012345678901234567890123.s3.us-east-1.amazonaws.com",
     "",
     "us-east-1"},
    {"64 bytes",
     {.region = "us-east-1", .bucket = "a234567890123456789012345678901234567890123456789012345678901234"},
     true,
     "s3.us-east-1.amazonaws.com",
     "/a234567890123456789012345678901234567890123456789012345678901234",
     "us-east-1"},
    {"auto is path at a custom name",
     {.region = "us-east-1", .bucket = "bkt", .endpoint_url = "https://minio.example.com"},
     true,
     "minio.example.com",
     "/bkt",
     "us-east-1"},
    {"auto is path at localhost",
     {.region = "us-east-1", .bucket = "bkt", .endpoint_url = "http://localhost:7070/"},
     false,
     "localhost:7070",
     "/bkt",
     "us-east-1"},
    {"virtual at a custom name",
     {.region = "us-east-1",
      .bucket = "bkt",
      .endpoint_url = "https://s3.example.com:8443/base/",
      .addressing = HW_ADDRESSING_VIRTUAL},
     true,
     "bkt.s3.example.com:8443",
     "/base",
     "us-east-1"},
    {"virtual at an IPv6 address is path",
     {.region = "us-east-1", .bucket = "bkt", .endpoint_url = "http://[::1]:9000", .addressing = HW_ADDRESSING_VIRTUAL},
     false,
     "[::1]:9000",
     "/bkt",
     "us-east-1"},
    {"a bucket like an address is path",
     {.region = "us-east-1",
      .bucket = "10.0.0.1",
      .endpoint_url = "http://s3.example.com",
      .addressing = HW_ADDRESSING_VIRTUAL},
     false,
     "s3.example.com",
     "/10.0.0.1",
     "us-east-1"},
    {"the scheme's own port goes", {.region = "us-east-1", .endpoint_url = "http://h:80"}, false, "h", "", "us-east-1"},
    {"the other scheme's port stays",
     {.region = "us-east-1", .endpoint_url = "http://h:443"},
     false,
     "h:443",
     "",
     "us-east-1"},
    {"base path, bucket encoded",
     {.region = "us-east-1", .bucket = "a b?#", .endpoint_url = "http://h/x"},
     false,
     "h",
     "/x/a%20b%3F%23",
     "us-east-1"},
};

static void targets_are_resolved(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint;

        assert_ok(hw_endpoint_resolve(&rows[i].params, &endpoint, &err), err);
        assert_row_int(rows[i].name, endpoint.tls, rows[i].tls);
        assert_row_text(rows[i].name, endpoint.host, rows[i].host);
        assert_row_text(rows[i].name, endpoint.path, rows[i].path);
        assert_row_text(rows[i].name, endpoint.signing_region, rows[i].signing_region);
        assert_row_text(rows[i].name, endpoint.signing_name, "s3");
        assert_row_int(rows[i].name, endpoint.auth, HW_ENDPOINT_SIGV4);
        assert_row_int(rows[i].name, endpoint.directory || endpoint.region_fixed, false);
    }
}

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *name;
    struct hw_endpoint_params params;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"no region", {.bucket = "bkt"}, HW_ECONFIG, "a region must be set"},
    {"empty region", {.region = "", .bucket = "bkt"}, HW_ECONFIG, "a region must be set"},
    {"a region that would send the signature elsewhere (CVE-2026-22611)",
     {.region = "x@evil:443/#"},
     HW_ECONFIG,
     "region \"x@evil:443/#\" is not a valid DNS name"},
    {"region with dots", {.region = "evil.com"}, HW_ECONFIG, "not a valid DNS name"},
    {"region in capitals", {.region = "US-EAST-1"}, HW_ECONFIG, "not a valid DNS name"},
    {"region with a line end", {.region = "us-east-1\r\n"}, HW_ECONFIG, "\"us-east-1\\x0d\\x0a\" is not a valid"},
    {"region of 64 bytes", {.region = LABEL_63 "4"}, HW_ECONFIG, "not a valid DNS name"},
    {"empty bucket", {.region = "us-east-1", .bucket = ""}, HW_EUSAGE, "1 to 255 bytes, this one has 0"},
    {"256 bytes",
     {.region = "us-east-1", .bucket = LABEL_63 "4" LABEL_63 "4" LABEL_63 "4" LABEL_63 "4"},
     HW_EUSAGE,
     "this one has 256"},
    {"slash", {.region = "us-east-1", .bucket = "a/b"}, HW_EUSAGE, "bucket \"a/b\" is no bucket's name"},
    {"line end", {.region = "us-east-1", .bucket = "a\n"}, HW_EUSAGE, "bucket \"a\\x0a\" is no bucket's name"},
    {"dot", {.region = "us-east-1", .bucket = "."}, HW_EUSAGE, "is no bucket's name"},
    {"two dots", {.region = "us-east-1", .bucket = ".."}, HW_EUSAGE, "is no bucket's name"},
    {"user in the URL",
     {.region = "us-east-1", .endpoint_url = "https://u:p@h"},
     HW_ECONFIG,
     "the custom endpoint is not valid: the URL"},
    {"metadata service",
     {.region = "us-east-1", .endpoint_url = "http://169.254.169.254"},
     HW_ECONFIG,
     "link-local or metadata"},
    {"metadata service, mapped",
     {.region = "us-east-1", .endpoint_url = "http://[::ffff:169.254.169.254]"},
     HW_ECONFIG,
     "link-local"},
    {"metadata service, IPv6",
     {.region = "us-east-1", .endpoint_url = "http://[fd00:ec2:0::254]"},
     HW_ECONFIG,
     "link-local or metadata"},
    {"link-local, IPv6",
     {.region = "us-east-1", .endpoint_url = "http://[febf::1]"},
     HW_ECONFIG,
     "link-local or metadata"},
    {"accelerate in GovCloud",
     {.region = "us-gov-west-1", .bucket = "bkt", .accelerate = true},
     HW_ECONFIG,
     "S3 Accelerate cannot be used in region us-gov-west-1"},
    {"accelerate, dots",
     {.region = "us-east-1", .bucket = "b.k.t", .accelerate = true},
     HW_ECONFIG,
     "S3 Accelerate cannot be used with path-style addressing, which bucket \"b.k.t\" gets"},
    {"the host grows too long",
     {.region = "us-east-1",
      .bucket = LABEL_63,
      .addressing = HW_ADDRESSING_VIRTUAL,
      .endpoint_url = "http://" LABEL_63 "." LABEL_63 "." LABEL_63
                      ".a234567890123456789012345678901234567890123456789012345678901:65535"},
     HW_ECONFIG,
     "too long together"},
};

static void wrong_targets_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint = {.host = "untouched"};

        assert_row_int(bad_rows[i].name, hw_endpoint_resolve(&bad_rows[i].params, &endpoint, &err), bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, endpoint.host, "untouched");
    }
}

static void *refuse_memory(void *ctx, void *block, size_t bytes) {
    (void)ctx;
    if (bytes == 0) {
        free(block);
    }
    return NULL;
}

static void out_of_memory_is_said(void **state) {
    (void)state;
    static const struct hw_allocator refusing = {refuse_memory, NULL};
    struct hw_endpoint endpoint;
    struct hw_endpoint_params params = {.region = "us-east-1", .bucket = "bkt"};

    hw_allocator_set(&refusing);
    enum hw_status status = hw_endpoint_resolve(&params, &endpoint, NULL);
    hw_allocator_set(NULL);
    assert_int_equal(status, HW_ENOMEM);
}

/* What AWS's cases say where they fail, up to what they quote, and what we say. */
static const struct {
    const char *aws;
    enum hw_status status;
    const char *ours;
} wordings[] = {
    {"Invalid region: region was not a valid DNS name.", HW_ECONFIG, "is not a valid DNS name"},
    {"A region must be set when sending requests to S3.", HW_ECONFIG, "a region must be set"},
    {"Cannot set dual-stack in combination with a custom endpoint.", HW_ECONFIG,
     "dual-stack cannot be used with a custom endpoint"},
    {"A custom endpoint cannot be combined with FIPS", HW_ECONFIG, "FIPS cannot be used with a custom endpoint"},
    {"A custom endpoint cannot be combined with S3 Accelerate", HW_ECONFIG,
     "S3 Accelerate cannot be used with a custom endpoint"},
    {"Partition does not support FIPS", HW_ECONFIG, "does not support FIPS"},
    {"Accelerate cannot be used with FIPS", HW_ECONFIG, "S3 Accelerate cannot be used with FIPS"},
    {"S3 Accelerate cannot be used in this region", HW_ECONFIG, "S3 Accelerate cannot be used in region"},
    {"Path-style addressing cannot be used with S3 Accelerate", HW_ECONFIG,
     "S3 Accelerate cannot be used with path-style addressing"},
    {"Custom endpoint `abcde://nota#url` was not a valid URI", HW_ECONFIG, "the custom endpoint is not valid"},
    {"Path-style addressing cannot be used with ARN buckets", HW_ECONFIG,
     "path-style addressing cannot be used with an ARN"},
    {"Invalid configuration: region from ARN", HW_ECONFIG, "s3_use_arn_region is false"},
    {"Client was configured for partition", HW_ECONFIG, "is in the partition aws"},
    {"Access Points do not support S3 Accelerate", HW_ECONFIG, "S3 Accelerate cannot be used with an access point"},
    {"S3 MRAP does not support dual-stack", HW_ECONFIG,
     "dual-stack cannot be used with an access point of several regions"},
    {"S3 MRAP does not support FIPS", HW_ECONFIG, "FIPS cannot be used with an access point of several regions"},
    {"S3 MRAP does not support S3 Accelerate", HW_ECONFIG,
     "S3 Accelerate cannot be used with an access point of several regions"},
    {"Invalid configuration: Multi-Region Access Point ARNs are disabled.", HW_ECONFIG,
     "switched off by s3_disable_multiregion_access_points"},
    {"S3 Object Lambda does not support Dual-stack", HW_ECONFIG, "dual-stack cannot be used with S3 Object Lambda"},
    {"S3 Object Lambda does not support S3 Accelerate", HW_ECONFIG,
     "S3 Accelerate cannot be used with S3 Object Lambda"},
    {"S3 Outposts does not support Dual-stack", HW_ECONFIG, "dual-stack cannot be used with S3 on Outposts"},
    {"S3 Outposts does not support FIPS", HW_ECONFIG, "FIPS cannot be used with S3 on Outposts"},
    {"S3 Outposts does not support S3 Accelerate", HW_ECONFIG, "S3 Accelerate cannot be used with S3 on Outposts"},
    {"S3Express does not support S3 Accelerate.", HW_ECONFIG, "S3 Accelerate cannot be used with the directory"},
    {"Expected a endpoint to be specified but no endpoint was found", HW_ECONFIG, "a custom endpoint must be named"},
    {"S3Express bucket name is not a valid virtual hostable name.", HW_EUSAGE, "its name cannot stand in a host name"},
    {"Unrecognized S3Express bucket name format.", HW_EUSAGE, "has no id of a zone in its name"},
    {"Access points are not supported for this operation", HW_EUSAGE, "is not a bucket that can be made or removed"},
    {"Invalid ARN: The ARN may only contain a single resource", HW_EUSAGE, "more than one name behind accesspoint"},
    {"Invalid ARN: Expected a resource of the format `accesspoint:", HW_EUSAGE, "has no name behind accesspoint"},
    {"Invalid ARN: The ARN was not for the S3 service, found: not-s3", HW_EUSAGE, "\"not-s3\", not s3"},
    {"Invalid ARN: The account id may only contain", HW_EUSAGE, "the account in the ARN is"},
    {"Invalid ARN: The access point name may only contain", HW_EUSAGE, "the name of the access point in the ARN is"},
    {"Invalid Access Point Name", HW_EUSAGE, "the name of the access point in the ARN is"},
    {"Invalid region in ARN: ", HW_EUSAGE, "the region in the ARN is"},
    {"Invalid ARN: `arn:aws:s3:us-west-2:123456789012:` was not", HW_EUSAGE, "is not a whole ARN"},
    {"Invalid ARN: No ARN type specified", HW_EUSAGE, "does not say what its resource is"},
    {"Invalid ARN: The outpost Id may only contain", HW_EUSAGE, "the id of the outpost in the ARN is"},
    {"Invalid ARN: The outpost Id must only contain", HW_EUSAGE, "the id of the outpost in the alias is"},
    {"Invalid ARN: expected an access point name", HW_EUSAGE, "there is no name of an access point"},
    {"Invalid ARN: Expected a 4-component resource", HW_EUSAGE, "it has too few names"},
    {"Expected an outpost type `accesspoint`, found not-", HW_EUSAGE, "\"not-accesspoint\" behind the outpost"},
    {"Invalid ARN: The Outpost Id was not set", HW_EUSAGE, "the ARN has no id of an outpost"},
    {"Invalid Arn: Outpost Access Point ARN contains sub", HW_EUSAGE, "more names than that of its access point"},
    {"Invalid ARN: Unrecognized format: arn:aws:sqs", HW_EUSAGE, "does not name an access point"},
    {"Invalid ARN: Object Lambda ARNs only support", HW_EUSAGE, "\"bucket_name\", but must be accesspoint"},
    {"Invalid ARN: bucket ARN is missing a region", HW_EUSAGE, "S3 Object Lambda has no region"},
    {"Invalid ARN: Missing account id", HW_EUSAGE, "the ARN has no account"},
    {"Invalid Outposts Bucket alias", HW_EUSAGE, "is not a valid bucket's name"},
    {"Unrecognized hardware type: \"Expected hardware type o or e but got h\"", HW_EUSAGE,
     "names the hardware h, not e or o"},
};

static size_t wording_of(const char *aws) {
    for (size_t i = 0; i < COUNT_OF(wordings); i++) {
        if (strncmp(wordings[i].aws, aws, strlen(wordings[i].aws)) == 0) {
            return i;
        }
    }
    fail_msg("no wording for '%s'", aws);
    return 0;
}

static bool flag(const json_t *params, const char *name) {
    return json_is_true(json_object_get(params, name));
}

static struct hw_endpoint_params case_params(const json_t *json) {
    struct hw_endpoint_params params = {
        .region = json_string_value(json_object_get(json, "Region")),
        .bucket = json_string_value(json_object_get(json, "Bucket")),
        .endpoint_url = json_string_value(json_object_get(json, "Endpoint")),
        .addressing = flag(json, "ForcePathStyle") ? HW_ADDRESSING_PATH : HW_ADDRESSING_VIRTUAL,
        .dualstack = flag(json, "UseDualStack"),
        .fips = flag(json, "UseFIPS"),
        .accelerate = flag(json, "Accelerate"),
        /* Both are set for CreateBucket, and one of them for DeleteBucket. */
        .control = flag(json, "UseS3ExpressControlEndpoint") || flag(json, "DisableAccessPoints"),
        .arn_region_off = json_is_false(json_object_get(json, "UseArnRegion")),
        .multi_region_off = flag(json, "DisableMultiRegionAccessPoints"),
        .express_session_off = flag(json, "DisableS3ExpressSessionAuth"),
    };
    /*
     * The old us-east-1 without its name is what aws-global is now (but for accelerated
     * dual-stack).
     */
    if (flag(json, "UseGlobalEndpoint") && strcmp(params.region, "us-east-1") == 0 && !params.dualstack) {
        params.region = "aws-global";
    }
    return params;
}

static const char *const auth_names[] = {
    [HW_ENDPOINT_SIGV4] = "sigv4",
    [HW_ENDPOINT_SIGV4A] = "sigv4a",
    [HW_ENDPOINT_EXPRESS_SESSION] = "sigv4-s3express",
};

static void endpoint_compare(const char *name, const struct hw_endpoint *endpoint, const json_t *want) {
    const json_t *properties = json_object_get(want, "properties");
    const json_t *scheme = json_array_get(json_object_get(properties, "authSchemes"), 0);
    const json_t *region_set = json_object_get(scheme, "signingRegionSet");
    const json_t *region = region_set ? json_array_get(region_set, 0) : json_object_get(scheme, "signingRegion");
    const char *backend = json_string_value(json_object_get(properties, "backend"));
    char url[2048];

    snprintf(url, sizeof(url), "%s://%s%s", endpoint->tls ? "https" : "http", endpoint->host, endpoint->path);
    assert_row_text(name, url, json_string_value(json_object_get(want, "url")));
    assert_row_text(name, auth_names[endpoint->auth], json_string_value(json_object_get(scheme, "name")));
    assert_row_text(name, endpoint->signing_name, json_string_value(json_object_get(scheme, "signingName")));
    assert_row_text(name, endpoint->signing_region, json_string_value(region));
    assert_row_int(name, json_array_size(region_set), region_set ? 1 : 0);
    if (endpoint->directory) {
        assert_row_text(name, backend ? backend : "", "S3Express");
    }
}

static void case_run(const char *name, const json_t *test) {
    const json_t *expect = json_object_get(test, "expect");
    const char *want_error = json_string_value(json_object_get(expect, "error"));
    struct hw_endpoint_params params = case_params(json_object_get(test, "params"));
    struct hw_error err = HW_ERROR_INIT;
    struct hw_endpoint endpoint = {0};

    enum hw_status status = hw_endpoint_resolve(&params, &endpoint, &err);
    if (want_error) {
        const size_t row = wording_of(want_error);
        assert_row_int(name, status, wordings[row].status);
        assert_row_says(name, err.message, wordings[row].ours);
        return;
    }
    assert_row_text(name, err.message, "");
    endpoint_compare(name, &endpoint, json_object_get(expect, "endpoint"));
}

static void the_cases_of_aws_pass(void **state) {
    (void)state;
    const char *path = corpus_path("s3/endpoint-tests-1.json");
    if (!path) {
        corpus_skip("s3/endpoint-tests-1.json");
    }
    json_t *root = json_load_file(path, 0, NULL);
    const json_t *tests = json_object_get(root, "testCases");
    size_t run = 0;
    size_t of_lambda_functions = 0;

    for (size_t i = 0; i < json_array_size(tests); i++) {
        const json_t *test = json_array_get(tests, i);
        char name[256];
        if (flag(json_object_get(test, "params"), "UseObjectLambdaEndpoint")) {
            /* Only WriteGetObjectResponse goes there, which a Lambda function sends. */
            of_lambda_functions++;
            continue;
        }
        snprintf(name, sizeof(name), "case %zu: %s", i, json_string_value(json_object_get(test, "documentation")));
        case_run(name, test);
        run++;
    }
    json_decref(root);
    printf("endpoint cases of AWS: %zu run, %zu of what only Lambda functions send\n", run, of_lambda_functions);
    assert_int_equal(run, 384);
    assert_int_equal(of_lambda_functions, 9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_resolved),
        cmocka_unit_test(wrong_targets_are_refused),
        cmocka_unit_test(out_of_memory_is_said),
        cmocka_unit_test(the_cases_of_aws_pass),
    };
    return cmocka_run_group_tests_name("aws/endpoint", tests, NULL, NULL);
}
