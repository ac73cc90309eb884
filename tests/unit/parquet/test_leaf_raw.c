/* SPDX-License-Identifier: Apache-2.0 */
/* Orders are those of ColumnOrder and of the logical types in parquet.thrift. */
#include "parquet/leaf_raw.h"

#include "support/rows.h"

static const struct {
    const char *name;
    enum hw_physical physical;
    size_t width; /* in the file */
    enum hw_leaf_form form;
    int logical;
    enum hw_kind kind; /* in a table */
    enum hw_kind want_kind;
    uint32_t want_width;
    enum hw_order order;
} leaves[] = {
    {"boolean", HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME, 0, HW_KIND_BOOL, HW_KIND_BOOL, 0, HW_ORDER_BYTES},
    {"int32", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, 0, HW_KIND_INT32, HW_KIND_INT32, 0, HW_ORDER_SIGNED},
    {"int8", HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, HW_LOGICAL_INTEGER, HW_KIND_INT8, HW_KIND_INT32, 0, HW_ORDER_SIGNED},
    {"uint8", HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, HW_LOGICAL_INTEGER, HW_KIND_UINT8, HW_KIND_INT32, 0,
     HW_ORDER_UNSIGNED},
    {"uint16", HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, HW_LOGICAL_INTEGER, HW_KIND_UINT16, HW_KIND_INT32, 0,
     HW_ORDER_UNSIGNED},
    {"uint32", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, HW_LOGICAL_INTEGER, HW_KIND_UINT32, HW_KIND_INT32, 0,
     HW_ORDER_UNSIGNED},
    {"uint64", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, HW_LOGICAL_INTEGER, HW_KIND_UINT64, HW_KIND_INT64, 0,
     HW_ORDER_UNSIGNED},
    {"date", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, HW_LOGICAL_DATE, HW_KIND_DATE, HW_KIND_INT32, 0, HW_ORDER_SIGNED},
    {"timestamp", HW_PHYSICAL_INT64, 8, HW_LEAF_SAME, HW_LOGICAL_TIMESTAMP, HW_KIND_TIMESTAMP, HW_KIND_INT64, 0,
     HW_ORDER_SIGNED},
    {"decimal of an int64", HW_PHYSICAL_INT64, 8, HW_LEAF_INT_DECIMAL, HW_LOGICAL_DECIMAL, HW_KIND_DECIMAL,
     HW_KIND_INT64, 0, HW_ORDER_SIGNED},
    {"decimal of fixed bytes", HW_PHYSICAL_FIXED, 16, HW_LEAF_BYTES_DECIMAL, HW_LOGICAL_DECIMAL, HW_KIND_DECIMAL,
     HW_KIND_FIXED, 16, HW_ORDER_DECIMAL},
    {"decimal of bytes", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_BYTES_DECIMAL, HW_LOGICAL_DECIMAL, HW_KIND_DECIMAL,
     HW_KIND_BINARY, 0, HW_ORDER_NONE},
    {"float", HW_PHYSICAL_FLOAT, 4, HW_LEAF_SAME, 0, HW_KIND_FLOAT, HW_KIND_FLOAT, 0, HW_ORDER_FLOAT},
    {"double", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, 0, HW_KIND_DOUBLE, HW_KIND_DOUBLE, 0, HW_ORDER_DOUBLE},
    {"half", HW_PHYSICAL_FIXED, 2, HW_LEAF_SAME, HW_LOGICAL_FLOAT16, HW_KIND_HALF, HW_KIND_FIXED, 2, HW_ORDER_HALF},
    {"text", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_LOGICAL_STRING, HW_KIND_TEXT, HW_KIND_TEXT, 0, HW_ORDER_BYTES},
    {"bytes", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, 0, HW_KIND_BINARY, HW_KIND_BINARY, 0, HW_ORDER_BYTES},
    {"uuid", HW_PHYSICAL_FIXED, 16, HW_LEAF_SAME, HW_LOGICAL_UUID, HW_KIND_FIXED, HW_KIND_FIXED, 16, HW_ORDER_BYTES},
    {"int96", HW_PHYSICAL_INT96, 12, HW_LEAF_INT96, 0, HW_KIND_TIMESTAMP, HW_KIND_FIXED, 12, HW_ORDER_NONE},
    {"int96 as text", HW_PHYSICAL_INT96, 12, HW_LEAF_INT96_TEXT, 0, HW_KIND_TEXT, HW_KIND_FIXED, 12, HW_ORDER_NONE},
    {"interval", HW_PHYSICAL_FIXED, 12, HW_LEAF_INTERVAL, 0, HW_KIND_INTERVAL, HW_KIND_FIXED, 12, HW_ORDER_NONE},
    {"nothing but nulls", HW_PHYSICAL_INT32, 4, HW_LEAF_NULL, HW_LOGICAL_UNKNOWN, HW_KIND_NULL, HW_KIND_INT32, 0,
     HW_ORDER_NONE},
    {"variant", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_LOGICAL_VARIANT, HW_KIND_BINARY, HW_KIND_BINARY, 0,
     HW_ORDER_NONE},
    {"geometry", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, HW_LOGICAL_GEOMETRY, HW_KIND_BINARY, HW_KIND_BINARY, 0,
     HW_ORDER_NONE},
    {"a type of later", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, HW_LOGICAL_COUNT, HW_KIND_INT32, HW_KIND_INT32, 0,
     HW_ORDER_NONE},
};

