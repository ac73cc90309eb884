/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the page indexes of a column chunk, and its bloom filter, with the pages found. */
#ifndef HW_PARQUET_INDEX_CHECK_H
#define HW_PARQUET_INDEX_CHECK_H

#include "parquet/bloom_read.h"
#include "parquet/chunk_walk.h"
#include "parquet/page_index_read.h"

/* Bytes of the file behind its chunks, as indexes of one kind lie behind each other. */
struct hw_index_window {
    struct hw_buf bytes;
    uint64_t at;
};

/* Shared by all chunks of a file. Start it zeroed, with the first two members set. */
struct hw_index_reader {
    struct hw_check_report *report;
    /* The end of the last column chunk. */
    uint64_t chunks_end;
    struct hw_index_window offsets;
    struct hw_index_window columns;
};

void hw_index_reader_release(struct hw_index_reader *reader);

/* The indexes of a chunk. Start it zeroed. They are views of the reader's windows. */
struct hw_chunk_indexes {
    /* False: there is none that could be read. */
    bool has_offsets;
    bool has_columns;
    struct hw_offset_index offsets;
    struct hw_column_index columns;
};

/*
 * Reads the indexes of a chunk, valid until those of the next one are read. One that is damaged is
 * told as index.offset or index.column. Release them.
 */
HW_NODISCARD enum hw_status hw_chunk_indexes_read(struct hw_index_reader *reader, const struct hw_parquet_chunk *chunk,
                                                  struct hw_chunk_indexes *indexes);
void hw_chunk_indexes_release(struct hw_chunk_indexes *indexes);
/* Compares them with the pages that were found, and their bounds with each other. */
HW_NODISCARD enum hw_status hw_chunk_indexes_check(const struct hw_chunk_indexes *indexes,
                                                   const struct hw_chunk_walk *walk);
/*
 * Reads the header of a chunk's bloom filter, and tells one that is damaged as bloom.header. False
 * in `*out_there` without a filter that can be read.
 */
HW_NODISCARD enum hw_status hw_bloom_head_check(struct hw_check_report *report, const struct hw_parquet_chunk *chunk,
                                                struct hw_bloom_head *out_head, bool *out_there);

#endif
