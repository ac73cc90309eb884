/* SPDX-License-Identifier: Apache-2.0 */
/* Finds how a CSV text is written. */
#ifndef HW_CSV_DIALECT_DETECT_H
#define HW_CSV_DIALECT_DETECT_H

#include <hawser/csv.h>

#include "core/error.h"
#include "core/view.h"
#include "csv/dialect.h"

/*
 * Finds the dialect of a text by `sample`, its first bytes; `whole`: the sample is all of the text.
 * What `options` fixes is taken from there and checked: fails with HW_EUSAGE where two of the bytes
 * that have a meaning are the same.
 */
HW_NODISCARD enum hw_status hw_csv_dialect_detect(hw_view sample, bool whole, const struct hw_csv_options *options,
                                                  struct hw_csv_dialect *out_dialect, struct hw_error *err);

#endif
