/* SPDX-License-Identifier: Apache-2.0 */
/* Which profiles lead to which keys is what AssumeRoleProvider of botocore 1.44.8 says. */
#include "aws/credentials_assume_role.h"

#include "unit/aws/request.h"
#include "unit/aws/sts_reply.h"

enum { REPLIES_MAX = 2 };

/* The sources that the roles of the rows ask: they tell who was asked by the key that they give. */
static enum hw_status keys_of(hw_view name, struct hw_credentials *out_keys, struct hw_error *err) {
    struct hw_credentials keys = {.secret_access_key = "sesame-of-source"};
    if (hw_view_equal(name, HW_VIEW("empty"))) {
        return hw_fail(err, HW_ENOTFOUND, "nobody");
    }
    if (hw_view_equal(name, HW_VIEW("broken"))) {
        return hw_fail(err, HW_EAUTH, "half a pair");
    }
    snprintf(keys.access_key_id, sizeof(keys.access_key_id), "KEY-OF-%.*s", (int)name.size, name.data);
    *out_keys = keys;
    return HW_OK;
}

static enum hw_status of_profile(const struct hw_credentials_request *request, struct hw_credentials *out_keys,
                                 struct hw_error *err) {
    assert_true(request->profile_alone);
    return keys_of(hw_view_of(request->profile), out_keys, err);
}

static enum hw_status by_name(const struct hw_credentials_request *request, hw_view name,
                              struct hw_credentials *out_keys, struct hw_error *err) {
    (void)request;
    return keys_of(name, out_keys, err);
}

static const struct hw_credentials_sources sources = {of_profile, by_name};

static enum hw_status find(const char *config, const char *profile, struct hw_credentials *out_keys,
                           struct hw_error *err) {
    struct asked asked;
    home_write_text(".aws/config", config);
    asked_open(&asked, profile);
    asked.request.sources = &sources;
    enum hw_status status = hw_credentials_assume_role.find(&asked.request, out_keys, err);
    asked_close(&asked);
    return status;
}

#define ROLE(name, more) "[profile " name "]\nrole_arn = arn:" name "\n" more
#define KEYS(name) "[profile " name "]\naws_access_key_id = A\naws_secret_access_key = B\n"

static const struct {
    const char *name;
    const char *config;
    const char *want_first;            /* the key that the first request is signed with */
    const char *want_arn[REPLIES_MAX]; /* of the roles that are taken on */
} rows[] = {
    {"by another profile", ROLE("x", "source_profile = y\n") KEYS("y"), "KEY-OF-y", {"arn%3Ax"}},
    {"by the profile itself",
     ROLE("x", "source_profile = x\naws_access_key_id = A\naws_secret_access_key = B\n"),
     "KEY-OF-x",
     {"arn%3Ax"}},
    {"by two roles",
     ROLE("x", "source_profile = y\n") ROLE("y", "source_profile = z\n") KEYS("z"),
     "KEY-OF-z",
     {"arn%3Ay", "arn%3Ax"}},
    {"keys of a source come before its role",
     ROLE("x", "source_profile = y\n")
         ROLE("y", "source_profile = z\naws_access_key_id = A\naws_secret_access_key = B\n") KEYS("z"),
     "KEY-OF-y",
     {"arn%3Ax"}},
    {"a source with a web identity is no role",
     ROLE("x", "source_profile = y\n") ROLE("y", "web_identity_token_file = /t\n"),
     "KEY-OF-y",
     {"arn%3Ax"}},
    {"a source of another kind",
     ROLE("x", "source_profile = y\n") "[profile y]\nregion = z\n",
     "KEY-OF-y",
     {"arn%3Ax"}},
    {"by name", ROLE("x", "credential_source = EcsContainer\n"), "KEY-OF-EcsContainer", {"arn%3Ax"}},
    {"a role by a role by name",
     ROLE("x", "source_profile = y\n") ROLE("y", "credential_source = Environment\n"),
     "KEY-OF-Environment",
     {"arn%3Ay", "arn%3Ax"}},
};

static void roles_are_taken_on_one_after_the_other(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply replies[] = {{.status = 200, .body = STS_ASSUMED("FIRST")},
                                             {.status = 200, .body = STS_ASSUMED("SECOND")}};
        struct http_server *server = http_server_start(replies, COUNT_OF(replies));
        const size_t roles = rows[i].want_arn[1] ? 2 : 1;
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        char credential[64];
        size_t bytes;
        home_env_clear();
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
        assert_ok(find(rows[i].config, "x", &keys, &err), err);
        assert_row_text(rows[i].name, keys.access_key_id, roles == 2 ? "SECOND" : "FIRST");
        assert_row_int(rows[i].name, http_server_count(server, "POST"), roles);
        snprintf(credential, sizeof(credential), "Credential=%s/", rows[i].want_first);
        assert_row_says(rows[i].name, http_server_head(server, "POST", 0), credential);
        for (size_t at = 0; at < roles; at++) {
            assert_row_says(rows[i].name, http_server_body(server, "POST", at, &bytes), rows[i].want_arn[at]);
        }
        if (roles == 2) {
            assert_row_says(rows[i].name, http_server_head(server, "POST", 1), "Credential=FIRST/");
            assert_row_says(rows[i].name, http_server_head(server, "POST", 1), "X-Amz-Security-Token: token-of-FIRST");
        }
        http_server_stop(server);
    }
}

