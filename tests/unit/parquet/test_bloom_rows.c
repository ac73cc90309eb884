/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/bloom_rows.h"

#include "parquet/bloom_read.h"
#include "unit/parquet/leaf_make.h"

static const struct {
    const char *name;
    enum hw_physical physical;
    size_t width;
    enum hw_leaf_form form;
    struct hw_type type;
    enum hw_physical written;
    enum hw_bloom_form want;
} forms[] = {
    {"integers", HW_PHYSICAL_INT32, 4, HW_LEAF_SAME, {.kind = HW_KIND_INT32}, HW_PHYSICAL_INT32, HW_BLOOM_SAME},
    {"small ones", HW_PHYSICAL_INT32, 4, HW_LEAF_NARROW, {.kind = HW_KIND_INT8}, HW_PHYSICAL_INT32, HW_BLOOM_SAME},
    {"long ones", HW_PHYSICAL_INT64, 8, HW_LEAF_TIME, {.kind = HW_KIND_TIME64}, HW_PHYSICAL_INT64, HW_BLOOM_SAME},
    {"floats", HW_PHYSICAL_FLOAT, 4, HW_LEAF_SAME, {.kind = HW_KIND_FLOAT}, HW_PHYSICAL_FLOAT, HW_BLOOM_FLOAT},
    {"doubles", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, {.kind = HW_KIND_DOUBLE}, HW_PHYSICAL_DOUBLE, HW_BLOOM_DOUBLE},
    {"as floats", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, {.kind = HW_KIND_DOUBLE}, HW_PHYSICAL_FLOAT, HW_BLOOM_FLOAT},
    {"as decimals", HW_PHYSICAL_DOUBLE, 8, HW_LEAF_SAME, {.kind = HW_KIND_DOUBLE}, HW_PHYSICAL_INT64, HW_BLOOM_SAME},
    {"half floats", HW_PHYSICAL_FIXED, 2, HW_LEAF_SAME, {.kind = HW_KIND_HALF}, HW_PHYSICAL_FIXED, HW_BLOOM_HALF},
    {"fixed bytes", HW_PHYSICAL_FIXED, 2, HW_LEAF_SAME, {.kind = HW_KIND_FIXED}, HW_PHYSICAL_FIXED, HW_BLOOM_SAME},
    {"text", HW_PHYSICAL_BYTE_ARRAY, 0, HW_LEAF_SAME, {.kind = HW_KIND_TEXT}, HW_PHYSICAL_BYTE_ARRAY, HW_BLOOM_SAME},
    {"decimals on bytes",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_BYTES_DECIMAL,
     {.kind = HW_KIND_DECIMAL},
     HW_PHYSICAL_BYTE_ARRAY,
     HW_BLOOM_DECIMAL},
    {"of one width",
     HW_PHYSICAL_FIXED,
     9,
     HW_LEAF_BYTES_DECIMAL,
     {.kind = HW_KIND_DECIMAL},
     HW_PHYSICAL_FIXED,
     HW_BLOOM_SAME},
    {"on integers",
     HW_PHYSICAL_BYTE_ARRAY,
     0,
     HW_LEAF_BYTES_DECIMAL,
     {.kind = HW_KIND_DECIMAL},
     HW_PHYSICAL_INT32,
     HW_BLOOM_SAME},
    {"booleans", HW_PHYSICAL_BOOLEAN, 0, HW_LEAF_SAME, {.kind = HW_KIND_BOOL}, HW_PHYSICAL_BOOLEAN, HW_BLOOM_NONE},
    {"INT96", HW_PHYSICAL_INT96, 12, HW_LEAF_INT96_TEXT, {.kind = HW_KIND_TEXT}, HW_PHYSICAL_INT96, HW_BLOOM_NONE},
    {"intervals",
     HW_PHYSICAL_FIXED,
     12,
     HW_LEAF_INTERVAL,
     {.kind = HW_KIND_INTERVAL},
     HW_PHYSICAL_FIXED,
     HW_BLOOM_NONE},
};

static void leaves_have_forms(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct leaf_made made;
        leaf_make(&made, forms[i].physical, forms[i].width, forms[i].form, forms[i].type);
        assert_row_int(forms[i].name, hw_bloom_form_of(&made.leaf, forms[i].written), forms[i].want);
    }
}

/*
 * Values by their bytes, and those that a reader may ask for when it means them, by IEEE 754 and
 * the rule of LogicalTypes.md for decimals (two's complement, big-endian).
 */
enum { ASKED_MAX = 4 };

