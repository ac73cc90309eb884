/* SPDX-License-Identifier: Apache-2.0 */
/* Copies schemas, compares types, finds metadata, and makes names that a schema can have. */
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
 * Makes `names` usable as column names, in their order. An empty name becomes column_N, where N is
 * its position from 1. The first of equal names stays; each other one gets _2, _3 and so on
 * appended, until it is no name of any column, before it or after. New names live in `arena`.
 */
HW_NODISCARD enum hw_status hw_names_make_unique(hw_view *names, size_t count, struct hw_arena *arena,
                                                 struct hw_error *err);

/*
 * Does the same, but where first[i] is true, name i stays whatever is equal to it before. `first`
 * is NULL where no name has that claim.
 */
HW_NODISCARD enum hw_status hw_names_make_unique_first(hw_view *names, size_t count, const bool *first,
                                                       struct hw_arena *arena, struct hw_error *err);

/*
 * Gives the name of a column that another one before it has too; NULL where all names differ. It is
 * the first such name by its bytes.
 */
HW_NODISCARD enum hw_status hw_schema_twin(const struct hw_schema *schema, const char **out_name, struct hw_error *err);

/*
 * Returns whether the types of two fields are equal, with all children, their names, and
 * dictionaries. The names of the two fields do not matter, nor does metadata.
 */
bool hw_field_types_equal(const struct hw_field *a, const struct hw_field *b);

/*
 * Returns the number of columns that have values of their own: below structs, lists and maps, and a
 * struct without fields too.
 */
size_t hw_schema_leaves(const struct hw_schema *schema);

/* Returns the pair with that key, or NULL. Borrowed from the field. */
const struct hw_key_value *hw_field_metadata(const struct hw_field *field, const char *key);

/* Reads the field id. Returns false where the metadata has none that is a 32-bit number. */
bool hw_field_id(const struct hw_field *field, int32_t *out_id);

#endif
