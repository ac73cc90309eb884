/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/statistics.h"

#include <math.h>

#include "unit/parquet/decode.h"
#include "unit/parquet/values_make.h"

static struct hw_field fields[] = {
    {"int64", {.kind = HW_KIND_INT64}, false},
    {"double", {.kind = HW_KIND_DOUBLE}, false},
    {"text", {.kind = HW_KIND_TEXT}, false},
    {"date", {.kind = HW_KIND_DATE}, false},
    {"decimal", {.kind = HW_KIND_DECIMAL, .precision = 19}, false},
    {"bool", {.kind = HW_KIND_BOOL}, false},
};
enum { INT64, DOUBLE, TEXT, DATE, DECIMAL, BOOL };

static void assert_bound(const char *row, const struct hw_bound *bound, const void *want, size_t bytes) {
    assert_row_int(row, bound->state, HW_BOUND_KNOWN);
    assert_row_bytes(row, bound->data, bound->size, want, bytes);
}

static const struct {
    const char *name;
    double values[4];
    size_t count;
    double min;
    double max;
    size_t nans;
} doubles[] = {
    {"ordinary", {1.5, -2.5, 7}, 3, -2.5, 7, 0},
    {"a zero minimum is negative", {0.0, 3}, 2, -0.0, 3, 0},
    {"a zero maximum is positive", {-1, -0.0}, 2, -1, 0.0, 0},
    {"zeros are both", {-0.0, -0.0}, 2, -0.0, 0.0, 0},
    {"NaN is left out", {NAN, 2, NAN, 1}, 4, 1, 2, 2},
    {"infinities count", {INFINITY, -INFINITY}, 2, -INFINITY, INFINITY, 0},
    {"only an infinity", {INFINITY}, 1, INFINITY, INFINITY, 0},
};

static void doubles_follow_type_order(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds;
    hw_leaf_init(&leaf, &fields[DOUBLE]);
    for (size_t i = 0; i < COUNT_OF(doubles); i++) {
        struct hw_values values = {0};
        for (size_t k = 0; k < doubles[i].count; k++) {
            values_put(&values, &doubles[i].values[k], 8);
        }
        hw_bounds_of_values(&bounds, &leaf, &values);
        assert_bound(doubles[i].name, &bounds.min, &doubles[i].min, 8);
        assert_bound(doubles[i].name, &bounds.max, &doubles[i].max, 8);
        assert_row_int(doubles[i].name, bounds.nans, doubles[i].nans);
        hw_values_release(&values);
    }
}

static void only_nans_have_no_bounds_and_do_not_spoil_others(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds, chunk = {0};
    struct hw_values values = {0};
    hw_leaf_init(&leaf, &fields[DOUBLE]);

    values_put(&values, &(double){NAN}, 8);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_int_equal(bounds.min.state, HW_BOUND_NONE);
    assert_int_equal(bounds.nans, 1);
    hw_bounds_merge(&chunk, &leaf, &bounds);
    hw_values_clear(&values);
    values_put(&values, &(double){4}, 8);
    hw_bounds_of_values(&bounds, &leaf, &values);
    hw_bounds_merge(&chunk, &leaf, &bounds);
    assert_bound("min", &chunk.min, &(double){4}, 8);
    assert_int_equal(chunk.nans, 1);
    hw_values_release(&values);
}

