/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pairs of key-value metadata that an output does not have, because what they say would not be
 * true there. One thread at a time.
 */
#ifndef HW_OPTIMIZE_PAIRS_LEFT_OUT_H
#define HW_OPTIMIZE_PAIRS_LEFT_OUT_H

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

struct hw_pair_left_out {
    hw_view key;
    const char *reason; /* in words, without a dot */
};

struct hw_pair_left_out_entry;

/* Start it with `arena`, which is borrowed and holds all of it; all else zeroed. */
struct hw_pairs_left_out {
    struct hw_arena *arena;
    struct hw_pair_left_out_entry *first;
    struct hw_pair_left_out_entry *last;
    size_t count;
};

/* Adds a pair. `before_key` is put before the key; all texts are copied. HW_ENOMEM. */
HW_NODISCARD enum hw_status hw_pairs_left_out_add(struct hw_pairs_left_out *list, const char *before_key, hw_view key,
                                                  const char *reason, struct hw_error *err);

/*
 * Does the same for a pair that failed with `status`, and takes the message of `why` as the reason.
 * Fails with `why` itself where that is not the fault of the pair.
 */
HW_NODISCARD enum hw_status hw_pairs_left_out_failed(struct hw_pairs_left_out *list, const char *before_key,
                                                     hw_view key, enum hw_status status, const struct hw_error *why,
                                                     struct hw_error *err);

/* Returns whether a status is the fault of what others have written into a pair. */
bool hw_pair_at_fault(enum hw_status status);

/* Sets `*out_items` to the `count` pairs, in the order in which they came. HW_ENOMEM. */
HW_NODISCARD enum hw_status hw_pairs_left_out_items(const struct hw_pairs_left_out *list,
                                                    const struct hw_pair_left_out **out_items, struct hw_error *err);

#endif
