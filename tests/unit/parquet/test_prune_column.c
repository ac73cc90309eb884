/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune_column.h"

#include <stdio.h>

#include "prune_make.h"

#define VIEW(literal) HW_VIEW_INIT(literal)
#define DECIMAL(precision_, scale_)               \
    .precision = (precision_), .scale = (scale_), \
    .logical = {.kind = HW_LOGICAL_DECIMAL, .precision = (precision_), .scale = (scale_)}

/* The condition is false for all values between the bounds. `used` says whether they may count. */
static const struct {
    const char *name;
    struct hw_parquet_element leaf;
    hw_view min, max;
    const char *text;
    bool used;
} rows[] = {
    {"signed integers",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     VIEW("\xff\xff\xff\xff"),
     VIEW("\1\0\0\0"),
     "c > 1",
     true},
    {"unsigned integers",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_UINT_32)},
     VIEW("\1\0\0\0"),
     VIEW("\xff\xff\xff\xff"),
     "c < 1",
     true},
    {"unsigned integers of 64 bits",
     {PRUNE_LEAF(HW_PHYSICAL_INT64, HW_CONVERTED_UINT_64)},
     VIEW("\1\0\0\0\0\0\0\0"),
     VIEW("\0\0\0\0\0\0\0\x80"),
     "c > 9223372036854775808",
     true},
    {"a bound of another width",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     VIEW("\1"),
     VIEW("\2"),
     "c > 5",
     false},
    {"doubles",
     {PRUNE_LEAF(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)},
     VIEW("\0\0\0\0\0\0\xf0?"),
     VIEW("\0\0\0\0\0\0\0@"),
     "c < 1",
     true},
    {"doubles, of which some may be NaN",
     {PRUNE_LEAF(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)},
     VIEW("\0\0\0\0\0\0\xf0?"),
     VIEW("\0\0\0\0\0\0\0@"),
     "c > 2",
     false},
    {"a bound that is NaN",
     {PRUNE_LEAF(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)},
     VIEW("\0\0\0\0\0\0\xf8\x7f"),
     VIEW("\0\0\0\0\0\0\xf8\x7f"),
     "c < 1",
     false},
    {"zeros of either sign",
     {PRUNE_LEAF(HW_PHYSICAL_DOUBLE, HW_CONVERTED_NONE)},
     VIEW("\0\0\0\0\0\0\0\0"),
     VIEW("\0\0\0\0\0\0\0\0"),
     "c < 0",
     true},
    {"a minimum above the maximum",
     {PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)},
     VIEW("\5\0\0\0"),
     VIEW("\1\0\0\0"),
     "c = 3",
     false},
    {"INT96",
     {PRUNE_LEAF(HW_PHYSICAL_INT96, HW_CONVERTED_NONE)},
     VIEW("\0\0\0\0\0\0\0\0\x8c\x3d\x25\0"),
     VIEW("\0\0\0\0\0\0\0\0\x8c\x3d\x25\0"),
     "c > '2200-01-01'",
     false},
    {"texts", {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8)}, VIEW("a"), VIEW("c"), "c > 'c'", true},
    {"texts beyond ASCII",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8)},
     VIEW("a"),
     VIEW("\xc3\xa4"),
     "c > '\xc3\xa4'",
     true},
    {"a text cut within a character",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_UTF8)},
     VIEW("a"),
     VIEW("\xc4"),
     "c > '\xc5\x80'",
     true},
    {"an annotation that is not known",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_NONE), .logical = {.kind = 77}},
     VIEW("a"),
     VIEW("c"),
     "c > 'c'",
     false},
    {"geometries",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_NONE), .logical = {.kind = HW_LOGICAL_GEOMETRY}},
     VIEW("a"),
     VIEW("c"),
     "c > 'c'",
     false},
    {"decimals of a width",
     {PRUNE_LEAF(HW_PHYSICAL_FIXED, HW_CONVERTED_DECIMAL), .type_length = 2, DECIMAL(4, 2)},
     VIEW("\xff\x9c"),
     VIEW("\x00\x64"),
     "c > 1",
     true},
    {"decimals of any length, which may be cut",
     {PRUNE_LEAF(HW_PHYSICAL_BYTE_ARRAY, HW_CONVERTED_DECIMAL), DECIMAL(4, 2)},
     VIEW("\xff\x9c"),
     VIEW("\x64"),
     "c > 1",
     false},
    {"decimals of 256 bits",
     {PRUNE_LEAF(HW_PHYSICAL_FIXED, HW_CONVERTED_DECIMAL), .type_length = 20, DECIMAL(45, 2)},
     VIEW("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x9c"),
     VIEW("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x64"),
     "c > 1 OR c < -1",
     true},
};

