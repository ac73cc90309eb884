/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a small Parquet file of two row groups with the columns "n", int32, and "s.t", a text in a
 * struct that may be null. Its facts are those of struct made_facts, which a test may make wrong.
 * All is written by the writer of Thrift, which test_thrift.c holds to the specification.
 */
#ifndef HW_TESTS_FILE_MAKE_H
#define HW_TESTS_FILE_MAKE_H

#include "codec/checksum.h"
#include "core/buf.h"
#include "parquet/format.h"
#include "parquet/thrift.h"
#include "support/rows.h"

/* A page of the texts "a", "b" and a null: definition levels of two bits, then PLAIN. */
#define MADE_TEXTS "\2\0\0\0\3\x1a\1\0\0\0a\1\0\0\0b"

enum { MADE_GROUPS = 2, MADE_COLUMNS = 2, MADE_ROWS = 3 };

/* Facts of the second row group's chunk of "s.t" and of the file. Start with made_facts. */
struct made_facts {
    int64_t file_rows, group_rows, values, nulls, codec, physical, compressed_more, data_more, total_more;
    int64_t index_at, index_bytes, bloom_at, bloom_bytes, sorting, chunks;
    const char *min, *max, *name, *file_path, *checksum;
    /* The pages of that chunk, and what is behind them; NULL data: one page of MADE_TEXTS. */
    hw_view pages;
    /* The values of the second row group's chunk of "n", which tells of 1 to 3; NULL: 3, 2, 1. */
    const char *numbers;
    /* The bloom filter of the texts, with its header; NULL data: there is none. */
    hw_view filter;
    /* The footer tells that bounds have the order of their types. */
    bool ordered;
    int64_t distinct; /* values; -1: the statistics do not tell */
    int64_t logical, trailing;
    bool no_meta, encrypted;
};

static const struct made_facts made_facts = {.file_rows = MADE_GROUPS * MADE_ROWS,
                                             .group_rows = MADE_ROWS,
                                             .values = MADE_ROWS,
                                             .nulls = 1,
                                             .codec = HW_PAGE_CODEC_NONE,
                                             .physical = HW_PHYSICAL_BYTE_ARRAY,
                                             .index_at = -1,
                                             .bloom_at = -1,
                                             .chunks = MADE_COLUMNS,
                                             .min = "a",
                                             .max = "b",
                                             .distinct = -1,
                                             .name = "t",
                                             .logical = HW_LOGICAL_STRING};

/* The places of a chunk in the file. */
struct made_chunk {
    int64_t at, bytes, index_at, index_bytes, bounds_at, bounds_bytes;
};

static inline void made_element(struct hw_thrift *out, const char *name, int physical, int repetition, int children) {
    hw_thrift_put_begin(out);
    if (physical >= 0) {
        hw_thrift_i32(out, 1, physical);
    }
    if (repetition >= 0) {
        hw_thrift_i32(out, 3, repetition);
    }
    hw_thrift_text(out, 4, name);
    if (children > 0) {
        hw_thrift_i32(out, 5, children);
    }
}

/* A page v1 of so many values and bytes, with a CRC in the first row group only. */
static inline void made_page(struct hw_buf *file, const void *data, size_t bytes, bool crc) {
    struct hw_thrift out;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_i32(&out, 1, HW_PAGE_DATA);
    hw_thrift_i32(&out, 2, (int32_t)bytes);
    hw_thrift_i32(&out, 3, (int32_t)bytes);
    if (crc) {
        hw_thrift_i32(&out, 4, (int32_t)hw_crc32(0, data, bytes));
    }
    hw_thrift_begin(&out, 5);
    hw_thrift_i32(&out, 1, MADE_ROWS);
    hw_thrift_i32(&out, 2, HW_ENCODING_PLAIN);
    hw_thrift_i32(&out, 3, HW_ENCODING_RLE);
    hw_thrift_i32(&out, 4, HW_ENCODING_RLE);
    hw_thrift_end(&out);
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    assert_int_equal(hw_buf_append(file, data, bytes, NULL), HW_OK);
}

