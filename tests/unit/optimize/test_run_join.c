/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/run_join.h"

#include "support/alloc_fault.h"
#include "unit/optimize/runs_make.h"

static const struct run_text runs[RUNS_MAX] = {
    {"a,b - c ", "1 3 6 ", "2 0 1 "}, {"d e,f,g ", "2 3 ", "3 4 "}, {"h,i ", "0 ", "5 "}};

static struct hw_run_join join_of(struct runs_made *made, struct hw_sort_spill *to,
                                  const struct hw_sort_run_options *options) {
    return (struct hw_run_join){made->runs, made->count, &made->spill, to, options};
}

static struct hw_sort_run_options options_of(struct hw_crew *crew, size_t threads, size_t block_bytes) {
    return (struct hw_sort_run_options){
        .columns = runs_columns,
        .columns_count = RUNS_COLUMNS,
        .crew = crew,
        .threads = threads,
        .block_bytes = block_bytes,
    };
}

static void column_check(struct runs_made *made, const struct hw_sort_run *run, size_t column,
                         struct hw_sort_spill *from, const char *want) {
    HW_AUTO(hw_buf) got = {0};
    const size_t width = column == RUNS_COLUMNS + HW_RUN_NUMBERS ? ROWS_TEXT_NUMBER : 0;
    runs_column_text(made, &run->columns[column], width, from, &got);
    assert_row_text("a column", (const char *)got.data, want);
}

static void several_runs_become_one(void **state) {
    (void)state;
    static const size_t ways[][2] = {{1, 1}, {1, 1 << 20}, {3, 1}, {3, 12}};
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew = NULL;
        struct runs_made made;
        struct hw_sort_run run = {0};
        struct hw_sort_spill to;
        assert_ok(ways[i][0] > 1 ? hw_crew_new(ways[i][0], &crew, &err) : HW_OK, err);
        hw_sort_spill_init(&to, NULL, HW_MIB(1));
        runs_open(&made, runs, 2);
        const struct hw_sort_run_options options = options_of(crew, ways[i][0], ways[i][1]);
        const struct hw_run_join join = join_of(&made, &to, &options);
        assert_ok(hw_run_join(&join, &run, &err), err);
        assert_int_equal(run.rows, 6);
        column_check(&made, &run, 0, &to, "h,i a,b d - e,f,g c ");
        column_check(&made, &run, RUNS_COLUMNS + HW_RUN_KEYS, &to, "0 1 2 3 3 6 ");
        column_check(&made, &run, RUNS_COLUMNS + HW_RUN_NUMBERS, &to, "5 2 3 0 4 1 ");
        hw_sort_run_release(&run, RUNS_COLUMNS);
        runs_close(&made);
        hw_sort_spill_release(&to);
        hw_crew_free(crew);
    }
}

static bool second_time(void *ctx) {
    size_t *asked = ctx;
    return (*asked)++ > 0;
}

/* While the order is made nothing stops it, and then while rows are. */
static void it_can_be_cancelled(void **state) {
    (void)state;
    size_t asked = 0;
    struct hw_error err = HW_ERROR_INIT;
    struct runs_made made;
    struct hw_sort_run run = {0};
    struct hw_sort_spill to;
    hw_sort_spill_init(&to, NULL, HW_MIB(1));
    runs_open(&made, runs, 2);
    struct hw_sort_run_options options = options_of(NULL, 1, 1);
    options.cancelled = second_time;
    options.ctx = &asked;
    const struct hw_run_join join = join_of(&made, &to, &options);
    assert_int_equal(hw_run_join(&join, &run, &err), HW_ECANCELLED);
    assert_null(run.columns);
    runs_close(&made);
    hw_sort_spill_release(&to);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct runs_made made;
    runs_open(&made, runs, 2);
    const struct hw_sort_run_options options = options_of(NULL, 1, 1);
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_sort_run run = {0};
        struct hw_sort_spill to;
        hw_sort_spill_init(&to, NULL, HW_MIB(1));
        const struct hw_run_join join = join_of(&made, &to, &options);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_run_join(&join, &run, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_sort_run_release(&run, RUNS_COLUMNS);
        hw_sort_spill_release(&to);
    }
    runs_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_runs_become_one),
        cmocka_unit_test(it_can_be_cancelled),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/run_join", tests, NULL, NULL);
}
