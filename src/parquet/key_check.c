/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/key_check.h"

enum { LEVELS_AT_ONCE = 1024 };

/*
 * Slots of a key that are null have these levels, and elements of lists within it have higher ones.
 */
static void key_note(struct hw_key_check *check, const struct hw_node *key) {
    for (unsigned def = key->def_slot; def < key->def; def++) {
        check->null_levels[def] = check->any = true;
    }
}

/* Goes down to the leaf, and notes the keys on the way of which it is the first leaf. */
static void nodes_walk(struct hw_key_check *check, const struct hw_node *nodes, size_t count, size_t leaf) {
    while (count > 0) {
        const struct hw_node *node = nodes;
        const bool below = leaf >= node->first_leaf && leaf - node->first_leaf < node->leaves_count;
        if (below && node->kind == HW_NODE_MAP && node->children->children->first_leaf == leaf) {
            key_note(check, node->children->children);
        }
        nodes = below ? node->children : node + 1;
        count = below ? node->children_count : count - 1;
    }
}

void hw_key_check_begin(struct hw_key_check *check, const struct hw_read_schema *schema,
                        const struct hw_read_leaf *leaf) {
    *check = (struct hw_key_check){.any = false};
    if (leaf->rep_max > 0) {
        nodes_walk(check, schema->nodes, schema->schema.count, leaf->column);
    }
}

enum hw_status hw_key_check_page(const struct hw_key_check *check, const struct hw_page_levels *levels,
                                 uint64_t entries, uint64_t *out_nulls, struct hw_error *err) {
    struct hw_rle_reader defs = levels->defs;
    uint8_t some[LEVELS_AT_ONCE];
    uint64_t nulls = 0;
    for (uint64_t left = check->any ? entries : 0; left > 0;) {
        const size_t step = (size_t)hw_clamp(left, 0, LEVELS_AT_ONCE);
        HW_TRY(hw_rle_read_bytes(&defs, some, step, err));
        for (size_t i = 0; i < step; i++) {
            nulls += check->null_levels[some[i]];
        }
        left -= step;
    }
    *out_nulls = nulls;
    return HW_OK;
}
