/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The elements of a schema as a tree. A footer lists them depth first, each with the number of its
 * children, so that a tree is known once it is known where each subtree ends.
 */
#ifndef HW_PARQUET_ELEMENT_TREE_H
#define HW_PARQUET_ELEMENT_TREE_H

#include "core/arena.h"
#include "parquet/file_meta.h"

struct hw_element_tree {
    /* Element 0 is the root. Borrowed. */
    const struct hw_parquet_element *elements;
    size_t count;
    /* For each element, the number of the first one behind it and all below it. */
    const uint32_t *ends;
};

/*
 * Makes the tree in `arena`, and checks each element by itself: kind, repetition, length, name.
 * HW_EDATA where elements make no tree or one of them is wrong, HW_ELIMIT for too many.
 */
HW_NODISCARD enum hw_status hw_element_tree_make(const struct hw_parquet_meta *meta, struct hw_arena *arena,
                                                 struct hw_element_tree *out_tree, struct hw_error *err);

/* Returns the number of a group's first child. */
static inline size_t hw_element_first(size_t group) {
    return group + 1;
}

/* Returns the number of the element behind a child and all below it: that of its next sibling. */
static inline size_t hw_element_next(const struct hw_element_tree *tree, size_t child) {
    return tree->ends[child];
}

static inline bool hw_element_is_group(const struct hw_parquet_element *element) {
    return element->physical < 0;
}

static inline bool hw_element_is_repeated(const struct hw_parquet_element *element) {
    return element->repetition == HW_REPETITION_REPEATED;
}

#endif
