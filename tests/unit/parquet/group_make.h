/* SPDX-License-Identifier: Apache-2.0 */
/* Row groups from rows of a table: pages without bytes, of which only the facts are known. */
#ifndef HW_TESTS_PARQUET_GROUP_MAKE_H
#define HW_TESTS_PARQUET_GROUP_MAKE_H

#include "support/rows.h"

#include "parquet/row_group.h"

/* A page. A bound without bytes is not known, 0 values are as many as there are rows. */
struct group_page {
    size_t column;
    uint32_t rows, values, nulls, nans, size;
    uint64_t text_bytes;
    hw_view min, max;
};

static inline void group_bound(struct hw_bound *bound, hw_view bytes) {
    *bound = (struct hw_bound){.state = bytes.data ? HW_BOUND_KNOWN : HW_BOUND_UNKNOWN, .exact = true};
    assert_in_range(bytes.size, 0, HW_BOUND_BYTES);
    bound->size = (uint8_t)bytes.size;
    memcpy(bound->data, bytes.data ? bytes.data : "", bytes.size);
}

/* Adds the pages in their order. */
static inline void group_add(struct hw_row_group *group, const struct group_page *pages, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct hw_page_facts page = {.size = pages[i].size,
                                           .rows = pages[i].rows,
                                           .values = pages[i].values ? pages[i].values : pages[i].rows,
                                           .nulls = pages[i].nulls,
                                           .nans = pages[i].nans,
                                           .text_bytes = pages[i].text_bytes};
        struct hw_bounds bounds = {0};
        group_bound(&bounds.min, pages[i].min);
        group_bound(&bounds.max, pages[i].max);
        assert_int_equal(hw_row_group_add_page(group, pages[i].column, &page, &bounds, NULL), HW_OK);
    }
}

#endif
