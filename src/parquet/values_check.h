/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at every value of a column chunk: whether it can be decoded, whether its type allows it,
 * and whether the statistics of chunk and pages, and the bloom filter, are true.
 */
#ifndef HW_PARQUET_VALUES_CHECK_H
#define HW_PARQUET_VALUES_CHECK_H

#include "parquet/chunk_walk.h"
#include "parquet/page_index_read.h"

struct hw_values_check;

/*
 * Makes what checks one chunk after the other. The codes are
 *
 *   value.decode, dictionary.index       the rest of the page is not looked at
 *   value.range, value.utf8, value.null  of a value; value.json is a warning
 *   stats.min, stats.max, stats.nulls, stats.distinct    of a chunk, or of the header of a page
 *   index.bounds                         of a page, by the column index
 *   bloom.miss, sort.order               of a chunk
 *   stats.legacy                         a warning: bounds that the format does not define
 */
HW_NODISCARD enum hw_status hw_values_check_new(struct hw_check_report *report, size_t page_bytes_max,
                                                struct hw_values_check **out_check, struct hw_error *err);
/* Accepts NULL. */
void hw_values_check_free(struct hw_values_check *check);

/*
 * Begins with the chunk of a walk, which is borrowed until its end. `index` is NULL without a
 * column index; so is `filter.data` without a bloom filter.
 */
HW_NODISCARD enum hw_status hw_values_check_begin(struct hw_values_check *check, const struct hw_chunk_walk *walk,
                                                  const struct hw_column_index *index, hw_view filter);
/* Returns what shows it the pages of the chunk: it is lent as long as the check lives. */
const struct hw_page_visitor *hw_values_check_visitor(const struct hw_values_check *check);
/* Ends a chunk: what its statistics say of all of its values. */
HW_NODISCARD enum hw_status hw_values_check_end(struct hw_values_check *check);

#endif
