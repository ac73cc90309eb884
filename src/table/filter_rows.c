/* SPDX-License-Identifier: Apache-2.0 */
#include "table/filter_rows.h"

#include "core/alloc.h"

/*
 * Of each row one byte: the least of both is AND, the most is OR, and 2 minus it NOT, so that NULL
 * does what SQL has it do.
 */
enum { IS_FALSE = 0, IS_UNKNOWN = 1, IS_TRUE = 2 };

/* Some rows of the batch. */
struct rows {
    const struct hw_filter *filter;
    const uint32_t *const *places;
    const struct hw_batch *batch;
    size_t first;
    size_t count;
};

void hw_filter_room_release(struct hw_filter_room *room) {
    hw_buf_release(&room->truths);
    hw_buf_release(&room->ranges);
}

static void node_test(const struct rows *rows, const struct hw_filter_node *node, uint8_t *truths);
static enum hw_status ranges_make(const uint8_t *truths, size_t rows, uint64_t limit, struct hw_filter_room *room,
                                  struct hw_kept_rows *out_kept, struct hw_error *err);

enum hw_status hw_filter_rows(const struct hw_filter *filter, const uint32_t *const *places,
                              const struct hw_batch *batch, uint64_t limit, struct hw_filter_room *room,
                              struct hw_kept_rows *out_kept, struct hw_error *err) {
    HW_TRY(hw_buf_resize(&room->truths, batch->rows, err));
    uint8_t *truths = (uint8_t *)room->truths.data;
    for (size_t first = 0; first < batch->rows; first += HW_VALUES_MAX) {
        const struct rows rows = {filter, places, batch, first, hw_min_size(batch->rows - first, HW_VALUES_MAX)};
        node_test(&rows, filter->root, truths + first);
    }
    return ranges_make(truths, batch->rows, limit, room, out_kept, err);
}

/* Appends the runs of rows that are true. */
static enum hw_status ranges_make(const uint8_t *truths, size_t rows, uint64_t limit, struct hw_filter_room *room,
                                  struct hw_kept_rows *out_kept, struct hw_error *err) {
    size_t kept = 0;
    hw_buf_clear(&room->ranges);
    for (size_t row = 0; row < rows && kept < limit;) {
        const size_t first = row;
        while (row < rows && truths[row] == IS_TRUE) {
            row++;
        }
        if (row > first) {
            const struct hw_row_range range = {first, (size_t)hw_clamp(limit - kept, 0, row - first)};
            HW_TRY(hw_buf_append(&room->ranges, &range, sizeof(range), err));
            kept += range.count;
        }
        while (row < rows && truths[row] != IS_TRUE) {
            row++;
        }
    }
    *out_kept = (struct hw_kept_rows){
        .ranges = (const struct hw_row_range *)(const void *)room->ranges.data,
        .count = room->ranges.size / sizeof(struct hw_row_range),
        .rows = kept,
    };
    return HW_OK;
}

/* ------ and, or, not */

static void test(const struct rows *rows, const struct hw_filter_node *node, uint8_t *truths);

static void least(uint8_t *truths, const uint8_t *others, size_t count) {
    for (size_t i = 0; i < count; i++) {
        truths[i] = truths[i] < others[i] ? truths[i] : others[i];
    }
}

static void most(uint8_t *truths, const uint8_t *others, size_t count) {
    for (size_t i = 0; i < count; i++) {
        truths[i] = truths[i] > others[i] ? truths[i] : others[i];
    }
}

/* The depth of conditions is limited, so the stack is too. */
static void node_test(const struct rows *rows, const struct hw_filter_node *node, uint8_t *truths) {
    uint8_t others[HW_VALUES_MAX];
    if (!node->first) {
        test(rows, node, truths);
        return;
    }
    node_test(rows, node->first, truths);
    for (const struct hw_filter_node *child = node->first->next; child; child = child->next) {
        node_test(rows, child, others);
        (node->kind == HW_PREDICATE_AND ? least : most)(truths, others, rows->count);
    }
    if (node->kind == HW_PREDICATE_NOT) {
        for (size_t i = 0; i < rows->count; i++) {
            truths[i] = (uint8_t)(IS_TRUE - truths[i]);
        }
    }
}

