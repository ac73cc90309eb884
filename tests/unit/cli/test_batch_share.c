/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/batch_share.h"

#include "support/rows.h"

#define MIB(n) ((uint64_t)(n) << 20)

static void options_become_means(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned jobs, connections;
        uint64_t memory;
        struct hw_batch_means want;
    } rows[] = {
        {"nothing asked for", 0, 0, 0, {32, 64, MIB(256)}},
        {"jobs", 200, 0, 0, {200, 64, MIB(256)}},
        {"connections", 0, 8, 0, {32, 8, MIB(256)}},
        {"memory for fewer", 0, 0, MIB(80), {10, 64, MIB(80)}},
        {"memory for more", 4, 0, MIB(800), {4, 64, MIB(800)}},
        {"the least memory", 9, 0, MIB(7), {1, 64, MIB(7)}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_batch_means got = hw_batch_means(rows[i].jobs, rows[i].connections, rows[i].memory);
        assert_row_int(rows[i].name, got.jobs, rows[i].want.jobs);
        assert_row_int(rows[i].name, got.threads, rows[i].want.threads);
        assert_row_int(rows[i].name, got.memory_bytes, rows[i].want.memory_bytes);
    }
}

static void shares_follow_the_lines_that_are_there(void **state) {
    (void)state;
    static const struct hw_batch_means means = {32, 64, MIB(256)};
    static const struct {
        uint64_t there;
        struct hw_batch_share want;
    } rows[] = {
        {0, {64, MIB(256)}}, {1, {64, MIB(256)}}, {4, {16, MIB(64)}},
        {32, {2, MIB(8)}},   {90, {2, MIB(8)}},   {UINT64_MAX, {2, MIB(8)}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_batch_share got = hw_batch_share(&means, rows[i].there);
        assert_row_int("threads", got.threads, rows[i].want.threads);
        assert_row_int("memory", got.memory_bytes, rows[i].want.memory_bytes);
    }
    static const struct hw_batch_means crowded = {1000, 64, MIB(256)};
    const struct hw_batch_share least = hw_batch_share(&crowded, 1000);
    assert_int_equal(least.threads, 1);
    assert_int_equal(least.memory_bytes, MIB(8));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_become_means),
        cmocka_unit_test(shares_follow_the_lines_that_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
