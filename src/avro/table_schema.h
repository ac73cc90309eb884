/* SPDX-License-Identifier: Apache-2.0 */
/* The columns that the values of an Avro schema make. */
#ifndef HW_AVRO_TABLE_SCHEMA_H
#define HW_AVRO_TABLE_SCHEMA_H

#include <hawser/table.h>

#include "avro/type.h"
#include "core/error.h"

/* The name of the only column of a file whose values are no records. */
#define HW_AVRO_VALUE_NAME "value"

/*
 * Makes the columns, in `arena`; texts are borrowed from the schema. A record's fields are columns;
 * any other type is one column, HW_AVRO_VALUE_NAME. A union of one type, with null or without, is
 * that type; every other one is a struct of an optional member for each branch but null, "member0",
 * "member1" and so on, whose metadata has HW_META_UNION. Where null is a branch, the column is
 * optional.
 */
HW_NODISCARD enum hw_status hw_avro_table_schema(const struct hw_avro_type *root, struct hw_arena *arena,
                                                 struct hw_schema *out_schema, struct hw_error *err);

#endif
