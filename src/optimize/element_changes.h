/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The changes of a schema's elements, told as changes of columns, along the nesting of their types.
 */
#ifndef HW_OPTIMIZE_ELEMENT_CHANGES_H
#define HW_OPTIMIZE_ELEMENT_CHANGES_H

#include "optimize/column_change.h"
#include "parquet/element_copy.h"
#include "parquet/element_tree.h"

/*
 * Makes the list in `arena`. `changes` and `kept` have an entry for each element; what is not kept
 * is told as dropped. A decimal that is stored in another way is no change.
 */
HW_NODISCARD enum hw_status hw_element_changes_tell(const struct hw_element_tree *tree,
                                                    const struct hw_element_change *changes, const bool *kept,
                                                    struct hw_arena *arena, const struct hw_column_change **out_changes,
                                                    size_t *out_count, struct hw_error *err);

/* Returns whether the new type of an element is another one, and not only stored in another way. */
bool hw_element_retyped(const struct hw_parquet_element *element, const struct hw_element_change *change);

#endif
