/* SPDX-License-Identifier: Apache-2.0 */
/* Finds bytes of a file that nothing in its footer tells of. */
#ifndef HW_PARQUET_GAP_CHECK_H
#define HW_PARQUET_GAP_CHECK_H

#include "parquet/check_report.h"

/* Tells them as file.gap, an info. Filters whose size the footer does not tell are read from. */
HW_NODISCARD enum hw_status hw_gaps_check(struct hw_check_report *report);
/* Returns the end of the last column chunk that lies before the footer. */
uint64_t hw_chunks_end(const struct hw_check_report *report);

#endif
