/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads rows of a column chunk, as they are in the file, and hands them out in portions: those of a
 * source, and those of a chunk that was just encoded.
 */
#ifndef HW_OPTIMIZE_COLUMN_READ_H
#define HW_OPTIMIZE_COLUMN_READ_H

#include "codec/decompression.h"
#include "parquet/chunk_locate.h"
#include "parquet/column_reader.h"
#include "parquet/read_file.h"

/* Some rows of a row group of a source. */
struct hw_rewrite_rows {
    const struct hw_read_file *file;
    size_t group;
    uint64_t first;
    uint64_t count;
    /* The number of the file's leaves in `leaves` of the columns of an output. */
    size_t number;
};

struct hw_column_read {
    struct hw_source *source;
    struct hw_located_chunk facts;
    /* A raw leaf (parquet/leaf_raw.h). */
    const struct hw_read_leaf *leaf;
    bool v2_packed;
    uint64_t first;
    /* The place of the first row, where an earlier call has told it; NULL: it is looked for. */
    const struct hw_column_place *start;
    uint64_t count;
    /* The rows end where the chunk does, which is proved. */
    bool to_end;
};

/* The things that a thread reads with. Start it zeroed but for the limits. */
struct hw_column_read_bench {
    struct hw_decompressor *decompressor;
    struct hw_leaf_rows rows;
    /* About the most bytes of pages and values that are held; the most of one page. */
    size_t memory_bytes;
    size_t page_bytes_max;
};

/* Takes rows that were read, which are `bench->rows`, and may change them. */
typedef enum hw_status hw_column_rows_fn(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err);

void hw_column_read_bench_release(struct hw_column_read_bench *bench);

/*
 * Reads the rows. `*out_end` is the place behind the last one. HW_EDATA where the chunk is not what
 * it says; the message names the page, and neither column nor file. HW_ELIMIT for a row that is too
 * large.
 */
HW_NODISCARD enum hw_status hw_column_read(const struct hw_column_read *read, struct hw_column_read_bench *bench,
                                           hw_column_rows_fn *take, void *ctx, struct hw_column_place *out_end,
                                           struct hw_error *err);
/*
 * Reads rows of a source; `start` may be NULL. Errors name the file, the row group and the column.
 */
HW_NODISCARD enum hw_status hw_column_read_source(const struct hw_rewrite_rows *rows, const struct hw_read_leaf *leaf,
                                                  const struct hw_column_place *start,
                                                  struct hw_column_read_bench *bench, hw_column_rows_fn *take,
                                                  void *ctx, struct hw_column_place *out_end, struct hw_error *err);

#endif
