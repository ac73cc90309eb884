/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/group_reader.h"

#include "support/alloc_fault.h"
#include "unit/parquet/group_open.h"

static enum hw_status group_read(const struct opened *opened, struct read_drained *got, struct hw_error *err) {
    struct hw_group_reader *reader;
    HW_TRY(hw_group_reader_new(&opened->options, 1, &reader, err));
    const enum hw_status status = rest_read(reader, SIZE_MAX, got, err);
    hw_group_reader_free(reader);
    return status;
}

static void batches_have_any_size_and_the_same_rows(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t batch_rows_max, rows_max, threads, memory_bytes, batch_bytes_max;
        /* 0: nobody says. */
        size_t batches;
        /* 0: all bytes are read once; else a page is needed by so many batches at least. */
        size_t times;
    } rows[] = {
        {"at once", 65536, SIZE_MAX, 1, HW_MIB(64), HW_MIB(8), 1},
        {"by a crew", 65536, SIZE_MAX, 3, HW_MIB(64), HW_MIB(8), 1},
        {"as many as a page", PAGE_ROWS, SIZE_MAX, 1, HW_MIB(64), HW_MIB(8), 20},
        {"a row less than a page", PAGE_ROWS - 1, SIZE_MAX, 1, HW_MIB(64), HW_MIB(8), 21},
        {"a row more, by a crew", PAGE_ROWS + 1, SIZE_MAX, 2, HW_MIB(64), HW_MIB(8), 20},
        {"one row", 1, SIZE_MAX, 1, HW_MIB(64), HW_MIB(8), 1000},
        {"as many as are asked for", 65536, 333, 1, HW_MIB(64), HW_MIB(8), 4},
        {"no more than the options allow", 7, 333, 2, HW_MIB(64), HW_MIB(8), 143},
        {"small batches", 65536, SIZE_MAX, 1, HW_MIB(64), 2000, 0},
        {"pages find no room", 65536, SIZE_MAX, 1, HW_KIB(8), HW_KIB(1), 0, 5},
        {"pages of a crew find no room", 65536, SIZE_MAX, 3, HW_KIB(8), HW_KIB(1), 0, 5},
        {"pages are let go after each batch", 10, SIZE_MAX, 1, HW_KIB(16), HW_MIB(8), 100, 5},
    };
    struct opened *opened = opened_make(NULL);
    const hw_view want = read_made_text(&opened->made, FIRST, ROWS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_reader *reader;
        struct read_drained got = {0};
        opened->options.crew = crew_of(rows[i].threads);
        opened->options.batch_rows_max = rows[i].batch_rows_max;
        opened->options.memory_bytes = rows[i].memory_bytes;
        opened->options.batch_bytes_max = rows[i].batch_bytes_max;
        assert_ok(hw_group_reader_new(&opened->options, 1, &reader, &err), err);
        assert_row_int(rows[i].name, hw_group_reader_left(reader), ROWS);
        assert_row_int(rows[i].name, hw_group_reader_bytes(reader), 0);
        assert_ok(rest_read(reader, rows[i].rows_max, &got, &err), err);
        assert_row_bytes(rows[i].name, got.text.data, got.text.size, want.data, want.size);
        assert_row_int(rows[i].name, got.rows_max <= rows[i].batch_rows_max, true);
        assert_row_int(rows[i].name, rows[i].batches ? got.batches == rows[i].batches : got.batches > 20, true);
        const uint64_t bytes = hw_group_reader_bytes(reader), once = group_bytes(opened);
        assert_row_int(rows[i].name, rows[i].times > 0 ? bytes >= rows[i].times * once : bytes == once, true);
        hw_group_reader_free(reader);
        hw_crew_free(opened->options.crew);
        hw_buf_release(&got.text);
    }
    opened_close(opened);
}

