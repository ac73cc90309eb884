/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/settings.h"

#include "unit/aws/home.h"

enum { ENV_MAX = 4 };

/* Every source of every setting; members that are not named have their default. */
static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config;
    struct hw_store_options options;
    struct hw_aws_settings want;
} rows[] = {
    {"nothing", {NULL}, NULL, {0}, {.profile = "default", .region = "us-east-1"}},
    {"all from the profile",
     {NULL},
     "[profile x]\nregion = eu-west-1\nendpoint_url = http://h:1\nca_bundle = /ca\nmax_attempts = 7\n"
     "use_dualstack_endpoint = true\n"
     "use_fips_endpoint = True\ns3 =\n  addressing_style = virtual\n  use_accelerate_endpoint = true\n",
     {.profile = "x"},
     {.profile = "x",
      .region = "eu-west-1",
      .endpoint_url = "http://h:1",
      .ca_bundle = "/ca",
      .addressing = HW_ADDRESSING_VIRTUAL,
      .attempts_max = 7,
      .dualstack = true,
      .fips = true,
      .accelerate = true}},
    {"kinds of buckets, from the profile",
     {NULL},
     "[default]\ns3_use_arn_region = false\ns3_disable_multiregion_access_points = true\n"
     "s3_disable_express_session_auth = true\n",
     {0},
     {.profile = "default",
      .region = "us-east-1",
      .arn_region_off = true,
      .multi_region_off = true,
      .express_session_off = true}},
    {"kinds of buckets, below s3",
     {NULL},
     "[default]\ns3 =\n  use_arn_region = false\n  s3_disable_multiregion_access_points = true\n",
     {0},
     {.profile = "default", .region = "us-east-1", .arn_region_off = true, .multi_region_off = true}},
    {"kinds of buckets, by variables",
     {"AWS_S3_USE_ARN_REGION=true", "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS=true",
      "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH=true"},
     "[default]\ns3_use_arn_region = false\n",
     {0},
     {.profile = "default", .region = "us-east-1", .multi_region_off = true, .express_session_off = true}},
    {"the profile by variable",
     {"AWS_PROFILE=x"},
     "[profile x]\nregion = eu-west-1\n",
     {0},
     {.profile = "x", .region = "eu-west-1"}},
    {"options before all",
     {"AWS_REGION=r1", "AWS_ENDPOINT_URL_S3=http://e", "AWS_CA_BUNDLE=/e", "AWS_MAX_ATTEMPTS=9"},
     "[default]\nregion = r2\ns3 =\n  addressing_style = virtual\n",
     {.region = "r0",
      .endpoint_url = "http://o",
      .ca_bundle = "/o",
      .attempts_max = 5000,
      .addressing = HW_ADDRESSING_PATH},
     {.profile = "default",
      .region = "r0",
      .endpoint_url = "http://o",
      .ca_bundle = "/o",
      .attempts_max = 5000,
      .addressing = HW_ADDRESSING_PATH}},
    {"variables before the profile",
     {"AWS_DEFAULT_REGION=r1", "AWS_ENDPOINT_URL=http://e", "AWS_CA_BUNDLE=/e", "AWS_MAX_ATTEMPTS=9"},
     "[default]\nregion = r2\nendpoint_url = http://p\nca_bundle = /p\nmax_attempts = 2\n",
     {0},
     {.profile = "default", .region = "r1", .endpoint_url = "http://e", .ca_bundle = "/e", .attempts_max = 9}},
    {"false in a variable before true in the profile",
     {"AWS_USE_DUALSTACK_ENDPOINT=false", "AWS_USE_FIPS_ENDPOINT=FALSE"},
     "[default]\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\n",
     {0},
     {.profile = "default", .region = "us-east-1"}},
    {"AWS_REGION before AWS_DEFAULT_REGION",
     {"AWS_DEFAULT_REGION=r1", "AWS_REGION=r2"},
     NULL,
     {0},
     {.profile = "default", .region = "r2"}},
    {"empty variables and options are none",
     {"AWS_REGION=", "AWS_MAX_ATTEMPTS="},
     "[default]\nregion = r2\n",
     {.region = "", .endpoint_url = "", .ca_bundle = ""},
     {.profile = "default", .region = "r2"}},
    {"S3's endpoint before all services'",
     {"AWS_ENDPOINT_URL=http://all", "AWS_ENDPOINT_URL_S3=http://s3"},
     NULL,
     {0},
     {.profile = "default", .region = "us-east-1", .endpoint_url = "http://s3"}},
    {"variable for all services before the profile's S3",
     {"AWS_ENDPOINT_URL=http://all"},
     "[default]\nservices = my\n[services my]\ns3 =\n  endpoint_url = http://p\n",
     {0},
     {.profile = "default", .region = "us-east-1", .endpoint_url = "http://all"}},
    {"the profile's S3 before its endpoint",
     {NULL},
     "[default]\nendpoint_url = http://q\nservices = my\n[services my]\ns3 =\n  endpoint_url = http://p\n",
     {0},
     {.profile = "default", .region = "us-east-1", .endpoint_url = "http://p"}},
    {"configured endpoints ignored",
     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "AWS_ENDPOINT_URL_S3=http://s3"},
     "[default]\nendpoint_url = http://q\n",
     {0},
     {.profile = "default", .region = "us-east-1"}},
    {"ignored by the profile, not the option",
     {"AWS_ENDPOINT_URL_S3=http://s3"},
     "[default]\nignore_configured_endpoint_urls = true\n",
     {.endpoint_url = "http://o"},
     {.profile = "default", .region = "us-east-1", .endpoint_url = "http://o"}},
    {"dual-stack below s3",
     {NULL},
     "[default]\ns3 =\n  use_dualstack_endpoint = true\n  addressing_style = auto\n",
     {0},
     {.profile = "default", .region = "us-east-1", .dualstack = true}},
};

