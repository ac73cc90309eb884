/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/leaf_convert.h"

#include "leaf_make.h"

static void leaves_know_their_width(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_leaf_form form;
        struct hw_type type;
        size_t width;
        bool converts;
    } rows[] = {
        {"boolean", HW_LEAF_SAME, {.kind = HW_KIND_BOOL}, 1, false},
        {"int32", HW_LEAF_SAME, {.kind = HW_KIND_INT32}, 4, false},
        {"text", HW_LEAF_SAME, {.kind = HW_KIND_TEXT}, 0, false},
        {"fixed", HW_LEAF_SAME, {.kind = HW_KIND_FIXED, .width = 7}, 7, false},
        {"uuid", HW_LEAF_SAME, {.kind = HW_KIND_UUID}, 16, false},
        {"time", HW_LEAF_TIME, {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, 4, false},
        {"int8", HW_LEAF_NARROW, {.kind = HW_KIND_INT8}, 1, true},
        {"int96", HW_LEAF_INT96, {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, 8, true},
        {"int96 as text", HW_LEAF_INT96_TEXT, {.kind = HW_KIND_TEXT}, 0, true},
        {"decimal", HW_LEAF_INT_DECIMAL, {.kind = HW_KIND_DECIMAL, .precision = 5}, 16, true},
        {"decimal256", HW_LEAF_BYTES_DECIMAL, {.kind = HW_KIND_DECIMAL256, .precision = 50}, 32, true},
        {"interval", HW_LEAF_INTERVAL, {.kind = HW_KIND_INTERVAL}, 16, true},
        {"null", HW_LEAF_NULL, {.kind = HW_KIND_NULL}, 0, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf_made made;
        leaf_make(&made, HW_PHYSICAL_INT32, 4, rows[i].form, rows[i].type);
        assert_row_int(rows[i].name, hw_leaf_width(&made.leaf), rows[i].width);
        assert_row_int(rows[i].name, hw_leaf_converts(&made.leaf), rows[i].converts);
    }
}

static void times_are_those_of_a_day(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_type type;
        int64_t value;
        const char *says;
    } rows[] = {
        {"the first ms", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, 0, NULL},
        {"the last ms", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}, 86399999, NULL},
        {"a ms too much",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS},
         86400000,
         "86400000 ms is no time of a day, which has 0 to 86399999"},
        {"a ms before",
         {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS},
         -1,
         "-1 ms is no time of a day, which has 0 to 86399999"},
        {"the last us", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}, 86399999999, NULL},
        {"a us too much",
         {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS},
         86400000000,
         "86400000000 us is no time of a day, which has 0 to 86399999999"},
        {"the last ns", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}, 86399999999999, NULL},
        {"a ns too much",
         {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS},
         86400000000000,
         "86400000000000 ns is no time of a day, which has 0 to 86399999999999"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const bool small = rows[i].type.kind == HW_KIND_TIME32;
        const int32_t words[] = {1, (int32_t)rows[i].value};
        const int64_t longs[] = {1, rows[i].value};
        struct leaf_made made;
        struct hw_error err = HW_ERROR_INIT;
        leaf_make(&made, small ? HW_PHYSICAL_INT32 : HW_PHYSICAL_INT64, small ? 4 : 8, HW_LEAF_TIME, rows[i].type);
        const void *values = small ? (const void *)words : (const void *)longs;
        assert_row_int(rows[i].name, hw_leaf_check(&made.leaf, values, 2, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
    }
    struct leaf_made plain;
    leaf_make(&plain, HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, (struct hw_type){.kind = HW_KIND_INT32});
    assert_int_equal(hw_leaf_check(&plain.leaf, &(int32_t){-1}, 1, NULL), HW_OK);
}

static void integers_get_narrow(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum hw_kind kind;
        int32_t value;
        const char *says;
    } rows[] = {
        {"int8", HW_KIND_INT8, -128, NULL},
        {"int8", HW_KIND_INT8, 127, NULL},
        {"int8", HW_KIND_INT8, 128, "128 is outside of int8, which has -128 to 127"},
        {"int8", HW_KIND_INT8, -129, "-129 is outside of int8, which has -128 to 127"},
        {"int16", HW_KIND_INT16, -32768, NULL},
        {"int16", HW_KIND_INT16, 32767, NULL},
        {"int16", HW_KIND_INT16, 32768, "32768 is outside of int16, which has -32768 to 32767"},
        {"int16", HW_KIND_INT16, INT32_MIN, "-2147483648 is outside of int16, which has -32768 to 32767"},
        {"uint8", HW_KIND_UINT8, 255, NULL},
        {"uint8", HW_KIND_UINT8, 256, "256 is outside of uint8, which has 0 to 255"},
        {"uint8", HW_KIND_UINT8, -1, "-1 is outside of uint8, which has 0 to 255"},
        {"uint16", HW_KIND_UINT16, 65535, NULL},
        {"uint16", HW_KIND_UINT16, 65536, "65536 is outside of uint16, which has 0 to 65535"},
        {"uint16", HW_KIND_UINT16, INT32_MAX, "2147483647 is outside of uint16, which has 0 to 65535"},
    };
    enum { VALUES = 35 }; /* two blocks, and some */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int32_t values[VALUES];
        struct leaf_made made;
        struct hw_leaf_rows out = {0};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t j = 0; j < VALUES; j++) {
            values[j] = (int32_t)j;
        }
        values[VALUES - 1] = rows[i].value;
        leaf_make(&made, HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, (struct hw_type){.kind = rows[i].kind});
        const enum hw_status status = leaf_convert(&made, values, sizeof(values), &out, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, out.count, rows[i].says ? 0 : VALUES);
        for (size_t j = 0; j < out.count; j++) {
            const uint8_t *at = out.values.data + j * out.width;
            const uint32_t got = out.width == 1 ? at[0] : at[0] | (uint32_t)at[1] << 8;
            assert_row_int(rows[i].name, got, (uint32_t)values[j] & (out.width == 1 ? 0xff : 0xffff));
        }
        hw_leaf_rows_release(&out);
    }
}

