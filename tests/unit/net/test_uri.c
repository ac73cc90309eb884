/* SPDX-License-Identifier: Apache-2.0 */
#include "net/uri.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "support/rows.h"

static const struct {
    const char *name;
    hw_view text;
    bool keep_slash;
    const char *want;
} encode_rows[] = {
    {"empty", HW_VIEW_INIT(""), false, ""},
    {"every unreserved byte stays (RFC 3986 section 2.3)",
     HW_VIEW_INIT("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"), false,
     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"},
    {"sub-delims and gen-delims do not", HW_VIEW_INIT("!$&'()*+,;=:?#[]@"), false,
     "%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%3F%23%5B%5D%40"},
    {"space is %20", HW_VIEW_INIT("a b"), false, "a%20b"},
    {"slash of a path", HW_VIEW_INIT("a/b%"), true, "a/b%25"},
    {"slash of a value", HW_VIEW_INIT("a/b"), false, "a%2Fb"},
    {"U+1234, as AWS's get-utf8", HW_VIEW_INIT("\341\210\264"), true, "%E1%88%B4"},
    {"NUL, controls, DEL, 0xff", HW_VIEW_INIT("\0\n\177\377"), true, "%00%0A%7F%FF"},
};

static void text_is_encoded(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(encode_rows); i++) {
        HW_AUTO(hw_buf) out = {0};
        assert_int_equal(hw_buf_append_text(&out, "kept:", NULL), HW_OK);
        assert_row_int(encode_rows[i].name, hw_uri_encode(encode_rows[i].text, encode_rows[i].keep_slash, &out, NULL),
                       HW_OK);
        assert_row_bytes(encode_rows[i].name, out.data + 5, out.size - 5, encode_rows[i].want,
                         strlen(encode_rows[i].want));
    }
}

static const struct {
    const char *name;
    hw_view text;
    enum hw_status want;
    int64_t want_offset;
    hw_view decoded;
} decode_rows[] = {
    {"empty", HW_VIEW_INIT(""), HW_OK, -1, HW_VIEW_INIT("")},
    {"plain, with a plus", HW_VIEW_INIT("a+b/c"), HW_OK, -1, HW_VIEW_INIT("a+b/c")},
    {"either case of hex", HW_VIEW_INIT("%e1%88%B4%2f"), HW_OK, -1, HW_VIEW_INIT("\341\210\264/")},
    {"once only", HW_VIEW_INIT("%2541"), HW_OK, -1, HW_VIEW_INIT("%41")},
    {"NUL and 0xff", HW_VIEW_INIT("%00%ff"), HW_OK, -1, HW_VIEW_INIT("\0\377")},
    {"nothing after the sign", HW_VIEW_INIT("ab%"), HW_EPROTOCOL, 2, HW_VIEW_INIT("")},
    {"one digit after the sign", HW_VIEW_INIT("%4"), HW_EPROTOCOL, 0, HW_VIEW_INIT("")},
    {"a digit beyond the end", {"%41", 2}, HW_EPROTOCOL, 0, HW_VIEW_INIT("")},
    {"a sign instead of a digit", HW_VIEW_INIT("a%-1"), HW_EPROTOCOL, 1, HW_VIEW_INIT("")},
    {"a space instead of a digit", HW_VIEW_INIT("a% 1"), HW_EPROTOCOL, 1, HW_VIEW_INIT("")},
    {"g is no digit", HW_VIEW_INIT("%41%4g"), HW_EPROTOCOL, 3, HW_VIEW_INIT("")},
};

static void text_is_decoded_or_the_escape_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(decode_rows); i++) {
        const char *name = decode_rows[i].name;
        HW_AUTO(hw_buf) out = {0};
        struct hw_error err = HW_ERROR_INIT;

        assert_int_equal(hw_buf_append_text(&out, "kept:", NULL), HW_OK);
        assert_row_int(name, hw_uri_decode(decode_rows[i].text, &out, &err), decode_rows[i].want);
        assert_row_int(name, err.offset, decode_rows[i].want_offset);
        assert_row_says(name, err.message, decode_rows[i].want == HW_OK ? "" : "two hex digits");
        assert_row_bytes(name, out.data, 5, "kept:", 5);
        assert_row_bytes(name, out.data + 5, out.size - 5, decode_rows[i].decoded.data, decode_rows[i].decoded.size);
    }
}

