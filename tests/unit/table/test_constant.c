/* SPDX-License-Identifier: Apache-2.0 */
#include "table/constant.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

/* Every row of the column has the value. */
static void column_check(const char *name, const struct hw_column *column, size_t rows, const char *value) {
    const size_t bytes = strlen(value);
    assert_row_int(name, column->null_count, 0);
    for (size_t i = 0; i < rows; i++) {
        const size_t begin = (size_t)column->offsets[i];
        assert_row_bytes(name, column->data + begin, (size_t)column->offsets[i + 1] - begin, value, bytes);
    }
}

static void every_row_has_the_value(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *value;
        size_t rows;
    } rows[] = {
        {"no rows", "a.csv", 0},
        {"one row", "a.csv", 1},
        {"more rows than before", "a.csv", 1000},
        {"fewer rows than before", "a.csv", 7},
        {"another value", "folder/b.csv.gz", 12},
        {"a value without bytes", "", 3},
    };
    HW_AUTO(hw_constant) constant = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column column;
        hw_constant_set(&constant, rows[i].value);
        assert_ok(hw_constant_column(&constant, rows[i].rows, &column, &err), err);
        assert_row_int(rows[i].name, column.length, rows[i].rows);
        column_check(rows[i].name, &column, rows[i].rows, rows[i].value);
    }
}

/* What a column takes does not depend on how long the value is. */
static void a_long_value_has_fewer_rows(void **state) {
    (void)state;
    static char value[100001];
    HW_AUTO(hw_constant) constant = {0};
    memset(value, 'v', sizeof(value) - 1);
    hw_constant_set(&constant, "ab");
    assert_int_equal(hw_constant_rows_max(&constant), 1048576 / 6);
    hw_constant_set(&constant, value);
    assert_int_equal(hw_constant_rows_max(&constant), 10);
    hw_constant_set(&constant, value + 50000);
    assert_int_equal(hw_constant_rows_max(&constant), 1048576 / 50004);
}

/* The last column of a slice is the constant; the others are the batch's, from its row on. */
static void a_slice_ends_with_the_value(void **state) {
    (void)state;
    static const int64_t numbers[40 + HW_BATCH_PADDING] = {[0] = 5, [8] = 6, [32] = 7};
    static char value[40000];
    struct hw_field fields[] = {{.name = "n", .type.kind = HW_KIND_INT64}, {.name = "s", .type.kind = HW_KIND_TEXT}};
    const struct hw_schema schema = {fields, 2};
    const struct hw_column own[] = {{.values = numbers, .length = 40}, {.length = 40}};
    const struct hw_batch batch = {.schema = &schema, .rows = 40, .columns = own};
    struct hw_column columns[2];
    struct hw_batch slice;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_constant) constant = {0};
    memset(value, 'v', sizeof(value) - 1);
    hw_constant_set(&constant, "ab");
    assert_ok(hw_constant_slice(&constant, &batch, 0, columns, &slice, &err), err);
    assert_int_equal(slice.rows, 40);
    column_check("all rows", &slice.columns[1], 40, "ab");
    hw_constant_set(&constant, value);
    assert_ok(hw_constant_slice(&constant, &batch, 8, columns, &slice, &err), err);
    assert_int_equal(slice.rows, 24);
    assert_int_equal(((const int64_t *)slice.columns[0].values)[0], 6);
    column_check("some rows", &slice.columns[1], 24, value);
    assert_ok(hw_constant_slice(&constant, &batch, 32, columns, &slice, &err), err);
    assert_int_equal(slice.rows, 8);
    assert_int_equal(((const int64_t *)slice.columns[0].values)[0], 7);
}

static void too_many_rows_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_constant) constant = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column column = {.length = 9};
    hw_constant_set(&constant, "0123456789");
    assert_int_equal(hw_constant_column(&constant, 214748365, &column, &err), HW_ELIMIT);
    assert_row_says("message", err.message, "214748365 rows of one text of 10 bytes are too many");
    assert_int_equal(column.length, 9);
}

static void failing_allocations_are_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t n = 0; failed; n++) {
        struct hw_constant constant = {0};
        struct hw_column column;
        struct alloc_fault fault;
        hw_constant_set(&constant, "a.csv");
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_constant_column(&constant, 100, &column, NULL);
        const enum hw_status again = hw_constant_column(&constant, 100, &column, NULL);
        column_check("after a failure", &column, 100, "a.csv");
        hw_constant_release(&constant);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        assert_int_equal(again, HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_the_value),      cmocka_unit_test(a_long_value_has_fewer_rows),
        cmocka_unit_test(a_slice_ends_with_the_value),  cmocka_unit_test(too_many_rows_are_refused),
        cmocka_unit_test(failing_allocations_are_told),
    };
    return cmocka_run_group_tests_name("table/constant", tests, NULL, NULL);
}
