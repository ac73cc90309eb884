/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of one source, whatever its format is: what its first bytes say. Each format that can be
 * read row by row is a row of the table in open_rows.c.
 */
#ifndef HW_PIPELINE_OPEN_ROWS_H
#define HW_PIPELINE_OPEN_ROWS_H

#include <hawser/csv.h>

#include "store/location.h"
#include "store/store.h"
#include "table/selection.h"

struct hw_rows_options {
    /* The list of columns (table/selection.h); NULL: all. */
    const char *columns;
    /* Rows to go over, and rows after these that are wanted at most. */
    uint64_t skip;
    uint64_t rows_max;
    const struct hw_csv_options *csv;
    const struct hw_store_options *store;
    int input_fd;
    void (*on_note)(void *ctx, const struct hw_note *note);
    void *ctx;
};

/* Start it zeroed. It must not move while it is open. */
struct hw_rows {
    /* As the source was named; borrowed, as are the options. */
    const char *name;
    const struct hw_rows_options *options;
    /* The object; NULL for standard input, and once the format's stream has opened its own. */
    struct hw_location location;
    struct hw_store *store;
    struct hw_source *source;
    /*
     * The batches of the format, of which `skipped` rows are left out already, and of the columns
     * that are listed alone where it is `selected`.
     */
    struct hw_batch_stream *stream;
    uint64_t skipped;
    bool selected;
    /* The columns that are wanted; it is empty where the stream is `selected`. */
    struct hw_selection selection;
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

/*
 * Opens a source: a path of the command line, or `-`. HW_EDATA for a file whose name says a format
 * that its bytes do not have, HW_EUNSUPPORTED for a format without rows here, HW_EUSAGE for columns
 * that are not there. Release `rows` on failure too.
 */
HW_NODISCARD enum hw_status hw_rows_open(struct hw_rows *rows, const char *source,
                                         const struct hw_rows_options *options, struct hw_error *err);
/*
 * Goes on to the next rows, those from `begin` to `end` of `batch`, which are there until the next
 * call. `*out_more` is false after the last.
 */
HW_NODISCARD enum hw_status hw_rows_next(struct hw_rows *rows, bool *out_more, struct hw_error *err);
void hw_rows_release(struct hw_rows *rows);

#endif
