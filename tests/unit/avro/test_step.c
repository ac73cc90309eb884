/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/step.h"

#include "support/rows.h"

static const uint8_t *forward(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    (void)run;
    return at + step->size;
}

static const uint8_t *faulty(struct hw_avro_run *run, const struct hw_avro_step *step, const uint8_t *at) {
    return hw_avro_fault(run, step, at, "fault %d", 7);
}

static void steps_run_without_their_bodies(void **state) {
    (void)state;
    const uint8_t bytes[16] = {0};
    struct hw_avro_run run = {0};
    const struct hw_avro_step steps[] = {
        {.run = forward, .span = 2, .size = 1}, {.run = faulty, .span = 1}, {.run = forward, .span = 1, .size = 4}};
    assert_ptr_equal(hw_avro_steps_run(&run, steps, steps + COUNT_OF(steps), bytes), bytes + 5);
    assert_ptr_equal(hw_avro_steps_run(&run, steps, steps, bytes), bytes);
}

static void the_first_fault_is_kept(void **state) {
    (void)state;
    const uint8_t bytes[16] = {0};
    struct hw_avro_run run = {0};
    const struct hw_avro_step steps[] = {
        {.run = forward, .span = 1, .size = 3}, {.run = faulty, .span = 1}, {.run = forward, .span = 1, .size = 4}};
    assert_null(hw_avro_steps_run(&run, steps, steps + COUNT_OF(steps), bytes));
    assert_null(hw_avro_fault_cut(&run, &steps[2], bytes));
    assert_int_equal(run.fault.status, HW_EDATA);
    assert_string_equal(run.fault.message, "fault 7");
    assert_ptr_equal(run.fault_step, &steps[1]);
    assert_ptr_equal(run.fault_at, bytes + 3);
}

/* A column that could not grow has noted why. */
static void the_fault_of_a_column_is_kept(void **state) {
    (void)state;
    const uint8_t bytes[16] = {0};
    struct hw_avro_run run = {0};
    const struct hw_avro_step step = {.run = faulty, .span = 1};
    hw_error_set(&run.fault, HW_ENOMEM, "no memory");
    assert_null(hw_avro_fault(&run, &step, bytes, "no room"));
    assert_int_equal(run.fault.status, HW_ENOMEM);
    assert_ptr_equal(run.fault_step, &step);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_run_without_their_bodies),
        cmocka_unit_test(the_first_fault_is_kept),
        cmocka_unit_test(the_fault_of_a_column_is_kept),
    };
    return cmocka_run_group_tests_name("avro/step", tests, NULL, NULL);
}
