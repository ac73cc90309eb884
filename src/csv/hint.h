/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hints: which option would help where a record is bad, judged by the fault and by the look of the
 * record. One table has them all.
 */
#ifndef HW_CSV_HINT_H
#define HW_CSV_HINT_H

#include "csv/rows.h"

/* A fault of one record, and what is known of it. */
struct hw_csv_fault {
    enum hw_csv_reason reason;
    const struct hw_csv_dialect *dialect; /* borrowed */
    hw_view record;                       /* the record without its end */
    size_t at;                            /* offset in it of the byte at fault */
    size_t found;                         /* the number of its fields */
    size_t columns;                       /* the number of fields that it should have */
    bool last_unnamed;                    /* the last column has no name in the header */
    bool header;                          /* the record is the header */
    uint64_t preamble_lines;              /* before the true header, as it seems; 0: not known */
};

/* Returns a sentence, which lives for ever; NULL where no option is known to help. */
const char *hw_csv_hint(const struct hw_csv_fault *fault);

#endif
