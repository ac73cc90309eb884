/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs as columns: each field of one is a column of its own, "a.b". Lists, maps and unions stay.
 */
#ifndef HW_TABLE_FLATTEN_H
#define HW_TABLE_FLATTEN_H

#include "core/arena.h"
#include "core/error.h"
#include "table/batch.h"

struct hw_flat_step;

/* Start it zeroed. */
struct hw_flat {
    struct hw_arena arena;
    struct hw_schema schema;
    /* The column of the table that each field begins at, and the fields below it, ended by none. */
    const struct hw_flat_step **ways;
};

/*
 * Makes the flat schema of a table's, which is borrowed. A field may be null where any struct that
 * it was in may be. HW_EDATA where two columns would have one name. After a failure `flat` is
 * released.
 */
HW_NODISCARD enum hw_status hw_flat_make(struct hw_flat *flat, const struct hw_schema *table, struct hw_error *err);
void hw_flat_release(struct hw_flat *flat);

/*
 * Makes a flat batch of one of the table's, which shares its values. Fields of a null struct
 * are null. Columns, and what tells of nulls, live in `arena`; `out_batch` has no owner, and ends
 * with `batch`.
 */
HW_NODISCARD enum hw_status hw_flat_apply(const struct hw_flat *flat, const struct hw_batch *batch,
                                          struct hw_arena *arena, struct hw_batch *out_batch, struct hw_error *err);

/* Returns whether a schema has a column that is not flat: a struct, a list, a map. */
bool hw_schema_is_nested(const struct hw_schema *schema);
/* Fails with HW_EUSAGE, naming the column, where a schema has such a column. */
HW_NODISCARD enum hw_status hw_schema_prove_flat(const struct hw_schema *schema, struct hw_error *err);

#endif
