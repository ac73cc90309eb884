/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Column chunks made page by page, from values that parquet.thrift gives the meaning of, and all
 * that a reader of them works with.
 */
#ifndef HW_TESTS_PARQUET_PAGE_MAKE_H
#define HW_TESTS_PARQUET_PAGE_MAKE_H

#include "codec/checksum.h"
#include "parquet/page_reader.h"
#include "parquet/thrift.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum page_crc { CRC_NONE, CRC_GOOD, CRC_BAD };

/* A page, and what its header says that is not so. */
struct page_made {
    int32_t type;
    int32_t values;
    int32_t encoding;
    /* The bytes behind the header. */
    hw_view bytes;
    /* The bytes after decompression; 0: those that it has. */
    int32_t plain_bytes;
    /* Added to the bytes that it has. */
    int32_t more_bytes;
    enum page_crc crc;
    /* The encodings of the levels of v1; 0: RLE. */
    int32_t def_encoding;
    int32_t rep_encoding;
    /* The bytes of the levels of v2, and whether the rest is compressed. */
    int32_t def_bytes;
    int32_t rep_bytes;
    bool packed;
    /* The statistics of v1 have this as their highest value, which makes a header as long. */
    hw_view bound;
};

enum { PAGES_MAX = 8 };

/* Pages behind the four bytes that a file begins with. */
struct pages_made {
    struct hw_buf file;
    struct memory_source source;
    struct hw_chunk_range range;
    struct hw_page_chunk chunk;
    uint64_t at[PAGES_MAX];
};

static inline void page_v1_write(struct hw_thrift *thrift, const struct page_made *page) {
    hw_thrift_begin(thrift, 5);
    hw_thrift_i32(thrift, 1, page->values);
    hw_thrift_i32(thrift, 2, page->encoding);
    hw_thrift_i32(thrift, 3, page->def_encoding ? page->def_encoding : HW_ENCODING_RLE);
    hw_thrift_i32(thrift, 4, page->rep_encoding ? page->rep_encoding : HW_ENCODING_RLE);
    if (page->bound.size > 0) {
        hw_thrift_begin(thrift, 5);
        hw_thrift_binary(thrift, 1, page->bound.data, page->bound.size);
        hw_thrift_end(thrift);
    }
    hw_thrift_end(thrift);
}

static inline void page_v2_write(struct hw_thrift *thrift, const struct page_made *page) {
    hw_thrift_begin(thrift, 8);
    hw_thrift_i32(thrift, 1, page->values);
    hw_thrift_i32(thrift, 2, 0);
    hw_thrift_i32(thrift, 3, page->values);
    hw_thrift_i32(thrift, 4, page->encoding);
    hw_thrift_i32(thrift, 5, page->def_bytes);
    hw_thrift_i32(thrift, 6, page->rep_bytes);
    hw_thrift_bool(thrift, 7, page->packed);
    hw_thrift_end(thrift);
}

static inline void page_write(const struct page_made *page, struct hw_buf *out) {
    const uint32_t crc = hw_crc32(0, page->bytes.data ? page->bytes.data : "", page->bytes.size);
    const int32_t bytes = (int32_t)page->bytes.size;
    struct hw_thrift thrift;
    hw_thrift_init(&thrift, out, NULL);
    hw_thrift_i32(&thrift, 1, page->type);
    hw_thrift_i32(&thrift, 2, page->plain_bytes ? page->plain_bytes : bytes);
    hw_thrift_i32(&thrift, 3, bytes + page->more_bytes);
    if (page->crc != CRC_NONE) {
        hw_thrift_i32(&thrift, 4, (int32_t)(page->crc == CRC_GOOD ? crc : ~crc));
    }
    if (page->type == HW_PAGE_DATA) {
        page_v1_write(&thrift, page);
    } else if (page->type == HW_PAGE_DICTIONARY) {
        hw_thrift_begin(&thrift, 7);
        hw_thrift_i32(&thrift, 1, page->values);
        hw_thrift_i32(&thrift, 2, page->encoding);
        hw_thrift_end(&thrift);
    } else if (page->type == HW_PAGE_DATA_V2) {
        page_v2_write(&thrift, page);
    }
    hw_thrift_end(&thrift);
    assert_int_equal(thrift.status, HW_OK);
    assert_int_equal(hw_buf_append(out, page->bytes.data, page->bytes.size, NULL), HW_OK);
}

