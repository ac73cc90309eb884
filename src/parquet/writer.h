/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parquet writing (format 2.x, parquet.thrift). One encoded piece is one row group. Columns are flat: OPTIONAL, or REQUIRED where
 * the field says so. Data pages are v1; every page has a CRC; statistics, column and offset index, size statistics are always written.
 */
#ifndef HW_PARQUET_WRITER_H
#define HW_PARQUET_WRITER_H

#include "codec/compression.h"
#include "table/writer.h"

enum hw_parquet_encodings {
    HW_PARQUET_COMPACT, /* per column chunk by trial on its first rows, among dictionary, plain, delta, delta-length, byte stream split */
    HW_PARQUET_COMPAT, /* dictionary or plain only: what every old reader takes */
};

struct hw_parquet_key_value {
    const char *key;
    const char *value;
};

struct hw_parquet_options {
    enum hw_codec codec; /* HW_CODEC_DEFAULT: zstd. deflate is HW_EUSAGE */
    int level;           /* HW_LEVEL_DEFAULT: the codec's */
    enum hw_parquet_encodings encodings;
    size_t page_bytes;       /* uncompressed bytes of a data page, 0: 1 MiB */
    size_t page_rows;        /* rows of a data page, 0: 10,000 */
    size_t pending_bytes;    /* pages in work, of all columns together, before all are ended early; 0: 24 MiB */
    size_t dictionary_bytes; /* a dictionary that would grow beyond is closed, 0: 1 MiB */
    bool many_small;         /* thousands of small pieces wait, and of files are open: none holds more than it must */
    const struct hw_parquet_key_value *key_values; /* borrowed until free */
    size_t key_values_count;
};

/* Borrows schema, options' key-values and sink (NULL: for siblings only) until free. */
HW_NODISCARD enum hw_status hw_parquet_writer_new(const struct hw_schema *schema,
                                                  const struct hw_parquet_options *options, struct hw_sink *sink,
                                                  struct hw_table_writer **out_writer, struct hw_error *err);

/* Returns the bytes of memory that compressing takes in one encoder at most. */
size_t hw_parquet_compressor_bytes(const struct hw_parquet_options *options);

#endif
