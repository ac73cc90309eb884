/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_bounds.h"

#include <math.h>

#include "support/rows.h"

static struct hw_field fields[] = {
    {.name = "i", .type = {.kind = HW_KIND_INT32}},
    {.name = "d", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "t", .type = {.kind = HW_KIND_TEXT}},
};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};

static bool has_even(const void *context, const struct hw_value *value) {
    (void)context;
    return value->key % 2 == 0;
}

enum column_bounds { UNKNOWN, NONE_NULL, ALL_NULL, TEN_TO_20, ONLY_TEN, FROM_TEN, TO_20, EVEN, WITH_NULLS };

static struct hw_filter_bounds bounds_of(enum column_bounds kind) {
    const struct hw_filter_bounds range = {
        .values = true, .has_min = true, .has_max = true, .min.key = 10, .max.key = kind == ONLY_TEN ? 10 : 20};
    struct hw_filter_bounds bounds = kind == TEN_TO_20 || kind == ONLY_TEN || kind == EVEN || kind == WITH_NULLS
                                         ? range
                                         : (struct hw_filter_bounds)HW_NO_BOUNDS;
    bounds.nulls = kind == WITH_NULLS || kind == UNKNOWN || kind == ALL_NULL;
    bounds.values = kind != ALL_NULL;
    bounds.has_min = bounds.has_min || kind == FROM_TEN;
    bounds.has_max = bounds.has_max || kind == TO_20;
    bounds.min.key = 10;
    bounds.max.key = kind == ONLY_TEN ? 10 : 20;
    bounds.nans = false;
    bounds.may_have = kind == EVEN ? has_even : NULL;
    return bounds;
}

static unsigned outcomes(const char *text, const struct hw_filter_bounds *bounds) {
    HW_AUTO(hw_predicate) predicate = {0};
    HW_AUTO(hw_filter) filter = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_predicate_parse(&predicate, text, &err), err);
    assert_ok(hw_filter_make(&filter, &predicate, &schema, &err), err);
    return hw_filter_outcomes(&filter, bounds);
}

enum { F = HW_MAY_BE_FALSE, U = HW_MAY_BE_UNKNOWN, T = HW_MAY_BE_TRUE };

static void bounds_tell_what_may_be(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum column_bounds bounds;
        unsigned outcomes;
    } rows[] = {
        {"i = 5", UNKNOWN, F | U | T},
        {"i = 5", NONE_NULL, F | T},
        {"i = 5", ALL_NULL, U},
        {"i IS NULL", ALL_NULL, T},
        {"i IS NULL", NONE_NULL, F},
        {"i IS NULL", UNKNOWN, F | T},
        {"i IS NOT NULL", WITH_NULLS, F | T},
        {"i = 9", TEN_TO_20, F},
        {"i = 10", TEN_TO_20, F | T},
        {"i = 20", TEN_TO_20, F | T},
        {"i = 21", TEN_TO_20, F},
        {"i != 21", TEN_TO_20, T},
        {"i != 21", WITH_NULLS, U | T},
        {"i = 10", ONLY_TEN, T},
        {"i != 10", ONLY_TEN, F},
        {"i IN (1, 10)", ONLY_TEN, T},
        {"i IN (1, 21)", TEN_TO_20, F},
        {"i NOT IN (1, 15)", TEN_TO_20, F | T},
        {"i < 10", TEN_TO_20, F},
        {"i < 11", TEN_TO_20, F | T},
        {"i < 20", TEN_TO_20, F | T},
        {"i < 21", TEN_TO_20, T},
        {"i <= 9", TEN_TO_20, F},
        {"i <= 10", TEN_TO_20, F | T},
        {"i <= 20", TEN_TO_20, T},
        {"i > 20", TEN_TO_20, F},
        {"i > 19", TEN_TO_20, F | T},
        {"i > 9", TEN_TO_20, T},
        {"i >= 10", TEN_TO_20, T},
        {"i >= 21", TEN_TO_20, F},
        {"i < 1e12", TEN_TO_20, T},
        {"i = 12.5", TEN_TO_20, F},
        {"i < 10", FROM_TEN, F},
        {"i > 20", FROM_TEN, F | T},
        {"i > 20", TO_20, F},
        {"i < 10", TO_20, F | T},
        {"i = 15", EVEN, F},
        {"i = 16", EVEN, F | T},
        {"i IN (9, 15, 22)", EVEN, F},
        {"i NOT IN (15)", EVEN, T},
        {"i = 9 OR i = 21", TEN_TO_20, F},
        {"i = 9 OR i = 15", TEN_TO_20, F | T},
        {"i = 15 AND i < 5", TEN_TO_20, F},
        {"i < 30 AND i > 5", TEN_TO_20, T},
        {"i < 30 AND i > 5", WITH_NULLS, U | T},
        {"NOT (i < 30 AND i > 5)", WITH_NULLS, F | U},
        {"NOT (i = 9 OR i = 21)", TEN_TO_20, T},
        {"i = 9 OR i IS NULL", WITH_NULLS, F | T | U},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_filter_bounds bounds = bounds_of(rows[i].bounds);
        assert_row_int(rows[i].text, outcomes(rows[i].text, &bounds), rows[i].outcomes);
    }
}

static void nan_may_be_above_the_bounds(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool nans;
        unsigned outcomes;
    } rows[] = {
        {"d > 20", false, F},     {"d > 20", true, F | T}, {"d < 10", true, F},        {"d <= 20", true, F | T},
        {"d <= 20", false, T},    {"d = 'nan'", false, F}, {"d = 'nan'", true, F | T}, {"d >= 'nan'", true, F | T},
        {"d <= 'nan'", true, T},  {"d < 'nan'", false, T}, {"d < 'nan'", true, F | T}, {"d = 21", true, F},
        {"d != 'nan'", false, T},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_filter_bounds bounds = {
            .values = true,
            .has_min = true,
            .has_max = true,
            .nans = rows[i].nans,
            .min.key = hw_value_key_of_double(10),
            .max.key = hw_value_key_of_double(20),
        };
        assert_row_int(rows[i].text, outcomes(rows[i].text, &bounds), rows[i].outcomes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_tell_what_may_be),
        cmocka_unit_test(nan_may_be_above_the_bounds),
    };
    return cmocka_run_group_tests_name("table/filter_bounds", tests, NULL, NULL);
}
