/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/order_proof.h"

#include "support/alloc_fault.h"
#include "unit/optimize/runs_make.h"

enum { COLUMNS = 2, GROUPS_MAX = 3 };

static const struct hw_sort_key key = {.form = HW_SORT_BYTES, .def_max = ROWS_TEXT_DEF};

/* Row groups by the values of two columns, and the numbers of the rows in the sources. */
static const struct row {
    const char *name;
    const char *groups[GROUPS_MAX][COLUMNS];
    const char *numbers; /* NULL: rows are not sorted by this program */
    size_t want[GROUPS_MAX];
    enum hw_status status;
} rows[] = {
    {"groups that are sorted", {{"a a b ", "a b a "}, {"b c ", "c a "}}, "4 2 0 1 3 ", {2, 2}, HW_OK},
    {"equal rows in their order", {{"a a ", "x x "}, {"a b ", "x x "}}, "1 3 4 0 ", {2, 2}, HW_OK},
    {"equal rows that changed places", {{"a a ", "x x "}, {"a b ", "x x "}}, "3 1 4 0 ", {0}, HW_EDATA},
    {"the same from one group to the next", {{"a a ", "x x "}, {"a b ", "x x "}}, "1 4 3 0 ", {2}, HW_EDATA},
    {"a row twice", {{"a a ", "x x "}}, "1 1 ", {0}, HW_EDATA},
    {"a group that is not sorted", {{"a b ", "x x "}, {"b a ", "x x "}}, "0 1 2 3 ", {2}, HW_EDATA},
    {"not sorted by the second column", {{"a a ", "y x "}}, "0 1 ", {0}, HW_EDATA},
    {"not from one group to the next", {{"b c ", "x x "}, {"a c ", "x x "}}, "0 1 2 3 ", {2}, HW_EDATA},
    {"not so by the second column", {{"b ", "y "}, {"b ", "x "}}, "0 1 ", {2}, HW_EDATA},
    {"rows of sources", {{"a a ", "x y "}, {"a a ", "y x "}, {"b a ", "x x "}}, NULL, {2, 1, 0}, HW_OK},
    {"each group of the sources for itself", {{"b ", "x "}, {"a ", "x "}}, NULL, {2, 2}, HW_OK},
};

/* Proves one row group after the other, until one fails. */
static enum hw_status groups_prove(const struct row *row, struct hw_order_proof *proof, struct hw_error *err) {
    enum hw_status status = HW_OK;
    for (size_t group = 0; status == HW_OK && group < GROUPS_MAX && row->groups[group][0]; group++) {
        struct hw_order_marks marks[COLUMNS] = {0};
        size_t sorted = 0;
        for (size_t i = 0; status == HW_OK && i < COLUMNS; i++) {
            struct hw_leaf_rows values = {0};
            rows_text_put(&values, 0, row->groups[group][i]);
            status = hw_order_marks_add(&marks[i], &key, &values, err);
            hw_leaf_rows_release(&values);
        }
        status = status ? status : hw_order_proof_group(proof, marks, &sorted, err);
        assert_row_int(row->name, sorted, status ? 0 : row->want[group]);
        for (size_t i = 0; i < COLUMNS; i++) {
            hw_order_marks_release(&marks[i]);
        }
    }
    return status;
}

/* The numbers are those of one run in an order of its own. */
static void sorted_open(struct hw_sorted_rows *sorted, struct runs_made *made, const char *numbers) {
    runs_open(made, (const struct run_text[RUNS_MAX]){{0}}, 1);
    runs_column_put(made, &made->order.rows, ROWS_TEXT_NUMBER, numbers ? numbers : "", 2);
    *sorted = (struct hw_sorted_rows){.spill = &made->spill, .order = made->order};
}

static void order_is_proved(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct runs_made made;
        struct hw_sorted_rows sorted;
        sorted_open(&sorted, &made, rows[i].numbers);
        struct hw_order_proof proof = {.count = COLUMNS, .sorted = rows[i].numbers ? &sorted : NULL};
        assert_row_int(rows[i].name, groups_prove(&rows[i], &proof, &err), rows[i].status);
        assert_row_says(rows[i].name, err.message, rows[i].status ? "please report this as a bug" : "");
        hw_order_proof_release(&proof);
        runs_close(&made);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct runs_made made;
    struct hw_sorted_rows sorted;
    bool fired = true;
    struct hw_order_marks marks[COLUMNS] = {0};
    struct hw_leaf_rows values = {0};
    rows_text_put(&values, 0, "a b ");
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_int_equal(hw_order_marks_add(&marks[i], &key, &values, NULL), HW_OK);
    }
    sorted_open(&sorted, &made, "0 1 ");
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        size_t got = 0;
        struct hw_order_proof proof = {.count = COLUMNS, .sorted = &sorted};
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_order_proof_group(&proof, marks, &got, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_order_proof_release(&proof);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        hw_order_marks_release(&marks[i]);
    }
    hw_leaf_rows_release(&values);
    runs_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_proved),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/order_proof", tests, NULL, NULL);
}
