/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key-value metadata of an output that has the rows of several Parquet files, or a part of the
 * rows of one.
 */
#ifndef HW_OPTIMIZE_PAIRS_MERGE_H
#define HW_OPTIMIZE_PAIRS_MERGE_H

#include "optimize/pairs_edit.h"
#include "optimize/pairs_source.h"

/*
 * Makes the pairs of the output, in the order of the first of `count` sources, one at least. A pair
 * stays where every source has it, with the same bytes or the same lack of a value; of a key that
 * stands several times, the n-th is compared with the n-th. All rows of a single source keep its
 * pairs as they are. Of these keys values are merged that differ only so far:
 *
 * - `pandas`: the RangeIndex, which is also set where a part of a file is written (pandas_merge.h);
 * - `geo`: boxes and types of geometries (geo_merge.h);
 * - `ARROW:schema`: fields that may be null, and pairs of the schema itself, which are merged as
 *   those of files are (arrow_schema_merge.h).
 *
 * All other pairs that differ follow `rule`: HW_OPTIMIZE_METADATA_EQUAL leaves them out.
 * HW_OPTIMIZE_METADATA_FIRST keeps those of the first source, with a range of the rows that are
 * there, and without boxes, and types of geometries, that need not hold for the rows of others;
 * what only others have is left out. With HW_OPTIMIZE_METADATA_FAIL the call fails with HW_EDATA,
 * and names the key and two files.
 *
 * Whatever is left out is told, as hw_pairs_edit tells it, a part of `geo` as `geo: bbox of NAME`.
 * Also left out is a value that grows beyond HW_FILE_PAIRS_BYTES_MAX bytes of all pairs; with
 * HW_OPTIMIZE_METADATA_FAIL that is HW_ELIMIT. Values that cannot be read are compared by their
 * bytes.
 *
 * Keys and values are borrowed from the sources, or in `arena`. HW_ENOMEM. `out` is untouched on
 * failure.
 */
HW_NODISCARD enum hw_status hw_pairs_merge(const struct hw_pairs_source *sources, size_t count,
                                           enum hw_optimize_metadata rule, struct hw_arena *arena,
                                           struct hw_edited_pairs *out, struct hw_error *err);

#endif
