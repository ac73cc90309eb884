/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/run_order.h"

#include "support/alloc_fault.h"
#include "unit/optimize/runs_make.h"

enum { GROUPS_MAX = 4 };

/* Runs by the keys and numbers of their rows, and "run:number" of each row in the order. */
static const struct {
    const char *name;
    struct run_text runs[RUNS_MAX];
    uint64_t groups[GROUPS_MAX];
    const char *want, *starts;
} rows[] = {
    {"no runs", {{0}}, {0}, "", ""},
    {"one run", {{"a b c ", "a b c ", "2 0 1 "}}, {3}, "0:2 0:0 0:1 ", "0 "},
    {"two runs",
     {{"a c e ", "a c e ", "0 2 1 "}, {"b d ", "b d ", "4 3 "}},
     {2, 2, 1},
     "0:0 1:4 0:2 1:3 0:1 ",
     "0 0 1 1 2 2 "},
    {"equal keys are those of the earlier run first",
     {{"a a ", "a a ", "0 1 "}, {"a a ", "a a ", "2 3 "}, {"a ", "a ", "4 "}},
     {3, 2},
     "0:0 0:1 1:2 1:3 2:4 ",
     "0 0 0 2 1 0 "},
    {"a key that begins another",
     {{"aaaaaaaab ", "aaaaaaaab ", "0 "}, {"aaaaaaaa aaaaaaaac ", "aaaaaaaa aaaaaaaac ", "1 2 "}},
     {3},
     "1:1 0:0 1:2 ",
     "0 0 "},
    {"one behind the other",
     {{"x y z ", "x y z ", "0 1 2 "}, {"a ", "a ", "3 "}, {"m n ", "m n ", "5 4 "}},
     {1, 5},
     "1:3 2:5 2:4 0:0 0:1 0:2 ",
     "0 0 0 0 1 0 "},
    {"no row groups", {{"b ", "b ", "0 "}, {"a ", "a ", "1 "}}, {0}, "1:1 0:0 ", ""},
};

static void order_text(struct runs_made *made, struct hw_buf *out) {
    HW_AUTO(hw_buf) entries = {0};
    runs_column_text(made, &made->order.rows, ROWS_TEXT_NUMBER, &made->spill, &entries);
    for (char *at = (char *)entries.data; *at; at++) {
        const uint64_t entry = strtoull(at, &at, 10);
        assert_int_equal(hw_buf_printf(out, NULL, "%" PRIu64 ":%" PRIu64 " ", entry >> HW_ORDER_NUMBER_BITS,
                                       entry & HW_ORDER_NUMBER_MAX),
                         HW_OK);
    }
    assert_int_equal(hw_buf_end_text(out, NULL), HW_OK);
}

static void rows_follow_by_their_keys(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t step = 1; step < 4; step++) {
            struct hw_error err = HW_ERROR_INIT;
            struct runs_made made;
            struct hw_row_cuts cuts;
            HW_AUTO(hw_buf) order = {0};
            HW_AUTO(hw_buf) starts = {0};
            runs_open(&made, rows[i].runs, step);
            runs_cuts(&cuts, rows[i].groups);
            assert_ok(runs_order(&made, &cuts, &err), err);
            order_text(&made, &order);
            runs_column_text(&made, &made.order.starts, ROWS_TEXT_NUMBER, &made.spill, &starts);
            assert_row_text(rows[i].name, (const char *)order.data, rows[i].want);
            assert_row_text(rows[i].name, (const char *)starts.data, rows[i].starts);
            hw_row_cuts_release(&cuts);
            runs_close(&made);
        }
    }
}

static void keys_and_numbers_go_together(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct runs_made made;
    runs_open(&made, (const struct run_text[RUNS_MAX]){{"a b ", "a b ", "0 "}}, 2);
    assert_int_equal(runs_order(&made, NULL, &err), HW_EDATA);
    assert_row_says("a number less", err.message, "has other keys than numbers");
    runs_close(&made);
}

static bool always(void *ctx) {
    (void)ctx;
    return true;
}

static void it_can_be_cancelled_and_has_a_limit(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct runs_made made;
    runs_open(&made, rows[1].runs, 1);
    struct hw_run_order_options options = {
        .runs = made.runs,
        .runs_count = made.count,
        .columns = RUNS_COLUMNS,
        .from = &made.spill,
        .to = &made.spill,
        .block_bytes = 1,
        .cancelled = always,
    };
    assert_int_equal(hw_run_order_make(&made.order, &options, &err), HW_ECANCELLED);
    options.runs_count = HW_ORDER_RUNS_MAX + 1;
    assert_int_equal(hw_run_order_make(&made.order, &options, &err), HW_ELIMIT);
    assert_row_says("runs", err.message, "more than 65535 parts: --memory is too small");
    runs_close(&made);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct runs_made made;
        struct hw_row_cuts cuts;
        runs_open(&made, rows[2].runs, 1);
        runs_cuts(&cuts, rows[2].groups);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = runs_order(&made, &cuts, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_row_cuts_release(&cuts);
        runs_close(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_follow_by_their_keys),
        cmocka_unit_test(keys_and_numbers_go_together),
        cmocka_unit_test(it_can_be_cancelled_and_has_a_limit),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/run_order", tests, NULL, NULL);
}
