/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checking parsed columns against their constraints, a column of a block at a time. One worker's.
 */
#ifndef HW_CSV_CHECKS_H
#define HW_CSV_CHECKS_H

#include "core/buf.h"
#include "csv/constraints.h"
#include "csv/unique.h"

struct hw_csv_checks;

/*
 * Borrows all. `unique` is the object's set: its workers must run one after the other, in the order
 * of the rows. NULL where no column is unique.
 */
HW_NODISCARD enum hw_status hw_csv_checks_new(const struct hw_schema *schema,
                                              const struct hw_csv_constraints *constraints,
                                              struct hw_csv_unique *unique, struct hw_csv_checks **out_checks,
                                              struct hw_error *err);
void hw_csv_checks_free(struct hw_csv_checks *checks);

/*
 * Adds a struct hw_csv_wrong to `wrong` for every value of the column that breaks bounds, list or
 * pattern.
 */
HW_NODISCARD enum hw_status hw_csv_checks_column(struct hw_csv_checks *checks, const struct hw_csv_rows *rows,
                                                 size_t column, const struct hw_column *values, struct hw_buf *wrong,
                                                 struct hw_error *err);

/*
 * Goes through the rows, all of which must be good but for this: a row that repeats a value of a
 * unique column is added to `wrong`, the values of the others to the set. So call it once for every
 * row.
 */
HW_NODISCARD enum hw_status hw_csv_checks_unique(struct hw_csv_checks *checks, const struct hw_csv_rows *rows,
                                                 const struct hw_column *columns, struct hw_buf *wrong,
                                                 struct hw_error *err);

#endif
