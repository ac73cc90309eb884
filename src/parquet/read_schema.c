/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_schema.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/limits.h"
#include "parquet/annotation.h"
#include "parquet/group_form.h"
#include "table/schema.h"

/* The room that messages give to a path and a type. */
enum { PATH_SHOWN_BYTES = 256, TYPE_SHOWN_BYTES = 64 };

/* What the walk through the elements makes. */
struct walk {
    struct hw_element_tree tree;
    const struct hw_read_schema_options *options;
    struct hw_arena *arena;
    struct hw_read_leaf *leaves;
    size_t leaves_count;
    /* The doubts, each a struct hw_schema_doubt. */
    struct hw_buf doubts;
    struct hw_error *err;
};

/* Where an element is: what is above it. */
struct place {
    const struct hw_path_name *path;
    size_t path_count;
    /* The fields above it. */
    unsigned depth;
    /* The definition level of a value whose ancestors are all there. */
    unsigned def;
    /* Those of the nearest list or map. */
    unsigned rep;
    unsigned def_slot;
};

/* A field in the making, and its node. */
struct slot {
    struct hw_field *field;
    struct hw_node *node;
};

/* The fields of one level in the making, and their nodes. */
struct slots {
    struct hw_field *fields;
    struct hw_node *nodes;
};

static enum hw_status schema_fill(struct hw_read_schema *schema, struct walk *walk);
static enum hw_status doubts_keep(struct hw_read_schema *schema, const struct walk *walk);
static enum hw_status doubts_note(struct hw_read_schema *schema, struct hw_notes *notes, struct hw_error *err);

enum hw_status hw_read_schema_make(struct hw_read_schema *schema, const struct hw_parquet_meta *meta,
                                   const struct hw_read_schema_options *options, struct hw_notes *notes,
                                   struct hw_error *err) {
    struct walk walk = {.options = options, .arena = &schema->arena, .err = err};
    enum hw_status status = hw_element_tree_make(meta, &schema->arena, &walk.tree, err);
    if (status == HW_OK) {
        status = schema_fill(schema, &walk);
    }
    if (status == HW_OK) {
        status = doubts_keep(schema, &walk);
    }
    if (status == HW_OK && notes) {
        status = doubts_note(schema, notes, err);
    }
    hw_buf_release(&walk.doubts);
    if (status != HW_OK) {
        hw_read_schema_release(schema);
    }
    return status;
}

void hw_read_schema_release(struct hw_read_schema *schema) {
    hw_arena_release(&schema->arena);
    *schema = (struct hw_read_schema){0};
}

/* ------ the walk */

static enum hw_status slots_make(struct walk *walk, size_t count, struct slots *out_slots);
static enum hw_status fields_walk(struct walk *walk, const struct place *place, size_t group, struct slots slots);

static enum hw_status schema_fill(struct hw_read_schema *schema, struct walk *walk) {
    const struct hw_element_tree *tree = &walk->tree;
    const size_t columns = (size_t)tree->elements[0].children_count;
    const struct place root = {0};
    struct slots slots;
    size_t leaves = 0;
    for (size_t i = 0; i < tree->count; i++) {
        leaves += !hw_element_is_group(&tree->elements[i]);
    }
    walk->leaves = hw_arena_alloc(walk->arena, leaves * sizeof(*walk->leaves));
    if (!walk->leaves) {
        return hw_fail_nomem(walk->err, leaves * sizeof(*walk->leaves));
    }
    HW_TRY(slots_make(walk, columns, &slots));
    HW_TRY(fields_walk(walk, &root, 0, slots));
    schema->schema = (struct hw_schema){slots.fields, columns};
    schema->nodes = slots.nodes;
    schema->leaves = walk->leaves;
    schema->leaves_count = walk->leaves_count;
    return HW_OK;
}

static enum hw_status slots_make(struct walk *walk, size_t count, struct slots *out_slots) {
    struct slots slots = {
        .fields = hw_arena_alloc(walk->arena, count * sizeof(*slots.fields)),
        .nodes = hw_arena_alloc(walk->arena, count * sizeof(*slots.nodes)),
    };
    if (!slots.fields || !slots.nodes) {
        return hw_fail_nomem(walk->err, count * (sizeof(*slots.fields) + sizeof(*slots.nodes)));
    }
    for (size_t i = 0; i < count; i++) {
        slots.fields[i] = (struct hw_field){0};
        slots.nodes[i] = (struct hw_node){.field = &slots.fields[i]};
    }
    *out_slots = slots;
    return HW_OK;
}

static enum hw_status field_walk(struct walk *walk, struct place place, size_t number, struct slot slot);

