/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells how a field is stored: its leaf, which has the physical type, the order and the lane of its
 * values, and its SchemaElement.
 */
#ifndef HW_PARQUET_SCHEMA_H
#define HW_PARQUET_SCHEMA_H

#include <hawser/table.h>

#include "parquet/format.h"
#include "parquet/thrift.h"

/*
 * The form of a page's values in memory. Code that runs over values is chosen by it, once a page.
 */
enum hw_lane {
    /* Each value is a byte, 0 or 1. */
    HW_LANE_BOOL,
    /* Each value has 4 bytes. */
    HW_LANE_WORD4,
    /* Each value has 8 bytes. */
    HW_LANE_WORD8,
    /* Each value has the `width` of the leaf. */
    HW_LANE_FIXED,
    /* Each value has bytes, one after the other, and a length beside them. */
    HW_LANE_TEXT,
    HW_LANE_COUNT
};

/* The order in which statistics compare values. */
enum hw_order {
    /* As signed little-endian integers. */
    HW_ORDER_SIGNED,
    /* As unsigned little-endian integers. */
    HW_ORDER_UNSIGNED,
    /* As doubles, of which NaN is left out (TYPE_ORDER). */
    HW_ORDER_DOUBLE,
    /* The same for floats of 4 bytes. */
    HW_ORDER_FLOAT,
    /* The same for floats of 2 bytes. */
    HW_ORDER_HALF,
    /* Byte by byte, unsigned. */
    HW_ORDER_BYTES,
    /* As big-endian integers in two's complement. */
    HW_ORDER_DECIMAL,
    /* Not at all: no bounds are written. */
    HW_ORDER_NONE,
};

/* A step on the way from a batch's column to the column that has a leaf's values. */
enum hw_step_kind {
    /* Entries that are null here end; the others go on. */
    HW_STEP_VALID,
    /* Each list becomes its elements. An empty one ends. */
    HW_STEP_LIST,
    /* The same for lists of `width` elements each. */
    HW_STEP_FIXED_LIST,
    /* The way goes to child `child` of a struct. */
    HW_STEP_CHILD,
    /* Indices become slots of the dictionary. */
    HW_STEP_DICTIONARY,
};

struct hw_step {
    enum hw_step_kind kind;
    /* HW_STEP_VALID: true if nulls are allowed. */
    bool optional;
    /* HW_STEP_VALID: true if there is nothing but nulls. */
    bool never;
    /* The definition level of entries that go on. */
    uint8_t def;
    /* Both lists: the repetition level of an element that is not the first one. */
    uint8_t rep;
    /* HW_STEP_CHILD: the number of the child. */
    uint32_t child;
    /* HW_STEP_FIXED_LIST: the number of elements of a list. */
    uint32_t width;
    /* HW_STEP_DICTIONARY: the kind of the indices. */
    enum hw_kind index;
};

/* A column of the file: one that has values, at the end of the schema's branches. */
struct hw_leaf {
    /* The field of the values; that of the dictionary's values if there is a dictionary. */
    const struct hw_field *field;
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    /* The bytes of a value in its lane; 0 for text. */
    size_t width;
    /* The number of the column in the batch. */
    size_t column;
    /* The highest definition and repetition level. */
    uint8_t def_max;
    uint8_t rep_max;
    /* True if the batch's column does not have the values itself, but `steps` lead to them. */
    bool nested;
    /* True if readers may take no encodings but PLAIN and RLE_DICTIONARY (arrow_dictionaries). */
    bool dictionary_only;
    const struct hw_step *steps;
    size_t steps_count;
    /* The names from the root to the leaf (path_in_schema). */
    const char *const *path;
    size_t path_count;
    /*
     * The place in `level_counts` of a row group at which the levels of a nested leaf are counted:
     * each repetition level, then each definition level.
     */
    size_t counts_at;
};

/* Returns whether values can be NaN, which statistics and page index count. */
static inline bool hw_order_has_nans(enum hw_order order) {
    return order == HW_ORDER_DOUBLE || order == HW_ORDER_FLOAT || order == HW_ORDER_HALF;
}

/* Makes the leaf of a field that has neither children nor a dictionary. Borrows `field`. */
void hw_leaf_init(struct hw_leaf *leaf, const struct hw_field *field);

/*
 * Writes the elements of a list of SchemaElement: the root, then each group and leaf, parents
 * before their children.
 */
void hw_schema_elements_write(const struct hw_schema *schema, struct hw_thrift *thrift);

#endif
