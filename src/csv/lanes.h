/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses eight fields of a column at once where the processor has AVX-512: each lane does for the
 * common forms of a value what csv/number.h and csv/datetime.h do. Fields of any other form are
 * left to those.
 */
#ifndef HW_CSV_LANES_H
#define HW_CSV_LANES_H

#include <hawser/table.h>

#include "csv/number.h"

enum { HW_LANES = 8 };

/* The fields of one column, as struct hw_csv_rows has them. */
struct hw_lanes {
    const char *data; /* HW_CSV_BLOCK_MARGIN bytes are readable on both sides */
    /* Points to the end of the column's field in row 0. The ends of the row lie side by side. */
    const uint32_t *ends;
    const uint32_t *starts; /* the starts of the rows for the first column; NULL for the others */
    size_t stride;          /* ends in a row */
    uint32_t tail_bytes;    /* bytes of the delimiter behind its first one */
    size_t rows;
    struct hw_digits digits; /* raised for doubles, as hw_parse_double does it */
};

/*
 * Parses rows from `row` on, a multiple of HW_LANES, by HW_LANES at a time; stops after those in
 * which some field is left to the caller, or after the last row. Returns the row at which it
 * stopped. Bit i of `*out_left` says that the i-th of the last HW_LANES rows is left; its value is
 * unspecified.
 */
typedef size_t hw_lanes_fn(struct hw_lanes *lanes, size_t row, void *values, uint8_t *out_left);

/*
 * Returns the function that parses columns of `type` as hw_parse_int64, hw_parse_double,
 * hw_parse_date or, for whole seconds, hw_parse_timestamp do. Returns NULL where there is none for
 * the type, or none that this processor can run.
 */
hw_lanes_fn *hw_lanes_for(struct hw_type type);

#endif
