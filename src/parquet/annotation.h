/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations: what a logical or a converted type makes of a column's physical type
 * (LogicalTypes.md). An annotation that is not known, or that does not fit, counts as none.
 */
#ifndef HW_PARQUET_ANNOTATION_H
#define HW_PARQUET_ANNOTATION_H

#include <hawser/table.h>

#include "parquet/file_meta.h"

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
    /* INT32 or INT64 to a decimal of 16 or 32 bytes. */
    HW_LEAF_INT_DECIMAL,
    /* Big-endian bytes, of one width or of any, to a decimal of 16 or 32 bytes. */
    HW_LEAF_BYTES_DECIMAL,
    /* FIXED(12): months, days, milliseconds, to an interval. */
    HW_LEAF_INTERVAL,
    /* INT32 or INT64 to a time of day: the same bytes, which are checked. */
    HW_LEAF_TIME,
    /* The type UNKNOWN: nulls only. */
    HW_LEAF_NULL,
    HW_LEAF_FORM_COUNT
};

/* The type that a leaf has in a table. */
struct hw_leaf_type {
    struct hw_type type;
    enum hw_leaf_form form;
    /* Why an annotation of the leaf counts as none, a literal; NULL where all is well. */
    const char *doubt;
};

/*
 * Returns the type of a leaf whose physical type is known. `required` says whether its values are
 * never null by the schema.
 */
struct hw_leaf_type hw_leaf_type_of(const struct hw_parquet_element *element, bool required, enum hw_int96 int96);

/* The annotation of a group asks for one of these. */
enum hw_group_annotation { HW_GROUP_IS_STRUCT, HW_GROUP_IS_LIST, HW_GROUP_IS_MAP };

/* Reads the annotation of a group. `*out_doubt` is set as in struct hw_leaf_type. */
enum hw_group_annotation hw_group_annotation_of(const struct hw_parquet_element *group, const char **out_doubt);

#endif
