/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_bounds.h"

/* Returns the outcomes of two conditions together: the least of each two, or the greatest. */
static unsigned outcomes_join(unsigned a, unsigned b, bool least) {
    unsigned joined = 0;
    for (unsigned x = HW_MAY_BE_FALSE; x <= HW_MAY_BE_TRUE; x *= 2) {
        for (unsigned y = HW_MAY_BE_FALSE; y <= HW_MAY_BE_TRUE; y *= 2) {
            if ((a & x) != 0 && (b & y) != 0) {
                joined |= (x < y) == least ? x : y;
            }
        }
    }
    return joined;
}

static unsigned outcomes_turn(unsigned outcomes) {
    const unsigned yes = (outcomes & HW_MAY_BE_FALSE) != 0 ? HW_MAY_BE_TRUE : 0;
    const unsigned no = (outcomes & HW_MAY_BE_TRUE) != 0 ? HW_MAY_BE_FALSE : 0;
    return yes | no | (outcomes & HW_MAY_BE_UNKNOWN);
}

/* ------ tests of values that are not null */

/* Whether some value passes a test, and whether some does not. */
struct may {
    bool pass;
    bool fail;
};

static bool is_nan(const struct hw_filter_column *column, const struct hw_value *value) {
    const enum hw_kind kind = column->field->type.kind;
    return (kind == HW_KIND_HALF || kind == HW_KIND_FLOAT || kind == HW_KIND_DOUBLE) && value->key == HW_VALUE_KEY_NAN;
}

/* How the least value and the greatest one but NaN compare with another, where they are known. */
static int min_compare(const struct hw_filter_column *column, const struct hw_filter_bounds *bounds,
                       const struct hw_value *value) {
    return bounds->has_min ? hw_value_compare(column->order, &bounds->min, value) : -1;
}

static int max_compare(const struct hw_filter_column *column, const struct hw_filter_bounds *bounds,
                       const struct hw_value *value) {
    return bounds->has_max ? hw_value_compare(column->order, &bounds->max, value) : 1;
}

static struct may in_may(const struct hw_filter_column *column, const struct hw_filter_bounds *bounds,
                         const struct hw_filter_node *node) {
    struct may may = {.fail = true};
    for (size_t i = 0; i < node->values_count; i++) {
        const struct hw_value *value = &node->values[i];
        const int min = min_compare(column, bounds, value);
        const int max = max_compare(column, bounds, value);
        const bool within = (min <= 0 && max >= 0) || (bounds->nans && is_nan(column, value));
        may.pass |= within && (!bounds->may_have || bounds->may_have(bounds->context, value));
        may.fail &= min != 0 || max != 0 || bounds->nans;
    }
    return may;
}

static struct may compare_may(const struct hw_filter_column *column, const struct hw_filter_bounds *bounds,
                              const struct hw_filter_node *node) {
    const struct hw_value *value = &node->values[0];
    const bool equal = node->kind == HW_PREDICATE_UP_TO;
    const int min = min_compare(column, bounds, value);
    const int max = max_compare(column, bounds, value);
    const bool nan_passes = equal && is_nan(column, value);
    return (struct may){
        .pass = min < equal || (bounds->nans && nan_passes),
        .fail = max >= equal || (bounds->nans && !nan_passes),
    };
}

static unsigned test_outcomes(const struct hw_filter *filter, const struct hw_filter_bounds *all,
                              const struct hw_filter_node *node) {
    const struct hw_filter_column *column = &filter->columns[node->column];
    const struct hw_filter_bounds *bounds = &all[node->column];
    struct may may = {false, true};
    if (node->kind == HW_PREDICATE_NULL) {
        return (bounds->nulls ? HW_MAY_BE_TRUE : 0U) | (bounds->values ? HW_MAY_BE_FALSE : 0U);
    }
    if (node->values_count > 0) {
        may = (node->kind == HW_PREDICATE_IN ? in_may : compare_may)(column, bounds, node);
    }
    const unsigned values = (may.pass ? HW_MAY_BE_TRUE : 0U) | (may.fail ? HW_MAY_BE_FALSE : 0U);
    return (bounds->values ? values : 0U) | (bounds->nulls ? HW_MAY_BE_UNKNOWN : 0U);
}

/* ------ and, or, not */

static unsigned node_outcomes(const struct hw_filter *filter, const struct hw_filter_bounds *bounds,
                              const struct hw_filter_node *node) {
    if (!node->first) {
        return test_outcomes(filter, bounds, node);
    }
    unsigned outcomes = node_outcomes(filter, bounds, node->first);
    for (const struct hw_filter_node *child = node->first->next; child; child = child->next) {
        outcomes = outcomes_join(outcomes, node_outcomes(filter, bounds, child), node->kind == HW_PREDICATE_AND);
    }
    return node->kind == HW_PREDICATE_NOT ? outcomes_turn(outcomes) : outcomes;
}

unsigned hw_filter_outcomes(const struct hw_filter *filter, const struct hw_filter_bounds *bounds) {
    return node_outcomes(filter, bounds, filter->root);
}
