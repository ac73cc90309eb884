/* SPDX-License-Identifier: Apache-2.0 */
#include "core/random.h"

#include "support/rows.h"

/* A source that gives one value, its low byte first, again and again. */
static void fixed_fill(void *ctx, void *data, size_t bytes) {
    const uint64_t *value = ctx;
    uint8_t *at = data;
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (uint8_t)(*value >> 8 * (i % 8));
    }
}

static void a_test_can_set_the_source(void **state) {
    (void)state;
    uint64_t value = UINT64_C(0x0807060504030201);
    const struct hw_random fixed = {fixed_fill, &value};
    uint8_t bytes[5] = {0};
    hw_random_set(&fixed);
    hw_random_fill(bytes, 4);
    assert_memory_equal(bytes, "\1\2\3\4\0", 5);
    assert_true(hw_random_u64() == value);
    hw_random_set(NULL);
    assert_false(hw_random_u64() == value && hw_random_u64() == value);
}

/* A double from 0 to 1 has steps of 2^-53 all the way: 53 bits choose one of them, and never 1. */
static void a_unit_is_below_1(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bits;
        double want;
    } rows[] = {
        {"the least", 0, 0},
        {"bits that do not count", 0x7ff, 0},
        {"one step", 0x800, 0x1p-53},
        {"a quarter", UINT64_C(1) << 62, 0.25},
        {"a half", UINT64_C(1) << 63, 0.5},
        {"the most", UINT64_MAX, 1 - 0x1p-53},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint64_t bits = rows[i].bits;
        const struct hw_random fixed = {fixed_fill, &bits};
        hw_random_set(&fixed);
        assert_row_int(rows[i].name, hw_random_unit() == rows[i].want, true);
        hw_random_set(NULL);
    }
}

/*
 * The kernel may give 256 bytes at a time or fewer. Of 4096 random bytes, each value comes 16 times
 * on average. The chance that one comes more than 64 times, or 64 times in a row, is below 10^-15.
 */
static void the_kernel_fills_all_of_it(void **state) {
    (void)state;
    enum { BYTES = 4096 };
    uint8_t bytes[BYTES + 1] = {0};
    unsigned counts[256] = {0};
    size_t alike = 1;
    hw_random_fill(bytes, BYTES);
    for (size_t i = 0; i < BYTES; i++) {
        counts[bytes[i]]++;
        alike = i > 0 && bytes[i] == bytes[i - 1] ? alike + 1 : 1;
        assert_true(alike < 64);
    }
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        assert_in_range(counts[i], 0, 64);
    }
    assert_int_equal(bytes[BYTES], 0);
    hw_random_fill(bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_test_can_set_the_source),
        cmocka_unit_test(a_unit_is_below_1),
        cmocka_unit_test(the_kernel_fills_all_of_it),
    };
    return cmocka_run_group_tests_name("core/random", tests, NULL, NULL);
}