/* Walks through the children of a group that become fields. */
static enum hw_status fields_walk(struct walk *walk, const struct place *place, size_t group, struct slots slots) {
    const int32_t count = walk->tree.elements[group].children_count;
    size_t child = hw_element_first(group);
    for (int32_t i = 0; i < count; i++) {
        const hw_view name = walk->tree.elements[child].name;
        slots.fields[i].name = hw_arena_strndup(walk->arena, name.data, name.size);
        if (!slots.fields[i].name) {
            return hw_fail_nomem(walk->err, name.size + 1);
        }
        HW_TRY(field_walk(walk, *place, child, (struct slot){&slots.fields[i], &slots.nodes[i]}));
        child = hw_element_next(&walk->tree, child);
    }
    return HW_OK;
}

static enum hw_status field_id_keep(struct walk *walk, const struct hw_parquet_element *element,
                                    struct hw_field *field);
static enum hw_status value_walk(struct walk *walk, struct place place, size_t number, struct slot slot);
static enum hw_status list_make(struct walk *walk, struct slot list, size_t element, struct slot *out_child);
static void repeat(struct place *place);
static void node_levels(const struct place *place, struct slot slot);

/* Walks through an element that is a field, whose name is known, and all below it. */
static enum hw_status field_walk(struct walk *walk, struct place place, size_t number, struct slot slot) {
    const struct hw_parquet_element *element = &walk->tree.elements[number];
    HW_TRY(field_id_keep(walk, element, slot.field));
    if (!hw_element_is_repeated(element)) {
        slot.field->required = element->repetition == HW_REPETITION_REQUIRED;
        return value_walk(walk, place, number, slot);
    }
    /* "Lists": such a field is a required list of required elements. */
    struct slot element_slot;
    slot.field->required = true;
    slot.node->first_leaf = walk->leaves_count;
    node_levels(&place, slot);
    place.depth++;
    repeat(&place);
    HW_TRY(list_make(walk, slot, number, &element_slot));
    HW_TRY(value_walk(walk, place, number, element_slot));
    slot.node->leaves_count = walk->leaves_count - slot.node->first_leaf;
    return HW_OK;
}

static enum hw_status field_id_keep(struct walk *walk, const struct hw_parquet_element *element,
                                    struct hw_field *field) {
    if (!element->has_field_id) {
        return HW_OK;
    }
    char digits[sizeof("-2147483648")];
    const int count = snprintf(digits, sizeof(digits), "%" PRId32, element->field_id);
    struct hw_key_value *pair = hw_arena_alloc(walk->arena, sizeof(*pair));
    const char *value = hw_arena_strdup(walk->arena, digits);
    if (!pair || !value) {
        return hw_fail_nomem(walk->err, sizeof(*pair) + sizeof(digits));
    }
    *pair = (struct hw_key_value){.key = HW_META_FIELD_ID, .value = value, .value_bytes = (size_t)count};
    field->metadata = pair;
    field->metadata_count = 1;
    return HW_OK;
}

static enum hw_status path_push(struct walk *walk, struct place *place, hw_view name);
static enum hw_status depth_fail(const struct walk *walk, const struct place *place);
static enum hw_status leaf_walk(struct walk *walk, const struct place *place, size_t number, struct slot slot);
static enum hw_status group_walk(struct walk *walk, struct place place, size_t number, struct slot slot);

/* Walks through an element that is not repeated, or that is the element of the list above it. */
static enum hw_status value_walk(struct walk *walk, struct place place, size_t number, struct slot slot) {
    HW_TRY(path_push(walk, &place, walk->tree.elements[number].name));
    if (++place.depth > HW_TABLE_DEPTH_MAX) {
        return depth_fail(walk, &place);
    }
    place.def += !slot.field->required;
    node_levels(&place, slot);
    if (!hw_element_is_group(&walk->tree.elements[number])) {
        return leaf_walk(walk, &place, number, slot);
    }
    slot.node->first_leaf = walk->leaves_count;
    HW_TRY(group_walk(walk, place, number, slot));
    slot.node->leaves_count = walk->leaves_count - slot.node->first_leaf;
    return HW_OK;
}

static enum hw_status path_push(struct walk *walk, struct place *place, hw_view name) {
    struct hw_path_name *path = hw_arena_alloc(walk->arena, sizeof(*path));
    if (!path) {
        return hw_fail_nomem(walk->err, sizeof(*path));
    }
    *path = (struct hw_path_name){.name = name, .above = place->path};
    place->path = path;
    place->path_count++;
    return HW_OK;
}

static enum hw_status depth_fail(const struct walk *walk, const struct place *place) {
    char path[PATH_SHOWN_BYTES];
    hw_path_format(place->path, path, sizeof(path));
    hw_error_set(walk->err, HW_ELIMIT, "columns are nested more than %u deep", HW_TABLE_DEPTH_MAX);
    hw_error_column(walk->err, path, strlen(path));
    return HW_ELIMIT;
}

