/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the columns of files whose rows are to come into one output. */
#ifndef HW_OPTIMIZE_COLUMNS_AGREE_H
#define HW_OPTIMIZE_COLUMNS_AGREE_H

#include "parquet/element_tree.h"
#include "parquet/read_file.h"

/* The file that others are compared with. All is borrowed. */
struct hw_columns_first {
    const struct hw_read_file *file;
    const struct hw_element_tree *tree;
    /* Decimals on bytes and on integers are the same, as both get to be on integers. */
    bool storage;
};

/*
 * Checks that a file has the same columns as the first one, nested ones too: in number, order,
 * names, types, field ids and nesting. The names that lists and maps give to what is in them do not
 * count. Elements that are required in one file and optional in the other agree: `optional`, which
 * has an entry for each element of the tree, is set for those that the first file has required.
 *
 * HW_EDATA where they do not agree, with the path of the first element that differs and in what it
 * does; `optional` may then be set for elements before that one.
 */
HW_NODISCARD enum hw_status hw_columns_agree(const struct hw_columns_first *first, const struct hw_read_file *file,
                                             bool *optional, struct hw_error *err);

#endif
