/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key-value metadata of a Parquet file whose columns change on the way to another: what
 * programs keep there of the columns is edited, all else stays byte by byte.
 */
#ifndef HW_OPTIMIZE_PAIRS_EDIT_H
#define HW_OPTIMIZE_PAIRS_EDIT_H

#include "optimize/column_change.h"
#include "optimize/pairs_left_out.h"
#include "table/file_pairs.h"

struct hw_edited_pairs {
    struct hw_file_pairs pairs;
    const struct hw_pair_left_out *left_out;
    size_t left_out_count;
};

/*
 * Makes the pairs of the output, in the order of the source: of `ARROW:schema`, `pandas`,
 * `org.apache.spark.sql.parquet.row.metadata` and `geo` the parts that the changes concern are
 * edited, also where a pair of these stands in `ARROW:schema`. Left out are pairs that cannot be
 * read, with `ARROW:schema: ` before the key of one that stands there, and, where anything changes,
 * schemas of Avro and Iceberg. All other pairs stay, and the same bytes where nothing changes.
 *
 * Keys and values are borrowed from `pairs`, or in `arena`. HW_EUSAGE for changes that cannot be
 * (hw_changed_root), and HW_ENOMEM; what others have written into the pairs is no error.
 */
HW_NODISCARD enum hw_status hw_pairs_edit(const struct hw_file_pairs *pairs, const struct hw_column_change *changes,
                                          size_t changes_count, struct hw_arena *arena, struct hw_edited_pairs *out,
                                          struct hw_error *err);

#endif
