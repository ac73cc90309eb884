/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a schema file asks of the values of a column beyond their type: bounds, a list, a pattern,
 * no value twice. Nulls are never asked (`required` does that). Immutable once read; any thread.
 */
#ifndef HW_CSV_CONSTRAINTS_H
#define HW_CSV_CONSTRAINTS_H

#include <hawser/table.h>

#include "core/arena.h"
#include "core/view.h"
#include "csv/print.h"
#include "csv/rows.h"
#include "table/batch.h"

/* One value, as a batch holds it. */
union hw_csv_value {
    bool truth;
    int64_t integer; /* int64, timestamp */
    int32_t days;
    double real;
    __int128 decimal;
    uint8_t uuid[16];
    hw_view text;
};

/* One column's. All zero: anything goes. */
struct hw_csv_constraint {
    bool has_min;
    bool has_max;
    bool unique;
    uint32_t key; /* of a unique column: its position in the table, whose key the set has for it */
    union hw_csv_value min;
    union hw_csv_value max;
    const char *min_text; /* for messages, as written */
    const char *max_text;
    const char *pattern;               /* NULL: none */
    const union hw_csv_value *allowed; /* sorted by hw_csv_value_compare; NULL: all */
    const char *const *allowed_texts;  /* for messages, as written and in the order of the file */
    size_t allowed_count;
    const char *json; /* the whole of it in one canonical text; NULL: all zero */
};

struct hw_csv_constraints {
    /* one a column of the schema; NULL where no column has any */
    const struct hw_csv_constraint *columns;
    bool unique; /* some column is unique */
};

/* Below 0, 0, above 0. A total order: nan is equal to itself and above all others, -0 equals 0. */
int hw_csv_value_compare(enum hw_kind kind, const union hw_csv_value *a, const union hw_csv_value *b);

/* The value of a row that is not null; bytes beyond it are 0. A text borrows the column's. */
union hw_csv_value hw_csv_value_at(enum hw_kind kind, const struct hw_column *column, size_t row);

/* Writes a value, not of HW_KIND_TEXT, as CSV outputs have it, ended with NUL. */
void hw_csv_value_print(struct hw_type type, const union hw_csv_value *value, char out[HW_PRINT_BYTES]);

/*
 * What the constraint expects, where a value broke it for `reason`: "at least 10". Always ends
 * `out` with NUL.
 */
void hw_csv_constraint_expects(const struct hw_csv_constraint *constraint, enum hw_csv_reason reason, char *out,
                               size_t out_bytes);

#endif
