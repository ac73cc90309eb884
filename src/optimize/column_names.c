/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_names.h"

#include "core/nearest.h"

enum { NONE = 0 }; /* the root is no column */

static size_t column_find(const struct hw_element_tree *tree, hw_view name);
static size_t path_find(const struct hw_element_tree *tree, size_t group, hw_view path);
static enum hw_status name_unknown(const struct hw_element_tree *tree, const char *name, const char *option,
                                   struct hw_error *err);

enum hw_status hw_column_name_find(const struct hw_element_tree *tree, const char *name, const char *option,
                                   size_t *out_element, struct hw_error *err) {
    size_t found = column_find(tree, hw_view_of(name));
    found = found ? found : path_find(tree, 0, hw_view_of(name));
    if (found == NONE) {
        return name_unknown(tree, name, option, err);
    }
    *out_element = found;
    return HW_OK;
}

static size_t column_find(const struct hw_element_tree *tree, hw_view name) {
    for (size_t i = hw_element_first(0); i < tree->count; i = hw_element_next(tree, i)) {
        if (hw_view_equal(tree->elements[i].name, name)) {
            return i;
        }
    }
    return NONE;
}

/* A repeated group, and the only child of one, make up the form of the list or map around them. */
static bool may_be_left_out(const struct hw_element_tree *tree, size_t group, size_t child) {
    return hw_element_is_repeated(&tree->elements[child]) ||
           (hw_element_is_repeated(&tree->elements[group]) && hw_element_next(tree, child) == tree->ends[group]);
}

/* Looks below a child with what the path says behind its name, and with all of it. */
static size_t child_find(const struct hw_element_tree *tree, size_t group, size_t child, hw_view path) {
    const hw_view name = tree->elements[child].name;
    const bool begins = hw_view_starts(path, name);
    if (begins && path.size == name.size) {
        return child;
    }
    size_t found = NONE;
    if (begins && path.data[name.size] == '.') {
        found = path_find(tree, child, (hw_view){path.data + name.size + 1, path.size - name.size - 1});
    }
    return found == NONE && may_be_left_out(tree, group, child) ? path_find(tree, child, path) : found;
}

/* A schema is at most 100 levels deep, and so is this. */
static size_t path_find(const struct hw_element_tree *tree, size_t group, hw_view path) {
    size_t found = NONE;
    if (!hw_element_is_group(&tree->elements[group])) {
        return NONE;
    }
    for (size_t i = hw_element_first(group); found == NONE && i < tree->ends[group]; i = hw_element_next(tree, i)) {
        found = child_find(tree, group, i, path);
    }
    return found;
}

enum hw_status hw_column_path_put(const struct hw_element_tree *tree, size_t element, struct hw_buf *out,
                                  struct hw_error *err) {
    for (size_t i = 1; i <= element; i++) {
        const hw_view name = tree->elements[i].name;
        if (element < tree->ends[i]) {
            HW_TRY(out->size > 0 ? hw_buf_append_byte(out, '.', err) : HW_OK);
            HW_TRY(hw_buf_append(out, name.data, name.size, err));
        }
    }
    return HW_OK;
}

/* The nearest element is told by its path, as its name alone may not find it. */
static enum hw_status name_unknown(const struct hw_element_tree *tree, const char *name, const char *option,
                                   struct hw_error *err) {
    struct hw_nearest_search search = {.word = hw_view_of(name)};
    HW_AUTO(hw_buf) path = {0};
    char quoted[HW_QUOTE_BYTES];
    char near[HW_QUOTE_BYTES];
    size_t nearest = NONE;
    for (size_t i = 1; i < tree->count; i++) {
        const char *before = search.best.data;
        hw_nearest_offer(&search, tree->elements[i].name);
        nearest = search.best.data == before ? nearest : i;
    }
    hw_quote(name, strlen(name), quoted, sizeof(quoted));
    if (nearest == NONE) {
        return hw_fail(err, HW_EUSAGE, "%s names the column %s, which is not there", option, quoted);
    }
    HW_TRY(hw_column_path_put(tree, nearest, &path, err));
    return hw_fail(err, HW_EUSAGE, "%s names the column %s, which is not there; did you mean %s?", option, quoted,
                   hw_quote(path.data, path.size, near, sizeof(near)));
}
