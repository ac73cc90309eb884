/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that has a schema of its own, as Parquet and Avro have: what all of their formats look
 * like to whoever reads rows of them (rows/reader.h).
 *
 *   format->open(source, &options, &file, err)
 *   file->ops->batches(file, &wanted, &stream, err)       for each of its parts, in any order
 *     stream->next(stream, &batch, &more, err) ...
 *   file->ops->free(file)
 */
#ifndef HW_TABLE_ROW_FILE_H
#define HW_TABLE_ROW_FILE_H

#include <hawser/batch.h>
#include <hawser/io.h>

#include "table/file_pairs.h"
#include "table/filter.h"
#include "table/notes.h"
#include "table/selection.h"

struct hw_row_file;

/* A part of a file that can be read by itself, as a row group. */
struct hw_row_part {
    /* HW_ROWS_UNKNOWN where nobody knows before all of them are read. */
    uint64_t rows;
    /* The bytes of its rows in memory, about, and those in the file. */
    uint64_t bytes;
    uint64_t stored_bytes;
};
#define HW_ROWS_UNKNOWN UINT64_MAX

/* The rows that are wanted of a part. */
struct hw_row_wanted {
    size_t part;
    /* The columns, borrowed as long as the stream; NULL: all. */
    const struct hw_selection *selection;
    /*
     * A condition on rows of the file's schema, borrowed as long as the stream: rows for which it
     * is known not to be true may be left out. NULL: none are.
     */
    const struct hw_filter *filter;
    /* The most rows, from the first one on. */
    uint64_t limit;
    /* The most memory that reading takes, a batch included. */
    size_t memory_bytes;
};

struct hw_row_file_ops {
    /*
     * Makes the stream of a part, whose schema is that of the selection. Several streams of one
     * file may be read at once.
     */
    enum hw_status (*batches)(const struct hw_row_file *file, const struct hw_row_wanted *wanted,
                              struct hw_batch_stream **out_stream, struct hw_error *err);
    /* The source stays open. No stream is left; batches stay. */
    void (*free)(struct hw_row_file *file);
};

struct hw_row_file {
    const struct hw_row_file_ops *ops;
    const struct hw_schema *schema;
    const struct hw_row_part *parts;
    size_t parts_count;
    /* Notes on the schema. */
    const struct hw_notes *notes;
    /*
     * The key-value metadata, without what the format keeps there for itself. `same_schema` says
     * that a file of this format with this schema has the columns that this file has.
     */
    struct hw_file_pairs pairs;
};

struct hw_row_file_options {
    /* HW_INT96_AUTO is HW_INT96_NANOS here. */
    enum hw_int96 int96;
    /* The most bytes of a page or block that are held at once; 0: the format's own limit. */
    size_t page_bytes_max;
};

/* A format, as a row of a table. */
struct hw_row_format {
    const char *name; /* "parquet" */
    /* Reads what the file says of itself. The source is borrowed, until the file is freed. */
    enum hw_status (*open)(struct hw_source *source, const struct hw_row_file_options *options,
                           struct hw_row_file **out_file, struct hw_error *err);
    /*
     * Returns whether an error of a stream says that a timestamp needs another form. NULL: there
     * are none such.
     */
    bool (*wants_int96)(const struct hw_error *error);
};

#endif
