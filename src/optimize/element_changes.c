/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/element_changes.h"

#include "core/buf.h"
#include "core/limits.h"
#include "parquet/group_form.h"

/* A list is two elements of a schema, and a step. */
enum { STEPS_MAX = 2 * HW_TABLE_DEPTH_MAX };
/* The field of TimeUnit in parquet.thrift. */
enum { UNIT_MICROS = 2 };

struct walk {
    const struct hw_element_tree *tree;
    const struct hw_element_change *changes;
    const bool *kept;
    struct hw_arena *arena;
    struct hw_column_step steps[STEPS_MAX];
    size_t depth;
    /* Changes, each a struct hw_column_change. */
    struct hw_buf told;
    struct hw_error *err;
};

static enum hw_status field_walk(struct walk *walk, size_t element);

enum hw_status hw_element_changes_tell(const struct hw_element_tree *tree, const struct hw_element_change *changes,
                                       const bool *kept, struct hw_arena *arena,
                                       const struct hw_column_change **out_changes, size_t *out_count,
                                       struct hw_error *err) {
    struct walk walk = {
        .tree = tree, .changes = changes, .kept = kept, .arena = arena, .told.limit = SIZE_MAX, .err = err};
    enum hw_status status = HW_OK;
    for (size_t i = hw_element_first(0); status == HW_OK && i < tree->count; i = hw_element_next(tree, i)) {
        status = field_walk(&walk, i);
    }
    struct hw_column_change *told = status ? NULL : hw_arena_alloc(arena, walk.told.size + 1);
    if (told && walk.told.size > 0) {
        memcpy(told, walk.told.data, walk.told.size);
    }
    *out_changes = told;
    *out_count = walk.told.size / sizeof(*told);
    const size_t bytes = walk.told.size;
    hw_buf_release(&walk.told);
    return status ? status : told ? HW_OK : hw_fail_nomem(err, bytes);
}

bool hw_element_retyped(const struct hw_parquet_element *element, const struct hw_element_change *change) {
    const struct hw_element_type *type = change->type;
    return type && !(type->logical.kind == HW_LOGICAL_DECIMAL && element->physical != HW_PHYSICAL_DOUBLE);
}

/* ------ one change */

static struct hw_type type_of(const struct hw_element_type *type) {
    if (type->logical.kind == HW_LOGICAL_DECIMAL) {
        return (struct hw_type){.kind = HW_KIND_DECIMAL,
                                .precision = (uint8_t)type->logical.precision,
                                .scale = (uint8_t)type->logical.scale};
    }
    if (type->logical.kind == HW_LOGICAL_TIMESTAMP) {
        return (struct hw_type){.kind = HW_KIND_TIMESTAMP,
                                .unit = type->logical.unit == UNIT_MICROS ? HW_UNIT_MICROS : HW_UNIT_NANOS};
    }
    if (type->physical == HW_PHYSICAL_FLOAT) {
        return (struct hw_type){.kind = HW_KIND_FLOAT};
    }
    const bool is_unsigned = type->logical.kind == HW_LOGICAL_INTEGER && !type->logical.is_signed;
    return (struct hw_type){.kind = is_unsigned ? HW_KIND_UINT32 : HW_KIND_INT32};
}

/* Keeps a change of the node at which the walk is. */
static enum hw_status change_tell(struct walk *walk, struct hw_column_change change) {
    struct hw_column_step *path = hw_arena_alloc(walk->arena, walk->depth * sizeof(*path));
    if (!path) {
        return hw_fail_nomem(walk->err, walk->depth * sizeof(*path));
    }
    memcpy(path, walk->steps, walk->depth * sizeof(*path));
    change.path = path;
    change.path_count = walk->depth;
    return hw_buf_append(&walk->told, &change, sizeof(change), walk->err);
}

static enum hw_status step_push(struct walk *walk, enum hw_column_step_kind kind, const char *name) {
    if (walk->depth == STEPS_MAX) {
        return hw_fail(walk->err, HW_ELIMIT, "the schema is more than %d levels deep", STEPS_MAX);
    }
    walk->steps[walk->depth++] = (struct hw_column_step){kind, name};
    return HW_OK;
}

/* ------ nodes */

static enum hw_status node_walk(struct walk *walk, size_t element, bool is_element);

static enum hw_status step_walk(struct walk *walk, enum hw_column_step_kind kind, size_t element, bool is_element) {
    HW_TRY(step_push(walk, kind, NULL));
    HW_TRY(node_walk(walk, element, is_element));
    walk->depth--;
    return HW_OK;
}

static enum hw_status field_walk(struct walk *walk, size_t element) {
    const hw_view name = walk->tree->elements[element].name;
    const char *text = hw_arena_strndup(walk->arena, name.data, name.size);
    if (!text) {
        return hw_fail_nomem(walk->err, name.size);
    }
    HW_TRY(step_push(walk, HW_COLUMN_FIELD, text));
    HW_TRY(node_walk(walk, element, false));
    walk->depth--;
    return HW_OK;
}

static enum hw_status fields_walk(struct walk *walk, size_t group) {
    const size_t end = walk->tree->ends[group];
    for (size_t i = hw_element_first(group); i < end; i = hw_element_next(walk->tree, i)) {
        HW_TRY(field_walk(walk, i));
    }
    return HW_OK;
}

static enum hw_status group_walk(struct walk *walk, size_t group) {
    const struct hw_element_tree *tree = walk->tree;
    const char *doubt = NULL;
    const enum hw_group_form form = hw_group_form_of(tree, group, &doubt);
    if (form == HW_GROUP_STRUCT) {
        return fields_walk(walk, group);
    }
    const size_t repeated = hw_element_first(group);
    if (form == HW_GROUP_LIST_OF_TWO) {
        return step_walk(walk, HW_COLUMN_ELEMENT, repeated, true);
    }
    const size_t first = hw_element_first(repeated);
    if (form != HW_GROUP_MAP) {
        return step_walk(walk, HW_COLUMN_ELEMENT, first, false);
    }
    HW_TRY(step_walk(walk, HW_COLUMN_KEY, first, false));
    return step_walk(walk, HW_COLUMN_VALUE, hw_element_next(tree, first), false);
}

/*
 * Goes through a node and all below it. What repeats by itself is a list, and its element is the
 * same element of the schema; `is_element` says that the list was gone through already.
 */
static enum hw_status node_walk(struct walk *walk, size_t element, bool is_element) {
    const struct hw_parquet_element *of = &walk->tree->elements[element];
    const struct hw_element_change *change = &walk->changes[element];
    if (!walk->kept[element]) {
        return change_tell(walk, (struct hw_column_change){.dropped = true});
    }
    const bool list = hw_element_is_repeated(of) && !is_element;
    const bool renamed = change->name && !is_element;
    const bool retyped = !list && hw_element_retyped(of, change);
    if (renamed || retyped) {
        struct hw_column_change told = {.new_name = renamed ? change->name : NULL, .retyped = retyped};
        if (retyped) {
            told.new_type = type_of(change->type);
        }
        HW_TRY(change_tell(walk, told));
    }
    if (list) {
        return step_walk(walk, HW_COLUMN_ELEMENT, element, true);
    }
    if (!hw_element_is_group(of)) {
        return HW_OK;
    }
    /* An element of a list that repeats has the fields of a struct, whatever it says of itself. */
    return is_element ? fields_walk(walk, element) : group_walk(walk, element);
}
