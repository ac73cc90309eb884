/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/spark_edit.h"

#include <stdio.h>

#include "optimize/json_edit.h"

struct walk {
    struct hw_json_edit edit;
    struct hw_arena *arena;
    struct hw_error *err;
};

static enum hw_status type_edit(struct walk *walk, struct hw_json_node *type, const struct hw_changed_node *node);
static enum hw_status type_replace(struct walk *walk, struct hw_json_node *type, struct hw_type new_type);
static enum hw_status fields_edit(struct walk *walk, const struct hw_json_node *fields,
                                  const struct hw_changed_node *node);
static enum hw_status field_edit(struct walk *walk, struct hw_json_node *field, const struct hw_changed_node *node);

enum hw_status hw_spark_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                             hw_view *out_value, struct hw_error *err) {
    struct walk walk = {.arena = arena, .err = err};
    HW_TRY(hw_json_edit_read(value, arena, &walk.edit, err));
    HW_TRY(type_edit(&walk, &walk.edit.nodes[0], root));
    return hw_json_edit_write(&walk.edit, out_value, err);
}

/* The members of a type that are types in it. */
static const struct {
    hw_view type;
    const char *member;
    enum hw_column_step_kind step;
} members[] = {
    {HW_VIEW_INIT("array"), "elementType", HW_COLUMN_ELEMENT},
    {HW_VIEW_INIT("map"), "keyType", HW_COLUMN_KEY},
    {HW_VIEW_INIT("map"), "valueType", HW_COLUMN_VALUE},
};

/* A type is a word, or an object with the word as its member "type". */
static enum hw_status type_edit(struct walk *walk, struct hw_json_node *type, const struct hw_changed_node *node) {
    const struct hw_json_node *word = hw_json_member(&walk->edit, type, "type");
    const struct hw_column_change *change = hw_changed_self(node);
    if (!type || (!(change && change->retyped) && !hw_changed_below(node))) {
        return HW_OK;
    }
    if (hw_json_is(word, HW_VIEW("udt"))) {
        return hw_fail(walk->err, HW_EDATA, "values of a user-defined type change");
    }
    if (change && change->retyped) {
        return type_replace(walk, type, change->new_type);
    }
    if (hw_json_is(word, HW_VIEW("struct"))) {
        return fields_edit(walk, hw_json_member(&walk->edit, type, "fields"), node);
    }
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        struct hw_changed_node child;
        if (hw_json_is(word, members[i].type) && hw_changed_child(node, members[i].step, HW_VIEW(""), &child)) {
            HW_TRY(type_edit(walk, hw_json_member(&walk->edit, type, members[i].member), &child));
        }
    }
    return HW_OK;
}

/*
 * Spark has no unsigned integers, so it reads those of 32 bits as 64. Timestamps have no unit there
 * and keep their word.
 */
static enum hw_status type_replace(struct walk *walk, struct hw_json_node *type, struct hw_type new_type) {
    char text[32];
    switch (new_type.kind) {
    case HW_KIND_FLOAT:
        return hw_json_replace_text(&walk->edit, type, HW_VIEW("float"), walk->err);
    case HW_KIND_INT32:
        return hw_json_replace_text(&walk->edit, type, HW_VIEW("integer"), walk->err);
    case HW_KIND_UINT32:
        return hw_json_replace_text(&walk->edit, type, HW_VIEW("long"), walk->err);
    case HW_KIND_DECIMAL:
        snprintf(text, sizeof(text), "decimal(%u,%u)", new_type.precision, new_type.scale);
        return hw_json_replace_text(&walk->edit, type, hw_view_of(text), walk->err);
    default:
        return HW_OK;
    }
}

static enum hw_status fields_edit(struct walk *walk, const struct hw_json_node *fields,
                                  const struct hw_changed_node *node) {
    struct hw_changed_fields changed;
    struct hw_changed_node child;
    HW_TRY(hw_changed_fields_begin(node, walk->arena, &changed, walk->err));
    for (struct hw_json_node *field = hw_json_first(&walk->edit, fields); field;
         field = hw_json_next(&walk->edit, field)) {
        const struct hw_json_node *name = hw_json_member(&walk->edit, field, "name");
        bool found = false;
        if (name && name->kind == HW_JSON_TEXT) {
            HW_TRY(hw_changed_field(&changed, name->text, &found, &child, walk->err));
        }
        if (found) {
            HW_TRY(field_edit(walk, field, &child));
        }
    }
    return HW_OK;
}

static enum hw_status field_edit(struct walk *walk, struct hw_json_node *field, const struct hw_changed_node *node) {
    const struct hw_column_change *change = hw_changed_self(node);
    if (change && change->dropped) {
        hw_json_remove(&walk->edit, field);
        return HW_OK;
    }
    if (change && change->new_name) {
        HW_TRY(hw_json_replace_text(&walk->edit, hw_json_member(&walk->edit, field, "name"),
                                    hw_view_of(change->new_name), walk->err));
    }
    return type_edit(walk, hw_json_member(&walk->edit, field, "type"), node);
}
