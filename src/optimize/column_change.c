/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_change.h"

#include <stdlib.h>

#include "core/limits.h"

static enum hw_status change_check(const struct hw_column_change *change, struct hw_error *err);
static enum hw_status path_check(const struct hw_column_change *change, struct hw_error *err);
static bool is_new_type(struct hw_type type);
static int paths_compare(const void *left, const void *right);
static int step_compare(const struct hw_column_step *step, enum hw_column_step_kind kind, hw_view name);
static size_t bound_find(const struct hw_changed_node *node, enum hw_column_step_kind kind, hw_view name, int above);

enum hw_status hw_changed_root(const struct hw_column_change *changes, size_t count, struct hw_arena *arena,
                               struct hw_changed_node *out_root, struct hw_error *err) {
    const struct hw_column_change **items = NULL;
    size_t bytes;
    if (!hw_mul(count, sizeof(struct hw_column_change *), &bytes) || !(items = hw_arena_alloc(arena, bytes))) {
        return hw_fail_nomem(err, count);
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(change_check(&changes[i], err));
        items[i] = &changes[i];
    }
    qsort(items, count, sizeof(*items), paths_compare);
    for (size_t i = 1; i < count; i++) {
        if (paths_compare(&items[i - 1], &items[i]) == 0) {
            return hw_fail(err, HW_EUSAGE, "two changes of the same column, below \"%.64s\"", items[i]->path[0].name);
        }
    }
    *out_root = (struct hw_changed_node){items, count, 0};
    return HW_OK;
}

static enum hw_status change_check(const struct hw_column_change *change, struct hw_error *err) {
    HW_TRY(path_check(change, err));
    const bool field = change->path[change->path_count - 1].kind == HW_COLUMN_FIELD;
    const char *name = change->path[0].name;
    if (!field && (change->dropped || change->new_name)) {
        return hw_fail(err, HW_EUSAGE, "column \"%.64s\": only a field is dropped or renamed", name);
    }
    if (change->dropped ? change->new_name || change->retyped : !change->new_name && !change->retyped) {
        return hw_fail(err, HW_EUSAGE, "column \"%.64s\": a change drops, or renames or retypes", name);
    }
    if (change->retyped && !is_new_type(change->new_type)) {
        return hw_fail(err, HW_EUSAGE, "column \"%.64s\": this is no type that a column changes to", name);
    }
    return HW_OK;
}

static enum hw_status path_check(const struct hw_column_change *change, struct hw_error *err) {
    if (change->path_count == 0 || change->path_count > HW_TABLE_DEPTH_MAX) {
        return hw_fail(err, HW_EUSAGE, "a path of a column has 1 to %u steps, not %zu", HW_TABLE_DEPTH_MAX,
                       change->path_count);
    }
    if (change->path[0].kind != HW_COLUMN_FIELD) {
        return hw_fail(err, HW_EUSAGE, "a path of a column begins with a field");
    }
    for (size_t i = 0; i < change->path_count; i++) {
        const bool named = change->path[i].name;
        if (change->path[i].kind >= HW_COLUMN_STEP_COUNT || named != (change->path[i].kind == HW_COLUMN_FIELD)) {
            return hw_fail(err, HW_EUSAGE, "step %zu of the path of a column: fields have names, others have none", i);
        }
    }
    return HW_OK;
}

static bool is_new_type(struct hw_type type) {
    switch (type.kind) {
    case HW_KIND_FLOAT:
    case HW_KIND_INT32:
    case HW_KIND_UINT32:
        return true;
    case HW_KIND_DECIMAL:
        return type.precision > 0 && type.precision <= HW_DECIMAL_PRECISION_MAX && type.scale <= type.precision;
    case HW_KIND_TIMESTAMP:
        return type.unit == HW_UNIT_MICROS || type.unit == HW_UNIT_NANOS;
    default:
        return false;
    }
}

/* A path comes before those that begin with it, so the change of a node is the first of its run. */
static int paths_compare(const void *left, const void *right) {
    const struct hw_column_change *a = *(const struct hw_column_change *const *)left;
    const struct hw_column_change *b = *(const struct hw_column_change *const *)right;
    for (size_t i = 0; i < a->path_count && i < b->path_count; i++) {
        const char *name = b->path[i].name;
        const int order = step_compare(&a->path[i], b->path[i].kind, hw_view_of(name ? name : ""));
        if (order != 0) {
            return order;
        }
    }
    return (a->path_count > b->path_count) - (a->path_count < b->path_count);
}

static int step_compare(const struct hw_column_step *step, enum hw_column_step_kind kind, hw_view name) {
    if (step->kind != kind || kind != HW_COLUMN_FIELD) {
        return (step->kind > kind) - (step->kind < kind);
    }
    const hw_view own = hw_view_of(step->name);
    const size_t bytes = hw_min_size(own.size, name.size);
    const int order = bytes > 0 ? memcmp(own.data, name.data, bytes) : 0;
    return order != 0 ? order : (own.size > name.size) - (own.size < name.size);
}

bool hw_changed_child(const struct hw_changed_node *node, enum hw_column_step_kind kind, hw_view name,
                      struct hw_changed_node *out_child) {
    const size_t first = bound_find(node, kind, name, 0);
    const size_t end = bound_find(node, kind, name, 1);
    if (first == end) {
        return false;
    }
    *out_child = (struct hw_changed_node){node->items + first, end - first, node->depth + 1};
    return true;
}

/* Finds the first change whose next step is not before the given one; with `above`, is after it. */
static size_t bound_find(const struct hw_changed_node *node, enum hw_column_step_kind kind, hw_view name, int above) {
    size_t low = hw_changed_self(node) ? 1 : 0;
    size_t high = node->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (step_compare(&node->items[middle]->path[node->depth], kind, name) < above) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum hw_status hw_changed_fields_begin(const struct hw_changed_node *node, struct hw_arena *arena,
                                       struct hw_changed_fields *out_fields, struct hw_error *err) {
    bool *met = hw_arena_alloc(arena, node->count);
    if (!met) {
        return hw_fail_nomem(err, node->count);
    }
    memset(met, 0, node->count);
    *out_fields = (struct hw_changed_fields){node, met};
    return HW_OK;
}

enum hw_status hw_changed_field(struct hw_changed_fields *fields, hw_view name, bool *out_found,
                                struct hw_changed_node *out_child, struct hw_error *err) {
    struct hw_changed_node child;
    const bool found = hw_changed_child(fields->node, HW_COLUMN_FIELD, name, &child);
    if (found) {
        bool *met = &fields->met[child.items - fields->node->items];
        if (*met) {
            char quoted[HW_QUOTE_BYTES];
            return hw_fail(err, HW_EDATA, "two fields are called %s",
                           hw_quote(name.data, name.size, quoted, sizeof(quoted)));
        }
        *met = true;
        *out_child = child;
    }
    *out_found = found;
    return HW_OK;
}

const struct hw_column_change *hw_changed_self(const struct hw_changed_node *node) {
    return node->count > 0 && node->items[0]->path_count == node->depth ? node->items[0] : NULL;
}

bool hw_changed_below(const struct hw_changed_node *node) {
    return node->count > (hw_changed_self(node) ? 1 : 0);
}
