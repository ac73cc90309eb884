/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the ColumnIndex and OffsetIndex of a column chunk (PageIndex.md). */
#ifndef HW_PARQUET_PAGE_INDEX_H
#define HW_PARQUET_PAGE_INDEX_H

#include "parquet/row_group.h"

/*
 * Appends the ColumnIndex. It appends nothing if a page has values without bounds, because an index
 * needs the bounds of every page.
 */
HW_NODISCARD enum hw_status hw_column_index_write(const struct hw_leaf *leaf, const struct hw_row_group *group,
                                                  size_t column, struct hw_buf *out, struct hw_error *err);
/*
 * Appends the OffsetIndex of pages that lie one after the other in the file, from `first_page_at`
 * on.
 */
HW_NODISCARD enum hw_status hw_offset_index_write(const struct hw_leaf *leaf, const struct hw_row_group *group,
                                                  size_t column, uint64_t first_page_at, struct hw_buf *out,
                                                  struct hw_error *err);

#endif
