/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch as part of a wider table: its columns go to their places, columns that it lacks are null
 * in every row.
 */
#ifndef HW_TABLE_ARRANGE_H
#define HW_TABLE_ARRANGE_H

#include "core/buf.h"
#include "table/batch.h"

/*
 * Column i of `batch` becomes column places[i] of `*out_batch`, whose schema is `table`; both have
 * equal types there, and kinds without children or dictionary. `columns` has room for one a field
 * of `table`; all columns that are not in the batch share the zeros of `nulls`, which grows as
 * needed and holds nothing else. No value is copied.
 */
HW_NODISCARD enum hw_status hw_batch_arrange(const struct hw_batch *batch, const uint32_t *places,
                                             const struct hw_schema *table, struct hw_column *columns,
                                             struct hw_buf *nulls, struct hw_batch *out_batch, struct hw_error *err);

#endif
