/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/columns_agree.h"

#include <inttypes.h>
#include <stdio.h>

#include "optimize/column_names.h"
#include "optimize/narrowing.h"
#include "parquet/annotation.h"
#include "table/type.h"

enum { TYPE_BYTES = 64 };

/* Two files that are compared, at one element of both. */
struct pair {
    const struct hw_columns_first *first;
    const struct hw_read_file *file;
    size_t element;
    /* The leaves before it. */
    size_t leaf;
    struct hw_error *err;
};

static enum hw_status element_agrees(struct pair *pair);
static enum hw_status differs(const struct pair *pair, const char *in_what);

enum hw_status hw_columns_agree(const struct hw_columns_first *first, const struct hw_read_file *file, bool *optional,
                                struct hw_error *err) {
    const struct hw_parquet_element *ours = first->file->meta.elements;
    const struct hw_parquet_element *theirs = file->meta.elements;
    struct pair pair = {.first = first, .file = file, .err = err};
    for (size_t i = 0; i < first->tree->count && i < file->meta.elements_count; i++) {
        pair.element = i;
        HW_TRY(element_agrees(&pair));
        pair.leaf += !hw_element_is_group(&ours[i]);
        optional[i] |= ours[i].repetition == HW_REPETITION_REQUIRED && theirs[i].repetition == HW_REPETITION_OPTIONAL;
    }
    return HW_OK;
}

static enum hw_status differs(const struct pair *pair, const char *in_what) {
    HW_AUTO(hw_buf) path = {0};
    char quoted[HW_QUOTE_BYTES];
    HW_TRY(hw_column_path_put(pair->first->tree, pair->element, &path, pair->err));
    return hw_fail(pair->err, HW_EDATA, "column %s of %.200s %s",
                   hw_quote(path.data, path.size, quoted, sizeof(quoted)), pair->first->file->source->name, in_what);
}

static bool name_counts(const struct hw_element_tree *tree, size_t element);
static enum hw_status name_differs(const struct pair *pair);
static enum hw_status children_differ(const struct pair *pair);
static enum hw_status leaf_agrees(const struct pair *pair);

/* What readers know of an element as optional or required may differ, repeated or not may not. */
static bool repeats_alike(const struct hw_parquet_element *a, const struct hw_parquet_element *b) {
    return hw_element_is_repeated(a) == hw_element_is_repeated(b);
}

static bool ids_are_equal(const struct hw_parquet_element *a, const struct hw_parquet_element *b) {
    return a->has_field_id == b->has_field_id && (!a->has_field_id || a->field_id == b->field_id);
}

static enum hw_status element_agrees(struct pair *pair) {
    const struct hw_parquet_element *ours = &pair->first->file->meta.elements[pair->element];
    const struct hw_parquet_element *theirs = &pair->file->meta.elements[pair->element];
    const char *doubt;
    if (pair->element > 0 && !hw_view_equal(ours->name, theirs->name) &&
        name_counts(pair->first->tree, pair->element)) {
        return name_differs(pair);
    }
    if (hw_element_is_group(ours) != hw_element_is_group(theirs)) {
        return differs(pair, "is a group in one of the two files, and has values in the other");
    }
    if (!repeats_alike(ours, theirs)) {
        return differs(pair, "is repeated in one of the two files alone");
    }
    if (!ids_are_equal(ours, theirs)) {
        return differs(pair, "has another field id");
    }
    if (!hw_element_is_group(ours)) {
        return leaf_agrees(pair);
    }
    if (hw_group_annotation_of(ours, &doubt) != hw_group_annotation_of(theirs, &doubt)) {
        return differs(pair, "is a struct, a list or a map in one of the two files, and something else in the other");
    }
    return ours->children_count == theirs->children_count ? HW_OK : children_differ(pair);
}

/* The only child of a repeated group that makes up a list has a name that every writer chooses. */
static bool name_counts(const struct hw_element_tree *tree, size_t element) {
    const char *doubt;
    size_t parent = 0;
    size_t above = 0;
    for (size_t i = 1; i < element; i++) {
        if (element < tree->ends[i]) {
            above = parent;
            parent = i;
        }
    }
    return above == 0 || !hw_element_is_repeated(&tree->elements[parent]) ||
           hw_group_annotation_of(&tree->elements[above], &doubt) == HW_GROUP_IS_STRUCT;
}

static enum hw_status name_differs(const struct pair *pair) {
    const hw_view name = pair->file->meta.elements[pair->element].name;
    char text[HW_QUOTE_BYTES + sizeof("is called ")], quoted[HW_QUOTE_BYTES];
    snprintf(text, sizeof(text), "is called %s", hw_quote(name.data, name.size, quoted, sizeof(quoted)));
    return differs(pair, text);
}

/* The columns that both have agree, or one of them has another name, which is the clearer word. */
static enum hw_status children_differ(const struct pair *pair) {
    const struct hw_parquet_element *ours = &pair->first->file->meta.elements[pair->element];
    const struct hw_parquet_element *theirs = &pair->file->meta.elements[pair->element];
    if (pair->element > 0) {
        return differs(pair, "has another number of fields");
    }
    return hw_fail(pair->err, HW_EDATA, "it has %" PRId32 " columns, and %.200s has %" PRId32, theirs->children_count,
                   pair->first->file->source->name, ours->children_count);
}

static bool stored_alike(const struct pair *pair, const struct hw_read_leaf *ours, const struct hw_read_leaf *theirs);

static enum hw_status leaf_agrees(const struct pair *pair) {
    const struct hw_read_leaf *ours = &pair->first->file->schema.leaves[pair->leaf];
    const struct hw_read_leaf *theirs = &pair->file->schema.leaves[pair->leaf];
    char our_type[TYPE_BYTES], their_type[TYPE_BYTES], text[TYPE_BYTES * 2 + 32];
    if (!hw_type_equal(ours->field->type, theirs->field->type)) {
        hw_type_format(ours->field->type, our_type, sizeof(our_type));
        hw_type_format(theirs->field->type, their_type, sizeof(their_type));
        snprintf(text, sizeof(text), "is %s there, and %s here", our_type, their_type);
        return differs(pair, text);
    }
    return stored_alike(pair, ours, theirs) ? HW_OK : differs(pair, "is stored by another physical type");
}

static bool stored_alike(const struct pair *pair, const struct hw_read_leaf *ours, const struct hw_read_leaf *theirs) {
    const struct hw_read_leaf *leaves[] = {ours, theirs};
    enum hw_physical physical[COUNT_OF(leaves)];
    size_t width[COUNT_OF(leaves)];
    for (size_t i = 0; i < COUNT_OF(leaves); i++) {
        const struct hw_narrowing narrowing = hw_narrow_storage(leaves[i]);
        struct hw_element_type type;
        physical[i] = leaves[i]->physical;
        width[i] = leaves[i]->width;
        if (pair->first->storage && narrowing.to != HW_NARROW_NONE) {
            hw_narrow_type(&narrowing, leaves[i]->element, &type);
            physical[i] = type.physical;
            width[i] = narrowing.width_after;
        }
    }
    return physical[0] == physical[1] && width[0] == width[1];
}
