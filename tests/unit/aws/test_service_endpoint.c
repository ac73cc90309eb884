/* SPDX-License-Identifier: Apache-2.0 */
/* Hosts are those that the endpoint rules of botocore 1.44.8 give. */
#include "aws/service_endpoint.h"

#include "unit/aws/request.h"

enum { ENV_MAX = 3 };

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config;
    enum hw_service service;
    const char *region;
    const char *want_url; /* of the path "/x" */
    const char *want_region;
} rows[] = {
    {"sts", {NULL}, NULL, HW_SERVICE_STS, "us-west-2", "https://sts.us-west-2.amazonaws.com/x", "us-west-2"},
    {"sts, fips",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_STS,
     "us-west-2",
     "https://sts-fips.us-west-2.amazonaws.com/x",
     "us-west-2"},
    {"sts, dual stack",
     {"AWS_USE_DUALSTACK_ENDPOINT=true"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "https://sts.eu-west-1.api.aws/x",
     "eu-west-1"},
    {"sts, both",
     {"AWS_USE_DUALSTACK_ENDPOINT=true", "AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_STS,
     "us-gov-west-1",
     "https://sts-fips.us-gov-west-1.api.aws/x",
     "us-gov-west-1"},
    {"sts, fips in gov",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_STS,
     "us-gov-east-1",
     "https://sts.us-gov-east-1.amazonaws.com/x",
     "us-gov-east-1"},
    {"sts, china",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "cn-north-1",
     "https://sts.cn-north-1.amazonaws.com.cn/x",
     "cn-north-1"},
    {"sts, global", {NULL}, NULL, HW_SERVICE_STS, "aws-global", "https://sts.amazonaws.com/x", "us-east-1"},
    {"sts, legacy",
     {"AWS_STS_REGIONAL_ENDPOINTS=legacy"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "https://sts.amazonaws.com/x",
     "us-east-1"},
    {"sts, legacy by profile",
     {NULL},
     "[default]\nsts_regional_endpoints = legacy\n",
     HW_SERVICE_STS,
     "us-west-2",
     "https://sts.amazonaws.com/x",
     "us-east-1"},
    {"sts, legacy, but a new region",
     {"AWS_STS_REGIONAL_ENDPOINTS=legacy"},
     NULL,
     HW_SERVICE_STS,
     "af-south-1",
     "https://sts.af-south-1.amazonaws.com/x",
     "af-south-1"},
    {"sts, legacy, fips",
     {"AWS_STS_REGIONAL_ENDPOINTS=legacy", "AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "https://sts-fips.eu-west-1.amazonaws.com/x",
     "eu-west-1"},
    {"sso", {NULL}, NULL, HW_SERVICE_SSO, "eu-west-1", "https://portal.sso.eu-west-1.amazonaws.com/x", "eu-west-1"},
    {"sso, fips",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO,
     "us-east-1",
     "https://portal.sso-fips.us-east-1.amazonaws.com/x",
     "us-east-1"},
    {"sso, fips in gov",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO,
     "us-gov-west-1",
     "https://portal.sso.us-gov-west-1.amazonaws.com/x",
     "us-gov-west-1"},
    {"sso, iso, dual stack",
     {"AWS_USE_DUALSTACK_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO,
     "us-iso-east-1",
     "https://portal.sso.us-iso-east-1.api.aws.ic.gov/x",
     "us-iso-east-1"},
    {"oidc",
     {NULL},
     NULL,
     HW_SERVICE_SSO_OIDC,
     "eusc-de-east-1",
     "https://oidc.eusc-de-east-1.amazonaws.eu/x",
     "eusc-de-east-1"},
    {"oidc, fips",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO_OIDC,
     "us-isob-east-1",
     "https://oidc-fips.us-isob-east-1.sc2s.sgov.gov/x",
     "us-isob-east-1"},
    {"sign-in", {NULL}, NULL, HW_SERVICE_SIGNIN, "us-east-1", "https://us-east-1.signin.aws.amazon.com/x", "us-east-1"},
    {"sign-in, china",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "cn-north-1",
     "https://cn-north-1.signin.amazonaws.cn/x",
     "cn-north-1"},
    {"sign-in, fips",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SIGNIN,
     "eu-west-1",
     "https://signin-fips.eu-west-1.amazonaws.com/x",
     "eu-west-1"},
    {"sign-in, fips in gov",
     {"AWS_USE_FIPS_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SIGNIN,
     "us-gov-west-1",
     "https://signin-fips.amazonaws-us-gov.com/x",
     "us-gov-west-1"},
    {"sign-in, dual stack",
     {"AWS_USE_DUALSTACK_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SIGNIN,
     "cn-north-1",
     "https://signin.cn-north-1.api.amazonwebservices.com.cn/x",
     "cn-north-1"},
    {"sts, isoe",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "eu-isoe-west-1",
     "https://sts.eu-isoe-west-1.cloud.adc-e.uk/x",
     "eu-isoe-west-1"},
    {"sign-in, isoe",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "eu-isoe-west-1",
     "https://eu-isoe-west-1.signin.csphome.adc-e.uk/x",
     "eu-isoe-west-1"},
    {"sts, isof",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "us-isof-south-1",
     "https://sts.us-isof-south-1.csp.hci.ic.gov/x",
     "us-isof-south-1"},
    {"sign-in, isof",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "us-isof-south-1",
     "https://us-isof-south-1.signin.csphome.hci.ic.gov/x",
     "us-isof-south-1"},
    {"sts, isob",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "us-isob-east-1",
     "https://sts.us-isob-east-1.sc2s.sgov.gov/x",
     "us-isob-east-1"},
    {"sign-in, isob",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "us-isob-east-1",
     "https://us-isob-east-1.signin.sc2shome.sgov.gov/x",
     "us-isob-east-1"},
    {"sts, iso",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "us-iso-east-1",
     "https://sts.us-iso-east-1.c2s.ic.gov/x",
     "us-iso-east-1"},
    {"sign-in, iso",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "us-iso-east-1",
     "https://us-iso-east-1.signin.c2shome.ic.gov/x",
     "us-iso-east-1"},
    {"sts, eusc",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "eusc-de-east-1",
     "https://sts.eusc-de-east-1.amazonaws.eu/x",
     "eusc-de-east-1"},
    {"sign-in, eusc",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "eusc-de-east-1",
     "https://eusc-de-east-1.signin.amazonaws-eusc.eu/x",
     "eusc-de-east-1"},
    {"sts, gov",
     {NULL},
     NULL,
     HW_SERVICE_STS,
     "us-gov-east-1",
     "https://sts.us-gov-east-1.amazonaws.com/x",
     "us-gov-east-1"},
    {"sign-in, gov",
     {NULL},
     NULL,
     HW_SERVICE_SIGNIN,
     "us-gov-east-1",
     "https://us-gov-east-1.signin.amazonaws-us-gov.com/x",
     "us-gov-east-1"},
    {"oidc, dual stack, eusc",
     {"AWS_USE_DUALSTACK_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO_OIDC,
     "eusc-de-east-1",
     "https://oidc.eusc-de-east-1.api.amazonwebservices.eu/x",
     "eusc-de-east-1"},
    {"oidc, dual stack, isob",
     {"AWS_USE_DUALSTACK_ENDPOINT=true"},
     NULL,
     HW_SERVICE_SSO_OIDC,
     "us-isob-east-1",
     "https://oidc.us-isob-east-1.api.aws.scloud/x",
     "us-isob-east-1"},
    {"by variable",
     {"AWS_ENDPOINT_URL_STS=http://localhost:9/base/", "AWS_ENDPOINT_URL=http://other"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "http://localhost:9/base/x",
     "eu-west-1"},
    {"by the variable of all services",
     {"AWS_ENDPOINT_URL=http://all:81"},
     NULL,
     HW_SERVICE_SSO_OIDC,
     "eu-west-1",
     "http://all:81/x",
     "eu-west-1"},
    {"that of another service does not count",
     {"AWS_ENDPOINT_URL_S3=http://s3:81"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "https://sts.eu-west-1.amazonaws.com/x",
     "eu-west-1"},
    {"by the profile's services",
     {NULL},
     "[default]\nservices = dev\nendpoint_url = http://all\n[services dev]\nsso_oidc =\n  endpoint_url = http://oidc\n",
     HW_SERVICE_SSO_OIDC,
     "eu-west-1",
     "http://oidc/x",
     "eu-west-1"},
    {"by the profile",
     {NULL},
     "[default]\nendpoint_url = http://all\n",
     HW_SERVICE_SIGNIN,
     "eu-west-1",
     "http://all/x",
     "eu-west-1"},
    {"ignored",
     {"AWS_ENDPOINT_URL_STS=http://no", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"},
     NULL,
     HW_SERVICE_STS,
     "eu-west-1",
     "https://sts.eu-west-1.amazonaws.com/x",
     "eu-west-1"},
};

static void endpoints_are_those_of_the_rules(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint;
        struct hw_buf url = {0};
        struct asked asked;
        home_env_set(rows[i].env, ENV_MAX);
        home_write_text(".aws/config", rows[i].config);
        asked_open(&asked, NULL);
        assert_ok(hw_service_endpoint_resolve(&asked.request, rows[i].service, rows[i].region, &endpoint, &err), err);
        assert_ok(hw_service_url(&endpoint, "/x", &url, &err), err);
        assert_row_text(rows[i].name, (const char *)url.data, rows[i].want_url);
        assert_row_text(rows[i].name, endpoint.signing_region, rows[i].want_region);
        hw_buf_release(&url);
        asked_close(&asked);
    }
}

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *region;
    const char *says;
} bad_rows[] = {
    {"a region that is a host",
     {NULL},
     "evil.example/",
     "the endpoint of STS: region \"evil.example/\" is not a valid"},
    {"a link-local address", {"AWS_ENDPOINT_URL_STS=http://169.254.169.254"}, "eu-west-1", "link-local"},
    {"no URL", {"AWS_ENDPOINT_URL=sts"}, "eu-west-1", "the endpoint of STS: the custom endpoint is not valid"},
    {"a mode that is none", {"AWS_STS_REGIONAL_ENDPOINTS=local"}, "eu-west-1", "\"local\", but must be regional or"},
    {"ignore or not", {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=1"}, "eu-west-1", "must be true or false"},
};

static void what_is_wrong_is_said(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_endpoint endpoint;
        struct asked asked;
        static const char *const none[] = {NULL};
        home_env_set(none, 1);
        asked_open(&asked, NULL);
        home_env_set(bad_rows[i].env, ENV_MAX);
        assert_row_int(bad_rows[i].name,
                       hw_service_endpoint_resolve(&asked.request, HW_SERVICE_STS, bad_rows[i].region, &endpoint, &err),
                       HW_ECONFIG);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        asked_close(&asked);
    }
}

static void services_have_names(void **state) {
    (void)state;
    assert_string_equal(hw_service_name(HW_SERVICE_STS), "STS");
    assert_string_equal(hw_service_name(HW_SERVICE_SIGNIN), "AWS Sign-In");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(endpoints_are_those_of_the_rules, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said, asked_setup, asked_teardown),
        cmocka_unit_test(services_have_names),
    };
    return cmocka_run_group_tests_name("aws/service_endpoint", tests, NULL, NULL);
}
