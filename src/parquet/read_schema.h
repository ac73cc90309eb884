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
#include "parquet/file_meta.h"
#include "table/notes.h"

enum hw_node_kind {
    HW_NODE_LEAF,
    HW_NODE_STRUCT,
    /* One child, the elements. */
    HW_NODE_LIST,
    /* One child, the entries: a required struct of a key and, where the file has one, a value. */
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
    /* The definition level from which on the slot is not null: def_slot where it is required. */
    uint8_t def;
    const struct hw_node *children;
    size_t children_count;
    /* The leaves at or below it. */
    size_t first_leaf;
    size_t leaves_count;
};

/* The way in which a leaf's values in the file become those of its field. */
enum hw_leaf_form {
    /* They are the same bytes. */
    HW_LEAF_SAME,
    /* INT32 to integers of 8 or 16 bits, signed or not; one that does not fit is HW_EDATA. */
    HW_LEAF_NARROW,
    /* INT96 to a timestamp of the field's unit. */
    HW_LEAF_INT96,
    /* INT96 to text, "2024-02-29T12:00:00.000000000". */
    HW_LEAF_INT96_TEXT,
    /* INT32 or INT64 to a decimal of 16 bytes. */
    HW_LEAF_INT_DECIMAL,
    /* Big-endian bytes, of one width or of any, to a decimal of 16 or 32 bytes. */
    HW_LEAF_BYTES_DECIMAL,
    /* FIXED(12): months, days, milliseconds, to an interval. */
    HW_LEAF_INTERVAL,
    /* Milliseconds of INT32 to a time of 32 bits: the same bytes, which are checked. */
    HW_LEAF_TIME,
    /* The type UNKNOWN: nulls only. */
    HW_LEAF_NULL,
    HW_LEAF_FORM_COUNT
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
    /* The names from the root to the leaf, as path_in_schema has them. */
    const hw_view *path;
    size_t path_count;
};

/* The form in which timestamps of INT96 are read. */
enum hw_int96_as { HW_INT96_NANOS, HW_INT96_MICROS, HW_INT96_TEXT };

struct hw_read_schema_options {
    enum hw_int96_as int96;
};

/* Start it zeroed. */
struct hw_read_schema {
    struct hw_arena arena;
    /* The fields of the table. */
    struct hw_schema schema;
    /* One node a field. */
    const struct hw_node *nodes;
    const struct hw_read_leaf *leaves;
    size_t leaves_count;
};

/*
 * Makes the schema of the elements, which are borrowed with all of their texts. What the schema
 * means is settled by LogicalTypes.md, the rules for older writers of lists and maps among them. A
 * logical type that is not known, or that does not fit the physical one, counts as none; each adds
 * a note to `notes`, which may be NULL.
 *
 * HW_EDATA where the elements make no tree: counts of children that go beyond them, a leaf without
 * a type, a repetition that is none, FIXED_LEN_BYTE_ARRAY without a length, a group without fields.
 * HW_ELIMIT beyond the limits of core/limits.h. After a failure `schema` is released.
 */
HW_NODISCARD enum hw_status hw_read_schema_make(struct hw_read_schema *schema, const struct hw_parquet_meta *meta,
                                                const struct hw_read_schema_options *options, struct hw_notes *notes,
                                                struct hw_error *err);
void hw_read_schema_release(struct hw_read_schema *schema);

/*
 * Writes the path of a leaf, as "a.list.element", to `out`, cut if it is too long. Returns `out`.
 */
const char *hw_read_leaf_path(const struct hw_read_leaf *leaf, char *out, size_t out_bytes);

#endif
