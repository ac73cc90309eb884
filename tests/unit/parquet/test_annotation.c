/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/annotation.h"

#include "support/rows.h"
#include "table/type.h"

#define NO HW_CONVERTED_NONE
#define NOT_KNOWN "the logical type is not known"
#define CONVERTED_NOT_KNOWN "the converted type is not known"
#define MISFIT "the logical type does not fit the physical type"

/* The units of TimeUnit in parquet.thrift. */
enum { MILLIS = 1, MICROS, NANOS };
enum { BOOLEAN = HW_PHYSICAL_BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTES, FIXED };

/* The table of LogicalTypes.md, type by type. */
static const struct {
    const char *name;
    int physical, length;
    struct hw_logical logical;
    int converted, precision, scale;
    const char *want;
    enum hw_leaf_form form;
    const char *doubt;
} leaves[] = {
    {"a boolean", BOOLEAN, 0, {0}, NO, 0, 0, "boolean", HW_LEAF_SAME, NULL},
    {"an int32", INT32, 0, {0}, NO, 0, 0, "int32", HW_LEAF_SAME, NULL},
    {"an int64", INT64, 0, {0}, NO, 0, 0, "int64", HW_LEAF_SAME, NULL},
    {"an int96", INT96, 0, {0}, NO, 0, 0, "timestamp(ns)", HW_LEAF_INT96, NULL},
    {"a float", FLOAT, 0, {0}, NO, 0, 0, "float", HW_LEAF_SAME, NULL},
    {"a double", DOUBLE, 0, {0}, NO, 0, 0, "double", HW_LEAF_SAME, NULL},
    {"bytes", BYTES, 0, {0}, NO, 0, 0, "binary", HW_LEAF_SAME, NULL},
    {"fixed bytes", FIXED, 5, {0}, NO, 0, 0, "fixed(5)", HW_LEAF_SAME, NULL},

    {"STRING", BYTES, 0, {.kind = HW_LOGICAL_STRING}, NO, 0, 0, "text", HW_LEAF_SAME, NULL},
    {"ENUM", BYTES, 0, {.kind = HW_LOGICAL_ENUM}, NO, 0, 0, "enum", HW_LEAF_SAME, NULL},
    {"JSON", BYTES, 0, {.kind = HW_LOGICAL_JSON}, NO, 0, 0, "json", HW_LEAF_SAME, NULL},
    {"BSON", BYTES, 0, {.kind = HW_LOGICAL_BSON}, NO, 0, 0, "bson", HW_LEAF_SAME, NULL},
    {"GEOMETRY", BYTES, 0, {.kind = HW_LOGICAL_GEOMETRY}, NO, 0, 0, "binary", HW_LEAF_SAME, NULL},
    {"GEOGRAPHY", BYTES, 0, {.kind = HW_LOGICAL_GEOGRAPHY}, NO, 0, 0, "binary", HW_LEAF_SAME, NULL},
    {"DATE", INT32, 0, {.kind = HW_LOGICAL_DATE}, NO, 0, 0, "date", HW_LEAF_SAME, NULL},
    {"UUID", FIXED, 16, {.kind = HW_LOGICAL_UUID}, NO, 0, 0, "uuid", HW_LEAF_SAME, NULL},
    {"FLOAT16", FIXED, 2, {.kind = HW_LOGICAL_FLOAT16}, NO, 0, 0, "half", HW_LEAF_SAME, NULL},
    {"INT(8)", INT32, 0, {.kind = 10, .bit_width = 8, .is_signed = true}, NO, 0, 0, "int8", HW_LEAF_NARROW, NULL},
    {"INT(16)", INT32, 0, {.kind = 10, .bit_width = 16, .is_signed = true}, NO, 0, 0, "int16", HW_LEAF_NARROW, NULL},
    {"INT(32)", INT32, 0, {.kind = 10, .bit_width = 32, .is_signed = true}, NO, 0, 0, "int32", HW_LEAF_SAME, NULL},
    {"INT(64)", INT64, 0, {.kind = 10, .bit_width = 64, .is_signed = true}, NO, 0, 0, "int64", HW_LEAF_SAME, NULL},
    {"UINT(8)", INT32, 0, {.kind = 10, .bit_width = 8}, NO, 0, 0, "uint8", HW_LEAF_NARROW, NULL},
    {"UINT(16)", INT32, 0, {.kind = 10, .bit_width = 16}, NO, 0, 0, "uint16", HW_LEAF_NARROW, NULL},
    {"UINT(32)", INT32, 0, {.kind = 10, .bit_width = 32}, NO, 0, 0, "uint32", HW_LEAF_SAME, NULL},
    {"UINT(64)", INT64, 0, {.kind = 10, .bit_width = 64}, NO, 0, 0, "uint64", HW_LEAF_SAME, NULL},
    {"TIME(ms)", INT32, 0, {.kind = 7, .unit = MILLIS}, NO, 0, 0, "time(ms)", HW_LEAF_TIME, NULL},
    {"TIME(ms,utc)", INT32, 0, {.kind = 7, .unit = MILLIS, .utc = true}, NO, 0, 0, "time(ms, UTC)", HW_LEAF_TIME, NULL},
    {"TIME(us)", INT64, 0, {.kind = 7, .unit = MICROS}, NO, 0, 0, "time(us)", HW_LEAF_TIME, NULL},
    {"TIME(ns)", INT64, 0, {.kind = 7, .unit = NANOS}, NO, 0, 0, "time(ns)", HW_LEAF_TIME, NULL},
    {"TIMESTAMP(ms)", INT64, 0, {.kind = 8, .unit = MILLIS}, NO, 0, 0, "timestamp(ms)", HW_LEAF_SAME, NULL},
    {"TIMESTAMP(us,utc)",
     INT64,
     0,
     {.kind = 8, .unit = MICROS, .utc = true},
     NO,
     0,
     0,
     "timestamp(us, UTC)",
     HW_LEAF_SAME,
     NULL},
    {"TIMESTAMP(ns)", INT64, 0, {.kind = 8, .unit = NANOS}, NO, 0, 0, "timestamp(ns)", HW_LEAF_SAME, NULL},
    {"DECIMAL in int32",
     INT32,
     0,
     {.kind = 5, .precision = 9, .scale = 2},
     NO,
     0,
     0,
     "decimal(9,2)",
     HW_LEAF_INT_DECIMAL,
     NULL},
    {"DECIMAL above what int32 holds",
     INT32,
     0,
     {.kind = 5, .precision = 20},
     NO,
     0,
     0,
     "decimal(20,0)",
     HW_LEAF_INT_DECIMAL,
     NULL},
    {"DECIMAL in int64",
     INT64,
     0,
     {.kind = 5, .precision = 18, .scale = 18},
     NO,
     0,
     0,
     "decimal(18,18)",
     HW_LEAF_INT_DECIMAL,
     NULL},
    {"DECIMAL in fixed bytes",
     FIXED,
     16,
     {.kind = 5, .precision = 38, .scale = 1},
     NO,
     0,
     0,
     "decimal(38,1)",
     HW_LEAF_BYTES_DECIMAL,
     NULL},
    {"DECIMAL in bytes",
     BYTES,
     0,
     {.kind = 5, .precision = 39, .scale = 1},
     NO,
     0,
     0,
     "decimal256(39,1)",
     HW_LEAF_BYTES_DECIMAL,
     NULL},
    {"DECIMAL of 76 digits",
     BYTES,
     0,
     {.kind = 5, .precision = 76},
     NO,
     0,
     0,
     "decimal256(76,0)",
     HW_LEAF_BYTES_DECIMAL,
     NULL},

    {"UTF8", BYTES, 0, {0}, HW_CONVERTED_UTF8, 0, 0, "text", HW_LEAF_SAME, NULL},
    {"old ENUM", BYTES, 0, {0}, HW_CONVERTED_ENUM, 0, 0, "enum", HW_LEAF_SAME, NULL},
    {"old JSON", BYTES, 0, {0}, HW_CONVERTED_JSON, 0, 0, "json", HW_LEAF_SAME, NULL},
    {"old BSON", BYTES, 0, {0}, HW_CONVERTED_BSON, 0, 0, "bson", HW_LEAF_SAME, NULL},
    {"old DATE", INT32, 0, {0}, HW_CONVERTED_DATE, 0, 0, "date", HW_LEAF_SAME, NULL},
    {"old DECIMAL", FIXED, 5, {0}, HW_CONVERTED_DECIMAL, 10, 2, "decimal(10,2)", HW_LEAF_BYTES_DECIMAL, NULL},
    {"TIME_MILLIS", INT32, 0, {0}, HW_CONVERTED_TIME_MILLIS, 0, 0, "time(ms, UTC)", HW_LEAF_TIME, NULL},
    {"TIME_MICROS", INT64, 0, {0}, HW_CONVERTED_TIME_MICROS, 0, 0, "time(us, UTC)", HW_LEAF_TIME, NULL},
    {"TIMESTAMP_MILLIS", INT64, 0, {0}, HW_CONVERTED_TIMESTAMP_MILLIS, 0, 0, "timestamp(ms, UTC)", HW_LEAF_SAME, NULL},
    {"TIMESTAMP_MICROS", INT64, 0, {0}, HW_CONVERTED_TIMESTAMP_MICROS, 0, 0, "timestamp(us, UTC)", HW_LEAF_SAME, NULL},
    {"UINT_8", INT32, 0, {0}, HW_CONVERTED_UINT_8, 0, 0, "uint8", HW_LEAF_NARROW, NULL},
    {"UINT_16", INT32, 0, {0}, HW_CONVERTED_UINT_16, 0, 0, "uint16", HW_LEAF_NARROW, NULL},
    {"UINT_32", INT32, 0, {0}, HW_CONVERTED_UINT_32, 0, 0, "uint32", HW_LEAF_SAME, NULL},
    {"UINT_64", INT64, 0, {0}, HW_CONVERTED_UINT_64, 0, 0, "uint64", HW_LEAF_SAME, NULL},
    {"INT_8", INT32, 0, {0}, HW_CONVERTED_INT_8, 0, 0, "int8", HW_LEAF_NARROW, NULL},
    {"INT_16", INT32, 0, {0}, HW_CONVERTED_INT_16, 0, 0, "int16", HW_LEAF_NARROW, NULL},
    {"INT_32", INT32, 0, {0}, HW_CONVERTED_INT_32, 0, 0, "int32", HW_LEAF_SAME, NULL},
    {"INT_64", INT64, 0, {0}, HW_CONVERTED_INT_64, 0, 0, "int64", HW_LEAF_SAME, NULL},
    {"INTERVAL", FIXED, 12, {0}, HW_CONVERTED_INTERVAL, 0, 0, "interval", HW_LEAF_INTERVAL, NULL},
    {"the newer type decides",
     INT64,
     0,
     {.kind = 8, .unit = MICROS},
     HW_CONVERTED_TIMESTAMP_MICROS,
     0,
     0,
     "timestamp(us)",
     HW_LEAF_SAME,
     NULL},

    {"a later type", INT64, 0, {.kind = HW_LOGICAL_COUNT}, NO, 0, 0, "int64", HW_LEAF_SAME, NOT_KNOWN},
    {"a later type, and one known", BYTES, 0, {.kind = 77}, HW_CONVERTED_UTF8, 0, 0, "text", HW_LEAF_SAME, NOT_KNOWN},
    {"a later converted type", INT64, 0, {0}, HW_CONVERTED_COUNT, 0, 0, "int64", HW_LEAF_SAME, CONVERTED_NOT_KNOWN},
    {"STRING of fixed bytes", FIXED, 4, {.kind = HW_LOGICAL_STRING}, NO, 0, 0, "fixed(4)", HW_LEAF_SAME, MISFIT},
    {"UTF8 of int32", INT32, 0, {0}, HW_CONVERTED_UTF8, 0, 0, "int32", HW_LEAF_SAME, MISFIT},
    {"UUID of 15 bytes", FIXED, 15, {.kind = HW_LOGICAL_UUID}, NO, 0, 0, "fixed(15)", HW_LEAF_SAME, MISFIT},
    {"FLOAT16 of 4 bytes", FIXED, 4, {.kind = HW_LOGICAL_FLOAT16}, NO, 0, 0, "fixed(4)", HW_LEAF_SAME, MISFIT},
    {"INTERVAL of 13 bytes", FIXED, 13, {0}, HW_CONVERTED_INTERVAL, 0, 0, "fixed(13)", HW_LEAF_SAME, MISFIT},
    {"INT(24)", INT32, 0, {.kind = 10, .bit_width = 24}, NO, 0, 0, "int32", HW_LEAF_SAME, MISFIT},
    {"INT(8) of int64", INT64, 0, {.kind = 10, .bit_width = 8}, NO, 0, 0, "int64", HW_LEAF_SAME, MISFIT},
    {"INT_64 of int32", INT32, 0, {0}, HW_CONVERTED_INT_64, 0, 0, "int32", HW_LEAF_SAME, MISFIT},
    {"TIME(us) of int32", INT32, 0, {.kind = 7, .unit = MICROS}, NO, 0, 0, "int32", HW_LEAF_SAME, MISFIT},
    {"TIMESTAMP of int96", INT96, 0, {.kind = 8, .unit = MICROS}, NO, 0, 0, "timestamp(ns)", HW_LEAF_INT96, MISFIT},
    {"TIMESTAMP without a unit",
     INT64,
     0,
     {.kind = 8},
     NO,
     0,
     0,
     "int64",
     HW_LEAF_SAME,
     "the unit of the time is not known"},
    {"TIMESTAMP of a later unit",
     INT64,
     0,
     {.kind = 8, .unit = 4},
     NO,
     0,
     0,
     "int64",
     HW_LEAF_SAME,
     "the unit of the time is not known"},
    {"LIST on a leaf", INT32, 0, {.kind = HW_LOGICAL_LIST}, NO, 0, 0, "int32", HW_LEAF_SAME, MISFIT},
    {"DECIMAL of double", DOUBLE, 0, {.kind = 5, .precision = 5}, NO, 0, 0, "double", HW_LEAF_SAME, MISFIT},
    {"DECIMAL of 77 digits",
     BYTES,
     0,
     {.kind = 5, .precision = 77},
     NO,
     0,
     0,
     "binary",
     HW_LEAF_SAME,
     "the decimal has no precision of 1 to 76 digits"},
    {"DECIMAL of no digits",
     INT32,
     0,
     {0},
     HW_CONVERTED_DECIMAL,
     0,
     0,
     "int32",
     HW_LEAF_SAME,
     "the decimal has no precision of 1 to 76 digits"},
    {"DECIMAL of scale -1",
     INT32,
     0,
     {.kind = 5, .precision = 5, .scale = -1},
     NO,
     0,
     0,
     "int32",
     HW_LEAF_SAME,
     "the decimal's scale is negative or above its precision"},
    {"DECIMAL(5,6)",
     INT32,
     0,
     {.kind = 5, .precision = 5, .scale = 6},
     NO,
     0,
     0,
     "int32",
     HW_LEAF_SAME,
     "the decimal's scale is negative or above its precision"},
};

