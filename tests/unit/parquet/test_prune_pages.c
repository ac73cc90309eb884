/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/prune_pages.h"

#include <stdio.h>

#include "prune_make.h"

/* A page: its first row, its bounds, and whether it has nulls only. */
struct page {
    int64_t first_row;
    char min, max;
    bool null;
    int64_t nulls;
};

static void indexes_put(struct prune_made *made, size_t column, const struct page *pages, size_t count) {
    struct hw_buf *bytes = &made->file.tail.bytes;
    struct hw_thrift out;
    struct hw_parquet_chunk *chunk = &made->chunks[column];
    chunk->offset_index_offset = (int64_t)bytes->size + 4;
    hw_thrift_init(&out, bytes, NULL);
    hw_thrift_list(&out, 1, HW_THRIFT_STRUCT, count);
    for (size_t i = 0; i < count; i++) {
        hw_thrift_put_begin(&out);
        hw_thrift_i64(&out, 1, 4);
        hw_thrift_i32(&out, 2, 10);
        hw_thrift_i64(&out, 3, pages[i].first_row);
        hw_thrift_end(&out);
    }
    hw_thrift_end(&out);
    chunk->offset_index_bytes = (int64_t)bytes->size + 4 - chunk->offset_index_offset;
    chunk->column_index_offset = (int64_t)bytes->size + 4;
    hw_thrift_init(&out, bytes, NULL);
    hw_thrift_list(&out, 1, HW_THRIFT_BOOL, count);
    for (size_t i = 0; i < count; i++) {
        hw_thrift_put_bool(&out, pages[i].null);
    }
    for (int field = 2; field <= 3; field++) {
        hw_thrift_list(&out, field, HW_THRIFT_BINARY, count);
        for (size_t i = 0; i < count; i++) {
            const char value[4] = {field == 2 ? pages[i].min : pages[i].max};
            hw_thrift_put_binary(&out, value, sizeof(value));
        }
    }
    hw_thrift_i32(&out, 4, 0);
    hw_thrift_list(&out, 5, HW_THRIFT_I64, count);
    for (size_t i = 0; i < count; i++) {
        hw_thrift_put_i64(&out, pages[i].nulls);
    }
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    chunk->column_index_bytes = (int64_t)bytes->size + 4 - chunk->column_index_offset;
}

static const struct page c_pages[] = {{0, 0, 9, false, 0}, {40, 10, 19, false, 5}, {60, 0, 0, true, 40}};
static const struct page i_pages[] = {{0, 5, 5, false, 0}, {50, 6, 6, false, 0}, {90, 7, 7, false, 0}};

static void rows_are_those_of_pages_that_may_have_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *ranges;
    } rows[] = {
        {"c = 3", "0+40"},
        {"c >= 9", "0+60"},
        {"c > 9", "40+20"},
        {"c = 100", ""},
        {"c IS NULL", "40+60"},
        {"c IS NOT NULL", "0+60"},
        {"i = 6", "50+40"},
        {"i != 6", "0+50 90+10"},
        {"c > 9 AND i = 6", "50+10"},
        {"c > 9 OR i = 7", "40+20 90+10"},
        {"c IS NULL AND i = 5", "40+10"},
        {"NOT (c <= 9 OR i = 6)", "40+10"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prune_made made;
        char got[64];
        prune_make(&made, &(struct hw_parquet_element){PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)});
        indexes_put(&made, 0, c_pages, COUNT_OF(c_pages));
        indexes_put(&made, 1, i_pages, COUNT_OF(i_pages));
        prune_bind(&made, rows[i].text);
        prune_rows(&made, got, sizeof(got));
        assert_row_text(rows[i].text, got, rows[i].ranges);
    }
}

static void indexes_that_contradict_the_rows_say_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct page pages[2];
        int64_t cut;
    } rows[] = {
        {"the first row is left out", {{1, 0, 1, false, 0}, {50, 0, 1, false, 0}}, 0},
        {"rows twice", {{0, 0, 1, false, 0}, {0, 0, 1, false, 0}}, 0},
        {"more rows than there are", {{0, 0, 1, false, 0}, {100, 0, 1, false, 0}}, 0},
        {"cut off", {{0, 0, 1, false, 0}, {50, 0, 1, false, 0}}, 3},
        {"beyond the footer", {{0, 0, 1, false, 0}, {50, 0, 1, false, 0}}, -1000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct prune_made made;
        char got[64];
        prune_make(&made, &(struct hw_parquet_element){PRUNE_LEAF(HW_PHYSICAL_INT32, HW_CONVERTED_NONE)});
        indexes_put(&made, 0, rows[i].pages, 2);
        made.chunks[0].column_index_bytes -= rows[i].cut;
        prune_bind(&made, "c = 5");
        assert_row_int(rows[i].name, prune_rows(&made, got, sizeof(got)), PRUNE_ROWS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_pages_that_may_have_them),
        cmocka_unit_test(indexes_that_contradict_the_rows_say_nothing),
    };
    return cmocka_run_group_tests_name("parquet/prune_pages", tests, NULL, NULL);
}
