/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row group as batches of the columns that are wanted. The columns of a batch are read side by
 * side by a crew. Memory is bounded whatever the group claims to hold: pages of columns that find
 * no room are let go and read again, and batches get fewer rows.
 */
#ifndef HW_PARQUET_GROUP_READER_H
#define HW_PARQUET_GROUP_READER_H

#include <hawser/batch.h>

#include "core/crew.h"
#include "parquet/group_bytes.h"
#include "parquet/read_columns.h"

struct hw_group_reader_options {
    /* The file, and what its footer says. All is borrowed. */
    struct hw_source *source;
    const struct hw_parquet_meta *meta;
    /* The bytes in front of the footer. */
    uint64_t data_bytes;
    const struct hw_read_columns *columns;
    /* NULL: the caller reads all columns. */
    struct hw_crew *crew;
    /* The most bytes of pages, dictionaries, windows and a batch, except for single large pages. */
    size_t memory_bytes;
    size_t page_bytes_max;
    /* The most rows and, about, the most bytes of a batch; one row is always read. */
    size_t batch_rows_max;
    size_t batch_bytes_max;
    /* All rows of the group will be read. */
    bool whole;
    /*
     * The rows of each leaf, whose memory serves one group after the other, and that of earlier
     * batches; borrowed. NULL: the reader has its own, and frees it.
     */
    struct hw_leaf_rows *rows;
    struct hw_spare_blocks *spare;
};

struct hw_group_reader;

/*
 * Opens a row group by its number. Everything that the footer says of its chunks is checked here,
 * and nothing is read. The error names the row group and the column.
 */
HW_NODISCARD enum hw_status hw_group_reader_new(const struct hw_group_reader_options *options, size_t group,
                                                struct hw_group_reader **out_reader, struct hw_error *err);
/* Batches stay. Accepts NULL. */
void hw_group_reader_free(struct hw_group_reader *reader);
/*
 * Reads the next rows, at most `rows_max`, which is at least 1. At the end of the group, where
 * every column is proved to have ended too, `*out_more` is false and there is no batch. One thread
 * at a time. The batch is the caller's to release and may outlive the reader.
 */
HW_NODISCARD enum hw_status hw_group_reader_next(struct hw_group_reader *reader, size_t rows_max,
                                                 struct hw_batch *out_batch, bool *out_more, struct hw_error *err);
/* Goes over rows, at most as many as are left. */
HW_NODISCARD enum hw_status hw_group_reader_skip(struct hw_group_reader *reader, uint64_t rows, struct hw_error *err);
/* Returns the rows that are left. */
uint64_t hw_group_reader_left(const struct hw_group_reader *reader);
/* Returns the bytes that were read from the file. */
uint64_t hw_group_reader_bytes(const struct hw_group_reader *reader);

#endif
