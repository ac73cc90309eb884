/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/arrow_schema_edit.h"

#include "table/arrow_message.h"

struct walk {
    struct hw_arena *arena;
    struct hw_error *err;
    bool edited;
};

static enum hw_status fields_edit(struct walk *walk, struct hw_flat_value *fields, const struct hw_changed_node *node);
static enum hw_status field_edit(struct walk *walk, struct hw_flat_table *field, const struct hw_changed_node *node);
static enum hw_status children_edit(struct walk *walk, struct hw_flat_table *field, const struct hw_changed_node *node);
static enum hw_status type_replace(struct walk *walk, struct hw_flat_table *field, struct hw_type type);
static uint64_t type_number(enum hw_kind kind);
static void zone_keep(struct hw_flat_table *timestamp, const struct hw_flat_table *field);
static enum hw_status metadata_edit(struct walk *walk, struct hw_flat_value *metadata, struct hw_pair_editor *editor);

enum hw_status hw_arrow_schema_edit(hw_view value, const struct hw_changed_node *root, struct hw_pair_editor *editor,
                                    struct hw_arena *arena, hw_view *out_value, struct hw_error *err) {
    struct walk walk = {.arena = arena, .err = err};
    struct hw_arrow_message message;
    HW_TRY(hw_arrow_message_decode(value, arena, &message, err));
    HW_TRY(fields_edit(&walk, &message.schema->values[HW_ARROW_SCHEMA_FIELDS], root));
    HW_TRY(metadata_edit(&walk, &message.schema->values[HW_ARROW_SCHEMA_METADATA], editor));
    if (!walk.edited) {
        *out_value = value;
        return HW_OK;
    }
    return hw_arrow_message_encode(&message, arena, out_value, err);
}

static enum hw_status fields_edit(struct walk *walk, struct hw_flat_value *fields, const struct hw_changed_node *node) {
    struct hw_changed_fields changed;
    size_t kept = 0;
    HW_TRY(hw_changed_fields_begin(node, walk->arena, &changed, walk->err));
    for (size_t i = 0; fields->present && i < fields->tables.count; i++) {
        struct hw_flat_table *field = fields->tables.items[i];
        const hw_view name = field->values[HW_ARROW_FIELD_NAME].bytes;
        struct hw_changed_node child;
        bool found;
        HW_TRY(hw_changed_field(&changed, name, &found, &child, walk->err));
        const struct hw_column_change *change = found ? hw_changed_self(&child) : NULL;
        if (change && change->dropped) {
            walk->edited = true;
            continue;
        }
        if (found) {
            HW_TRY(field_edit(walk, field, &child));
        }
        fields->tables.items[kept++] = field;
    }
    if (fields->present) {
        fields->tables.count = kept;
    }
    return HW_OK;
}

static enum hw_status field_edit(struct walk *walk, struct hw_flat_table *field, const struct hw_changed_node *node) {
    const struct hw_column_change *change = hw_changed_self(node);
    if (change && change->new_name) {
        field->values[HW_ARROW_FIELD_NAME].present = true;
        field->values[HW_ARROW_FIELD_NAME].bytes = hw_view_of(change->new_name);
        walk->edited = true;
    }
    field = hw_arrow_field_values(field);
    if (change && change->retyped) {
        HW_TRY(type_replace(walk, field, change->new_type));
    }
    return children_edit(walk, field, node);
}

/* The child of a type to which a step leads, of the type itself or of its entries. */
static const struct {
    uint64_t type;
    enum hw_column_step_kind step;
    bool entries;
    size_t child;
} steps[] = {
    {HW_ARROW_LIST, HW_COLUMN_ELEMENT, false, 0},
    {HW_ARROW_LARGE_LIST, HW_COLUMN_ELEMENT, false, 0},
    {HW_ARROW_FIXED_LIST, HW_COLUMN_ELEMENT, false, 0},
    {HW_ARROW_LIST_VIEW, HW_COLUMN_ELEMENT, false, 0},
    {HW_ARROW_LARGE_LIST_VIEW, HW_COLUMN_ELEMENT, false, 0},
    {HW_ARROW_MAP, HW_COLUMN_KEY, true, 0},
    {HW_ARROW_MAP, HW_COLUMN_VALUE, true, 1},
};

