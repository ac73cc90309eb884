/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/columns_agree.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/count.h"
#include "optimize/column_names.h"
#include "optimize/narrowing.h"
#include "parquet/fact_name.h"
#include "parquet/group_form.h"
#include "table/type.h"

enum { WORDS_BYTES = 64 };

/* Two files that are compared, at one element of both. */
struct pair {
    const struct hw_columns_first *first;
    const struct hw_read_file *file;
    /* Whether an element's name is only that which its writer gives to a part of a list or map. */
    bool *free_names;
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
    HW_AUTO(hw_arena) arena = {0};
    struct pair pair = {.first = first, .file = file, .err = err};
    pair.free_names = hw_arena_alloc(&arena, first->tree->count);
    if (!pair.free_names) {
        return hw_fail_nomem(err, first->tree->count);
    }
    memset(pair.free_names, 0, first->tree->count);
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

static enum hw_status name_differs(const struct pair *pair);
static enum hw_status id_differs(const struct pair *pair);
static enum hw_status logical_agrees(const struct pair *pair);
static enum hw_status group_agrees(struct pair *pair);
static enum hw_status leaf_agrees(const struct pair *pair);

static bool ids_are_equal(const struct hw_parquet_element *a, const struct hw_parquet_element *b) {
    return a->has_field_id == b->has_field_id && (!a->has_field_id || a->field_id == b->field_id);
}

static enum hw_status element_agrees(struct pair *pair) {
    const struct hw_parquet_element *ours = &pair->first->file->meta.elements[pair->element];
    const struct hw_parquet_element *theirs = &pair->file->meta.elements[pair->element];
    const bool group = hw_element_is_group(ours);
    if (pair->element > 0 && !pair->free_names[pair->element] && !hw_view_equal(ours->name, theirs->name)) {
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
    HW_TRY(logical_agrees(pair));
    return group ? group_agrees(pair) : leaf_agrees(pair);
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

/* ------ logical types that the type of a field does not tell */

/* Returns whether readers know what a value is by the logical type alone, as with geometries. */
static bool logical_counts(const struct hw_parquet_element *element) {
    return element->logical.kind >= HW_LOGICAL_VARIANT;
}

static enum hw_status logical_text(const struct hw_parquet_element *element, char out[HW_QUOTE_BYTES],
                                   struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    if (logical_counts(element)) {
        HW_TRY(hw_logical_format(&element->logical, &text, err));
    }
    hw_quote(text.data, text.size, out, HW_QUOTE_BYTES);
    return HW_OK;
}

static enum hw_status logical_agrees(const struct pair *pair) {
    static const char form[] = "of the logical type ";
    const struct hw_parquet_element *ours = &pair->first->file->meta.elements[pair->element];
    const struct hw_parquet_element *theirs = &pair->file->meta.elements[pair->element];
    char our_type[HW_QUOTE_BYTES], their_type[HW_QUOTE_BYTES], words[sizeof(form) + HW_QUOTE_BYTES];
    if (ours->logical.kind == theirs->logical.kind && hw_view_equal(ours->logical.crs, theirs->logical.crs)) {
        return HW_OK;
    }
    if (!logical_counts(ours) && !logical_counts(theirs)) {
        return HW_OK;
    }
    HW_TRY(logical_text(ours, our_type, pair->err));
    HW_TRY(logical_text(theirs, their_type, pair->err));
    snprintf(words, sizeof(words), "%s%s", form, their_type);
    return differs(pair, words, our_type);
}

/* ------ groups */

static void free_names_mark(struct pair *pair, enum hw_group_form form);
static enum hw_status children_differ(const struct pair *pair);

/* A form is told by names too, so that one of them may count after all. */
static enum hw_status group_agrees(struct pair *pair) {
    static const char *const forms[] = {
        [HW_GROUP_STRUCT] = "a struct",
        [HW_GROUP_LIST_OF_THREE] = "a list",
        [HW_GROUP_LIST_OF_TWO] = "a list whose repeated field is the element",
        [HW_GROUP_MAP] = "a map",
        [HW_GROUP_KEYS] = "a map without values",
    };
    const struct hw_element_tree *ours = pair->first->tree;
    const struct hw_element_tree theirs = {pair->file->meta.elements, pair->file->meta.elements_count, NULL};
    const size_t element = pair->element;
    const char *doubt;
    if (element > 0) {
        const enum hw_group_form form = hw_group_form_of(ours, element, &doubt);
        const enum hw_group_form their_form = hw_group_form_of(&theirs, element, &doubt);
        if (form != their_form) {
            return differs(pair, forms[their_form], forms[form]);
        }
        free_names_mark(pair, form);
    }
    return ours->elements[element].children_count == theirs.elements[element].children_count ? HW_OK
                                                                                             : children_differ(pair);
}

/* Fields of a struct keep their names, also where the struct is what a list repeats. */
static void free_names_mark(struct pair *pair, enum hw_group_form form) {
    const struct hw_element_tree *tree = pair->first->tree;
    const size_t repeated = hw_element_first(pair->element);
    const size_t child = hw_element_first(repeated);
    if (form == HW_GROUP_STRUCT) {
        return;
    }
    pair->free_names[repeated] = true;
    if (form == HW_GROUP_LIST_OF_TWO) {
        return;
    }
    pair->free_names[child] = true;
    if (form == HW_GROUP_MAP) {
        pair->free_names[hw_element_next(tree, child)] = true;
    }
}

static enum hw_status children_differ(const struct pair *pair) {
    const int32_t ours = pair->first->file->meta.elements[pair->element].children_count;
    const int32_t theirs = pair->file->meta.elements[pair->element].children_count;
    char our_words[WORDS_BYTES], their_words[WORDS_BYTES];
    if (pair->element == 0) {
        return hw_fail(pair->err, HW_EDATA, "it has %s, and %.200s has %" PRId32, HW_COUNT(theirs, "column"),
                       pair->first->file->source->name, ours);
    }
    snprintf(our_words, sizeof(our_words), "of %" PRId32, ours);
    snprintf(their_words, sizeof(their_words), "a group of %s", HW_COUNT(theirs, "field"));
    return differs(pair, their_words, our_words);
}

/* ------ leaves */

static bool stored_alike(const struct pair *pair, const struct hw_read_leaf *ours, const struct hw_read_leaf *theirs);

static const char *storage_text(const struct hw_read_leaf *leaf, char *out, size_t out_bytes) {
    const char *name = hw_physical_name(leaf->physical);
    if (leaf->physical != HW_PHYSICAL_FIXED) {
        return name;
    }
    snprintf(out, out_bytes, "%s(%zu)", name, leaf->width);
    return out;
}

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
        return differs(pair, storage_text(theirs, their_type, sizeof(their_type)),
                       storage_text(ours, our_type, sizeof(our_type)));
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
