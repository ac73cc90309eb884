/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials_chain.h"

#include "support/alloc_fault.h"
#include "unit/aws/request.h"
#include "unit/aws/sts_reply.h"

enum { ENV_MAX = 4 };

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config, *credentials;
    struct hw_store_options options;
    const char *want_id, *want_secret, *want_token;
} rows[] = {
    {"environment", {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"}, NULL, NULL, {0}, "AK", "SK", ""},
    {"environment before files",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {0},
     "AK",
     "SK",
     ""},
    {"AWS_PROFILE does not skip the environment",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK", "AWS_PROFILE=x"},
     NULL,
     "[x]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {0},
     "AK",
     "SK",
     ""},
    {"a profile by option does",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     "[x]\naws_access_key_id=F\naws_secret_access_key=G\n",
     {.profile = "x"},
     "F",
     "G",
     ""},
    {"empty variables are none",
     {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
     NULL,
     "[default]\naws_access_key_id=F\naws_secret_access_key=G\naws_session_token = T\n",
     {0},
     "F",
     "G",
     "T"},
    {"an empty profile is no choice",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     NULL,
     {.profile = ""},
     "AK",
     "SK",
     ""},
    {"anonymous",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"},
     NULL,
     NULL,
     {.no_sign_request = true},
     "",
     "",
     ""},
};

static void keys_are_found_in_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_credentials keys = {.access_key_id = "old"};

        home_env_set(rows[i].env, ENV_MAX);
        home_write_text(".aws/config", rows[i].config);
        home_write_text(".aws/credentials", rows[i].credentials);
        assert_ok(hw_credentials_find(&rows[i].options, &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, rows[i].want_id);
        assert_row_text(rows[i].name, keys.secret_access_key, rows[i].want_secret);
        assert_row_text(rows[i].name, keys.session_token, rows[i].want_token);
        assert_row_int(rows[i].name, keys.expires_us, 0);
    }
}

static const struct {
    const char *name;
    const char *env[ENV_MAX];
    const char *config, *credentials;
    const char *profile;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"nobody",
     {NULL},
     NULL,
     NULL,
     NULL,
     HW_EAUTH,
     "no credentials for profile \"default\" (asked: environment, role of the profile, web identity, IAM Identity "
     "Center (SSO), credentials file, login session, credential_process, config file, container, "
     "instance metadata); set AWS_ACCESS"},
    {"nobody, by option",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "[profile x]\nregion=a\n",
     NULL,
     "x",
     HW_EAUTH,
     "no credentials for profile \"x\" (asked: environment, role of the profile, web identity, IAM Identity "
     "Center (SSO), credentials file, login session, credential_process, config file, container, "
     "instance metadata; "
     "a profile that is chosen by option leaves the environment out)"},
    {"half a pair ends the chain",
     {"AWS_ACCESS_KEY_ID=AK"},
     NULL,
     "[default]\naws_access_key_id=A\naws_secret_access_key=B\n",
     NULL,
     HW_EAUTH,
     "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"},
    {"profile by option is not there",
     {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=sesame"},
     "[profile prod]\n",
     NULL,
     "prdo",
     HW_ECONFIG,
     "no profile \"prdo\" in the AWS config and credentials files, did you mean \"prod\"?"},
};

static void what_is_missing_is_said_and_no_secret(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const char *name = bad_rows[i].name;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_store_options options = {.profile = bad_rows[i].profile};
        char line[2048];

        home_env_set(bad_rows[i].env, ENV_MAX);
        home_write_text(".aws/config", bad_rows[i].config);
        home_write_text(".aws/credentials", bad_rows[i].credentials);
        assert_row_int(name, hw_credentials_find(&options, &keys, &err), bad_rows[i].want);
        assert_row_says(name, err.message, bad_rows[i].says);
        assert_row_text(name, keys.access_key_id, "untouched");
        assert_row_text(name, keys.secret_access_key, "");
        hw_error_format(&err, line, sizeof(line));
        assert_null(strstr(line, "sesame"));
        assert_true(strlen(err.message) < sizeof(err.message) - 1); /* nothing was cut off */
    }
}

/* One service plays all of them, and each gives a key that says who was asked. */
#define JSON_KEYS(id)                                                                                           \
    "\"AccessKeyId\": \"" id "\", \"SecretAccessKey\": \"sesame\", \"Token\": \"T\", \"SessionToken\": \"T\", " \
    "\"Expiration\": \"2015-08-30T13:36:00Z\""
static const struct http_reply services[] = {
    {.match = "POST /assume/ ", .status = 200, .body = STS_ASSUMED("role"), .times = -1},
    {.match = "POST /show/ ", .status = 200, .body = STS_SHOWN("web"), .times = -1},
    {.match = "GET /federation/credentials",
     .status = 200,
     .body = "{\"roleCredentials\": {\"accessKeyId\": \"sso\", \"secretAccessKey\": \"sesame\", \"sessionToken\": "
             "\"T\", \"expiration\": 1440941760000}}",
     .times = -1},
    {.match = "GET /container ", .status = 200, .body = "{" JSON_KEYS("container") "}", .times = -1},
    {.match = "PUT /latest/api/token ", .status = 200, .body = "TOKEN", .times = -1},
    {.match = "GET /latest/meta-data/iam/security-credentials/ ", .status = 200, .body = "r", .times = -1},
    {.match = "security-credentials/r ", .status = 200, .body = "{" JSON_KEYS("instance") "}", .times = -1},
};

/* What each provider needs, in the order of the chain. `variable` gets the server's URL. */
static const struct {
    const char *id;
    const char *env[ENV_MAX];
    const char *variable, *path;
    const char *config, *credentials; /* lines of the default profile */
    const char *file, *text;
} parts[] = {
    {.id = "environment", .env = {"AWS_ACCESS_KEY_ID=environment", "AWS_SECRET_ACCESS_KEY=sesame"}},
    {.id = "role",
     .variable = "AWS_ENDPOINT_URL_STS",
     .path = "/assume",
     .config = "role_arn = arn:r\nsource_profile = source\n"},
    {.id = "web",
     .env = {"AWS_WEB_IDENTITY_TOKEN_FILE=token", "AWS_ROLE_ARN=arn:w"},
     .variable = "AWS_ENDPOINT_URL_STS",
     .path = "/show",
     .file = "token",
     .text = "open.sesame"},
    {.id = "sso",
     .variable = "AWS_ENDPOINT_URL_SSO",
     .path = "",
     .config = "sso_session = dev\nsso_account_id = 1\nsso_role_name = r\n",
     .file = ".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json",
     .text = "{\"accessToken\": \"open.sesame\", \"expiresAt\": \"2015-08-30T13:36:00Z\"}"},
    {.id = "credentials", .credentials = "aws_access_key_id = credentials\naws_secret_access_key = sesame\n"},
    {.id = "login",
     .config = "login_session = arn:aws:iam::123456789012:user/me\n",
     .file = ".aws/login/cache/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json",
     .text = "{\"accessToken\": {\"accessKeyId\": \"login\", \"secretAccessKey\": \"sesame\", \"sessionToken\": \"T\", "
             "\"expiresAt\": \"2015-08-30T13:36:00Z\"}}"},
    {.id = "process", .config = "credential_process = printf '{\"Version\": 1, " JSON_KEYS("process") "}'\n"},
    {.id = "config", .config = "aws_access_key_id = config\naws_secret_access_key = sesame\n"},
    {.id = "container", .variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI", .path = "/container"},
    {.id = "instance",
     .env = {"AWS_EC2_METADATA_DISABLED=false"},
     .variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT",
     .path = ""},
};

/* Lays out all parts from `first` on; those before are not there. */
static void parts_lay_out(size_t first, const struct http_server *server) {
    char config[4096] = "[profile source]\naws_access_key_id = source\naws_secret_access_key = sesame\n"
                        "[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = u\n[default]\n";
    char credentials[512] = "[default]\n";
    home_env_clear();
    for (size_t i = COUNT_OF(parts); i-- > first;) {
        const size_t used = strlen(config);
        snprintf(config + used, sizeof(config) - used, "%s", parts[i].config ? parts[i].config : "");
        snprintf(credentials + strlen(credentials), sizeof(credentials) - strlen(credentials), "%s",
                 parts[i].credentials ? parts[i].credentials : "");
        for (size_t at = 0; at < ENV_MAX && parts[i].env[at]; at++) {
            char name[64];
            const size_t bytes = strcspn(parts[i].env[at], "=");
            snprintf(name, sizeof(name), "%.*s", (int)bytes, parts[i].env[at]);
            setenv(name, parts[i].env[at] + bytes + 1, 1);
        }
        if (parts[i].variable) {
            asked_server_set(parts[i].variable, server, parts[i].path);
        }
        if (parts[i].file) {
            home_write_text(parts[i].file, parts[i].text);
        }
    }
    home_write_text(".aws/config", config);
    home_write_text(".aws/credentials", credentials);
}

static void each_is_asked_where_none_before_has_keys(void **state) {
    (void)state;
    struct http_server *server = http_server_start(services, COUNT_OF(services));
    assert_int_equal(chdir(home_dir), 0);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        parts_lay_out(i, server);
        assert_ok(hw_credentials_find(NULL, &keys, &err), err);
        assert_row_text(parts[i].id, keys.access_key_id, parts[i].id);
    }
    assert_int_equal(chdir("/"), 0);
    http_server_stop(server);
}

static const struct {
    const char *source; /* line of the profile of a role */
    const char *want;   /* the key that signs its request, or the reason why there is none */
    enum hw_status status;
} source_rows[] = {
    {"credential_source = Environment", "Credential=environment/", HW_OK},
    {"credential_source = EcsContainer", "Credential=container/", HW_OK},
    {"credential_source = Ec2InstanceMetadata", "Credential=instance/", HW_OK},
    {"source_profile = s\n[profile s]\ncredential_process = printf '{\"Version\": 1, " JSON_KEYS("process") "}'",
     "Credential=process/", HW_OK},
    {"credential_source = Elsewhere", "credential_source is \"Elsewhere\", but must be Environment, EcsContainer or",
     HW_ECONFIG},
    {"source_profile = s\n[profile s]\nregion = x", "profile \"s\": it is a source_profile, but has no keys", HW_EAUTH},
};

static void roles_have_sources(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(source_rows); i++) {
        struct http_server *server = http_server_start(services, COUNT_OF(services));
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        char config[1024];
        parts_lay_out(COUNT_OF(parts) - 2, server);
        snprintf(config, sizeof(config), "[profile x]\nrole_arn = arn:r\n%s\n", source_rows[i].source);
        home_write_text(".aws/config", config);
        setenv("AWS_ACCESS_KEY_ID", "environment", 1);
        setenv("AWS_SECRET_ACCESS_KEY", "sesame", 1);
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "/assume");
        assert_row_int(source_rows[i].source,
                       hw_credentials_find(&(struct hw_store_options){.profile = "x"}, &keys, &err),
                       source_rows[i].status);
        const char *head = http_server_head(server, "POST /assume/", 0);
        assert_row_says(source_rows[i].source, head ? head : err.message, source_rows[i].want);
        assert_row_text(source_rows[i].source, keys.access_key_id, source_rows[i].status ? "" : "role");
        http_server_stop(server);
    }
}

