/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_columns.h"

#include "table/schema.h"

/* Copies nodes and leaves as far as they are selected; leaves get numbers of their own. */
struct copying {
    const struct hw_read_schema *schema;
    struct hw_arena *arena;
    struct hw_read_leaf *leaves;
    size_t leaves_count;
};

/* Nodes that are copied to their places, with the fields that they have in the selection. */
struct node_list {
    const struct hw_node *from;
    /* NULL: all of them. */
    const struct hw_selected *selected;
    const struct hw_field *fields;
    size_t count;
};

static enum hw_status nodes_copy(struct copying *copying, const struct node_list *list,
                                 const struct hw_node **out_nodes, struct hw_error *err);

enum hw_status hw_read_columns_make(struct hw_read_columns *columns, const struct hw_read_schema *schema,
                                    const struct hw_selection *selection, struct hw_error *err) {
    HW_TRY(hw_shared_schema_dup(selection ? &selection->schema : &schema->schema, &columns->shared, err));
    columns->nodes_count = columns->shared->schema.count;
    if (!selection) {
        columns->nodes = schema->nodes;
        columns->leaves = schema->leaves;
        columns->leaves_count = schema->leaves_count;
        return HW_OK;
    }
    /* A selection may have a leaf twice. */
    const size_t leaves = hw_schema_leaves(&selection->schema);
    struct copying copying = {schema, &columns->arena, NULL, 0};
    copying.leaves = hw_arena_alloc(&columns->arena, leaves * sizeof(*copying.leaves));
    if (!copying.leaves) {
        return hw_fail_nomem(err, leaves * sizeof(*copying.leaves));
    }
    const struct node_list list = {schema->nodes, selection->columns, columns->shared->schema.fields,
                                   columns->nodes_count};
    HW_TRY(nodes_copy(&copying, &list, &columns->nodes, err));
    columns->leaves = copying.leaves;
    columns->leaves_count = copying.leaves_count;
    return HW_OK;
}

static enum hw_status node_copy(struct copying *copying, const struct hw_node *from, const struct hw_selected *selected,
                                struct hw_node *to, struct hw_error *err);

static enum hw_status nodes_copy(struct copying *copying, const struct node_list *list,
                                 const struct hw_node **out_nodes, struct hw_error *err) {
    struct hw_node *nodes = hw_arena_alloc(copying->arena, list->count * sizeof(*nodes));
    if (!nodes) {
        return hw_fail_nomem(err, list->count * sizeof(*nodes));
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct hw_selected *selected = list->selected ? &list->selected[i] : NULL;
        nodes[i] = list->from[selected ? selected->index : i];
        nodes[i].field = &list->fields[i];
        HW_TRY(node_copy(copying, &list->from[selected ? selected->index : i], selected, &nodes[i], err));
    }
    *out_nodes = nodes;
    return HW_OK;
}

/* `to` is a copy of `from` with another field; this gives it leaves and children of its own. */
static enum hw_status node_copy(struct copying *copying, const struct hw_node *from, const struct hw_selected *selected,
                                struct hw_node *to, struct hw_error *err) {
    const bool chosen = selected && selected->children_count > 0;
    to->first_leaf = copying->leaves_count;
    if (from->kind == HW_NODE_LEAF) {
        struct hw_read_leaf *leaf = &copying->leaves[copying->leaves_count++];
        *leaf = copying->schema->leaves[from->first_leaf];
        leaf->field = to->field;
    } else {
        const struct node_list list = {from->children, chosen ? selected->children : NULL, to->field->children,
                                       chosen ? selected->children_count : from->children_count};
        HW_TRY(nodes_copy(copying, &list, &to->children, err));
        to->children_count = list.count;
    }
    to->leaves_count = copying->leaves_count - to->first_leaf;
    return HW_OK;
}

void hw_read_columns_release(struct hw_read_columns *columns) {
    if (columns->shared) {
        hw_owner_drop(&columns->shared->owner);
    }
    hw_arena_release(&columns->arena);
    *columns = (struct hw_read_columns){0};
}
