/* SPDX-License-Identifier: Apache-2.0 */
/* The key `pandas` of several files: which labels the rows of an output have. */
#ifndef HW_OPTIMIZE_PANDAS_MERGE_H
#define HW_OPTIMIZE_PANDAS_MERGE_H

#include "optimize/pair_merger.h"

/*
 * Makes a merger, a `make` of hw_pair_kind. The RangeIndex is merged, all else has to be the same.
 * Where the labels of the rows, source after source, go on by one step, the output has these; else
 * its rows count from 0, as also where a source has no RangeIndex or the labels do not fit into 64
 * bits. A RangeIndex that does not fit the rows of its file counts from 0 by 1, as pandas reads it.
 */
HW_NODISCARD enum hw_status hw_pandas_merger_make(struct hw_pairs_merging *merging, const char *before_key,
                                                  hw_view value, struct hw_pair_merger **out_merger,
                                                  struct hw_error *err);

#endif
