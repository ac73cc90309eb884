/* SPDX-License-Identifier: Apache-2.0 */
/* A column made page by page, a reader of it, and its rows as text. */
#ifndef HW_TESTS_PARQUET_COLUMN_MAKE_H
#define HW_TESTS_PARQUET_COLUMN_MAKE_H

#include "parquet/column_reader.h"
#include "unit/parquet/page_make.h"

/* The rows of a column as text: each entry is its levels, then its value where it has one. */
struct column {
    const char *name;
    enum hw_physical physical;
    uint8_t rep_max;
    uint8_t def_max;
    const struct page_made *pages;
    size_t pages_count;
    uint64_t entries;
    const char *const *rows;
    size_t rows_count;
};

struct bench {
    struct pages_made made;
    struct hw_field field;
    struct hw_read_leaf leaf;
    uint64_t entries;
    struct hw_column_reader reader;
    struct hw_leaf_rows rows;
    struct hw_buf line;
    struct hw_error err;
    bool full;
};

/* Makes the column; nothing is open yet. */
static inline void bench_make(struct bench *bench, const struct column *column) {
    const bool text = column->physical == HW_PHYSICAL_BYTE_ARRAY;
    *bench = (struct bench){.err = HW_ERROR_INIT};
    bench->field = (struct hw_field){.name = "a", .type.kind = text ? HW_KIND_TEXT : HW_KIND_INT32};
    bench->leaf = (struct hw_read_leaf){
        .physical = column->physical,
        .width = text ? 0 : 4,
        .form = HW_LEAF_SAME,
        .field = &bench->field,
        .rep_max = column->rep_max,
        .def_max = column->def_max,
    };
    pages_make(&bench->made, column->pages, column->pages_count, HW_PAGE_CODEC_NONE);
    bench->entries = column->entries;
}

/* Begins to read; bench_stop follows also after a failure. */
static inline enum hw_status bench_start(struct bench *bench) {
    HW_TRY(pages_open(&bench->made, &bench->err));
    const struct hw_column_chunk chunk = {&bench->leaf, bench->made.chunk, bench->entries};
    hw_column_reader_init(&bench->reader, &chunk);
    return HW_OK;
}

static inline void bench_stop(struct bench *bench) {
    hw_column_reader_release(&bench->reader);
    hw_leaf_rows_release(&bench->rows);
    pages_close(&bench->made);
}

static inline void bench_open(struct bench *bench, const struct column *column) {
    bench_make(bench, column);
    assert_ok(bench_start(bench), bench->err);
}

static inline void bench_close(struct bench *bench) {
    bench_stop(bench);
    hw_buf_release(&bench->line);
    pages_release(&bench->made);
}

static inline enum hw_status bench_read(struct bench *bench, size_t rows, size_t bytes_max) {
    return hw_column_reader_read(&bench->reader, rows, bytes_max, &bench->rows, &bench->full, &bench->err);
}

/* Adds value number `i` to the line. */
static inline void value_put(struct bench *bench, size_t i) {
    const struct hw_leaf_rows *rows = &bench->rows;
    assert_true(i < rows->count);
    if (rows->width > 0) {
        const int value = (int)hw_load_le32(rows->values.data + i * rows->width);
        assert_int_equal(hw_buf_printf(&bench->line, NULL, ":%d", value), HW_OK);
        return;
    }
    const int32_t *ends = (const int32_t *)(const void *)rows->offsets.data;
    const char *text = (const char *)rows->data.data + ends[i];
    assert_int_equal(hw_buf_printf(&bench->line, NULL, ":%.*s", ends[i + 1] - ends[i], text), HW_OK);
}

/* Adds the entries of the rows to the line. */
static inline void rows_put(struct bench *bench) {
    const struct hw_leaf_rows *rows = &bench->rows;
    const struct hw_read_leaf *leaf = &bench->leaf;
    size_t value = 0;
    assert_int_equal(rows->reps.size, leaf->rep_max > 0 ? rows->entries : 0);
    /* Levels that are all the highest are left out where nothing repeats. */
    const bool left_out = rows->defs.size == 0 && (leaf->rep_max == 0 || rows->entries == 0);
    assert_true(left_out || rows->defs.size == rows->entries);
    assert_true(!left_out || rows->count == rows->entries);
    for (size_t i = 0; i < rows->entries; i++) {
        if (leaf->rep_max > 0) {
            assert_int_equal(hw_buf_append_byte(&bench->line, (uint8_t)('0' + rows->reps.data[i]), NULL), HW_OK);
        }
        const uint8_t def = left_out ? leaf->def_max : rows->defs.data[i];
        if (leaf->def_max > 0) {
            assert_int_equal(hw_buf_append_byte(&bench->line, (uint8_t)('0' + def), NULL), HW_OK);
        }
        if (def == leaf->def_max) {
            value_put(bench, value++);
        }
        assert_int_equal(hw_buf_append_byte(&bench->line, ' ', NULL), HW_OK);
    }
    assert_int_equal(value, rows->count);
}

/* Checks that the next `count` rows are those of the column from number `from` on. */
static inline void rows_check(struct bench *bench, const struct column *column, size_t from, size_t count) {
    HW_AUTO(hw_buf) want = {0};
    for (size_t i = from; i < from + count; i++) {
        assert_int_equal(hw_buf_append_text(&want, column->rows[i], NULL), HW_OK);
    }
    hw_buf_clear(&bench->line);
    assert_ok(bench_read(bench, count, HW_MIB(1)), bench->err);
    assert_false(bench->full);
    assert_row_int(column->name, bench->rows.rows, count);
    rows_put(bench);
    assert_row_bytes(column->name, bench->line.data, bench->line.size, want.data, want.size);
}

#endif
