/* SPDX-License-Identifier: Apache-2.0 */
/* The condition on the rows of one file: the columns read for it, and the rows that it keeps. */
#ifndef HW_ROWS_WHERE_H
#define HW_ROWS_WHERE_H

#include "table/filter_rows.h"
#include "table/selection.h"

/* Start it zeroed. */
struct hw_rows_where {
    struct hw_filter filter;
    /* For each column of the filter the path by which it is found in what is read. */
    uint32_t **places;
    /*
     * All that is read, each field once: on every level those that are taken come first, in their
     * order, so that whoever has the schema of these sees nothing of the others.
     */
    struct hw_selection read;
};

/*
 * Binds a condition to the schema of a file, of which `taken` is wanted. All of them are borrowed.
 * After a failure `where` is released.
 */
HW_NODISCARD enum hw_status hw_rows_where_make(struct hw_rows_where *where, const struct hw_predicate *predicate,
                                               const struct hw_schema *schema, const struct hw_selection *taken,
                                               struct hw_error *err);
void hw_rows_where_release(struct hw_rows_where *where);

/*
 * Leaves in `batch` the rows that are kept, `limit` of them at most, and the columns of `taken`
 * alone, whose schema it then has. Rows are copied unless all of them are kept.
 */
HW_NODISCARD enum hw_status hw_rows_where_keep(const struct hw_rows_where *where, const struct hw_schema *taken,
                                               uint64_t limit, struct hw_filter_room *room, struct hw_batch *batch,
                                               struct hw_error *err);

#endif
