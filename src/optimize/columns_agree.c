/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/columns_agree.h"

#include <inttypes.h>
#include <stdio.h>

#include "optimize/column_names.h"
#include "optimize/narrowing.h"
#include "parquet/annotation.h"
#include "table/type.h"

enum { WORDS_BYTES = 64 };

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
static enum hw_status differs(const struct pair *pair, const char *theirs, const char *ours);

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

static enum hw_status differs(const struct pair *pair, const char *theirs, const char *ours) {
    HW_AUTO(hw_buf) path = {0};
    char quoted[HW_QUOTE_BYTES];
    HW_TRY(hw_column_path_put(pair->first->tree, pair->element, &path, pair->err));
    return hw_fail(pair->err, HW_EDATA, "its column %s is %s, and %s in %.200s",
                   hw_quote(path.data, path.size, quoted, sizeof(quoted)), theirs, ours,
                   pair->first->file->source->name);
}

static bool name_counts(const struct hw_element_tree *tree, size_t element);
static enum hw_status name_differs(const struct pair *pair);
static enum hw_status id_differs(const struct pair *pair);
static enum hw_status children_differ(const struct pair *pair);
static enum hw_status leaf_agrees(const struct pair *pair);

static bool ids_are_equal(const struct hw_parquet_element *a, const struct hw_parquet_element *b) {
    return a->has_field_id == b->has_field_id && (!a->has_field_id || a->field_id == b->field_id);
}

static enum hw_status element_agrees(struct pair *pair) {
    static const char *const groups[] = {
        [HW_GROUP_IS_STRUCT] = "a struct", [HW_GROUP_IS_LIST] = "a list", [HW_GROUP_IS_MAP] = "a map"};
    const struct hw_parquet_element *ours = &pair->first->file->meta.elements[pair->element];
    const struct hw_parquet_element *theirs = &pair->file->meta.elements[pair->element];
    const bool group = hw_element_is_group(ours);
    const char *doubt;
    if (pair->element > 0 && !hw_view_equal(ours->name, theirs->name) &&
        name_counts(pair->first->tree, pair->element)) {
        return name_differs(pair);
    }
    if (group != hw_element_is_group(theirs)) {
        return group ? differs(pair, "one of values", "one of fields")
                     : differs(pair, "one of fields", "one of values");
    }
    if (hw_element_is_repeated(ours) != hw_element_is_repeated(theirs)) {
        return hw_element_is_repeated(ours) ? differs(pair, "not repeated", "repeated")
                                            : differs(pair, "repeated", "not repeated");
    }
    if (!ids_are_equal(ours, theirs)) {
        return id_differs(pair);
    }
    if (!group) {
        return leaf_agrees(pair);
    }
    const enum hw_group_annotation our_kind = hw_group_annotation_of(ours, &doubt);
    const enum hw_group_annotation their_kind = hw_group_annotation_of(theirs, &doubt);
    if (our_kind != their_kind) {
        return differs(pair, groups[their_kind], groups[our_kind]);
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
    const hw_view ours = pair->first->file->meta.elements[pair->element].name;
    const hw_view theirs = pair->file->meta.elements[pair->element].name;
    char our_name[HW_QUOTE_BYTES], their_name[HW_QUOTE_BYTES], text[HW_QUOTE_BYTES + sizeof("called ")];
    snprintf(text, sizeof(text), "called %s", hw_quote(theirs.data, theirs.size, their_name, sizeof(their_name)));
    return differs(pair, text, hw_quote(ours.data, ours.size, our_name, sizeof(our_name)));
}

static const char *id_format(const struct hw_parquet_element *element, char *out, size_t out_bytes) {
    if (!element->has_field_id) {
        return "without one";
    }
    snprintf(out, out_bytes, "of field id %" PRId32, element->field_id);
    return out;
}

static enum hw_status id_differs(const struct pair *pair) {
    char ours[WORDS_BYTES], theirs[WORDS_BYTES];
    return differs(pair, id_format(&pair->file->meta.elements[pair->element], theirs, sizeof(theirs)),
                   id_format(&pair->first->file->meta.elements[pair->element], ours, sizeof(ours)));
}

static enum hw_status children_differ(const struct pair *pair) {
    const int32_t ours = pair->first->file->meta.elements[pair->element].children_count;
    const int32_t theirs = pair->file->meta.elements[pair->element].children_count;
    char our_words[WORDS_BYTES], their_words[WORDS_BYTES];
    if (pair->element == 0) {
        return hw_fail(pair->err, HW_EDATA, "it has %" PRId32 " columns, and %.200s has %" PRId32, theirs,
                       pair->first->file->source->name, ours);
    }
    snprintf(our_words, sizeof(our_words), "of %" PRId32, ours);
    snprintf(their_words, sizeof(their_words), "a group of %" PRId32 " fields", theirs);
    return differs(pair, their_words, our_words);
}

static bool stored_alike(const struct pair *pair, const struct hw_read_leaf *ours, const struct hw_read_leaf *theirs);

static enum hw_status leaf_agrees(const struct pair *pair) {
    const struct hw_read_leaf *ours = &pair->first->file->schema.leaves[pair->leaf];
    const struct hw_read_leaf *theirs = &pair->file->schema.leaves[pair->leaf];
    char our_type[WORDS_BYTES], their_type[WORDS_BYTES];
    if (!hw_type_equal(ours->field->type, theirs->field->type)) {
        hw_type_format(ours->field->type, our_type, sizeof(our_type));
        hw_type_format(theirs->field->type, their_type, sizeof(their_type));
        return differs(pair, their_type, our_type);
    }
    if (!stored_alike(pair, ours, theirs)) {
        return differs(pair, hw_physical_name(theirs->physical), hw_physical_name(ours->physical));
    }
    return HW_OK;
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
