/* SPDX-License-Identifier: Apache-2.0 */
#include "objects/doctor_check.h"

#include "support/rows.h"
#include "unit/objects/doctor_told.h"

static void the_first_failure_is_kept(void **state) {
    (void)state;
    struct doctor_told told = {{0}};
    struct hw_doctor_call call = {.each = doctor_told_take, .ctx = &told};
    struct hw_error first = HW_ERROR_INIT;
    struct hw_error second = HW_ERROR_INIT;
    hw_error_set(&first, HW_EAUTH, "no keys");
    first.hint = "Log in.";
    hw_error_set(&second, HW_ENETWORK, "no way");
    hw_doctor_say(&call, "a", HW_DOCTOR_WARNING, "Do it.", "%d left", 3);
    assert_int_equal(call.status, HW_OK);
    hw_doctor_fail(&call, "b", "", &first);
    hw_doctor_fail(&call, "c", "Wait.", &second);
    assert_int_equal(call.status, HW_EAUTH);
    assert_string_equal(told.names, "a=warn b=fail c=fail ");
    assert_string_equal(told.texts, "a: 3 left\nDo it.\nb: no keys\nLog in.\nc: no way\nWait.\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_failure_is_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
