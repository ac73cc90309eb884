/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mask.h"

#include <stdio.h>

#include "support/rows.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

static const struct {
    const char *name;
    const char *secret;
    const char *text;
    const char *want;
} rows[] = {
    {"the whole secret", SECRET, "key " SECRET " is bad", "key *** is bad"},
    {"twice", SECRET, SECRET SECRET, "******"},
    {"cut short", SECRET, "bad: wJalrXUtnFEM...", "bad: ***..."},
    {"its end", SECRET, "...LEKEYEX AMPLEKEY", "...LEKEYEX ***"},
    {"a part that is shorter", SECRET, "MI/K7MD and EXAMPLE", "MI/K7MD and EXAMPLE"},
    {"escaped in between", SECRET, "wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY", "***%2FK7MDENG%2F***"},
    {"not in it", SECRET, "nothing of it", "nothing of it"},
    {"no text", SECRET, "", ""},
    {"a short secret", "abcd", "x abcd y abc", "x *** y abc"},
    {"a word is no secret", "abc", "x abc", "x abc"},
    {"no secret", "", "x", "x"},
};

static void secrets_are_taken_out(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[256];
        snprintf(text, sizeof(text), "%s", rows[i].text);
        hw_mask(text, rows[i].secret);
        assert_row_text(rows[i].name, text, rows[i].want);
    }
}

static void every_text_of_an_error_is_looked_at(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    snprintf(err.message, sizeof(err.message), "m " SECRET);
    snprintf(err.s3_code, sizeof(err.s3_code), "c " SECRET);
    snprintf(err.request_id, sizeof(err.request_id), "r " SECRET);
    hw_mask_error(&err, SECRET);
    assert_string_equal(err.message, "m ***");
    assert_string_equal(err.s3_code, "c ***");
    assert_string_equal(err.request_id, "r ***");
    hw_mask_error(NULL, SECRET);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_are_taken_out),
        cmocka_unit_test(every_text_of_an_error_is_looked_at),
    };
    return cmocka_run_group_tests_name("core/mask", tests, NULL, NULL);
}
