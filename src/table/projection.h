/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the columns of a table of those of its sources: which of them are taken, in which order,
 * how they are called, and for which a type is given. No format is known here.
 *
 * A source's own names go through the options in this order: select or drop, renames, names_style.
 * What comes of that is the name in the table, by which given types are found.
 */
#ifndef HW_TABLE_PROJECTION_H
#define HW_TABLE_PROJECTION_H

#include <hawser/columns.h>
#include <hawser/table.h>

#include "core/arena.h"
#include "core/error.h"

/* Everything is borrowed. All zero: all columns are taken as they are. */
struct hw_projection {
    const struct hw_columns_options *options; /* NULL: {0} */
    const struct hw_schema *given;            /* the columns whose types are given; NULL: none */
};

enum { HW_PROJECTED_NOT_GIVEN = UINT32_MAX };

/* The fate of one column of a source. */
struct hw_projected {
    const char *name; /* in the table; of a column that is left out, the name that it would have */
    uint32_t given;   /* its number in `given`, or HW_PROJECTED_NOT_GIVEN */
    /* Columns of a table stand in the order of their places; equal places in that of the source. */
    uint32_t place;
    bool left_out;
};

/* Fails with HW_EUSAGE where the options contradict themselves, whatever the sources are. */
HW_NODISCARD enum hw_status hw_projection_check(const struct hw_columns_options *options, struct hw_error *err);

/* Returns whether anything is asked for, beside all columns as they are. */
bool hw_projection_asks(const struct hw_projection *projection);

/*
 * Says in `out`, which has room for `count` columns, what becomes of the columns of one source.
 * Names live in `arena` or where `names` and the options do. Columns that the options name and the
 * source lacks are nothing here. Fails with HW_EDATA where two columns would have one name.
 */
HW_NODISCARD enum hw_status hw_project(const struct hw_projection *projection, const char *const *names, size_t count,
                                       struct hw_arena *arena, struct hw_projected *out, struct hw_error *err);

/*
 * Fails with HW_EDATA where one source of several, whose columns are called `names` in the table,
 * seems to spell a column otherwise than the given types do: it lacks the column, and has another
 * without a given type whose name is nearly the same.
 */
HW_NODISCARD enum hw_status hw_projection_prove_spelling(const struct hw_projection *projection,
                                                         const char *const *names, size_t count, struct hw_error *err);

/*
 * Fails with HW_EDATA, with the nearest name, where the options or given types name a column that
 * is not among `names`, the columns of all sources of a table.
 */
HW_NODISCARD enum hw_status hw_projection_prove(const struct hw_projection *projection, const char *const *names,
                                                size_t count, struct hw_error *err);

#endif
