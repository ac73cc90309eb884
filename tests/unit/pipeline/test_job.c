/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a job: its table of states, and each transition driven once through a run. */
#include "pipeline/job.h"

#include "support/rows.h"

static void every_transition_is_in_the_table(void **state) {
    (void)state;
    enum { NONE = HW_JOB_STATE_COUNT };
    static const struct {
        const char *name;
        enum hw_job_state from;
        int want[HW_JOB_EVENT_COUNT]; /* done, misfit, no memory, table end, no table */
    } rows[] = {
        {"open", HW_JOB_OPEN, {HW_JOB_SAMPLE, NONE, NONE, HW_JOB_OPEN, HW_JOB_ENDED}},
        {"sample", HW_JOB_SAMPLE, {HW_JOB_ADMIT, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"admit", HW_JOB_ADMIT, {HW_JOB_READ, NONE, HW_JOB_OPEN, HW_JOB_OPEN, NONE}},
        {"read", HW_JOB_READ, {HW_JOB_PUBLISH, HW_JOB_REDO, NONE, HW_JOB_OPEN, NONE}},
        {"redo", HW_JOB_REDO, {HW_JOB_READ, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"publish", HW_JOB_PUBLISH, {NONE, NONE, NONE, HW_JOB_OPEN, NONE}},
        {"ended", HW_JOB_ENDED, {NONE, NONE, NONE, NONE, NONE}},
    };
    assert_int_equal(COUNT_OF(rows), HW_JOB_STATE_COUNT);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t k = 0; k < HW_JOB_EVENT_COUNT; k++) {
            assert_row_int(rows[i].name, hw_job_state_next(rows[i].from, (enum hw_job_event)k), rows[i].want[k]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_is_in_the_table),
    };
    return cmocka_run_group_tests_name("pipeline/job", tests, NULL, NULL);
}
