/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/changes_check.h"

#include "core/limits.h"
#include "core/utf8.h"

/* A tree with its changes. */
struct checking {
    const struct hw_element_tree *tree;
    const struct hw_element_change *changes;
    struct hw_error *err;
};

static enum hw_status group_check(const struct checking *checking, size_t group);
static enum hw_status dropped_check(const struct checking *checking, size_t element);

enum hw_status hw_changes_check(const struct hw_element_tree *tree, const struct hw_element_change *changes,
                                struct hw_error *err) {
    const struct checking checking = {tree, changes, err};
    for (size_t i = 0; i < tree->count; i++) {
        const bool dropped = changes[i].dropped;
        if (dropped) {
            HW_TRY(dropped_check(&checking, i));
        } else if (hw_element_is_group(&tree->elements[i])) {
            HW_TRY(group_check(&checking, i));
        }
        /* All below an element that is dropped has been looked at. */
        i = dropped ? tree->ends[i] - 1 : i;
    }
    return HW_OK;
}

static hw_view name_before(const struct checking *checking, size_t element) {
    return checking->tree->elements[element].name;
}

static hw_view name_after(const struct checking *checking, size_t element) {
    const char *name = checking->changes[element].name;
    return name ? hw_view_of(name) : name_before(checking, element);
}

/* A column that is left out cannot have another name. */
static enum hw_status dropped_check(const struct checking *checking, size_t element) {
    char quoted[HW_QUOTE_BYTES];
    for (size_t i = element; i < checking->tree->ends[element]; i++) {
        const hw_view name = name_before(checking, i);
        if (checking->changes[i].name) {
            return hw_fail(checking->err, HW_EUSAGE, "--rename gives a name to the column %s, which is left out",
                           hw_quote(name.data, name.size, quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}

/* ------ a group */

static enum hw_status name_check(const struct checking *checking, size_t group, size_t child);
static enum hw_status keys_check(const struct checking *checking, size_t map);

static enum hw_status group_check(const struct checking *checking, size_t group) {
    const struct hw_element_tree *tree = checking->tree;
    for (size_t i = hw_element_first(group); i < tree->ends[group]; i = hw_element_next(tree, i)) {
        if (checking->changes[i].name && !checking->changes[i].dropped) {
            HW_TRY(name_check(checking, group, i));
        }
    }
    return keys_check(checking, group);
}

/* A new name is a text that no sibling has. */
static enum hw_status name_check(const struct checking *checking, size_t group, size_t child) {
    const struct hw_element_tree *tree = checking->tree;
    const hw_view name = name_after(checking, child);
    char quoted[3][HW_QUOTE_BYTES];
    hw_quote(name.data, name.size, quoted[0], sizeof(quoted[0]));
    if (name.size == 0 || name.size > HW_CSV_NAME_BYTES_MAX || !hw_utf8_all(name.data, name.size)) {
        return hw_fail(checking->err, HW_EUSAGE, "%s is no name of a column: 1 to %u bytes of UTF-8 are (--rename)",
                       quoted[0], HW_CSV_NAME_BYTES_MAX);
    }
    for (size_t i = hw_element_first(group); i < tree->ends[group]; i = hw_element_next(tree, i)) {
        if (i != child && !checking->changes[i].dropped && hw_view_equal(name_after(checking, i), name)) {
            const hw_view a = name_before(checking, hw_min_size(i, child));
            const hw_view b = name_before(checking, hw_max_size(i, child));
            return hw_fail(checking->err, HW_EUSAGE, "the columns %s and %s would both be called %s",
                           hw_quote(a.data, a.size, quoted[1], sizeof(quoted[1])),
                           hw_quote(b.data, b.size, quoted[2], sizeof(quoted[2])), quoted[0]);
        }
    }
    return HW_OK;
}

static bool is_map(const struct hw_parquet_element *element) {
    return element->logical.kind == HW_LOGICAL_MAP || element->converted == HW_CONVERTED_MAP ||
           element->converted == HW_CONVERTED_MAP_KEY_VALUE;
}

/*
 * The entries of a map begin with the key (LogicalTypes.md, "Maps"); a reader would take values
 * that stand alone for keys.
 */
static enum hw_status keys_check(const struct checking *checking, size_t map) {
    const struct hw_element_tree *tree = checking->tree;
    const size_t entries = hw_element_first(map);
    const size_t key = hw_element_first(entries);
    const hw_view name = name_before(checking, map);
    char quoted[HW_QUOTE_BYTES];
    if (!is_map(&tree->elements[map]) || tree->ends[entries] != tree->ends[map] || key >= tree->ends[entries] ||
        checking->changes[entries].dropped || !checking->changes[key].dropped) {
        return HW_OK;
    }
    for (size_t i = hw_element_next(tree, key); i < tree->ends[entries]; i = hw_element_next(tree, i)) {
        if (!checking->changes[i].dropped) {
            return hw_fail(checking->err, HW_EUSAGE, "the map %s cannot lose its keys and keep its values",
                           hw_quote(name.data, name.size, quoted, sizeof(quoted)));
        }
    }
    return HW_OK;
}
