/* SPDX-License-Identifier: Apache-2.0 */
/* Reads SchemaElement of parquet.thrift, with its LogicalType. */
#ifndef HW_PARQUET_META_ELEMENT_H
#define HW_PARQUET_META_ELEMENT_H

#include "parquet/meta_facts.h"
#include "parquet/thrift_read.h"

/* Reads the fields of a struct that has been opened, up to its end. Sets `*out` as a whole. */
void hw_meta_element_read(struct hw_thrift_reader *in, struct hw_parquet_element *out);

#endif