/* A field has one level where it may be null, and one more where it is a list or map. */
static_assert(2 * HW_TABLE_DEPTH_MAX <= UINT8_MAX, "levels fit into a byte");

/* Goes into what repeats. */
static void repeat(struct place *place) {
    place->def_slot = ++place->def;
    place->rep++;
}

static void node_levels(const struct place *place, struct slot slot) {
    slot.node->rep = (uint8_t)place->rep;
    slot.node->def_slot = (uint8_t)place->def_slot;
    slot.node->def = (uint8_t)(slot.field->required ? place->def_slot : place->def);
}

/* ------ leaves */

static enum hw_status doubt_add(struct walk *walk, const struct place *place, const char *reason,
                                const struct hw_field *field);

static const size_t physical_widths[HW_PHYSICAL_COUNT] = {
    [HW_PHYSICAL_INT32] = 4, [HW_PHYSICAL_INT64] = 8,  [HW_PHYSICAL_INT96] = 12,
    [HW_PHYSICAL_FLOAT] = 4, [HW_PHYSICAL_DOUBLE] = 8,
};

static enum hw_status leaf_walk(struct walk *walk, const struct place *place, size_t number, struct slot slot) {
    const struct hw_parquet_element *element = &walk->tree.elements[number];
    const struct hw_leaf_type type = hw_leaf_type_of(element, slot.field->required, walk->options->int96);
    const size_t column = walk->leaves_count++;
    slot.field->type = type.type;
    slot.node->kind = HW_NODE_LEAF;
    slot.node->first_leaf = column;
    slot.node->leaves_count = 1;
    walk->leaves[column] = (struct hw_read_leaf){
        .element = element,
        .physical = (enum hw_physical)element->physical,
        .width =
            element->physical == HW_PHYSICAL_FIXED ? (size_t)element->type_length : physical_widths[element->physical],
        .form = type.form,
        .field = slot.field,
        .column = column,
        .def_max = (uint8_t)place->def,
        .rep_max = (uint8_t)place->rep,
        .path = place->path,
        .path_count = place->path_count,
    };
    return doubt_add(walk, place, type.doubt, slot.field);
}

/* ------ groups */

static enum hw_status children_make(struct walk *walk, size_t count, struct slot slot, struct slots *out_slots);
static enum hw_status list_walk(struct walk *walk, struct place place, size_t element, struct slot slot);
static enum hw_status map_walk(struct walk *walk, struct place place, size_t repeated, struct slot slot);

static enum hw_status group_walk(struct walk *walk, struct place place, size_t number, struct slot slot) {
    const size_t repeated = hw_element_first(number);
    const char *doubt = NULL;
    const enum hw_group_form form = hw_group_form_of(&walk->tree, number, &doubt);
    HW_TRY(doubt_add(walk, &place, doubt, slot.field));
    if (form == HW_GROUP_STRUCT) {
        const size_t count = (size_t)walk->tree.elements[number].children_count;
        struct slots slots;
        slot.field->type.kind = HW_KIND_STRUCT;
        slot.node->kind = HW_NODE_STRUCT;
        HW_TRY(children_make(walk, count, slot, &slots));
        return fields_walk(walk, &place, number, slots);
    }
    repeat(&place);
    if (form == HW_GROUP_LIST_OF_TWO) {
        return list_walk(walk, place, repeated, slot);
    }
    HW_TRY(path_push(walk, &place, walk->tree.elements[repeated].name));
    return form == HW_GROUP_MAP ? map_walk(walk, place, repeated, slot)
                                : list_walk(walk, place, hw_element_first(repeated), slot);
}

static enum hw_status children_make(struct walk *walk, size_t count, struct slot slot, struct slots *out_slots) {
    struct slots slots;
    HW_TRY(slots_make(walk, count, &slots));
    slot.field->children = slots.fields;
    slot.field->children_count = count;
    slot.node->children = slots.nodes;
    slot.node->children_count = count;
    *out_slots = slots;
    return HW_OK;
}

/* Makes a list of the field, with a child for its element, whose number is given. */
static enum hw_status list_make(struct walk *walk, struct slot list, size_t element, struct slot *out_child) {
    struct slots slots;
    list.field->type.kind = HW_KIND_LIST;
    list.node->kind = HW_NODE_LIST;
    HW_TRY(children_make(walk, 1, list, &slots));
    slots.fields[0].name = "element";
    slots.fields[0].required = walk->tree.elements[element].repetition != HW_REPETITION_OPTIONAL;
    *out_child = (struct slot){&slots.fields[0], &slots.nodes[0]};
    return HW_OK;
}

