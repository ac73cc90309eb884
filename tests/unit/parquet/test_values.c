/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/values.h"

#include "support/rows.h"

/*
 * Five slots of a batch, of which the second and the fourth are null; as the lane has the other
 * three.
 */
static const uint8_t odd_valid = 0x15;
static const struct value_row {
    const char *name;
    struct hw_type type;
    hw_view slots;
    hw_view want;
} rows[] = {
    {"int8",
     {.kind = HW_KIND_INT8},
     HW_VIEW_INIT("\x80\1\x7f\2\xff"),
     HW_VIEW_INIT("\x80\xff\xff\xff\x7f\0\0\0\xff\xff\xff\xff")},
    {"uint8",
     {.kind = HW_KIND_UINT8},
     HW_VIEW_INIT("\x80\1\x7f\2\xff"),
     HW_VIEW_INIT("\x80\0\0\0\x7f\0\0\0\xff\0\0\0")},
    {"int16",
     {.kind = HW_KIND_INT16},
     HW_VIEW_INIT("\0\x80\1\1\xff\x7f\2\2\xff\xff"),
     HW_VIEW_INIT("\0\x80\xff\xff\xff\x7f\0\0\xff\xff\xff\xff")},
    {"uint16",
     {.kind = HW_KIND_UINT16},
     HW_VIEW_INIT("\0\x80\1\1\xff\x7f\2\2\xff\xff"),
     HW_VIEW_INIT("\0\x80\0\0\xff\x7f\0\0\xff\xff\0\0")},
    {"int32", {.kind = HW_KIND_INT32}, HW_VIEW_INIT("aaaabbbbccccddddeeee"), HW_VIEW_INIT("aaaacccceeee")},
    {"half", {.kind = HW_KIND_HALF}, HW_VIEW_INIT("aabbccddee"), HW_VIEW_INIT("aaccee")},
    {"fixed(3)", {.kind = HW_KIND_FIXED, .width = 3}, HW_VIEW_INIT("aaabbbcccdddeee"), HW_VIEW_INIT("aaaccceee")},
    {"uint64",
     {.kind = HW_KIND_UINT64},
     HW_VIEW_INIT("aaaaaaaabbbbbbbbccccccccddddddddeeeeeeee"),
     HW_VIEW_INIT("aaaaaaaacccccccceeeeeeee")},
    {"decimal32 in 4 bytes",
     {.kind = HW_KIND_DECIMAL32, .precision = 9},
     HW_VIEW_INIT("\1\0\0\0bbbb\xfe\xff\xff\xff"
                  "dddd\xff\xff\xff\0"),
     HW_VIEW_INIT("\1\0\0\0\xfe\xff\xff\xff\xff\xff\xff\0")},
    {"decimal64 in 4 bytes",
     {.kind = HW_KIND_DECIMAL64, .precision = 9},
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0bbbbbbbb\xfe\xff\xff\xff\xff\xff\xff\xff"
                  "dddddddd\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\1\0\0\0\xfe\xff\xff\xff\0\0\0\0")},
    {"seconds",
     {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
     HW_VIEW_INIT("\1\0\0\0bbbb\2\0\0\0dddd\0\0\0\0"),
     HW_VIEW_INIT("\xe8\3\0\0\xd0\7\0\0\0\0\0\0")},
    {"seconds since 1970",
     {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0bbbbbbbb\xff\xff\xff\xff\xff\xff\xff\xff"
                  "dddddddd\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\xe8\3\0\0\0\0\0\0\x18\xfc\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0")},
    {"days in milliseconds",
     {.kind = HW_KIND_DATE_MILLIS},
     HW_VIEW_INIT("\0\x5c\x26\5\0\0\0\0bbbbbbbb\0\xa4\xd9\xfa\xff\xff\xff\xff"
                  "dddddddd\0\0\0\0\0\0\0\0"),
     HW_VIEW_INIT("\1\0\0\0\xff\xff\xff\xff\0\0\0\0")},
    {"months",
     {.kind = HW_KIND_INTERVAL_MONTHS},
     HW_VIEW_INIT("\1\0\0\0bbbb\2\0\0\0dddd\0\0\0\0"),
     HW_VIEW_INIT("\1\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")},
};

static void assert_appended(const char *name, struct hw_slice slice, struct hw_type type, hw_view want) {
    struct hw_field field = {.name = "x", .type = type};
    struct hw_values values = {0};
    struct hw_leaf leaf;
    struct hw_error err = HW_ERROR_INIT;
    hw_leaf_init(&leaf, &field);
    assert_ok(hw_values_append(&values, &leaf, &slice, &err), err);
    assert_row_bytes(name, values.data.data, values.data.size, want.data, want.size);
    assert_row_int(name, values.count, slice.rows - slice.nulls);
    hw_values_release(&values);
}

static void values_come_into_their_lane(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_column column = {.null_count = 2, .validity = &odd_valid, .values = rows[i].slots.data, .length = 5};
        size_t width = rows[i].want.size / 3;
        assert_appended(rows[i].name, (struct hw_slice){&column, 0, 5, 2}, rows[i].type, rows[i].want);
        /* Its last two alone, as if there were an offset. */
        assert_appended(rows[i].name, (struct hw_slice){&column, 3, 2, 1}, rows[i].type,
                        (hw_view){rows[i].want.data + 2 * width, width});
    }
}

