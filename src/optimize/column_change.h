/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The changes that an optimised file makes to the columns of its source, and how those who edit
 * what the file says of its columns find them: step by step, along the nesting of the columns.
 *
 * The steps are those of the types, not of Parquet's groups: `a.list.element` is the field `a` and
 * its element, `m.key_value.value` is the field `m` and its value. So a path is the same whatever a
 * writer called the groups of lists and maps, and holds for Arrow and Spark too.
 */
#ifndef HW_OPTIMIZE_COLUMN_CHANGE_H
#define HW_OPTIMIZE_COLUMN_CHANGE_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

enum hw_column_step_kind {
    /* A column of the table, or a field of a struct. It alone has a name. */
    HW_COLUMN_FIELD,
    /* The element of a list of any kind. */
    HW_COLUMN_ELEMENT,
    /* The key or the value of a map. */
    HW_COLUMN_KEY,
    HW_COLUMN_VALUE,
    HW_COLUMN_STEP_COUNT
};

struct hw_column_step {
    enum hw_column_step_kind kind;
    /* The name in the source; NULL for other kinds than a field. */
    const char *name;
};

/* A node that is dropped, or that has a new name, a new type, or both. Texts are borrowed. */
struct hw_column_change {
    /* From a column of the table to the node; HW_TABLE_DEPTH_MAX steps at most. */
    const struct hw_column_step *path;
    size_t path_count;
    /* NULL: the name stays. */
    const char *new_name;
    /*
     * The type of a node that is retyped: HW_KIND_FLOAT, HW_KIND_INT32, HW_KIND_UINT32,
     * HW_KIND_DECIMAL with precision and scale, or HW_KIND_TIMESTAMP with micro- or nanoseconds,
     * whose zone is that of the source.
     */
    struct hw_type new_type;
    bool retyped;
    /* The node and all below it are not in the output. Changes below it say nothing. */
    bool dropped;
};

/*
 * A node at which, or below which, something changes: a run of changes in order of their paths,
 * which begin with the same `depth` steps. The root has all changes. It borrows them.
 */
struct hw_changed_node {
    const struct hw_column_change *const *items;
    size_t count;
    size_t depth;
};

/*
 * Makes the root of the changes, whose order is kept in `arena`. HW_EUSAGE for a change that
 * cannot be, or two of the same path.
 */
HW_NODISCARD enum hw_status hw_changed_root(const struct hw_column_change *changes, size_t count,
                                            struct hw_arena *arena, struct hw_changed_node *out_root,
                                            struct hw_error *err);

/*
 * Finds the child of `node` one step on. `name` says which field is meant, and nothing for other
 * kinds. Returns false, and leaves `*out_child` as it was, where nothing changes there.
 */
bool hw_changed_child(const struct hw_changed_node *node, enum hw_column_step_kind kind, hw_view name,
                      struct hw_changed_node *out_child);

/* The fields of a struct, or the columns of a table, of which some change. */
struct hw_changed_fields {
    const struct hw_changed_node *node; /* borrowed */
    bool *met;                          /* for each change of the node, in the arena */
};

HW_NODISCARD enum hw_status hw_changed_fields_begin(const struct hw_changed_node *node, struct hw_arena *arena,
                                                    struct hw_changed_fields *out_fields, struct hw_error *err);

/*
 * Does what hw_changed_child does for one field after the other, and sets `*out_found`. HW_EDATA
 * where a field that changes has the name of one before: nobody knows which of them is meant.
 */
HW_NODISCARD enum hw_status hw_changed_field(struct hw_changed_fields *fields, hw_view name, bool *out_found,
                                             struct hw_changed_node *out_child, struct hw_error *err);

/* Returns the change of the node itself; NULL where only nodes below it change. */
const struct hw_column_change *hw_changed_self(const struct hw_changed_node *node);

/* Returns whether nodes below this one change. */
bool hw_changed_below(const struct hw_changed_node *node);

#endif
