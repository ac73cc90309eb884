/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the elements of a schema by the names that people write: that of a column as it is, or a
 * path of names with dots between them, in which groups that only make up the form of a list or map
 * may be left out: "orders.price" for orders.list.element.price.
 */
#ifndef HW_OPTIMIZE_COLUMN_NAMES_H
#define HW_OPTIMIZE_COLUMN_NAMES_H

#include "core/buf.h"
#include "parquet/element_tree.h"

/*
 * Finds an element. A column of the root whose name is all of `name` comes first. HW_EUSAGE where
 * there is none; the message has the path of the nearest one, and calls the list that named it
 * `option`.
 */
HW_NODISCARD enum hw_status hw_column_name_find(const struct hw_element_tree *tree, const char *name,
                                                const char *option, size_t *out_element, struct hw_error *err);

/* Appends the path of an element: the names of all groups that it is in, then its own. */
HW_NODISCARD enum hw_status hw_column_path_put(const struct hw_element_tree *tree, size_t element, struct hw_buf *out,
                                               struct hw_error *err);

#endif
