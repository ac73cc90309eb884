/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a Parquet file of one row group with one required column "c" and one PLAIN page of it. */
#ifndef HW_TESTS_PARQUET_SINGLE_COLUMN_MAKE_H
#define HW_TESTS_PARQUET_SINGLE_COLUMN_MAKE_H

#include "core/buf.h"
#include "parquet/format.h"
#include "parquet/thrift.h"
#include "support/rows.h"

struct single_column {
    enum hw_physical physical;
    /* The field of the union LogicalType; 0: there is none. */
    int logical;
    int32_t values;
    hw_view page;
};

static inline void single_page(struct hw_buf *file, const struct single_column *made) {
    struct hw_thrift out;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_i32(&out, 1, HW_PAGE_DATA);
    hw_thrift_i32(&out, 2, (int32_t)made->page.size);
    hw_thrift_i32(&out, 3, (int32_t)made->page.size);
    hw_thrift_begin(&out, 5);
    hw_thrift_i32(&out, 1, made->values);
    hw_thrift_i32(&out, 2, HW_ENCODING_PLAIN);
    hw_thrift_i32(&out, 3, HW_ENCODING_RLE);
    hw_thrift_i32(&out, 4, HW_ENCODING_RLE);
    hw_thrift_end(&out);
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    assert_int_equal(hw_buf_append(file, made->page.data, made->page.size, NULL), HW_OK);
}

static inline void single_schema(struct hw_thrift *out, const struct single_column *made) {
    hw_thrift_list(out, 2, HW_THRIFT_STRUCT, 2);
    hw_thrift_put_begin(out);
    hw_thrift_text(out, 4, "schema");
    hw_thrift_i32(out, 5, 1);
    hw_thrift_end(out);
    hw_thrift_put_begin(out);
    hw_thrift_i32(out, 1, (int32_t)made->physical);
    hw_thrift_i32(out, 3, HW_REPETITION_REQUIRED);
    hw_thrift_text(out, 4, "c");
    if (made->logical > 0) {
        hw_thrift_begin(out, 10);
        hw_thrift_begin(out, made->logical);
        hw_thrift_end(out);
        hw_thrift_end(out);
    }
    hw_thrift_end(out);
}

static inline void single_group(struct hw_thrift *out, const struct single_column *made, int64_t bytes) {
    hw_thrift_put_begin(out);
    hw_thrift_list(out, 1, HW_THRIFT_STRUCT, 1);
    hw_thrift_put_begin(out);
    hw_thrift_i64(out, 2, 4);
    hw_thrift_begin(out, 3);
    hw_thrift_i32(out, 1, (int32_t)made->physical);
    hw_thrift_list(out, 2, HW_THRIFT_I32, 1);
    hw_thrift_put_i32(out, HW_ENCODING_PLAIN);
    hw_thrift_list(out, 3, HW_THRIFT_BINARY, 1);
    hw_thrift_put_binary(out, "c", 1);
    hw_thrift_i32(out, 4, HW_PAGE_CODEC_NONE);
    hw_thrift_i64(out, 5, made->values);
    hw_thrift_i64(out, 6, bytes);
    hw_thrift_i64(out, 7, bytes);
    hw_thrift_i64(out, 9, 4);
    hw_thrift_end(out);
    hw_thrift_end(out);
    hw_thrift_i64(out, 2, bytes);
    hw_thrift_i64(out, 3, made->values);
    hw_thrift_end(out);
}

/* Appends the file to `file`, which is empty. */
static inline void single_column_make(struct hw_buf *file, const struct single_column *made) {
    uint8_t length[4];
    struct hw_thrift out;
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
    single_page(file, made);
    const size_t footer = file->size;
    hw_thrift_init(&out, file, NULL);
    hw_thrift_i32(&out, 1, 2);
    single_schema(&out, made);
    hw_thrift_i64(&out, 3, made->values);
    hw_thrift_list(&out, 4, HW_THRIFT_STRUCT, 1);
    single_group(&out, made, (int64_t)footer - 4);
    hw_thrift_end(&out);
    assert_int_equal(out.status, HW_OK);
    hw_store_le32(length, (uint32_t)(file->size - footer));
    assert_int_equal(hw_buf_append(file, length, sizeof(length), NULL), HW_OK);
    assert_int_equal(hw_buf_append_text(file, "PAR1", NULL), HW_OK);
}

/*
 * A page of two INT96: 1970-01-02 with 1,000 nanoseconds, the Julian day 2440589, and 3000-01-01,
 * the day 2816788.
 */
#define SINGLE_INT96_PAGE "\xe8\3\0\0\0\0\0\0\x8d\x3d\x25\0\0\0\0\0\0\0\0\0\x14\xfb\x2a\0"

#endif
