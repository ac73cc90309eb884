/* SPDX-License-Identifier: Apache-2.0 */
/* The structs of parquet.thrift that a footer is made of, as parquet/file_meta.h reads them. */
#ifndef HW_PARQUET_META_FACTS_H
#define HW_PARQUET_META_FACTS_H

#include "core/arena.h"
#include "core/view.h"
#include "parquet/format.h"

/* A number that the footer does not tell. */
#define HW_META_ABSENT INT64_C(-1)

/* A fact that may be absent. */
enum hw_told { HW_TOLD_NOT = -1, HW_TOLD_FALSE = 0, HW_TOLD_TRUE = 1 };

/* LogicalType. Members that its kind does not have are zero. */
struct hw_logical {
    /* HW_LOGICAL_NONE: there is none. A kind may be one that is not in the enum. */
    int kind;
    int32_t precision;
    int32_t scale;
    /* The unit of times (TimeUnit): 1 milliseconds, 2 microseconds, 3 nanoseconds; 0: another. */
    int unit;
    int bit_width;
    bool utc;
    bool is_signed;
    /* The coordinate reference system of geometries. */
    hw_view crs;
};

/* SchemaElement */
struct hw_parquet_element {
    /* The struct as it stands in the footer, with fields that are not known. */
    hw_view bytes;
    hw_view name;
    /* The number of its Type; -1: it is a group. */
    int32_t physical;
    int32_t type_length;
    /* The number of its FieldRepetitionType; -1: it has none, as the root. */
    int32_t repetition;
    int32_t children_count;
    /* The number of its ConvertedType; HW_CONVERTED_NONE. */
    int32_t converted;
    int32_t scale;
    int32_t precision;
    bool has_field_id;
    int32_t field_id;
    struct hw_logical logical;
};

/* A text with a value, which may be absent. */
struct hw_parquet_pair {
    hw_view key;
    hw_view value;
    bool has_value;
};

/* A bound of statistics; `data` is NULL where there is none. */
struct hw_parquet_statistics {
    /* The older fields, whose order is that of signed bytes or not known. */
    hw_view old_min;
    hw_view old_max;
    hw_view min;
    hw_view max;
    /* HW_META_ABSENT where they are not told. */
    int64_t nulls;
    int64_t distinct;
    int64_t nans;
    enum hw_told min_exact;
    enum hw_told max_exact;
};

/* PageEncodingStats */
struct hw_page_encoding_count {
    int32_t page_type;
    int32_t encoding;
    int32_t pages;
};

/* ColumnChunk with its ColumnMetaData. */
struct hw_parquet_chunk {
    /* The file in which it is, where that is another one; NULL data: this one. */
    hw_view file_path;
    /* False: there is no ColumnMetaData to be read, as in an encrypted column. */
    bool has_meta;
    /* True: it has ColumnCryptoMetaData. */
    bool encrypted;
    int32_t physical;
    int32_t codec;
    const int32_t *encodings;
    size_t encodings_count;
    const hw_view *path;
    size_t path_count;
    int64_t values;
    int64_t uncompressed;
    int64_t compressed;
    int64_t data_offset;
    /* HW_META_ABSENT where they are not told. */
    int64_t index_page_offset;
    int64_t dictionary_offset;
    int64_t bloom_offset;
    int64_t bloom_bytes;
    int64_t offset_index_offset;
    int64_t offset_index_bytes;
    int64_t column_index_offset;
    int64_t column_index_bytes;
    bool has_statistics;
    struct hw_parquet_statistics statistics;
    const struct hw_page_encoding_count *encoding_counts;
    size_t encoding_counts_count;
    const struct hw_parquet_pair *pairs;
    size_t pairs_count;
};

/* SortingColumn */
struct hw_parquet_sorting {
    int32_t column;
    bool descending;
    bool nulls_first;
};

/* RowGroup */
struct hw_parquet_group {
    const struct hw_parquet_chunk *chunks;
    size_t chunks_count;
    int64_t total_bytes;
    int64_t rows;
    const struct hw_parquet_sorting *sorting;
    size_t sorting_count;
    /* HW_META_ABSENT where they are not told. */
    int64_t file_offset;
    int64_t compressed;
};

/* FileMetaData. Start it zeroed. All memory is of the arena, texts are views of the footer. */
struct hw_parquet_meta {
    struct hw_arena arena;
    int32_t version;
    int64_t rows;
    const struct hw_parquet_element *elements;
    size_t elements_count;
    const struct hw_parquet_group *groups;
    size_t groups_count;
    const struct hw_parquet_pair *pairs;
    size_t pairs_count;
    hw_view created_by;
    /* The number of each column's ColumnOrder, 1 for TYPE_ORDER; NULL: none are told. */
    const int *column_orders;
    size_t column_orders_count;
    /* The footer names an algorithm: some columns are encrypted. "" else. */
    const char *encryption;
    /* Bytes behind the struct in the footer, which no reader looks at. */
    size_t trailing;
};

#endif
