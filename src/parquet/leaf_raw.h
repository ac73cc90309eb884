/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A leaf whose values are read, and written, as a file has them: by their physical type, whatever
 * its annotations make of that. Text stays known as such, so that it is checked to be UTF-8.
 */
#ifndef HW_PARQUET_LEAF_RAW_H
#define HW_PARQUET_LEAF_RAW_H

#include "parquet/read_schema.h"
#include "parquet/schema.h"

/*
 * Makes of a leaf that is read one whose values come as they are. `field`, which it then borrows,
 * is set to the type that they have: a boolean, an integer of 32 or 64 bits, a float, a double, a
 * text, or bytes of any or of a fixed number. All else is borrowed from `leaf`.
 */
void hw_leaf_raw(const struct hw_read_leaf *leaf, struct hw_field *field, struct hw_read_leaf *out_leaf);

/*
 * Sets lane, width and physical type of a leaf that is written to those of a physical type.
 * `type_length` counts for FIXED_LEN_BYTE_ARRAY.
 */
void hw_leaf_set_physical(struct hw_leaf *leaf, enum hw_physical physical, size_t type_length);

/* Returns the order of a leaf's values by its annotations (ColumnOrder of parquet.thrift). */
enum hw_order hw_leaf_raw_order(const struct hw_read_leaf *leaf);

#endif
