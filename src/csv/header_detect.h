/* SPDX-License-Identifier: Apache-2.0 */
/* Finds out whether the first record of a text holds names or data. */
#ifndef HW_CSV_HEADER_DETECT_H
#define HW_CSV_HEADER_DETECT_H

#include "core/view.h"
#include "csv/dialect.h"

enum hw_csv_header_guess {
    HW_CSV_HEADER_NAMES,
    HW_CSV_HEADER_NAMES_DOUBTFUL, /* some fields look like the values below them */
    HW_CSV_HEADER_DATA,
};

/*
 * Judges a first record by its fields, as they stand, quotes included. `second` are the fields of
 * the record after it, NULL where it is the only one. A record is data where each field is a
 * number, a time, true or false, or empty, and one at least is not empty; a record that is the only
 * one is data where any field is such a value. Else it holds names. They are doubtful where some
 * fields are such values, and each of these has one of the same look below it.
 */
enum hw_csv_header_guess hw_csv_header_detect(const struct hw_csv_dialect *dialect, const hw_view *first, size_t count,
                                              const hw_view *second, size_t second_count);

#endif
