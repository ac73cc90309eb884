/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/order_marks.h"

#include "support/alloc_fault.h"
#include "unit/optimize/rows_text.h"

enum { COLUMNS = 2, STEP_MAX = 6, PORTION_BYTES = 64 };

static const struct hw_sort_key key = {.form = HW_SORT_BYTES, .def_max = ROWS_TEXT_DEF};

/* Adds the rows of a text in portions of `step`. Each value is one letter. */
static void marks_put(struct hw_order_marks *marks, const char *text, size_t step) {
    struct hw_leaf_rows rows = {0};
    hw_order_marks_clear(marks);
    for (size_t at = 0; at < strlen(text); at += 2 * step) {
        char portion[PORTION_BYTES] = "";
        memcpy(portion, text + at, hw_min_size(2 * step, strlen(text) - at));
        rows_text_put(&rows, 0, portion);
        assert_int_equal(hw_order_marks_add(marks, &key, &rows, NULL), HW_OK);
    }
    hw_leaf_rows_release(&rows);
}

/* Sets the keys of a row of both columns. */
static void before_put(struct hw_buf *before, const char *text) {
    struct hw_order_marks marks = {0};
    for (size_t i = 0; i < COLUMNS; i++) {
        const char value[] = {text[i], ' ', '\0'};
        marks_put(&marks, value, 1);
        hw_buf_clear(&before[i]);
        assert_int_equal(hw_buf_append(&before[i], marks.first.data, marks.first.size, NULL), HW_OK);
    }
    hw_order_marks_release(&marks);
}

/* The values of two columns, and of the row before, and by how many columns they are sorted. */
static const struct {
    const char *name;
    const char *columns[COLUMNS];
    const char *before;
    size_t want;
} rows[] = {
    {"no rows", {"", ""}, NULL, 2},
    {"a row", {"a ", "b "}, NULL, 2},
    {"both", {"a a b b ", "a b a b "}, NULL, 2},
    {"the second one begins again where the first one goes on", {"a b c d ", "z y x w "}, NULL, 2},
    {"the first alone", {"a a b b ", "b a a b "}, NULL, 1},
    {"none", {"b a ", "a a "}, NULL, 0},
    {"none, at the end", {"a b c d e f g h i j k l m a ", "a a a a a a a a a a a a a a "}, NULL, 0},
    {"nulls are last", {"a b - - ", "a b a - "}, NULL, 2},
    {"a null in front", {"- a ", "a a "}, NULL, 0},
    {"all are equal", {"a a a a a ", "- - - - - "}, NULL, 2},
    {"equal to the row before", {"b c ", "b c "}, "bb", 2},
    {"before the row before", {"b c ", "b c "}, "ca", 0},
    {"before it in the second column", {"b c ", "b c "}, "bc", 1},
    {"behind it", {"b c ", "b c "}, "az", 2},
};

static void the_columns_in_order_are_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (size_t step = 1; step < STEP_MAX; step++) {
            struct hw_order_marks marks[COLUMNS] = {0};
            struct hw_buf before[COLUMNS] = {0};
            for (size_t k = 0; k < COLUMNS; k++) {
                marks_put(&marks[k], rows[i].columns[k], step);
            }
            if (rows[i].before) {
                before_put(before, rows[i].before);
            }
            const size_t got = hw_order_marks_sorted(marks, rows[i].before ? before : NULL, COLUMNS);
            assert_row_int(rows[i].name, got, rows[i].want);
            for (size_t k = 0; k < COLUMNS; k++) {
                hw_order_marks_release(&marks[k]);
                hw_buf_release(&before[k]);
            }
        }
    }
}

static void equal_rows_are_known(void **state) {
    (void)state;
    struct hw_order_marks marks[COLUMNS] = {0};
    marks_put(&marks[0], "a a a b b a ", 4);
    marks_put(&marks[1], "x x y y y y ", 5);
    for (size_t row = 1; row < marks[0].rows; row++) {
        assert_int_equal(hw_order_marks_equal(marks, COLUMNS, row), row == 1 || row == 4);
        assert_int_equal(hw_order_marks_equal(marks, 1, row), row == 1 || row == 2 || row == 4);
    }
    hw_order_marks_release(&marks[0]);
    hw_order_marks_release(&marks[1]);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct hw_leaf_rows values = {0};
    rows_text_put(&values, 0, "a b - ");
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_order_marks marks = {0};
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_order_marks_add(&marks, &key, &values, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_order_marks_release(&marks);
    }
    hw_leaf_rows_release(&values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_columns_in_order_are_counted),
        cmocka_unit_test(equal_rows_are_known),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/order_marks", tests, NULL, NULL);
}
