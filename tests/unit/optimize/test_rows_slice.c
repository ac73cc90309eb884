/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/rows_slice.h"

#include "support/alloc_fault.h"
#include "unit/optimize/rows_text.h"

/* Rows that are put behind others: some of `from`, by the number of the first and how many. */
static const struct {
    const char *name;
    size_t width;
    const char *to, *from;
    size_t first, count;
    const char *want;
} appends[] = {
    {"all numbers", 8, "", "1 2 3 ", 0, 3, "1 2 3 "},
    {"numbers behind others", 8, "9 ", "1 2 3 ", 1, 2, "9 2 3 "},
    {"no rows", 8, "9 ", "1 2 3 ", 2, 0, "9 "},
    {"nulls behind values", 8, "7 8 ", "1 - 3 - ", 1, 3, "7 8 - 3 - "},
    {"values behind nulls", 8, "- 8 ", "1 2 ", 0, 2, "- 8 1 2 "},
    {"values of rows with nulls", 8, "7 ", "- 5 6 - ", 1, 2, "7 5 6 "},
    {"a null alone", 8, "", "1 - 3 ", 1, 1, "- "},
    {"texts", 0, "ab ", "c ~ def ", 0, 3, "ab c ~ def "},
    {"texts from the middle", 0, "ab ", "c ~ def g ", 2, 2, "ab def g "},
    {"texts and nulls", 0, "ab ~ ", "- c - de ", 0, 3, "ab ~ - c - "},
    {"lists", 0, "a,b c,d ", "e,-,f - g h,i ", 0, 3, "a,b c,d e,-,f - g "},
    {"lists from the middle", 0, "a,b ", "e,-,f - g h,i ", 1, 3, "a,b - g h,i "},
    {"a list of numbers", 8, "", "1,2 3,- 4,5,6 ", 2, 1, "4,5,6 "},
};

/* The slice that begins at a row: the rows before it are gone through. */
static struct hw_rows_slice slice_of(const struct hw_leaf_rows *rows, size_t first, size_t count) {
    const struct hw_rows_slice before = hw_rows_slice_at(rows, 0, 0, first, ROWS_TEXT_DEF);
    return hw_rows_slice_at(rows, before.entries, before.values, count, ROWS_TEXT_DEF);
}

static void rows_are_put_behind_others(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(appends); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_leaf_rows to = {0}, from = {0};
        rows_text_put(&to, appends[i].width, appends[i].to);
        rows_text_put(&from, appends[i].width, appends[i].from);
        const struct hw_rows_slice slice = slice_of(&from, appends[i].first, appends[i].count);
        assert_ok(hw_rows_append(&to, &from, &slice, ROWS_TEXT_DEF, &err), err);
        rows_text_check(appends[i].name, &to, appends[i].want);
        hw_leaf_rows_release(&to);
        hw_leaf_rows_release(&from);
    }
}

static void all_rows_are_a_slice(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    rows_text_put(&rows, 0, "a,b - c,-,d ");
    const struct hw_rows_slice all = hw_rows_slice_all(&rows), found = slice_of(&rows, 0, 3);
    assert_int_equal(all.rows, 3);
    assert_int_equal(all.entries, 6);
    assert_int_equal(all.values, 4);
    assert_memory_equal(&all, &found, sizeof(all));
    /* Levels of 6 entries twice, 4 bytes of texts, and 5 places. */
    assert_int_equal(hw_rows_bytes(&rows), 12 + 4 + 5 * sizeof(int32_t));
    rows_text_put(&rows, 8, "1 2 3 ");
    assert_int_equal(hw_rows_bytes(&rows), 24);
    hw_leaf_rows_release(&rows);
}

static void texts_beyond_2_gib_are_too_many(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_leaf_rows to = {0}, from = {0};
    rows_text_put(&to, 0, "a ");
    rows_text_put(&from, 0, "bc ");
    const struct hw_rows_slice all = hw_rows_slice_all(&from);
    const size_t size = to.data.size;
    to.data.size = INT32_MAX - 1;
    assert_int_equal(hw_rows_append(&to, &from, &all, ROWS_TEXT_DEF, &err), HW_ELIMIT);
    assert_row_says("texts", err.message, "more than 2 GiB");
    to.data.size = size;
    hw_leaf_rows_release(&to);
    hw_leaf_rows_release(&from);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct hw_leaf_rows from = {0};
    rows_text_put(&from, 0, "a,b - c,-,d ");
    const struct hw_rows_slice all = hw_rows_slice_all(&from);
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_leaf_rows to = {0};
        alloc_fault_begin(&fault, n);
        enum hw_status status = hw_leaf_rows_clear(&to, 0, NULL);
        status = status ? status : hw_rows_append(&to, &from, &all, ROWS_TEXT_DEF, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_leaf_rows_release(&to);
    }
    hw_leaf_rows_release(&from);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_put_behind_others),
        cmocka_unit_test(all_rows_are_a_slice),
        cmocka_unit_test(texts_beyond_2_gib_are_too_many),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/rows_slice", tests, NULL, NULL);
}
