/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/tree.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/limits.h"
#include "table/batch.h"

/*
 * The way from the root to where the walk is; steps and names are pushed going down and dropped
 * coming back.
 */
struct walk {
    struct hw_tree *tree;
    /* The steps, each a struct hw_step. */
    struct hw_buf steps;
    /* The names, each a const char *. */
    struct hw_buf path;
    /* The leaves, each a struct hw_leaf. */
    struct hw_buf leaves;
    size_t column;
    unsigned def, rep, depth;
    bool nested;
    struct hw_error *err;
};

static enum hw_status field_walk(struct walk *walk, const struct hw_field *field, const char *name);
static enum hw_status leaves_keep(struct walk *walk);

enum hw_status hw_tree_init(struct hw_tree *tree, const struct hw_schema *schema, struct hw_error *err) {
    struct walk walk = {.tree = tree, .err = err};
    enum hw_status status = HW_OK;
    *tree = (struct hw_tree){.schema = schema, .elements = 1};
    for (size_t i = 0; status == HW_OK && i < schema->count; i++) {
        walk.column = i;
        walk.nested = false;
        status = field_walk(&walk, &schema->fields[i], schema->fields[i].name);
        if (status != HW_OK) {
            hw_error_column(err, schema->fields[i].name, strlen(schema->fields[i].name));
        }
    }
    if (status == HW_OK) {
        status = leaves_keep(&walk);
    }
    hw_buf_release(&walk.steps);
    hw_buf_release(&walk.path);
    hw_buf_release(&walk.leaves);
    if (status != HW_OK) {
        hw_tree_release(tree);
    }
    return status;
}

void hw_tree_release(struct hw_tree *tree) {
    hw_arena_release(&tree->arena);
    *tree = (struct hw_tree){0};
}

const char *hw_leaf_path(const struct hw_leaf *leaf, char *out, size_t out_bytes) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < leaf->path_count && used < out_bytes; i++) {
        int more = snprintf(out + used, out_bytes - used, "%s%s", i > 0 ? "." : "", leaf->path[i]);
        used += more > 0 ? (size_t)more : 0;
    }
    return out;
}

static enum hw_status step_push(struct walk *walk, struct hw_step step) {
    return hw_buf_append(&walk->steps, &step, sizeof(step), walk->err);
}

static enum hw_status name_push(struct walk *walk, const char *name) {
    walk->tree->elements++;
    return hw_buf_append(&walk->path, &name, sizeof(name), walk->err);
}

static enum hw_status node_walk(struct walk *walk, const struct hw_field *field);
static enum hw_status valid_push(struct walk *walk, const struct hw_field *field, bool required);

/* Walks through a field under a name, and all below it. The walk is then where it was before. */
static enum hw_status field_walk(struct walk *walk, const struct hw_field *field, const char *name) {
    const struct walk before = *walk;
    if (++walk->depth > HW_TABLE_DEPTH_MAX) {
        return hw_fail(walk->err, HW_ELIMIT, "columns are nested more than %u deep", HW_TABLE_DEPTH_MAX);
    }
    HW_TRY(name_push(walk, name));
    bool required = field->required;
    if (!required) {
        walk->def++;
    }
    HW_TRY(valid_push(walk, field, required));
    /* Indices and values may both be null, which is one level. */
    while (field->dictionary) {
        struct hw_step step = {.kind = HW_STEP_DICTIONARY, .index = field->type.index};
        field = field->dictionary;
        walk->nested = true;
        HW_TRY(step_push(walk, step));
        HW_TRY(valid_push(walk, field, required));
    }
    HW_TRY(node_walk(walk, field));
    walk->def = before.def;
    walk->rep = before.rep;
    walk->depth = before.depth;
    walk->nested = before.nested;
    walk->steps.size = before.steps.size;
    walk->path.size = before.path.size;
    return HW_OK;
}

static enum hw_status valid_push(struct walk *walk, const struct hw_field *field, bool required) {
    struct hw_step step = {.kind = HW_STEP_VALID,
                           .never = field->type.kind == HW_KIND_NULL,
                           .optional = !required,
                           .def = (uint8_t)walk->def};
    return step_push(walk, step);
}

static enum hw_status leaf_push(struct walk *walk, const struct hw_field *field);
static enum hw_status repeated_push(struct walk *walk, const struct hw_field *field);