static void texts_of_nulls_are_left_out(void **state) {
    (void)state;
    static const int32_t offsets[] = {0, 1, 3, 6, 7, 9};
    static const int64_t large[] = {0, 1, 3, 6, 7, 9};
    static const char data[] = "abbcccdee";
    struct hw_column column = {.null_count = 2, .validity = &odd_valid, .offsets = offsets, .data = data, .length = 5};
    assert_appended("nulls with bytes", (struct hw_slice){&column, 0, 5, 2}, (struct hw_type){.kind = HW_KIND_TEXT},
                    HW_VIEW("acccee"));
    assert_appended("no nulls", (struct hw_slice){&column, 1, 3, 0}, (struct hw_type){.kind = HW_KIND_BINARY},
                    HW_VIEW("bbcccd"));
    column.offsets = NULL;
    column.large_offsets = large;
    assert_appended("large", (struct hw_slice){&column, 0, 5, 2}, (struct hw_type){.kind = HW_KIND_LARGE_TEXT},
                    HW_VIEW("acccee"));
    assert_appended("large, no nulls", (struct hw_slice){&column, 2, 3, 0},
                    (struct hw_type){.kind = HW_KIND_LARGE_BINARY}, HW_VIEW("cccdee"));
}

static void what_does_not_go_is_refused(void **state) {
    (void)state;
    static const struct {
        struct hw_type type;
        hw_view slot;
        const char *says;
    } bad[] = {
        {{.kind = HW_KIND_DATE_MILLIS}, HW_VIEW_INIT("\1\0\0\0\0\0\0\0"), "a date of 1 ms is no whole day, or too far"},
        {{.kind = HW_KIND_DATE_MILLIS}, HW_VIEW_INIT("\0\0\0\0\0\xd4\x71\x29"), "is no whole day, or too far"},
        {{.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS},
         HW_VIEW_INIT("\xff\xff\xff\x7f"),
         "a time of 2147483647 s has no place in milliseconds"},
        {{.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_SECONDS},
         HW_VIEW_INIT("\0\0\0\0\0\0\0\x80"),
         "a timestamp of -9223372036854775808 s has no place in milliseconds"},
        {{.kind = HW_KIND_INTERVAL_DAYS},
         HW_VIEW_INIT("\xff\xff\xff\xff\0\0\0\0"),
         "an interval is negative, or finer than milliseconds"},
        {{.kind = HW_KIND_DECIMAL64, .precision = 9},
         HW_VIEW_INIT("\0\0\0\0\1\0\0\0"),
         "a decimal has more than its 9 digits"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct hw_field field = {.name = "x", .type = bad[i].type};
        struct hw_column column = {.values = bad[i].slot.data, .length = 1};
        struct hw_values values = {0};
        struct hw_leaf leaf;
        struct hw_error err = HW_ERROR_INIT;
        hw_leaf_init(&leaf, &field);
        assert_row_int(bad[i].says, hw_values_append(&values, &leaf, &(struct hw_slice){&column, 0, 1, 0}, &err),
                       HW_EDATA);
        assert_row_says(bad[i].says, err.message, bad[i].says);
        hw_values_release(&values);
    }
}

/* Values of a file come behind those before, from any of them on. */
static void values_of_a_file_are_appended(void **state) {
    (void)state;
    static const char *const texts[] = {"a", "", "ccc", "dd"};
    const struct hw_leaf fixed = {.lane = HW_LANE_FIXED, .width = 3};
    const struct hw_leaf text = {.lane = HW_LANE_TEXT};
    struct hw_leaf_rows read = {0};
    struct hw_values values = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_leaf_rows_clear(&read, 3, &err), err);
    assert_ok(hw_buf_append(&read.values, "aaabbbcccddd", 12, &err), err);
    read.count = 4;
    assert_ok(hw_values_append_rows(&values, &fixed, &read, 3, 1, &err), err);
    assert_ok(hw_values_append_rows(&values, &fixed, &read, 4, 0, &err), err);
    assert_ok(hw_values_append_rows(&values, &fixed, &read, 0, 2, &err), err);
    assert_row_bytes("fixed", values.data.data, values.data.size, "dddaaabbb", 9);
    assert_int_equal(values.count, 3);
    hw_values_clear(&values);
    assert_ok(hw_leaf_rows_clear(&read, 0, &err), err);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_ok(hw_leaf_rows_text(&read, hw_view_of(texts[i]), &err), err);
    }
    assert_ok(hw_values_append_rows(&values, &text, &read, 2, 2, &err), err);
    assert_ok(hw_values_append_rows(&values, &text, &read, 0, 3, &err), err);
    assert_row_bytes("texts", values.data.data, values.data.size, "cccddaccc", 9);
    static const uint32_t lengths[] = {3, 2, 1, 0, 3};
    assert_row_bytes("lengths", values.lengths.data, values.lengths.size, lengths, sizeof(lengths));
    assert_int_equal(values.count, COUNT_OF(lengths));
    hw_values_release(&values);
    hw_leaf_rows_release(&read);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_into_their_lane),
        cmocka_unit_test(texts_of_nulls_are_left_out),
        cmocka_unit_test(values_of_a_file_are_appended),
        cmocka_unit_test(what_does_not_go_is_refused),
    };
    return cmocka_run_group_tests_name("parquet/values", tests, NULL, NULL);
}
