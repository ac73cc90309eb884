/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/tree_copy.h"

#include "core/limits.h"
#include "parquet/element_tree.h"
#include "parquet/leaf_raw.h"

/* The way from the root to the element in work. */
struct walk {
    struct hw_tree *tree;
    const struct hw_read_file *file;
    const struct hw_element_change *changes;
    struct hw_element_tree elements;
    /* Whether an element is written, for each of them. */
    bool *kept;
    /* The number of the file's leaf that an element is, for each of them. */
    uint32_t *leaf_of;
    const char *path[HW_TABLE_DEPTH_MAX * 2];
    size_t depth;
    uint8_t def, rep;
    struct hw_buf bytes;
    struct hw_thrift thrift;
    struct hw_error *err;
};

static enum hw_status walk_begin(struct walk *walk);
static enum hw_status root_walk(struct walk *walk);

enum hw_status hw_tree_copy(struct hw_tree *tree, const struct hw_read_file *file,
                            const struct hw_element_change *changes, struct hw_error *err) {
    struct walk walk = {.tree = tree, .file = file, .changes = changes, .bytes.limit = SIZE_MAX, .err = err};
    *tree = (struct hw_tree){.elements = 0};
    enum hw_status status = walk_begin(&walk);
    status = status ? status : root_walk(&walk);
    if (status == HW_OK) {
        const char *bytes = hw_arena_strndup(&tree->arena, (const char *)walk.bytes.data, walk.bytes.size);
        tree->elements_written = (hw_view){bytes, walk.bytes.size};
        status = bytes ? HW_OK : hw_fail_nomem(err, walk.bytes.size);
    }
    hw_buf_release(&walk.bytes);
    if (status) {
        hw_tree_release(tree);
    }
    return status;
}

static const struct hw_element_change *change_of(const struct walk *walk, size_t element) {
    return walk->changes ? &walk->changes[element] : NULL;
}

/* Returns how many children of a group are written. */
static size_t children_kept(const struct hw_element_tree *tree, const bool *kept, size_t group) {
    size_t count = 0;
    for (size_t i = hw_element_first(group); i < tree->ends[group]; i = hw_element_next(tree, i)) {
        count += kept[i];
    }
    return count;
}

/* Children stand behind their group, so that they are known when it is looked at from the end. */
void hw_tree_copy_kept(const struct hw_element_tree *tree, const struct hw_element_change *changes, bool *kept) {
    for (size_t i = tree->count; i-- > 1;) {
        const bool filled = !hw_element_is_group(&tree->elements[i]) || children_kept(tree, kept, i) > 0;
        kept[i] = filled && !(changes && changes[i].dropped);
    }
    kept[0] = true;
}

static enum hw_status walk_begin(struct walk *walk) {
    const struct hw_read_schema *schema = &walk->file->schema;
    const struct hw_parquet_meta *meta = &walk->file->meta;
    struct hw_tree *tree = walk->tree;
    HW_TRY(hw_element_tree_make(meta, &tree->arena, &walk->elements, walk->err));
    const size_t count = walk->elements.count;
    walk->kept = hw_arena_alloc(&tree->arena, count * sizeof(*walk->kept));
    walk->leaf_of = hw_arena_alloc(&tree->arena, count * sizeof(*walk->leaf_of));
    tree->leaves = hw_arena_alloc(&tree->arena, schema->leaves_count * sizeof(*tree->leaves));
    if (!walk->kept || !walk->leaf_of || !tree->leaves) {
        return hw_fail_nomem(walk->err, count * sizeof(*walk->leaf_of));
    }
    for (size_t i = 0; i < schema->leaves_count; i++) {
        walk->leaf_of[schema->leaves[i].element - meta->elements] = (uint32_t)i;
    }
    hw_tree_copy_kept(&walk->elements, walk->changes, walk->kept);
    hw_thrift_init(&walk->thrift, &walk->bytes, walk->err);
    return HW_OK;
}

static enum hw_status element_walk(struct walk *walk, size_t element);

