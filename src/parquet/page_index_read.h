/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the ColumnIndex and OffsetIndex of a column chunk (PageIndex.md). */
#ifndef HW_PARQUET_PAGE_INDEX_READ_H
#define HW_PARQUET_PAGE_INDEX_READ_H

#include "core/error.h"
#include "parquet/meta_facts.h"

/* PageLocation: a data page, as the offset index has it. */
struct hw_page_location {
    int64_t offset;
    /* The bytes of the page with its header. */
    int32_t bytes;
    /* The number of its first row within the row group. */
    int64_t first_row;
};

/* OffsetIndex. Start it zeroed. */
struct hw_offset_index {
    struct hw_arena arena;
    const struct hw_page_location *pages;
    size_t pages_count;
};

/* BoundaryOrder, how the bounds of the pages follow each other. */
enum hw_boundary_order {
    HW_BOUNDARY_UNORDERED = 0,
    HW_BOUNDARY_ASCENDING = 1,
    HW_BOUNDARY_DESCENDING = 2,
    HW_BOUNDARY_COUNT
};

/* ColumnIndex. Start it zeroed. Each array has an element for each data page. */
struct hw_column_index {
    struct hw_arena arena;
    size_t pages_count;
    /* True for a page of nulls only, whose bounds say nothing. */
    const bool *null_pages;
    /* Views of the bytes that were read. */
    const hw_view *mins;
    const hw_view *maxs;
    /* The number of a BoundaryOrder, which may be one that is not in the enum. */
    int32_t order;
    /* NULL where they are not told. */
    const int64_t *nulls;
    const int64_t *nans;
};

/*
 * Parses the Thrift bytes of an index, which lie at byte `at` of the file and must outlive it.
 * HW_EDATA tells the place and what was found: what is no Thrift, a struct without what it needs,
 * and a column index whose lists have different lengths. After a failure `index` is released.
 */
HW_NODISCARD enum hw_status hw_offset_index_parse(struct hw_offset_index *index, hw_view bytes, uint64_t at,
                                                  struct hw_error *err);
void hw_offset_index_release(struct hw_offset_index *index);
HW_NODISCARD enum hw_status hw_column_index_parse(struct hw_column_index *index, hw_view bytes, uint64_t at,
                                                  struct hw_error *err);
void hw_column_index_release(struct hw_column_index *index);

#endif
