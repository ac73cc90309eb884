/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever merges the values that several files have under one key of key-value metadata, where more
 * than their bytes counts. One thread at a time.
 */
#ifndef HW_OPTIMIZE_PAIR_MERGER_H
#define HW_OPTIMIZE_PAIR_MERGER_H

#include "optimize/pairs_left_out.h"
#include "optimize/pairs_source.h"

/* A merge of the pairs of `count` files, one at least; all is borrowed. */
struct hw_pairs_merging {
    const struct hw_pairs_source *sources;
    size_t count;
    enum hw_optimize_metadata rule;
    struct hw_arena *arena;
    struct hw_pairs_left_out left_out;
    /* The keys that have mergers. */
    const struct hw_pair_kind *kinds;
    size_t kinds_count;
};

struct hw_pair_merger {
    /*
     * Adds the value of a source, by its number. Sources come in their order, the first of them by
     * `make`; those that have no value do not come. Sets `*out_agrees` to whether all that can be
     * merged is, and all else the same. A value that cannot be read does not agree, unless it has
     * the bytes of the first. HW_ENOMEM.
     */
    enum hw_status (*add)(struct hw_pair_merger *merger, size_t source, hw_view value, bool *out_agrees,
                          struct hw_error *err);
    /*
     * Sets `*out_value` to the value of the output, which is the first one as far as the sources do
     * not `agree`; it is borrowed from the first source, or in the arena of the merge. Adds parts
     * that are left out to those of the merge. Fails where the value cannot be written, and with
     * HW_EDATA where a part has to be left out and HW_OPTIMIZE_METADATA_FAIL forbids it.
     */
    enum hw_status (*finish)(struct hw_pair_merger *merger, bool agree, hw_view *out_value, struct hw_error *err);
    /* Releases what is not in the arena of the merge. NULL: there is nothing of that kind. */
    void (*release)(struct hw_pair_merger *merger);
};

/* A key whose values are merged by more than their bytes. */
struct hw_pair_kind {
    hw_view key;
    /* A pair within a schema of Arrow may have the key too. */
    bool within_schemas;
    /*
     * Makes a merger, in the arena of the merge, and adds the value of the first source to it.
     * `before_key` stands before the keys of parts that are left out. Fails where the value cannot
     * be read (hw_pair_at_fault): then only its bytes count. HW_ENOMEM.
     */
    enum hw_status (*make)(struct hw_pairs_merging *merging, const char *before_key, hw_view value,
                           struct hw_pair_merger **out_merger, struct hw_error *err);
};

#endif
