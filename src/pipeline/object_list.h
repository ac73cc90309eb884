/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects of a merge, in the order in which they were found: little is kept of each, as there
 * may be very many. One thread adds them; then any number of threads may look at them.
 */
#ifndef HW_PIPELINE_OBJECT_LIST_H
#define HW_PIPELINE_OBJECT_LIST_H

#include "core/buf.h"
#include "pipeline/plan.h"

/* Start it zeroed. */
struct hw_object_list {
    size_t count;
    uint64_t bytes;       /* of all objects */
    struct hw_buf places; /* a pointer an object */
    struct hw_arena arena;
};

/* Adds a copy of an object, without its base and the folder that it was found in. */
HW_NODISCARD enum hw_status hw_object_list_add(struct hw_object_list *list, const struct hw_plan_object *object,
                                               struct hw_error *err);
/* Returns an object. Its texts live in the list, and its base is "". */
struct hw_plan_object hw_object_list_at(const struct hw_object_list *list, size_t number);
void hw_object_list_release(struct hw_object_list *list);

#endif
