/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the delimiter of a text. Each candidate splits the first records, and what comes of it is
 * judged: whether records have the same number of fields, and whether the fields look like values
 * on their own.
 */
#ifndef HW_CSV_DELIMITER_DETECT_H
#define HW_CSV_DELIMITER_DETECT_H

#include "core/view.h"
#include "csv/dialect.h"

struct hw_csv_delimiter {
    char byte;
    char rival;  /* another one that fits as well; '\0' where none does */
    bool splits; /* it splits the records */
};

/*
 * Returns the delimiter of `text`, which begins with a record; `whole`: it is all that there is.
 * `dialect` has the rest of the dialect. `hint` is the delimiter that the name of the text speaks
 * for, or '\0': it wins where others fit no better. A comma comes last where several fit equally;
 * where no candidate splits the records, it is a comma.
 */
struct hw_csv_delimiter hw_csv_delimiter_detect(hw_view text, bool whole, const struct hw_csv_dialect *dialect,
                                                char hint);

#endif
