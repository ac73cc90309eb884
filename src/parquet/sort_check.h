/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks whether the rows of a row group are sorted as it says, by the first of its sorting columns.
 * Those behind it only order rows that are equal in the first.
 */
#ifndef HW_PARQUET_SORT_CHECK_H
#define HW_PARQUET_SORT_CHECK_H

#include "parquet/page_levels.h"
#include "parquet/value_span.h"

/* Start it zeroed for each chunk, but for the memory of `last`. */
struct hw_sort_check {
    /* NULL: the rows are not sorted by this column, or it cannot be looked at. */
    const struct hw_parquet_sorting *sorting;
    const struct hw_read_leaf *leaf;
    /* The value before; of which there is one if `any`. */
    struct hw_buf last;
    bool any;
    bool null_seen;
    /* A row is not where it ought to be. */
    bool broken;
};

/* Begins with the chunk of a leaf. */
void hw_sort_check_begin(struct hw_sort_check *check, const struct hw_parquet_group *group,
                         const struct hw_read_leaf *leaf);
/* Looks at the nulls of a page, of which `values` entries have values. */
HW_NODISCARD enum hw_status hw_sort_check_nulls(struct hw_sort_check *check, const struct hw_page_levels *levels,
                                                uint64_t entries, uint64_t values, struct hw_error *err);
/* Looks at the next values that are not null. */
HW_NODISCARD enum hw_status hw_sort_check_values(struct hw_sort_check *check, const struct hw_leaf_rows *rows,
                                                 struct hw_error *err);

#endif
