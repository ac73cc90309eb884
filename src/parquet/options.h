/* SPDX-License-Identifier: Apache-2.0 */
/* Options for writing Parquet. {0} is what the command line writes without any. */
#ifndef HW_PARQUET_OPTIONS_H
#define HW_PARQUET_OPTIONS_H

#include "codec/compression.h"

enum hw_parquet_encodings {
    /*
     * Each column chunk has the encoding that a trial on its first rows finds smallest, among
     * dictionary, plain, delta, delta-length and byte stream split.
     */
    HW_PARQUET_COMPACT,
    HW_PARQUET_COMPAT, /* Dictionary or plain only: every old reader takes them. */
};

struct hw_parquet_key_value {
    const char *key;
    const char *value;
};

struct hw_parquet_options {
    enum hw_codec codec; /* HW_CODEC_DEFAULT: zstd. HW_CODEC_DEFLATE is HW_EUSAGE. */
    int level;           /* HW_LEVEL_DEFAULT: the codec's */
    enum hw_parquet_encodings encodings;
    size_t page_bytes; /* uncompressed bytes of a data page; 0: 1 MiB */
    size_t page_rows;  /* rows of a data page; 0: 10,000 */
    /*
     * Bytes of the pages in work, of all columns together, at which all of them end early; 0: 24
     * MiB.
     */
    size_t pending_bytes;
    size_t dictionary_bytes; /* A dictionary that would grow beyond is closed; 0: 1 MiB. */
    /* Thousands of pieces wait and of files are open: none holds more than it must. */
    bool many_small;
    const struct hw_parquet_key_value *key_values; /* borrowed as long as the writer is there */
    size_t key_values_count;
};

#endif
