/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constraints, which a schema file puts on the values of a column beyond their type: bounds, a
 * list, a pattern, no value twice. Nulls meet all of them; whether nulls are allowed is `required`.
 * The spelling of the values of a column comes with them.
 * They never change once they are read, so all threads may use them.
 */
#ifndef HW_CSV_CONSTRAINTS_H
#define HW_CSV_CONSTRAINTS_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/view.h"
#include "table/print.h"
#include "csv/rows.h"
#include "table/batch.h"

struct hw_csv_spelling;

/* One value, as a batch holds it. Its member depends on the kind. */
union hw_csv_value {
    bool truth;
    int64_t integer; /* of an int64 or a timestamp */
    int32_t days;    /* of a date */
    double real;
    __int128 decimal;
    uint8_t uuid[16];
    hw_view text;
};

/* The texts that are null in one column, besides the empty one. */
struct hw_csv_null_words {
    const char *const *texts;
    size_t count;
    bool quoted; /* they are null in quotes too */
};

/* The constraints on one column. All zero: every value is allowed, and the type is inferred. */
struct hw_csv_constraint {
    bool given;    /* its type is given, so a value that does not fit makes its record bad */
    bool left_out; /* nobody wants its values, so they are not parsed */
    bool has_min;
    bool has_max;
    bool unique;
    uint32_t key; /* where unique: position of the column in the table, by which the set knows it */
    union hw_csv_value min;
    union hw_csv_value max;
    const char *min_text; /* the bounds as the file has them, for messages */
    const char *max_text;
    const char *pattern;               /* NULL: there is none */
    const union hw_csv_value *allowed; /* sorted by hw_csv_value_compare; NULL: all are allowed */
    const char *const *allowed_texts;  /* these as the file has them, in its order, for messages */
    size_t allowed_count;
    /* The way in which the values are written; NULL: as the options say. */
    const struct hw_csv_spelling *spelling;
    const struct hw_csv_null_words *nulls; /* the same of its nulls */
    /* All of the constraint as one canonical text; NULL where it is all zero. */
    const char *json;
};

struct hw_csv_constraints {
    /* One for each column of the schema; NULL where all of them are all zero. */
    const struct hw_csv_constraint *columns;
    bool unique; /* some column is unique */
};

/*
 * Compares two values: returns a number below 0, 0, or above 0. This is a total order: nan equals
 * itself and is above all others, and -0 equals 0.
 */
int hw_csv_value_compare(enum hw_kind kind, const union hw_csv_value *a, const union hw_csv_value *b);

/*
 * Returns the value of a row that is not null. Bytes of the union beyond the value are 0. A text
 * borrows the bytes of the column.
 */
union hw_csv_value hw_csv_value_at(enum hw_kind kind, const struct hw_column *column, size_t row);

/* Prints a value of any kind but HW_KIND_TEXT as CSV outputs have it, and ends it with a NUL. */
void hw_csv_value_print(struct hw_type type, const union hw_csv_value *value, char out[HW_PRINT_BYTES]);

/*
 * Writes what a constraint expects of a value that breaks it for `reason`: "at least 10". The text
 * is cut where it is too long for `out`, and always ends with a NUL.
 */
void hw_csv_constraint_expects(const struct hw_csv_constraint *constraint, enum hw_csv_reason reason, char *out,
                               size_t out_bytes);

#endif
