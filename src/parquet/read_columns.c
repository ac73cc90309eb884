/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_columns.h"

enum hw_status hw_read_columns_all(struct hw_read_columns *columns, const struct hw_read_schema *schema,
                                   struct hw_error *err) {
    HW_TRY(hw_shared_schema_dup(&schema->schema, &columns->shared, err));
    columns->nodes = schema->nodes;
    columns->nodes_count = schema->schema.count;
    columns->leaves = schema->leaves;
    columns->leaves_count = schema->leaves_count;
    return HW_OK;
}

void hw_read_columns_release(struct hw_read_columns *columns) {
    if (columns->shared) {
        hw_owner_drop(&columns->shared->owner);
    }
    *columns = (struct hw_read_columns){0};
}
