/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/nearest.h"
#include "table/filter_literal.h"

struct maker {
    struct hw_filter *filter;
    const struct hw_lexer *lexer;
    const struct hw_schema *schema;
    size_t room; /* for columns */
};

static size_t tests_count(const struct hw_predicate_node *node);
static enum hw_status node_make(struct maker *maker, const struct hw_predicate_node *from,
                                struct hw_filter_node **out_node, struct hw_error *err);

enum hw_status hw_filter_make(struct hw_filter *filter, const struct hw_predicate *predicate,
                              const struct hw_schema *schema, struct hw_error *err) {
    struct maker maker = {filter, &predicate->lexer, schema, tests_count(predicate->root)};
    struct hw_filter_node *root = NULL;
    filter->columns = hw_arena_alloc(&filter->arena, maker.room * sizeof(*filter->columns));
    enum hw_status status = filter->columns ? HW_OK : hw_fail_nomem(err, maker.room * sizeof(*filter->columns));
    status = status ? status : node_make(&maker, predicate->root, &root, err);
    if (status) {
        hw_filter_release(filter);
        return status;
    }
    filter->root = root;
    return HW_OK;
}

void hw_filter_release(struct hw_filter *filter) {
    hw_arena_release(&filter->arena);
    *filter = (struct hw_filter){0};
}

static size_t tests_count(const struct hw_predicate_node *node) {
    size_t count = node->first ? 0 : 1;
    for (const struct hw_predicate_node *child = node->first; child; child = child->next) {
        count += tests_count(child);
    }
    return count;
}

/* ------ nodes */

static enum hw_status column_find(struct maker *maker, const struct hw_predicate_node *from, size_t *out_column,
                                  struct hw_error *err);
static enum hw_status values_make(struct maker *maker, const struct hw_predicate_node *from,
                                  struct hw_filter_node *node, struct hw_error *err);
static enum hw_status bool_make(struct maker *maker, const struct hw_predicate_node *from, struct hw_filter_node *node,
                                struct hw_error *err);

static enum hw_status test_make(struct maker *maker, const struct hw_predicate_node *from, struct hw_filter_node *node,
                                struct hw_error *err) {
    HW_TRY(column_find(maker, from, &node->column, err));
    switch (from->kind) {
    case HW_PREDICATE_NULL:
        return HW_OK;
    case HW_PREDICATE_TRUE:
        return bool_make(maker, from, node, err);
    default:
        return values_make(maker, from, node, err);
    }
}

static enum hw_status node_make(struct maker *maker, const struct hw_predicate_node *from,
                                struct hw_filter_node **out_node, struct hw_error *err) {
    struct hw_filter_node *node = hw_arena_alloc(&maker->filter->arena, sizeof(*node));
    struct hw_filter_node *last = NULL;
    if (!node) {
        return hw_fail_nomem(err, sizeof(*node));
    }
    *node = (struct hw_filter_node){.kind = from->kind};
    for (const struct hw_predicate_node *child = from->first; child; child = child->next) {
        struct hw_filter_node *made = NULL;
        HW_TRY(node_make(maker, child, &made, err));
        *(last ? &last->next : &node->first) = made;
        last = made;
    }
    HW_TRY(from->first ? HW_OK : test_make(maker, from, node, err));
    *out_node = node;
    return HW_OK;
}

/* ------ columns */

static enum hw_status name_fail(const struct maker *maker, const struct hw_predicate_name *name,
                                const struct hw_field *fields, size_t count, struct hw_error *err) {
    char reason[2 * HW_QUOTE_BYTES];
    char quoted[HW_QUOTE_BYTES];
    struct hw_nearest_search nearest = {.word = name->text};
    for (size_t i = 0; i < count; i++) {
        hw_nearest_offer(&nearest, hw_view_of(fields[i].name));
    }
    if (nearest.best.data) {
        hw_quote(nearest.best.data, nearest.best.size, quoted, sizeof(quoted));
        (void)snprintf(reason, sizeof(reason), "there is no such column; did you mean %s?", quoted);
    }
    return hw_lexer_fail(maker->lexer, name->at, nearest.best.data ? reason : "there is no such column", err);
}

/* Finds the field of a name among others. */
static enum hw_status field_find(const struct maker *maker, const struct hw_predicate_name *name,
                                 const struct hw_field *fields, size_t count, uint32_t *out_number,
                                 struct hw_error *err) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (hw_view_equal(name->text, hw_view_of(fields[i].name))) {
            *out_number = (uint32_t)i;
            found++;
        }
    }
    if (found > 1) {
        return hw_lexer_fail(maker->lexer, name->at, "several columns have this name", err);
    }
    return found == 1 ? HW_OK : name_fail(maker, name, fields, count, err);
}

