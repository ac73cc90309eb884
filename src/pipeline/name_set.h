/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of names that may be very large: a name is kept as the 128 bits of its SipHash under a key
 * that nobody outside knows, which takes about 20 bytes. Two names with one hash do not occur. Of
 * the names that come first the set also keeps a label, for messages. One thread at a time.
 */
#ifndef HW_PIPELINE_NAME_SET_H
#define HW_PIPELINE_NAME_SET_H

#include "core/siphash.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum {
    /* tables that grow one by one, so that growing takes little memory at once */
    HW_NAME_SET_SHARDS = 256,
    HW_NAME_SET_LABELS_MAX = 10000,
};

struct hw_name_set_shard {
    struct hw_hash128 *slots; /* open addressing; all zero is free */
    uint32_t slots_count;
    uint32_t count;
};

struct hw_name_set_label {
    struct hw_hash128 hash;
    const char *text; /* NULL: the slot is free */
};

/* Start it zeroed. */
struct hw_name_set {
    struct hw_siphash_key key;
    bool keyed;
    struct hw_name_set_shard shards[HW_NAME_SET_SHARDS];
    size_t count;
    struct hw_name_set_label *labels; /* open addressing */
    size_t labels_count;
    struct hw_arena arena; /* The texts of labels live here. */
};

/*
 * Adds a name; `*out_new` is false where it is in the set already. The label is copied while there
 * are few; NULL: the name has none.
 */
HW_NODISCARD enum hw_status hw_name_set_add(struct hw_name_set *set, hw_view name, const char *label, bool *out_new,
                                            struct hw_error *err);
bool hw_name_set_has(const struct hw_name_set *set, hw_view name);
/*
 * Returns the label of a name, which is that of the first who added it; NULL where it is not known.
 */
const char *hw_name_set_label(const struct hw_name_set *set, hw_view name);
/* Returns the bytes that the hashes take. */
size_t hw_name_set_held(const struct hw_name_set *set);
void hw_name_set_release(struct hw_name_set *set);

#endif
