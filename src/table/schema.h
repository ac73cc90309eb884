/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas that own their names, and the names that formats can take. */
#ifndef HW_TABLE_SCHEMA_H
#define HW_TABLE_SCHEMA_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/view.h"
#include "table/type.h"

/* Copies `from`, with all that its fields refer to, into `arena`. */
HW_NODISCARD enum hw_status hw_schema_dup(const struct hw_schema *from, struct hw_arena *arena,
                                          struct hw_schema *out_schema, struct hw_error *err);

/*
 * Makes `names` usable as column names, in order: an empty one becomes column_N (N from 1, its
 * position), one that an earlier column has gets _2, _3 ... appended until no column, earlier or
 * later, has it. The first of equals keeps its name. New names live in `arena`.
 */
HW_NODISCARD enum hw_status hw_names_make_unique(hw_view *names, size_t count, struct hw_arena *arena,
                                                 struct hw_error *err);

/* The same where some names have the first claim, wherever they stand: `first[i]` (NULL: none). */
HW_NODISCARD enum hw_status hw_names_make_unique_first(hw_view *names, size_t count, const bool *first,
                                                       struct hw_arena *arena, struct hw_error *err);

/*
 * Types, children with their names, and dictionaries are equal; not the names of the two, nor
 * metadata.
 */
bool hw_field_types_equal(const struct hw_field *a, const struct hw_field *b);

/*
 * Returns the number of columns that have values of their own: below structs, lists and maps, and a
 * struct without fields too.
 */
size_t hw_schema_leaves(const struct hw_schema *schema);

/* The pair with that key, or NULL. */
const struct hw_key_value *hw_field_metadata(const struct hw_field *field, const char *key);
/* The field id, where the metadata has one that is a 32-bit number. */
bool hw_field_id(const struct hw_field *field, int32_t *out_id);

#endif
