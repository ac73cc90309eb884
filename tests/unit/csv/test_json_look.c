/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/json_look.h"

#include <stdlib.h>

#include "support/rows.h"

static void json_is_told_from_csv(void **state) {
    (void)state;
    static const struct {
        const char *name;
        hw_view text;
        bool whole;
        enum hw_json_look want;
    } rows[] = {
        {"an object", HW_VIEW_INIT("{\"a\": 1}"), true, HW_JSON_LOOK_DOCUMENT},
        {"an array of objects", HW_VIEW_INIT("[\n  {\"a\": 1},\n  {\"a\": 2}\n]\n"), true, HW_JSON_LOOK_DOCUMENT},
        {"an array of nothing", HW_VIEW_INIT("[]"), true, HW_JSON_LOOK_DOCUMENT},
        {"large numbers", HW_VIEW_INIT("{\"a\": 123456789012345678901234567890}"), true, HW_JSON_LOOK_DOCUMENT},
        {"a NUL that is escaped", HW_VIEW_INIT("{\"a\": \"\\u0000\"}"), true, HW_JSON_LOOK_DOCUMENT},
        {"lines", HW_VIEW_INIT("{\"a\": 1}\n{\"a\": 2}\n"), true, HW_JSON_LOOK_LINES},
        {"lines, CRLF", HW_VIEW_INIT("{\"a\": 1}\r\n{\"a\": 2}\r\n"), true, HW_JSON_LOOK_LINES},
        {"lines, the second one cut", HW_VIEW_INIT("{\"a\": 1}\n{\"a\""), false, HW_JSON_LOOK_LINES},
        {"an object that is cut", HW_VIEW_INIT("{\"a\": 1, \"b\": \"x"), false, HW_JSON_LOOK_DOCUMENT},
        {"cut within a character", HW_VIEW_INIT("{\"a\": \"\xe2\x82"), false, HW_JSON_LOOK_DOCUMENT},
        {"half an object that is all", HW_VIEW_INIT("{\"a\": 1"), true, HW_JSON_LOOK_NONE},
        {"names in brackets", HW_VIEW_INIT("[id],[name]\n1,Ann\n"), true, HW_JSON_LOOK_NONE},
        {"numbers in brackets", HW_VIEW_INIT("[1],[2]\n[3],[4]\n"), true, HW_JSON_LOOK_NONE},
        {"names in braces", HW_VIEW_INIT("{id},{name}\n1,Ann\n"), true, HW_JSON_LOOK_NONE},
        {"an object before a delimiter", HW_VIEW_INIT("{\"a\": 1};x\n2;3\n"), true, HW_JSON_LOOK_NONE},
        {"an object before records", HW_VIEW_INIT("{\"made\": \"today\"}\nid,name\n1,Ann\n"), true, HW_JSON_LOOK_NONE},
        {"a bracket that nothing closes", HW_VIEW_INIT("[1,2\n3,4\n5,6\n"), false, HW_JSON_LOOK_NONE},
        {"a number", HW_VIEW_INIT("1\n2\n"), true, HW_JSON_LOOK_NONE},
        {"a text in quotes", HW_VIEW_INIT("\"a\"\n\"b\"\n"), true, HW_JSON_LOOK_NONE},
        {"nothing", HW_VIEW_INIT(""), true, HW_JSON_LOOK_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_json_look(rows[i].text, rows[i].whole), rows[i].want);
    }
}

/* Brackets within brackets take no more memory or stack than jansson allows. */
static void deep_brackets_are_no_json(void **state) {
    (void)state;
    enum { DEPTH = 256 << 10 };
    char *text = malloc(DEPTH);
    assert_non_null(text);
    memset(text, '[', DEPTH);
    assert_int_equal(hw_json_look((hw_view){text, DEPTH}, false), HW_JSON_LOOK_NONE);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_told_from_csv),
        cmocka_unit_test(deep_brackets_are_no_json),
    };
    return cmocka_run_group_tests_name("csv/json_look", tests, NULL, NULL);
}