static void settings_come_from_the_first_source(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = rows[i].name;
        const struct hw_aws_settings *want = &rows[i].want;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_aws_settings got;

        home_env_set(rows[i].env, ENV_MAX);
        home_write_text(".aws/config", rows[i].config);
        assert_ok(hw_aws_settings_resolve(&rows[i].options, &got, &err), err);
        assert_row_text(name, got.profile, want->profile);
        assert_row_text(name, got.region, want->region);
        assert_row_text(name, got.endpoint_url, want->endpoint_url);
        assert_row_text(name, got.ca_bundle, want->ca_bundle);
        assert_row_int(name, got.addressing, want->addressing);
        assert_row_int(name, got.attempts_max, want->attempts_max);
        assert_row_int(name, got.dualstack, want->dualstack);
        assert_row_int(name, got.fips, want->fips);
        assert_row_int(name, got.accelerate, want->accelerate);
        assert_row_int(name, got.arn_region_off, want->arn_region_off);
        assert_row_int(name, got.multi_region_off, want->multi_region_off);
        assert_row_int(name, got.express_session_off, want->express_session_off);
    }
}

static void no_options_are_none(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_aws_settings got;

    assert_ok(hw_aws_settings_resolve(NULL, &got, &err), err);
    assert_string_equal(got.region, "us-east-1");
}

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X256 X64 X64 X64 X64

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config;
    struct hw_store_options options;
    const char *says;
} bad_rows[] = {
    {"no such profile",
     {"AWS_PROFILE=y"},
     "[profile x]\n",
     {0},
     "no profile \"y\" in the AWS config and credentials files"},
    {"config cannot be read", {NULL}, "x\n", {0}, "a line before the first [section]"},
    {"attempts are no number",
     {"AWS_MAX_ATTEMPTS=3x"},
     NULL,
     {0},
     "AWS_MAX_ATTEMPTS is \"3x\", but must be a number from 1 to 1000"},
    {"no attempts",
     {NULL},
     "[default]\nmax_attempts = 0\n",
     {0},
     "max_attempts is \"0\", but must be a number from 1 to 1000"},
    {"too many attempts", {"AWS_MAX_ATTEMPTS=1001"}, NULL, {0}, "AWS_MAX_ATTEMPTS is \"1001\", but must be"},
    {"attempts that would wrap",
     {"AWS_MAX_ATTEMPTS=4294967299"},
     NULL,
     {0},
     "AWS_MAX_ATTEMPTS is \"4294967299\", but must be"},
    {"addressing",
     {NULL},
     "[default]\ns3 =\n  addressing_style = pth\n",
     {0},
     "s3.addressing_style is \"pth\", but must be auto, path or virtual"},
    {"dual-stack",
     {"AWS_USE_DUALSTACK_ENDPOINT=1"},
     NULL,
     {0},
     "AWS_USE_DUALSTACK_ENDPOINT is \"1\", but must be true or false"},
    {"FIPS",
     {NULL},
     "[default]\nuse_fips_endpoint = yes\n",
     {0},
     "use_fips_endpoint is \"yes\", but must be true or false"},
    {"accelerate",
     {NULL},
     "[default]\ns3 =\n  use_accelerate_endpoint = on\n",
     {0},
     "s3.use_accelerate_endpoint is \"on\", but must be"},
    {"region of ARNs",
     {"AWS_S3_USE_ARN_REGION=off"},
     NULL,
     {0},
     "AWS_S3_USE_ARN_REGION is \"off\", but must be true or false"},
    {"ignore",
     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=x"},
     NULL,
     {0},
     "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is \"x\", but must be"},
    {"long region", {"AWS_REGION=" X64}, NULL, {0}, "AWS_REGION is longer than 63 bytes"},
    {"long region by option", {NULL}, NULL, {.region = X64}, "the region is longer than 63 bytes"},
    {"long endpoint",
     {"AWS_ENDPOINT_URL=" X256 X256 X256 X256 X256},
     NULL,
     {0},
     "AWS_ENDPOINT_URL is longer than 1279 bytes"},
    {"long bundle",
     {NULL},
     NULL,
     {.ca_bundle = X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256},
     "the path of the CA bundle is longer than 4095 bytes"},
    {"long profile",
     {NULL},
     "[profile " X256 "]\n",
     {.profile = X256},
     "the name of the profile is longer than 255 bytes"},
};

static void wrong_settings_are_named(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_aws_settings got = {.region = "untouched"};

        home_env_set(bad_rows[i].env, ENV_MAX);
        home_write_text(".aws/config", bad_rows[i].config);
        assert_row_int(bad_rows[i].name, hw_aws_settings_resolve(&bad_rows[i].options, &got, &err), HW_ECONFIG);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, got.region, "untouched");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(settings_come_from_the_first_source, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(no_options_are_none, home_setup, home_teardown),
        cmocka_unit_test_setup_teardown(wrong_settings_are_named, home_setup, home_teardown),
    };
    return cmocka_run_group_tests_name("aws/settings", tests, NULL, NULL);
}
