/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/key_sort.h"

#include "support/alloc_fault.h"
#include "unit/optimize/rows_text.h"

enum { COLUMNS = 2, MANY = 3000 };

struct sorted {
    struct hw_leaf_rows keys[COLUMNS];
    struct hw_buf order, scratch;
};

static void sorted_release(struct sorted *sorted) {
    for (size_t i = 0; i < COLUMNS; i++) {
        hw_leaf_rows_release(&sorted->keys[i]);
    }
    hw_buf_release(&sorted->order);
    hw_buf_release(&sorted->scratch);
}

/* Keys of one column or of two, and the numbers of the rows in their order. */
static const struct {
    const char *name;
    const char *keys[COLUMNS];
    const char *want;
} rows[] = {
    {"no rows", {""}, ""},
    {"one row", {"a "}, "0 "},
    {"in order already", {"a b c "}, "0 1 2 "},
    {"in reverse", {"c b a "}, "2 1 0 "},
    {"equal rows stay", {"b a b a b "}, "1 3 0 2 4 "},
    {"a beginning is before", {"abc ab abcd "}, "1 0 2 "},
    {"equal in the first 8 bytes", {"abcdefghz abcdefgha abcdefgh "}, "2 1 0 "},
    {"the second column decides", {"b b a a ", "y x y x "}, "3 2 1 0 "},
    {"equal in both columns", {"b a b a ", "x y x y "}, "1 3 0 2 "},
    {"more rows than are sorted by insertion",
     {"t s r q p o n m l k j i h g f e d c b a "},
     "19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 "},
};

static void rows_come_in_the_order_of_their_keys(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct sorted sorted = {0};
        HW_AUTO(hw_buf) got = {0};
        const size_t columns = rows[i].keys[1] ? 2 : 1;
        for (size_t k = 0; k < columns; k++) {
            rows_text_put(&sorted.keys[k], 0, rows[i].keys[k]);
        }
        const size_t count = sorted.keys[0].rows;
        assert_ok(hw_key_sort(sorted.keys, columns, count, &sorted.order, &sorted.scratch, &err), err);
        assert_row_int(rows[i].name, sorted.order.size, count * sizeof(uint32_t));
        for (size_t k = 0; k < count; k++) {
            const uint32_t number = hw_load_le32(sorted.order.data + k * sizeof(uint32_t));
            assert_int_equal(hw_buf_printf(&got, NULL, "%" PRIu32 " ", number), HW_OK);
        }
        assert_int_equal(hw_buf_end_text(&got, NULL), HW_OK);
        assert_row_text(rows[i].name, (const char *)got.data, rows[i].want);
        sorted_release(&sorted);
    }
}

/* Few different keys: for each of them, from the least one on, its rows in their order. */
static void many_equal_rows_stay_in_their_order(void **state) {
    (void)state;
    static const size_t kinds[] = {1, 2, 7, 100};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct sorted sorted = {0};
        size_t at = 0;
        assert_ok(hw_leaf_rows_clear(&sorted.keys[0], 0, &err), err);
        for (size_t row = 0; row < MANY; row++) {
            const char key = (char)(row * 7919 % kinds[i]);
            assert_ok(hw_leaf_rows_text(&sorted.keys[0], (hw_view){&key, 1}, &err), err);
        }
        assert_ok(hw_key_sort(sorted.keys, 1, MANY, &sorted.order, &sorted.scratch, &err), err);
        for (size_t kind = 0; kind < kinds[i]; kind++) {
            for (size_t row = 0; row < MANY; row++) {
                if (row * 7919 % kinds[i] == kind) {
                    assert_int_equal(hw_load_le32(sorted.order.data + at++ * sizeof(uint32_t)), row);
                }
            }
        }
        assert_int_equal(at, MANY);
        sorted_release(&sorted);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    struct sorted sorted = {0};
    rows_text_put(&sorted.keys[0], 0, "b a ");
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        hw_buf_release(&sorted.order);
        hw_buf_release(&sorted.scratch);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = hw_key_sort(sorted.keys, 1, 2, &sorted.order, &sorted.scratch, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    sorted_release(&sorted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_of_their_keys),
        cmocka_unit_test(many_equal_rows_stay_in_their_order),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/key_sort", tests, NULL, NULL);
}
