/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the files are what Python's hashlib makes. */
#include "aws/token_cache.h"

#include "unit/aws/request.h"

static const struct {
    const char *name;
    const char *home, *folder;
    enum hw_token_kind kind;
    enum hw_status want;
    const char *owner;
    const char *says; /* the path, or the reason */
} rows[] = {
    {"a session", "/home/me", NULL, HW_TOKEN_SSO, HW_OK, "dev",
     "/home/me/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json"},
    {"a start URL", "/home/me", "/elsewhere", HW_TOKEN_SSO, HW_OK, "https://d-1.awsapps.com/start",
     "/home/me/.aws/sso/cache/0c54b6c27e90660baa89eaad85ac1d5dae26cb7d.json"},
    {"a login", "/home/me", NULL, HW_TOKEN_LOGIN, HW_OK, "arn:aws:iam::123456789012:user/me",
     "/home/me/.aws/login/cache/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json"},
    {"a login elsewhere", "", "/else", HW_TOKEN_LOGIN, HW_OK, "arn:aws:iam::123456789012:user/me",
     "/else/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json"},
    {"a login in the home", "/home/me", "~/c", HW_TOKEN_LOGIN, HW_OK, "arn:aws:iam::123456789012:user/me",
     "/home/me/c/286187707741fc2ccb93cf9e56dbd0ee0a16208feed5fbc8ae1baa86d44c283f.json"},
    {"no home", "", NULL, HW_TOKEN_SSO, HW_ENOTFOUND, "dev", "HOME is not set"},
};

static void tokens_are_named_after_sums(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char path[PATH_MAX] = "untouched";
        home_env_clear();
        setenv("HOME", rows[i].home, 1);
        if (rows[i].folder) {
            setenv("AWS_LOGIN_CACHE_DIRECTORY", rows[i].folder, 1);
        }
        assert_row_int(rows[i].name, hw_token_cache_path(rows[i].kind, hw_view_of(rows[i].owner), path, &err),
                       rows[i].want);
        assert_row_says(rows[i].name, rows[i].want ? err.message : path, rows[i].says);
    }
    char home[PATH_MAX];
    char path[PATH_MAX];
    struct hw_error err = HW_ERROR_INIT;
    memset(home, 'x', sizeof(home) - 1);
    home[0] = '/';
    home[sizeof(home) - 1] = '\0';
    setenv("HOME", home, 1);
    assert_int_equal(hw_token_cache_path(HW_TOKEN_SSO, HW_VIEW("dev"), path, &err), HW_ECONFIG);
}

static void tokens_are_read_and_replaced(void **state) {
    (void)state;
    struct hw_secret_json token = {0};
    struct hw_error err = HW_ERROR_INIT;
    home_env_clear();
    assert_int_equal(hw_token_cache_read(home_path("none.json"), &token, &err), HW_ENOTFOUND);
    home_write_text("token.json", "sesame");
    assert_int_equal(hw_token_cache_read(home_path("token.json"), &token, &err), HW_EAUTH);
    assert_int_equal(err.status, HW_EAUTH);
    assert_string_equal(err.object, home_path("token.json"));
    asked_no_secret("no JSON", &err);
    home_write_text("token.json", "{\"a\": \"b\"}");
    assert_ok(hw_token_cache_read(home_path("token.json"), &token, &err), err);
    assert_int_equal(json_object_set_new(token.object, "a", json_string("c")), 0);
    assert_ok(hw_token_cache_write(home_path("token.json"), token.object, &err), err);
    hw_secret_json_release(&token);
    assert_ok(hw_token_cache_read(home_path("token.json"), &token, &err), err);
    assert_row_bytes("a", hw_secret_json_text(token.object, "a").data, 1, "c", 1);
    hw_secret_json_release(&token);
}

static void a_renewal_has_texts_of_the_token(void **state) {
    (void)state;
    static const char *const names[] = {"b", "a"};
    struct hw_secret_json token = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_buf text = {0};
    assert_ok(hw_secret_json_read(HW_VIEW("{\"a\": \"x\", \"b\": \"y\", \"c\": \"z\"}"), &token, &err), err);
    assert_ok(hw_token_renewal_write(token.object, names, COUNT_OF(names), &text, &err), err);
    assert_row_bytes("text", text.data, text.size, "{\"grantType\":\"refresh_token\",\"b\":\"y\",\"a\":\"x\"}", 45);
    assert_string_equal(hw_secret_json_text(token.object, "a").data, "x"); /* they were not wiped */
    hw_buf_release(&text);
    hw_secret_json_release(&token);
}

static void the_end_of_a_token_is_counted_from_now(void **state) {
    (void)state;
    static const struct {
        const char *reply;
        const char *end; /* NULL: HW_EPROTOCOL */
    } ends[] = {
        {"{\"expiresIn\": 3600}", "2015-08-30T13:36:00Z"},
        {"{\"expiresIn\": 0}", NULL},
        {"{\"expiresIn\": -1}", NULL},
        {"{\"expiresIn\": \"3600\"}", NULL},
        {"{\"expiresIn\": 9223372036854775807}", NULL},
        {"{}", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct hw_secret_json reply = {0};
        struct hw_error err = HW_ERROR_INIT;
        char end[HW_CLOCK_TEXT_BYTES] = "";
        assert_ok(hw_secret_json_read(hw_view_of(ends[i].reply), &reply, &err), err);
        assert_row_int(ends[i].reply, hw_token_end_format(reply.object, end, &err), ends[i].end ? HW_OK : HW_EPROTOCOL);
        assert_row_text(ends[i].reply, end, ends[i].end ? ends[i].end : "");
        hw_secret_json_release(&reply);
    }
}

static void advice_names_the_command(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    hw_error_set(&err, HW_EAUTH, "it is over");
    hw_token_advise(&err, "aws login --profile", HW_VIEW("my \"one\""));
    assert_string_equal(err.message, "it is over; sign in with `aws login --profile \"my \\\"one\\\"\"`");
    hw_token_advise(NULL, "aws login", HW_VIEW("x"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tokens_are_named_after_sums, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(tokens_are_read_and_replaced, asked_setup, asked_teardown),
        cmocka_unit_test(a_renewal_has_texts_of_the_token),
        cmocka_unit_test_setup_teardown(the_end_of_a_token_is_counted_from_now, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(advice_names_the_command, asked_setup, asked_teardown),
    };
    return cmocka_run_group_tests_name("aws/token_cache", tests, NULL, NULL);
}