/* What is found, or why nothing is, where no allocation fails. */
static const struct {
    const char *name;
    const char *config;
    enum hw_status want;
} memory_rows[] = {
    {"a process", "credential_process = printf '{\"Version\": 1, " JSON_KEYS("process") "}'\n", HW_OK},
    {"a login session", "login_session = arn:aws:iam::123456789012:user/me\n", HW_OK},
    {"a token that is over", "sso_start_url = dev\nsso_region = r\nsso_account_id = 1\nsso_role_name = r\n", HW_EAUTH},
    {"a web identity without a file", "role_arn = r\nweb_identity_token_file = /nowhere\n", HW_EAUTH},
};

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(memory_rows); i++) {
        char config[1024];
        bool fired = true;
        home_env_clear();
        home_write_text(parts[3].file, "{\"accessToken\": \"open.sesame\", \"expiresAt\": \"2015-08-30T12:00:00Z\"}");
        home_write_text(parts[5].file, parts[5].text);
        snprintf(config, sizeof(config), "[default]\n%s", memory_rows[i].config);
        home_write_text(".aws/config", config);
        for (size_t successes = 0; fired; successes++) {
            struct hw_credentials keys = {.access_key_id = "untouched"};
            struct hw_error err = HW_ERROR_INIT;
            struct alloc_fault fault;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = hw_credentials_find(NULL, &keys, &err);
            fired = alloc_fault_end(&fault);
            assert_row_int(memory_rows[i].name, status, fired ? HW_ENOMEM : memory_rows[i].want);
            assert_row_int(memory_rows[i].name, strcmp(keys.access_key_id, "untouched") == 0, status != HW_OK);
            assert_true(successes < 1000);
        }
    }
}

