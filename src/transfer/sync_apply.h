/* SPDX-License-Identifier: Apache-2.0 */
/* Does what the plan of a sync says, and nothing else; and where plans are. */
#ifndef HW_TRANSFER_SYNC_APPLY_H
#define HW_TRANSFER_SYNC_APPLY_H

#include "objects/expand.h"
#include "transfer/run.h"
#include "transfer/sync_plan.h"
#include "transfer/target.h"

/* A plan that is there, to be read, or the place of one that is to be made. Start it zeroed. */
struct hw_plan_place {
    struct hw_store *store;
    struct hw_source *source;
    struct hw_sink *sink;
};

/* Tells whether there is a plan. A path of NULL is that of none. */
HW_NODISCARD enum hw_status hw_plan_there(const char *path, const struct hw_store_options *options, bool *out_there,
                                          struct hw_error *err);
/* Opens the plan, or a sink where there is none. It is released on failure too. */
HW_NODISCARD enum hw_status hw_plan_place_open(struct hw_plan_place *place, const char *path,
                                               const struct hw_store_options *options, struct hw_error *err);
void hw_plan_place_release(struct hw_plan_place *place);

/* All is borrowed. */
struct hw_sync_apply {
    struct hw_transfer_run *run;
    const struct hw_expand *source;
    const struct hw_target *target;
    const struct hw_plan_head *head;
};
/*
 * Reads the whole plan once before it begins. Then each copy is added to the work of the run, and
 * fails where one of its sides is not as the plan says. Removals follow once all copies have
 * succeeded. Only what ends the whole run is returned.
 */
HW_NODISCARD enum hw_status hw_sync_apply(const struct hw_sync_apply *apply, struct hw_source *plan,
                                          struct hw_error *err);

#endif
