/* SPDX-License-Identifier: Apache-2.0 */
/* A source of the plan, as readers open it. */
#ifndef HW_PIPELINE_SOURCE_OBJECT_H
#define HW_PIPELINE_SOURCE_OBJECT_H

#include "pipeline/plan.h"
#include "table/reader.h"

struct hw_source_object {
    struct hw_table_object base;
    const struct hw_plan_object *planned;
    const struct hw_convert_options *options;
    bool pinned; /* It is opened more than once: it must be the version that the plan has found. */
};

/* Borrows all. */
void hw_source_object_init(struct hw_source_object *object, const struct hw_plan_object *planned,
                           const struct hw_convert_options *options, bool pinned);

#endif