/* Children of lists and maps are known by their places, whatever their names are. */
static enum hw_status children_edit(struct walk *walk, struct hw_flat_table *field,
                                    const struct hw_changed_node *node) {
    const uint64_t type = hw_arrow_field_type(field);
    if (!hw_changed_below(node)) {
        return HW_OK;
    }
    if (type == HW_ARROW_STRUCT) {
        return fields_edit(walk, &field->values[HW_ARROW_FIELD_CHILDREN], node);
    }
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct hw_changed_node changed;
        if (steps[i].type != type || !hw_changed_child(node, steps[i].step, HW_VIEW(""), &changed)) {
            continue;
        }
        struct hw_flat_table *child =
            hw_arrow_field_child(steps[i].entries ? hw_arrow_field_child(field, 0) : field, steps[i].child);
        HW_TRY(child ? field_edit(walk, child, &changed) : HW_OK);
    }
    return HW_OK;
}

static enum hw_status type_replace(struct walk *walk, struct hw_flat_table *field, struct hw_type type) {
    const uint64_t number = type_number(type.kind);
    struct hw_flat_table *table;
    if (hw_arrow_field_child(field, 0)) {
        return hw_fail(walk->err, HW_EDATA, "a field that has other fields in it changes its type");
    }
    HW_TRY(hw_flat_table_make(hw_arrow_type(number), walk->arena, &table, walk->err));
    if (type.kind == HW_KIND_FLOAT) {
        hw_flat_number_set(table, HW_ARROW_FLOAT_PRECISION, HW_ARROW_SINGLE);
    } else if (type.kind == HW_KIND_DECIMAL) {
        hw_flat_number_set(table, HW_ARROW_DECIMAL_PRECISION, type.precision);
        hw_flat_number_set(table, HW_ARROW_DECIMAL_SCALE, type.scale); /* of 128 bits by default */
    } else if (type.kind == HW_KIND_TIMESTAMP) {
        const bool micros = type.unit == HW_UNIT_MICROS;
        hw_flat_number_set(table, HW_ARROW_TIMESTAMP_UNIT, micros ? HW_ARROW_MICROS : HW_ARROW_NANOS);
        zone_keep(table, field);
    } else {
        hw_flat_number_set(table, HW_ARROW_INT_BITS, 32);
        hw_flat_number_set(table, HW_ARROW_INT_SIGNED, type.kind == HW_KIND_INT32);
    }
    hw_flat_number_set(field, HW_ARROW_FIELD_TYPE_TYPE, number);
    field->values[HW_ARROW_FIELD_TYPE].present = true;
    field->values[HW_ARROW_FIELD_TYPE].table = table;
    walk->edited = true;
    return HW_OK;
}

static uint64_t type_number(enum hw_kind kind) {
    switch (kind) {
    case HW_KIND_FLOAT:
        return HW_ARROW_FLOAT;
    case HW_KIND_DECIMAL:
        return HW_ARROW_DECIMAL;
    case HW_KIND_TIMESTAMP:
        return HW_ARROW_TIMESTAMP;
    default:
        return HW_ARROW_INT;
    }
}

static void zone_keep(struct hw_flat_table *timestamp, const struct hw_flat_table *field) {
    if (hw_arrow_field_type(field) == HW_ARROW_TIMESTAMP) {
        timestamp->values[HW_ARROW_TIMESTAMP_ZONE] =
            field->values[HW_ARROW_FIELD_TYPE].table->values[HW_ARROW_TIMESTAMP_ZONE];
    }
}

static enum hw_status metadata_edit(struct walk *walk, struct hw_flat_value *metadata, struct hw_pair_editor *editor) {
    size_t kept = 0;
    for (size_t i = 0; metadata->present && i < metadata->tables.count; i++) {
        struct hw_flat_value *values = metadata->tables.items[i]->values;
        const hw_view old = values[HW_ARROW_PAIR_VALUE].bytes;
        struct hw_file_pair pair = {values[HW_ARROW_PAIR_KEY].bytes, old, values[HW_ARROW_PAIR_VALUE].present};
        bool stays = true;
        HW_TRY(editor->edit(editor, &pair, &stays, walk->err));
        walk->edited |= !stays || pair.value.data != old.data;
        if (stays) {
            values[HW_ARROW_PAIR_VALUE].bytes = pair.value;
            metadata->tables.items[kept++] = metadata->tables.items[i];
        }
    }
    if (metadata->present) {
        metadata->tables.count = kept;
    }
    return HW_OK;
}
