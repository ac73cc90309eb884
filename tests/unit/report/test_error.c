/* SPDX-License-Identifier: Apache-2.0 */
#include "report/error.h"

#include <jansson.h>
#include <stdio.h>

#include "support/rows.h"

/* Writes an object that has nothing but the error, and reads it back. */
static json_t *written(const struct hw_error *error) {
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) out = {0};
    struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
    hw_json_object_begin(&json, NULL);
    hw_report_error(&json, error);
    hw_json_object_end(&json);
    assert_ok(hw_json_end_text(&json, &err), err);
    json_t *root = json_loadb((const char *)out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_object_size(root), 1);
    return root;
}

static void no_error_is_null(void **state) {
    (void)state;
    json_t *root = written(NULL);
    assert_true(json_is_null(json_object_get(root, "error")));
    json_decref(root);
}

static void all_that_is_known_is_told(void **state) {
    (void)state;
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_EAUTH;
    snprintf(error.message, sizeof(error.message), "%s", "GetObject: refused");
    snprintf(error.object, sizeof(error.object), "%s", "s3://b/k\n");
    snprintf(error.s3_code, sizeof(error.s3_code), "%s", "AccessDenied");
    snprintf(error.request_id, sizeof(error.request_id), "%s", "R1");
    snprintf(error.column, sizeof(error.column), "%s", "price");
    error.http_status = 403;
    error.line = 7;
    error.offset = 0;
    error.row = 3;
    json_t *root = written(&error);
    json_t *got = json_object_get(root, "error");
    assert_string_equal(json_string_value(json_object_get(got, "status")), hw_status_name(HW_EAUTH));
    assert_string_equal(json_string_value(json_object_get(got, "message")), "GetObject: refused");
    assert_string_equal(json_string_value(json_object_get(got, "s3_code")), "AccessDenied");
    assert_string_equal(json_string_value(json_object_get(got, "request_id")), "R1");
    assert_string_equal(json_string_value(json_object_get(got, "column")), "price");
    assert_int_equal(json_integer_value(json_object_get(got, "http_status")), 403);
    assert_int_equal(json_integer_value(json_object_get(got, "line")), 7);
    assert_int_equal(json_integer_value(json_object_get(got, "offset")), 0);
    assert_int_equal(json_integer_value(json_object_get(got, "row")), 3);
    /* One line, as on standard error: the names of the service stand in it too. */
    const char *text = json_string_value(json_object_get(got, "text"));
    assert_row_says("text", text, "GetObject: refused");
    assert_row_says("text", text, "AccessDenied");
    assert_row_says("text", text, "R1");
    assert_null(strchr(text, '\n'));
    json_decref(root);
}

static void what_is_not_known_is_null(void **state) {
    (void)state;
    static const char *const keys[] = {"message", "line", "offset", "row", "column", "s3_code", "request_id"};
    struct hw_error error = HW_ERROR_INIT;
    error.status = HW_EIO;
    json_t *root = written(&error);
    json_t *got = json_object_get(root, "error");
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        assert_row_int(keys[i], json_is_null(json_object_get(got, keys[i])), true);
    }
    assert_int_equal(json_integer_value(json_object_get(got, "http_status")), 0);
    json_decref(root);
}

static void empty_words_are_null(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *want;
    } rows[] = {{NULL, "{\"k\":null}\n"}, {"", "{\"k\":null}\n"}, {"a\"b", "{\"k\":\"a\\\"b\"}\n"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) out = {0};
        struct hw_json_writer json = {.out = &out, .style = HW_JSON_COMPACT};
        hw_json_object_begin(&json, NULL);
        hw_report_word(&json, "k", rows[i].word);
        hw_json_object_end(&json);
        assert_ok(hw_json_end_text(&json, &err), err);
        assert_ok(hw_buf_end_text(&out, &err), err);
        assert_string_equal((const char *)out.data, rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_error_is_null),
        cmocka_unit_test(all_that_is_known_is_told),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(empty_words_are_null),
    };
    return cmocka_run_group_tests_name("report/error", tests, NULL, NULL);
}
