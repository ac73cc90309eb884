/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the properties of kinds and types, and which types are equal. */
#ifndef HW_TABLE_TYPE_H
#define HW_TABLE_TYPE_H

#include <hawser/table.h>

#include "core/base.h"

/*
 * Returns the bytes of one value of a kind of fixed width; 0 for BOOL and FIXED, and for kinds that
 * have no values, or have offsets to them.
 */
size_t hw_kind_bytes(enum hw_kind kind);

/* Returns the same for a type, and the width of a FIXED one. */
size_t hw_type_bytes(struct hw_type type);

/*
 * Returns true for the kinds that CSV makes and takes, and that all of the library has known from
 * the start.
 */
static inline bool hw_kind_is_basic(enum hw_kind kind) {
    return kind <= HW_KIND_UUID;
}

/* Returns true for a kind without children and dictionary. */
bool hw_kind_is_flat(enum hw_kind kind);

/* Returns true for text and binary of either width of offsets. */
bool hw_kind_is_bytes(enum hw_kind kind);

/* Returns true for kinds whose offsets have 64 bits. */
bool hw_kind_is_large(enum hw_kind kind);

/* Returns true for integers of any width, with a sign or without. */
static inline bool hw_kind_is_integer(enum hw_kind kind) {
    return kind == HW_KIND_INT64 || (kind >= HW_KIND_INT8 && kind <= HW_KIND_UINT64);
}

/* Returns the most digits that a decimal kind holds; 0 for other kinds. */
unsigned hw_kind_precision_max(enum hw_kind kind);

/* Returns whether a type of the kind can have the unit. */
bool hw_kind_takes_unit(enum hw_kind kind, enum hw_time_unit unit);

/* Returns whether both types are the same, labels and zones included. */
bool hw_type_equal(struct hw_type a, struct hw_type b);

#endif
