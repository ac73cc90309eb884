/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the columns of a batch of the rows of their leaves: levels become validity and offsets
 * ("Nested Encoding" of the format, after Dremel), and values move to their slots.
 */
#ifndef HW_PARQUET_ASSEMBLE_H
#define HW_PARQUET_ASSEMBLE_H

#include "parquet/leaf_rows.h"
#include "parquet/read_schema.h"
#include "table/batch_memory.h"

struct hw_assembly {
    size_t rows;
    /* The leaves of the file, and for each of them that lies below the nodes its `rows` rows. */
    const struct hw_read_leaf *leaves;
    struct hw_leaf_rows *leaf_rows;
    /* Gets the columns. Values move here; levels stay, but are void afterwards. */
    struct hw_batch_memory *memory;
};

/*
 * Makes a column of each of the nodes. HW_EDATA where levels contradict each other: an element that
 * goes on with a list that is empty, children of a struct with different numbers of slots. The
 * error names the column. HW_ELIMIT where a list column has more elements than offsets can count.
 */
HW_NODISCARD enum hw_status hw_assemble(const struct hw_assembly *assembly, const struct hw_node *nodes, size_t count,
                                        const struct hw_column **out_columns, struct hw_error *err);

#endif
