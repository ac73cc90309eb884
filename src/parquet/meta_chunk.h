/* SPDX-License-Identifier: Apache-2.0 */
/* Reads ColumnChunk of parquet.thrift, with its ColumnMetaData. */
#ifndef HW_PARQUET_META_CHUNK_H
#define HW_PARQUET_META_CHUNK_H

#include "parquet/meta_parser.h"

/* Reads the fields of a struct that has been opened, up to its end. Sets `*out` as a whole. */
void hw_meta_chunk_read(struct hw_meta_parser *parser, struct hw_parquet_chunk *out);

#endif
