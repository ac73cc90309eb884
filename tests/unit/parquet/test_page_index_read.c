/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_index_read.h"

#include "parquet/thrift.h"
#include "support/alloc_fault.h"
#include "support/rows.h"

/* Indexes are written by the writer of Thrift, which test_thrift.c holds to the specification. */
static void offset_index_make(struct hw_buf *out) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    hw_thrift_list(&thrift, 1, HW_THRIFT_STRUCT, 2);
    for (int i = 0; i < 2; i++) {
        hw_thrift_put_begin(&thrift);
        hw_thrift_i64(&thrift, 1, INT64_C(5000000000) + i);
        hw_thrift_i32(&thrift, 2, 100 + i);
        hw_thrift_i64(&thrift, 3, 1000 * i);
        hw_thrift_end(&thrift);
    }
    hw_thrift_list(&thrift, 2, HW_THRIFT_I64, 1);
    hw_thrift_put_i64(&thrift, 7);
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
}

static void the_places_of_pages(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_offset_index) index = {0};
    struct hw_error err = HW_ERROR_INIT;
    offset_index_make(&bytes);
    assert_ok(hw_offset_index_parse(&index, hw_buf_view(&bytes), 9, &err), err);
    assert_int_equal(index.pages_count, 2);
    assert_int_equal(index.pages[1].offset, INT64_C(5000000001));
    assert_int_equal(index.pages[1].bytes, 101);
    assert_int_equal(index.pages[1].first_row, 1000);
}

enum { PAGES = 3 };

/* Lists have PAGES elements, one less by their bit in `shorter`; `absent` ones are not there. */
static void column_index_make(unsigned shorter, unsigned absent, struct hw_buf *out) {
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    for (int id = 1; id <= 8; id++) {
        size_t count = shorter >> id & 1 ? PAGES - 1 : PAGES;
        bool bools = id == 1, views = id == 2 || id == 3;
        if (absent >> id & 1) {
            continue;
        }
        if (id == 4) {
            hw_thrift_i32(&thrift, 4, HW_BOUNDARY_DESCENDING);
            continue;
        }
        hw_thrift_list(&thrift, id, bools ? HW_THRIFT_BOOL : views ? HW_THRIFT_BINARY : HW_THRIFT_I64, count);
        for (size_t i = 0; i < count; i++) {
            if (bools) {
                hw_thrift_put_bool(&thrift, i == 1);
            } else if (views) {
                hw_thrift_put_binary(&thrift, "abcdef" + i, (size_t)id);
            } else {
                hw_thrift_put_i64(&thrift, id * 100 + (int)i);
            }
        }
    }
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
}

static void the_bounds_of_pages(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_column_index) index = {0};
    struct hw_error err = HW_ERROR_INIT;
    column_index_make(0, 0, &bytes);
    assert_ok(hw_column_index_parse(&index, hw_buf_view(&bytes), 9, &err), err);
    assert_int_equal(index.pages_count, PAGES);
    assert_true(!index.null_pages[0] && index.null_pages[1] && !index.null_pages[2]);
    assert_row_bytes("min", index.mins[1].data, index.mins[1].size, "bc", 2);
    assert_row_bytes("max", index.maxs[2].data, index.maxs[2].size, "cde", 3);
    assert_int_equal(index.order, HW_BOUNDARY_DESCENDING);
    assert_int_equal(index.nulls[2], 502);
    assert_int_equal(index.nans[0], 800);
}

static const struct {
    const char *name;
    unsigned shorter, absent;
    enum hw_status want;
    const char *says;
} rows[] = {
    {"counts may be missing", 0, 1 << 5 | 1 << 8, HW_OK, ""},
    {"null_pages may not", 0, 1 << 1, HW_EDATA, "column index: ColumnIndex ends without null_pages"},
    {"min_values may not", 0, 1 << 2, HW_EDATA, "ends without min_values"},
    {"max_values may not", 0, 1 << 3, HW_EDATA, "ends without max_values"},
    {"boundary_order may not", 0, 1 << 4, HW_EDATA, "ends without boundary_order"},
    {"a minimum is missing", 1 << 2, 0, HW_EDATA, "has 3 of null_pages, but 2 of min_values"},
    {"a maximum is missing", 1 << 3, 0, HW_EDATA, "has 3 of null_pages, but 2 of max_values"},
    {"a count is missing", 1 << 5, 0, HW_EDATA, "has 3 of null_pages, but 2 of null_counts"},
    {"a count of nans is missing", 1 << 8, 0, HW_EDATA, "has 3 of null_pages, but 2 of nan_counts"},
    {"a page is missing", 1 << 1, 0, HW_EDATA, "has 2 of null_pages, but 3 of min_values"},
    {"histograms are not looked at", 1 << 6 | 1 << 7, 0, HW_OK, ""},
};

static void lists_have_one_length(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        HW_AUTO(hw_column_index) index = {0};
        struct hw_error err = HW_ERROR_INIT;
        column_index_make(rows[i].shorter, rows[i].absent, &bytes);
        assert_row_int(rows[i].name, hw_column_index_parse(&index, hw_buf_view(&bytes), 9, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].absent & 1 << 8) {
            assert_null(index.nans);
        }
    }
}

static void what_was_cut_is_refused(void **state) {
    (void)state;
    HW_AUTO(hw_buf) columns = {0};
    HW_AUTO(hw_buf) offsets = {0};
    column_index_make(0, 0, &columns);
    offset_index_make(&offsets);
    for (size_t size = 0; size < columns.size; size++) {
        struct hw_column_index index = {0};
        assert_int_equal(hw_column_index_parse(&index, (hw_view){(const char *)columns.data, size}, 0, NULL), HW_EDATA);
    }
    for (size_t size = 0; size < offsets.size; size++) {
        struct hw_offset_index index = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_int_equal(hw_offset_index_parse(&index, (hw_view){(const char *)offsets.data, size}, 0, &err), HW_EDATA);
        assert_row_says("cut", err.message, "offset index: ");
    }
}

static void a_place_needs_all_of_its_fields(void **state) {
    (void)state;
    struct hw_offset_index index = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_int_equal(hw_offset_index_parse(&index, HW_VIEW("\x00"), 0, &err), HW_EDATA);
    assert_row_says("none", err.message, "OffsetIndex ends without page_locations");
    assert_int_equal(hw_offset_index_parse(&index, HW_VIEW("\x19\x1c\x16\x02\x15\x02\x00\x00"), 0, &err), HW_EDATA);
    assert_row_says("no row", err.message, "PageLocation ends without first_row_index");
}

static void memory_may_run_out(void **state) {
    (void)state;
    HW_AUTO(hw_buf) bytes = {0};
    struct hw_column_index index = {0};
    struct alloc_fault fault;
    column_index_make(0, 0, &bytes);
    alloc_fault_begin(&fault, 0);
    enum hw_status status = hw_column_index_parse(&index, hw_buf_view(&bytes), 0, NULL);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_places_of_pages),
        cmocka_unit_test(the_bounds_of_pages),
        cmocka_unit_test(lists_have_one_length),
        cmocka_unit_test(what_was_cut_is_refused),
        cmocka_unit_test(a_place_needs_all_of_its_fields),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("parquet/page_index_read", tests, NULL, NULL);
}
