/* SPDX-License-Identifier: Apache-2.0 */
/* A row group of made rows that is read, with a footer that tests change before. */
#ifndef HW_TESTS_PARQUET_GROUP_OPEN_H
#define HW_TESTS_PARQUET_GROUP_OPEN_H

#include "parquet/group_reader.h"
#include "unit/parquet/read_make.h"

/* Two groups, of which the second one is read, in pages of 50 rows. */
static const size_t sizes[] = {100, 1000, SIZE_MAX};
enum { FIRST = 100, ROWS = 1000, PAGE_ROWS = 50 };
static const struct hw_parquet_options small_pages = {.page_rows = PAGE_ROWS};

/* The file that is read, with footers that tests change, and the columns of a list. */
struct opened {
    struct read_made made;
    struct hw_parquet_group groups[2];
    struct hw_parquet_chunk chunks[2 * MADE_COLUMNS];
    struct hw_read_columns columns;
    struct hw_group_reader_options options;
};

static inline struct opened *opened_make(const char *list) {
    static struct opened opened;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_selection selection = {0};
    opened = (struct opened){0};
    read_made_open(&opened.made, 0, sizes, 2, &small_pages);
    struct hw_parquet_meta *meta = &opened.made.file.meta;
    assert_int_equal(meta->groups_count, 2);
    assert_in_range(meta->groups[1].chunks_count, MADE_COLUMNS, COUNT_OF(opened.chunks));
    memcpy(opened.groups, meta->groups, sizeof(opened.groups));
    memcpy(opened.chunks, meta->groups[1].chunks, meta->groups[1].chunks_count * sizeof(opened.chunks[0]));
    opened.groups[1].chunks = opened.chunks;
    meta->groups = opened.groups;
    const struct hw_read_schema *schema = &opened.made.file.schema;
    if (list) {
        assert_ok(hw_selection_make(&selection, &schema->schema, list, &err), err);
    }
    assert_ok(hw_read_columns_make(&opened.columns, schema, list ? &selection : NULL, &err), err);
    hw_selection_release(&selection);
    opened.options = (struct hw_group_reader_options){
        .source = &opened.made.source.base,
        .meta = meta,
        .data_bytes = opened.made.file.tail.footer_at,
        .columns = &opened.columns,
        .memory_bytes = HW_MIB(64),
        .page_bytes_max = HW_MIB(1),
        .batch_rows_max = 65536,
        .batch_bytes_max = HW_MIB(8),
    };
    return &opened;
}

static inline void opened_close(struct opened *opened) {
    hw_read_columns_release(&opened->columns);
    read_made_close(&opened->made);
}

/* One thread is the caller's alone. */
static inline struct hw_crew *crew_of(size_t threads) {
    struct hw_crew *crew = NULL;
    assert_int_equal(threads > 1 ? hw_crew_new(threads, &crew, NULL) : HW_OK, HW_OK);
    return crew;
}

static inline uint64_t group_bytes(const struct opened *opened) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < opened->groups[1].chunks_count; i++) {
        bytes += (uint64_t)opened->chunks[i].compressed;
    }
    return bytes;
}

/* Reads all rows that are left, at most `rows_max` at once, and the end. */
static inline enum hw_status rest_read(struct hw_group_reader *reader, size_t rows_max, struct read_drained *got,
                                       struct hw_error *err) {
    for (;;) {
        struct hw_batch batch;
        bool more = true;
        const uint64_t left = hw_group_reader_left(reader);
        HW_TRY(hw_group_reader_next(reader, rows_max, &batch, &more, err));
        if (!more) {
            assert_int_equal(left, 0);
            return HW_OK;
        }
        assert_int_equal(hw_group_reader_left(reader), left - batch.rows);
        assert_in_range(batch.rows, 1, rows_max);
        read_drained_add(got, &batch);
    }
}

#endif
