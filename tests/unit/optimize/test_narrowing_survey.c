/* SPDX-License-Identifier: Apache-2.0 */
/* What surveys of narrower types know of many values, wherever these are cut. */
#include "unit/optimize/narrowing_make.h"
#include "unit/parquet/decode.h"

enum { SERIES = 2000, SERIES_MAX = 12 };

static const struct hw_narrow_choice exact = {.exact = true}, decimals = {.exact = true, .decimals = true};

/* ------ many values */

/* What is known of a value: whether it is a float, or by which part it is off; and its scales. */
static const struct known {
    double value;
    bool is_float;
    double off;
    unsigned least, most;
} known[] = {
    {0.1, false, 1.5e-8, 1, 9},
    {12.34, false, 1.2e-8, 2, 9},
    {0.5, true, 0, 1, 9},
    {0.0, true, 0, 1, 9},
    {-0.0, true, 0, 1, 0},
    {1e-9, false, 3e-8, 9, 9},
    {16777217.0, false, 6e-8, 1, 7},
    {1e39, false, 1, 1, 0},
    {(double)INFINITY, true, 0, 1, 0},
    {0.30000000000000004, false, 4e-8, 1, 0},
};

static const struct hw_narrow_choice choices[] = {
    {.exact = true},
    {.exact = true, .decimals = true},
    {.exact = true, .tolerance = 2e-8},
    {.exact = true, .tolerance = 0.5},
    {.exact = true, .decimals = true, .tolerance = 2e-8},
    {.decimals = true},
    {.tolerance = 0.5},
};

struct series {
    size_t picked[SERIES_MAX];
    size_t count;
};

/* Picks mostly the first values of the table, so that series come to every decision. */
static void series_pick(struct series *series, uint64_t *random) {
    const size_t of = 1 + (size_t)(test_random(random) % COUNT_OF(known));
    series->count = 1 + (size_t)(test_random(random) % SERIES_MAX);
    for (size_t i = 0; i < series->count; i++) {
        series->picked[i] = (size_t)(test_random(random) % of);
    }
}

/* Returns the decision by what is known of each value. */
static enum hw_narrow series_want(const struct series *series, const struct hw_narrow_choice *choice,
                                  int32_t *out_scale) {
    bool all_floats = true, near = choice->tolerance > 0;
    unsigned least = 1, most = HW_NARROW_SCALES;
    for (size_t i = 0; i < series->count; i++) {
        const struct known *value = &known[series->picked[i]];
        all_floats = all_floats && value->is_float;
        near = near && value->off <= choice->tolerance;
        least = value->least > least ? value->least : least;
        most = value->most < most ? value->most : most;
    }
    *out_scale = 0;
    if (all_floats || near) {
        return HW_NARROW_FLOAT;
    }
    if (!choice->decimals || least > most) {
        return HW_NARROW_NONE;
    }
    *out_scale = (int32_t)least;
    return HW_NARROW_DECIMAL;
}

/* Surveys some of the values, a portion of rows. */
static void series_add(const struct series *series, size_t from, size_t count, uint64_t row,
                       struct hw_narrow_survey *survey) {
    struct hw_leaf_rows rows = {0};
    uint64_t bits[SERIES_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        bits[i] = word_of(known[series->picked[from + i]].value);
    }
    words_fill(&rows, bits, count);
    hw_narrow_survey_add(survey, &rows, row);
    hw_leaf_rows_release(&rows);
}

/* Checks the decision, and that the first value that is too far off is told, with its row. */
static void series_check(const struct series *series, const struct hw_narrow_survey *survey) {
    int32_t scale;
    const enum hw_narrow want = series_want(series, &survey->choice, &scale);
    const struct hw_narrowing got = hw_narrow_decide(survey, &survey->choice);
    size_t misfit = 0;
    while (misfit < series->count && known[series->picked[misfit]].off <= survey->choice.tolerance) {
        misfit++;
    }
    assert_int_equal(got.to, want);
    assert_int_equal(got.scale, scale);
    assert_int_equal(survey->values, series->count);
    assert_int_equal(survey->error_most > survey->choice.tolerance, misfit < series->count);
    if (misfit < series->count) {
        assert_int_equal(survey->misfit_row, misfit);
        assert_true(survey->misfit == known[series->picked[misfit]].value);
    }
    assert_true(!hw_narrow_survey_over(survey) || want == HW_NARROW_NONE);
}

