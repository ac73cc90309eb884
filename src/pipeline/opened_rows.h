/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of one source in the making: what all formats of pipeline/open_rows share. Each format
 * is a file, open_rows_*.
 */
#ifndef HW_PIPELINE_OPENED_ROWS_H
#define HW_PIPELINE_OPENED_ROWS_H

#include <hawser/csv.h>

#include "pipeline/opened_object.h"
#include "table/selection.h"

struct hw_open_rows_options {
    /* The list of columns (table/selection.h); NULL: all. */
    const char *columns;
    /* Rows to go over, and rows after these that are wanted at most. */
    uint64_t skip;
    uint64_t rows_max;
    const struct hw_csv_options *csv;
    const struct hw_store_options *store;
    int input_fd;
    /* The most memory, threads and bytes of a page that reading takes; 0: the format's default. */
    uint64_t memory_bytes;
    uint32_t threads;
    uint64_t page_bytes_max;
    void (*on_note)(void *ctx, const struct hw_note *note);
    void *ctx;
};

/* Start it zeroed. It must not move while it is open. */
struct hw_opened_rows {
    /* As the source was named; borrowed, as are the options. */
    const char *name;
    const struct hw_open_rows_options *options;
    /* The object; NULL for standard input, and once a format has closed it to open it itself. */
    struct hw_opened_object object;
    /* Whatever the format keeps, and the function that releases it after the stream. */
    void *file;
    void (*file_free)(void *file);
    /* The batches of the format, of which it leaves out `skipped` rows itself. */
    struct hw_batch_stream *stream;
    uint64_t skipped;
    /* The columns that are wanted. Where `selected`, the stream has no others. */
    struct hw_selection selection;
    bool selected;
    /* The schema of the rows. */
    const struct hw_schema *schema;
    /* The batch at hand, and those of its rows that are wanted. */
    struct hw_batch whole;
    struct hw_arena arena;
    struct hw_batch batch;
    size_t begin;
    size_t end;
    uint64_t to_skip;
    uint64_t left;
};

#endif
