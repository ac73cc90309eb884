/* SPDX-License-Identifier: Apache-2.0 */
/* Writes page headers and the structs of the footer as Thrift (parquet.thrift). */
#ifndef HW_PARQUET_META_H
#define HW_PARQUET_META_H

#include "parquet/options.h"
#include "parquet/row_group.h"
#include "parquet/tree.h"

struct hw_page_header {
    /* True for a dictionary page, false for a data page v1. */
    bool dictionary;
    /* The number of values, nulls included. */
    uint32_t values;
    enum hw_encoding encoding;
    /* The size of the page before compression, without the header. */
    uint32_t raw_bytes;
    /* The size of the page in the file, without the header. */
    uint32_t stored_bytes;
    /* The CRC-32 of the stored bytes. */
    uint32_t crc;
};

/* The place of a column chunk in the file, and more that its facts do not tell. */
struct hw_chunk_place {
    /* The offset of its first data page. */
    uint64_t first_data_page;
    /* The offset of its dictionary page; 0 if there is none. */
    uint64_t dictionary_page;
    /* The codec of its pages, which counts if they are compressed. */
    enum hw_codec codec;
    /*
     * The histograms of a nested column's levels, borrowed: how often each repetition level comes,
     * then each definition level.
     */
    const uint64_t *level_counts;
    /* The offset of its bloom filter, and the bytes of that with its header; 0: it has none. */
    uint64_t bloom_at;
    uint64_t bloom_bytes;
};

/*
 * Returns the number of a codec in CompressionCodec of parquet.thrift, -1 for one that is not
 * there.
 */
int32_t hw_page_codec_number(enum hw_codec codec);
/* Appends a PageHeader. */
HW_NODISCARD enum hw_status hw_page_header_write(const struct hw_page_header *header, struct hw_buf *out,
                                                 struct hw_error *err);
/* Appends a ColumnMetaData. */
HW_NODISCARD enum hw_status hw_column_meta_write(const struct hw_leaf *leaf, const struct hw_chunk_facts *facts,
                                                 const struct hw_chunk_place *place, struct hw_buf *out,
                                                 struct hw_error *err);
/*
 * Writes the fields of FileMetaData before its row groups: version, schema, number of rows. The
 * caller writes the row groups, field 4.
 */
void hw_file_meta_begin(struct hw_thrift *thrift, const struct hw_tree *tree, uint64_t rows);
/*
 * Writes the fields of FileMetaData after its row groups, and its end. The last key-value pair is
 * that of parquet/file_sum.h, with `sum` as that of the bytes before the footer; a pair of the same
 * name in the options is left out. Returns where the digits of the footer's own sum are in the
 * bytes of `thrift`: they are zeros, as that sum counts them.
 */
size_t hw_file_meta_end(struct hw_thrift *thrift, const struct hw_tree *tree, const struct hw_parquet_options *options,
                        uint64_t sum);

#endif