static void leaves_have_the_type_that_fits(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        const struct hw_parquet_element element = {
            .physical = leaves[i].physical,
            .type_length = leaves[i].length,
            .logical = leaves[i].logical,
            .converted = leaves[i].converted,
            .precision = leaves[i].precision,
            .scale = leaves[i].scale,
        };
        const struct hw_leaf_type got = hw_leaf_type_of(&element, true, HW_INT96_NANOS);
        char type[64];
        hw_type_format(got.type, type, sizeof(type));
        assert_row_text(leaves[i].name, type, leaves[i].want);
        assert_row_int(leaves[i].name, got.form, leaves[i].form);
        assert_row_text(leaves[i].name, got.doubt ? got.doubt : "none", leaves[i].doubt ? leaves[i].doubt : "none");
    }
}

static void unknown_is_null_where_it_may_be(void **state) {
    (void)state;
    const struct hw_parquet_element element = {
        .physical = INT32, .logical = {.kind = HW_LOGICAL_UNKNOWN}, .converted = NO};
    const struct hw_leaf_type optional = hw_leaf_type_of(&element, false, HW_INT96_NANOS);
    const struct hw_leaf_type required = hw_leaf_type_of(&element, true, HW_INT96_NANOS);
    assert_int_equal(optional.type.kind, HW_KIND_NULL);
    assert_int_equal(optional.form, HW_LEAF_NULL);
    assert_null(optional.doubt);
    assert_int_equal(required.type.kind, HW_KIND_INT32);
    assert_string_equal(required.doubt, "UNKNOWN says that all values are null, but they are required");
}

