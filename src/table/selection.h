/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns that a user lists, "a,b.c", of those that a table has: a schema of them alone, and where
 * each of its fields comes from, so that a reader of a columnar file goes to no other.
 */
#ifndef HW_TABLE_SELECTION_H
#define HW_TABLE_SELECTION_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "table/batch.h"

/* The source of a field of the selection. */
struct hw_selected {
    /* Its number among the columns of the table, or among the children of its parent. */
    size_t index;
    /*
     * One for each child that the field has in the selection. None: the field is taken as it is,
     * with all of its children.
     */
    const struct hw_selected *children;
    size_t children_count;
};

/* Start it zeroed. */
struct hw_selection {
    struct hw_arena arena;
    /* The fields in the order of the list; what they refer to is the table's where it can be. */
    struct hw_schema schema;
    /* One for each field of the schema. */
    const struct hw_selected *columns;
};

/*
 * Finds the columns of a list, whose names are separated by commas; a name with a comma in it
 * stands in quotes, and a quote in it is doubled. A name is first one of a column, else a path:
 * "a.b" is the field b of the struct a. On its way through a list a path may have "element" or
 * "list.element", through the values of a map "value" or "key_value.value"; a map always keeps its
 * keys. Fields of one struct are gathered in it, where the first of them is listed. `list` is NULL
 * for all columns.
 *
 * Borrows `table`. HW_EUSAGE where a name is not there, which tells the nearest that is, where it
 * belongs to two columns, or where a field is listed twice, by itself or with what it is in. After
 * a failure the selection is released.
 */
HW_NODISCARD enum hw_status hw_selection_make(struct hw_selection *selection, const struct hw_schema *table,
                                              const char *list, struct hw_error *err);
void hw_selection_release(struct hw_selection *selection);

/*
 * Makes a batch of the selection's schema from one of the table's, without a copy of values: both
 * share them. The columns live in `arena`. `out_batch` has no owner, and ends with `batch`.
 */
HW_NODISCARD enum hw_status hw_selection_apply(const struct hw_selection *selection, const struct hw_batch *batch,
                                               struct hw_arena *arena, struct hw_batch *out_batch,
                                               struct hw_error *err);

#endif