static void any_bytes_come_back(void **state) {
    (void)state;
    char bytes[256];
    HW_AUTO(hw_buf) encoded = {0};
    HW_AUTO(hw_buf) decoded = {0};

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (char)i;
    }
    assert_int_equal(hw_uri_encode((hw_view){bytes, sizeof(bytes)}, false, &encoded, NULL), HW_OK);
    assert_int_equal(encoded.size, 66 + 3 * (256 - 66)); /* 66 unreserved bytes */
    assert_int_equal(hw_uri_decode(hw_buf_view(&encoded), &decoded, NULL), HW_OK);
    assert_int_equal(decoded.size, sizeof(bytes));
    assert_memory_equal(decoded.data, bytes, sizeof(bytes));
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
    HW_AUTO(hw_buf) out = {0};
    struct hw_error err = HW_ERROR_INIT;

    hw_allocator_set(&refusing);
    enum hw_status encoded = hw_uri_encode(HW_VIEW("a"), false, &out, &err);
    enum hw_status decoded = hw_uri_decode(HW_VIEW("a"), &out, &err);
    hw_allocator_set(NULL);
    assert_int_equal(encoded, HW_ENOMEM);
    assert_int_equal(decoded, HW_ENOMEM);
    assert_int_equal(out.size, 0);
}

static const struct {
    const char *text;
    bool tls;
    bool host_is_address;
    const char *host;
    uint16_t port;
    const char *path;
} url_rows[] = {
    {"https://example.com", true, false, "example.com", 443, ""},
    {"HTTP://S3.Example.COM/", false, false, "s3.example.com", 80, ""},
    {"http://localhost:9000", false, false, "localhost", 9000, ""},
    {"http://beta.example.com:1234/path", false, false, "beta.example.com", 1234, "/path"},
    {"https://h/a/%2Fb//c///", true, false, "h", 443, "/a/%2Fb//c"},
    {"https://h/...", true, false, "h", 443, "/..."},
    {"https://h:65535", true, false, "h", 65535, ""},
    {"https://h:00443", true, false, "h", 443, ""},
    {"http://127.0.0.1:7070", false, true, "127.0.0.1", 7070, ""},
    {"http://[::1]:9000/x", false, true, "[::1]", 9000, "/x"},
    {"http://[FD00:EC2::254]", false, true, "[fd00:ec2::254]", 80, ""},
    {"https://xn--bcher-kva.example", true, false, "xn--bcher-kva.example", 443, ""},
    {"https://1.2.3.4.example", true, false, "1.2.3.4.example", 443, ""},
    {"https://0xyz", true, false, "0xyz", 443, ""},
};

