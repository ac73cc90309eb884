/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/stat_order.h"

#include "unit/parquet/leaf_make.h"

enum { NO_ORDER = 9 };

/* Bounds by hand from ColumnOrder of parquet.thrift; `want` is the sign of the order. */
static const struct {
    const char *name;
    enum hw_physical physical;
    size_t width;
    enum hw_leaf_form form;
    enum hw_kind kind;
    hw_view a, b;
    int want;
} rows[] = {
    {"bool", HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME, HW_KIND_BOOL, HW_VIEW_INIT("\0"), HW_VIEW_INIT("\1"), -1},
    {"int32", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, HW_KIND_INT32, HW_VIEW_INIT("\xff\xff\xff\xff"),
     HW_VIEW_INIT("\0\0\0\0"), -1},
    {"uint32", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, HW_KIND_UINT32, HW_VIEW_INIT("\xff\xff\xff\xff"),
     HW_VIEW_INIT("\0\0\0\0"), 1},
    {"int8", HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, HW_KIND_INT8, HW_VIEW_INIT("\xff\xff\xff\xff"),
     HW_VIEW_INIT("\0\0\0\0"), -1},
    {"int64", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, HW_KIND_INT64, HW_VIEW_INIT("\0\1\0\0\0\0\0\0"),
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), 1},
    {"uint64", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, HW_KIND_UINT64, HW_VIEW_INIT("\0\0\0\0\0\0\0\x80"),
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), 1},
    {"equal", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, HW_KIND_INT64, HW_VIEW_INIT("\0\1\0\0\0\0\0\0"),
     HW_VIEW_INIT("\0\1\0\0\0\0\0\0"), 0},
    {"half", HW_PHYSICAL_FIXED, 2, HW_LEAF_SAME, HW_KIND_HALF, HW_VIEW_INIT("\0\xbc"), HW_VIEW_INIT("\0\x3c"), -1},
    {"float", HW_PHYSICAL_FLOAT, 4, HW_LEAF_SAME, HW_KIND_FLOAT, HW_VIEW_INIT("\0\0\x80\xbf"),
     HW_VIEW_INIT("\0\0\x80\x3f"), -1},
    {"zeros", HW_PHYSICAL_FLOAT, 4, HW_LEAF_SAME, HW_KIND_FLOAT, HW_VIEW_INIT("\0\0\0\x80"), HW_VIEW_INIT("\0\0\0\0"),
     0},
    {"double", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, HW_KIND_DOUBLE, HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x7f"),
     HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f"), 1},
    {"nan", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, HW_KIND_DOUBLE, HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x7f"),
     HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f"), NO_ORDER},
    {"texts are unsigned", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_KIND_TEXT, HW_VIEW_INIT("a"),
     HW_VIEW_INIT("\xc3\xa9"), -1},
    {"a prefix", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_KIND_TEXT, HW_VIEW_INIT("a"), HW_VIEW_INIT("ab"), -1},
    {"the empty text", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_KIND_TEXT, {"", 0}, {"", 0}, 0},
    {"fixed", HW_PHYSICAL_FIXED, 2, HW_LEAF_SAME, HW_KIND_FIXED, HW_VIEW_INIT("\xff\0"), HW_VIEW_INIT("\0\0"), 1},
    {"decimals are signed", HW_PHYSICAL_FIXED, 2, HW_LEAF_BYTES_DECIMAL, HW_KIND_DECIMAL, HW_VIEW_INIT("\xff\0"),
     HW_VIEW_INIT("\0\0"), -1},
    {"a longer decimal", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_BYTES_DECIMAL, HW_KIND_DECIMAL, HW_VIEW_INIT("\x01\0"),
     HW_VIEW_INIT("\x7f"), 1},
    {"a longer negative decimal", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_BYTES_DECIMAL, HW_KIND_DECIMAL,
     HW_VIEW_INIT("\x80\0"), HW_VIEW_INIT("\x80"), -1},
    {"one decimal in two lengths", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_BYTES_DECIMAL, HW_KIND_DECIMAL,
     HW_VIEW_INIT("\xff\xff\xfe"), HW_VIEW_INIT("\xfe"), 0},
    {"a decimal without bytes is 0",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_BYTES_DECIMAL,
     HW_KIND_DECIMAL,
     {"", 0},
     HW_VIEW_INIT("\0"),
     0},
    {"decimal of int32", HW_PHYSICAL_INT32, 4, HW_LEAF_INT_DECIMAL, HW_KIND_DECIMAL, HW_VIEW_INIT("\xff\xff\xff\xff"),
     HW_VIEW_INIT("\0\0\0\0"), -1},
    {"INT96", HW_PHYSICAL_INT96, 12, HW_LEAF_INT96, HW_KIND_TIMESTAMP, HW_VIEW_INIT("123456789012"),
     HW_VIEW_INIT("123456789013"), NO_ORDER},
    {"interval", HW_PHYSICAL_FIXED, 12, HW_LEAF_INTERVAL, HW_KIND_INTERVAL, HW_VIEW_INIT("123456789012"),
     HW_VIEW_INIT("123456789013"), NO_ORDER},
    {"null", HW_PHYSICAL_INT32, 4, HW_LEAF_NULL, HW_KIND_NULL, HW_VIEW_INIT("\0\0\0\0"), HW_VIEW_INIT("\0\0\0\0"),
     NO_ORDER},
};

static void bounds_have_an_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf_made made;
        int forth = NO_ORDER, back = NO_ORDER;
        leaf_make(&made, rows[i].physical, rows[i].width, rows[i].form, (struct hw_type){rows[i].kind});
        assert_row_int(rows[i].name, hw_stat_fits(&made.leaf, rows[i].a) && hw_stat_fits(&made.leaf, rows[i].b), true);
        bool ordered = hw_stat_order(&made.leaf, rows[i].a, rows[i].b, &forth);
        assert_row_int(rows[i].name, hw_stat_order(&made.leaf, rows[i].b, rows[i].a, &back), ordered);
        assert_row_int(rows[i].name, ordered, rows[i].want != NO_ORDER);
        if (ordered) {
            assert_row_int(rows[i].name, (forth > 0) - (forth < 0), rows[i].want);
            assert_row_int(rows[i].name, (back > 0) - (back < 0), -rows[i].want);
        }
    }
}

static void bounds_of_another_width_do_not_fit(void **state) {
    (void)state;
    struct leaf_made made;
    leaf_make(&made, HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, (struct hw_type){HW_KIND_INT32});
    assert_false(hw_stat_fits(&made.leaf, HW_VIEW("123")));
    assert_false(hw_stat_fits(&made.leaf, HW_VIEW("12345")));
    leaf_make(&made, HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME, (struct hw_type){HW_KIND_BOOL});
    assert_false(hw_stat_fits(&made.leaf, HW_VIEW("")));
    assert_false(hw_stat_fits(&made.leaf, HW_VIEW("12")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_have_an_order),
        cmocka_unit_test(bounds_of_another_width_do_not_fit),
    };
    return cmocka_run_group_tests_name("parquet/stat_order", tests, NULL, NULL);
}