static void intervals_become_nanoseconds(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint32_t parts[3];
        const char *says;
    } rows[] = {
        {"one of each", {1, 2, 3004}, NULL},
        {"the most", {INT32_MAX, INT32_MAX, UINT32_MAX}, NULL},
        {"months",
         {1u << 31, 0, 0},
         "an interval of 2147483648 months and 0 days is more than 2147483647 of either, which an interval holds"},
        {"days",
         {0, UINT32_MAX, 0},
         "an interval of 0 months and 4294967295 days is more than 2147483647 of either, which an interval holds"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct leaf_made made;
        struct hw_leaf_rows out = {0};
        struct hw_error err = HW_ERROR_INIT;
        leaf_make(&made, HW_PHYSICAL_FIXED, 12, HW_LEAF_INTERVAL, (struct hw_type){.kind = HW_KIND_INTERVAL});
        const enum hw_status status = leaf_convert(&made, rows[i].parts, sizeof(rows[i].parts), &out, &err);
        assert_row_int(rows[i].name, status, rows[i].says ? HW_EDATA : HW_OK);
        assert_row_text(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        if (status == HW_OK) {
            assert_int_equal(out.values.size, 16);
            assert_int_equal(hw_load_le32(out.values.data), rows[i].parts[0]);
            assert_int_equal(hw_load_le32(out.values.data + 4), rows[i].parts[1]);
            assert_int_equal(hw_load_le64(out.values.data + 8), rows[i].parts[2] * UINT64_C(1000000));
        }
        hw_leaf_rows_release(&out);
    }
}

static void unknown_has_no_values(void **state) {
    (void)state;
    struct leaf_made made;
    struct hw_leaf_rows out = {0};
    struct hw_error err = HW_ERROR_INIT;
    leaf_make(&made, HW_PHYSICAL_INT32, 4, HW_LEAF_NULL, (struct hw_type){.kind = HW_KIND_NULL});
    assert_ok(leaf_convert(&made, "", 0, &out, &err), err);
    assert_int_equal(leaf_convert(&made, "aaaa", 4, &out, &err), HW_EDATA);
    assert_string_equal(err.message, "a column of type UNKNOWN has values, and only nulls are allowed");
    hw_leaf_rows_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_know_their_width), cmocka_unit_test(times_are_those_of_a_day),
        cmocka_unit_test(integers_get_narrow),     cmocka_unit_test(intervals_become_nanoseconds),
        cmocka_unit_test(unknown_has_no_values),
    };
    return cmocka_run_group_tests_name("parquet/leaf_convert", tests, NULL, NULL);
}
