/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_read.h"

#include <stdlib.h>

#include "support/rows.h"

/* Which allocation of jansson fails, counted down; below 0: none. */
static long left = -1;

static void *failing_malloc(size_t bytes) {
    return left >= 0 && left-- == 0 ? NULL : malloc(bytes);
}

static const hw_view text =
    HW_VIEW_INIT("{\"path\": \"key=y/in-00000.parquet and a longer text\", \"size\": 1234567890123}");

/* Whatever allocation fails: what was read is what the text says, or nothing. */
static void no_byte_is_lost_where_memory_runs_out(void **state) {
    (void)state;
    json_set_alloc_funcs(failing_malloc, free);
    size_t refused = 0;
    for (long fails = 0; fails < 200; fails++) {
        json_error_t fault = {.line = 0};
        left = fails;
        json_t *json = hw_json_load(text, 0, &fault);
        left = -1;
        if (json) {
            assert_string_equal(json_string_value(json_object_get(json, "path")),
                                "key=y/in-00000.parquet and a longer text");
            assert_int_equal(json_integer_value(json_object_get(json, "size")), 1234567890123);
        }
        refused += json == NULL;
        assert_true(json || json_error_code(&fault) == json_error_out_of_memory);
        json_decref(json);
    }
    assert_true(refused > 5);
    json_set_alloc_funcs(malloc, free);
}

static void faults_of_the_text_are_told(void **state) {
    (void)state;
    json_error_t fault;
    assert_null(hw_json_load(HW_VIEW("{\"a\": }"), 0, &fault));
    assert_int_equal(fault.line, 1);
    assert_non_null(strstr(fault.text, "unexpected token"));
    json_t *json = hw_json_load(HW_VIEW("[1, 2.5, null, \"x\"]"), 0, &fault);
    assert_int_equal(json_array_size(json), 4);
    json_decref(json);
}

static void unknown_keys_are_told(void **state) {
    (void)state;
    static const char *const known[] = {"colour", "size"};
    static const struct {
        const char *text;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"{}", HW_OK, ""},
        {"{\"size\": 1, \"colour\": 2}", HW_OK, ""},
        {"{\"size\": 1, \"color\": 2}", HW_ECONFIG, "unknown key \"color\", did you mean \"colour\"?"},
        {"{\"weight\": 1}", HW_ECONFIG, "unknown key \"weight\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        json_t *json = hw_json_load(hw_view_of(rows[i].text), 0, NULL);
        assert_row_int(rows[i].text, hw_json_keys_check(json, known, COUNT_OF(known), &err), rows[i].want);
        assert_row_text(rows[i].text, err.message, rows[i].says);
        json_decref(json);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_is_lost_where_memory_runs_out),
        cmocka_unit_test(faults_of_the_text_are_told),
        cmocka_unit_test(unknown_keys_are_told),
    };
    return cmocka_run_group_tests_name("core/json_read", tests, NULL, NULL);
}
