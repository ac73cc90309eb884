/* SPDX-License-Identifier: Apache-2.0 */
#include "net/rate_share.h"

#include "support/rows.h"

static void equal_limits_are_one(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_rate_share *one, *same, *other;
    assert_ok(hw_rate_share_get(1000, &one, &err), err);
    assert_ok(hw_rate_share_get(1000, &same, &err), err);
    assert_ok(hw_rate_share_get(2000, &other, &err), err);
    assert_ptr_equal(one, same);
    assert_ptr_not_equal(one, other);
    /* What one has moved, the other has to wait for. */
    assert_int_equal(hw_rate_count(&one->rate, 0, 1000), 1000000);
    assert_int_equal(hw_rate_count(&same->rate, 0, 1000), 2000000);
    assert_int_equal(hw_rate_count(&other->rate, 0, 1000), 500000);
    hw_rate_share_put(one);
    hw_rate_share_put(same);
    hw_rate_share_put(other);
    hw_rate_share_put(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(equal_limits_are_one)};
    return cmocka_run_group_tests_name("net/rate_share", tests, NULL, NULL);
}