static const struct {
    const char *name;
    enum hw_bloom_form form;
    hw_view value;
    hw_view there[ASKED_MAX];
    hw_view absent[ASKED_MAX];
} values[] = {
    {"a number", HW_BLOOM_SAME, HW_VIEW_INIT("\1\0\0\0"), {{0}}, {HW_VIEW_INIT("\1"), HW_VIEW_INIT("\2\0\0\0")}},
    {"a text", HW_BLOOM_SAME, HW_VIEW_INIT("\0a"), {{0}}, {HW_VIEW_INIT("a"), HW_VIEW_INIT("\2\0\0\0\0a")}},
    {"bits of zero that are none", HW_BLOOM_SAME, HW_VIEW_INIT("\0\0\0\0"), {{0}}, {HW_VIEW_INIT("\0\0\0\x80")}},
    {"0.0", HW_BLOOM_FLOAT, HW_VIEW_INIT("\0\0\0\0"), {HW_VIEW_INIT("\0\0\0\x80")}, {HW_VIEW_INIT("\0\0\xc0\x7f")}},
    {"-0.0", HW_BLOOM_FLOAT, HW_VIEW_INIT("\0\0\0\x80"), {HW_VIEW_INIT("\0\0\0\0")}, {HW_VIEW_INIT("\0\0\xc0\x7f")}},
    {"the least above 0", HW_BLOOM_FLOAT, HW_VIEW_INIT("\1\0\0\0"), {{0}}, {HW_VIEW_INIT("\1\0\0\x80")}},
    {"infinity",
     HW_BLOOM_FLOAT,
     HW_VIEW_INIT("\0\0\x80\x7f"),
     {{0}},
     {HW_VIEW_INIT("\0\0\x80\xff"), HW_VIEW_INIT("\0\0\xc0\x7f")}},
    {"a NaN with a payload",
     HW_BLOOM_FLOAT,
     HW_VIEW_INIT("\1\0\x80\xff"),
     {HW_VIEW_INIT("\0\0\xc0\x7f"), HW_VIEW_INIT("\0\0\xc0\xff")},
     {HW_VIEW_INIT("\1\0\x80\x7f")}},
    {"0.0 of 64 bits",
     HW_BLOOM_DOUBLE,
     HW_VIEW_INIT("\0\0\0\0\0\0\0\0"),
     {HW_VIEW_INIT("\0\0\0\0\0\0\0\x80")},
     {HW_VIEW_INIT("\0\0\0\0")}},
    {"-0.0 of 64 bits", HW_BLOOM_DOUBLE, HW_VIEW_INIT("\0\0\0\0\0\0\0\x80"), {HW_VIEW_INIT("\0\0\0\0\0\0\0\0")}, {{0}}},
    {"1.5",
     HW_BLOOM_DOUBLE,
     HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x3f"),
     {{0}},
     {HW_VIEW_INIT("\0\0\0\0\0\0\xf8\xbf"), HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x7f")}},
    {"a NaN of 64 bits",
     HW_BLOOM_DOUBLE,
     HW_VIEW_INIT("\0\0\0\0\0\0\xf8\xff"),
     {HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x7f")},
     {{0}}},
    {"-infinity of 64 bits",
     HW_BLOOM_DOUBLE,
     HW_VIEW_INIT("\0\0\0\0\0\0\xf0\xff"),
     {{0}},
     {HW_VIEW_INIT("\0\0\0\0\0\0\xf8\x7f"), HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x7f")}},
    {"-0.0 of 16 bits", HW_BLOOM_HALF, HW_VIEW_INIT("\0\x80"), {HW_VIEW_INIT("\0\0")}, {HW_VIEW_INIT("\0\x7e")}},
    {"a NaN of 16 bits",
     HW_BLOOM_HALF,
     HW_VIEW_INIT("\1\x7c"),
     {HW_VIEW_INIT("\0\x7e"), HW_VIEW_INIT("\0\xfe")},
     {HW_VIEW_INIT("\1\xfc")}},
    {"infinity of 16 bits", HW_BLOOM_HALF, HW_VIEW_INIT("\0\x7c"), {{0}}, {HW_VIEW_INIT("\0\x7e")}},
    {"1 in four bytes",
     HW_BLOOM_DECIMAL,
     HW_VIEW_INIT("\0\0\0\1"),
     {HW_VIEW_INIT("\1")},
     {HW_VIEW_INIT("\0\1"), HW_VIEW_INIT("")}},
    {"0 in three", HW_BLOOM_DECIMAL, HW_VIEW_INIT("\0\0\0"), {HW_VIEW_INIT("\0")}, {HW_VIEW_INIT("\0\0")}},
    {"128 needs two", HW_BLOOM_DECIMAL, HW_VIEW_INIT("\0\0\x80"), {HW_VIEW_INIT("\0\x80")}, {HW_VIEW_INIT("\x80")}},
    {"-128 needs one",
     HW_BLOOM_DECIMAL,
     HW_VIEW_INIT("\xff\xff\x80"),
     {HW_VIEW_INIT("\x80")},
     {HW_VIEW_INIT("\xff\x80")}},
    {"-129 needs two",
     HW_BLOOM_DECIMAL,
     HW_VIEW_INIT("\xff\xff\x7f"),
     {HW_VIEW_INIT("\xff\x7f")},
     {HW_VIEW_INIT("\x7f")}},
    {"no bytes", HW_BLOOM_DECIMAL, HW_VIEW_INIT(""), {{0}}, {HW_VIEW_INIT("\0")}},
};

/* Makes rows of one value: a text, or one of a fixed width. */
static void rows_make(size_t row, struct hw_leaf_rows *out) {
    struct hw_error err = HW_ERROR_INIT;
    const hw_view value = values[row].value;
    const bool text = values[row].form == HW_BLOOM_DECIMAL || value.size < 4;
    uint8_t *to;
    assert_ok(hw_leaf_rows_clear(out, text && values[row].form != HW_BLOOM_HALF ? 0 : value.size, &err), err);
    if (out->width == 0) {
        assert_ok(hw_leaf_rows_text(out, value, &err), err);
        return;
    }
    assert_ok(hw_leaf_rows_room(out, 1, &to, &err), err);
    memcpy(to, value.data, value.size);
    hw_leaf_rows_added(out, 1);
}

static void values_are_there_in_all_forms(void **state) {
    (void)state;
    struct hw_leaf_rows rows = {0};
    HW_AUTO(hw_bloom) bloom = {0};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct hw_error err = HW_ERROR_INIT;
        rows_make(i, &rows);
        /* So large that what is not there is denied. */
        assert_ok(hw_bloom_begin(&bloom, 1000, 0.01, &err), err);
        hw_bloom_add_rows(&bloom, values[i].form, &rows);
        const hw_view filter = hw_buf_view(&bloom.bits);
        assert_row_int(values[i].name, hw_bloom_may_have(filter, values[i].value.data, values[i].value.size), true);
        for (size_t k = 0; k < ASKED_MAX; k++) {
            const hw_view there = values[i].there[k], absent = values[i].absent[k];
            assert_row_int(values[i].name, there.data && !hw_bloom_may_have(filter, there.data, there.size), false);
            assert_row_int(values[i].name, absent.data && hw_bloom_may_have(filter, absent.data, absent.size), false);
        }
    }
    hw_leaf_rows_release(&rows);
}

/* Of a thousand rows each is found; of rows without values there is none. */
static void all_rows_are_added(void **state) {
    (void)state;
    static const uint8_t nothing[1024] = {0};
    struct hw_leaf_rows rows = {0};
    struct hw_error err = HW_ERROR_INIT;
    uint8_t *to;
    HW_AUTO(hw_bloom) bloom = {0};
    assert_ok(hw_leaf_rows_clear(&rows, sizeof(int32_t), &err), err);
    assert_ok(hw_bloom_begin(&bloom, 500, 0.01, &err), err);
    hw_bloom_add_rows(&bloom, HW_BLOOM_SAME, &rows);
    assert_row_bytes("no rows", bloom.bits.data, bloom.bits.size, nothing, sizeof(nothing));
    assert_ok(hw_leaf_rows_room(&rows, 1000, &to, &err), err);
    for (uint32_t i = 0; i < 1000; i++) {
        hw_store_le32(to + 4 * i, i * i);
    }
    hw_leaf_rows_added(&rows, 1000);
    hw_bloom_add_rows(&bloom, HW_BLOOM_SAME, &rows);
    for (uint32_t i = 0; i < 1000; i++) {
        const uint32_t value = i * i;
        assert_true(hw_bloom_may_have(hw_buf_view(&bloom.bits), &value, sizeof(value)));
    }
    hw_leaf_rows_release(&rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_have_forms),
        cmocka_unit_test(values_are_there_in_all_forms),
        cmocka_unit_test(all_rows_are_added),
    };
    return cmocka_run_group_tests_name("parquet/bloom_rows", tests, NULL, NULL);
}
