/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/page_index.h"

enum { BOUNDARY_UNORDERED = 0, BOUNDARY_ASCENDING = 1, BOUNDARY_DESCENDING = 2 };

static size_t pages_count(const struct hw_row_group *group, size_t column);
static bool all_bounded(const struct hw_row_group *group, size_t column);
static bool is_null_page(const struct hw_page_facts *page);
static const struct hw_page_facts *page_next(const struct hw_row_group *group, const struct hw_page_facts *page);
static const struct hw_page_facts *page_first(const struct hw_row_group *group, size_t column);
static int boundary_order(const struct hw_leaf *leaf, const struct hw_row_group *group, size_t column);

enum hw_status hw_column_index_write(const struct hw_leaf *leaf, const struct hw_row_group *group, size_t column,
                                     struct hw_buf *out, struct hw_error *err) {
    const struct hw_page_facts *first = page_first(group, column);
    /* There may be none. */
    const char *bounds = hw_buf_view(&group->bounds).data;
    const struct hw_page_facts *page;
    struct hw_thrift thrift;
    size_t count = pages_count(group, column);

    if (!all_bounded(group, column)) {
        return HW_OK;
    }
    hw_thrift_init(&thrift, out, err);
    hw_thrift_list(&thrift, 1, HW_THRIFT_BOOL, count);
    for (page = first; page; page = page_next(group, page)) {
        hw_thrift_put_bool(&thrift, is_null_page(page));
    }
    hw_thrift_list(&thrift, 2, HW_THRIFT_BINARY, count);
    for (page = first; page; page = page_next(group, page)) {
        hw_thrift_put_binary(&thrift, bounds + page->bounds_at, page->min_size);
    }
    hw_thrift_list(&thrift, 3, HW_THRIFT_BINARY, count);
    for (page = first; page; page = page_next(group, page)) {
        hw_thrift_put_binary(&thrift, bounds + page->bounds_at + page->min_size, page->max_size);
    }
    hw_thrift_i32(&thrift, 4, boundary_order(leaf, group, column));
    hw_thrift_list(&thrift, 5, HW_THRIFT_I64, count);
    for (page = first; page; page = page_next(group, page)) {
        hw_thrift_put_i64(&thrift, page->nulls);
    }
    if (hw_order_has_nans(leaf->order)) {
        hw_thrift_list(&thrift, 8, HW_THRIFT_I64, count);
        for (page = first; page; page = page_next(group, page)) {
            hw_thrift_put_i64(&thrift, page->nans);
        }
    }
    hw_thrift_end(&thrift);
    return thrift.status;
}

enum hw_status hw_offset_index_write(const struct hw_leaf *leaf, const struct hw_row_group *group, size_t column,
                                     uint64_t first_page_at, struct hw_buf *out, struct hw_error *err) {
    const struct hw_page_facts *page;
    struct hw_thrift thrift;
    size_t count = pages_count(group, column);
    uint64_t at = first_page_at;
    uint64_t row = 0;

    hw_thrift_init(&thrift, out, err);
    hw_thrift_list(&thrift, 1, HW_THRIFT_STRUCT, count);
    for (page = page_first(group, column); page; page = page_next(group, page)) {
        hw_thrift_put_begin(&thrift);
        hw_thrift_i64(&thrift, 1, (int64_t)at);
        hw_thrift_i32(&thrift, 2, (int32_t)page->size);
        hw_thrift_i64(&thrift, 3, (int64_t)row);
        hw_thrift_end(&thrift);
        at += page->size;
        row += page->rows;
    }
    if (leaf->lane == HW_LANE_TEXT) {
        hw_thrift_list(&thrift, 2, HW_THRIFT_I64, count);
        for (page = page_first(group, column); page; page = page_next(group, page)) {
            hw_thrift_put_i64(&thrift, (int64_t)page->text_bytes);
        }
    }
    hw_thrift_end(&thrift);
    return thrift.status;
}

static size_t pages_count(const struct hw_row_group *group, size_t column) {
    size_t count = 0;
    for (const struct hw_page_facts *page = page_first(group, column); page; page = page_next(group, page)) {
        count++;
    }
    return count;
}

static bool all_bounded(const struct hw_row_group *group, size_t column) {
    for (const struct hw_page_facts *page = page_first(group, column); page; page = page_next(group, page)) {
        if (!page->bounded && !is_null_page(page)) {
            return false;
        }
    }
    return true;
}

static bool is_null_page(const struct hw_page_facts *page) {
    return page->nulls == page->values;
}

static const struct hw_page_facts *page_first(const struct hw_row_group *group, size_t column) {
    uint32_t first = group->chunks[column].first_page;
    return first == HW_NO_PAGE ? NULL : &group->pages[first];
}

static const struct hw_page_facts *page_next(const struct hw_row_group *group, const struct hw_page_facts *page) {
    return page->next == HW_NO_PAGE ? NULL : &group->pages[page->next];
}

/*
 * Returns the BoundaryOrder of the pages that are not null: their minima and maxima must both rise,
 * or both fall.
 */
static int boundary_order(const struct hw_leaf *leaf, const struct hw_row_group *group, size_t column) {
    const char *bounds = hw_buf_view(&group->bounds).data;
    const struct hw_page_facts *before = NULL;
    bool rises = true;
    bool falls = true;

    for (const struct hw_page_facts *page = page_first(group, column); page; page = page_next(group, page)) {
        if (is_null_page(page)) {
            continue;
        }
        if (before) {
            const char *old = bounds + before->bounds_at;
            const char *new = bounds + page->bounds_at;
            int min = hw_bound_compare(leaf, old, before->min_size, new, page->min_size);
            int max =
                hw_bound_compare(leaf, old + before->min_size, before->max_size, new + page->min_size, page->max_size);
            rises = rises && min <= 0 && max <= 0;
            falls = falls && min >= 0 && max >= 0;
        }
        before = page;
    }
    return rises ? BOUNDARY_ASCENDING : falls ? BOUNDARY_DESCENDING : BOUNDARY_UNORDERED;
}
