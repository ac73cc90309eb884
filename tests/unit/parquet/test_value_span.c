/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/value_span.h"

#include "unit/parquet/leaf_make.h"

enum { VALUES = 3, NONE = 9 };

/* Values as PLAIN has them, and which of them are the least and the greatest (ColumnOrder). */
static const struct {
    const char *name;
    enum hw_physical physical;
    size_t width;
    enum hw_leaf_form form;
    enum hw_kind kind;
    hw_view values[VALUES];
    size_t min;
    size_t max;
    uint64_t nans;
} rows[] = {
    {"bool",
     HW_PHYSICAL_BOOLEAN,
     0,
     HW_LEAF_SAME,
     HW_KIND_BOOL,
     {HW_VIEW_INIT("\1"), HW_VIEW_INIT("\0"), HW_VIEW_INIT("\1")},
     1,
     0,
     0},
    {"int8",
     HW_PHYSICAL_INT32,
     4,
     HW_LEAF_NARROW,
     HW_KIND_INT8,
     {HW_VIEW_INIT("\x05\0\0\0"), HW_VIEW_INIT("\xff\xff\xff\xff"), HW_VIEW_INIT("\x7f\0\0\0")},
     1,
     2,
     0},
    {"uint16",
     HW_PHYSICAL_INT32,
     4,
     HW_LEAF_NARROW,
     HW_KIND_UINT16,
     {HW_VIEW_INIT("\0\x80\0\0"), HW_VIEW_INIT("\xff\xff\0\0"), HW_VIEW_INIT("\xff\x7f\0\0")},
     2,
     1,
     0},
    {"int32",
     HW_PHYSICAL_INT32,
     4,
     HW_LEAF_SAME,
     HW_KIND_INT32,
     {HW_VIEW_INIT("\0\0\0\x80"), HW_VIEW_INIT("\0\0\0\0"), HW_VIEW_INIT("\xff\xff\xff\x7f")},
     0,
     2,
     0},
    {"uint32",
     HW_PHYSICAL_INT32,
     4,
     HW_LEAF_SAME,
     HW_KIND_UINT32,
     {HW_VIEW_INIT("\0\0\0\x80"), HW_VIEW_INIT("\1\0\0\0"), HW_VIEW_INIT("\xff\xff\xff\x7f")},
     1,
     0,
     0},
    {"int64",
     HW_PHYSICAL_INT64,
     8,
     HW_LEAF_SAME,
     HW_KIND_INT64,
     {HW_VIEW_INIT("\0\1\0\0\0\0\0\0"), HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), HW_VIEW_INIT("\0\0\0\0\0\0\0\x80")},
     2,
     0,
     0},
    {"uint64",
     HW_PHYSICAL_INT64,
     8,
     HW_LEAF_SAME,
     HW_KIND_UINT64,
     {HW_VIEW_INIT("\0\1\0\0\0\0\0\0"), HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), HW_VIEW_INIT("\0\0\0\0\0\0\0\x80")},
     1,
     2,
     0},
    {"half",
     HW_PHYSICAL_FIXED,
     2,
     HW_LEAF_SAME,
     HW_KIND_HALF,
     {HW_VIEW_INIT("\0\x3c"), HW_VIEW_INIT("\0\xbc"), HW_VIEW_INIT("\0\x7e")},
     1,
     0,
     1},
    {"float",
     HW_PHYSICAL_FLOAT,
     4,
     HW_LEAF_SAME,
     HW_KIND_FLOAT,
     {HW_VIEW_INIT("\0\0\xc0\x7f"), HW_VIEW_INIT("\0\0\x80\xbf"), HW_VIEW_INIT("\0\0\x80\x3f")},
     1,
     2,
     1},
    {"double",
     HW_PHYSICAL_DOUBLE,
     8,
     HW_LEAF_SAME,
     HW_KIND_DOUBLE,
     {HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x7f"), HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f"), HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x7f")},
     1,
     0,
     1},
    {"NaNs only",
     HW_PHYSICAL_FLOAT,
     4,
     HW_LEAF_SAME,
     HW_KIND_FLOAT,
     {HW_VIEW_INIT("\0\0\xc0\x7f"), HW_VIEW_INIT("\0\0\xc0\x7f"), HW_VIEW_INIT("\0\0\xc0\xff")},
     NONE,
     NONE,
     3},
    {"texts are unsigned",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_SAME,
     HW_KIND_TEXT,
     {HW_VIEW_INIT("b"), HW_VIEW_INIT("\xc3\xa9"), {"", 0}},
     2,
     1,
     0},
    {"a prefix is less",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_SAME,
     HW_KIND_BINARY,
     {HW_VIEW_INIT("ab"), HW_VIEW_INIT("a"), HW_VIEW_INIT("abc")},
     1,
     2,
     0},
    {"decimal of int32",
     HW_PHYSICAL_INT32,
     4,
     HW_LEAF_INT_DECIMAL,
     HW_KIND_DECIMAL,
     {HW_VIEW_INIT("\1\0\0\0"), HW_VIEW_INIT("\xff\xff\xff\xff"), HW_VIEW_INIT("\2\0\0\0")},
     1,
     2,
     0},
    {"decimal of bytes",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_BYTES_DECIMAL,
     HW_KIND_DECIMAL,
     {HW_VIEW_INIT("\1\0"), HW_VIEW_INIT("\x7f"), HW_VIEW_INIT("\xfe")},
     2,
     0,
     0},
    {"decimal of 256 bits",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_BYTES_DECIMAL,
     HW_KIND_DECIMAL256,
     {HW_VIEW_INIT("\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HW_VIEW_INIT("\x7f"), HW_VIEW_INIT("\x80")},
     2,
     0,
     0},
};

static void assert_value(const char *name, const struct leaf_made *made, const struct hw_buf *got, hw_view want) {
    struct hw_leaf_rows value = {0};
    assert_row_int(name, hw_value_of_bound(&made->leaf, want, &value, NULL), HW_OK);
    const hw_view view = hw_value_at(&value, 0);
    assert_row_bytes(name, got->data, got->size, view.data, view.size);
    hw_leaf_rows_release(&value);
}

/* The first value is added alone, the others after it, so that both ways are gone. */
static void the_ends_of_values_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf_made made;
        struct hw_value_span span = {0};
        struct hw_value_span all = {0};
        const struct hw_type type = {.kind = rows[i].kind, .precision = rows[i].kind == HW_KIND_DECIMAL256 ? 76 : 9};
        leaf_make(&made, rows[i].physical, rows[i].width, rows[i].form, type);
        for (size_t j = 0; j < VALUES; j++) {
            struct hw_leaf_rows value = {0};
            struct hw_error err = HW_ERROR_INIT;
            assert_ok(hw_value_of_bound(&made.leaf, rows[i].values[j], &value, &err), err);
            assert_ok(hw_value_span_add(&span, &made.leaf, &value, &err), err);
            hw_leaf_rows_release(&value);
        }
        assert_int_equal(hw_value_span_join(&all, &made.leaf, &span, NULL), HW_OK);
        assert_row_int(rows[i].name, all.nans, rows[i].nans);
        assert_row_int(rows[i].name, all.any, rows[i].min != NONE);
        if (all.any) {
            assert_value(rows[i].name, &made, &all.min, rows[i].values[rows[i].min]);
            assert_value(rows[i].name, &made, &all.max, rows[i].values[rows[i].max]);
        }
        hw_value_span_release(&span);
        hw_value_span_release(&all);
    }
}

