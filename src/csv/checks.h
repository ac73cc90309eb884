/* SPDX-License-Identifier: Apache-2.0 */
/* Checks parsed columns against their constraints, a column of a block at a time. One worker's. */
#ifndef HW_CSV_CHECKS_H
#define HW_CSV_CHECKS_H

#include "core/buf.h"
#include "csv/constraints.h"
#include "csv/unique.h"

struct hw_csv_checks;

/*
 * Makes the checks of a table. Borrows all. `unique` is the set of values of the table, NULL where
 * no column is unique; with it, workers must run one after the other, in the order of the rows.
 */
HW_NODISCARD enum hw_status hw_csv_checks_new(const struct hw_schema *schema,
                                              const struct hw_csv_constraints *constraints,
                                              struct hw_csv_unique *unique, struct hw_csv_checks **out_checks,
                                              struct hw_error *err);
void hw_csv_checks_free(struct hw_csv_checks *checks);

/*
 * Appends a struct hw_csv_wrong to `wrong` for each value of the column that breaks its bounds, its
 * list or its pattern.
 */
HW_NODISCARD enum hw_status hw_csv_checks_column(struct hw_csv_checks *checks, const struct hw_csv_rows *rows,
                                                 size_t column, const struct hw_column *values, struct hw_buf *wrong,
                                                 struct hw_error *err);

/*
 * Appends a struct hw_csv_wrong to `wrong` for each row that repeats a value of a unique column,
 * and adds the values of the other rows to the set. All rows must be good in every other respect,
 * and each row may be given once only.
 */
HW_NODISCARD enum hw_status hw_csv_checks_unique(struct hw_csv_checks *checks, const struct hw_csv_rows *rows,
                                                 const struct hw_column *columns, struct hw_buf *wrong,
                                                 struct hw_error *err);

#endif
