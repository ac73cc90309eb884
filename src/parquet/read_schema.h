/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema of a file that is read: its elements as a tree of nodes, each with the field that it
 * is in a table, and with the levels by which its slots are found again (parquet/assemble.h).
 * parquet/tree.h is its twin for files that are written.
 */
#ifndef HW_PARQUET_READ_SCHEMA_H
#define HW_PARQUET_READ_SCHEMA_H

#include <hawser/table.h>

#include "core/arena.h"
#include "parquet/annotation.h"
#include "parquet/file_meta.h"
#include "table/notes.h"

enum hw_node_kind {
    HW_NODE_LEAF,
    HW_NODE_STRUCT,
    /* One child, the elements. */
    HW_NODE_LIST,
    /*
     * One child, the entries: a required struct of a key and a value. The key is required unless
     * the file says otherwise. A map of the file that has no values is a list of its keys.
     */
    HW_NODE_MAP,
};

/*
 * A node: a field of the table, or a child of one. Groups of the file that only make up the form of
 * a list or map have none.
 *
 * An entry of a leaf below it is a slot of the node if its repetition level is at most `rep`, and
 * its definition level at least `def_slot`. The slot is null if the level is below `def`.
 */
struct hw_node {
    enum hw_node_kind kind;
    /* The field; that of a list or map has its children. */
    const struct hw_field *field;
    /* The levels of the nearest list or map above it; 0 where there is none. */
    uint8_t rep;
    uint8_t def_slot;
    /*
     * The definition level from which on the slot is not null. Where the field is required this is
     * def_slot, also below a struct that may be null.
     */
    uint8_t def;
    const struct hw_node *children;
    size_t children_count;
    /* The leaves at or below it. */
    size_t first_leaf;
    size_t leaves_count;
};

/* A name on the way from the root to an element. Elements of one group share what is above them. */
struct hw_path_name {
    hw_view name;
    /* NULL: the name is that of a column of the root. */
    const struct hw_path_name *above;
};

/* A column of the file. */
struct hw_read_leaf {
    const struct hw_parquet_element *element;
    enum hw_physical physical;
    /* The bytes of a value in the file; 0 for BYTE_ARRAY and BOOLEAN. */
    size_t width;
    enum hw_leaf_form form;
    /* The field of the node of the leaf. */
    const struct hw_field *field;
    /* The number of its column chunk in each row group. */
    size_t column;
    uint8_t def_max;
    uint8_t rep_max;
    /* The leaf's own name, and by it those of path_in_schema, from the last one on. */
    const struct hw_path_name *path;
    size_t path_count;
};

/* A logical type that counts as none. */
struct hw_schema_doubt {
    const struct hw_path_name *path;
    /* The reason for that, as "the logical type is not known". */
    const char *reason;
    /* The field that the element is read as. */
    const struct hw_field *field;
};

struct hw_read_schema_options {
    enum hw_int96 int96;
};

/* Start it zeroed. */
struct hw_read_schema {
    struct hw_arena arena;
    /* The fields of the table. Names may repeat among columns and within a struct. */
    struct hw_schema schema;
    /* One node a field. */
    const struct hw_node *nodes;
    const struct hw_read_leaf *leaves;
    size_t leaves_count;
    /* In the order of the elements. */
    const struct hw_schema_doubt *doubts;
    size_t doubts_count;
};

/*
 * Makes the schema of the elements, which are borrowed with all of their texts. What the schema
 * means is settled by LogicalTypes.md, the rules for older writers of lists and maps among them. A
 * logical type that is not known, or that does not fit the physical one, counts as none, and so
 * does a converted type. The schema lists all of these, and the first one becomes a note in
 * `notes`, which may be NULL, with its text in the schema's arena.
 *
 * HW_EDATA where the elements make no tree: counts of children that go beyond them, a leaf without
 * a type, a repetition that is none, FIXED_LEN_BYTE_ARRAY without a length, a group without fields
 * (but for the root), a name that is not UTF-8 or holds a NUL. HW_ELIMIT beyond the limits of
 * core/limits.h. After a failure `schema` is released.
 */
HW_NODISCARD enum hw_status hw_read_schema_make(struct hw_read_schema *schema, const struct hw_parquet_meta *meta,
                                                const struct hw_read_schema_options *options, struct hw_notes *notes,
                                                struct hw_error *err);
void hw_read_schema_release(struct hw_read_schema *schema);

/*
 * Writes the names of a path, as "a.list.element", to `out`, cut if they are too long. Returns
 * `out`.
 */
const char *hw_path_format(const struct hw_path_name *path, char *out, size_t out_bytes);

/* Does the same for the path of a leaf. */
const char *hw_read_leaf_path(const struct hw_read_leaf *leaf, char *out, size_t out_bytes);

/* Returns whether the path of a leaf has exactly these names, from the root on. */
bool hw_read_leaf_path_is(const struct hw_read_leaf *leaf, const hw_view *names, size_t count);

#endif
