/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_reader.h"

#include "unit/parquet/group_open.h"
#include "unit/parquet/single_column_make.h"

/* The footer says that rows have next to no bytes; in truth a row of n has 8. */
static void batches_that_are_too_large_are_halved(void **state) {
    (void)state;
    struct opened *opened = opened_make("n");
    struct hw_error err = HW_ERROR_INIT;
    struct hw_group_reader *reader;
    struct hw_batch batch;
    bool more = false;
    opened->chunks[0].uncompressed = 1;
    opened->options.batch_bytes_max = 1100;
    assert_ok(hw_group_reader_new(&opened->options, 1, &reader, &err), err);
    assert_ok(hw_group_reader_next(reader, SIZE_MAX, &batch, &more, &err), err);
    /* 1000 rows of 8 bytes, then 496, are more than twice 1100 bytes; 248 are not. */
    assert_int_equal(batch.rows, 248);
    for (size_t i = 0; i < batch.rows; i++) {
        assert_int_equal(((const int64_t *)batch.columns[0].values)[i], (FIRST + i) * 7);
    }
    hw_batch_release(&batch);
    /* From now on the bytes of a row are known: 1100 bytes hold 137, of which 136 are given. */
    assert_ok(hw_group_reader_next(reader, SIZE_MAX, &batch, &more, &err), err);
    assert_int_equal(batch.rows, 136);
    assert_int_equal(((const int64_t *)batch.columns[0].values)[0], (FIRST + 248) * 7);
    hw_batch_release(&batch);
    hw_group_reader_free(reader);
    opened_close(opened);
}

/* A file of the texts "a", 100,000 times "x", and "b". */
static void a_row_may_not_take_more_than_all_memory(void **state) {
    (void)state;
    enum { LONG = 100000 };
    struct hw_buf page = {0};
    struct hw_buf bytes = {0};
    struct hw_read_file file = {0};
    struct hw_read_columns columns = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct read_drained got = {0};
    struct hw_group_reader *reader;
    assert_int_equal(hw_buf_append(&page, "\1\0\0\0a\xa0\x86\1\0", 9, NULL), HW_OK);
    assert_int_equal(hw_buf_resize(&page, 9 + LONG, NULL), HW_OK);
    memset(page.data + 9, 'x', LONG);
    assert_int_equal(hw_buf_append(&page, "\1\0\0\0b", 5, NULL), HW_OK);
    single_column_make(&bytes,
                       &(struct single_column){HW_PHYSICAL_BYTE_ARRAY, HW_LOGICAL_STRING, 3, hw_buf_view(&page)});
    struct memory_source source = memory_source(hw_buf_view(&bytes), 0);
    assert_ok(hw_read_file_open(&file, &source.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
    assert_ok(hw_read_columns_make(&columns, &file.schema, NULL, &err), err);
    struct hw_group_reader_options options = {
        &source.base, &file.meta, file.tail.footer_at, &columns, NULL, LONG + 1000, HW_MIB(1), 1000, 10000};
    assert_ok(hw_group_reader_new(&options, 0, &reader, &err), err);
    assert_ok(rest_read(reader, SIZE_MAX, &got, &err), err);
    assert_int_equal(got.rows, 3);
    assert_int_equal(got.text.size, LONG + 2 + 3 * 4);
    hw_group_reader_free(reader);
    options.memory_bytes = LONG - 1000;
    got.rows = 0;
    assert_ok(hw_group_reader_new(&options, 0, &reader, &err), err);
    assert_int_equal(rest_read(reader, SIZE_MAX, &got, &err), HW_ELIMIT);
    assert_row_says("limit", err.message, "row group 0: row 2 of it has more than");
    assert_row_says("limit", err.message, "--memory");
    assert_int_equal(got.rows, 1);
    hw_group_reader_free(reader);
    hw_buf_release(&got.text);
    hw_read_columns_release(&columns);
    hw_read_file_release(&file);
    hw_buf_release(&bytes);
    hw_buf_release(&page);
}

/* Six columns hold more than a quarter of the memory, whether rows were gone over before or not. */
static void pages_that_are_gone_into_count(void **state) {
    (void)state;
    static const size_t skips[] = {0, 4 * PAGE_ROWS + 3};
    for (size_t i = 0; i < COUNT_OF(skips); i++) {
        struct opened *opened = opened_make("t,p,d,s,l,m");
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_reader *reader;
        struct read_drained got = {0};
        uint64_t once = 0;
        opened->options.memory_bytes = HW_KIB(8);
        opened->options.batch_rows_max = PAGE_ROWS / 5;
        for (size_t leaf = 0; leaf < opened->columns.leaves_count; leaf++) {
            once += (uint64_t)opened->chunks[opened->columns.leaves[leaf].column].compressed;
        }
        assert_ok(hw_group_reader_new(&opened->options, 1, &reader, &err), err);
        assert_ok(hw_group_reader_skip(reader, skips[i], &err), err);
        assert_ok(rest_read(reader, SIZE_MAX, &got, &err), err);
        /* Five batches need each page of four fifths of the rows at least. */
        assert_row_int(i > 0 ? "gone over" : "read", hw_group_reader_bytes(reader) > 3 * once, true);
        assert_int_equal(got.rows, ROWS - skips[i]);
        hw_group_reader_free(reader);
        hw_buf_release(&got.text);
        opened_close(opened);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_that_are_too_large_are_halved),
        cmocka_unit_test(a_row_may_not_take_more_than_all_memory),
        cmocka_unit_test(pages_that_are_gone_into_count),
    };
    return cmocka_run_group_tests_name("parquet/group_reader_memory", tests, NULL, NULL);
}
