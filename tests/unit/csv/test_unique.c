/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/unique.h"

#include "core/random.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static void seeded_fill(void *ctx, void *data, size_t bytes) {
    uint64_t *state = ctx;
    for (size_t i = 0; i < bytes; i++) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((uint8_t *)data)[i] = (uint8_t)(*state >> 56);
    }
}

static struct hw_hash128 hash_of(const struct hw_csv_unique *set, uint64_t value) {
    return hw_csv_unique_hash(set, 0, &value, sizeof(value));
}

static void every_value_is_new_once(void **state) {
    (void)state;
    enum { VALUES = 200000 };
    struct hw_error err = HW_ERROR_INIT;
    struct hw_budget budget;
    hw_budget_init(&budget, HW_MIB(64));
    struct hw_csv_unique set = {.budget = &budget, .values_max = VALUES};
    assert_ok(hw_csv_unique_init(&set, 1, &err), err);
    for (uint64_t i = 0; i < VALUES; i++) {
        assert_false(hw_csv_unique_has(&set, hash_of(&set, i)));
        assert_ok(hw_csv_unique_add(&set, hash_of(&set, i), &err), err);
    }
    for (uint64_t i = 0; i < VALUES; i++) {
        assert_true(hw_csv_unique_has(&set, hash_of(&set, i)));
    }
    assert_false(hw_csv_unique_has(&set, hash_of(&set, VALUES)));
    /* 200,000 values at no more than three quarters of a power of two: 2^19 slots of 16 bytes. */
    assert_int_equal(hw_budget_held(&budget), (1 << 19) * 16);
    hw_csv_unique_release(&set);
    assert_int_equal(hw_budget_held(&budget), 0);
    hw_budget_release(&budget);
}

static void columns_and_objects_have_keys_of_their_own(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    uint64_t seed = 7;
    const struct hw_random random = {seeded_fill, &seed};
    struct hw_csv_unique one = {0};
    struct hw_csv_unique other = {0};
    hw_random_set(&random);
    assert_ok(hw_csv_unique_init(&one, 2, &err), err);
    assert_ok(hw_csv_unique_init(&other, 2, &err), err);
    hw_random_set(NULL);
    const struct hw_hash128 hash = hw_csv_unique_hash(&one, 0, "a", 1);
    const struct hw_hash128 same = hw_csv_unique_hash(&one, 0, "a", 1);
    const struct hw_hash128 column = hw_csv_unique_hash(&one, 1, "a", 1);
    const struct hw_hash128 object = hw_csv_unique_hash(&other, 0, "a", 1);
    assert_memory_equal(&hash, &same, sizeof(hash));
    assert_memory_not_equal(&hash, &column, sizeof(hash));
    assert_memory_not_equal(&hash, &object, sizeof(hash));
    hw_csv_unique_release(&one);
    hw_csv_unique_release(&other);
}

static const struct {
    const char *name;
    uint64_t memory, values_max;
    size_t fail_allocation; /* from 1, the keys' is done already; 0: none */
    uint64_t fits;          /* so many values find room */
    enum hw_status want;
    const char *says;
} limit_rows[] = {
    {"no memory for the first slots", 1024 * 16 - 1, 1000, 0, 0, HW_ELIMIT, "take more than the 16383 bytes"},
    {"memory for the first slots only", 1024 * 16, 1000, 0, 768, HW_ELIMIT, "a quarter of --memory"},
    {"old and new slots count while they move", 2048 * 16 + 1024 * 16 - 1, 10000, 0, 768, HW_ELIMIT, "fewer --jobs"},
    {"just enough to move once", 2048 * 16 + 1024 * 16, 10000, 0, 1536, HW_ELIMIT, "fewer --jobs"},
    {"too many values", 1 << 20, 5, 0, 5, HW_ELIMIT, "more than 5 values"},
    {"out of memory at first", 1 << 20, 1000, 1, 0, HW_ENOMEM, "out of memory asking for 16384 bytes"},
    {"out of memory when it grows", 1 << 20, 1000, 2, 768, HW_ENOMEM, "out of memory asking for 32768 bytes"},
};

static void limits_are_errors_and_nothing_is_forgotten(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(limit_rows); i++) {
        const char *name = limit_rows[i].name;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_budget budget;
        struct alloc_fault fault;
        hw_budget_init(&budget, limit_rows[i].memory);
        struct hw_csv_unique set = {.budget = &budget, .values_max = limit_rows[i].values_max};
        size_t successes = limit_rows[i].fail_allocation ? limit_rows[i].fail_allocation : SIZE_MAX / 2;
        alloc_fault_begin(&fault, successes);
        assert_int_equal(hw_csv_unique_init(&set, 1, &err), HW_OK);
        enum hw_status status = HW_OK;
        uint64_t added = 0;
        for (; added < 100000; added++) {
            status = hw_csv_unique_add(&set, hash_of(&set, added), &err);
            if (status != HW_OK) {
                break;
            }
        }
        assert_row_int(name, status, limit_rows[i].want);
        assert_row_int(name, added, limit_rows[i].fits);
        assert_row_says(name, err.message, limit_rows[i].says);
        for (uint64_t value = 0; value < added; value++) {
            assert_row_int(name, hw_csv_unique_has(&set, hash_of(&set, value)), true);
        }
        hw_csv_unique_release(&set);
        alloc_fault_end(&fault);
        assert_row_int(name, hw_budget_held(&budget), 0);
        hw_budget_release(&budget);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_is_new_once),
        cmocka_unit_test(columns_and_objects_have_keys_of_their_own),
        cmocka_unit_test(limits_are_errors_and_nothing_is_forgotten),
    };
    return cmocka_run_group_tests_name("csv/unique", tests, NULL, NULL);
}
