/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what ends the records of a text. */
#ifndef HW_CSV_RECORD_END_DETECT_H
#define HW_CSV_RECORD_END_DETECT_H

#include "core/view.h"

struct hw_csv_end_found {
    char end;       /* '\n' or '\r', as struct hw_csv_dialect has it */
    bool double_cr; /* most records end with CR CR LF */
};

/*
 * Returns what ends most of the records in `sample`, the first bytes of a text. Bytes in quotes do
 * not count; `quote` is '\0' where nothing quotes. LF where nothing ends a record.
 */
struct hw_csv_end_found hw_csv_record_end_detect(hw_view sample, char quote);

#endif
