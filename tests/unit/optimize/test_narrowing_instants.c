/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/narrowing.h"

#include "unit/optimize/narrowing_make.h"
#include "unit/parquet/decode.h"

enum { SERIES = 4000 };

static const struct hw_narrow_choice instants = {.int96 = true};

/* ------ values whose facts are known */

#define DAY INT64_C(86400000000000)

/* Facts by the range of 64 bits: microseconds end in the year 294,247, nanoseconds in 2262. */
static const struct {
    int64_t time;
    int32_t day; /* since 1970 */
    bool never, far, fine;
} known[] = {
    {0, 0, false, false, false},
    {DAY - 1000, 19000, false, false, false},
    {DAY / 2, -90000, false, false, false},
    {1, 0, false, false, true},
    {DAY - 1, -1, false, false, true},
    {0, 130000, false, true, false},
    {1000, -130000, false, true, false},
    {0, 106751991, false, true, false},
    {999, 130000, false, true, true},
    {0, 106751992, true, true, false},
    {7, -106751993, true, true, true},
    {DAY, 0, true, false, false},
    {-1, 0, true, false, false},
};

static void value_put(size_t of, uint8_t *out) {
    hw_store_le64(out, (uint64_t)known[of].time);
    hw_store_le32(out + 8, (uint32_t)(known[of].day + 2440588));
}

/* Fills rows of INT96, a row each. */
static void instants_fill(struct hw_leaf_rows *rows, const size_t *picked, size_t count) {
    assert_int_equal(hw_leaf_rows_clear(rows, HW_INT96_BYTES, NULL), HW_OK);
    rows->rows = rows->entries = rows->count = count;
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[HW_INT96_BYTES];
        value_put(picked[i], bytes);
        assert_int_equal(hw_buf_append(&rows->values, bytes, sizeof(bytes), NULL), HW_OK);
    }
}

static void survey_add(struct hw_narrow_survey *survey, const size_t *picked, size_t count, uint64_t row) {
    struct hw_leaf_rows rows = {0};
    instants_fill(&rows, picked, count);
    hw_narrow_survey_add(survey, &rows, row);
    hw_leaf_rows_release(&rows);
}

/* ------ decisions */

static enum hw_narrow want_of(const size_t *picked, size_t count) {
    bool never = false, far = false, fine = false;
    for (size_t i = 0; i < count; i++) {
        never |= known[picked[i]].never;
        far |= known[picked[i]].far;
        fine |= known[picked[i]].fine;
    }
    return never || (far && fine) ? HW_NARROW_NONE : fine ? HW_NARROW_NANOS : HW_NARROW_MICROS;
}

/* Checks that the first value of a fact is told with its row, by what the facts of values are. */
static void first_check(const struct hw_narrow_survey *survey, const size_t *picked, size_t count) {
    for (unsigned fact = 0; fact < HW_INT96_FACTS; fact++) {
        uint8_t value[HW_INT96_BYTES];
        size_t first = 0;
        for (; first < count; first++) {
            value_put(picked[first], value);
            if (hw_int96_facts(value) >> fact & 1) {
                break;
            }
        }
        assert_int_equal(survey->facts >> fact & 1, first < count);
        if (first < count) {
            assert_int_equal(survey->instants[fact].row, first);
            assert_memory_equal(survey->instants[fact].value, value, sizeof(value));
        }
    }
}

/* All at once, and in two surveys that are joined, at every place. */
static void columns_are_decided_wherever_they_are_cut(void **state) {
    (void)state;
    uint64_t random = 23;
    for (size_t i = 0; i < SERIES; i++) {
        size_t picked[VALUES_MAX];
        const size_t count = 1 + (size_t)(test_random(&random) % VALUES_MAX);
        const size_t of = 1 + (size_t)(test_random(&random) % COUNT_OF(known));
        for (size_t k = 0; k < count; k++) {
            picked[k] = (size_t)(test_random(&random) % of);
        }
        const struct hw_narrow_survey none = {.leaf = leaf_of(HW_PHYSICAL_INT96, HW_CONVERTED_NONE),
                                              .choice = instants};
        const enum hw_narrow want = want_of(picked, count);
        for (size_t cut = 0; cut <= count; cut++) {
            struct hw_narrow_survey first = none, next = none;
            survey_add(&first, picked, cut, 0);
            survey_add(&next, picked + cut, count - cut, 0);
            hw_narrow_survey_join(&first, &next, cut);
            const struct hw_narrowing got = hw_narrow_decide(&first, &instants);
            assert_int_equal(got.to, want);
            assert_int_equal(got.width_before, want == HW_NARROW_NONE ? 0 : 12);
            assert_int_equal(got.width_after, want == HW_NARROW_NONE ? 0 : 8);
            assert_int_equal(first.values, count);
            assert_int_equal(hw_narrow_survey_over(&first), want == HW_NARROW_NONE);
            first_check(&first, picked, count);
        }
    }
}

static void nothing_is_decided_that_is_not_asked_for(void **state) {
    (void)state;
    static const struct hw_narrow_choice exact = {.exact = true, .decimals = true, .tolerance = 0.5};
    struct hw_narrow_survey survey = {.leaf = leaf_of(HW_PHYSICAL_INT96, HW_CONVERTED_NONE)};
    assert_int_equal(hw_narrow_decide(&survey, &instants).to, HW_NARROW_NONE);
    survey_add(&survey, (const size_t[]){0}, 1, 0);
    assert_int_equal(hw_narrow_decide(&survey, &exact).to, HW_NARROW_NONE);
    assert_int_equal(hw_narrow_decide(&survey, &instants).to, HW_NARROW_MICROS);
}