static enum hw_status column_find(struct maker *maker, const struct hw_predicate_node *from, size_t *out_column,
                                  struct hw_error *err) {
    struct hw_filter *filter = maker->filter;
    const struct hw_field *fields = maker->schema->fields;
    size_t count = maker->schema->count;
    struct hw_filter_column column = {.path_count = from->names_count};
    const struct hw_field *field = fields;
    uint32_t *path = hw_arena_alloc(&filter->arena, from->names_count * sizeof(*path));
    if (!path) {
        return hw_fail_nomem(err, from->names_count * sizeof(*path));
    }
    size_t step = 0;
    do {
        if (step > 0 && field->type.kind != HW_KIND_STRUCT) {
            return hw_lexer_fail(maker->lexer, from->names[step].at, "the column before the point is no struct", err);
        }
        HW_TRY(field_find(maker, &from->names[step], fields, count, &path[step], err));
        field = &fields[path[step]];
        fields = field->children;
        count = field->children_count;
    } while (++step < from->names_count);
    column.field = field;
    column.path = path;
    column.order = hw_value_order_of(field->type);
    size_t at = 0;
    while (at < filter->columns_count && filter->columns[at].field != column.field) {
        at++;
    }
    if (at == filter->columns_count) {
        assert(filter->columns_count < maker->room);
        filter->columns[filter->columns_count++] = column;
    }
    *out_column = at;
    return HW_OK;
}

/* ------ values */

static enum hw_status bool_make(struct maker *maker, const struct hw_predicate_node *from, struct hw_filter_node *node,
                                struct hw_error *err) {
    static const struct hw_value yes = {.key = 1};
    const enum hw_kind kind = maker->filter->columns[node->column].field->type.kind;
    if (kind != HW_KIND_BOOL && kind != HW_KIND_NULL) {
        return hw_lexer_fail(maker->lexer, from->names[0].at,
                             "the column is not a bool, so a comparison has to follow it", err);
    }
    node->kind = HW_PREDICATE_IN;
    node->values = &yes;
    node->values_count = 1;
    return HW_OK;
}

/* Sets the node to one whose values a literal that is no value of the type asks for. */
static void fit_apply(enum hw_literal_fit fit, struct hw_filter_node *node) {
    if (node->kind == HW_PREDICATE_IN) {
        node->values_count -= fit == HW_FIT_EXACT ? 0 : 1;
    } else if (fit == HW_FIT_BETWEEN) {
        node->kind = HW_PREDICATE_UP_TO;
    } else if (fit == HW_FIT_BELOW) {
        node->kind = HW_PREDICATE_IN;
        node->values_count = 0;
    }
}

static enum hw_status literal_value(const struct maker *maker, const struct hw_literal *literal, struct hw_type type,
                                    struct hw_literal_value *out, struct hw_error *err) {
    struct hw_error own = HW_ERROR_INIT;
    const enum hw_status status = hw_literal_value(literal, type, &maker->filter->arena, out, &own);
    if (status == HW_EUSAGE) {
        return hw_lexer_fail(maker->lexer, literal->at, own.message, err);
    }
    return status ? hw_error_pass(err, status, &own) : HW_OK;
}

static enum hw_status always_make(struct maker *maker, struct hw_filter_node *node, struct hw_error *err);
static void values_sort(enum hw_value_order order, struct hw_value *values, size_t *inout_count);

static enum hw_status values_make(struct maker *maker, const struct hw_predicate_node *from,
                                  struct hw_filter_node *node, struct hw_error *err) {
    const struct hw_filter_column *column = &maker->filter->columns[node->column];
    struct hw_value *values = hw_arena_alloc(&maker->filter->arena, from->literals_count * sizeof(*values));
    if (!values) {
        return hw_fail_nomem(err, from->literals_count * sizeof(*values));
    }
    if (column->field->type.kind == HW_KIND_NULL) {
        /* Nothing is in it that a value could be compared with. */
        node->kind = HW_PREDICATE_IN;
        return HW_OK;
    }
    for (size_t i = 0; i < from->literals_count; i++) {
        struct hw_literal_value value;
        HW_TRY(literal_value(maker, &from->literals[i], column->field->type, &value, err));
        values[node->values_count++] = value.value;
        if (node->kind != HW_PREDICATE_IN && value.fit == HW_FIT_ABOVE) {
            return always_make(maker, node, err);
        }
        fit_apply(value.fit, node);
    }
    values_sort(column->order, values, &node->values_count);
    node->values = values;
    return HW_OK;
}

/* All values are below the literal: NOT of a test that none passes. */
static enum hw_status always_make(struct maker *maker, struct hw_filter_node *node, struct hw_error *err) {
    struct hw_filter_node *never = hw_arena_alloc(&maker->filter->arena, sizeof(*never));
    if (!never) {
        return hw_fail_nomem(err, sizeof(*never));
    }
    *never = (struct hw_filter_node){.kind = HW_PREDICATE_IN, .column = node->column};
    *node = (struct hw_filter_node){.kind = HW_PREDICATE_NOT, .first = never};
    return HW_OK;
}

static int values_compare(const void *a, const void *b, void *order) {
    return hw_value_compare(*(const enum hw_value_order *)order, a, b);
}

/* Sorts values, and leaves each once. */
static void values_sort(enum hw_value_order order, struct hw_value *values, size_t *inout_count) {
    size_t kept = 0;
    if (*inout_count == 0) {
        return;
    }
    qsort_r(values, *inout_count, sizeof(*values), values_compare, &order);
    for (size_t i = 1; i < *inout_count; i++) {
        if (hw_value_compare(order, &values[kept], &values[i]) != 0) {
            values[++kept] = values[i];
        }
    }
    *inout_count = kept + 1;
}