static void many_values_are_scanned_at_once(void **state) {
    (void)state;
    struct leaf_made made;
    struct hw_value_span span = {0};
    struct hw_leaf_rows values = {.width = 8, .count = 100};
    leaf_make(&made, HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, (struct hw_type){.kind = HW_KIND_INT64});
    for (int64_t i = 0; i < 100; i++) {
        const int64_t value = i * 37 % 100 - 50;
        assert_int_equal(hw_buf_append(&values.values, &value, sizeof(value), NULL), HW_OK);
    }
    assert_int_equal(hw_value_span_add(&span, &made.leaf, &values, NULL), HW_OK);
    assert_memory_equal(span.min.data, (&(int64_t){-50}), 8);
    assert_memory_equal(span.max.data, (&(int64_t){49}), 8);
    hw_value_span_release(&span);
    hw_leaf_rows_release(&values);
}

static void some_types_have_no_order(void **state) {
    (void)state;
    static const enum hw_leaf_form forms[] = {HW_LEAF_INT96, HW_LEAF_INT96_TEXT, HW_LEAF_INTERVAL, HW_LEAF_NULL};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct leaf_made made;
        leaf_make(&made, HW_PHYSICAL_FIXED, 12, forms[i], (struct hw_type){.kind = HW_KIND_TIMESTAMP});
        assert_false(hw_value_has_order(&made.leaf));
    }
}

static void bounds_of_another_size_are_none(void **state) {
    (void)state;
    struct leaf_made made;
    struct hw_leaf_rows value = {0};
    leaf_make(&made, HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, (struct hw_type){.kind = HW_KIND_INT64});
    assert_int_equal(hw_value_of_bound(&made.leaf, HW_VIEW("\1\2\3"), &value, NULL), HW_EDATA);
    leaf_make(&made, HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, (struct hw_type){.kind = HW_KIND_INT8});
    assert_int_equal(hw_value_of_bound(&made.leaf, HW_VIEW("\0\1\0\0"), &value, NULL), HW_EDATA);
    hw_leaf_rows_release(&value);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ends_of_values_are_found),
        cmocka_unit_test(many_values_are_scanned_at_once),
        cmocka_unit_test(some_types_have_no_order),
        cmocka_unit_test(bounds_of_another_size_are_none),
    };
    return cmocka_run_group_tests_name("parquet/value_span", tests, NULL, NULL);
}
