/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The leaves of a table: the columns that have values, how deep they are nested, and the steps that
 * lead from a batch's column to each. A list is three levels (LogicalTypes.md, "Lists"), the group,
 * the repeated group and the element, of which the group and the element may be optional; a map
 * likewise.
 */
#ifndef HW_PARQUET_TREE_H
#define HW_PARQUET_TREE_H

#include "core/arena.h"
#include "parquet/schema.h"

struct hw_tree {
    /* Borrowed. */
    const struct hw_schema *schema;
    struct hw_arena arena;
    struct hw_leaf *leaves;
    size_t count;
    /* Elements of the schema, with the root. */
    size_t elements;
    /* Room that the leaves' `counts_at` divide. */
    size_t counts;
};

/*
 * HW_EUNSUPPORTED for a struct without fields and values of no bytes, HW_ELIMIT for too many
 * levels.
 */
HW_NODISCARD enum hw_status hw_tree_init(struct hw_tree *tree, const struct hw_schema *schema, struct hw_error *err);
void hw_tree_release(struct hw_tree *tree);

/* Writes the leaf's path, "a.list.element", into `out`, and returns it; it may be cut. */
const char *hw_leaf_path(const struct hw_leaf *leaf, char *out, size_t out_bytes);

#endif
