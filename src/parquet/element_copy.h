/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the SchemaElement of a file once more, with what is to change of it. All else stays byte
 * by byte: fields that later versions of the format have brought are among it.
 */
#ifndef HW_PARQUET_ELEMENT_COPY_H
#define HW_PARQUET_ELEMENT_COPY_H

#include "parquet/meta_facts.h"
#include "parquet/thrift.h"

/* The type of a leaf: its physical type, and what its annotations say. */
struct hw_element_type {
    enum hw_physical physical;
    /* HW_CONVERTED_NONE: there is none. */
    enum hw_converted converted;
    /* The kinds are HW_LOGICAL_NONE, _INTEGER, _DECIMAL and _TIMESTAMP. */
    struct hw_logical logical;
};

/* The changes of one element. */
struct hw_element_change {
    /* It is not written, nor is anything below it. */
    bool dropped;
    /* It becomes optional, where it is required. */
    bool optional;
    /* The new name; NULL: it stays. Borrowed. */
    const char *name;
    /* The new type of a leaf; NULL: it stays. Borrowed. */
    const struct hw_element_type *type;
};

/* Returns the repetition that an element has with its change, which may be NULL. */
int32_t hw_element_repetition(const struct hw_parquet_element *element, const struct hw_element_change *change);

/*
 * Writes an element, which is that of a list. `change` may be NULL. A group gets `children` as the
 * number of its children. The status of `thrift` becomes HW_ELIMIT where an element that changes
 * has more than 32 fields.
 */
void hw_element_copy(const struct hw_parquet_element *element, const struct hw_element_change *change, size_t children,
                     struct hw_thrift *thrift);

#endif
