/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_form.h"

#include "parquet/annotation.h"

static enum hw_group_form list_form(const struct hw_element_tree *tree, size_t group, const char **out_doubt);
static enum hw_group_form map_form(const struct hw_element_tree *tree, size_t group, const char **out_doubt);

enum hw_group_form hw_group_form_of(const struct hw_element_tree *tree, size_t group, const char **out_doubt) {
    switch (hw_group_annotation_of(&tree->elements[group], out_doubt)) {
    case HW_GROUP_IS_LIST:
        return list_form(tree, group, out_doubt);
    case HW_GROUP_IS_MAP:
        return map_form(tree, group, out_doubt);
    default:
        return HW_GROUP_STRUCT;
    }
}

static bool has_one_repeated_child(const struct hw_element_tree *tree, size_t group) {
    return tree->elements[group].children_count == 1 &&
           hw_element_is_repeated(&tree->elements[hw_element_first(group)]);
}

static bool is_tuple_name(hw_view name, hw_view list) {
    const hw_view suffix = HW_VIEW("_tuple");
    return name.size == list.size + suffix.size && hw_view_starts(name, list) && hw_view_ends(name, suffix);
}

/* The numbers are those of the rules in "Lists", "Backward-compatibility rules". */
static enum hw_group_form list_form(const struct hw_element_tree *tree, size_t group, const char **out_doubt) {
    if (!has_one_repeated_child(tree, group)) {
        *out_doubt = "a LIST is a group of one repeated child";
        return HW_GROUP_STRUCT;
    }
    const size_t repeated = hw_element_first(group);
    const struct hw_parquet_element *middle = &tree->elements[repeated];
    if (!hw_element_is_group(middle) || middle->children_count > 1) { /* 1, 2 */
        return HW_GROUP_LIST_OF_TWO;
    }
    if (hw_element_is_repeated(&tree->elements[hw_element_first(repeated)])) { /* 3 */
        return HW_GROUP_LIST_OF_TWO;
    }
    if (hw_view_equal(middle->name, HW_VIEW("array")) ||
        is_tuple_name(middle->name, tree->elements[group].name)) { /* 4 */
        return HW_GROUP_LIST_OF_TWO;
    }
    return HW_GROUP_LIST_OF_THREE; /* 5 */
}

static enum hw_group_form map_form(const struct hw_element_tree *tree, size_t group, const char **out_doubt) {
    const size_t repeated = hw_element_first(group);
    const struct hw_parquet_element *entries = &tree->elements[repeated];
    if (!has_one_repeated_child(tree, group) || !hw_element_is_group(entries) || entries->children_count > 2) {
        *out_doubt = "a MAP is a group of one repeated group of a key and a value";
        return HW_GROUP_STRUCT;
    }
    const struct hw_parquet_element *key = &tree->elements[hw_element_first(repeated)];
    if (hw_element_is_repeated(key)) {
        *out_doubt = "the key of a MAP is not repeated";
        return HW_GROUP_STRUCT;
    }
    return entries->children_count == 1 ? HW_GROUP_KEYS : HW_GROUP_MAP;
}