static void bounds_count_where_they_have_an_order(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prune_made made;
        char got[64];
        prune_make(&made, &rows[i].leaf);
        made.chunks[0].statistics.min = rows[i].min;
        made.chunks[0].statistics.max = rows[i].max;
        prune_bind(&made, rows[i].text);
        assert_row_int(rows[i].name, prune_rows(&made, got, sizeof(got)), rows[i].used ? 0 : PRUNE_ROWS);
    }
}

static void no_statistics(struct prune_made *made) {
    made->chunks[0].has_statistics = false;
}
static void no_orders(struct prune_made *made) {
    made->file.meta.column_orders = NULL;
    made->file.meta.column_orders_count = 0;
}
static void other_order(struct prune_made *made) {
    made->orders[0] = 2;
}
static void old_fields(struct prune_made *made) {
    struct hw_parquet_statistics *statistics = &made->chunks[0].statistics;
    statistics->old_min = statistics->min;
    statistics->old_max = statistics->max;
    statistics->min = statistics->max = (hw_view){0};
}
static void of_another_column(struct prune_made *made) {
    made->paths[0] = HW_VIEW("d");
}
static void encrypted(struct prune_made *made) {
    made->chunks[0].encrypted = true;
}
static void as_it_is(struct prune_made *made) {
    (void)made;
}

static void bounds_count_where_the_footer_vouches_for_them(void **state) {
    (void)state;
    static const struct {
        const char *name;
        void (*change)(struct prune_made *made);
        bool used;
    } changes[] = {
        {"as it is", as_it_is, true},           {"no statistics", no_statistics, false},
        {"no column orders", no_orders, false}, {"another order", other_order, false},
        {"old fields", old_fields, false},      {"a chunk of another column", of_another_column, false},
        {"encrypted", encrypted, false},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct prune_made made;
        char got[64];
        prune_make(&made, &(struct hw_parquet_element){PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)});
        made.chunks[0].statistics.min = HW_VIEW("\1\0\0\0");
        made.chunks[0].statistics.max = HW_VIEW("\1\0\0\0");
        changes[i].change(&made);
        prune_bind(&made, "c = 2");
        assert_row_int(changes[i].name, prune_rows(&made, got, sizeof(got)), changes[i].used ? 0 : PRUNE_ROWS);
    }
}

/* A filter of one block, whose header is that of parquet.thrift, that holds nothing. */
static void filters_say_what_is_not_there(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        int64_t told_bytes;
        int64_t chunk_bytes;
        size_t cut;
        bool left_out;
    } cases[] = {
        {"a value", "c = 5", 47, 47, 0, true},
        {"values", "c IN (5, 6)", 47, 47, 0, true},
        {"a size that is not told", "c = 5", -1, 47, 0, true},
        {"no value is asked for", "c < 5", 47, 47, 0, false},
        {"other values are asked for", "c != 5", 47, 47, 0, false},
        {"more bytes than the values", "c = 5", 47, 46, 0, false},
        {"a size that is too small", "c = 5", 46, 47, 0, false},
        {"a header that is none", "c = 5", 47, 47, 47, false},
    };
    static const char head[] = "\x15\x40\x1c\x1c\x00\x00\x1c\x1c\x00\x00\x1c\x1c\x00\x00";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct prune_made made;
        char got[64];
        char filter[47] = {0};
        memcpy(filter, head, sizeof(head));
        memset(filter, 0xff, cases[i].cut);
        prune_make(&made, &(struct hw_parquet_element){PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)});
        made.chunks[0].compressed = cases[i].chunk_bytes;
        made.chunks[0].bloom_offset = 4;
        made.chunks[0].bloom_bytes = cases[i].told_bytes;
        assert_int_equal(hw_buf_append(&made.file.tail.bytes, filter, sizeof(filter), NULL), HW_OK);
        made.file.tail.footer_at = 4 + sizeof(filter);
        made.chunks[1].compressed = 1;
        made.chunks[0].data_offset = made.chunks[1].data_offset = 4;
        prune_bind(&made, cases[i].text);
        assert_row_int(cases[i].name, prune_rows(&made, got, sizeof(got)), cases[i].left_out ? 0 : PRUNE_ROWS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_count_where_they_have_an_order),
        cmocka_unit_test(bounds_count_where_the_footer_vouches_for_them),
        cmocka_unit_test(filters_say_what_is_not_there),
    };
    return cmocka_run_group_tests_name("parquet/prune_column", tests, NULL, NULL);
}
