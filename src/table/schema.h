/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas that own their names, and the names that formats can take. */
#ifndef HW_TABLE_SCHEMA_H
#define HW_TABLE_SCHEMA_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"

/* Copies `from` into `arena`. */
HW_NODISCARD enum hw_status hw_schema_dup(const struct hw_schema *from, struct hw_arena *arena,
                                          struct hw_schema *out_schema, struct hw_error *err);

/*
 * Makes `names` usable as column names, in order: an empty one becomes column_N (N from 1, its position), one that an earlier column has
 * gets _2, _3 ... appended until no column, earlier or later, has it. The first of equals keeps its name. New names live in `arena`.
 */
HW_NODISCARD enum hw_status hw_names_make_unique(hw_view *names, size_t count, struct hw_arena *arena,
                                                 struct hw_error *err);

/* The same where some names have the first claim, wherever they stand: `first[i]` (NULL: none). */
HW_NODISCARD enum hw_status hw_names_make_unique_first(hw_view *names, size_t count, const bool *first,
                                                       struct hw_arena *arena, struct hw_error *err);

bool hw_type_equal(struct hw_type a, struct hw_type b);

#endif
