/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms that groups have: a struct, or one of the forms that writers have given to lists and
 * maps over the years (LogicalTypes.md, "Nested Types").
 */
#ifndef HW_PARQUET_GROUP_FORM_H
#define HW_PARQUET_GROUP_FORM_H

#include "parquet/element_tree.h"

enum hw_group_form {
    HW_GROUP_STRUCT,
    /* The repeated child is a group, whose only child is the element. */
    HW_GROUP_LIST_OF_THREE,
    /* The repeated child is the element. */
    HW_GROUP_LIST_OF_TWO,
    /* The repeated child is a group of a key and a value. */
    HW_GROUP_MAP,
    /* A map without values: the repeated child is a group, whose only child is the key. */
    HW_GROUP_KEYS
};

/*
 * Returns the form of a group of the tree. `*out_doubt` is why its annotation counts as none, a
 * literal, or NULL.
 */
enum hw_group_form hw_group_form_of(const struct hw_element_tree *tree, size_t group, const char **out_doubt);

#endif