static void rows_are_gone_over(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t memory_bytes, first_skip, take, second_skip, threads;
    } rows[] = {
        {"none", HW_MIB(64), 0, 0, 0, 1},
        {"some of a page", HW_MIB(64), 7, 0, 0, 1},
        {"some pages and a row", HW_MIB(64), 3 * PAGE_ROWS + 1, 0, 0, 3},
        {"between batches", HW_MIB(64), 60, 10, 200, 1},
        {"between batches that end with a page", HW_MIB(64), 0, PAGE_ROWS, PAGE_ROWS, 3},
        {"all but one", HW_MIB(64), ROWS - 1, 0, 0, 1},
        {"all", HW_MIB(64), ROWS, 0, 0, 1},
        {"more than there are", HW_MIB(64), 900, 10, 1000, 1},
        {"with little memory", HW_KIB(8), 60, 70, 120, 1},
        {"with little memory, by a crew", HW_KIB(8), 60, 70, 120, 3},
    };
    struct opened *opened = opened_make(NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_reader *reader;
        struct hw_batch batch;
        struct read_drained got = {0};
        opened->options.crew = crew_of(rows[i].threads);
        opened->options.memory_bytes = rows[i].memory_bytes;
        opened->options.batch_bytes_max = rows[i].memory_bytes / 8;
        assert_ok(hw_group_reader_new(&opened->options, 1, &reader, &err), err);
        assert_ok(hw_group_reader_skip(reader, rows[i].first_skip, &err), err);
        assert_row_int(rows[i].name, hw_group_reader_left(reader), ROWS - rows[i].first_skip);
        for (size_t taken = 0; taken < rows[i].take;) {
            bool more = false;
            assert_ok(hw_group_reader_next(reader, rows[i].take - taken, &batch, &more, &err), err);
            assert_true(more);
            read_batch_text(&batch, &got.text);
            const hw_view want = read_made_text(&opened->made, FIRST + rows[i].first_skip + taken, batch.rows);
            assert_row_bytes(rows[i].name, got.text.data, got.text.size, want.data, want.size);
            hw_buf_clear(&got.text);
            taken += batch.rows;
            hw_batch_release(&batch);
        }
        assert_ok(hw_group_reader_skip(reader, rows[i].second_skip, &err), err);
        const size_t gone = hw_min_size(ROWS, rows[i].first_skip + rows[i].take + rows[i].second_skip);
        const hw_view want = read_made_text(&opened->made, FIRST + gone, ROWS - gone);
        assert_ok(rest_read(reader, SIZE_MAX, &got, &err), err);
        assert_row_bytes(rows[i].name, got.text.data, got.text.size, want.data, want.size);
        hw_group_reader_free(reader);
        hw_crew_free(opened->options.crew);
        hw_buf_release(&got.text);
    }
    opened_close(opened);
}

