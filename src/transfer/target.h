/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The destination of a transfer, and the names that objects get there. What a bucket may hold, a
 * folder may not: names that lead out of it, or that no file can have, are refused, never changed.
 */
#ifndef HW_TRANSFER_TARGET_H
#define HW_TRANSFER_TARGET_H

#include "objects/store_set.h"

struct hw_target {
    const char *text; /* as it was given; borrowed */
    struct hw_store *store;
    /* The key of the one object; of several, what all of their keys begin with. */
    char *key;
    /* Objects keep their names below `key`. */
    bool folder;
    /* The first bytes of `key`: the folder that was asked for, whose links are followed. */
    size_t kept_bytes;
};

/*
 * Looks at a destination and opens its store, which the set keeps. `several`: more than one object
 * may come, so that it is a folder, whether its name ends in '/' or not. HW_EUSAGE where nothing
 * can be written there.
 */
HW_NODISCARD enum hw_status hw_target_open(struct hw_target *target, const char *text, bool several,
                                           struct hw_store_set *set, struct hw_error *err);
/* Fails with HW_EUSAGE where `delta` is asked for and no service is there that copies parts. */
HW_NODISCARD enum hw_status hw_target_delta_check(const struct hw_target *target, bool delta, struct hw_error *err);
void hw_target_release(struct hw_target *target);

/*
 * Makes the key of an object that has `name` below its source. HW_EUNSUPPORTED where no file may
 * have the name.
 */
HW_NODISCARD enum hw_status hw_target_key(const struct hw_target *target, const char *name, char **out_key,
                                          struct hw_error *err);

#endif