static inline void made_indexes(struct hw_buf *file, struct made_chunk *chunk) {
    struct hw_thrift out;
    chunk->index_at = (int64_t)file->size;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_list(&out, 1, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(&out);
    hw_thrift_i64(&out, 1, chunk->at);
    hw_thrift_i32(&out, 2, (int32_t)chunk->bytes);
    hw_thrift_i64(&out, 3, 0);
    hw_thrift_end(&out);
    hw_thrift_end(&out);
    chunk->index_bytes = (int64_t)file->size - chunk->index_at;
    chunk->bounds_at = (int64_t)file->size;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_list(&out, 1, HW_THRIFT_BOOL, 1);
    hw_thrift_put_bool(&out, false);
    hw_thrift_list(&out, 2, HW_THRIFT_BINARY, 1);
    hw_thrift_put_binary(&out, "\1\0\0\0", 4);
    hw_thrift_list(&out, 3, HW_THRIFT_BINARY, 1);
    hw_thrift_put_binary(&out, "\3\0\0\0", 4);
    hw_thrift_i32(&out, 4, 1);
    hw_thrift_list(&out, 5, HW_THRIFT_I64, 1);
    hw_thrift_put_i64(&out, 0);
    hw_thrift_end(&out);
    chunk->bounds_bytes = (int64_t)file->size - chunk->bounds_at;
}

static inline void made_schema(struct hw_thrift *out, const struct made_facts *facts) {
    hw_thrift_list(out, 2, HW_THRIFT_STRUCT, 4);
    made_element(out, "schema", -1, -1, 2);
    hw_thrift_end(out);
    made_element(out, "n", HW_PHYSICAL_INT32, HW_REPETITION_REQUIRED, 0);
    hw_thrift_end(out);
    made_element(out, "s", -1, HW_REPETITION_OPTIONAL, 1);
    hw_thrift_end(out);
    made_element(out, "t", HW_PHYSICAL_BYTE_ARRAY, HW_REPETITION_OPTIONAL, 0);
    hw_thrift_i32(out, 9, 7);
    hw_thrift_begin(out, 10);
    hw_thrift_begin(out, (int)facts->logical);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static inline void made_numbers(struct hw_thrift *out, const struct made_chunk *chunk) {
    hw_thrift_put_begin(out);
    hw_thrift_i64(out, 2, chunk->at);
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, HW_PHYSICAL_INT32);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 2);
    hw_thrift_put_i32(out, HW_ENCODING_PLAIN);
    hw_thrift_put_i32(out, HW_ENCODING_PLAIN);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 1);
    hw_thrift_put_binary(out, "n", 1);
    hw_thrift_i32(out, 4, HW_PAGE_CODEC_NONE);
    hw_thrift_i64(out, 5, MADE_ROWS);
    hw_thrift_i64(out, 6, chunk->bytes);
    hw_thrift_i64(out, 7, chunk->bytes);
    hw_thrift_i64(out, 9, chunk->at);
    hw_thrift_begin(out, 12);
    hw_thrift_i64(out, 3, 0);
    hw_thrift_binary(out, 5, "\3\0\0\0", 4);
    hw_thrift_binary(out, 6, "\1\0\0\0", 4);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_i64(out, 4, chunk->index_at);
    hw_thrift_i32(out, 5, (int32_t)chunk->index_bytes);
    hw_thrift_i64(out, 6, chunk->bounds_at);
    hw_thrift_i32(out, 7, (int32_t)chunk->bounds_bytes);
    hw_thrift_end(out);
}

static inline void made_texts_meta(struct hw_thrift *out, const struct made_chunk *chunk,
                                   const struct made_facts *facts) {
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, (int32_t)facts->physical);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 2);
    hw_thrift_put_i32(out, HW_ENCODING_RLE);
    hw_thrift_put_i32(out, HW_ENCODING_PLAIN);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 2);
    hw_thrift_put_binary(out, "s", 1);
    hw_thrift_put_binary(out, facts->name, strlen(facts->name));
    hw_thrift_i32(out, 4, (int32_t)facts->codec);
    hw_thrift_i64(out, 5, facts->values);
    hw_thrift_i64(out, 6, chunk->bytes);
    hw_thrift_i64(out, 7, chunk->bytes + facts->compressed_more);
    hw_thrift_i64(out, 9, chunk->at + facts->data_more);
    hw_thrift_begin(out, 12);
    hw_thrift_i64(out, 3, facts->nulls);
    if (facts->distinct >= 0) {
        hw_thrift_i64(out, 4, facts->distinct);
    }
    hw_thrift_text(out, 5, facts->max);
    hw_thrift_text(out, 6, facts->min);
    hw_thrift_end(out);
    if (facts->bloom_at >= 0) {
        hw_thrift_i64(out, 14, facts->bloom_at);
        hw_thrift_i32(out, 15, (int32_t)facts->bloom_bytes);
    }
    hw_thrift_end(out);
}

