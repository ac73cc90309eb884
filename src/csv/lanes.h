/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight fields of a column at once, where the processor has AVX-512: what csv/number.h and
 * csv/datetime.h make of the common forms of a value, lane by lane. Fields that look any different
 * are left to those.
 */
#ifndef HW_CSV_LANES_H
#define HW_CSV_LANES_H

#include <hawser/table.h>

#include "csv/number.h"

enum { HW_LANES = 8 };

/* The fields of one column, as struct hw_csv_rows has them. */
struct hw_lanes {
    const char *data; /* HW_CSV_BLOCK_MARGIN bytes are readable on both sides */
    /* of the field in row 0; those before and after it in the row lie beside it */
    const uint32_t *ends;
    const uint32_t *starts; /* by row, of the first column; NULL for the others */
    size_t stride;          /* ends a row */
    size_t rows;
    struct hw_digits digits; /* doubles: raised as by hw_parse_double */
};

/*
 * Parses from `row`, a multiple of HW_LANES, to the end of the first HW_LANES rows in which some
 * field is left to the caller, or to the last row. Returns the row after them. Bit i of
 * `*out_left`: the i-th of the last HW_LANES rows is left; its value is unspecified.
 */
typedef size_t hw_lanes_fn(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left);

/*
 * What does as hw_parse_int64, hw_parse_double, hw_parse_date and, of whole seconds,
 * hw_parse_timestamp do for columns of `type`; NULL where there is none, or not on this processor.
 */
hw_lanes_fn *hw_lanes_for(struct hw_type type);

#endif
