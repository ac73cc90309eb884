/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/geo_edit.h"

#include "optimize/json_edit.h"

static enum hw_status primary_edit(struct hw_json_edit *edit, struct hw_json_node *primary,
                                   const struct hw_changed_node *root, struct hw_error *err);
static enum hw_status column_edit(struct hw_json_edit *edit, struct hw_json_node *column,
                                  const struct hw_changed_node *root, struct hw_error *err);
static enum hw_status covering_edit(struct hw_json_edit *edit, struct hw_json_node *covering,
                                    const struct hw_changed_node *root, struct hw_error *err);
static enum hw_status path_edit(struct hw_json_edit *edit, const struct hw_json_node *path, struct hw_changed_node node,
                                bool *out_holds, struct hw_error *err);

enum hw_status hw_geo_edit(hw_view value, const struct hw_changed_node *root, struct hw_arena *arena,
                           hw_view *out_value, struct hw_error *err) {
    struct hw_json_edit edit;
    HW_TRY(hw_json_edit_read(value, arena, &edit, err));
    HW_TRY(primary_edit(&edit, hw_json_member(&edit, &edit.nodes[0], "primary_column"), root, err));
    const struct hw_json_node *columns = hw_json_member(&edit, &edit.nodes[0], "columns");
    for (struct hw_json_node *column = hw_json_first(&edit, columns); column; column = hw_json_next(&edit, column)) {
        HW_TRY(column_edit(&edit, column, root, err));
        HW_TRY(covering_edit(&edit, hw_json_member(&edit, column, "covering"), root, err));
    }
    return hw_json_edit_write(&edit, out_value, err);
}

static enum hw_status primary_edit(struct hw_json_edit *edit, struct hw_json_node *primary,
                                   const struct hw_changed_node *root, struct hw_error *err) {
    struct hw_changed_node node;
    if (!primary || primary->kind != HW_JSON_TEXT || !hw_changed_child(root, HW_COLUMN_FIELD, primary->text, &node)) {
        return HW_OK;
    }
    const struct hw_column_change *change = hw_changed_self(&node);
    if (change && change->dropped) {
        return hw_fail(err, HW_EDATA, "the primary column is dropped");
    }
    return change && change->new_name ? hw_json_replace_text(edit, primary, hw_view_of(change->new_name), err) : HW_OK;
}

/* A geometry is binary, or doubles in lists and structs of fixed names: no other type is one. */
static enum hw_status column_edit(struct hw_json_edit *edit, struct hw_json_node *column,
                                  const struct hw_changed_node *root, struct hw_error *err) {
    struct hw_changed_node node;
    if (column->key_end == 0 || !hw_changed_child(root, HW_COLUMN_FIELD, column->key, &node)) {
        return HW_OK;
    }
    const struct hw_column_change *change = hw_changed_self(&node);
    if (change && change->dropped) {
        hw_json_remove(edit, column);
        return HW_OK;
    }
    if (hw_changed_below(&node) || (change && change->retyped)) {
        char quoted[HW_QUOTE_BYTES];
        return hw_fail(err, HW_EDATA, "the values of the geometry %s change",
                       hw_quote(column->key.data, column->key.size, quoted, sizeof(quoted)));
    }
    return change && change->new_name ? hw_json_rename(edit, column, hw_view_of(change->new_name), err) : HW_OK;
}

/* "covering": {"bbox": {"xmin": ["bbox", "xmin"], ...}}: paths of columns, of floats or doubles. */
static enum hw_status covering_edit(struct hw_json_edit *edit, struct hw_json_node *covering,
                                    const struct hw_changed_node *root, struct hw_error *err) {
    bool holds = true;
    for (struct hw_json_node *kind = hw_json_first(edit, covering); kind; kind = hw_json_next(edit, kind)) {
        for (struct hw_json_node *path = hw_json_first(edit, kind); path; path = hw_json_next(edit, path)) {
            HW_TRY(path_edit(edit, path, *root, &holds, err));
        }
    }
    if (!holds) {
        hw_json_remove(edit, covering);
    }
    return HW_OK;
}

static enum hw_status path_edit(struct hw_json_edit *edit, const struct hw_json_node *path, struct hw_changed_node node,
                                bool *out_holds, struct hw_error *err) {
    for (struct hw_json_node *step = hw_json_first(edit, path);
         step && step->kind == HW_JSON_TEXT && hw_changed_child(&node, HW_COLUMN_FIELD, step->text, &node);
         step = hw_json_next(edit, step)) {
        const struct hw_column_change *change = hw_changed_self(&node);
        if (change && (change->dropped || (change->retyped && change->new_type.kind != HW_KIND_FLOAT))) {
            *out_holds = false;
        }
        if (change && change->new_name) {
            HW_TRY(hw_json_replace_text(edit, step, hw_view_of(change->new_name), err));
        }
    }
    return HW_OK;
}
