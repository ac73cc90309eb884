/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/rewrite_column.h"

#include "unit/optimize/narrowing_make.h"

enum { ENTRIES = 4, FLOAT_BYTES = 4 };

/* Rows that were seen: their width and levels. */
struct seen {
    size_t times, width, count;
    uint8_t defs[ENTRIES];
};

static void rows_see(void *ctx, const struct hw_leaf_rows *rows) {
    struct seen *seen = ctx;
    seen->times++;
    seen->width = rows->width;
    seen->count = rows->count;
    assert_true(rows->defs.size <= ENTRIES);
    memcpy(seen->defs, hw_buf_view(&rows->defs).data, rows->defs.size);
}

static const struct hw_leaf nullable = {.def_max = 1}, deeper = {.def_max = 2};
static const uint8_t lifted[] = {1, 2};

static const struct {
    const char *name;
    const struct hw_leaf *write;
    const uint8_t *lifted;
    struct hw_mask mask;
    struct hw_narrowing narrowing;
    const char *defs; /* of the source */
    const char *seen;
    size_t seen_width, width, values;
} rows[] = {
    {"as they are", &nullable, NULL, {0}, {.to = HW_NARROW_NONE}, "1101", "1101", 8, 8, 3},
    {"levels of an output that has more", &deeper, lifted, {0}, {.to = HW_NARROW_NONE}, "1101", "2212", 8, 8, 3},
    {"masked", &nullable, NULL, {.def = 1}, {.to = HW_NARROW_NONE}, "1101", "0000", 8, 8, 0},
    {"masked with more levels", &deeper, lifted, {.def = 2}, {.to = HW_NARROW_NONE}, "1101", "1111", 8, 8, 0},
    {"floats are seen as doubles",
     &nullable,
     NULL,
     {0},
     {.to = HW_NARROW_FLOAT, .width_before = 8, .width_after = 4},
     "1101",
     "1101",
     8,
     FLOAT_BYTES,
     3},
};

static void rows_become_those_of_the_output(void **state) {
    (void)state;
    static const uint64_t halves[] = {UINT64_C(0x3fe0000000000000), UINT64_C(0xbfe0000000000000), 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_leaf_rows values = {0};
        struct seen seen = {0};
        struct hw_narrow_survey survey = {.leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)};
        const struct hw_rewrite_leaf leaf = {.lifted = rows[i].lifted, .narrowing = rows[i].narrowing};
        const struct hw_rewrite_column column = {.leaves = &leaf, .mask = rows[i].mask, .write = rows[i].write};
        const struct hw_rows_shaping shaping = {&column, &leaf, &survey, rows_see, &seen};
        words_fill(&values, halves, COUNT_OF(halves));
        values.rows = values.entries = ENTRIES;
        levels_put(&values.defs, rows[i].defs, ENTRIES);
        assert_ok(hw_rows_shape(&shaping, 7, &values, &err), err);
        assert_row_int(rows[i].name, seen.times, 1);
        assert_row_int(rows[i].name, seen.width, rows[i].seen_width);
        assert_row_int(rows[i].name, seen.count, rows[i].values);
        for (size_t k = 0; k < ENTRIES; k++) {
            assert_row_int(rows[i].name, seen.defs[k], rows[i].seen[k] - '0');
        }
        assert_row_int(rows[i].name, values.width, rows[i].width);
        assert_row_int(rows[i].name, survey.values, rows[i].values);
        hw_leaf_rows_release(&values);
    }
}

/* The length of a decimal's bytes does not come back, so that its number is what is seen. */
static void what_does_not_widen_is_seen_narrowed(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_leaf_rows values = {0};
    struct seen seen = {0};
    const struct hw_rewrite_leaf leaf = {
        .narrowing = {.to = HW_NARROW_STORAGE, .precision = 9, .width_after = sizeof(int32_t)}};
    const struct hw_rewrite_column column = {.leaves = &leaf, .write = &nullable};
    const struct hw_rows_shaping shaping = {&column, &leaf, NULL, rows_see, &seen};
    assert_ok(hw_leaf_rows_clear(&values, 0, &err), err);
    assert_ok(hw_leaf_rows_text(&values, (hw_view){"\0\1", 2}, &err), err);
    values.rows = values.entries = 1;
    assert_ok(hw_rows_shape(&shaping, 0, &values, &err), err);
    assert_int_equal(seen.times, 1);
    assert_int_equal(seen.width, sizeof(int32_t));
    assert_int_equal(hw_load_le32(values.values.data), 1);
    hw_leaf_rows_release(&values);
}

static void a_value_that_does_not_fit_is_told(void **state) {
    (void)state;
    static const uint64_t tenth = UINT64_C(0x3fb999999999999a);
    struct hw_leaf_rows values = {0};
    struct seen seen = {0};
    const struct hw_rewrite_leaf leaf = {
        .narrowing = {.to = HW_NARROW_FLOAT, .width_before = 8, .width_after = FLOAT_BYTES}};
    const struct hw_rewrite_column column = {.leaves = &leaf, .write = &nullable};
    const struct hw_rows_shaping shaping = {&column, &leaf, NULL, rows_see, &seen};
    words_fill(&values, &tenth, 1);
    assert_int_equal(hw_rows_shape(&shaping, 0, &values, NULL), HW_EDATA);
    hw_leaf_rows_release(&values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_become_those_of_the_output),
        cmocka_unit_test(what_does_not_widen_is_seen_narrowed),
        cmocka_unit_test(a_value_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests_name("optimize/rewrite_column", tests, NULL, NULL);
}
