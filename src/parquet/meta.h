/* SPDX-License-Identifier: Apache-2.0 */
/* Page headers and the footer's structs, as Thrift. */
#ifndef HW_PARQUET_META_H
#define HW_PARQUET_META_H

#include "parquet/row_group.h"
#include "parquet/tree.h"
#include "parquet/options.h"

struct hw_page_header {
    /* A dictionary page; otherwise a data page, v1. */
    bool dictionary;
    /* Nulls included. */
    uint32_t values;
    enum hw_encoding encoding;
    /* Before compression, as all sizes without the header. */
    uint32_t raw_bytes;
    uint32_t stored_bytes;
    /* The CRC-32 of the stored bytes. */
    uint32_t crc;
};

/* The place of a column chunk in the file, and what else its facts do not tell. */
struct hw_chunk_place {
    uint64_t first_data_page;
    /* 0: none. */
    uint64_t dictionary_page;
    /* The codec of its pages, where they are compressed. */
    enum hw_codec codec;
    /* Histograms of a nested column's levels, repetition first; borrowed. */
    const uint64_t *level_counts;
};

HW_NODISCARD enum hw_status hw_page_header_write(const struct hw_page_header *header, struct hw_buf *out,
                                                 struct hw_error *err);
/* ColumnMetaData, its end included. */
HW_NODISCARD enum hw_status hw_column_meta_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts,
                                                 const struct hw_chunk_place *place, struct hw_buf *out,
                                                 struct hw_error *err);
/* FileMetaData up to and without its row groups, and from after them on. */
void hw_file_meta_begin(struct hw_thrift *thrift, const struct hw_tree *tree, uint64_t rows);
void hw_file_meta_end(struct hw_thrift *thrift, const struct hw_tree *tree, const struct hw_parquet_options *options);

#endif
