/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the type that columns of several types have in common: the narrowest one that holds the
 * values of all of them without loss. The result does not depend on the order of the types.
 *
 *   types                          in common
 *   integers                       the smallest integer type, decimal(20,0) where none is left
 *   integers, decimals             the decimal with the most digits on either side of the point
 *   floats                         the widest of them
 *   integers, floats               float where integers have 16 bits at most, else double
 *   timestamps; times              the finest unit; all of them are UTC's, or none is
 *   date, timestamp                the timestamp, which must be local
 *   text, enum, json               text
 *   binary, fixed, bson            binary
 *   null, any type                 that type
 *
 * A type may hold all values of another but for a few: a double those of int64 up to 2^53, a
 * nanosecond those of three centuries. Casts prove each of these (table/cast.h).
 */
#ifndef HW_TABLE_WIDEN_H
#define HW_TABLE_WIDEN_H

#include "core/base.h"
#include "table/type.h"

/* The types that were added so far. */
struct hw_widening {
    /* The type that they have in common. */
    struct hw_type type;
    /* The most digits before the point that an integer or decimal among them has. */
    unsigned digits;
    /* All of them are integers. */
    bool integers;
};

struct hw_widening hw_widening_begin(struct hw_type type);

/*
 * Adds one more type. Returns false where it has none in common with the others; then nothing has
 * changed. Types with children or dictionaries have only themselves in common, and their children
 * are not looked at.
 */
bool hw_widening_add(struct hw_widening *widening, struct hw_type type);

#endif
