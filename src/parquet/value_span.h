/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least and the greatest of many values of a leaf, by the order that its type defines
 * (ColumnOrder of parquet.thrift). Values have the form of a batch; a bound of the file is brought
 * to that form before it is compared.
 */
#ifndef HW_PARQUET_VALUE_SPAN_H
#define HW_PARQUET_VALUE_SPAN_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"

/* Start it zeroed. */
struct hw_value_span {
    /* False: there was no value that has an order. */
    bool any;
    /* NaNs, which are neither the least nor the greatest. */
    uint64_t nans;
    struct hw_buf min;
    struct hw_buf max;
};

void hw_value_span_release(struct hw_value_span *span);
/* Empties it, and keeps its memory. */
void hw_value_span_clear(struct hw_value_span *span);
/* Returns whether values of the leaf have an order: not intervals, INT96 and nulls. */
bool hw_value_has_order(const struct hw_read_leaf *leaf);
/* Adds all values; those of a leaf without an order make no span. */
HW_NODISCARD enum hw_status hw_value_span_add(struct hw_value_span *span, const struct hw_read_leaf *leaf,
                                              const struct hw_leaf_rows *rows, struct hw_error *err);
/* Adds the values of another span. */
HW_NODISCARD enum hw_status hw_value_span_join(struct hw_value_span *span, const struct hw_read_leaf *leaf,
                                               const struct hw_value_span *other, struct hw_error *err);
/* Compares two values: below, at or above 0. NaN is equal to all, as are values without order. */
int hw_leaf_value_compare(const struct hw_read_leaf *leaf, hw_view a, hw_view b);
/* Returns value number `i`. */
hw_view hw_value_at(const struct hw_leaf_rows *rows, size_t i);
/*
 * Brings a bound, PLAIN bytes without a length, to the form of a batch. `rows` is emptied before;
 * the bound is its only value. HW_EDATA where no value of the type has these bytes.
 */
HW_NODISCARD enum hw_status hw_value_of_bound(const struct hw_read_leaf *leaf, hw_view bound, struct hw_leaf_rows *rows,
                                              struct hw_error *err);

#endif
