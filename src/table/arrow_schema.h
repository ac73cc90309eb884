/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas from the Arrow C Data Interface. The way back is in hawser/arrow.h. */
#ifndef HW_TABLE_ARROW_SCHEMA_H
#define HW_TABLE_ARROW_SCHEMA_H

#include <hawser/arrow.h>

#include "table/shared_schema.h"

/*
 * Copies the description of a struct, from outside; the reference is the caller's. `from` is not
 * released.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_read(const struct ArrowSchema *from, struct hw_shared_schema **out_schema,
                                                 struct hw_error *err);

#endif
