/* SPDX-License-Identifier: Apache-2.0 */
/* The values of literals in the type of a column, exactly: what the type does not hold is told. */
#ifndef HW_TABLE_FILTER_LITERAL_H
#define HW_TABLE_FILTER_LITERAL_H

#include "table/filter_value.h"
#include "table/predicate.h"

/* The place of a literal among the values of a type. */
enum hw_literal_fit {
    HW_FIT_EXACT,   /* it is a value of the type */
    HW_FIT_BETWEEN, /* it is above that value, and below the next one */
    HW_FIT_BELOW,   /* it is below all values */
    HW_FIT_ABOVE,
};

struct hw_literal_value {
    enum hw_literal_fit fit;
    /* Set where it is exact or between; bytes live in the arena, or with the literal. */
    struct hw_value value;
};

/*
 * Finds the value. A number has its exact value among integers and decimals; among floats it is the
 * nearest one, as it is when it is read. HW_EUSAGE where a literal of that kind cannot be compared
 * with the type, or is no date, time or UUID: the error has the reason alone.
 */
HW_NODISCARD enum hw_status hw_literal_value(const struct hw_literal *literal, struct hw_type type,
                                             struct hw_arena *arena, struct hw_literal_value *out_value,
                                             struct hw_error *err);

#endif
