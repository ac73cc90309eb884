/* SPDX-License-Identifier: Apache-2.0 */
/* What a CSV text is before its rows are read: dialect, columns and where the first row begins. */
#ifndef HW_CSV_LAYOUT_H
#define HW_CSV_LAYOUT_H

#include "core/arena.h"
#include "csv/constraints.h"
#include "csv/dialect.h"
#include "csv/profile.h"

struct hw_csv_layout {
    struct hw_csv_dialect dialect;
    /* names; types as given by a schema, else null until they are inferred */
    struct hw_schema schema;
    bool fixed;                            /* the types were given */
    struct hw_csv_constraints constraints; /* given with them */
    uint64_t body_offset;                  /* first byte of the first row */
    uint64_t body_lines;                   /* physical lines before it */
};

/*
 * Finds the layout in `sample`, the first bytes of a text (all of it where `whole`),
 * HW_CSV_BLOCK_MARGIN readable bytes around it. HW_EDATA where there is no header; HW_ELIMIT where
 * the first record does not end in the sample and the sample is not whole: come again with more.
 * Names live in `arena`.
 */
HW_NODISCARD enum hw_status hw_csv_layout_find(hw_view sample, bool whole, const struct hw_csv_options *options,
                                               struct hw_arena *arena, struct hw_csv_layout *out_layout,
                                               struct hw_error *err);

/*
 * Looks at the complete records of a piece of the text that begins with a record, and adds what its
 * columns hold to `profiles`. Bad records are left out: whoever reads the text meets them.
 */
HW_NODISCARD enum hw_status hw_csv_layout_observe(const struct hw_csv_layout *layout,
                                                  const struct hw_csv_options *options, hw_view piece, bool at_end,
                                                  struct hw_csv_profile *profiles, struct hw_error *err);

/* Sets the types that the profiles tell. `last`: a column of nothing but nulls becomes text. */
void hw_csv_layout_types(struct hw_csv_layout *layout, const struct hw_csv_options *options,
                         const struct hw_csv_profile *profiles);

#endif