/* Makes a chunk of the pages. */
static inline void pages_make(struct pages_made *made, const struct page_made *pages, size_t count, int32_t codec) {
    *made = (struct pages_made){.range.start = 4};
    assert_int_equal(hw_buf_append_text(&made->file, "PAR1", NULL), HW_OK);
    for (size_t i = 0; i < count; i++) {
        assert_true(i < PAGES_MAX);
        made->at[i] = made->file.size;
        page_write(&pages[i], &made->file);
    }
    made->range.end = made->file.size;
    made->chunk = (struct hw_page_chunk){.range = made->range, .codec = codec, .page_bytes_max = HW_MIB(1)};
}

/* Opens the chunk for reading through windows; pages_close follows also after a failure. */
static inline enum hw_status pages_open_windows(struct pages_made *made, size_t window_bytes, struct hw_error *err) {
    made->source = memory_source(hw_buf_view(&made->file), 0);
    const struct hw_group_bytes_options options = {
        .source = &made->source.base, .ranges = &made->range, .count = 1, .bytes_max = window_bytes};
    HW_TRY(hw_group_bytes_new(&options, &made->chunk.bytes, err));
    return hw_decompressor_new(&made->chunk.decompressor, err);
}

/* Does the same where the chunk is to be read at once. */
static inline enum hw_status pages_open(struct pages_made *made, struct hw_error *err) {
    return pages_open_windows(made, HW_MIB(1), err);
}

static inline void pages_close(struct pages_made *made) {
    hw_group_bytes_free(made->chunk.bytes);
    hw_decompressor_free(made->chunk.decompressor);
    made->chunk.bytes = NULL;
    made->chunk.decompressor = NULL;
}

static inline void pages_release(struct pages_made *made) {
    pages_close(made);
    hw_buf_release(&made->file);
}

/* ------ a reader of pages */

/* A chunk, its reader, and the page that was read last. */
struct page_bench {
    struct pages_made made;
    struct hw_page_reader reader;
    struct hw_page page;
    struct hw_page_head head;
    bool more;
    struct hw_error err;
};

static inline void page_bench_make(struct page_bench *bench, const struct page_made *pages, size_t count,
                                   int32_t codec) {
    *bench = (struct page_bench){.err = HW_ERROR_INIT};
    pages_make(&bench->made, pages, count, codec);
}

static inline void page_bench_go(struct page_bench *bench, size_t page) {
    hw_page_reader_go(&bench->reader, (struct hw_page_place){.at = bench->made.at[page], .number = page});
}

/* Opens what was made for reading through windows of so many bytes. */
static inline void page_bench_start(struct page_bench *bench, size_t window_bytes) {
    assert_ok(pages_open_windows(&bench->made, window_bytes, &bench->err), bench->err);
    bench->reader.chunk = bench->made.chunk;
    page_bench_go(bench, 0);
}

static inline void page_bench_open(struct page_bench *bench, const struct page_made *pages, size_t count,
                                   int32_t codec) {
    page_bench_make(bench, pages, count, codec);
    page_bench_start(bench, HW_MIB(1));
}

static inline void page_bench_close(struct page_bench *bench) {
    hw_page_reader_release(&bench->reader);
    pages_release(&bench->made);
}

static inline enum hw_status page_bench_next(struct page_bench *bench) {
    return hw_page_reader_next(&bench->reader, &bench->page, &bench->more, &bench->err);
}

static inline enum hw_status page_bench_pass(struct page_bench *bench, uint64_t values_max) {
    return hw_page_reader_pass(&bench->reader, values_max, &bench->head, &bench->more, &bench->err);
}

#endif
