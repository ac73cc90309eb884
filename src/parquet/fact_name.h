/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names that parquet.thrift gives to the numbers of a footer, beside those of parquet/format.h.
 * NULL for a number that it does not know.
 */
#ifndef HW_PARQUET_FACT_NAME_H
#define HW_PARQUET_FACT_NAME_H

#include "core/buf.h"
#include "parquet/meta_facts.h"

/* "ZSTD" */
const char *hw_page_codec_name(int32_t codec);
/* "TIMESTAMP_MICROS" */
const char *hw_converted_name(int32_t converted);
/* "required", "optional", "repeated" */
const char *hw_repetition_name(int32_t repetition);
/* "unordered", "ascending", "descending" */
const char *hw_boundary_order_name(int32_t order);

/*
 * Appends a logical type with its members: "timestamp(us,utc)", "decimal(9,2)", "int(8,signed)",
 * "geometry(OGC:CRS84)". One that is not known is "unknown(99)".
 */
HW_NODISCARD enum hw_status hw_logical_format(const struct hw_logical *logical, struct hw_buf *out,
                                              struct hw_error *err);

#endif
