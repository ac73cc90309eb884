/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The leaves of a table: the columns that have values, with their levels and the steps that lead to
 * each from a batch's column. A list is three elements of the schema (LogicalTypes.md, "Lists"):
 * the group, the repeated group and the element, of which the first and the last may be optional. A
 * map is alike.
 */
#ifndef HW_PARQUET_TREE_H
#define HW_PARQUET_TREE_H

#include "core/arena.h"
#include "parquet/schema.h"

struct hw_tree {
    /* The schema of the table, borrowed; NULL: the tree is that of another file. */
    const struct hw_schema *schema;
    /* All elements of the Parquet schema as Thrift, where they are those of another file. */
    hw_view elements_written;
    /* The memory of the leaves. */
    struct hw_arena arena;
    struct hw_leaf *leaves;
    size_t count;
    /* The number of elements of the Parquet schema, the root included. */
    size_t elements;
    /* The number of `level_counts` that all leaves together need. */
    size_t counts;
};

/*
 * Finds the leaves of a schema, which is borrowed. A struct without fields and values of no bytes
 * are HW_EUNSUPPORTED, too many levels are HW_ELIMIT.
 */
HW_NODISCARD enum hw_status hw_tree_init(struct hw_tree *tree, const struct hw_schema *schema, struct hw_error *err);
void hw_tree_release(struct hw_tree *tree);

/*
 * Writes the path of a leaf, as "a.list.element", to `out`, cut if it is too long. Returns `out`.
 */
const char *hw_leaf_path(const struct hw_leaf *leaf, char *out, size_t out_bytes);

#endif