/* All at once, a value at a time, and in two surveys that are joined, at every place. */
static void where_values_are_cut_does_not_matter(void **state) {
    (void)state;
    uint64_t random = 17;
    for (size_t i = 0; i < SERIES; i++) {
        struct series series;
        const struct hw_narrow_choice *choice = &choices[i % COUNT_OF(choices)];
        const struct hw_narrow_survey none = {.leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE),
                                              .choice = *choice};
        struct hw_narrow_survey single = none;
        series_pick(&series, &random);
        for (size_t cut = 0; cut <= series.count; cut++) {
            struct hw_narrow_survey first = none, next = none;
            series_add(&series, 0, cut, 0, &first);
            series_add(&series, cut, series.count - cut, 0, &next);
            hw_narrow_survey_join(&first, &next, cut);
            series_check(&series, &first);
            if (cut < series.count) {
                series_add(&series, cut, 1, cut, &single);
            }
        }
        series_check(&series, &single);
    }
}

/* What no value can change is no more than what the values so far have decided. */
static void a_survey_is_over_as_soon_as_nothing_can_change(void **state) {
    (void)state;
    uint64_t random = 19;
    for (size_t i = 0; i < SERIES; i++) {
        struct series series, part = {.count = 0};
        const struct hw_narrow_choice *choice = &choices[i % COUNT_OF(choices)];
        struct hw_narrow_survey survey = {.leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE), .choice = *choice};
        series_pick(&series, &random);
        for (size_t k = 0; k < series.count; k++) {
            int32_t scale;
            part.picked[part.count++] = series.picked[k];
            series_add(&series, k, 1, k, &survey);
            const enum hw_narrow want = series_want(&part, choice, &scale);
            assert_int_equal(hw_narrow_survey_over(&survey), want == HW_NARROW_NONE);
        }
    }
}

/* A survey ends without what it was not asked for, so that this cannot be found. */
static void what_was_not_looked_at_is_not_found(void **state) {
    (void)state;
    const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
    static const struct hw_narrow_choice small = {.exact = true, .tolerance = 1e-9};
    static const struct hw_narrow_choice wide = {.exact = true, .decimals = true, .tolerance = 0.5};
    const struct hw_narrow_choice *const looked[] = {&exact, &small};
    for (size_t i = 0; i < COUNT_OF(looked); i++) {
        const uint64_t bits[] = {word_of(0.1), word_of(1e39)};
        struct hw_narrow_survey survey = survey_of(leaf, looked[i], bits, 1);
        struct hw_leaf_rows rows = {0};
        assert_true(hw_narrow_survey_over(&survey));
        words_fill(&rows, bits + 1, 1);
        hw_narrow_survey_add(&survey, &rows, 1);
        assert_int_equal(hw_narrow_decide(&survey, &wide).to, HW_NARROW_NONE);
        hw_leaf_rows_release(&rows);
    }
}

static void integers_are_cut_anywhere_too(void **state) {
    (void)state;
    static const enum hw_converted kinds[] = {HW_CONVERTED_INT_64, HW_CONVERTED_UINT_64};
    static const uint64_t borders[] = {0, INT32_MAX, UINT32_MAX, UINT64_MAX};
    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(borders) * COUNT_OF(borders); i++) {
        const uint64_t pair[] = {borders[i % COUNT_OF(borders)], borders[i / COUNT_OF(borders) % COUNT_OF(borders)]};
        const bool is_signed = i < COUNT_OF(borders) * COUNT_OF(borders);
        const struct hw_read_leaf *leaf = leaf_of(HW_PHYSICAL_INT64, kinds[!is_signed]);
        bool fits = true;
        for (size_t k = 0; k < 2; k++) {
            fits = fits && pair[k] != (is_signed ? UINT32_MAX : UINT64_MAX);
        }
        struct hw_narrow_survey joined = survey_of(leaf, &exact, &pair[0], 1);
        const struct hw_narrow_survey next = survey_of(leaf, &exact, &pair[1], 1);
        const struct hw_narrow_survey all = survey_of(leaf, &exact, pair, 2);
        hw_narrow_survey_join(&joined, &next, 1);
        const enum hw_narrow want = !fits ? HW_NARROW_NONE : is_signed ? HW_NARROW_INT32 : HW_NARROW_UINT32;
        assert_int_equal(hw_narrow_decide(&joined, &exact).to, want);
        assert_int_equal(hw_narrow_decide(&all, &exact).to, want);
        assert_int_equal(joined.least, all.least);
        assert_int_equal(joined.most, all.most);
        assert_true(joined.most_unsigned == all.most_unsigned && joined.values == all.values);
    }
}

