/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies and signatures are those of botocore 1.44.8: sts_vectors.py prints them. */
#include "aws/sts.h"

#include "unit/aws/request.h"

#define TYPE_LINE "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
#define KEYS                                        \
    "<Credentials><AccessKeyId>ASIA1</AccessKeyId>" \
    "<SecretAccessKey>sesame/+</SecretAccessKey>"   \
    "<SessionToken>TOK</SessionToken>"              \
    "<Expiration>2015-08-30T13:36:00Z</Expiration></Credentials>"
#define REPLY(action, inside)                                                                           \
    "<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action "Result>" inside \
    "<AssumedRoleUser><Arn>arn:x</Arn></AssumedRoleUser></" action "Result></" action "Response>"
#define ASSUMED REPLY("AssumeRole", KEYS)
#define SHOWN REPLY("AssumeRoleWithWebIdentity", KEYS)

static const struct hw_credentials source = {.access_key_id = "AKIDEXAMPLE",
                                             .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
static const struct hw_credentials source_with_token = {.access_key_id = "AKIDEXAMPLE",
                                                        .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                                        .session_token = "TOKEN/+="};

static const struct {
    const char *name;
    const char *url;
    const char *region;
    struct hw_sts_role role;
    const char *reply;
    const char *want_line;
    const char *want_body;
    const char *want_authorization; /* NULL: the request is not signed */
} rows[] = {
    {"plain",
     "http://sts.example.com",
     "us-east-1",
     {.arn = HW_VIEW_INIT("arn:aws:iam::123456789012:role/reader"), .source = &source},
     ASSUMED,
     "POST http://sts.example.com/ ",
     "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Freader"
     "&RoleSessionName=hawser-1440938160",
     "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, "
     "SignedHeaders=content-type;host;x-amz-date, "
     "Signature=34bf8fefc040cdc055b337c20431f12d81b53c6bcde55187c0b99cbf17ae1106"},
    {"all",
     "http://sts.example.com/base",
     "eu-west-1",
     {.arn = HW_VIEW_INIT("arn:aws:iam::123456789012:role/a b"),
      .session_name = HW_VIEW_INIT("me@host"),
      .source = &source_with_token,
      .external_id = HW_VIEW_INIT("x&y=z/~"),
      .duration_seconds = 900},
     ASSUMED,
     "POST http://sts.example.com/base/ ",
     "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%20b"
     "&RoleSessionName=me%40host&ExternalId=x%26y%3Dz%2F~&DurationSeconds=900",
     "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sts/aws4_request, "
     "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "
     "Signature=c9394b87c755bd87245c4253d73bf40f00e21d4d48eb5600fb07f9176cf7e660"},
    {"web identity",
     "http://sts.example.com",
     "us-east-1",
     {.arn = HW_VIEW_INIT("arn:r"), .session_name = HW_VIEW_INIT("s"), .web_identity = "a.b-c_d=="},
     SHOWN,
     "POST http://sts.example.com/ ",
     "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=s"
     "&WebIdentityToken=a.b-c_d%3D%3D",
     NULL},
};

static void requests_are_those_of_botocore(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct http_reply reply = {.status = 200, .body = rows[i].reply};
        struct http_server *server = http_server_start(&reply, 1);
        struct hw_credentials keys = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct asked asked;
        size_t bytes;
        home_env_clear();
        setenv("AWS_ENDPOINT_URL_STS", rows[i].url, 1);
        setenv("AWS_REGION", rows[i].region, 1);
        asked_server_set("http_proxy", server, "");
        asked_open(&asked, NULL);
        assert_ok(hw_sts_assume(&asked.request, &rows[i].role, &keys, &err), err);
        asked_close(&asked);
        assert_row_text(rows[i].name, keys.access_key_id, "ASIA1");
        assert_row_text(rows[i].name, keys.secret_access_key, "sesame/+");
        assert_row_text(rows[i].name, keys.session_token, "TOK");
        assert_row_int(rows[i].name, keys.expires_us, ASKED_NOW_US + INT64_C(3600) * 1000000);
        const char *head = http_server_head(server, rows[i].want_line, 0);
        assert_non_null(head);
        assert_row_says(rows[i].name, head, TYPE_LINE);
        assert_row_text(rows[i].name, http_server_body(server, "POST", 0, &bytes), rows[i].want_body);
        if (rows[i].want_authorization) {
            assert_row_says(rows[i].name, head, rows[i].want_authorization);
            assert_row_says(rows[i].name, head, "X-Amz-Date: 20150830T123600Z\r\n");
        } else {
            assert_null(strstr(head, "Authorization"));
        }
        http_server_stop(server);
    }
    unsetenv("http_proxy");
}

