/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats that can be read, one row each. A new one is a folder behind table/reader.h, and a
 * row here.
 */
#ifndef HW_PIPELINE_INPUT_FORMAT_H
#define HW_PIPELINE_INPUT_FORMAT_H

#include "pipeline/run_context.h"
#include "table/reader.h"

struct hw_input_format {
    const char *name; /* "csv" */
    /* Makes the set of tables in the objects, which are borrowed, as the run asks for them. */
    enum hw_status (*tables_new)(struct hw_run_context *run, const struct hw_table_objects *objects,
                                 struct hw_table_set **out_set, struct hw_error *err);
};

/*
 * Finds the format of an object of the plan, which is number 0 of the objects: by its name, or
 * where that says nothing certain, by its first bytes. Across a network the name of a CSV counts.
 */
HW_NODISCARD enum hw_status hw_input_format_find(const struct hw_run_context *run,
                                                 const struct hw_table_objects *objects,
                                                 const struct hw_plan_object *planned,
                                                 const struct hw_input_format **out_format, struct hw_error *err);

#endif
