/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bloom_args.h"

#include "core/buf.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

static const struct {
    const char *name;
    const char *values[2];
    const char *want; /* "a 0.1|b 0"; NULL: it is refused */
    const char *says;
} rows[] = {
    {"a column", {"a"}, "a 0", NULL},
    {"with a probability", {"a:0.05"}, "a 0.05", NULL},
    {"several, and given again", {"a:.5,b c", "d:1e-3"}, "a 0.5|b c 0|d 0.001", NULL},
    {"a colon in a name", {"a:b,c:d:0.25"}, "a:b 0|c:d 0.25", NULL},
    {"a name like a probability", {"a:0.5:0.25"}, "a:0.5 0.25", NULL},
    {"nothing behind a colon", {"a:"}, "a: 0", NULL},
    {"nothing before it", {":0.5"}, ":0.5 0", NULL},
    {"words that strtod takes", {"a:nan,b:inf,c:0x1p-3"}, "a:nan 0|b:inf 0|c:0x1p-3 0", NULL},
    {"signs of no number", {"a:e,b:0.1.2,c:1e,d:-"}, "a:e 0|b:0.1.2 0|c:1e 0|d:- 0", NULL},
    {"in quotes", {"\"a,b:0.5\",\"c\""}, "a,b 0.5|c 0", NULL},
    {"1", {"a:0.5,b:1"}, NULL, "--bloom: the false positive probability in \"b:1\" is not above 0 and below 1"},
    {"0", {"a:0"}, NULL, "in \"a:0\" is not above 0 and below 1"},
    {"less than 0", {"a:-0.1"}, NULL, "in \"a:-0.1\" is not above 0 and below 1"},
    {"more than 1", {"a:2"}, NULL, "in \"a:2\" is not above 0 and below 1"},
    {"less than any number", {"a:1e-999"}, NULL, "is not above 0 and below 1"},
    {"no list", {"a,"}, NULL, "--bloom: \"a,\" is not COL,..."},
};

static void values_are_columns_and_probabilities(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_option_list list = {rows[i].values, rows[i].values[1] ? 2 : 1, NULL};
        const struct hw_optimize_bloom *bloom = NULL;
        size_t count = 99;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        HW_AUTO(hw_buf) text = {0};
        assert_row_int(rows[i].name, hw_bloom_args_read(&list, "--bloom", &arena, &bloom, &count, &err),
                       rows[i].want ? HW_OK : HW_EUSAGE);
        if (!rows[i].want) {
            assert_row_says(rows[i].name, err.message, rows[i].says);
            assert_row_int(rows[i].name, count, 99);
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            assert_ok(hw_buf_printf(&text, &err, "%s%s %g", k > 0 ? "|" : "", bloom[k].column, bloom[k].fpp), err);
        }
        assert_ok(hw_buf_end_text(&text, &err), err);
        assert_row_text(rows[i].name, (const char *)text.data, rows[i].want);
    }
}

static void nothing_given_is_nothing_asked(void **state) {
    (void)state;
    const struct hw_option_list list = {0};
    const struct hw_optimize_bloom *bloom = NULL;
    size_t count = 99;
    HW_AUTO(hw_arena) arena = {0};
    assert_int_equal(hw_bloom_args_read(&list, "--bloom", &arena, &bloom, &count, NULL), HW_OK);
    assert_int_equal(count, 0);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    const char *const values[] = {"a:0.5,b", "c"};
    const struct hw_option_list list = {values, COUNT_OF(values), NULL};
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_arena arena = {0};
        const struct hw_optimize_bloom *bloom;
        size_t count;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = hw_bloom_args_read(&list, "--bloom", &arena, &bloom, &count, NULL);
        hw_arena_release(&arena);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_columns_and_probabilities),
        cmocka_unit_test(nothing_given_is_nothing_asked),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("cli/bloom_args", tests, NULL, NULL);
}
