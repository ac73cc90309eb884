/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of an Avro file. Its blocks are read in order, up to the last row that is wanted. */
#ifndef HW_PIPELINE_OPEN_ROWS_AVRO_H
#define HW_PIPELINE_OPEN_ROWS_AVRO_H

#include "pipeline/opened_rows.h"

/* Opens the stream of the object's rows, or of those that standard input has. */
HW_NODISCARD enum hw_status hw_open_rows_avro(struct hw_opened_rows *rows, struct hw_error *err);

#endif
