/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schema files: {"columns": [{"name": "id", "type": "int64", "required": true}, ...]}. The command
 * `infer` writes them, and the option `--schema` reads them. People may add constraints to a
 * column: "min", "max", "enum", "pattern" and "unique"; and say how its values are written: "trim",
 * "true_values", "false_values", "decimal_comma", "thousands", "date_format", "timestamp_format";
 * and which texts are null: "null_values", "null_quoted".
 */
#ifndef HW_CSV_SCHEMA_FILE_H
#define HW_CSV_SCHEMA_FILE_H

#include "core/arena.h"
#include "core/buf.h"
#include "csv/layout.h"

/* The contents of a schema file. */
struct hw_schema_file {
    struct hw_schema schema;
    struct hw_csv_constraints constraints;
};

/* Appends `schema` as JSON that ends with a newline. A column of type NULL is written as text. */
HW_NODISCARD enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out,
                                                 struct hw_error *err);

/*
 * Reads a file as hw_schema_file_write writes it, and constraints. The result lives in `arena`.
 * Fails with HW_ECONFIG, which names the column and the fault; unknown keys and keys that stand
 * there twice are faults too.
 */
HW_NODISCARD enum hw_status hw_schema_file_read(hw_view json, struct hw_arena *arena, struct hw_schema_file *out_file,
                                                struct hw_error *err);

/*
 * Gives the layout's columns the types and constraints that `given` has for their names. Borrows
 * what `given` holds; what has to be made besides lives in `arena`. Fails with HW_EDATA, which
 * names the column, where only one of both has a column.
 */
HW_NODISCARD enum hw_status hw_schema_apply(struct hw_csv_layout *layout, const struct hw_schema_file *given,
                                            struct hw_arena *arena, struct hw_error *err);

#endif