static void integers_compare_signed(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds;
    struct hw_values values = {0};

    hw_leaf_init(&leaf, &fields[INT64]);
    values_put(&values, &(int64_t){5}, 8);
    values_put(&values, &(int64_t){INT64_MIN}, 8);
    values_put(&values, &(int64_t){INT64_MAX}, 8);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_bound("int64 min", &bounds.min, &(int64_t){INT64_MIN}, 8);
    assert_bound("int64 max", &bounds.max, &(int64_t){INT64_MAX}, 8);

    hw_values_clear(&values);
    hw_leaf_init(&leaf, &fields[DATE]);
    values_put(&values, &(int32_t){-1}, 4);
    values_put(&values, &(int32_t){3}, 4);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_bound("date min", &bounds.min, &(int32_t){-1}, 4);
    assert_bound("date max", &bounds.max, &(int32_t){3}, 4);

    hw_values_clear(&values);
    hw_leaf_init(&leaf, &fields[DECIMAL]); /* big-endian */
    values_put(&values, "\0\0\0\0\0\0\0\0\7", 9);
    values_put(&values, "\xff\xff\xff\xff\xff\xff\xff\xff\xfe", 9);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_bound("decimal min", &bounds.min, "\xff\xff\xff\xff\xff\xff\xff\xff\xfe", 9);
    assert_bound("decimal max", &bounds.max, "\0\0\0\0\0\0\0\0\7", 9);

    hw_values_clear(&values);
    hw_leaf_init(&leaf, &fields[BOOL]);
    values_put(&values, "\1", 1);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_bound("true min", &bounds.min, "\1", 1);
    values_put(&values, "\0", 1);
    hw_bounds_of_values(&bounds, &leaf, &values);
    assert_bound("bool min", &bounds.min, "\0", 1);
    assert_bound("bool max", &bounds.max, "\1", 1);
    hw_values_release(&values);
}

static const struct {
    const char *name;
    struct hw_type type;
    size_t bytes;
    hw_view values;
    hw_view min, max;
    size_t nans;
} orders[] = {
    {"uint32",
     {.kind = HW_KIND_UINT32},
     4,
     HW_VIEW_INIT("\xff\xff\xff\xff\1\0\0\0\0\0\0\x80"),
     HW_VIEW_INIT("\1\0\0\0"),
     HW_VIEW_INIT("\xff\xff\xff\xff"),
     0},
    {"uint64",
     {.kind = HW_KIND_UINT64},
     8,
     HW_VIEW_INIT("\0\0\0\0\0\0\0\x80\2\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\2\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\0\0\0\0\0\0\0\x80"),
     0},
    {"float: 1.5, NaN, -2",
     {.kind = HW_KIND_FLOAT},
     4,
     HW_VIEW_INIT("\0\0\xc0\x3f\0\0\xc0\x7f\0\0\0\xc0"),
     HW_VIEW_INIT("\0\0\0\xc0"),
     HW_VIEW_INIT("\0\0\xc0\x3f"),
     1},
    {"float: zeros are both",
     {.kind = HW_KIND_FLOAT},
     4,
     HW_VIEW_INIT("\0\0\0\0"),
     HW_VIEW_INIT("\0\0\0\x80"),
     HW_VIEW_INIT("\0\0\0\0"),
     0},
    {"half: 1, NaN, -2, 65504",
     {.kind = HW_KIND_HALF},
     2,
     HW_VIEW_INIT("\0\x3c\0\x7e\0\xc0\xff\x7b"),
     HW_VIEW_INIT("\0\xc0"),
     HW_VIEW_INIT("\xff\x7b"),
     1},
    {"half: zeros are both",
     {.kind = HW_KIND_HALF},
     2,
     HW_VIEW_INIT("\0\x80"),
     HW_VIEW_INIT("\0\x80"),
     HW_VIEW_INIT("\0\0"),
     0},
    {"half: infinity alone",
     {.kind = HW_KIND_HALF},
     2,
     HW_VIEW_INIT("\0\x7c"),
     HW_VIEW_INIT("\0\x7c"),
     HW_VIEW_INIT("\0\x7c"),
     0},
    {"half: NaN alone", {.kind = HW_KIND_HALF}, 2, HW_VIEW_INIT("\0\x7e"), HW_VIEW_INIT(""), HW_VIEW_INIT(""), 1},
    {"fixed(2)",
     {.kind = HW_KIND_FIXED, .width = 2},
     2,
     HW_VIEW_INIT("\x80zb\xff"
                  "ba"),
     HW_VIEW_INIT("ba"),
     HW_VIEW_INIT("\x80z"),
     0},
};