/* The same where services are asked, whose client allocates on a thread of its own. */
static void every_allocation_may_fail_while_a_service_is_asked(void **state) {
    (void)state;
    static const size_t firsts[] = {1, 3, 8, 9};
    struct http_server *server = http_server_start(services, COUNT_OF(services));
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        bool fired = true;
        parts_lay_out(firsts[i], server);
        unsetenv("AWS_WEB_IDENTITY_TOKEN_FILE");
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "/assume");
        for (size_t successes = 0; fired; successes++) {
            struct hw_credentials keys = {.access_key_id = "untouched"};
            struct hw_error err = HW_ERROR_INIT;
            struct alloc_fault fault;
            alloc_fault_begin(&fault, successes);
            enum hw_status status = hw_credentials_find(NULL, &keys, &err);
            fired = alloc_fault_end(&fault);
            assert_row_int(parts[firsts[i]].id, status, fired ? HW_ENOMEM : HW_OK);
            assert_row_text(parts[firsts[i]].id, keys.access_key_id, fired ? "untouched" : parts[firsts[i]].id);
            assert_true(successes < 1000);
        }
    }
    http_server_stop(server);
}

static bool stop_at_once(void *ctx) {
    (void)ctx;
    return true;
}

/* Whatever is waited for, a search ends where it is told to. */
static void a_stop_is_heeded_by_each(void **state) {
    (void)state;
    const struct http_reply silent = {.stall = true, .times = -1};
    static const size_t firsts[] = {1, 3, 6, 8, 9};
    struct http_server *server = http_server_start(&silent, 1);
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        const struct hw_store_options options = {.cancelled = stop_at_once};
        struct hw_credentials keys;
        struct hw_error err = HW_ERROR_INIT;
        parts_lay_out(firsts[i], server);
        unsetenv("AWS_WEB_IDENTITY_TOKEN_FILE");
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "/assume");
        if (strcmp(parts[firsts[i]].id, "process") == 0) {
            home_write_text(".aws/config", "[default]\ncredential_process = sleep 5\n");
            home_write_text(".aws/credentials", NULL);
        }
        assert_row_int(parts[firsts[i]].id, hw_credentials_find(&options, &keys, &err), HW_ECANCELLED);
    }
    http_server_stop(server);
}

static void no_options_are_those_of_a_default(void **state) {
    (void)state;
    static const char *const env[] = {"AWS_ACCESS_KEY_ID=AK", "AWS_SECRET_ACCESS_KEY=SK"};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_credentials keys = {0};

    home_env_set(env, COUNT_OF(env));
    assert_ok(hw_credentials_find(NULL, &keys, &err), err);
    assert_string_equal(keys.access_key_id, "AK");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_found_in_order, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said_and_no_secret, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(each_is_asked_where_none_before_has_keys, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(roles_have_sources, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail_while_a_service_is_asked, asked_setup,
                                        asked_teardown),
        cmocka_unit_test_setup_teardown(a_stop_is_heeded_by_each, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(no_options_are_those_of_a_default, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_chain", tests, NULL, NULL);
}
