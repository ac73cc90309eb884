/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cutting a table in parts. Its inputs, one after the other, are cut as if they were one text,
 * into parts of about the same size: a part is a range of a large input, or many small inputs. The
 * cuts depend on the inputs alone, and on the size that was asked for: threads and memory decide
 * who reads a part, and never where it begins.
 */
#ifndef HW_CSV_CUTS_H
#define HW_CSV_CUTS_H

#include "csv/inputs.h"

/*
 * The records of one part: those that start between offset `begin` of the input `first` and offset
 * `limit` of the input `last`.
 */
struct hw_csv_part {
    uint32_t first;
    uint32_t last;
    uint64_t begin;
    uint64_t limit; /* UINT64_MAX: to the end of `last` */
    bool exact;     /* A record starts at `begin`; else the first one after it is to be found. */
};

/*
 * Returns the number of parts that `bytes` of rows are cut in, where a part has `part_bytes` of
 * them at most, unless there would be more than HW_CSV_PARTS_MAX.
 */
uint64_t hw_csv_parts_wanted(uint64_t bytes, uint64_t part_bytes);

/*
 * Cuts the inputs, and appends the parts, struct hw_csv_part each, to `out`. There are
 * HW_CSV_PARTS_MAX at most, since Parquet cannot number more row groups.
 */
HW_NODISCARD enum hw_status hw_csv_cut(const struct hw_csv_input *inputs, size_t count, uint64_t part_bytes,
                                       struct hw_buf *out, struct hw_error *err);

enum { HW_CSV_PARTS_MAX = 1 << 15 };

#endif
