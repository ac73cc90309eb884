/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/mask.h"

#include "support/alloc_fault.h"
#include "unit/optimize/levels_make.h"

enum { MASKS_MAX = 3 };

/* Empties the rows and gives them these levels, and values and texts, which are to go. */
static void rows_fill(struct hw_leaf_rows *rows, size_t entries, const char *defs, const char *reps) {
    assert_int_equal(hw_leaf_rows_clear(rows, 0, NULL), HW_OK);
    rows->entries = entries;
    levels_put(&rows->defs, defs, strlen(defs));
    levels_put(&rows->reps, reps, strlen(reps));
    rows->rows = entries;
    for (const char *rep = reps; *rep; rep++) {
        rows->rows -= *rep != '0';
    }
    assert_int_equal(hw_leaf_rows_text(rows, hw_view_of("secret"), NULL), HW_OK);
    assert_int_equal(hw_buf_append(&rows->values, "secrets!", 8, NULL), HW_OK);
}

static void levels_check(const char *name, const struct hw_buf *levels, const char *want) {
    struct hw_buf wanted = {0};
    levels_put(&wanted, want, strlen(want));
    assert_row_bytes(name, levels->data, levels->size, wanted.data, wanted.size);
    hw_buf_release(&wanted);
}

/* Checks the entries that are left, and that no value is. */
static void rows_check(const char *name, const struct hw_leaf_rows *rows, size_t count, const char *defs,
                       const char *reps) {
    assert_row_int(name, rows->rows, count);
    assert_row_int(name, rows->entries, strlen(defs));
    levels_check(name, &rows->defs, defs);
    levels_check(name, &rows->reps, reps);
    assert_row_int(name, rows->count, 0);
    assert_row_int(name, rows->values.size, 0);
    assert_row_int(name, rows->data.size, 0);
    assert_row_bytes(name, rows->offsets.data, rows->offsets.size, "\0\0\0\0", 4);
}

/*
 * Levels are those of the Dremel paper: a definition level counts the optional and repeated nodes
 * of the path that are there, a repetition level names the repeated node that goes on.
 */
static const struct {
    const char *name;
    size_t entries;
    const char *defs, *reps;
    uint8_t def_max;
    struct hw_mask mask;
    size_t rows;
    const char *defs_after, *reps_after;
} masked[] = {
    /* optional x: value, null, value */
    {"a leaf", 3, "101", "", 1, {1, 0}, 3, "000", ""},
    {"a leaf without nulls", 3, "", "", 1, {1, 0}, 3, "000", ""},
    {"no rows", 0, "", "", 1, {1, 0}, 0, "", ""},
    /* optional s { optional x }: null, {null}, {value} */
    {"a leaf in a struct", 3, "012", "", 2, {2, 0}, 3, "011", ""},
    {"a leaf in a struct without nulls", 2, "", "", 2, {2, 0}, 2, "11", ""},
    {"a struct", 3, "012", "", 2, {1, 0}, 3, "000", ""},
    {"a struct without nulls", 2, "", "", 2, {1, 0}, 2, "00", ""},
    /* optional s { required x }: null, {value} */
    {"a struct of a required leaf", 2, "01", "", 1, {1, 0}, 2, "00", ""},
    /* optional a { required b { optional c { optional x } } } */
    {"a struct in the middle", 4, "0123", "", 3, {2, 0}, 4, "0111", ""},
    /* optional list of optional x: null, [], [null], [value, null, value], [value] */
    {"the elements of a list", 7, "0123233", "0000110", 3, {3, 1}, 5, "0122222", "0000110"},
    {"a list", 7, "0123233", "0000110", 3, {1, 0}, 5, "00000", "00000"},
    /* required list of required x, in an optional struct: null, {[]}, {[value, value]} */
    {"a struct of a list", 4, "0122", "0001", 2, {1, 0}, 3, "000", "000"},
    /* optional list of optional lists of optional x: null, [], [null, [], [null], [two values]] */
    {"the elements of lists in a list", 7, "0123455", "0001112", 5, {5, 2}, 3, "0123444", "0001112"},
    {"the lists in a list", 7, "0123455", "0001112", 5, {3, 1}, 3, "012222", "000111"},
    {"a list of lists", 7, "0123455", "0001112", 5, {1, 0}, 3, "000", "000"},
    /*
     * optional list of optional s { optional list of optional x }: [{[value, value]}, null, {null},
     * {[]}, {[null]}], [], null
     */
    {"a struct between lists", 8, "66234510", "02111100", 6, {3, 1}, 3, "2222210", "0111100"},
    {"a list below a struct in a list", 8, "66234510", "02111100", 6, {4, 1}, 3, "3233310", "0111100"},
};

static void all_slots_become_null(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    for (size_t i = 0; i < COUNT_OF(masked); i++) {
        struct hw_error err = HW_ERROR_INIT;
        rows_fill(&rows, masked[i].entries, masked[i].defs, masked[i].reps);
        assert_ok(hw_mask_rows(&masked[i].mask, masked[i].def_max, &rows, &err), err);
        rows_check(masked[i].name, &rows, masked[i].rows, masked[i].defs_after, masked[i].reps_after);
    }
    hw_leaf_rows_release(&rows);
}

/* Whatever is null below a node, and in which order, the rows are those in which the node is. */
static void a_mask_covers_those_below_it(void **state) {
    (void)state;
    /* The lists in a list, as above: the outer list, the inner ones, and their elements. */
    static const struct hw_mask outer = {1, 0}, inner = {3, 1}, elements = {5, 2};
    const struct {
        const char *name;
        struct hw_mask masks[MASKS_MAX];
        const char *defs, *reps;
    } orders[] = {
        {"from below", {elements, inner, outer}, "000", "000"},
        {"from above", {outer, inner, elements}, "000", "000"},
        {"elements, then lists", {elements, inner, inner}, "012222", "000111"},
        {"lists, then elements", {inner, elements, elements}, "012222", "000111"},
    };
    struct hw_leaf_rows rows = {0};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct hw_error err = HW_ERROR_INIT;
        rows_fill(&rows, 7, "0123455", "0001112");
        for (size_t k = 0; k < MASKS_MAX; k++) {
            assert_ok(hw_mask_rows(&orders[i].masks[k], 5, &rows, &err), err);
        }
        rows_check(orders[i].name, &rows, 3, orders[i].defs, orders[i].reps);
    }
    hw_leaf_rows_release(&rows);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    static const struct hw_mask mask = {1, 0};
    struct hw_leaf_rows rows = {.rows = 3, .entries = 3};
    struct alloc_fault fault;
    alloc_fault_begin_forever(&fault, 0);
    const enum hw_status status = hw_mask_rows(&mask, 1, &rows, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    hw_leaf_rows_release(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_slots_become_null),
        cmocka_unit_test(a_mask_covers_those_below_it),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/mask", tests, NULL, NULL);
}
