/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes Parquet files (format 2.x, parquet.thrift). One encoded piece is one row group. A field is
 * OPTIONAL unless the schema says that it is required; lists have three levels. Data pages are v1.
 * Every page has a CRC. Statistics, size statistics and both page indexes are always written.
 */
#ifndef HW_PARQUET_WRITER_H
#define HW_PARQUET_WRITER_H

#include "parquet/options.h"
#include "table/writer.h"

/*
 * Makes the writer of a file. It borrows the schema, the pairs of the options and the sink
 * until it is freed. `options` NULL means the defaults; `sink` NULL makes a writer that only has
 * siblings. HW_EUSAGE, HW_EUNSUPPORTED and HW_ELIMIT mean that Parquet does not have the codec, the
 * types or as many columns.
 */
HW_NODISCARD enum hw_status hw_parquet_writer_new(const struct hw_schema *schema,
                                                  const struct hw_parquet_options *options, struct hw_sink *sink,
                                                  struct hw_table_writer **out_writer, struct hw_error *err);

/*
 * Puts the default in the place of every value that is 0, and finds out whether codec and level can
 * be used, before any work is done. `given` NULL means the defaults. HW_EUSAGE where they cannot.
 */
HW_NODISCARD enum hw_status hw_parquet_options_fill(const struct hw_parquet_options *given,
                                                    struct hw_parquet_options *out_options, struct hw_error *err);
/* Returns the most bytes of memory that the compressor of one encoder takes. */
size_t hw_parquet_compressor_bytes(const struct hw_parquet_options *options);

#endif