static enum hw_status root_walk(struct walk *walk) {
    const struct hw_parquet_element *root = &walk->elements.elements[0];
    const size_t kept = children_kept(&walk->elements, walk->kept, 0);
    if (kept == 0 && root->children_count > 0) {
        return hw_fail(walk->err, HW_EUSAGE, "no column is left");
    }
    hw_element_copy(root, NULL, kept, &walk->thrift);
    walk->tree->elements++;
    for (size_t i = hw_element_first(0); i < walk->elements.count; i = hw_element_next(&walk->elements, i)) {
        HW_TRY(element_walk(walk, i));
    }
    return walk->thrift.status;
}

static enum hw_status leaf_add(struct walk *walk, size_t element);

static const char *name_of(struct walk *walk, size_t element) {
    const struct hw_element_change *change = change_of(walk, element);
    const hw_view name = walk->elements.elements[element].name;
    return change && change->name ? hw_arena_strdup(&walk->tree->arena, change->name)
                                  : hw_arena_strndup(&walk->tree->arena, name.data, name.size);
}

/* Writes an element and all below it. The walk is then where it was before. */
static enum hw_status element_walk(struct walk *walk, size_t element) {
    const struct hw_parquet_element *of = &walk->elements.elements[element];
    const struct hw_element_change *change = change_of(walk, element);
    const uint8_t def = walk->def, rep = walk->rep;
    if (!walk->kept[element]) {
        return HW_OK;
    }
    const char *name = name_of(walk, element);
    if (!name || walk->depth == COUNT_OF(walk->path)) {
        return name ? hw_fail(walk->err, HW_ELIMIT, "the schema is more than %zu levels deep", walk->depth)
                    : hw_fail_nomem(walk->err, of->name.size);
    }
    walk->path[walk->depth++] = name;
    walk->def = (uint8_t)(def + (hw_element_repetition(of, change) != HW_REPETITION_REQUIRED));
    walk->rep = (uint8_t)(rep + (of->repetition == HW_REPETITION_REPEATED));
    hw_element_copy(of, change, children_kept(&walk->elements, walk->kept, element), &walk->thrift);
    walk->tree->elements++;
    enum hw_status status = hw_element_is_group(of) ? HW_OK : leaf_add(walk, element);
    for (size_t i = hw_element_first(element); status == HW_OK && i < walk->elements.ends[element];
         i = hw_element_next(&walk->elements, i)) {
        status = element_walk(walk, i);
    }
    walk->depth--;
    walk->def = def;
    walk->rep = rep;
    return status;
}

static enum hw_order order_of(const struct hw_element_type *type) {
    if (type->logical.kind == HW_LOGICAL_INTEGER && !type->logical.is_signed) {
        return HW_ORDER_UNSIGNED;
    }
    return type->physical == HW_PHYSICAL_FLOAT ? HW_ORDER_FLOAT : HW_ORDER_SIGNED;
}

static enum hw_status leaf_add(struct walk *walk, size_t element) {
    struct hw_tree *tree = walk->tree;
    const size_t number = walk->leaf_of[element];
    const struct hw_read_leaf *read = &walk->file->schema.leaves[number];
    const struct hw_element_change *change = change_of(walk, element);
    const char **path = hw_arena_alloc(&tree->arena, walk->depth * sizeof(*path));
    struct hw_field *field = hw_arena_alloc(&tree->arena, sizeof(*field));
    if (!path || !field) {
        return hw_fail_nomem(walk->err, walk->depth * sizeof(*path));
    }
    struct hw_read_leaf raw;
    hw_leaf_raw(read, field, &raw);
    memcpy(path, walk->path, walk->depth * sizeof(*path));
    field->name = path[walk->depth - 1];
    struct hw_leaf leaf = {
        .field = field,
        .order = hw_leaf_raw_order(read),
        .column = number,
        .def_max = walk->def,
        .rep_max = walk->rep,
        .nested = walk->def > 1 || walk->rep > 0,
        .path = path,
        .path_count = walk->depth,
    };
    hw_leaf_set_physical(&leaf, read->physical, read->width);
    if (change && change->type) {
        hw_leaf_set_physical(&leaf, change->type->physical, 0);
        leaf.order = order_of(change->type);
    }
    tree->counts = hw_max_size(tree->counts, leaf.nested ? (size_t)leaf.def_max + leaf.rep_max + 2 : 0);
    tree->leaves[tree->count++] = leaf;
    return HW_OK;
}
