/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_index.h"

#include "unit/parquet/group_make.h"
#include "unit/parquet/thrift_read.h"

enum { COLUMN = 1, PAGES_MAX = 4, FIRST_PAGE_AT = 4 };

static const struct hw_field ints = {"i", {.kind = HW_KIND_INT32}, false};
static const struct hw_field counts = {"u", {.kind = HW_KIND_UINT32}, false};
static const struct hw_field doubles = {"d", {.kind = HW_KIND_DOUBLE}, false};
static const struct hw_field texts = {"t", {.kind = HW_KIND_TEXT}, false};

/* Makes both indexes of the pages, between which those of other columns come. */
static void indexes_make(const struct hw_field *field, const struct group_page *pages, size_t count,
                         struct hw_buf *column_index, struct hw_buf *offset_index) {
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_leaf leaf;
    struct hw_error err = HW_ERROR_INIT;
    const struct group_page other = {.column = 0, .rows = 50, .size = 1000, .min = HW_VIEW("zz"), .max = HW_VIEW("zz")};
    hw_leaf_init(&leaf, field);
    hw_row_group_pool_init(&pool, COLUMN + 1, 0);
    assert_ok(hw_row_group_new(&pool, &group, &err), err);
    for (size_t i = 0; i < count; i++) {
        struct group_page page = pages[i];
        page.column = COLUMN;
        group_add(group, &other, 1);
        group_add(group, &page, 1);
    }
    assert_ok(hw_column_index_write(&leaf, group, COLUMN, column_index, &err), err);
    assert_ok(hw_offset_index_write(&leaf, group, COLUMN, FIRST_PAGE_AT, offset_index, &err), err);
    group->base.ops->free(&group->base);
    hw_row_group_pool_release(&pool);
}

#define INT_MINUS_1 HW_VIEW_INIT("\xff\xff\xff\xff")
#define INT_1 HW_VIEW_INIT("\1\0\0\0")
#define INT_5 HW_VIEW_INIT("\5\0\0\0")
#define INT_9 HW_VIEW_INIT("\x09\0\0\0")
#define DOUBLE_1 HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f")
#define DOUBLE_2 HW_VIEW_INIT("\0\0\0\0\0\0\0\x40")

/*
 * The bytes by hand from parquet.thrift. ColumnIndex: 1 null_pages, 2 min_values, 3 max_values, 4
 * boundary_order, 5 null_counts, 8 nan_counts. OffsetIndex: 1 page_locations (1 offset, 2
 * compressed_page_size, 3 first_row_index), 2 unencoded_byte_array_data_bytes.
 */
static const struct {
    const char *name;
    const struct hw_field *field;
    struct group_page pages[PAGES_MAX];
    size_t count;
    hw_view column_index, offset_index;
} rows[] = {
    {"no pages",
     &ints,
     {{0}},
     0,
     HW_VIEW_INIT("\x19\x01\x19\x08\x19\x08\x15\x02\x19\x06\0"),
     HW_VIEW_INIT("\x19\x0c\0")},
    {"integers, the second page null",
     &ints,
     {{.rows = 3, .size = 30, .min = INT_1, .max = INT_5},
      {.rows = 3, .nulls = 3, .size = 20},
      {.rows = 2, .nulls = 1, .size = 200, .min = INT_5, .max = INT_9}},
     3,
     HW_VIEW_INIT("\x19\x31\2\1\2"
                  "\x19\x38\4\1\0\0\0\0\4\5\0\0\0"
                  "\x19\x38\4\5\0\0\0\0\4\x09\0\0\0"
                  "\x15\2"
                  "\x19\x36\0\6\2"
                  "\0"),
     HW_VIEW_INIT("\x19\x3c"
                  "\x16\x08\x15\x3c\x16\0\0"
                  "\x16\x44\x15\x28\x16\6\0"
                  "\x16\x6c\x15\x90\3\x16\x0c\0"
                  "\0")},
    {"doubles count NaN, and fall",
     &doubles,
     {{.rows = 9, .size = 10, .nans = 1, .min = DOUBLE_2, .max = DOUBLE_2},
      {.rows = 9, .size = 10, .min = DOUBLE_1, .max = DOUBLE_1}},
     2,
     HW_VIEW_INIT("\x19\x21\2\2"
                  "\x19\x28\x08\0\0\0\0\0\0\0\x40\x08\0\0\0\0\0\0\xf0\x3f"
                  "\x19\x28\x08\0\0\0\0\0\0\0\x40\x08\0\0\0\0\0\0\xf0\x3f"
                  "\x15\4"
                  "\x19\x26\0\0"
                  "\x39\x26\2\0"
                  "\0"),
     HW_VIEW_INIT("\x19\x2c"
                  "\x16\x08\x15\x14\x16\0\0"
                  "\x16\x1c\x15\x14\x16\x12\0"
                  "\0")},
    {"texts have the sizes of their bytes",
     &texts,
     {{.rows = 1, .size = 8, .text_bytes = 64, .min = HW_VIEW_INIT("a"), .max = HW_VIEW_INIT("bc")}},
     1,
     HW_VIEW_INIT("\x19\x11\2"
                  "\x19\x18\1a"
                  "\x19\x18\2bc"
                  "\x15\2"
                  "\x19\x16\0"
                  "\0"),
     HW_VIEW_INIT("\x19\x1c"
                  "\x16\x08\x15\x10\x16\0\0"
                  "\x19\x16\x80\1"
                  "\0")},
    {"rows are counted, not the values of their lists",
     &ints,
     {{.rows = 3, .values = 5, .nulls = 3, .size = 30, .min = INT_1, .max = INT_5},
      {.rows = 1, .values = 2, .size = 30, .min = INT_1, .max = INT_5}},
     2,
     HW_VIEW_INIT("\x19\x21\2\2"
                  "\x19\x28\4\1\0\0\0\4\1\0\0\0"
                  "\x19\x28\4\5\0\0\0\4\5\0\0\0"
                  "\x15\2"
                  "\x19\x26\6\0"
                  "\0"),
     HW_VIEW_INIT("\x19\x2c"
                  "\x16\x08\x15\x3c\x16\0\0"
                  "\x16\x44\x15\x3c\x16\6\0"
                  "\0")},
    {"a page with values but no bounds: no column index",
     &ints,
     {{.rows = 3, .size = 30, .min = INT_1, .max = INT_5}, {.rows = 3, .nulls = 2, .size = 30}},
     2,
     HW_VIEW_INIT(""),
     HW_VIEW_INIT("\x19\x2c"
                  "\x16\x08\x15\x3c\x16\0\0"
                  "\x16\x44\x15\x3c\x16\6\0"
                  "\0")},
};