static enum hw_status node_walk(struct walk *walk, const struct hw_field *field) {
    const enum hw_kind kind = field->type.kind;
    if (hw_kind_is_flat(kind)) {
        return leaf_push(walk, field);
    }
    walk->nested = true;
    if (kind == HW_KIND_STRUCT) {
        if (field->children_count == 0) {
            return hw_fail(walk->err, HW_EUNSUPPORTED, "Parquet has no struct without fields");
        }
        for (size_t i = 0; i < field->children_count; i++) {
            size_t steps = walk->steps.size;
            HW_TRY(step_push(walk, (struct hw_step){.kind = HW_STEP_CHILD, .child = (uint32_t)i}));
            HW_TRY(field_walk(walk, &field->children[i], field->children[i].name));
            walk->steps.size = steps;
        }
        return HW_OK;
    }
    HW_TRY(repeated_push(walk, field));
    const struct hw_field *element = &field->children[0];
    if (kind != HW_KIND_MAP) {
        HW_TRY(name_push(walk, "list"));
        return field_walk(walk, element, "element");
    }
    /* The entries are the repeated group itself, which is never null. */
    HW_TRY(name_push(walk, "key_value"));
    HW_TRY(valid_push(walk, element, true));
    for (uint32_t i = 0; i < 2; i++) {
        size_t steps = walk->steps.size;
        HW_TRY(step_push(walk, (struct hw_step){.kind = HW_STEP_CHILD, .child = i}));
        HW_TRY(field_walk(walk, &element->children[i], i == 0 ? "key" : "value"));
        walk->steps.size = steps;
    }
    return HW_OK;
}

static enum hw_status repeated_push(struct walk *walk, const struct hw_field *field) {
    bool fixed = field->type.kind == HW_KIND_FIXED_LIST;
    struct hw_step step = {.kind = fixed ? HW_STEP_FIXED_LIST : HW_STEP_LIST,
                           .def = (uint8_t)++walk->def,
                           .rep = (uint8_t)++walk->rep,
                           .width = field->type.width};
    if (walk->def >= UINT8_MAX) {
        return hw_fail(walk->err, HW_ELIMIT, "columns are nested too deep for Parquet's levels");
    }
    return step_push(walk, step);
}

/* A flat leaf has neither steps nor a path of its own. */
static enum hw_status leaf_push(struct walk *walk, const struct hw_field *field) {
    struct hw_tree *tree = walk->tree;
    struct hw_leaf leaf;
    if (field->type.kind == HW_KIND_FIXED && field->type.width == 0) {
        return hw_fail(walk->err, HW_EUNSUPPORTED, "Parquet has no values of 0 bytes");
    }
    hw_leaf_init(&leaf, field);
    leaf.column = walk->column;
    if (walk->nested) {
        leaf.nested = true;
        leaf.def_max = (uint8_t)walk->def;
        leaf.rep_max = (uint8_t)walk->rep;
        leaf.steps_count = walk->steps.size / sizeof(struct hw_step);
        leaf.path_count = walk->path.size / sizeof(const char *);
        leaf.counts_at = tree->counts;
        tree->counts += (size_t)leaf.def_max + leaf.rep_max + 2;
        struct hw_step *steps = hw_arena_alloc(&tree->arena, walk->steps.size);
        const char **path = hw_arena_alloc(&tree->arena, walk->path.size);
        if (!steps || !path) {
            return hw_fail_nomem(walk->err, walk->steps.size + walk->path.size);
        }
        memcpy(steps, walk->steps.data, walk->steps.size);
        memcpy(path, walk->path.data, walk->path.size);
        leaf.steps = steps;
        leaf.path = path;
    } else {
        leaf.path = &tree->schema->fields[walk->column].name;
    }
    return hw_buf_append(&walk->leaves, &leaf, sizeof(leaf), walk->err);
}

static enum hw_status leaves_keep(struct walk *walk) {
    struct hw_tree *tree = walk->tree;
    tree->count = walk->leaves.size / sizeof(struct hw_leaf);
    tree->leaves = hw_arena_alloc(&tree->arena, walk->leaves.size);
    if (!tree->leaves) {
        return hw_fail_nomem(walk->err, walk->leaves.size);
    }
    if (walk->leaves.size > 0) {
        memcpy(tree->leaves, walk->leaves.data, walk->leaves.size);
    }
    return HW_OK;
}
