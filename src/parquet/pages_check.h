/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at every page of a file: headers, CRCs, sizes, levels, and whether all of them together are
 * what the footer and the indexes say. Each byte of a column chunk is read once.
 */
#ifndef HW_PARQUET_PAGES_CHECK_H
#define HW_PARQUET_PAGES_CHECK_H

#include "parquet/check_report.h"
#include "parquet/read_columns.h"

struct hw_pages_check_options {
    /* The columns whose chunks are read. */
    const struct hw_read_columns *columns;
    /* The most bytes of pages and windows, except for single large pages. */
    size_t memory_bytes;
    size_t page_bytes_max;
    /* Values are decoded too, and statistics compared with them. */
    bool values;
};

/*
 * Checks the pages of a file whose footer was read into the report. The codes are
 *
 *   page.header                          the rest of the column chunk is not looked at
 *   page.order, page.crc, page.size, page.decompress, page.encoding, page.levels, page.values,
 *   page.rows                            of a page, or of all pages of a chunk
 *   chunk.size                           bytes of a chunk that are no page, or pages beyond it
 *   index.offset, index.column, bloom.header
 *   file.gap                             an info: bytes that nothing in the footer tells of
 *
 * What values may add is in parquet/values_check.h. HW_OK means that the pages were looked at; what
 * cannot be read is kept in the report (hw_check_unread). Failures are those of reading, and those
 * of whoever is told.
 */
HW_NODISCARD enum hw_status hw_pages_check(struct hw_check_report *report,
                                           const struct hw_pages_check_options *options);

#endif