static void urls_are_taken_apart(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(url_rows); i++) {
        const char *name = url_rows[i].text;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_url url;

        assert_row_int(name, hw_url_parse(url_rows[i].text, &url, &err), HW_OK);
        assert_row_int(name, url.tls, url_rows[i].tls);
        assert_row_int(name, url.host_is_address, url_rows[i].host_is_address);
        assert_row_text(name, url.host, url_rows[i].host);
        assert_row_int(name, url.port, url_rows[i].port);
        assert_row_text(name, url.path, url_rows[i].path);
    }
}

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *text;
    const char *says;
} bad_url_rows[] = {
    {"", "begins with https:// or http://"},
    {"example.com", "begins with https:// or http://"},
    {"ftp://example.com", "begins with https:// or http://"},
    {"https:/example.com", "begins with https:// or http://"},
    {"https://", "no host"},
    {"https:///path", "no host"},
    {"https://:80", "no host"},
    {"https://user@example.com", "user or password"},
    {"https://user:secret@example.com", "user or password"},
    {"https://evil.com:443/@x", "user or password"},
    {"https://example.com?x=1", "cannot hold a query"},
    {"https://example.com/#x", "cannot hold a fragment"},
    {"https://exa mple.com", "white space or control"},
    {"https://example.com/\r\nHost: x", "white space or control"},
    {"https://example.com\177", "white space or control"},
    {"https://b\303\274cher.example", "punycode"},
    {"https://example.com\\@evil.com", "cannot hold '\\'"},
    {"https://example.com/{x}", "cannot hold '{'"},
    {"https://under_score.example", "no DNS name"},
    {"https://-a.example", "no DNS name"},
    {"https://a-.example", "no DNS name"},
    {"https://a..example", "no DNS name"},
    {"https://example.com.", "no DNS name"},
    {"https://" LABEL_63 "4.example", "no DNS name"},
    {"https://" LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, "no DNS name"},
    {"https://%65xample.com", "no DNS name"},
    {"https://127.1", "no IPv4 address"},
    {"https://256.0.0.1", "no IPv4 address"},
    {"https://010.0.0.1", "no IPv4 address"},
    {"https://0x7f000001", "no IPv4 address"},
    {"https://2130706433", "no IPv4 address"},
    {"https://1.2.3.0x4", "no IPv4 address"},
    {"https://::1", "no host"},
    {"https://[::1", "not an IPv6 address"},
    {"https://[]", "not an IPv6 address"},
    {"https://[fe80::1%25eth0]", "not an IPv6 address"},
    {"https://[127.0.0.1]", "not an IPv6 address"},
    {"https://[1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22:23]", "not an IPv6 address"},
    {"https://[::1]x", "only a port can follow"},
    {"https://[::1].example.com", "only a port can follow"},
    {"https://h:", "not a number from 1 to 65535"},
    {"https://h:0", "not a number from 1 to 65535"},
    {"https://h:65536", "not a number from 1 to 65535"},
    {"https://h:000443", "not a number from 1 to 65535"},
    {"https://h:+80", "not a number from 1 to 65535"},
    {"https://h:1:2", "not a number from 1 to 65535"},
    {"https://h:80x", "not a number from 1 to 65535"},
    {"https://h/a%4", "not followed by two hex digits"},
    {"https://h/a%zz/b", "not followed by two hex digits"},
    {"https://h/a/../b", "'.' or '..' segment"},
    {"https://h/..", "'.' or '..' segment"},
    {"https://h/./b", "'.' or '..' segment"},
};

static void bad_urls_are_refused_with_the_reason(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_url_rows); i++) {
        const char *name = bad_url_rows[i].text;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_url url = {.host = "untouched"};

        assert_row_int(name, hw_url_parse(bad_url_rows[i].text, &url, &err), HW_ECONFIG);
        assert_row_says(name, err.message, bad_url_rows[i].says);
        assert_row_text(name, url.host, "untouched");
        assert_null(strstr(err.message, "secret"));
    }
}

static void the_path_has_a_limit(void **state) {
    (void)state;
    char text[9 + 1100];
    struct hw_url url;
    struct hw_error err = HW_ERROR_INIT;

    memset(text, 'p', sizeof(text));
    memcpy(text, "https://h", 9);
    text[9] = '/';
    text[9 + 1024] = '\0';
    assert_int_equal(hw_url_parse(text, &url, &err), HW_ECONFIG);
    assert_row_says("1024 bytes", err.message, "longer than 1023 bytes");
    text[9 + 1023] = '\0';
    assert_int_equal(hw_url_parse(text, &url, &err), HW_OK);
    assert_int_equal(strlen(url.path), 1023);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_encoded),      cmocka_unit_test(text_is_decoded_or_the_escape_found),
        cmocka_unit_test(any_bytes_come_back),  cmocka_unit_test(out_of_memory_is_said),
        cmocka_unit_test(urls_are_taken_apart), cmocka_unit_test(bad_urls_are_refused_with_the_reason),
        cmocka_unit_test(the_path_has_a_limit),
    };
    return cmocka_run_group_tests_name("net/uri", tests, NULL, NULL);
}
