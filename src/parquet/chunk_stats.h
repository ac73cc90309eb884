/* SPDX-License-Identifier: Apache-2.0 */
/* The statistics of a column chunk as programs get them (hawser/parquet.h). */
#ifndef HW_PARQUET_CHUNK_STATS_H
#define HW_PARQUET_CHUNK_STATS_H

#include <hawser/parquet.h>

#include "parquet/read_file.h"

/*
 * Makes the statistics that the footer has of the chunk of a leaf. Both numbers must be those of a
 * row group and of a leaf of the file. HW_EDATA and HW_EUNSUPPORTED as hw_chunk_locate has them.
 */
HW_NODISCARD enum hw_status hw_chunk_stats_make(const struct hw_read_file *file, size_t group, size_t leaf,
                                                struct hw_parquet_stats *out_stats, struct hw_error *err);

#endif
