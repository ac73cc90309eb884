/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a column whose values are not to be seen: all of them become null. */
#ifndef HW_OPTIMIZE_MASK_H
#define HW_OPTIMIZE_MASK_H

#include "parquet/leaf_rows.h"

/*
 * The node that becomes null, a leaf or a group above it. Entries of a leaf below it are slots of
 * the node if their repetition level is at most `rep`; one that is not null has a definition level
 * of `def` at least, which is not 0: the node is optional.
 */
struct hw_mask {
    uint8_t def;
    uint8_t rep;
};

/*
 * Makes the node null in all rows: of each of its slots one entry stays, with what is known of the
 * groups above, and no value stays. `def_max` is the leaf's highest definition level.
 */
HW_NODISCARD enum hw_status hw_mask_rows(const struct hw_mask *mask, uint8_t def_max, struct hw_leaf_rows *rows,
                                         struct hw_error *err);

#endif
