/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of a CSV text, which is known before its rows are read: its dialect, its columns and
 * the place of its first row.
 */
#ifndef HW_CSV_LAYOUT_H
#define HW_CSV_LAYOUT_H

#include "core/arena.h"
#include "core/limits.h"
#include "csv/constraints.h"
#include "csv/dialect_detect.h"
#include "csv/profile.h"
#include "table/notes.h"
#include "table/projection.h"

struct hw_csv_layout {
    struct hw_csv_dialect dialect;
    /*
     * The columns, under the names that they have in the table once csv/choice has given them.
     * Types are NULL until they are given or inferred.
     */
    struct hw_schema schema;
    const char *const *sources;            /* the names that the text has for the columns */
    const struct hw_projected *projected;  /* one for each column; NULL: nothing is asked of them */
    bool fixed;                            /* all types that are wanted are given */
    struct hw_csv_constraints constraints; /* as the columns and the schema are asked for */
    uint64_t body_offset;                  /* offset of the first row's first byte in the text */
    uint64_t body_lines;                   /* physical lines before the first row */
    struct hw_notes notes;                 /* what was doubtful; texts live where names do */
    /* For messages: the encoding that a sample looks like which is no UTF-8. NULL: it is UTF-8. */
    const char *looks_like;
    uint64_t preamble_lines; /* for messages: see csv/preamble.h */
};

/* Returns whether the type of a column is given, so that no value of it decides one. */
static inline bool hw_csv_layout_given(const struct hw_csv_layout *layout, size_t column) {
    return layout->constraints.columns && layout->constraints.columns[column].given;
}

/* Returns the most columns that a table may have. */
static inline size_t hw_csv_columns_max(const struct hw_csv_options *options) {
    return options->columns_max > 0 ? options->columns_max : HW_CSV_COLUMNS_MAX;
}

/*
 * Finds the layout of a text by its head, around which HW_CSV_BLOCK_MARGIN bytes are readable.
 * Names live in `arena`. Fails with HW_EDATA where there is no record; with HW_EUSAGE where the
 * options name another number of columns; with HW_ELIMIT where the first record does not end in the
 * head, which is not all of the text, so that a longer head may have it.
 */
HW_NODISCARD enum hw_status hw_csv_layout_find(const struct hw_csv_head *head, const struct hw_csv_options *options,
                                               struct hw_arena *arena, struct hw_csv_layout *out_layout,
                                               struct hw_error *err);

/*
 * Looks at the complete records of a piece of the text that begins with a record, and adds their
 * values to `profiles`, one a column. Bad records are left out: whoever reads the text meets them.
 */
HW_NODISCARD enum hw_status hw_csv_layout_observe(const struct hw_csv_layout *layout,
                                                  const struct hw_csv_options *options, hw_view piece, bool at_end,
                                                  struct hw_csv_profile *profiles, struct hw_error *err);

/*
 * Notes how many columns are of texts only for words that programs write for a null, where types
 * are found by values and these words are not taken for null already. The note lives in `arena`.
 */
HW_NODISCARD enum hw_status hw_csv_layout_null_words(struct hw_csv_layout *layout, const struct hw_csv_options *options,
                                                     const struct hw_csv_profile *profiles, struct hw_arena *arena,
                                                     struct hw_error *err);

/*
 * Gives the columns whose types are not given the narrowest ones that hold the values of the
 * profiles, one a column; or the type TEXT, where the options ask for it: then `profiles` may be
 * NULL.
 */
void hw_csv_layout_types(struct hw_csv_layout *layout, const struct hw_csv_options *options,
                         const struct hw_csv_profile *profiles);

#endif
