/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way in which a field is stored: its leaf (physical type, order, the lane that its values run
 * in) and its SchemaElement.
 */
#ifndef HW_PARQUET_SCHEMA_H
#define HW_PARQUET_SCHEMA_H

#include <hawser/table.h>

#include "parquet/thrift.h"

/* parquet.thrift Type */
enum hw_physical {
    HW_PHYSICAL_BOOLEAN = 0,
    HW_PHYSICAL_INT32 = 1,
    HW_PHYSICAL_INT64 = 2,
    HW_PHYSICAL_FLOAT = 4,
    HW_PHYSICAL_DOUBLE = 5,
    HW_PHYSICAL_BYTE_ARRAY = 6,
    /* FIXED_LEN_BYTE_ARRAY. */
    HW_PHYSICAL_FIXED = 7,
};

/* The form of a page's values in memory; every kernel is chosen by it, once a page. */
enum hw_lane {
    /* A byte, 0 or 1, each. */
    HW_LANE_BOOL,
    /* 4 bytes each. */
    HW_LANE_WORD4,
    /* 8 bytes each. */
    HW_LANE_WORD8,
    /* `width` bytes each. */
    HW_LANE_FIXED,
    /* Bytes, and a length each. */
    HW_LANE_TEXT,
    HW_LANE_COUNT
};

/* The order in which statistics compare values. */
enum hw_order {
    /* Little-endian integers. */
    HW_ORDER_SIGNED,
    /* The same without sign. */
    HW_ORDER_UNSIGNED,
    /* TYPE_ORDER: NaN left out. */
    HW_ORDER_DOUBLE,
    /* 4 bytes each. */
    HW_ORDER_FLOAT,
    /* 2 bytes each. */
    HW_ORDER_HALF,
    /* Unsigned bytes. */
    HW_ORDER_BYTES,
    /* Big-endian two's complement. */
    HW_ORDER_DECIMAL,
    /* No bounds are written. */
    HW_ORDER_NONE,
};

/* One step from a batch's column to a leaf's. */
enum hw_step_kind {
    /* A null ends here. */
    HW_STEP_VALID,
    /* Each list becomes its elements. */
    HW_STEP_LIST,
    /* The same of `width` elements each. */
    HW_STEP_FIXED_LIST,
    /* To child `child` of a struct. */
    HW_STEP_CHILD,
    /* Indices become the dictionary's slots. */
    HW_STEP_DICTIONARY,
};

struct hw_step {
    enum hw_step_kind kind;
    /* Valid: a null is allowed. */
    bool optional;
    /* Valid: there is nothing but nulls. */
    bool never;
    /* Definition level of what goes on from here. */
    uint8_t def;
    /* List: repetition level of its second element and those after it. */
    uint8_t rep;
    /* Child. */
    uint32_t child;
    /* Fixed list. */
    uint32_t width;
    /* Dictionary. */
    enum hw_kind index;
};

struct hw_leaf {
    /* The field of the values; for a dictionary, that of its values. */
    const struct hw_field *field;
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    /* Bytes of a value in its lane; 0: text. */
    size_t width;
    /* Number of the column in the batch. */
    size_t column;
    uint8_t def_max;
    uint8_t rep_max;
    /* Its column is not its values: `steps` lead there. */
    bool nested;
    const struct hw_step *steps;
    size_t steps_count;
    /* Path_in_schema. */
    const char *const *path;
    size_t path_count;
    /* Nested: where its levels are counted in a row group, repetition first. */
    size_t counts_at;
};

/* Statistics and page index count NaN. */
static inline bool hw_order_has_nans(enum hw_order order) {
    return order == HW_ORDER_DOUBLE || order == HW_ORDER_FLOAT || order == HW_ORDER_HALF;
}

/* A flat leaf of a kind without children and dictionary. Borrows `field`. */
void hw_leaf_init(struct hw_leaf *leaf, const struct hw_field *field);

/* Writes the root's SchemaElement, then one for each group and leaf, as elements of a list. */
void hw_schema_elements_write(const struct hw_schema *schema, struct hw_thrift *thrift);

#endif
