/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers the facts that a Parquet file tells of itself, for hawser/inspect.h. */
#ifndef HW_PARQUET_INSPECT_H
#define HW_PARQUET_INSPECT_H

#include "parquet/inspection.h"

/*
 * Reads what `options` asks for of a source, which must live as long as the inspection, and fills
 * in `out` but for its path; it lives as long as the inspection too. The errors are those of
 * hw_read_file_open, and HW_EUSAGE for a column that is not there; those of chunks name row group
 * and column. Release it on failure too.
 */
HW_NODISCARD enum hw_status hw_parquet_inspect(struct hw_inspection *inspection, struct hw_source *source,
                                               const struct hw_inspect_options *options, struct hw_inspected *out,
                                               struct hw_error *err);
/* Accepts a zeroed one. */
void hw_inspection_release(struct hw_inspection *inspection);

#endif
