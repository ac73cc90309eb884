/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathers the end of a file from row group to row group, and writes it. Each column chunk's
 * ColumnMetaData, ColumnIndex and OffsetIndex are kept as the bytes that they will be. The indexes
 * come behind the last row group, so that their offsets are only known at the end. Start it zeroed.
 */
#ifndef HW_PARQUET_FOOTER_H
#define HW_PARQUET_FOOTER_H

#include "parquet/meta.h"
#include "parquet/meta_facts.h"

struct hw_footer {
    /* The column chunks: for each a struct column_entry, then its ColumnMetaData. */
    struct hw_buf columns;
    /* The indexes of the column chunks, one after the other. */
    struct hw_buf column_indexes;
    struct hw_buf offset_indexes;
    /* A struct row_group_entry for each row group. */
    struct hw_buf row_groups;
    size_t row_groups_count;
    /* The columns by which row groups are sorted, each a struct hw_parquet_sorting. */
    struct hw_buf sortings;
    /* The sums of the chunks of the row group that comes next. */
    uint64_t raw_bytes;
    uint64_t stored_bytes;
};

/* The function that takes the bytes of the file in their order. */
struct hw_footer_out {
    enum hw_status (*write)(void *ctx, const void *data, size_t bytes, struct hw_error *err);
    void *ctx;
    /* The CRC-64/NVME of all bytes of the file that were written so far. */
    const uint64_t *sum;
};

void hw_footer_release(struct hw_footer *footer);
/* Returns the bytes of memory that it holds. */
size_t hw_footer_held(const struct hw_footer *footer);
/*
 * Adds a column chunk of the row group that hw_footer_add_row_group adds next. Every leaf needs
 * one, in the order of the leaves. After a failure the footer can only be released.
 */
HW_NODISCARD enum hw_status hw_footer_add_chunk(struct hw_footer *footer, const struct hw_leaf *leaf,
                                                const struct hw_row_group *group, size_t column,
                                                const struct hw_chunk_place *place, struct hw_error *err);
/*
 * Tells the columns by which the rows of the next row group are sorted, the most significant first.
 * Without a call its order is not told.
 */
HW_NODISCARD enum hw_status hw_footer_add_sorting(struct hw_footer *footer, const struct hw_parquet_sorting *sorting,
                                                  size_t count, struct hw_error *err);
/* Adds a row group, whose chunks have been added. `at` is the offset of its first page. */
HW_NODISCARD enum hw_status hw_footer_add_row_group(struct hw_footer *footer, uint64_t rows, uint64_t at,
                                                    struct hw_error *err);
/*
 * Writes all indexes, then FileMetaData, its length and the magic. `at` is the size of the file
 * before. A footer that is longer than 2 GiB is HW_ELIMIT.
 */
HW_NODISCARD enum hw_status hw_footer_write(const struct hw_footer *footer, const struct hw_tree *tree,
                                            const struct hw_parquet_options *options, uint64_t at,
                                            const struct hw_footer_out *out, struct hw_error *err);

#endif
