/* SPDX-License-Identifier: Apache-2.0 */
/* Reads page headers (PageHeader of parquet.thrift) of either version of data pages. */
#ifndef HW_PARQUET_PAGE_READ_H
#define HW_PARQUET_PAGE_READ_H

#include "parquet/file_meta.h"

/* The header of a page. Members that its type does not have are zero. */
struct hw_page_head {
    /* The bytes of the header itself. */
    size_t header_bytes;
    enum hw_page_type type;
    uint32_t uncompressed;
    uint32_t compressed;
    bool has_crc;
    uint32_t crc;
    /* The number of values, nulls and what stands for empty lists included. */
    uint32_t values;
    /* Numbers of Encoding, which may be ones that are not in the enum. */
    int32_t encoding;
    int32_t def_encoding;
    int32_t rep_encoding;
    /* These four are of data pages v2. */
    uint32_t nulls;
    uint32_t rows;
    uint32_t def_bytes;
    uint32_t rep_bytes;
    /* Whether the values are compressed by the chunk's codec: a flag of v2, true for all others. */
    bool packed;
    bool has_statistics;
    /* Views of the bytes that were read. */
    struct hw_parquet_statistics statistics;
};

/* The most bytes of a header, statistics of two long texts among them. */
#define HW_PAGE_HEAD_BYTES_MAX HW_MIB(16)

/*
 * Reads the header that `bytes` begins with, which lies at byte `at` of the file. Where it goes on
 * behind `bytes`, sets `*out_more` and returns HW_OK; more bytes are needed then. HW_EDATA for what
 * is no header: a negative size, a page type without its struct, levels of v2 that are longer than
 * the page. A page type that is not known is HW_EUNSUPPORTED.
 */
HW_NODISCARD enum hw_status hw_page_head_read(hw_view bytes, uint64_t at, struct hw_page_head *out_head, bool *out_more,
                                              struct hw_error *err);

#endif