static enum hw_status list_walk(struct walk *walk, struct place place, size_t element, struct slot slot) {
    struct slot child;
    HW_TRY(list_make(walk, slot, element, &child));
    HW_TRY(field_id_keep(walk, &walk->tree.elements[element], child.field));
    return value_walk(walk, place, element, child);
}

/* Makes a map of the field, whose entries are the repeated group. */
static enum hw_status map_walk(struct walk *walk, struct place place, size_t repeated, struct slot slot) {
    const size_t key = hw_element_first(repeated);
    const size_t value = hw_element_next(&walk->tree, key);
    struct slots entries, pair;
    slot.field->type.kind = HW_KIND_MAP;
    slot.node->kind = HW_NODE_MAP;
    HW_TRY(children_make(walk, 1, slot, &entries));
    const struct slot entry = {&entries.fields[0], &entries.nodes[0]};
    entry.field->name = "key_value";
    entry.field->type.kind = HW_KIND_STRUCT;
    entry.field->required = true;
    entry.node->kind = HW_NODE_STRUCT;
    entry.node->first_leaf = walk->leaves_count;
    node_levels(&place, entry);
    place.depth++;
    HW_TRY(children_make(walk, 2, entry, &pair));
    pair.fields[0].name = "key";
    pair.fields[1].name = "value";
    HW_TRY(field_walk(walk, place, key, (struct slot){&pair.fields[0], &pair.nodes[0]}));
    HW_TRY(field_walk(walk, place, value, (struct slot){&pair.fields[1], &pair.nodes[1]}));
    entry.node->leaves_count = walk->leaves_count - entry.node->first_leaf;
    return HW_OK;
}

/* ------ doubts */

/* Adds a doubt about an element, unless `reason` is NULL. */
static enum hw_status doubt_add(struct walk *walk, const struct place *place, const char *reason,
                                const struct hw_field *field) {
    const struct hw_schema_doubt doubt = {.path = place->path, .reason = reason, .field = field};
    return reason ? hw_buf_append(&walk->doubts, &doubt, sizeof(doubt), walk->err) : HW_OK;
}

static enum hw_status doubts_keep(struct hw_read_schema *schema, const struct walk *walk) {
    const size_t bytes = walk->doubts.size;
    if (bytes == 0) {
        return HW_OK;
    }
    struct hw_schema_doubt *doubts = hw_arena_alloc(walk->arena, bytes);
    if (!doubts) {
        return hw_fail_nomem(walk->err, bytes);
    }
    memcpy(doubts, walk->doubts.data, bytes);
    schema->doubts = doubts;
    schema->doubts_count = bytes / sizeof(*doubts);
    return HW_OK;
}

static enum hw_status doubts_note(struct hw_read_schema *schema, struct hw_notes *notes, struct hw_error *err) {
    if (schema->doubts_count == 0) {
        return HW_OK;
    }
    const struct hw_schema_doubt *doubt = &schema->doubts[0];
    char path[PATH_SHOWN_BYTES];
    char quoted[HW_QUOTE_BYTES];
    char type[TYPE_SHOWN_BYTES];
    hw_path_format(doubt->path, path, sizeof(path));
    hw_quote(path, strlen(path), quoted, sizeof(quoted));
    hw_type_format(doubt->field->type, type, sizeof(type));
    return hw_notes_add(notes, HW_NOTE_SCHEMA_LOGICAL, &schema->arena, err, "column %s: %s, so it is read as %s",
                        quoted, doubt->reason, type);
}

/* ------ paths */

static size_t path_append(const struct hw_path_name *path, char *out, size_t out_bytes) {
    size_t used = 0;
    if (path->above) {
        used = path_append(path->above, out, out_bytes);
        used += used < out_bytes ? (size_t)snprintf(out + used, out_bytes - used, ".") : 0;
    }
    const size_t copied = used < out_bytes ? hw_min_size(path->name.size, out_bytes - 1 - used) : 0;
    if (copied > 0) {
        memcpy(out + used, path->name.data, copied);
        out[used + copied] = '\0';
    }
    return used + path->name.size;
}

const char *hw_path_format(const struct hw_path_name *path, char *out, size_t out_bytes) {
    out[0] = '\0';
    path_append(path, out, out_bytes);
    return out;
}

const char *hw_read_leaf_path(const struct hw_read_leaf *leaf, char *out, size_t out_bytes) {
    return hw_path_format(leaf->path, out, out_bytes);
}

bool hw_read_leaf_path_is(const struct hw_read_leaf *leaf, const hw_view *names, size_t count) {
    const struct hw_path_name *path = leaf->path;
    if (count != leaf->path_count) {
        return false;
    }
    for (size_t i = count; i-- > 0; path = path->above) {
        if (!hw_view_equal(path->name, names[i])) {
            return false;
        }
    }
    return true;
}
