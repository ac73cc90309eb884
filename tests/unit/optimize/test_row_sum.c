/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/row_sum.h"

#include "unit/optimize/rows_text.h"

enum { ROWS_MAX = 8 };

static struct hw_row_sum sum_of(size_t width, const char *text, const uint64_t *numbers) {
    struct hw_row_sum sum = {0};
    struct hw_leaf_rows rows = {0};
    rows_text_put(&rows, width, text);
    hw_row_sum_add(&sum, &rows, ROWS_TEXT_DEF, numbers);
    assert_int_equal(sum.rows, rows.rows);
    hw_leaf_rows_release(&rows);
    return sum;
}

/* Two columns of rows with their numbers, and whether they are the same but for the order. */
static const struct {
    const char *name;
    size_t width;
    const char *a;
    uint64_t a_numbers[ROWS_MAX];
    const char *b;
    uint64_t b_numbers[ROWS_MAX];
    bool same;
} pairs[] = {
    {"the same", 8, "1 2 3 ", {0, 1, 2}, "1 2 3 ", {0, 1, 2}, true},
    {"another order", 8, "1 2 3 ", {0, 1, 2}, "3 1 2 ", {2, 0, 1}, true},
    {"values change places", 8, "1 2 3 ", {0, 1, 2}, "2 1 3 ", {0, 1, 2}, false},
    {"another value", 8, "1 2 3 ", {0, 1, 2}, "1 2 4 ", {0, 1, 2}, false},
    {"a number less", 8, "1 2 3 ", {0, 1, 2}, "1 2 ", {0, 1}, false},
    {"a row twice, and one less", 8, "1 1 3 ", {0, 1, 2}, "1 3 3 ", {0, 2, 2}, false},
    {"nulls in another order", 8, "1 - 3 ", {0, 1, 2}, "- 3 1 ", {1, 2, 0}, true},
    {"a null moves", 8, "1 - 3 ", {0, 1, 2}, "- 1 3 ", {0, 1, 2}, false},
    {"a text without bytes is no null", 0, "~ a ", {0, 1}, "- a ", {0, 1}, false},
    {"texts in another order", 0, "ab ~ c ", {0, 1, 2}, "c ab ~ ", {2, 0, 1}, true},
    {"the border between two texts", 0, "ab c ", {0, 1}, "a bc ", {0, 1}, false},
    {"lists in another order", 0, "a,b - c,-,d ", {0, 1, 2}, "c,-,d a,b - ", {2, 0, 1}, true},
    {"entries change places", 0, "a,b c ", {0, 1}, "b,a c ", {0, 1}, false},
    {"the border between two lists", 0, "a,b c,d ", {0, 1}, "a b,c,d ", {0, 1}, false},
    {"a null in a list moves", 0, "a,-,b c ", {0, 1}, "-,a,b c ", {0, 1}, false},
};

static void order_alone_does_not_count(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const struct hw_row_sum a = sum_of(pairs[i].width, pairs[i].a, pairs[i].a_numbers);
        const struct hw_row_sum b = sum_of(pairs[i].width, pairs[i].b, pairs[i].b_numbers);
        assert_row_int(pairs[i].name, hw_row_sum_equal(&a, &b), pairs[i].same);
    }
}

/* Nulls of a portion that has none are left out; the same rows in another portion have levels. */
static void portions_make_one_sum(void **state) {
    (void)state;
    static const uint64_t numbers[] = {5, 6, 7, 8};
    const struct hw_row_sum all = sum_of(8, "1 2 - 4 ", numbers), last = sum_of(8, "- 4 ", numbers + 2);
    struct hw_row_sum first = sum_of(8, "1 2 ", numbers);
    assert_false(hw_row_sum_equal(&all, &first));
    hw_row_sum_join(&first, &last);
    assert_true(hw_row_sum_equal(&all, &first));
    assert_int_equal(first.rows, 4);
}

/* The same values in one list of lists, and in two. */
static void levels_of_lists_in_lists_count(void **state) {
    (void)state;
    static const uint64_t number = 3;
    struct hw_row_sum sums[2] = {0};
    for (uint8_t i = 0; i < 2; i++) {
        struct hw_leaf_rows rows = {0};
        rows_text_put(&rows, 0, "a,b ");
        rows.reps.data[1] = (uint8_t)(1 + i);
        hw_row_sum_add(&sums[i], &rows, ROWS_TEXT_DEF, &number);
        hw_leaf_rows_release(&rows);
    }
    assert_false(hw_row_sum_equal(&sums[0], &sums[1]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_alone_does_not_count),
        cmocka_unit_test(portions_make_one_sum),
        cmocka_unit_test(levels_of_lists_in_lists_count),
    };
    return cmocka_run_group_tests_name("optimize/row_sum", tests, NULL, NULL);
}
