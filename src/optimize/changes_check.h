/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that what is to change of a schema leaves one that readers take. */
#ifndef HW_OPTIMIZE_CHANGES_CHECK_H
#define HW_OPTIMIZE_CHANGES_CHECK_H

#include "parquet/element_copy.h"
#include "parquet/element_tree.h"

/*
 * Checks the changes, one for each element of the tree. HW_EUSAGE where a new name is none or goes
 * to a column that is left out, where two columns of one group would be called the same by it, and
 * where a map would lose its keys and keep its values. Names that the file has twice stay allowed.
 */
HW_NODISCARD enum hw_status hw_changes_check(const struct hw_element_tree *tree,
                                             const struct hw_element_change *changes, struct hw_error *err);

#endif
