/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of a file that gets the columns of another one: its schema is that file's, element by
 * element, with what is to change. Its leaves have their values as the file has them
 * (parquet/leaf_raw.h), and are filled by parquet/chunk_entries.h.
 */
#ifndef HW_PARQUET_TREE_COPY_H
#define HW_PARQUET_TREE_COPY_H

#include "parquet/element_copy.h"
#include "parquet/element_tree.h"
#include "parquet/read_file.h"
#include "parquet/tree.h"

/*
 * Finds which elements of a tree are written: those that are not dropped, and of groups those that
 * have a child that is written. Below an element that is not, none is. `kept` has room for one for
 * each element; those below such a one say nothing.
 */
void hw_tree_copy_kept(const struct hw_element_tree *tree, const struct hw_element_change *changes, bool *kept);

/*
 * Makes the tree. `changes` has an entry for each element of the file, or is NULL. `column` of each
 * leaf is the number of the leaf of `file` whose values it has. Each leaf is encoded in a row group
 * of its own, so that all count levels from 0 on, and `counts` is what the largest one needs. A
 * group that is left without children is left out. All is copied. HW_EUSAGE where no column is
 * left; after a failure the tree is released.
 */
HW_NODISCARD enum hw_status hw_tree_copy(struct hw_tree *tree, const struct hw_read_file *file,
                                         const struct hw_element_change *changes, struct hw_error *err);

#endif