static void values_come_as_they_are_in_the_file(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        const struct hw_parquet_element element = {.logical.kind = leaves[i].logical};
        const struct hw_field field = {.name = "a", .type.kind = leaves[i].kind};
        const struct hw_read_leaf leaf = {
            .element = &element,
            .physical = leaves[i].physical,
            .width = leaves[i].width,
            .form = leaves[i].form,
            .field = &field,
            .column = 7,
            .def_max = (uint8_t)(i % 2),
        };
        struct hw_field raw_field;
        struct hw_read_leaf raw;
        hw_leaf_raw(&leaf, &raw_field, &raw);
        assert_row_int(leaves[i].name, raw_field.type.kind, leaves[i].want_kind);
        assert_row_int(leaves[i].name, raw_field.type.width, leaves[i].want_width);
        assert_row_int(leaves[i].name, raw_field.required, i % 2 == 0);
        assert_row_text(leaves[i].name, raw_field.name, "a");
        assert_row_int(leaves[i].name, raw.form, HW_LEAF_SAME);
        assert_ptr_equal(raw.field, &raw_field);
        assert_row_int(leaves[i].name, raw.physical, leaves[i].physical);
        assert_row_int(leaves[i].name, raw.column, 7);
        assert_row_int(leaves[i].name, raw.def_max, i % 2);
        assert_row_int(leaves[i].name, hw_leaf_raw_order(&leaf), leaves[i].order);
    }
}

static void leaves_have_lane_and_width_of_their_type(void **state) {
    (void)state;
    static const struct {
        enum hw_physical physical;
        enum hw_lane lane;
        size_t width;
    } rows[] = {
        {HW_PHYSICAL_BOOLEAN, HW_LANE_BOOL, 1},    {HW_PHYSICAL_INT32, HW_LANE_WORD4, 4},
        {HW_PHYSICAL_INT64, HW_LANE_WORD8, 8},     {HW_PHYSICAL_INT96, HW_LANE_FIXED, 12},
        {HW_PHYSICAL_FLOAT, HW_LANE_WORD4, 4},     {HW_PHYSICAL_DOUBLE, HW_LANE_WORD8, 8},
        {HW_PHYSICAL_BYTE_ARRAY, HW_LANE_TEXT, 0}, {HW_PHYSICAL_FIXED, HW_LANE_FIXED, 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_leaf leaf = {0};
        const char *name = hw_physical_name(rows[i].physical);
        hw_leaf_set_physical(&leaf, rows[i].physical, 5);
        assert_row_int(name, leaf.physical, rows[i].physical);
        assert_row_int(name, leaf.lane, rows[i].lane);
        assert_row_int(name, leaf.width, rows[i].width);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_as_they_are_in_the_file),
        cmocka_unit_test(leaves_have_lane_and_width_of_their_type),
    };
    return cmocka_run_group_tests_name("parquet/leaf_raw", tests, NULL, NULL);
}
