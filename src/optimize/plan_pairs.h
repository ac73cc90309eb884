/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key-value metadata of an output before its columns change: that of its files, made one, and
 * what Hawser says itself of the output.
 */
#ifndef HW_OPTIMIZE_PLAN_PAIRS_H
#define HW_OPTIMIZE_PLAN_PAIRS_H

#include <hawser/optimize.h>

#include "optimize/pairs_edit.h"
#include "optimize/row_cuts.h"

/* The key under which an optimised file says by which options it was made. */
#define HW_OPTIMIZE_KEY "hawser.optimize"

/* All is borrowed as long as the pairs are used. */
struct hw_plan_pairs {
    /* The files whose rows the output has, one at least. */
    const struct hw_read_file *const *files;
    /* Their names, for messages; NULL where `rule` is not to fail. */
    const char *const *names;
    size_t files_count;
    /* The rows of the output, of those of all files together. */
    struct hw_row_range rows;
    /* Says what becomes of pairs on which the files do not agree. */
    enum hw_optimize_metadata rule;
    /* Columns become null. The boxes of `geo` go, as they would show some of the values. */
    bool masks;
    /* The value of HW_OPTIMIZE_KEY; NULL: the output has none. That of a source always goes. */
    const char *digest;
};

/* Makes the pairs. Fails as hw_pairs_merge does. Texts are views of the files, or in `arena`. */
HW_NODISCARD enum hw_status hw_plan_pairs_make(const struct hw_plan_pairs *making, struct hw_arena *arena,
                                               struct hw_edited_pairs *out, struct hw_error *err);

#endif