/* Damages the last page of two chunks; the first of both is told, whoever reads them. */
static void damaged_pages_are_named(void **state) {
    (void)state;
    static const struct {
        const char *name, *list, *says;
        size_t chunks[2], threads;
    } rows[] = {
        {"a flat one", NULL, "row group 1, column n, page ", {0, 7}, 1},
        {"a list's", NULL, "row group 1, column l.list.element, page ", {7, 7}, 1},
        {"both, by a crew", NULL, "row group 1, column n, page ", {0, 7}, 3},
        {"in another order", "l,n", "row group 1, column l.list.element, page ", {0, 7}, 1},
        {"in another order, by a crew", "l,n", "row group 1, column l.list.element, page ", {0, 7}, 3},
        {"one that is not read", "t", NULL, {0, 7}, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct read_drained got = {0};
        struct opened *opened = opened_make(rows[i].list);
        for (size_t k = 0; k < (rows[i].chunks[0] == rows[i].chunks[1] ? 1 : 2); k++) {
            const struct hw_parquet_chunk *chunk = &opened->chunks[rows[i].chunks[k]];
            const uint64_t end = (uint64_t)(hw_parquet_chunk_start(chunk) + chunk->compressed);
            opened->made.sink.bytes.data[end - 1] ^= 1;
        }
        opened->options.crew = crew_of(rows[i].threads);
        assert_row_int(rows[i].name, group_read(opened, &got, &err), rows[i].says ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(rows[i].name, err.offset > 0, rows[i].says != NULL);
        hw_crew_free(opened->options.crew);
        hw_buf_release(&got.text);
        opened_close(opened);
    }
}

/* The chunk of l is the eighth one. Its last row has elements, so rows and entries differ. */
static void footers_and_pages_agree(void **state) {
    (void)state;
    static const struct {
        const char *name, *list;
        int64_t rows_more, values_more, bytes_more;
        /* What the message says, of opening a group, and of its rows. */
        const char *opens, *says;
    } rows[] = {
        {"as written", "l", 0, 0, 0, NULL, NULL},
        {"a row less", "l", -1, 0, 0, NULL, "row group 1, column l.list.element: its rows have "},
        {"a row more", "l", 1, 0, 0, NULL, "row group 1, column l.list.element: its column chunk has 1 rows less"},
        {"a value less", "l", 0, -1, 0, NULL, "row group 1, column l.list.element, page "},
        {"a value more", "l", 0, 1, 0, NULL, "row group 1, column l.list.element: its pages end after"},
        {"a row more, flat", "n", 1, 0, 0, "row group 1, column n: its column chunk has 1000 values", NULL},
        {"less than no rows", "l", -1001, 0, 0, "row group 1: it has -1 rows", NULL},
        {"bytes of the footer", "n,l", 0, 0, 1 << 30, "row group 1, column l.list.element: its column chunk has", NULL},
        {"no rows at all", "l", -1000, 0, 0, NULL, "row group 1, column l.list.element: its rows have 0 values"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_group_reader *reader = NULL;
        struct read_drained got = {0};
        struct opened *opened = opened_make(rows[i].list);
        opened->groups[1].rows += rows[i].rows_more;
        opened->chunks[7].values += rows[i].values_more;
        opened->chunks[7].compressed += rows[i].bytes_more;
        const enum hw_status status = hw_group_reader_new(&opened->options, 1, &reader, &err);
        assert_row_int(rows[i].name, status, rows[i].opens ? HW_EDATA : HW_OK);
        /* The end of the file, and its magic. */
        assert_row_int(rows[i].name, opened->made.source.reads, 2);
        if (rows[i].opens) {
            assert_row_says(rows[i].name, err.message, rows[i].opens);
            assert_row_int(rows[i].name, reader == NULL, true);
        } else {
            assert_row_int(rows[i].name, rest_read(reader, SIZE_MAX, &got, &err), rows[i].says ? HW_EDATA : HW_OK);
            assert_row_says(rows[i].name, err.message, rows[i].says ? rows[i].says : "");
        }
        hw_group_reader_free(reader);
        hw_buf_release(&got.text);
        opened_close(opened);
    }
}

static enum hw_status all_read(const struct opened *opened, size_t *out_rows) {
    struct hw_group_reader *reader;
    struct hw_batch batch;
    bool more = true;
    HW_TRY(hw_group_reader_new(&opened->options, 1, &reader, NULL));
    enum hw_status status = hw_group_reader_skip(reader, 60, NULL);
    for (*out_rows = 0; status == HW_OK && more;) {
        status = hw_group_reader_next(reader, SIZE_MAX, &batch, &more, NULL);
        if (status == HW_OK && more) {
            *out_rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    hw_group_reader_free(reader);
    return status;
}

/* With room for all pages, and with so little that they are read again. */
static void no_memory_leaves_nothing(void **state) {
    (void)state;
    static const size_t memory_bytes[] = {HW_MIB(64), HW_KIB(16)};
    for (size_t i = 0; i < COUNT_OF(memory_bytes); i++) {
        struct opened *opened = opened_make("t,l,m");
        bool fired = true;
        size_t failures = 0;
        size_t count = 0;
        opened->options.memory_bytes = memory_bytes[i];
        opened->options.batch_rows_max = 500;
        opened->options.batch_bytes_max = memory_bytes[i] / 8;
        for (; fired; failures++) {
            struct alloc_fault fault;
            alloc_fault_begin(&fault, failures);
            const enum hw_status status = all_read(opened, &count);
            fired = alloc_fault_end(&fault);
            assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        }
        assert_true(failures > 20);
        assert_int_equal(count, ROWS - 60);
        opened_close(opened);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_have_any_size_and_the_same_rows),
        cmocka_unit_test(rows_are_gone_over),
        cmocka_unit_test(damaged_pages_are_named),
        cmocka_unit_test(footers_and_pages_agree),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/group_reader", tests, NULL, NULL);
}
