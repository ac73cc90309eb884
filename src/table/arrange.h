/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arranges a batch as part of another table: its columns go to their places, or are left out, and
 * the columns that it does not have are null in every row.
 */
#ifndef HW_TABLE_ARRANGE_H
#define HW_TABLE_ARRANGE_H

#include "core/arena.h"
#include "core/buf.h"
#include "table/batch.h"

/* The place of a column that the table does not have. */
enum { HW_ARRANGE_LEFT_OUT = UINT32_MAX };

/* The memory of columns of nulls. Start it zeroed. It grows as needed, and stays. */
struct hw_nulls {
    /* Zeros, which all of them share. */
    struct hw_buf zeros;
    /* The children of nested ones, of the last batch. */
    struct hw_arena children;
};

void hw_nulls_release(struct hw_nulls *nulls);

/*
 * Makes column i of `batch` the column places[i] of `*out_batch`, whose schema is `table`, unless
 * that place is HW_ARRANGE_LEFT_OUT. The two columns must have equal types. No value is copied:
 * `*out_batch` borrows `batch`, `columns`, which has room for one column for each field of `table`,
 * and `nulls`, until the next call. A dictionary that `batch` does not have is HW_EUNSUPPORTED.
 */
HW_NODISCARD enum hw_status hw_batch_arrange(const struct hw_batch *batch, const uint32_t *places,
                                             const struct hw_schema *table, struct hw_column *columns,
                                             struct hw_nulls *nulls, struct hw_batch *out_batch, struct hw_error *err);

#endif
