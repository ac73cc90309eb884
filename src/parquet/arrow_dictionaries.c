/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/arrow_dictionaries.h"

#include "table/arrow_message.h"

/* The dictionaries among the leaves of a schema of Arrow. */
struct walk {
    /* For each leaf of the tree: whether it is a dictionary. */
    bool *dictionaries;
    size_t count;
    /* The leaves of the schema, of which there may be more than the tree has. */
    size_t met;
    bool any;
};

static enum hw_status schema_mark(struct hw_tree *tree, hw_view schema, struct hw_error *err);
static enum hw_status schema_walk(struct walk *walk, hw_view schema, struct hw_arena *arena);
static hw_arrow_leaf_fn leaf_take;

enum hw_status hw_arrow_dictionaries_mark(struct hw_tree *tree, const struct hw_file_pairs *pairs,
                                          struct hw_error *err) {
    for (size_t i = 0; i < pairs->count; i++) {
        const struct hw_file_pair *pair = &pairs->items[i];
        if (pair->has_value && hw_file_pairs_hold(pairs, i) && hw_view_equal(pair->key, HW_VIEW(HW_ARROW_SCHEMA_KEY))) {
            HW_TRY(schema_mark(tree, pair->value, err));
        }
    }
    return HW_OK;
}

static enum hw_status schema_mark(struct hw_tree *tree, hw_view schema, struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    struct walk walk = {.dictionaries = hw_arena_alloc(&arena, tree->count), .count = tree->count};
    if (!walk.dictionaries) {
        return hw_fail_nomem(err, tree->count);
    }
    memset(walk.dictionaries, 0, tree->count * sizeof(*walk.dictionaries));
    const enum hw_status status = schema_walk(&walk, schema, &arena);
    if (status == HW_ENOMEM) {
        return hw_fail_nomem(err, schema.size);
    }
    const bool known = status == HW_OK && (!walk.any || walk.met == tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        const bool text = tree->leaves[i].physical == HW_PHYSICAL_BYTE_ARRAY;
        tree->leaves[i].dictionary_only |= text && (!known || walk.dictionaries[i]);
    }
    return HW_OK;
}

static enum hw_status schema_walk(struct walk *walk, hw_view schema, struct hw_arena *arena) {
    struct hw_arrow_message message;
    HW_TRY(hw_arrow_message_decode(schema, arena, &message, NULL));
    walk->met = hw_arrow_leaves(&message, leaf_take, walk);
    return HW_OK;
}

static void leaf_take(void *ctx, const struct hw_flat_table *field, size_t number) {
    struct walk *walk = ctx;
    const bool dictionary = field->values[HW_ARROW_FIELD_DICTIONARY].present;
    if (dictionary && number < walk->count) {
        walk->dictionaries[number] = true;
    }
    walk->any |= dictionary;
}
