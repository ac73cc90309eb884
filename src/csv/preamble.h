/* SPDX-License-Identifier: Apache-2.0 */
/* Lines before the header, such as a title, by the number of fields that records have. */
#ifndef HW_CSV_PREAMBLE_H
#define HW_CSV_PREAMBLE_H

#include "core/view.h"
#include "csv/dialect.h"
#include "csv/index.h"

/*
 * Returns the number of physical lines that seem to stand before the header of a text, counted from
 * its true start as --skip-lines does; 0 where its first record seems to be the header. `index` is
 * that of `text`, which begins behind the prefix of the dialect.
 */
uint64_t hw_csv_preamble_lines(const struct hw_csv_index *index, const struct hw_csv_dialect *dialect, hw_view text);

#endif
