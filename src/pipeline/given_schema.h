/* SPDX-License-Identifier: Apache-2.0 */
/* The types that are given: by the schema file that `csv.schema_path` names, and one by one. */
#ifndef HW_PIPELINE_GIVEN_SCHEMA_H
#define HW_PIPELINE_GIVEN_SCHEMA_H

#include <hawser/store.h>

#include "csv/schema_file.h"

/*
 * Reads the schema file at `path`, a path of the command line, and adds the types that `columns`
 * has, which count more. Without a path, NULL, there are only these. What is given lives in
 * `arena`, but for names in `columns`. Errors of the file name the path.
 */
HW_NODISCARD enum hw_status hw_given_schema_load(const char *path, const struct hw_columns_options *columns,
                                                 const struct hw_store_options *store, struct hw_arena *arena,
                                                 struct hw_schema_file *out_file, struct hw_error *err);

#endif
