/* SPDX-License-Identifier: Apache-2.0 */
/* The key `org.apache.spark.sql.parquet.row.metadata`: JSON that is the schema as Spark has it. */
#ifndef HW_OPTIMIZE_SPARK_EDIT_H
#define HW_OPTIMIZE_SPARK_EDIT_H

#include "optimize/column_change.h"

/*
 * Edits names and types of fields, also in structs, arrays and maps; fields that are dropped go.
 * All other bytes stay, and all of them where no change concerns the value, which is borrowed then;
 * else the new one is in `arena`. HW_EDATA where a value of a user-defined type changes, or two
 * fields of a name could be meant; else fails as hw_json_edit_read and hw_json_edit_write do.
 */
HW_NODISCARD enum hw_status hw_spark_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                                          hw_view *out_value, struct hw_error *err);

#endif
