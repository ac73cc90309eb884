/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_response.h"

#include "support/rows.h"

#define LINES           \
    "Server: x\r\n"     \
    "ETag: \"abc\"\r\n" \
    "Empty:\r\n"        \
    "Blank: \t \r\n"    \
    "Twice: one\r\n"    \
    "TWICE: two\r\n"    \
    "Inner:a: b \r\n"   \
    "Space : s\r\n"     \
    "X-Long-Name: n\r\n\r\n"

static const struct {
    const char *name;
    const char *headers;
    const char *header;
    const char *want; /* NULL: it is not there */
} rows[] = {
    {"the first line", LINES, "Server", "x"},
    {"the name in lower case", LINES, "etag", "\"abc\""},
    {"the name in upper case", LINES, "ETAG", "\"abc\""},
    {"no value", LINES, "Empty", ""},
    {"white space only", LINES, "Blank", ""},
    {"the first of two", LINES, "twice", "one"},
    {"a colon in the value, no space before it", LINES, "Inner", "a: b"},
    {"the last line", LINES, "X-Long-Name", "n"},
    {"the beginning of a name", LINES, "ETa", NULL},
    {"the end of a name", LINES, "Long-Name", NULL},
    {"more than the name", LINES, "Server:", NULL},
    {"a space before the colon", LINES, "Space", NULL},
    {"a value is no name", LINES, "a", NULL},
    {"an absent header", LINES, "Date", NULL},
    {"no headers", "", "Date", NULL},
    {"no line end", "Date: now", "Date", "now"},
    {"a name and nothing else", "Date", "Date", NULL},
    {"a name and its colon", "Date:", "Date", ""},
    {"newlines only", "A: 1\nB: 2\n", "B", "2"},
};

static void headers_are_found_by_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_http_response) response = {.status = 200};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_buf_append(&response.headers, rows[i].headers, strlen(rows[i].headers), &err), err);
        hw_view value = hw_http_header_find(&response, rows[i].header);
        assert_row_int(rows[i].name, value.data != NULL, rows[i].want != NULL);
        assert_row_bytes(rows[i].name, value.data, value.size, rows[i].want, rows[i].want ? strlen(rows[i].want) : 0);
    }
}

static void a_release_leaves_nothing(void **state) {
    (void)state;
    struct hw_http_response response = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&response.headers, "A: 1\r\n", &err), err);
    assert_ok(hw_buf_append_text(&response.body, "body", &err), err);
    hw_http_response_release(&response);
    assert_null(response.headers.data);
    assert_null(response.body.data);
    hw_http_response_release(&response);
}

static void headers_are_stepped_through(void **state) {
    (void)state;
    static const char *const wanted[][2] = {
        {"Server", "x"},  {"ETag", "\"abc\""}, {"Empty", ""},   {"Blank", ""},        {"Twice", "one"},
        {"TWICE", "two"}, {"Inner", "a: b"},   {"Space ", "s"}, {"X-Long-Name", "n"}, {"Last", "1"},
    };
    HW_AUTO(hw_http_response) response = {0};
    struct hw_error err = HW_ERROR_INIT;
    size_t at = 0;
    hw_view name;
    hw_view value;
    assert_false(hw_http_header_next(&response, &at, &name, &value));
    assert_ok(hw_buf_append_text(&response.headers, LINES "no colon\r\nLast: 1", &err), err);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        assert_row_int(wanted[i][0], hw_http_header_next(&response, &at, &name, &value), true);
        assert_row_bytes(wanted[i][0], name.data, name.size, wanted[i][0], strlen(wanted[i][0]));
        assert_row_bytes(wanted[i][0], value.data, value.size, wanted[i][1], strlen(wanted[i][1]));
    }
    assert_false(hw_http_header_next(&response, &at, &name, &value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_stepped_through),
        cmocka_unit_test(headers_are_found_by_name),
        cmocka_unit_test(a_release_leaves_nothing),
    };
    return cmocka_run_group_tests_name("net/http_response", tests, NULL, NULL);
}
