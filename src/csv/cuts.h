/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts a table in parts. Its inputs, one after the other, are cut as if they were one text, into
 * parts of about the same size: a part is a range of a large input, or many small inputs. The cuts
 * depend on nothing but the inputs and the size that was asked for: threads and memory decide who
 * reads a part, but never where it begins.
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
    uint64_t limit; /* UINT64_MAX: the end of `last` */
    /*
     * A record starts at `begin`; otherwise the part's first record is the next one, to be found.
     */
    bool exact;
};

/* The options that decide where a table is cut, beside its inputs. */
struct hw_csv_cut_options {
    uint64_t part_bytes; /* the most bytes of a part, but for HW_CSV_PARTS_MAX */
    size_t columns;      /* columns of the table: wide tables are cut in fewer parts */
};

/*
 * Returns the number of parts that rows of `bytes` bytes are cut in. A part has at most
 * `part_bytes` bytes, or more where there would be more than HW_CSV_PARTS_MAX parts.
 */
uint64_t hw_csv_parts_wanted(uint64_t bytes, const struct hw_csv_cut_options *options);

/*
 * Cuts the inputs, and appends a struct hw_csv_part for each part to `out`. There are at most
 * HW_CSV_PARTS_MAX of them, since Parquet cannot number more row groups.
 */
HW_NODISCARD enum hw_status hw_csv_cut(const struct hw_csv_input *inputs, size_t count,
                                       const struct hw_csv_cut_options *options, struct hw_buf *out,
                                       struct hw_error *err);

enum { HW_CSV_PARTS_MAX = 1 << 15 };

#endif
