/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a CSV text, packed or not. */
#ifndef HW_PIPELINE_OPEN_ROWS_CSV_H
#define HW_PIPELINE_OPEN_ROWS_CSV_H

#include "pipeline/opened_rows.h"

/* Opens the stream. The types are those of a sample where few rows are wanted. */
HW_NODISCARD enum hw_status hw_open_rows_csv(struct hw_opened_rows *rows, struct hw_error *err);

#endif
