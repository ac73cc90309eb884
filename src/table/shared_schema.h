/* SPDX-License-Identifier: Apache-2.0 */
/* A schema that batches share: it lives until the last reference to its owner is given back. */
#ifndef HW_TABLE_SHARED_SCHEMA_H
#define HW_TABLE_SHARED_SCHEMA_H

#include "core/arena.h"
#include "table/owner.h"

struct hw_shared_schema {
    struct hw_owner owner;
    struct hw_schema schema;
    struct hw_arena arena; /* holds what the schema refers to */
};

/*
 * Makes one without columns, whose only reference is the caller's. The caller fills it, in its
 * arena, before others see it. NULL when out of memory.
 */
HW_NODISCARD struct hw_shared_schema *hw_shared_schema_new(void);

/* Copies `from`, with all that its fields refer to. The only reference is the caller's. */
HW_NODISCARD enum hw_status hw_shared_schema_dup(const struct hw_schema *from, struct hw_shared_schema **out_schema,
                                                 struct hw_error *err);

#endif
