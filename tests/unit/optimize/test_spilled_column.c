/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/spilled_column.h"

#include "support/alloc_fault.h"
#include "unit/optimize/rows_text.h"

enum { BLOCKS_MAX = 4, TAKES_MAX = 4 };

struct put_aside {
    struct hw_sort_spill spill;
    struct hw_spill_bench bench;
    struct hw_spilled_column column;
    struct hw_spilled_reader reader;
};

static enum hw_status block_add(struct put_aside *aside, size_t width, const char *text) {
    struct hw_leaf_rows rows = {0};
    rows_text_put(&rows, width, text);
    const enum hw_status status = hw_spilled_column_add(&aside->column, &aside->spill, &rows, &aside->bench, NULL);
    hw_leaf_rows_release(&rows);
    return status;
}

static void aside_open(struct put_aside *aside, size_t width, const char *const *blocks) {
    *aside = (struct put_aside){.column.def_max = ROWS_TEXT_DEF};
    hw_sort_spill_init(&aside->spill, NULL, HW_MIB(1));
    for (size_t i = 0; i < BLOCKS_MAX && blocks[i]; i++) {
        assert_int_equal(block_add(aside, width, blocks[i]), HW_OK);
    }
    aside->reader = (struct hw_spilled_reader){&aside->column, &aside->spill, &aside->bench};
}

static void aside_close(struct put_aside *aside) {
    hw_spilled_reader_release(&aside->reader);
    hw_spilled_column_release(&aside->column);
    hw_spill_bench_release(&aside->bench);
    hw_sort_spill_release(&aside->spill);
}

/* Blocks of rows, and rows that are taken from one of them on, again and again. */
static const struct {
    const char *name;
    size_t width;
    const char *blocks[BLOCKS_MAX];
    uint64_t from;
    size_t takes[TAKES_MAX];
    const char *want;
} rows[] = {
    {"one block", 8, {"1 2 3 "}, 0, {3}, "1 2 3 "},
    {"blocks", 8, {"1 2 3 ", "4 ", "5 6 "}, 0, {2, 3, 1}, "1 2 3 4 5 6 "},
    {"from the middle of a block", 8, {"1 2 3 ", "4 ", "5 6 "}, 1, {4}, "2 3 4 5 "},
    {"from the beginning of a block", 8, {"1 2 3 ", "4 ", "5 6 "}, 3, {1, 1}, "4 5 "},
    {"from the last row", 8, {"1 2 3 ", "4 ", "5 6 "}, 5, {1}, "6 "},
    {"nulls in some blocks", 8, {"1 2 ", "- 4 ", "5 "}, 1, {1, 3}, "2 - 4 5 "},
    {"texts", 0, {"ab ~ ", "c - ", "def "}, 1, {4}, "~ c - def "},
    {"lists", 0, {"a,b - ", "c,-,d e f,g "}, 1, {2, 2}, "- c,-,d e f,g "},
    {"a list in the middle", 0, {"a,b - ", "c,-,d e f,g "}, 3, {1}, "e "},
    {"what LZ4 makes smaller",
     0,
     {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b "},
     1,
     {1},
     "b "},
};

static void rows_come_back_in_their_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct put_aside aside;
        struct hw_leaf_rows got = {0};
        bool more = true;
        aside_open(&aside, rows[i].width, rows[i].blocks);
        assert_ok(hw_leaf_rows_clear(&got, rows[i].width, &err), err);
        assert_ok(hw_spilled_reader_go(&aside.reader, rows[i].from, &err), err);
        for (size_t k = 0; k < TAKES_MAX; k++) {
            assert_ok(hw_spilled_reader_take(&aside.reader, rows[i].takes[k], &got, &err), err);
        }
        rows_text_check(rows[i].name, &got, rows[i].want);
        assert_ok(hw_spilled_reader_peek(&aside.reader, &more, &err), err);
        assert_row_int(rows[i].name, more, rows[i].from + got.rows < aside.column.rows);
        hw_leaf_rows_release(&got);
        aside_close(&aside);
    }
}

static void behind_the_last_row_is_none(void **state) {
    (void)state;
    struct put_aside aside;
    struct hw_leaf_rows got = {0};
    bool more = true;
    aside_open(&aside, 8, (const char *const[BLOCKS_MAX]){"1 ", "2 3 "});
    assert_int_equal(aside.column.rows, 3);
    /* Two numbers, and the place at which texts would begin. */
    assert_int_equal(aside.column.block_bytes_most, 2 * ROWS_TEXT_NUMBER + sizeof(int32_t));
    assert_int_equal(hw_spilled_reader_go(&aside.reader, 3, NULL), HW_OK);
    assert_int_equal(hw_spilled_reader_peek(&aside.reader, &more, NULL), HW_OK);
    assert_false(more);
    assert_int_equal(hw_leaf_rows_clear(&got, 8, NULL), HW_OK);
    assert_int_equal(hw_spilled_reader_take(&aside.reader, 1, &got, NULL), HW_EIO);
    hw_leaf_rows_release(&got);
    aside_close(&aside);
}

/* Each bit that changes where they are put aside is found. */
static void bytes_that_change_are_found(void **state) {
    (void)state;
    struct put_aside aside;
    aside_open(&aside, 0, (const char *const[BLOCKS_MAX]){"ab - c "});
    for (size_t bit = 0; bit < 8 * aside.spill.synced.memory.size; bit++) {
        struct hw_error err = HW_ERROR_INIT;
        aside.spill.synced.memory.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(hw_spilled_reader_go(&aside.reader, 0, &err), HW_EIO);
        assert_row_says("a bit", err.message, "does not come back as it was written");
        aside.spill.synced.memory.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(hw_spilled_reader_go(&aside.reader, 0, NULL), HW_OK);
    aside_close(&aside);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct hw_leaf_rows given = {0};
    rows_text_put(&given, 0, "ab - c ");
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct put_aside aside;
        aside_open(&aside, 0, (const char *const[BLOCKS_MAX]){NULL});
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_spilled_column_add(&aside.column, &aside.spill, &given, &aside.bench, NULL);
        status = status ? status : hw_spilled_reader_go(&aside.reader, 1, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        aside_close(&aside);
    }
    hw_leaf_rows_release(&given);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_in_their_order),
        cmocka_unit_test(behind_the_last_row_is_none),
        cmocka_unit_test(bytes_that_change_are_found),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/spilled_column", tests, NULL, NULL);
}