/* Rows of lists count as one, and those without a value too. */
static void rows_are_told_of_lists(void **state) {
    (void)state;
    struct hw_read_leaf leaf = *leaf_of(HW_PHYSICAL_INT96, HW_CONVERTED_NONE);
    struct hw_leaf_rows rows = {0};
    leaf.def_max = 3;
    struct hw_narrow_survey survey = {.leaf = &leaf, .choice = instants};
    /* null, [], [value], [null, value, value], [value]; the fourth value is fine. */
    instants_fill(&rows, (const size_t[]){0, 1, 2, 3}, 4);
    levels_put(&rows.defs, "0132333", 7);
    levels_put(&rows.reps, "0000110", 7);
    rows.entries = 7;
    rows.rows = 5;
    hw_narrow_survey_add(&survey, &rows, 100);
    assert_int_equal(survey.instants[HW_INT96_HAS_NANOS].row, 104);
    hw_leaf_rows_release(&rows);
}

/* ------ values */

static const struct {
    const char *name;
    enum hw_narrow to;
    size_t picked[3];
    int64_t want[3];
    const char *says;
} rows[] = {
    {"microseconds", HW_NARROW_MICROS, {1, 2, 7}, {1641686399999999, -7775956800000000, 9223372022400000000}, ""},
    {"nanoseconds", HW_NARROW_NANOS, {1, 3, 4}, {1641686399999999000, 1, -1}, ""},
    {"parts of microseconds", HW_NARROW_MICROS, {0, 3, 0}, {0}, "1970-01-01T00:00:00.000000001 is no timestamp"},
    {"beyond nanoseconds", HW_NARROW_NANOS, {0, 0, 5}, {0}, "2325-12-06T00:00:00.000000000 is no timestamp"},
    {"beyond microseconds", HW_NARROW_MICROS, {9, 0, 0}, {0}, "+294247-01-11T00:00:00.000000000 is no timestamp"},
    {"a whole day", HW_NARROW_MICROS, {0, 11, 0}, {0}, "1970-01-02T00:00:00.000000000 is no timestamp"},
    {"a time below 0", HW_NARROW_NANOS, {0, 12, 0}, {0}, "1969-12-31T23:59:59.999999999 is no timestamp"},
};

static void values_become_timestamps_and_come_back(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_narrowing narrowing = {.to = rows[i].to, .width_before = 12, .width_after = 8};
        struct hw_leaf_rows made = {0};
        struct hw_error err = HW_ERROR_INIT;
        uint8_t before[3 * HW_INT96_BYTES];
        instants_fill(&made, rows[i].picked, 3);
        memcpy(before, made.values.data, sizeof(before));
        const enum hw_status status = hw_narrow_values(&narrowing, &made, &err);
        assert_row_int(rows[i].name, status, rows[i].says[0] ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (status == HW_OK) {
            assert_row_int(rows[i].name, made.width, 8);
            assert_row_int(rows[i].name, made.values.size, 24);
            for (size_t k = 0; k < 3; k++) {
                assert_row_int(rows[i].name, (int64_t)hw_load_le64(made.values.data + 8 * k), rows[i].want[k]);
            }
            assert_row_int(rows[i].name, hw_narrow_widens(&narrowing), true);
            assert_row_int(rows[i].name, hw_narrow_widen(&narrowing, &made, &err), HW_OK);
            assert_row_int(rows[i].name, made.width, 12);
            assert_row_bytes(rows[i].name, made.values.data, made.values.size, before, sizeof(before));
        }
        hw_leaf_rows_release(&made);
    }
}

/* LogicalTypes.md: TIMESTAMP with isAdjustedToUTC = false; nanoseconds have no converted type. */
static void timestamps_are_local(void **state) {
    (void)state;
    static const struct {
        enum hw_narrow to;
        enum hw_converted converted;
        int unit;
    } types[] = {
        {HW_NARROW_MICROS, HW_CONVERTED_TIMESTAMP_MICROS, 2},
        {HW_NARROW_NANOS, HW_CONVERTED_NONE, 3},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const struct hw_parquet_element element = PLAIN(HW_PHYSICAL_INT96);
        struct hw_element_type type;
        hw_narrow_type(&(struct hw_narrowing){.to = types[i].to, .width_after = 8}, &element, &type);
        assert_int_equal(type.physical, HW_PHYSICAL_INT64);
        assert_int_equal(type.converted, types[i].converted);
        assert_int_equal(type.logical.kind, HW_LOGICAL_TIMESTAMP);
        assert_int_equal(type.logical.unit, types[i].unit);
        assert_false(type.logical.utc);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_decided_wherever_they_are_cut),
        cmocka_unit_test(nothing_is_decided_that_is_not_asked_for),
        cmocka_unit_test(rows_are_told_of_lists),
        cmocka_unit_test(values_become_timestamps_and_come_back),
        cmocka_unit_test(timestamps_are_local),
    };
    return cmocka_run_group_tests_name("optimize/narrowing_instants", tests, NULL, NULL);
}
