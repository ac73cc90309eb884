/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema files: {"columns": [{"name": "id", "type": "int64", "required": true}, ...]}. `infer`
 * writes them, `--schema` reads them. What people add to a column are constraints: "min", "max",
 * "enum", "pattern", "unique".
 */
#ifndef HW_CSV_SCHEMA_FILE_H
#define HW_CSV_SCHEMA_FILE_H

#include "core/arena.h"
#include "core/buf.h"
#include "csv/layout.h"

/* What a schema file says. */
struct hw_schema_file {
    struct hw_schema schema;
    struct hw_csv_constraints constraints;
};

/* Appends the JSON of `schema`, ended with a newline. A column of nothing but nulls is text. */
HW_NODISCARD enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out,
                                                 struct hw_error *err);

/*
 * Reads what hw_schema_file_write writes, and constraints. HW_ECONFIG names what is wrong, and the
 * column; unknown and doubled keys are. Everything lives in `arena`.
 */
HW_NODISCARD enum hw_status hw_schema_file_read(hw_view json, struct hw_arena *arena, struct hw_schema_file *out_file,
                                                struct hw_error *err);

/*
 * Gives the layout's columns the types and constraints that `given` has for their names; HW_EDATA
 * names a column that only one of both has. What `given` holds is borrowed, more lives in `arena`.
 */
HW_NODISCARD enum hw_status hw_schema_apply(struct hw_csv_layout *layout, const struct hw_schema_file *given,
                                            struct hw_arena *arena, struct hw_error *err);

#endif
