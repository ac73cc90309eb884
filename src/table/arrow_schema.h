/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas from the Arrow C Data Interface. The way back is in hawser/arrow.h. */
#ifndef HW_TABLE_ARROW_SCHEMA_H
#define HW_TABLE_ARROW_SCHEMA_H

#include <hawser/arrow.h>

#include "table/owner.h"

/* A schema that batches share: it lives until the last reference is given back. */
struct hw_arrow_schema {
    struct hw_owner owner;
    struct hw_schema schema;
};

/*
 * Copies the description of a struct, from outside; the reference is the caller's. `from` is not
 * released.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_new(const struct ArrowSchema *from, struct hw_arrow_schema **out_schema,
                                                struct hw_error *err);

#endif
