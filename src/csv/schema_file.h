/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema files: {"columns": [{"name": "id", "type": "int64", "required": true}, ...]}. `infer` writes them, `--schema` reads them.
 */
#ifndef HW_CSV_SCHEMA_FILE_H
#define HW_CSV_SCHEMA_FILE_H

#include "core/arena.h"
#include "core/buf.h"
#include "csv/layout.h"

/* Appends the JSON of `schema`, ended with a newline. A column of nothing but nulls is text. */
HW_NODISCARD enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out, struct hw_error *err);

/* Reads what hw_schema_file_write writes. HW_ECONFIG names what is wrong; unknown and doubled keys are. Names live in `arena`. */
HW_NODISCARD enum hw_status hw_schema_file_read(hw_view json, struct hw_arena *arena, struct hw_schema *out_schema, struct hw_error *err);

/* Gives the layout's columns the types that `given` has for their names; HW_EDATA names a column that only one of both has. */
HW_NODISCARD enum hw_status hw_schema_apply(struct hw_csv_layout *layout, const struct hw_schema *given, struct hw_error *err);

#endif
