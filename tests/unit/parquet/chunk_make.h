/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk with all that it works with, and the pages that it has logged. */
#ifndef HW_TESTS_PARQUET_CHUNK_MAKE_H
#define HW_TESTS_PARQUET_CHUNK_MAKE_H

#include "parquet/chunk.h"
#include "unit/parquet/thrift_read.h"

struct bench {
    struct hw_parquet_options options;
    struct hw_scratch scratch;
    struct hw_row_group_pool pool;
    struct hw_row_group *group;
    struct hw_chunk chunk;
    struct hw_chunk_work work;
};

/* Options that are 0 become those of files without any options, but the codec is none. */
static inline enum hw_status bench_open(struct bench *bench, const struct hw_field *field,
                                        struct hw_parquet_options options, struct hw_error *err) {
    struct hw_leaf leaf;
    options.codec = options.codec == HW_CODEC_DEFAULT ? HW_CODEC_NONE : options.codec;
    options.page_bytes = options.page_bytes ? options.page_bytes : 1 << 20;
    options.page_rows = options.page_rows ? options.page_rows : 20000;
    options.split_page_rows = options.split_page_rows ? options.split_page_rows : options.page_rows;
    options.long_page_bytes = hw_max_size(options.long_page_bytes, options.page_bytes);
    options.pending_bytes = options.pending_bytes ? options.pending_bytes : 24 << 20;
    options.dictionary_bytes = options.dictionary_bytes ? options.dictionary_bytes : 1 << 20;
    options.large_dictionary_bytes = hw_max_size(options.large_dictionary_bytes, options.dictionary_bytes);
    options.level = options.level ? options.level : HW_LEVEL_DEFAULT;
    *bench = (struct bench){.options = options};
    hw_leaf_init(&leaf, field);
    hw_chunk_init(&bench->chunk, &leaf, 0);
    hw_row_group_pool_init(&bench->pool, 1, 0);
    HW_TRY(hw_scratch_init(&bench->scratch, &options, err));
    HW_TRY(hw_row_group_new(&bench->pool, &bench->group, err));
    bench->work = (struct hw_chunk_work){&bench->options, &bench->scratch, bench->group};
    return HW_OK;
}

static inline void bench_close(struct bench *bench) {
    hw_chunk_reset(&bench->chunk, &bench->scratch);
    hw_chunk_release(&bench->chunk);
    if (bench->group) {
        bench->group->base.ops->free(&bench->group->base);
    }
    hw_row_group_pool_release(&bench->pool);
    hw_scratch_release(&bench->scratch);
}

/* Adds all rows, a call for each `step` of them, and ends the chunk. */
static inline enum hw_status bench_run(struct bench *bench, const struct hw_column *column, size_t rows, size_t step,
                                       struct hw_error *err) {
    for (size_t row = 0; row < rows; row += step) {
        HW_TRY(hw_chunk_add(&bench->chunk, &bench->work, column, row, hw_min_size(step, rows - row), err));
    }
    return hw_chunk_finish(&bench->chunk, &bench->work, err);
}

/* The whole log, which has one segment. */
static inline hw_view bench_log(const struct bench *bench) {
    const struct hw_page_log *log = &bench->group->log;
    const uint8_t *data = (const uint8_t *)"";
    if (log->size > 0) {
        assert_int_equal(hw_page_log_read(log, 0, (size_t)log->size, &data), log->size);
    }
    return (hw_view){(const char *)data, (size_t)log->size};
}

/* A page of the log as it lies there. */
struct bench_page {
    hw_view head;
    hw_view body;
    int64_t values;
    int64_t encoding;
};

/* Reads the page of `size` bytes at `at`: the header by parquet.thrift, then the body. */
static inline struct bench_page bench_page_at(const struct bench *bench, uint64_t at, size_t size, bool dictionary) {
    hw_view rest = {bench_log(bench).data + at, size};
    struct bench_page page = {.head = {rest.data, thrift_find(rest, "").bytes.size}};
    page.body = (hw_view){rest.data + page.head.size, rest.size - page.head.size};
    assert_int_equal(thrift_find(page.head, "1").number, dictionary ? 2 : 0);
    assert_int_equal(thrift_find(page.head, "3").number, page.body.size);
    page.values = thrift_find(page.head, dictionary ? "7.1" : "5.1").number;
    page.encoding = thrift_find(page.head, dictionary ? "7.2" : "5.2").number;
    return page;
}

/* Data page `number` of the chunk, from 0; its facts go to `out_facts`. */
static inline struct bench_page bench_page(const struct bench *bench, size_t number,
                                           const struct hw_page_facts **out_facts) {
    uint32_t at = bench->group->chunks[0].first_page;
    for (size_t i = 0; i < number; i++) {
        assert_int_not_equal(at, HW_NO_PAGE);
        at = bench->group->pages[at].next;
    }
    assert_int_not_equal(at, HW_NO_PAGE);
    *out_facts = &bench->group->pages[at];
    return bench_page_at(bench, (*out_facts)->at, (*out_facts)->size, false);
}

#endif
