/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how a CSV text is written. */
#ifndef HW_CSV_DIALECT_DETECT_H
#define HW_CSV_DIALECT_DETECT_H

#include <hawser/csv.h>

#include "core/error.h"
#include "core/view.h"
#include "csv/dialect.h"

/* The first bytes of a text, by which its form is found. */
struct hw_csv_head {
    hw_view bytes;
    bool whole;       /* they are all of the text */
    const char *name; /* the name of the text, whose extension may speak for a delimiter */
};

/*
 * Finds the dialect of a text. What `options` fixes is taken from there and checked: fails with
 * HW_EUSAGE where two of the bytes that have a meaning are the same. `*out_rival` is a delimiter
 * that fits as well as that of the dialect, or '\0'; a blank stands for runs of blanks.
 */
HW_NODISCARD enum hw_status hw_csv_dialect_detect(const struct hw_csv_head *head, const struct hw_csv_options *options,
                                                  struct hw_csv_dialect *out_dialect, char *out_rival,
                                                  struct hw_error *err);

#endif
