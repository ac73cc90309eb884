/* SPDX-License-Identifier: Apache-2.0 */
/* All rows of a file as a stream of batches, one row group after the other. */
#ifndef HW_PARQUET_READ_STREAM_H
#define HW_PARQUET_READ_STREAM_H

#include <hawser/batch.h>

#include "parquet/read_columns.h"
#include "parquet/read_file.h"
#include "table/filter.h"

struct hw_read_stream_options {
    /* The columns that are wanted, borrowed for the call alone; NULL: all. */
    const struct hw_selection *selection;
    /* The first row group, and how many are read; 0: all behind it. */
    size_t group_first;
    size_t groups;
    /* Threads that read columns side by side; 0 stands for 1. */
    size_t threads;
    /* The most bytes of pages, dictionaries and a batch; 0: 256 MiB. */
    size_t memory_bytes;
    /* The most bytes of one page; 0: HW_PARQUET_PAGE_BYTES_MAX. */
    size_t page_bytes_max;
    /* The most rows of a batch; 0: 65,536. */
    size_t batch_rows;
    /* Rows that are left out at the beginning; HW_EUSAGE with a condition. */
    uint64_t skip;
    /* The most rows after them; 0: all. */
    uint64_t limit;
    /*
     * A condition on rows of the file's schema, borrowed; groups and pages without rows for which
     * it may be true are left out. NULL: none are.
     */
    const struct hw_filter *filter;
};

/*
 * Makes the stream of a file, which is borrowed and must outlive it. Rows that are left out are not
 * decoded, and groups with none but such are not read.
 */
HW_NODISCARD enum hw_status hw_read_stream_new(const struct hw_read_file *file,
                                               const struct hw_read_stream_options *options,
                                               struct hw_batch_stream **out_stream, struct hw_error *err);
/* Returns the bytes that were read from the file's column chunks so far. */
uint64_t hw_read_stream_bytes(const struct hw_batch_stream *stream);

#endif
