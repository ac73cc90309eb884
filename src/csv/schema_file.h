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

#include <hawser/columns.h>

#include "core/arena.h"
#include "core/buf.h"
#include "csv/constraints.h"

/* The contents of a schema file. */
struct hw_schema_file {
    struct hw_schema schema;
    struct hw_csv_constraints constraints;
};

/* Appends `schema` as JSON that ends with a newline. A column of type NULL is written as text. */
HW_NODISCARD enum hw_status hw_schema_file_write(const struct hw_schema *schema, struct hw_buf *out,
                                                 struct hw_error *err);

/*
 * Reads a file as hw_schema_file_write writes it, and constraints. A type that `columns`, which may
 * be NULL, has for a column counts more than that of the file, and constraints must suit it; the
 * types that it has for other columns come behind those of the file. The result lives in `arena`,
 * and borrows the names in `columns`. Fails with HW_ECONFIG, which names the column and the fault;
 * unknown keys and keys that stand there twice are faults too.
 */
HW_NODISCARD enum hw_status hw_schema_file_read(hw_view json, const struct hw_columns_options *columns,
                                                struct hw_arena *arena, struct hw_schema_file *out_file,
                                                struct hw_error *err);

/*
 * Adds the columns to which `columns`, which may be NULL, gives a type, and which the file does not
 * have. Fails with HW_ECONFIG, which names the column, where a type is none.
 */
HW_NODISCARD enum hw_status hw_schema_file_add_types(struct hw_schema_file *file,
                                                     const struct hw_columns_options *columns, struct hw_arena *arena,
                                                     struct hw_error *err);

#endif
