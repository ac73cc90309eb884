/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that a destination across a network had when the run began: one listing tells for many
 * outputs that nothing is there, where each would be asked for by itself.
 */
#ifndef HW_PIPELINE_TARGET_KEYS_H
#define HW_PIPELINE_TARGET_KEYS_H

#include "pipeline/plan.h"

/* Start it zeroed: then no key is known to be free. */
struct hw_target_keys {
    bool whole; /* The set has all keys. */
    size_t keys_max;
    struct hw_name_set there;
};

/*
 * Lists the folder of a run that makes about `fresh` outputs of which the manifest does not tell,
 * where that is cheaper than asking for each. Where it may not be listed, or has too many objects,
 * or the answer makes no difference to what is written, no key is known to be free.
 */
void hw_target_keys_list(struct hw_target_keys *keys, const struct hw_plan *plan, uint64_t fresh);
/* Returns true where nothing was at the key when the run began. Any thread. */
bool hw_target_keys_free(const struct hw_target_keys *keys, const char *key);
void hw_target_keys_release(struct hw_target_keys *keys);

#endif
