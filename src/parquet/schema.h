/* SPDX-License-Identifier: Apache-2.0 */
/* How a field is stored: its leaf (physical type, order, the lane that its values run in) and its SchemaElement. */
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
    HW_PHYSICAL_FIXED = 7, /* FIXED_LEN_BYTE_ARRAY */
};

/* How the values of a page lie in memory; every kernel is chosen by it, once a page. */
enum hw_lane {
    HW_LANE_BOOL,  /* a byte, 0 or 1, each */
    HW_LANE_WORD4, /* 4 bytes each */
    HW_LANE_WORD8, /* 8 bytes each */
    HW_LANE_FIXED, /* `width` bytes each */
    HW_LANE_TEXT,  /* bytes, and a length each */
    HW_LANE_COUNT
};

/* How statistics compare values. */
enum hw_order {
    HW_ORDER_SIGNED,   /* little-endian integers */
    HW_ORDER_UNSIGNED, /* the same without sign */
    HW_ORDER_DOUBLE,   /* TYPE_ORDER: NaN left out */
    HW_ORDER_FLOAT,    /* of 4 bytes */
    HW_ORDER_HALF,     /* of 2 bytes */
    HW_ORDER_BYTES,    /* unsigned bytes */
    HW_ORDER_DECIMAL,  /* big-endian two's complement */
    HW_ORDER_NONE,     /* no bounds are written */
};

/* One step from a batch's column to a leaf's. */
enum hw_step_kind {
    HW_STEP_VALID,      /* what is null ends here */
    HW_STEP_LIST,       /* each list becomes its elements */
    HW_STEP_FIXED_LIST, /* the same of `width` elements each */
    HW_STEP_CHILD,      /* to child `child` of a struct */
    HW_STEP_DICTIONARY, /* indices become the dictionary's slots */
};

struct hw_step {
    enum hw_step_kind kind;
    bool optional;      /* valid: a null is allowed */
    bool never;         /* valid: there is nothing but nulls */
    uint8_t def;        /* definition level of what goes on from here */
    uint8_t rep;        /* list: repetition level of its second element and those after it */
    uint32_t child;     /* child */
    uint32_t width;     /* fixed list */
    enum hw_kind index; /* dictionary */
};

struct hw_leaf {
    const struct hw_field *field; /* what the values are; of a dictionary that of its values */
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    size_t width;  /* bytes of a value in its lane; 0: text */
    size_t column; /* of the batch */
    uint8_t def_max;
    uint8_t rep_max;
    bool nested; /* its column is not its values: `steps` lead there */
    const struct hw_step *steps;
    size_t steps_count;
    const char *const *path; /* path_in_schema */
    size_t path_count;
    size_t counts_at; /* nested: where its levels are counted in a row group, repetition first */
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