static const struct {
    const char *name;
    struct http_reply reply;
    enum hw_status want;
    const char *says;
} bad_rows[] = {
    {"refused",
     {.status = 403,
      .body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no sesame-source-key and "
              "sesame-token-of-source for you</Message></Error><RequestId>r</RequestId></ErrorResponse>"},
     HW_EAUTH,
     "role \"arn:r\": STS refuses to hand out keys: \"AccessDenied\", \"no *** and *** for you\""},
    {"refused without words", {.status = 400, .body = "<html>"}, HW_EAUTH, "STS refuses to hand out keys"},
    {"a redirect", {.status = 302, .headers = "Location: http://127.0.0.1:1/\r\n"}, HW_EPROTOCOL, "of another kind"},
    {"no XML", {.status = 200, .body = "hello"}, HW_EPROTOCOL, "the reply of STS"},
    {"no keys", {.status = 200, .body = REPLY("AssumeRole", "")}, HW_EPROTOCOL, "it has no SessionToken"},
    {"a key twice", {.status = 200, .body = REPLY("AssumeRole", KEYS KEYS)}, HW_EPROTOCOL, "says one thing twice"},
    {"no secret",
     {.status = 200,
      .body = REPLY("AssumeRole", "<Credentials><AccessKeyId>A</AccessKeyId><SessionToken>T</SessionToken><Expiration>"
                                  "2015-08-30T13:36:00Z</Expiration></Credentials>")},
     HW_EPROTOCOL,
     "AccessKeyId is set, but SecretAccessKey is not"},
    {"a control character in a key",
     {.status = 200,
      .body = REPLY("AssumeRole", "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>sesame&#10;x"
                                  "</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2015-08-30T13:36:00Z"
                                  "</Expiration></Credentials>")},
     HW_EPROTOCOL,
     "SecretAccessKey holds a byte"},
    {"no time",
     {.status = 200,
      .body = REPLY("AssumeRole", "<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                                  "<SessionToken>T</SessionToken><Expiration>soon</Expiration></Credentials>")},
     HW_EPROTOCOL,
     "its Expiration is no time"},
    {"down", {.status = 503, .times = -1}, HW_ESERVER, "STS: server error"},
};

static void bad_replies_are_told_without_secrets(void **state) {
    (void)state;
    static const struct hw_credentials keys_of_source = {
        .access_key_id = "AKID", .secret_access_key = "sesame-source-key", .session_token = "sesame-token-of-source"};
    const struct hw_sts_role role = {.arn = HW_VIEW("arn:r"), .source = &keys_of_source};
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct http_server *server = http_server_start(&bad_rows[i].reply, 1);
        struct hw_credentials keys = {.access_key_id = "untouched"};
        struct hw_error err = HW_ERROR_INIT;
        struct asked asked;
        home_env_clear();
        asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
        asked_open(&asked, NULL);
        assert_row_int(bad_rows[i].name, hw_sts_assume(&asked.request, &role, &keys, &err), bad_rows[i].want);
        assert_row_int(bad_rows[i].name, err.status, bad_rows[i].want);
        asked_close(&asked);
        assert_row_says(bad_rows[i].name, err.message, bad_rows[i].says);
        assert_row_text(bad_rows[i].name, keys.access_key_id, "untouched");
        asked_no_secret(bad_rows[i].name, &err);
        assert_row_int(bad_rows[i].name, http_server_count(server, "POST"), bad_rows[i].want == HW_ESERVER ? 3 : 1);
        http_server_stop(server);
    }
}

static void a_token_that_is_sent_back_is_not_told(void **state) {
    (void)state;
    const struct http_reply reply = {.status = 400,
                                     .body = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>bad "
                                             "sesame.open.token</Message></Error></ErrorResponse>"};
    const struct hw_sts_role role = {.arn = HW_VIEW("arn:r"), .web_identity = "sesame.open.token"};
    struct http_server *server = http_server_start(&reply, 1);
    struct hw_credentials keys;
    struct hw_error err = HW_ERROR_INIT;
    struct asked asked;
    home_env_clear();
    asked_server_set("AWS_ENDPOINT_URL_STS", server, "");
    asked_open(&asked, NULL);
    assert_int_equal(hw_sts_assume(&asked.request, &role, &keys, &err), HW_EAUTH);
    assert_row_says("told", err.message, "\"InvalidIdentityToken\", \"bad ***\"");
    asked_close(&asked);
    http_server_stop(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_those_of_botocore, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(bad_replies_are_told_without_secrets, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(a_token_that_is_sent_back_is_not_told, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/sts", tests, NULL, NULL);
}
