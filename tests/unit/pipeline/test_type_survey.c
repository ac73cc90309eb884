/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/type_survey.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

static void failures_are_known_once_it_is_over(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool failed;
    } rows[] = {{"a.csv", true}, {"b.csv", false}, {"a.zip#b.csv", true}, {"a.zip", false}, {"", false}};
    struct hw_type_survey survey;
    hw_type_survey_begin(&survey);
    assert_true(hw_type_survey_runs(&survey));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].failed) {
            hw_type_survey_fail(&survey, rows[i].name);
        }
        assert_row_int(rows[i].name, hw_type_survey_failed(&survey, rows[i].name), false);
    }
    survey.running = false;
    assert_false(hw_type_survey_runs(&survey));
    hw_type_survey_fail(&survey, "b.csv"); /* it fails for the first time, while it is converted */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_type_survey_failed(&survey, rows[i].name), rows[i].failed);
    }
    hw_type_survey_release(&survey);
}

static void a_run_without_one_has_no_failures(void **state) {
    (void)state;
    struct hw_type_survey zeroed = {0};
    assert_false(hw_type_survey_runs(NULL));
    hw_type_survey_fail(NULL, "a.csv");
    assert_false(hw_type_survey_failed(NULL, "a.csv"));
    hw_type_survey_release(&zeroed);
}

static void without_memory_a_failure_is_forgotten(void **state) {
    (void)state;
    struct hw_type_survey survey;
    struct alloc_fault fault;
    hw_type_survey_begin(&survey);
    alloc_fault_begin(&fault, 0);
    hw_type_survey_fail(&survey, "a.csv");
    assert_true(alloc_fault_end(&fault));
    survey.running = false;
    assert_false(hw_type_survey_failed(&survey, "a.csv"));
    hw_type_survey_release(&survey);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_known_once_it_is_over),
        cmocka_unit_test(a_run_without_one_has_no_failures),
        cmocka_unit_test(without_memory_a_failure_is_forgotten),
    };
    return cmocka_run_group_tests_name("pipeline/type_survey", tests, NULL, NULL);
}
