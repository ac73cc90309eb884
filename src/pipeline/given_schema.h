/* SPDX-License-Identifier: Apache-2.0 */
/* The schema file that `csv.schema_path` names. */
#ifndef HW_PIPELINE_GIVEN_SCHEMA_H
#define HW_PIPELINE_GIVEN_SCHEMA_H

#include <hawser/store.h>

#include "csv/schema_file.h"

/*
 * Reads the schema file at `path`, a path of the command line. What it says lives in `arena`.
 * Errors name the path.
 */
HW_NODISCARD enum hw_status hw_given_schema_load(const char *path, const struct hw_store_options *store,
                                                 struct hw_arena *arena, struct hw_schema_file *out_file,
                                                 struct hw_error *err);

#endif
