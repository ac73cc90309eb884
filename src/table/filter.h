/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A condition on the rows of one table: the columns that it needs, and its literals in their types.
 * A condition is true, false or, as NULL makes it, unknown; a row is kept where it is true.
 *
 *   hw_predicate_parse(text)        table/predicate.h
 *   hw_filter_make(predicate, schema)
 *     hw_filter_rows(filter, batch)           which rows of a batch are kept
 *     hw_filter_outcomes(filter, bounds)      what may be the case, by bounds of the columns
 */
#ifndef HW_TABLE_FILTER_H
#define HW_TABLE_FILTER_H

#include "table/filter_value.h"
#include "table/predicate.h"

/* A column that a condition needs. */
struct hw_filter_column {
    const struct hw_field *field;
    /* The numbers by which it is found: of the column, then of fields of structs. */
    const uint32_t *path;
    size_t path_count;
    enum hw_value_order order;
};

/* A condition within the condition, as in struct hw_predicate_node. */
struct hw_filter_node {
    enum hw_predicate_kind kind;
    const struct hw_filter_node *first;
    const struct hw_filter_node *next;
    /* The number of the column of a test. */
    size_t column;
    /* Values in their order, each once; LESS and UP_TO have one. */
    const struct hw_value *values;
    size_t values_count;
};

/* Start it zeroed. */
struct hw_filter {
    struct hw_arena arena;
    const struct hw_filter_node *root;
    /* Each column once. */
    struct hw_filter_column *columns;
    size_t columns_count;
};

/*
 * Finds the columns of a condition in a schema, and the values of its literals. Both are borrowed.
 * HW_EUSAGE tells the place of a column that is not there, with the nearest name, of one that has
 * no order, and of a literal that cannot be compared with its column. After a failure `filter` is
 * released.
 */
HW_NODISCARD enum hw_status hw_filter_make(struct hw_filter *filter, const struct hw_predicate *predicate,
                                           const struct hw_schema *schema, struct hw_error *err);
void hw_filter_release(struct hw_filter *filter);

#endif
