/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/arrow_dictionaries.h"

#include "table/arrow_message.h"

/* The leaves of a schema of Arrow, in their order, which is that of Parquet. */
struct walk {
    /* For each leaf of the tree: whether it is a dictionary. */
    bool *dictionaries;
    size_t count;
    /* The leaves that were met, of which there may be more than the tree has. */
    size_t met;
    bool any;
};

static enum hw_status schema_mark(struct hw_tree *tree, hw_view schema, struct hw_error *err);
static enum hw_status schema_walk(struct walk *walk, hw_view schema, struct hw_arena *arena);
static void fields_walk(struct walk *walk, const struct hw_flat_value *fields);
static void field_walk(struct walk *walk, struct hw_flat_table *field);

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
    fields_walk(walk, &message.schema->values[HW_ARROW_SCHEMA_FIELDS]);
    return HW_OK;
}

static void fields_walk(struct walk *walk, const struct hw_flat_value *fields) {
    for (size_t i = 0; fields->present && i < fields->tables.count; i++) {
        field_walk(walk, fields->tables.items[i]);
    }
}

/* The children of a dictionary are those of its values; a message is HW_ARROW_DEPTH_MAX deep. */
static void field_walk(struct walk *walk, struct hw_flat_table *field) {
    field = hw_arrow_field_values(field);
    const bool dictionary = field->values[HW_ARROW_FIELD_DICTIONARY].present;
    if (!dictionary && hw_arrow_field_child(field, 0)) {
        fields_walk(walk, &field->values[HW_ARROW_FIELD_CHILDREN]);
        return;
    }
    if (dictionary && walk->met < walk->count) {
        walk->dictionaries[walk->met] = true;
    }
    walk->any |= dictionary;
    walk->met++;
}
