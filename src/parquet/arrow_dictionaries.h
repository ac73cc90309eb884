/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns that are dictionaries to Arrow, as the categories of pandas are: `ARROW:schema` says
 * which. Arrow makes a dictionary of a text column's pages without making the texts, which its
 * decoders of PLAIN and RLE_DICTIONARY can do, and no other ones.
 */
#ifndef HW_PARQUET_ARROW_DICTIONARIES_H
#define HW_PARQUET_ARROW_DICTIONARIES_H

#include "parquet/tree.h"
#include "table/file_pairs.h"

/*
 * Marks the text leaves of an output (`dictionary_only`) that its key-value metadata says to be
 * dictionaries. All text leaves are marked where the schema in it cannot be read, or has other
 * columns than the tree. HW_ENOMEM.
 */
HW_NODISCARD enum hw_status hw_arrow_dictionaries_mark(struct hw_tree *tree, const struct hw_file_pairs *pairs,
                                                       struct hw_error *err);

#endif