static void other_orders_by_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct hw_field field = {.name = "x", .type = orders[i].type};
        struct hw_values values = {0};
        struct hw_leaf leaf;
        struct hw_bounds bounds, chunk = {0};
        hw_leaf_init(&leaf, &field);
        for (size_t at = 0; at < orders[i].values.size;
             at += orders[i].bytes) { /* one by one, merged, and all at once */
            struct hw_values one = {0};
            values_put(&one, orders[i].values.data + at, orders[i].bytes);
            values_put(&values, orders[i].values.data + at, orders[i].bytes);
            hw_bounds_of_values(&bounds, &leaf, &one);
            hw_bounds_merge(&chunk, &leaf, &bounds);
            hw_values_release(&one);
        }
        hw_bounds_of_values(&bounds, &leaf, &values);
        for (int merged = 0; merged <= 1; merged++) {
            const struct hw_bounds *found = merged ? &chunk : &bounds;
            assert_row_int(orders[i].name, found->nans, orders[i].nans);
            if (orders[i].min.size == 0) {
                assert_row_int(orders[i].name, found->min.state, HW_BOUND_NONE);
                continue;
            }
            assert_bound(orders[i].name, &found->min, orders[i].min.data, orders[i].min.size);
            assert_bound(orders[i].name, &found->max, orders[i].max.data, orders[i].max.size);
        }
        hw_values_release(&values);
    }
}

/* Intervals have no order, and long fixed values no bound that could be cut. */
static void some_types_have_no_bounds(void **state) {
    (void)state;
    static const struct hw_type types[] = {{.kind = HW_KIND_INTERVAL}, {.kind = HW_KIND_FIXED, .width = 65}};
    static const uint8_t zeros[65];
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct hw_field field = {.name = "x", .type = types[i]};
        struct hw_values values = {0};
        struct hw_leaf leaf;
        struct hw_bounds bounds;
        hw_leaf_init(&leaf, &field);
        values_put(&values, zeros, leaf.width);
        hw_bounds_of_values(&bounds, &leaf, &values);
        assert_int_equal(bounds.min.state, HW_BOUND_UNKNOWN);
        assert_int_equal(bounds.max.state, HW_BOUND_UNKNOWN);
        hw_values_release(&values);
    }
}

#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
    const char *name;
    const char *text;
    const char *min;
    const char *max; /* NULL: unknown */
    bool exact;
} texts[] = {
    {"empty", "", "", "", true},
    {"short", "abc", "abc", "abc", true},
    {"64 bytes", A60 "bbbb", A60 "bbbb", A60 "bbbb", true},
    {"65 bytes", A60 "bbbbb", A60 "bbbb", A60 "bbbc", false},
    {"cut at a code point", A60 "bbb\xc3\xa9", A60 "bbb", A60 "bbc", false},
    {"the raised code point grows",
     A60 "bbb\x7f"
         "b",
     A60 "bbb\x7f", A60 "bbb\xc2\x80", false},
};

static void long_texts_are_cut(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds;
    hw_leaf_init(&leaf, &fields[TEXT]);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct hw_values values = {0};
        values_put_text(&values, texts[i].text, strlen(texts[i].text));
        hw_bounds_of_values(&bounds, &leaf, &values);
        assert_bound(texts[i].name, &bounds.min, texts[i].min, strlen(texts[i].min));
        assert_bound(texts[i].name, &bounds.max, texts[i].max, strlen(texts[i].max));
        assert_row_int(texts[i].name, bounds.min.exact, texts[i].exact);
        assert_row_int(texts[i].name, bounds.max.exact, texts[i].exact);
        hw_values_release(&values);
    }
}

