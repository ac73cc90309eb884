/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of one file in the types of the table, a slice at a time. */
#ifndef HW_ROWS_CASTS_H
#define HW_ROWS_CASTS_H

#include "rows/table.h"
#include "table/cast.h"

/* The memory of slices. Start it zeroed. One thread at a time. */
struct hw_rows_casts {
    /* A room for each column of the table, and the columns of a slice. */
    struct hw_cast_room *rooms;
    struct hw_column *columns;
    size_t count;
    /* After HW_EDATA, the type that a value does not fit, and the value's row in the batch. */
    struct hw_type type;
    size_t row;
};

/* Release it after a failure too. */
HW_NODISCARD enum hw_status hw_rows_casts_init(struct hw_rows_casts *casts, const struct hw_rows_table *table,
                                               struct hw_error *err);
void hw_rows_casts_release(struct hw_rows_casts *casts);

/*
 * Gives rows of a batch of `object` from row `first` on, a multiple of HW_BATCH_SLICE_ROWS, in the
 * types of the table: so many that their casts take a MiB, or all. The slice borrows the batch and
 * `casts`, until the next call. HW_EDATA where a value does not fit; the error names the column.
 */
HW_NODISCARD enum hw_status hw_rows_casts_slice(struct hw_rows_casts *casts, const struct hw_rows_table *table,
                                                const struct hw_rows_object *object, const struct hw_batch *batch,
                                                size_t first, struct hw_batch *out_slice, struct hw_error *err);

#endif
