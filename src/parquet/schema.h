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
    HW_ORDER_SIGNED,  /* little-endian integers */
    HW_ORDER_DOUBLE,  /* TYPE_ORDER: NaN left out */
    HW_ORDER_BYTES,   /* unsigned bytes */
    HW_ORDER_DECIMAL, /* big-endian two's complement */
};

struct hw_leaf {
    const struct hw_field *field;
    enum hw_physical physical;
    enum hw_lane lane;
    enum hw_order order;
    size_t width; /* bytes of a value in its lane; 0: text */
};

/* Borrows `field`. */
void hw_leaf_init(struct hw_leaf *leaf, const struct hw_field *field);

/* Writes the root's SchemaElement and one a field, as elements of a list of schema->count + 1. */
void hw_schema_elements_write(const struct hw_schema *schema, struct hw_thrift *thrift);

#endif