static void what_a_profile_says_of_its_role_is_sent(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 200, .body = STS_ASSUMED("AK")};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_credentials keys = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t bytes;
    home_env_clear();
    asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
    assert_ok(find(ROLE("x", "source_profile = y\nexternal_id = 42\nduration_seconds = 900\nrole_session_name = me\n")
                       KEYS("y"),
                   "x", &keys, &err),
              err);
    assert_string_equal(http_server_body(server, "POST", 0, &bytes),
                        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Ax&RoleSessionName=me&ExternalId=42"
                        "&DurationSeconds=900");
    http_server_stop(server);
}

static const struct {
    const char *name;
    const char *config;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"no role", "[profile x]\nregion = y\n", HW_ENOTFOUND, "no role_arn"},
    {"a web identity", ROLE("x", "web_identity_token_file = /t\n"), HW_ENOTFOUND, "no role_arn"},
    {"no source", ROLE("x", ""), HW_ECONFIG,
     "profile \"x\": role_arn needs source_profile or credential_source, and neither is set"},
    {"two sources", ROLE("x", "source_profile = y\ncredential_source = Environment\n") KEYS("y"), HW_ECONFIG,
     "but both are set"},
    {"a source that is not there", ROLE("x", "source_profile = yy\n") KEYS("y"), HW_ECONFIG,
     "profile \"x\": source_profile: there is no profile \"yy\""},
    {"itself without keys", ROLE("x", "source_profile = x\n"), HW_ECONFIG,
     "profile \"x\": source_profile: profile \"x\" leads back to itself"},
    {"a loop", ROLE("x", "source_profile = y\n") ROLE("y", "source_profile = z\n") ROLE("z", "source_profile = x\n"),
     HW_ECONFIG, "profile \"z\": source_profile: profile \"x\" leads back to itself"},
    {"a loop of others",
     ROLE("x", "source_profile = y\n") ROLE("y", "source_profile = z\n") ROLE("z", "source_profile = y\n"), HW_ECONFIG,
     "profile \"z\": source_profile: profile \"y\" leads back to itself"},
    {"an MFA device", ROLE("x", "source_profile = y\nmfa_serial = arn:m\n") KEYS("y"), HW_EAUTH,
     "profile \"x\": its role asks for the code of an MFA device (mfa_serial)"},
    {"an MFA device of a source", ROLE("x", "source_profile = y\n") ROLE("y", "source_profile = z\nmfa_serial = m\n"),
     HW_EAUTH, "profile \"y\": its role asks for the code"},
    {"a source without keys", ROLE("x", "source_profile = empty\n") "[profile empty]\nregion = z\n", HW_EAUTH,
     "profile \"empty\": it is a source_profile, but has no keys"},
    {"a name without keys", ROLE("x", "credential_source = empty\n"), HW_EAUTH,
     "profile \"x\": its credential_source \"empty\" has no keys"},
    {"a source that fails", ROLE("x", "source_profile = broken\n") "[profile broken]\nregion = z\n", HW_EAUTH,
     "half a pair"},
    {"a time that is none", ROLE("x", "source_profile = y\nduration_seconds = day\n") KEYS("y"), HW_ECONFIG,
     "profile \"x\": duration_seconds is \"day\", but must be a number from 1 to 43200"},
    {"refused", ROLE("x", "source_profile = y\n") KEYS("y"), HW_EAUTH,
     "profile \"x\": role \"arn:x\": STS refuses to hand out keys: \"AccessDenied\""},
};

static void what_is_wrong_is_said_before_any_request(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        const struct http_reply reply = {
            .status = 403, .body = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        home_env_clear();
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
        assert_row_int(bad_rows[i].name, find(bad_rows[i].config, "x", &keys, &err), bad_rows[i].want);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
        asked_no_secret(bad_rows[i].name, &err);
        assert_row_int(bad_rows[i].name, http_server_count(server, "POST"), strcmp(bad_rows[i].name, "refused") == 0);
        http_server_stop(server);
    }
}

static void a_chain_has_an_end(void **state) {
    (void)state;
    char config[2048] = "[profile x]\nrole_arn = r\nsource_profile = p0\n";
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;
    for (int i = 0; i < 20; i++) {
        const size_t used = strlen(config);
        snprintf(config + used, sizeof(config) - used, "[profile p%d]\nrole_arn = r\nsource_profile = p%d\n", i, i + 1);
    }
    home_env_clear();
    assert_int_equal(find(config, "x", &keys, &err), HW_ECONFIG);
    assert_row_says("long", err.message, "more than 16 profiles name each other as source_profile");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(roles_are_taken_on_one_after_the_other, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_a_profile_says_of_its_role_is_sent, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_before_any_request, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(a_chain_has_an_end, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/credentials_assume_role", tests, NULL, NULL);
}
