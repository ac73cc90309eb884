/* SPDX-License-Identifier: Apache-2.0 */
#include "web/address.h"

#include "core/alloc.h"
#include "support/rows.h"

static const struct {
    const char *address;
    const char *says; /* NULL: it is good */
} checks[] = {
    {"https://h/a.csv", NULL},
    {"HTTPS://H.example:8443/a/b.csv?x=y&z=*/", NULL},
    {"http://127.0.0.1:80/a%20b.csv", NULL},
    {"http://[::1]/a@b.csv", NULL},
    {"https://h/a.csv?u@h/", NULL},
    {"ftp://h/a.csv", "begins with https:// or http://"},
    {"https://", "no host"},
    {"https:///a.csv", "no host"},
    {"https://h", "this is a folder"},
    {"https://h/", "this is a folder"},
    {"https://h?a", "this is a folder"},
    {"https://h/a/?b=c", "this is a folder"},
    {"https://h/*.csv", "globs find nothing"},
    {"https://h/{a,b}.csv", "cannot hold '{'"},
    {"https://h/a b.csv", "white space"},
    {"https://h/a\n.csv", "white space"},
    {"https://h/\xc3\xbc.csv", "beyond ASCII"},
    {"https://h/a.csv#part", "cannot hold '#'"},
    {"https://u:canary@h/a.csv", "a user and a password"},
    {"https://canary@h/a.csv", "a user and a password"},
    {"https://h_h/a.csv", "DNS name"},
    {"https://127.1/a.csv", "IPv4"},
    {"https://h:0/a.csv", "port"},
    {"https://h:x/a.csv", "port"},
};

static void addresses_are_checked(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status = hw_web_address_check(checks[i].address, &err);
        assert_row_int(checks[i].address, status, checks[i].says ? HW_EUSAGE : HW_OK);
        assert_row_says(checks[i].address, err.message, checks[i].says ? checks[i].says : "");
        assert_null(strstr(err.message, "canary"));
    }
    HW_AUTO(hw_buf) longest = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&longest, "https://h/a.csv?", &err), err);
    while (longest.size <= HW_WEB_ADDRESS_BYTES_MAX) {
        assert_ok(hw_buf_append_byte(&longest, 'x', &err), err);
    }
    assert_ok(hw_buf_end_text(&longest, &err), err);
    assert_int_equal(hw_web_address_check((const char *)longest.data, &err), HW_EUSAGE);
    assert_row_says("long", err.message, "longer than 16384 bytes");
}

static const struct {
    const char *address;
    const char *want;
} names[] = {
    {"https://h/a.csv", "a.csv"},         {"https://h/x/y/a.csv.gz?s=/t.csv", "a.csv.gz"},
    {"https://h/a%20b.csv", "a b.csv"},   {"https://h/%C3%BC.csv", "\xc3\xbc.csv"},
    {"https://h/a%2Fb.csv", "a%2Fb.csv"}, /* a slash would be another folder */
    {"https://h/%2e%2e", "%2e%2e"},       /* as would this */
    {"https://h/a%00b.csv", "a%00b.csv"}, /* a NUL would end it */
    {"https://h/a%0Ab.csv", "a%0Ab.csv"}, /* control bytes are for no name */
    {"https://h/a%ffb.csv", "a%ffb.csv"}, /* this is no UTF-8 */
    {"https://h/100%.csv", "100%.csv"},   /* this is no escape */
    {"https://h/a%5Cb.csv", "a%5Cb.csv"}, {"https://h/a+b.csv", "a+b.csv"},
};

static void names_are_those_of_files(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        HW_AUTO(hw_buf) name = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_web_address_name(names[i].address, &name, &err), err);
        assert_row_text(names[i].address, (const char *)name.data, names[i].want);
    }
}

static const struct {
    const char *from;
    const char *target;
    const char *want; /* NULL: it is not followed */
    const char *says;
} redirects[] = {
    /* RFC 3986, 5.4: the reference resolution examples that servers use */
    {"https://a/b/c/d?q", "https://x/y?z", "https://x/y?z", ""},
    {"https://a/b/c/d?q", "g", "https://a/b/c/g", ""},
    {"https://a/b/c/d?q", "g?y", "https://a/b/c/g?y", ""},
    {"https://a/b/c/d?q", "/g", "https://a/g", ""},
    {"https://a/b/c/d?q", "//g/h", "https://g/h", ""},
    {"https://a/b/c/d?q", "?y", "https://a/b/c/d?y", ""},
    {"https://a/b/c/d?q", "g#s", "https://a/b/c/g", ""},
    {"https://a?q", "g", "https://a/g", ""},
    {"http://a:80/b", "https://a/b", "https://a/b", ""},
    {"http://a/b", "http://c/d", "http://c/d", ""},
    {"https://a/b", "HTTPS://c/d", "HTTPS://c/d", ""},
    {"https://a/b", "http://a/b", NULL, "from https to http"},
    {"https://a/b", "HTTP://a/b", NULL, "from https to http"},
    {"http://a/b", "file:///etc/passwd", NULL, "to another scheme"},
    {"http://a/b", "gopher://a/b", NULL, "to another scheme"},
    {"http://a/b", "javascript:1", NULL, "to another scheme"},
    {"http://a/b", "http://u:canary@a/b", NULL, "a user and a password"},
    {"http://a/b", "http://a/b c", NULL, "white space"},
    {"http://a/b", "", NULL, "does not say where to"},
    {"http://a/b", "#s", NULL, "does not say where to"},
};

static void redirects_stay_within_https(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(redirects); i++) {
        HW_AUTO(hw_buf) to = {0};
        struct hw_error err = HW_ERROR_INIT;
        const enum hw_status status =
            hw_web_address_follow(redirects[i].from, hw_view_of(redirects[i].target), &to, &err);
        assert_row_int(redirects[i].target, status == HW_OK, redirects[i].want != NULL);
        assert_row_text(redirects[i].target, to.size > 0 ? (const char *)to.data : "",
                        redirects[i].want ? redirects[i].want : "");
        assert_row_says(redirects[i].target, err.message, redirects[i].says);
        assert_null(strstr(err.message, "canary"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_checked),
        cmocka_unit_test(names_are_those_of_files),
        cmocka_unit_test(redirects_stay_within_https),
    };
    return cmocka_run_group_tests_name("web/address", tests, NULL, NULL);
}
