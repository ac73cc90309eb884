/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of a file that are wanted: all of its schema, or a part of it. A struct may be there
 * with some of its fields.
 */
#ifndef HW_PARQUET_READ_COLUMNS_H
#define HW_PARQUET_READ_COLUMNS_H

#include "parquet/read_schema.h"
#include "table/selection.h"
#include "table/shared_schema.h"

struct hw_read_columns {
    /* The fields of the table that batches are of; they keep it. */
    struct hw_shared_schema *shared;
    /* A node a column. Their leaves are numbered as below. */
    const struct hw_node *nodes;
    size_t nodes_count;
    /* The leaves at the nodes, with their columns in the file. */
    const struct hw_read_leaf *leaves;
    size_t leaves_count;
    /* Holds nodes and leaves that are not the schema's own. */
    struct hw_arena arena;
};

/*
 * Makes the columns of a selection of the schema's fields; NULL selects all. The schema is
 * borrowed, the selection for the call alone. Batches refer to `shared`, of which there is one
 * reference until the columns are released. Start `columns` zeroed, and release it on failure too.
 */
HW_NODISCARD enum hw_status hw_read_columns_make(struct hw_read_columns *columns, const struct hw_read_schema *schema,
                                                 const struct hw_selection *selection, struct hw_error *err);
void hw_read_columns_release(struct hw_read_columns *columns);

#endif
