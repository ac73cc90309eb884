/* SPDX-License-Identifier: Apache-2.0 */
/* How one CSV text is written: its delimiter, quote and record end. */
#ifndef HW_CSV_DIALECT_H
#define HW_CSV_DIALECT_H

#include <hawser/csv.h>

#include "core/error.h"
#include "core/view.h"

struct hw_csv_dialect {
    char delimiter;
    char quote;            /* '\0': nothing quotes */
    char escape;           /* '\0': none; inside quotes it takes the next byte as it is */
    char comment;          /* '\0': none; records whose first byte it is are left out */
    char end;              /* '\n', before which a '\r' belongs to the record end; or '\r' */
    size_t prefix;         /* bytes before the first record: byte order mark and skipped lines */
    uint64_t prefix_lines; /* physical lines in them */
};

/*
 * Finds the dialect in `sample`, the first bytes of a text (all of it where `whole`). What
 * `options` fixes is taken from there and checked: HW_EUSAGE where two of the bytes are the same.
 */
HW_NODISCARD enum hw_status hw_csv_dialect_detect(hw_view sample, bool whole, const struct hw_csv_options *options,
                                                  struct hw_csv_dialect *out_dialect, struct hw_error *err);

#endif