/* ------ tests */

/* A column of the batch that is tested, from the first of the rows on. */
struct tested {
    const struct hw_column *column;
    struct hw_type type;
    enum hw_value_order order;
    /* Slots of the column before that row. */
    size_t first;
};

/* Goes from the column to the field of structs; sets rows that are null to that on the way. */
static struct tested column_reach(const struct rows *rows, size_t number, uint8_t *nulls) {
    const struct hw_filter_column *wanted = &rows->filter->columns[number];
    const uint32_t *path = rows->places[number];
    struct tested tested = {&rows->batch->columns[path[0]], wanted->field->type, wanted->order, rows->first};
    memset(nulls, 0, rows->count);
    for (size_t step = 1;; step++) {
        if (tested.column->validity) {
            for (size_t i = 0; i < rows->count; i++) {
                nulls[i] |= !hw_column_valid(tested.column, tested.first + i);
            }
        }
        if (step == wanted->path_count) {
            return tested;
        }
        /* The children of a struct count from slot 0 of its buffers. */
        tested.first += tested.column->offset;
        tested.column = &tested.column->children[path[step]];
    }
}

static bool values_have(enum hw_value_order order, const struct hw_filter_node *node, const struct hw_value *value) {
    size_t low = 0;
    size_t high = node->values_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int compared = hw_value_compare(order, &node->values[middle], value);
        if (compared == 0) {
            return true;
        }
        low = compared < 0 ? middle + 1 : low;
        high = compared < 0 ? high : middle;
    }
    return false;
}

/* Keys alone, which a compiler makes vectors of. */
static void keys_test(const struct hw_filter_node *node, const int64_t *keys, size_t count, uint8_t *truths) {
    const int64_t key = node->values[0].key;
    switch (node->kind) {
    case HW_PREDICATE_LESS:
        for (size_t i = 0; i < count; i++) {
            truths[i] = keys[i] < key ? IS_TRUE : IS_FALSE;
        }
        break;
    case HW_PREDICATE_UP_TO:
        for (size_t i = 0; i < count; i++) {
            truths[i] = keys[i] <= key ? IS_TRUE : IS_FALSE;
        }
        break;
    default:
        for (size_t i = 0; i < count; i++) {
            truths[i] = keys[i] == key ? IS_TRUE : IS_FALSE;
        }
        break;
    }
}

static void values_test(enum hw_value_order order, const struct hw_filter_node *node, const union hw_values *values,
                        const uint8_t *nulls, size_t count, uint8_t *truths) {
    for (size_t i = 0; i < count; i++) {
        bool passed = false;
        if (nulls[i] == 0) {
            const struct hw_value value = hw_values_at(order, values, i);
            passed = node->kind == HW_PREDICATE_IN
                         ? values_have(order, node, &value)
                         : hw_value_compare(order, &value, &node->values[0]) < (node->kind == HW_PREDICATE_UP_TO);
        }
        truths[i] = passed ? IS_TRUE : IS_FALSE;
    }
}

static void test(const struct rows *rows, const struct hw_filter_node *node, uint8_t *truths) {
    uint8_t nulls[HW_VALUES_MAX];
    union hw_values values;
    const struct tested tested = column_reach(rows, node->column, nulls);
    if (tested.type.kind == HW_KIND_NULL) {
        memset(nulls, 1, rows->count);
    }
    if (node->kind == HW_PREDICATE_NULL) {
        for (size_t i = 0; i < rows->count; i++) {
            truths[i] = nulls[i] != 0 ? IS_TRUE : IS_FALSE;
        }
        return;
    }
    if (node->values_count == 0) {
        memset(truths, IS_FALSE, rows->count);
    } else {
        hw_values_load(tested.type, tested.column, tested.first, rows->count, &values);
        if (tested.order == HW_VALUE_KEY && node->values_count == 1) {
            keys_test(node, values.keys, rows->count, truths);
        } else {
            values_test(tested.order, node, &values, nulls, rows->count, truths);
        }
    }
    for (size_t i = 0; i < rows->count; i++) {
        truths[i] = nulls[i] != 0 ? IS_UNKNOWN : truths[i];
    }
}
