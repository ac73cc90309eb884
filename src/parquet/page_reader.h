/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of a column chunk, one after the other: headers checked, CRCs compared, data
 * decompressed. A page is valid until the next one is asked for.
 */
#ifndef HW_PARQUET_PAGE_READER_H
#define HW_PARQUET_PAGE_READER_H

#include "codec/decompression.h"
#include "core/buf.h"
#include "parquet/group_bytes.h"
#include "parquet/page_read.h"

/* A page whose bytes are at hand. 64 bytes behind each view may be read too. */
struct hw_page {
    struct hw_page_head head;
    /* The offset of its header in the file, and its number in the chunk, from 0. */
    uint64_t at;
    size_t number;
    /* Levels as the page has them, without the length that v1 has before each; v1 leaves them in
     * `values`, as only a reader of the column knows whether there are any. */
    hw_view reps;
    hw_view defs;
    hw_view values;
};

/* The place of a page in its chunk. */
struct hw_page_place {
    uint64_t at;
    size_t number;
};

/* The column chunk that is read; all is borrowed. */
struct hw_page_chunk {
    struct hw_group_bytes *bytes;
    /* The number of the chunk in `bytes`, and its range in the file. */
    size_t chunk;
    struct hw_chunk_range range;
    /* The number of its CompressionCodec. */
    int32_t codec;
    /* Pages of v2 are compressed whatever their flag says (Arrow before 3.0). */
    bool v2_packed;
    /* The most bytes of a page before and after decompression. */
    size_t page_bytes_max;
    struct hw_decompressor *decompressor;
};

/* The looks at a page, in this order. */
enum hw_page_look {
    HW_PAGE_LOOK_HEADER,
    /* A dictionary page is the first page. */
    HW_PAGE_LOOK_ORDER,
    HW_PAGE_LOOK_CRC,
    HW_PAGE_LOOK_SIZE,
    HW_PAGE_LOOK_UNPACK,
};

/* Start it zeroed, with `chunk` set. Release it. */
struct hw_page_reader {
    struct hw_page_chunk chunk;
    struct hw_page_place next;
    /* The decompressed bytes of the page. */
    struct hw_buf plain;
    /* Counted over all pages that were read. */
    uint64_t pages;
    uint64_t without_crc;
    /* The page that is being read, and what is looked at: after a failure, where that was. */
    struct hw_page_place current;
    enum hw_page_look look;
};

void hw_page_reader_release(struct hw_page_reader *reader);
/* Begins with the chunk's first page, or goes on with the one at `place`, which was read before. */
void hw_page_reader_go(struct hw_page_reader *reader, struct hw_page_place place);
/*
 * Reads the next page that is no index page. False in `*out_more`, and no page, at the end of the
 * chunk. HW_EDATA where a page is not what its header says, HW_ECHECKSUM becomes HW_EDATA too;
 * HW_ELIMIT for a page that is larger than allowed. The error has the page's number and offset.
 */
HW_NODISCARD enum hw_status hw_page_reader_next(struct hw_page_reader *reader, struct hw_page *out_page, bool *out_more,
                                                struct hw_error *err);
/*
 * Does the same, but the error does not name the page: `reader->current` has its place. Where its
 * header is good, the next call goes on behind it; else the reader stays where it is.
 */
HW_NODISCARD enum hw_status hw_page_reader_try(struct hw_page_reader *reader, struct hw_page *out_page, bool *out_more,
                                               struct hw_error *err);
/*
 * Goes over the next page if it has at most `values_max` values, by its header alone, which is
 * `*out_head`: its bytes are not read. Dictionary and index pages have none. False in
 * `*out_passed`, and the reader stays, where the page has more, and at the end of the chunk, where
 * there is no header. Errors are those of a header.
 */
HW_NODISCARD enum hw_status hw_page_reader_pass(struct hw_page_reader *reader, uint64_t values_max,
                                                struct hw_page_head *out_head, bool *out_passed, struct hw_error *err);
/* Returns the values of a data page, 0 for any other. */
uint32_t hw_page_values(const struct hw_page_head *head);
/* Adds the page's number, and its offset where none is told, to an error. Accepts no error. */
void hw_page_name(const struct hw_page *page, struct hw_error *err);
/* Returns the codec of the number, HW_CODEC_COUNT where it is none that can be read. */
enum hw_codec hw_page_codec_of(int32_t number);
/* Checks that pages of this codec can be read; else HW_EUNSUPPORTED, or HW_EDATA, names it. */
HW_NODISCARD enum hw_status hw_page_codec_check(int32_t number, struct hw_error *err);

#endif
