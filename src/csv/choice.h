/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Applies what is asked of the columns to texts and to the table that they make: names and places
 * as table/projection has them, types and constraints as a schema file has them.
 */
#ifndef HW_CSV_CHOICE_H
#define HW_CSV_CHOICE_H

#include "csv/layout.h"
#include "csv/schema_file.h"

/* Everything is borrowed. All zero: all columns are taken, and their types inferred. */
struct hw_csv_choice {
    const struct hw_columns_options *columns;
    const struct hw_schema_file *given; /* NULL: no types are given */
};

/* Returns the name of the column that is added for the names of sources; NULL where none is. */
const char *hw_csv_choice_added(const struct hw_csv_choice *choice);

/*
 * Gives the columns of one text their names in the table, and those whose types are given their
 * types and constraints. Says which are left out. What is made lives in `arena`.
 */
HW_NODISCARD enum hw_status hw_csv_choice_apply(const struct hw_csv_choice *choice, struct hw_arena *arena,
                                                struct hw_csv_layout *layout, struct hw_error *err);

/*
 * Gives the columns of the table that one text makes by itself: those that are not left out, in the
 * order that is asked for. Borrows the layout. Fails with HW_EDATA where there are none.
 */
HW_NODISCARD enum hw_status hw_csv_choice_schema(const struct hw_csv_layout *layout, struct hw_arena *arena,
                                                 struct hw_schema *out_schema, struct hw_error *err);

/*
 * Gives the same to the columns of a table, which have their names. Where a column is added for the
 * names of sources, it is the last one.
 */
HW_NODISCARD enum hw_status hw_csv_choice_apply_table(const struct hw_csv_choice *choice, struct hw_arena *arena,
                                                      struct hw_csv_layout *layout, struct hw_error *err);

/*
 * Fails with HW_EDATA where a column is asked for that is not among `names`, which the texts of a
 * table have for their columns.
 */
HW_NODISCARD enum hw_status hw_csv_choice_prove(const struct hw_csv_choice *choice, const char *const *names,
                                                size_t count, struct hw_error *err);

/*
 * Fails with HW_EDATA where one text of several, whose columns are called `names` in the table,
 * seems to spell a column otherwise than the schema does.
 */
HW_NODISCARD enum hw_status hw_csv_choice_prove_spelling(const struct hw_csv_choice *choice, const char *const *names,
                                                         size_t count, struct hw_error *err);

/* Fails with HW_EDATA, since no column of a table is left. */
HW_NODISCARD enum hw_status hw_csv_choice_lacks_columns(struct hw_error *err);

#endif
