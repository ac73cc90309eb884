/* SPDX-License-Identifier: Apache-2.0 */
/* Reads schemas of the Arrow C Data Interface. hawser/arrow.h has the way back. */
#ifndef HW_TABLE_ARROW_SCHEMA_H
#define HW_TABLE_ARROW_SCHEMA_H

#include <hawser/arrow.h>

#include "table/shared_schema.h"

/*
 * Makes a schema of a description from outside, which must be that of a struct. Copies it, and does
 * not release `from`. The caller has the first reference.
 */
HW_NODISCARD enum hw_status hw_arrow_schema_read(const struct ArrowSchema *from, struct hw_shared_schema **out_schema,
                                                 struct hw_error *err);

#endif