static void indexes_are_as_the_format_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) column_index = {0};
        HW_AUTO(hw_buf) offset_index = {0};
        indexes_make(rows[i].field, rows[i].pages, rows[i].count, &column_index, &offset_index);
        assert_row_bytes(rows[i].name, column_index.data, column_index.size, rows[i].column_index.data,
                         rows[i].column_index.size);
        assert_row_bytes(rows[i].name, offset_index.data, offset_index.size, rows[i].offset_index.data,
                         rows[i].offset_index.size);
    }
}

/* The numbers of BoundaryOrder in parquet.thrift. */
enum { UNORDERED = 0, ASCENDING = 1, DESCENDING = 2 };

#define PAGE(low, high) \
    { .rows = 2, .size = 9, .min = low, .max = high }
#define NULL_PAGE \
    { .rows = 2, .nulls = 2, .size = 9 }

static const struct {
    const char *name;
    const struct hw_field *field;
    struct group_page pages[PAGES_MAX];
    size_t count;
    int want;
} orders[] = {
    {"one page", &ints, {PAGE(INT_1, INT_5)}, 1, ASCENDING},
    {"null pages only", &ints, {NULL_PAGE, NULL_PAGE}, 2, ASCENDING},
    {"equal pages", &ints, {PAGE(INT_1, INT_5), PAGE(INT_1, INT_5)}, 2, ASCENDING},
    {"both rise", &ints, {PAGE(INT_1, INT_5), PAGE(INT_5, INT_9)}, 2, ASCENDING},
    {"one rises, one stays", &ints, {PAGE(INT_1, INT_5), PAGE(INT_1, INT_9)}, 2, ASCENDING},
    {"both fall", &ints, {PAGE(INT_5, INT_9), PAGE(INT_1, INT_5)}, 2, DESCENDING},
    {"one falls, one stays", &ints, {PAGE(INT_1, INT_9), PAGE(INT_1, INT_5)}, 2, DESCENDING},
    {"the minimum rises, the maximum falls", &ints, {PAGE(INT_1, INT_9), PAGE(INT_5, INT_5)}, 2, UNORDERED},
    {"the minimum falls, the maximum rises", &ints, {PAGE(INT_5, INT_5), PAGE(INT_1, INT_9)}, 2, UNORDERED},
    {"up and down", &ints, {PAGE(INT_1, INT_1), PAGE(INT_9, INT_9), PAGE(INT_5, INT_5)}, 3, UNORDERED},
    {"a null page between", &ints, {PAGE(INT_9, INT_9), NULL_PAGE, PAGE(INT_5, INT_5)}, 3, DESCENDING},
    {"a null page first", &ints, {NULL_PAGE, PAGE(INT_5, INT_5), PAGE(INT_1, INT_1)}, 3, DESCENDING},
    {"with a sign", &ints, {PAGE(INT_MINUS_1, INT_MINUS_1), PAGE(INT_1, INT_1)}, 2, ASCENDING},
    {"without a sign", &counts, {PAGE(INT_MINUS_1, INT_MINUS_1), PAGE(INT_1, INT_1)}, 2, DESCENDING},
};

static void orders_are_those_of_both_bounds(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        HW_AUTO(hw_buf) column_index = {0};
        HW_AUTO(hw_buf) offset_index = {0};
        indexes_make(orders[i].field, orders[i].pages, orders[i].count, &column_index, &offset_index);
        struct thrift_value order = thrift_find(hw_buf_view(&column_index), "4");
        assert_row_int(orders[i].name, order.type, HW_THRIFT_I32);
        assert_row_int(orders[i].name, order.number, orders[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexes_are_as_the_format_says),
        cmocka_unit_test(orders_are_those_of_both_bounds),
    };
    return cmocka_run_group_tests_name("parquet/page_index", tests, NULL, NULL);
}
