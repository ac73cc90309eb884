/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a Parquet file: pages of other columns and of other rows are not read. */
#ifndef HW_PIPELINE_ROWS_PARQUET_H
#define HW_PIPELINE_ROWS_PARQUET_H

#include "pipeline/rows.h"

/* Opens the stream of the object's rows. Timestamps of INT96 are texts, whatever their year. */
HW_NODISCARD enum hw_status hw_rows_parquet_open(struct hw_rows *rows, struct hw_error *err);

#endif
