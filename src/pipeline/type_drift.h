/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Columns that have one name and several types among the sources of a run that have the same
 * columns, and so are one table to people. Who reads their outputs as one gets an error of such a
 * column, or wrong values. One thread at a time.
 */
#ifndef HW_PIPELINE_TYPE_DRIFT_H
#define HW_PIPELINE_TYPE_DRIFT_H

#include <hawser/convert.h>

#include "core/arena.h"
#include "core/intern.h"
#include "pipeline/warn.h"

/* Start it zeroed. */
struct hw_type_drift {
    struct hw_intern sets;  /* the sets of columns that sources have, as hashes of their names */
    struct hw_intern names; /* columns: the number of a set, and a name */
    struct hw_buf columns;  /* a struct for each of these */
    struct hw_arena arena;  /* names of sources */
};

void hw_type_drift_release(struct hw_type_drift *drift);

/* Adds the columns of one source. What was added before a failure stays. */
HW_NODISCARD enum hw_status hw_type_drift_add(struct hw_type_drift *drift, const struct hw_schema *schema,
                                              const char *source, struct hw_error *err);

/* Warns, once, of the columns that have several types, if there are any. */
void hw_type_drift_tell(const struct hw_type_drift *drift, const struct hw_warn *warn);

#endif
