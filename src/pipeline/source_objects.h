/* SPDX-License-Identifier: Apache-2.0 */
/* Sources of the plan, as readers open them: a single one, or those of a merge. */
#ifndef HW_PIPELINE_SOURCE_OBJECTS_H
#define HW_PIPELINE_SOURCE_OBJECTS_H

#include "pipeline/object_list.h"
#include "table/reader.h"

/* Everything is borrowed. */
struct hw_source_objects {
    struct hw_table_objects base;
    const struct hw_convert_options *options;
    const struct hw_plan_object *single;
    const struct hw_object_list *merged; /* NULL: there is only the single one */
    /* Objects are opened more than once: each must be the version that the plan has found. */
    bool pinned;
};

/* One of the last two is NULL. */
void hw_source_objects_init(struct hw_source_objects *objects, const struct hw_convert_options *options,
                            const struct hw_plan_object *single, const struct hw_object_list *merged);
/* Returns an object. Its texts live where the objects do. */
struct hw_plan_object hw_source_objects_at(const struct hw_source_objects *objects, size_t number);

#endif
