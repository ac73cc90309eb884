/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the rows of a batch for which a condition is true. */
#ifndef HW_TABLE_FILTER_ROWS_H
#define HW_TABLE_FILTER_ROWS_H

#include "core/buf.h"
#include "table/batch_copy.h"
#include "table/filter.h"

/* Room that finding rows needs, which is used again. Start it zeroed. */
struct hw_filter_room {
    struct hw_buf truths;
    struct hw_buf ranges;
};
void hw_filter_room_release(struct hw_filter_room *room);

/* Rows that are kept: runs of them, in order, none of which touch. */
struct hw_kept_rows {
    const struct hw_row_range *ranges;
    size_t count;
    size_t rows;
};

/*
 * Finds the rows of `batch` that are kept, the first `limit` of them at most. `places` has for each
 * column of the filter the path by which it is found in the batch, which has as many steps as in
 * the filter's schema. The ranges are in `room`, until it is used again.
 */
HW_NODISCARD enum hw_status hw_filter_rows(const struct hw_filter *filter, const uint32_t *const *places,
                                           const struct hw_batch *batch, uint64_t limit, struct hw_filter_room *room,
                                           struct hw_kept_rows *out_kept, struct hw_error *err);

#endif