/* Of a column without values nothing is known; and nothing is found where nothing is asked for. */
static void nothing_is_found_in_nothing(void **state) {
    (void)state;
    static const struct hw_narrow_choice nothing = {0};
    for (size_t i = 0; i < 3; i++) {
        const struct hw_read_leaf *leaf =
            leaf_of(i == 0 ? HW_PHYSICAL_DOUBLE : HW_PHYSICAL_INT64, i == 2 ? HW_CONVERTED_UINT_64 : HW_CONVERTED_NONE);
        struct hw_leaf_rows rows = {.rows = 3, .entries = 3, .width = 8};
        struct hw_narrow_survey survey = {.leaf = leaf, .choice = decimals}, joined = {.choice = decimals};
        const uint64_t zero = 0;
        levels_put(&rows.defs, "000", 3);
        hw_narrow_survey_add(&survey, &rows, 0);
        assert_int_equal(survey.values, 0);
        assert_false(hw_narrow_survey_over(&survey));
        assert_int_equal(hw_narrow_decide(&survey, &decimals).to, HW_NARROW_NONE);
        hw_narrow_survey_join(&joined, &survey, 0);
        assert_ptr_equal(joined.leaf, leaf);
        assert_int_equal(hw_narrow_decide(&joined, &decimals).to, HW_NARROW_NONE);
        const struct hw_narrow_survey some = survey_of(leaf, &decimals, &zero, 1);
        assert_int_equal(hw_narrow_decide(&some, &nothing).to, HW_NARROW_NONE);
        hw_leaf_rows_release(&rows);
    }
}

/* ------ rows */

static void misfits_are_told_by_their_rows(void **state) {
    (void)state;
    static const struct {
        const char *name, *defs, *reps;
        size_t values, misfit;
        uint64_t want;
    } rows[] = {
        {"no levels", "", "", 4, 2, 2},
        {"all values", "1111", "", 4, 3, 3},
        {"a null before it", "011", "", 2, 0, 1},
        {"nulls around it", "01010", "", 2, 1, 3},
        /* null, [], [value], [null, value, value], [value]: the highest level is 3. */
        {"a list", "0132333", "0000110", 4, 0, 2},
        {"the middle of a list", "0132333", "0000110", 4, 1, 3},
        {"the end of a list", "0132333", "0000110", 4, 2, 3},
        {"the last list", "0132333", "0000110", 4, 3, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_read_leaf leaf = *leaf_of(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE);
        struct hw_leaf_rows made = {0};
        uint64_t bits[VALUES_MAX] = {0};
        leaf.def_max = rows[i].reps[0] ? 3 : 1;
        struct hw_narrow_survey survey = {.leaf = &leaf, .choice = exact};
        for (size_t k = 0; k < rows[i].values; k++) {
            /* Those behind the misfit are none of our concern. */
            bits[k] = word_of(k < rows[i].misfit ? 0.5 : k == rows[i].misfit ? 0.1 : 0.7);
        }
        words_fill(&made, bits, rows[i].values);
        levels_put(&made.defs, rows[i].defs, strlen(rows[i].defs));
        levels_put(&made.reps, rows[i].reps, strlen(rows[i].reps));
        made.entries = rows[i].defs[0] ? strlen(rows[i].defs) : rows[i].values;
        hw_narrow_survey_add(&survey, &made, 1000);
        assert_row_int(rows[i].name, survey.misfit_row, 1000 + rows[i].want);
        assert_row_int(rows[i].name, survey.misfit == 0.1, true);
        /* Behind rows without values, too. */
        struct hw_narrow_survey joined = {.leaf = &leaf, .choice = exact};
        hw_narrow_survey_join(&joined, &survey, 500);
        assert_row_int(rows[i].name, joined.misfit_row, 1500 + rows[i].want);
        hw_leaf_rows_release(&made);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_values_are_cut_does_not_matter),
        cmocka_unit_test(a_survey_is_over_as_soon_as_nothing_can_change),
        cmocka_unit_test(what_was_not_looked_at_is_not_found),
        cmocka_unit_test(integers_are_cut_anywhere_too),
        cmocka_unit_test(nothing_is_found_in_nothing),
        cmocka_unit_test(misfits_are_told_by_their_rows),
    };
    return cmocka_run_group_tests_name("optimize/narrowing_survey", tests, NULL, NULL);
}
