/* SPDX-License-Identifier: Apache-2.0 */
/* Options for writing Parquet. {0} is the default of the command line. */
#ifndef HW_PARQUET_OPTIONS_H
#define HW_PARQUET_OPTIONS_H

#include "codec/compression.h"
#include "table/file_pairs.h"

enum hw_parquet_encodings {
    /*
     * Each column chunk has the encoding that a trial on its first rows finds smallest, among
     * dictionary, plain, delta, delta-length and byte stream split.
     */
    HW_PARQUET_COMPACT,
    /* Each column chunk is encoded by dictionary or plain, which every old reader takes. */
    HW_PARQUET_COMPAT,
    /*
     * As HW_PARQUET_COMPACT, with byte stream split also for integers and fixed-length values, and
     * delta byte array, which readers of before 2026 may refuse.
     */
    HW_PARQUET_MAX,
};

struct hw_parquet_options {
    /* HW_CODEC_DEFAULT means zstd. HW_CODEC_DEFLATE is HW_EUSAGE. */
    enum hw_codec codec;
    /* HW_LEVEL_DEFAULT means one that is chosen for each column chunk by `effort`. */
    int level;
    /* The levels among which a trial chooses where `level` asks for none. */
    enum hw_codec_effort effort;
    enum hw_parquet_encodings encodings;
    /*
     * The most bytes of a data page before compression, unless one row has more. 0 means 1 MiB, and
     * 4 MiB for chunks that get smaller by it.
     */
    size_t page_bytes;
    /* The same for chunks that get smaller by longer pages. 0: the default, or `page_bytes`. */
    size_t long_page_bytes;
    /* The most rows of a data page. 0 means 20,000. */
    size_t page_rows;
    /*
     * The same for pages of BYTE_STREAM_SPLIT that are compressed: long ones give each stream
     * blocks of its own. 0 means 131,072, or `page_rows` where that is set.
     */
    size_t split_page_rows;
    /*
     * The most bytes of the pages in work of all columns together. Beyond it all of them end early.
     * 0 means 24 MiB.
     */
    size_t pending_bytes;
    /* The most bytes of a dictionary. One that would get larger is closed. 0 means 1 MiB. */
    size_t dictionary_bytes;
    /*
     * The same where few column chunks are written at a time: the dictionaries of all of them share
     * a quarter of `pending_bytes`, and each has `dictionary_bytes` at least and this at most. 0
     * means 2 MiB, or `dictionary_bytes` where that is set.
     */
    size_t large_dictionary_bytes;
    /*
     * True if there are thousands of open files and of row groups that wait to be written, so that
     * each shall hold no more memory than it needs.
     */
    bool many_small;
    /*
     * The key-value metadata of the file, whose texts are borrowed until the writer is freed. Pairs
     * that do not hold are left out, and so is a sum (parquet/file_sum.h), which the file gets of
     * its own.
     */
    struct hw_file_pairs pairs;
};

#endif
