/* SPDX-License-Identifier: Apache-2.0 */
#include "table/predicate.h"

#include <stdlib.h>

#include "core/limits.h"
#include "support/rows.h"

static void faults_are_told_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"", "at character 1: the name of a column has to follow: >>> end"},
        {"i =", "at character 4: a number, a 'text', TRUE or FALSE has to follow: \"i =\" >>> end"},
        {"i = 1 i", "at character 7: AND, OR or the end of the condition has to follow: \"i = 1 \" >>> \"i\""},
        {"i == 1", "at character 4:"},
        {"i = NULL", "at character 5: nothing equals NULL, which IS NULL asks for"},
        {"i = u", "at character 5: a column can be compared with a value only"},
        {"text = \"a\"", "a text has to stand in single quotes"},
        {"1 = 2", "at character 5: a column has to be compared, not two values"},
        {"1 IS NULL", "at character 3: a comparison with a column has to follow"},
        {"i IS 5", "at character 6: NULL has to follow IS"},
        {"i NOT 5", "at character 7: IN has to follow NOT here"},
        {"i IN 5", "at character 6: IN needs a list in parentheses"},
        {"i IN ()", "at character 7: a number, a 'text', TRUE or FALSE has to follow"},
        {"i IN (1 2)", "at character 9: a comma or a parenthesis has to follow in the list"},
        {"(i = 1", "at character 7: a parenthesis is not closed here"},
        {"i = -'a'", "at character 6: a number has to follow the sign"},
        {"i = 'a", "at character 5: a quote that is not closed"},
        {"\"i = 1", "at character 1: a quote that is not closed"},
        {"i = 1e", "a number without the digits of its exponent"},
        {"i = 12abc", "at character 5: what begins as a number is none"},
        {"i = 1.2.3", "what begins as a number is none"},
        {"i = x'0'", "at character 5: bytes have to be pairs of hexadecimal digits"},
        {"bin = x'0g'", "bytes have to be pairs of hexadecimal digits"},
        {"i ; 1", "at character 3: a character that no condition has"},
        {"in = 1", "at character 1: the name of a column has to follow"},
        {"s. = 1", "at character 4: the name of a column has to follow"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_predicate) predicate = {0};
        assert_row_int(rows[i].text, hw_predicate_parse(&predicate, rows[i].text, &err), HW_EUSAGE);
        assert_row_says(rows[i].text, err.message, rows[i].says);
    }
}

/* ------ limits */

static char *repeat(const char *word, size_t count, const char *end) {
    char *text = malloc(strlen(word) * count + strlen(end) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * strlen(word), word, strlen(word));
    }
    memcpy(text + strlen(word) * count, end, strlen(end) + 1);
    return text;
}

static void conditions_have_limits(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *word;
        size_t count;
        const char *end;
        enum hw_status status;
    } rows[] = {
        {"as deep as may be", "NOT ", HW_WHERE_DEPTH_MAX - 1, "b", HW_OK},
        {"too deep", "NOT ", HW_WHERE_DEPTH_MAX, "b", HW_ELIMIT},
        {"too deep in parentheses", "(", HW_WHERE_DEPTH_MAX, "b", HW_ELIMIT},
        {"many side by side", "b AND ", 10000, "b", HW_OK},
        {"as long as may be", " ", HW_WHERE_BYTES_MAX - 1, "b", HW_OK},
        {"too long", " ", HW_WHERE_BYTES_MAX, "b", HW_ELIMIT},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_predicate) predicate = {0};
        struct hw_error err = HW_ERROR_INIT;
        char *text = repeat(rows[i].word, rows[i].count, rows[i].end);
        const enum hw_status status = hw_predicate_parse(&predicate, text, &err);
        free(text);
        assert_row_int(rows[i].name, status, rows[i].status);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(conditions_have_limits),
    };
    return cmocka_run_group_tests_name("table/predicate", tests, NULL, NULL);
}
