/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parquet writing (format 2.x, parquet.thrift). One encoded piece is one row group. A field is
 * OPTIONAL, or REQUIRED where it says so; lists have three levels. Data pages are v1. Every page
 * has a CRC; statistics, column and offset index and size statistics are always written.
 */
#ifndef HW_PARQUET_WRITER_H
#define HW_PARQUET_WRITER_H

#include "parquet/options.h"
#include "table/writer.h"

/* Borrows schema, options' key-values and sink (NULL: for siblings only) until free. */
HW_NODISCARD enum hw_status hw_parquet_writer_new(const struct hw_schema *schema,
                                                  const struct hw_parquet_options *options, struct hw_sink *sink,
                                                  struct hw_table_writer **out_writer, struct hw_error *err);

/* Returns the bytes of memory that compressing takes in one encoder at most. */
size_t hw_parquet_compressor_bytes(const struct hw_parquet_options *options);

#endif
