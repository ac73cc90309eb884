/* SPDX-License-Identifier: Apache-2.0 */
/* Reads Statistics of parquet.thrift, which column chunks and page headers have. */
#ifndef HW_PARQUET_STATISTICS_READ_H
#define HW_PARQUET_STATISTICS_READ_H

#include "parquet/meta_facts.h"
#include "parquet/thrift_read.h"

/* An initializer: statistics that tell nothing. */
#define HW_NO_STATISTICS                                                                                       \
    {                                                                                                          \
        .nulls = HW_META_ABSENT, .distinct = HW_META_ABSENT, .nans = HW_META_ABSENT, .min_exact = HW_TOLD_NOT, \
        .max_exact = HW_TOLD_NOT,                                                                              \
    }

/*
 * Reads a field that is a Statistics, and returns whether it is one; else it is skipped. `*out` is
 * set as a whole. Its texts are views of the bytes that are read.
 */
bool hw_statistics_read(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                        struct hw_parquet_statistics *out);

#endif
