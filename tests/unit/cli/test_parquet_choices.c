/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parquet_choices.h"

#include <hawser/convert.h>

#include "support/rows.h"

static void words_choose_what_the_library_has(void **state) {
    static const struct {
        const struct hw_choice *choices;
        const char *name;
        unsigned value;
    } rows[] = {
        {&hw_effort_choices[0], "fast", HW_EFFORT_FAST},
        {&hw_effort_choices[1], "normal", HW_EFFORT_NORMAL},
        {&hw_effort_choices[2], "best", HW_EFFORT_BEST},
        {&hw_encodings_choices[0], "compact", HW_ENCODINGS_COMPACT},
        {&hw_encodings_choices[1], "compat", HW_ENCODINGS_COMPAT},
        {&hw_encodings_choices[2], "max", HW_ENCODINGS_MAX},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].name, rows[i].choices->name, rows[i].name);
        assert_row_int(rows[i].name, rows[i].choices->value, rows[i].value);
    }
    assert_null(hw_effort_choices[3].name);
    assert_null(hw_encodings_choices[3].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_choose_what_the_library_has)};
    return cmocka_run_group_tests_name("cli/parquet_choices", tests, NULL, NULL);
}
