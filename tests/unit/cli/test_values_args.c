/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/values_args.h"

#include "support/rows.h"

static void forms_have_the_words_of_the_contract(void **state) {
    (void)state;
    static const struct {
        const char *word;
        unsigned value;
        const struct hw_choice *choice;
    } rows[] = {
        {"base64", HW_BINARY_BASE64, &hw_binary_text_choices[0]},
        {"hex", HW_BINARY_HEX, &hw_binary_text_choices[1]},
        {"text", HW_BINARY_UTF8, &hw_binary_text_choices[2]},
        {"json", HW_NESTED_JSON, &hw_nested_text_choices[0]},
        {"flatten", HW_NESTED_FLATTEN, &hw_nested_text_choices[1]},
        {"fail", HW_NESTED_FAIL, &hw_nested_text_choices[2]},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_text(rows[i].word, rows[i].choice->name, rows[i].word);
        assert_row_int(rows[i].word, rows[i].choice->value, rows[i].value);
    }
    assert_null(hw_binary_text_choices[3].name);
    assert_null(hw_nested_text_choices[3].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_have_the_words_of_the_contract),
    };
    return cmocka_run_group_tests_name("cli/values_args", tests, NULL, NULL);
}
