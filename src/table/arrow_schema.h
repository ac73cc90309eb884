/* SPDX-License-Identifier: Apache-2.0 */
/* Reads schemas of the Arrow C Data Interface. hawser/arrow.h has the way back. */
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
 * Makes a schema of a description from outside, which must be that of a struct. Copies it, and does
 * not release `from`. The caller has the first reference.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_new(const struct ArrowSchema *from, struct hw_arrow_schema **out_schema,
                                                struct hw_error *err);

#endif
