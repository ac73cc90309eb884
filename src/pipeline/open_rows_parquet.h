/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a Parquet file: pages of other columns and of other rows are not read. */
#ifndef HW_PIPELINE_OPEN_ROWS_PARQUET_H
#define HW_PIPELINE_OPEN_ROWS_PARQUET_H

#include "pipeline/opened_rows.h"

/* Opens the stream of the object's rows. Timestamps of INT96 are texts, whatever their year. */
HW_NODISCARD enum hw_status hw_open_rows_parquet(struct hw_opened_rows *rows, struct hw_error *err);

#endif
