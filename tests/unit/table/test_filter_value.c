/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_value.h"

#include <float.h>
#include <math.h>

#include "support/rows.h"

static void doubles_are_in_order(void **state) {
    (void)state;
    static const double rising[] = {-(double)INFINITY, -DBL_MAX, -1.5, -1.0,    -DBL_TRUE_MIN,    0.0,
                                    DBL_TRUE_MIN,      1.0,      1.5,  DBL_MAX, (double)INFINITY, (double)NAN};
    for (size_t i = 1; i < COUNT_OF(rising); i++) {
        assert_true(hw_value_key_of_double(rising[i - 1]) < hw_value_key_of_double(rising[i]));
    }
    assert_int_equal(hw_value_key_of_double(-0.0), hw_value_key_of_double(0.0));
    assert_int_equal(hw_value_key_of_double(-(double)NAN), HW_VALUE_KEY_NAN);
    assert_int_equal(hw_value_key_of_double(nan("123")), HW_VALUE_KEY_NAN);
}

static void decimals_of_256_bits_are_in_order_as_bytes(void **state) {
    (void)state;
    static const uint64_t rising[][4] = {
        {0, 0, 0, UINT64_C(1) << 63},
        {0, UINT64_MAX, UINT64_MAX, UINT64_MAX},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
        {0},
        {1},
        {UINT64_MAX, 0, 0, 0},
        {0, 1, 0, 0},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, INT64_MAX},
    };
    for (size_t i = 1; i < COUNT_OF(rising); i++) {
        uint8_t one[HW_VALUE_HUGE_BYTES];
        uint8_t other[HW_VALUE_HUGE_BYTES];
        hw_value_huge_put(rising[i - 1], one);
        hw_value_huge_put(rising[i], other);
        const struct hw_value a = {.bytes = {(const char *)one, sizeof(one)}};
        const struct hw_value b = {.bytes = {(const char *)other, sizeof(other)}};
        assert_true(hw_value_compare(HW_VALUE_BYTES, &a, &b) < 0);
        assert_true(hw_value_compare(HW_VALUE_BYTES, &b, &a) > 0);
    }
}

static void bytes_are_in_order(void **state) {
    (void)state;
    static const hw_view rising[] = {HW_VIEW_INIT(""),   HW_VIEW_INIT("a"), HW_VIEW_INIT("a\0"),
                                     HW_VIEW_INIT("ab"), HW_VIEW_INIT("b"), HW_VIEW_INIT("\xff")};
    for (size_t i = 1; i < COUNT_OF(rising); i++) {
        const struct hw_value a = {.bytes = rising[i - 1]};
        const struct hw_value b = {.bytes = rising[i]};
        assert_true(hw_value_compare(HW_VALUE_BYTES, &a, &b) < 0);
        assert_true(hw_value_compare(HW_VALUE_BYTES, &b, &a) > 0);
        assert_int_equal(hw_value_compare(HW_VALUE_BYTES, &a, &a), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_are_in_order),
        cmocka_unit_test(decimals_of_256_bits_are_in_order_as_bytes),
        cmocka_unit_test(bytes_are_in_order),
    };
    return cmocka_run_group_tests_name("table/filter_value", tests, NULL, NULL);
}
