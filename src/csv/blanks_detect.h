/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds whether runs of blanks separate the fields of a text that no other delimiter splits. Prose
 * and single columns of texts have blanks too, so it takes more than the same number of words in
 * all records: most of these must be values, and stand below names.
 */
#ifndef HW_CSV_BLANKS_DETECT_H
#define HW_CSV_BLANKS_DETECT_H

#include "core/view.h"
#include "csv/dialect.h"

enum hw_csv_blanks {
    HW_CSV_BLANKS_NONE,
    HW_CSV_BLANKS_DOUBTFUL, /* they may separate fields: somebody should be told */
    HW_CSV_BLANKS_DELIMIT,
};

/*
 * Judges `text`, which begins with a record; `whole`: it is all that there is. `dialect` has all
 * but the delimiter.
 */
enum hw_csv_blanks hw_csv_blanks_detect(hw_view text, bool whole, const struct hw_csv_dialect *dialect);

#endif