static void int96_has_the_form_that_is_asked_for(void **state) {
    (void)state;
    const struct hw_parquet_element element = {.physical = INT96, .converted = NO};
    const struct hw_leaf_type micros = hw_leaf_type_of(&element, true, HW_INT96_MICROS);
    const struct hw_leaf_type text = hw_leaf_type_of(&element, true, HW_INT96_TEXT);
    assert_int_equal(micros.type.kind, HW_KIND_TIMESTAMP);
    assert_int_equal(micros.type.unit, HW_UNIT_MICROS);
    assert_int_equal(micros.form, HW_LEAF_INT96);
    assert_int_equal(text.type.kind, HW_KIND_TEXT);
    assert_int_equal(text.form, HW_LEAF_INT96_TEXT);
}

static const struct {
    const char *name;
    int logical, converted;
    enum hw_group_annotation want;
    const char *doubt;
} groups[] = {
    {"no annotation", HW_LOGICAL_NONE, NO, HW_GROUP_IS_STRUCT, NULL},
    {"LIST", HW_LOGICAL_LIST, NO, HW_GROUP_IS_LIST, NULL},
    {"old LIST", HW_LOGICAL_NONE, HW_CONVERTED_LIST, HW_GROUP_IS_LIST, NULL},
    {"MAP", HW_LOGICAL_MAP, NO, HW_GROUP_IS_MAP, NULL},
    {"old MAP", HW_LOGICAL_NONE, HW_CONVERTED_MAP, HW_GROUP_IS_MAP, NULL},
    {"MAP_KEY_VALUE", HW_LOGICAL_NONE, HW_CONVERTED_MAP_KEY_VALUE, HW_GROUP_IS_MAP, NULL},
    {"VARIANT", HW_LOGICAL_VARIANT, NO, HW_GROUP_IS_STRUCT, NULL},
    {"FILE", HW_LOGICAL_FILE, NO, HW_GROUP_IS_STRUCT, NULL},
    {"STRING", HW_LOGICAL_STRING, NO, HW_GROUP_IS_STRUCT, "the logical type is not one of a group"},
    {"UTF8", HW_LOGICAL_NONE, HW_CONVERTED_UTF8, HW_GROUP_IS_STRUCT, "the logical type is not one of a group"},
    {"a later type", HW_LOGICAL_COUNT, NO, HW_GROUP_IS_STRUCT, NOT_KNOWN},
    {"a later type, and one known", HW_LOGICAL_COUNT, HW_CONVERTED_LIST, HW_GROUP_IS_LIST, NOT_KNOWN},
    {"a later converted type", HW_LOGICAL_NONE, HW_CONVERTED_COUNT, HW_GROUP_IS_STRUCT, CONVERTED_NOT_KNOWN},
};

static void groups_are_structs_lists_or_maps(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        const struct hw_parquet_element group = {
            .physical = -1, .logical = {.kind = groups[i].logical}, .converted = groups[i].converted};
        const char *doubt = "not set";
        assert_row_int(groups[i].name, hw_group_annotation_of(&group, &doubt), groups[i].want);
        assert_row_text(groups[i].name, doubt ? doubt : "none", groups[i].doubt ? groups[i].doubt : "none");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_have_the_type_that_fits),
        cmocka_unit_test(unknown_is_null_where_it_may_be),
        cmocka_unit_test(int96_has_the_form_that_is_asked_for),
        cmocka_unit_test(groups_are_structs_lists_or_maps),
    };
    return cmocka_run_group_tests_name("parquet/annotation", tests, NULL, NULL);
}