static inline void made_texts(struct hw_thrift *out, const struct made_chunk *chunk, const struct made_facts *facts) {
    hw_thrift_put_begin(out);
    if (facts->file_path) {
        hw_thrift_text(out, 1, facts->file_path);
    }
    hw_thrift_i64(out, 2, chunk->at);
    if (!facts->no_meta) {
        made_texts_meta(out, chunk, facts);
    }
    if (facts->index_at >= 0) {
        hw_thrift_i64(out, 4, facts->index_at);
        hw_thrift_i32(out, 5, (int32_t)facts->index_bytes);
    }
    if (facts->encrypted) {
        hw_thrift_begin(out, 8);
        hw_thrift_end(out);
    }
    hw_thrift_end(out);
}

static inline void made_group(struct hw_thrift *out, const struct made_chunk *chunks, const struct made_facts *facts) {
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, (size_t)facts->chunks);
    made_numbers(out, &chunks[0]);
    if (facts->chunks > 1) {
        made_texts(out, &chunks[1], facts);
    }
    hw_thrift_i64(out, 2, chunks[0].bytes + chunks[1].bytes + facts->total_more);
    hw_thrift_i64(out, 3, facts->group_rows);
    hw_thrift_list(out, 4, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, (int32_t)facts->sorting);
    hw_thrift_bool(out, 2, true);
    hw_thrift_bool(out, 3, false);
    hw_thrift_end(out);
    hw_thrift_end(out);
}

static inline void made_footer(struct hw_buf *file, const struct made_chunk chunks[MADE_GROUPS][MADE_COLUMNS],
                               const struct made_facts *facts) {
    struct hw_thrift out;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_i32(&out, 1, 2);
    made_schema(&out, facts);
    hw_thrift_i64(&out, 3, facts->file_rows);
    hw_thrift_list(&out, 4, HW_THRIFT_STRUCT, MADE_GROUPS);
    made_group(&out, chunks[0], &made_facts);
    made_group(&out, chunks[1], facts);
    hw_thrift_list(&out, 5, HW_THRIFT_STRUCT, facts->checksum ? 2 : 1);
    hw_thrift_put_begin(&out);
    hw_thrift_text(&out, 1, "key");
    hw_thrift_binary(&out, 2, "\xff", 1);
    hw_thrift_end(&out);
    if (facts->checksum) {
        hw_thrift_put_begin(&out);
        hw_thrift_text(&out, 1, "hawser.checksum");
        hw_thrift_text(&out, 2, facts->checksum);
        hw_thrift_end(&out);
    }
    hw_thrift_text(&out, 6, "by hand");
    if (facts->ordered) {
        hw_thrift_list(&out, 7, HW_THRIFT_STRUCT, MADE_COLUMNS);
        for (size_t i = 0; i < MADE_COLUMNS; i++) {
            hw_thrift_put_begin(&out);
            hw_thrift_begin(&out, 1);
            hw_thrift_end(&out);
            hw_thrift_end(&out);
        }
    }
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    for (int64_t i = 0; i < facts->trailing; i++) {
        assert_int_equal(hw_buf_append_byte(file, 0, NULL), HW_OK);
    }
}

/* Appends the file to `file`, which is empty. Returns the offset of the footer. */
static inline size_t file_make(struct hw_buf *file, const struct made_facts *given) {
    struct made_facts changed = *given;
    const struct made_facts *facts = &changed;
    static const char numbers[12] = "\3\0\0\0\2\0\0\0\1\0\0";
    struct made_chunk chunks[MADE_GROUPS][MADE_COLUMNS] = {0};
    uint8_t length[4];
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
    for (size_t i = 0; i < MADE_GROUPS; i++) {
        chunks[i][0].at = (int64_t)file->size;
        made_page(file, i > 0 && facts->numbers ? facts->numbers : numbers, sizeof(numbers), i == 0);
        chunks[i][0].bytes = (int64_t)file->size - chunks[i][0].at;
        chunks[i][1].at = (int64_t)file->size;
        if (i > 0 && facts->pages.data) {
            assert_int_equal(hw_buf_append(file, facts->pages.data, facts->pages.size, NULL), HW_OK);
        } else {
            made_page(file, MADE_TEXTS, sizeof(MADE_TEXTS) - 1, i == 0);
        }
        chunks[i][1].bytes = (int64_t)file->size - chunks[i][1].at;
    }
    if (facts->filter.data) {
        changed.bloom_at = (int64_t)file->size;
        changed.bloom_bytes = (int64_t)facts->filter.size;
        assert_int_equal(hw_buf_append(file, facts->filter.data, facts->filter.size, NULL), HW_OK);
    }
    made_indexes(file, &chunks[0][0]);
    made_indexes(file, &chunks[1][0]);
    size_t footer = file->size;
    made_footer(file, chunks, facts);
    hw_store_le32(length, (uint32_t)(file->size - footer));
    assert_int_equal(hw_buf_append(file, length, sizeof(length), NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
    return footer;
}

#endif
