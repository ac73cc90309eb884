/* SPDX-License-Identifier: Apache-2.0 */
/* Parquet as a format of files with rows: its parts are row groups. */
#ifndef HW_PARQUET_ROW_FILE_H
#define HW_PARQUET_ROW_FILE_H

#include "table/row_file.h"

extern const struct hw_row_format hw_parquet_row_format;

#endif