static void a_maximum_that_cannot_be_raised_is_unknown_for_good(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds, other, chunk = {0};
    char highest[17 * 4 + 1] = "";
    hw_leaf_init(&leaf, &fields[TEXT]);

    for (size_t i = 0; i < 17; i++) {
        memcpy(highest + 4 * i, "\xf4\x8f\xbf\xbf", 5);
    }
    hw_bounds_of_texts(&bounds, hw_view_of("a"), hw_view_of(highest));
    assert_int_equal(bounds.max.state, HW_BOUND_UNKNOWN);
    hw_bounds_of_texts(&other, hw_view_of("b"), hw_view_of("c"));
    hw_bounds_merge(&chunk, &leaf, &other);
    hw_bounds_merge(&chunk, &leaf, &bounds);
    hw_bounds_merge(&chunk, &leaf, &other);
    assert_int_equal(chunk.max.state, HW_BOUND_UNKNOWN);
    assert_bound("min", &chunk.min, "a", 1);
}

/*
 * The page's own bound, cut or not, decides; an exact one that equals a cut one is exact for the
 * chunk.
 */
static void merging_keeps_what_is_exact(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds cut, exact, chunk = {0};
    hw_leaf_init(&leaf, &fields[TEXT]);

    hw_bounds_of_texts(&cut, hw_view_of(A60 "bbbbb"), hw_view_of(A60 "bbbbb"));
    hw_bounds_of_texts(&exact, hw_view_of(A60 "bbbb"), hw_view_of(A60 "bbbc"));
    hw_bounds_merge(&chunk, &leaf, &cut);
    assert_false(chunk.min.exact);
    hw_bounds_merge(&chunk, &leaf, &exact);
    assert_true(chunk.min.exact);
    assert_true(chunk.max.exact);
    hw_bounds_merge(&chunk, &leaf, &cut);
    assert_true(chunk.min.exact);
}

static void texts_sort_as_their_bytes_do(void **state) {
    (void)state;
    struct hw_leaf leaf;
    struct hw_bounds bounds;
    uint64_t random = 8;
    hw_leaf_init(&leaf, &fields[TEXT]);

    for (size_t round = 0; round < 2000; round++) {
        struct hw_values values = {0};
        char held[20][24];
        size_t sizes[20], least = 0, greatest = 0;
        for (size_t i = 0; i < 20; i++) {
            sizes[i] = test_random(&random) % 24;
            /* long common starts, NUL and bytes above 127 */
            for (size_t k = 0; k < sizes[i]; k++) {
                held[i][k] = "\0a\xff"[k < 14 ? 1 : test_random(&random) % 3];
            }
            values_put_text(&values, held[i], sizes[i]);
            size_t to_least = hw_min_size(sizes[i], sizes[least]), to_greatest = hw_min_size(sizes[i], sizes[greatest]);
            int below = memcmp(held[i], held[least], to_least), above = memcmp(held[i], held[greatest], to_greatest);
            least = below < 0 || (below == 0 && sizes[i] < sizes[least]) ? i : least;
            greatest = above > 0 || (above == 0 && sizes[i] > sizes[greatest]) ? i : greatest;
        }
        hw_bounds_of_values(&bounds, &leaf, &values);
        assert_bound("least", &bounds.min, held[least], sizes[least]);
        assert_bound("greatest", &bounds.max, held[greatest], sizes[greatest]);
        hw_values_release(&values);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_follow_type_order),
        cmocka_unit_test(only_nans_have_no_bounds_and_do_not_spoil_others),
        cmocka_unit_test(integers_compare_signed),
        cmocka_unit_test(other_orders_by_rows),
        cmocka_unit_test(some_types_have_no_bounds),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(a_maximum_that_cannot_be_raised_is_unknown_for_good),
        cmocka_unit_test(merging_keeps_what_is_exact),
        cmocka_unit_test(texts_sort_as_their_bytes_do),
    };
    return cmocka_run_group_tests_name("parquet/statistics", tests, NULL, NULL);
}
