/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/target_keys.h"

enum {
    /* Fewer outputs are asked for one by one, side by side: that takes no longer. */
    FRESH_MIN = 32,
    /* So many keys are listed at most for each output, as pages come one after the other. */
    KEYS_PER_FRESH = 16,
    KEYS_MAX = 16384, /* 20 bytes each stay in memory */
};

/*
 * True where an answer that is as old as the run does as well as one of now. By --overwrite auto,
 * what stands at the key of a new output is replaced in any case. `skip` and `fail` protect it:
 * each output is asked for as late as can be, as not every service keeps to If-None-Match. Of many
 * files of one source nobody knows the keys before.
 */
static bool listing_serves(const struct hw_plan *plan) {
    const struct hw_convert_options *options = plan->options;
    return plan->target && plan->target->remote && plan->target_prefix && options->overwrite == HW_OVERWRITE_AUTO &&
           options->max_file_bytes == 0 && options->partition_by_count == 0;
}

static enum hw_status key_found(void *ctx, const struct hw_object_info *info, struct hw_error *err) {
    struct hw_target_keys *keys = ctx;
    bool new;
    if (keys->there.count == keys->keys_max) {
        return hw_fail(err, HW_ELIMIT, "there are more objects than the listing is worth");
    }
    return hw_name_set_add(&keys->there, hw_view_of(info->key), NULL, &new, err);
}

void hw_target_keys_list(struct hw_target_keys *keys, const struct hw_plan *plan, uint64_t fresh) {
    struct hw_store *store = plan->target;
    if (fresh < FRESH_MIN || !listing_serves(plan)) {
        return;
    }
    keys->keys_max = fresh < KEYS_MAX / KEYS_PER_FRESH ? (size_t)fresh * KEYS_PER_FRESH : KEYS_MAX;
    keys->whole = store->ops->list(store, plan->target_prefix, key_found, keys, NULL) == HW_OK;
    if (!keys->whole) {
        hw_name_set_release(&keys->there);
    }
}

bool hw_target_keys_free(const struct hw_target_keys *keys, const char *key) {
    return keys->whole && !hw_name_set_has(&keys->there, hw_view_of(key));
}

void hw_target_keys_release(struct hw_target_keys *keys) {
    hw_name_set_release(&keys->there);
    keys->whole = false;
}
