/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/column_read.h"

#include "parquet/leaf_raw.h"
#include "support/alloc_fault.h"
#include "unit/parquet/read_make.h"

/* Column "n" of a made file is the number of its row times 7, column "t" are texts. */
static const size_t sizes[] = {300, 20000 - 300, SIZE_MAX};
enum { FIRST_ROWS = 300, SECOND_ROWS = 20000 - 300, NUMBERS = 0, TEXTS = 1, LISTS = 7 };

struct reading {
    struct read_made made;
    struct hw_field field;
    struct hw_read_leaf leaf;
    struct hw_column_read_bench bench;
    struct hw_column_place end;
    /* What the function that takes rows has seen, and what it returns at last. */
    uint64_t next;
    size_t rows, calls, rows_most;
    enum hw_status fails;
};
static struct reading reading;

static void reading_open(size_t leaf) {
    reading = (struct reading){.bench = {.memory_bytes = HW_MIB(64), .page_bytes_max = HW_MIB(1)}};
    read_made_open(&reading.made, 0, sizes, 2, &(struct hw_parquet_options){.page_rows = 1000});
    hw_leaf_raw(&reading.made.file.schema.leaves[leaf], &reading.field, &reading.leaf);
}

static void reading_close(void) {
    hw_column_read_bench_release(&reading.bench);
    read_made_close(&reading.made);
}

/* Each value is that of the row behind the one before. */
static enum hw_status numbers_take(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    assert_ptr_equal(ctx, &reading);
    assert_int_equal(rows->count, rows->rows);
    for (size_t i = 0; i < rows->count; i++) {
        assert_int_equal(hw_load_le64(rows->values.data + i * 8), 7 * reading.next++);
    }
    reading.rows += rows->rows;
    reading.rows_most = hw_max_size(reading.rows_most, rows->rows);
    reading.calls++;
    return reading.fails ? hw_fail(err, reading.fails, "not wanted") : HW_OK;
}

static enum hw_status texts_take(void *ctx, struct hw_leaf_rows *rows, struct hw_error *err) {
    (void)ctx, (void)err;
    reading.rows += rows->rows;
    return HW_OK;
}

static enum hw_status rows_read(size_t group, uint64_t first, uint64_t count, const struct hw_column_place *start,
                                struct hw_error *err) {
    const struct hw_rewrite_rows rows = {&reading.made.file, group, first, count};
    reading.next = first + (group > 0 ? FIRST_ROWS : 0);
    reading.rows = reading.calls = reading.rows_most = 0;
    return hw_column_read_source(&rows, &reading.leaf, start, &reading.bench,
                                 reading.leaf.column == NUMBERS ? numbers_take : texts_take, &reading, &reading.end,
                                 err);
}

static void rows_come_in_their_order(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t group;
        uint64_t first, count;
    } rows[] = {
        {"a group", 0, 0, FIRST_ROWS}, {"a large group", 1, 0, SECOND_ROWS},
        {"its middle", 1, 999, 9002},  {"its end", 1, SECOND_ROWS - 1, 1},
        {"no rows", 1, 5, 0},
    };
    reading_open(NUMBERS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(rows_read(rows[i].group, rows[i].first, rows[i].count, NULL, &err), err);
        assert_row_int(rows[i].name, reading.rows, rows[i].count);
        assert_row_int(rows[i].name, reading.rows_most <= 8192, true);
    }
    reading_close();
}

/* The place behind the last row is where a later call goes on. */
static void a_call_goes_on_where_another_has_ended(void **state) {
    (void)state;
    static const uint64_t cuts[] = {1, 999, 1000, 1001, 8192, SECOND_ROWS - 1};
    reading_open(NUMBERS);
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(rows_read(1, 0, cuts[i], NULL, &err), err);
        const struct hw_column_place end = reading.end;
        assert_ok(rows_read(1, cuts[i], SECOND_ROWS - cuts[i], &end, &err), err);
        assert_int_equal(reading.rows, SECOND_ROWS - cuts[i]);
    }
    reading_close();
}

/* Where rows find no room together there are fewer of them at once; one that finds none fails. */
static void memory_bounds_the_rows_at_once(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    reading_open(NUMBERS);
    reading.bench.memory_bytes = 1000;
    assert_ok(rows_read(1, 0, SECOND_ROWS, NULL, &err), err);
    assert_int_equal(reading.rows, SECOND_ROWS);
    assert_in_range(reading.rows_most, 1, 125); /* of 8 bytes each */
    reading.bench.memory_bytes = 1;             /* A page has held the values already. */
    assert_ok(rows_read(1, 0, 100, NULL, &err), err);
    assert_int_equal(reading.rows_most, 1);
    reading_close();
    reading_open(TEXTS);
    reading.bench.memory_bytes = 1000;
    assert_ok(rows_read(1, 0, SECOND_ROWS, NULL, &err), err);
    assert_int_equal(reading.rows, SECOND_ROWS);
    reading_close();
    reading_open(LISTS);
    reading.bench.memory_bytes = 200;
    assert_ok(rows_read(0, 0, FIRST_ROWS, NULL, &err), err);
    assert_int_equal(reading.rows, FIRST_ROWS);
    reading.bench.memory_bytes = 8;
    assert_int_equal(rows_read(0, 20, 200, NULL, &err), HW_ELIMIT);
    assert_row_says("a row", err.message, "row group 0, column l.list.element: row ");
    assert_row_says("a row", err.message, " of it has more than 0 MiB, which --memory leaves for it");
    reading_close();
}

static void whoever_takes_rows_can_end_it(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    reading_open(NUMBERS);
    reading.fails = HW_ELIMIT;
    assert_int_equal(rows_read(1, 0, SECOND_ROWS, NULL, &err), HW_ELIMIT);
    assert_string_equal(err.message, "row group 1, column n: not wanted");
    assert_string_equal(err.object, "memory");
    assert_int_equal(reading.calls, 1);
    reading_close();
}

static void sources_that_fail_are_named(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int64_t rows_more;
        bool spoilt, fails;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"a read", 0, false, true, HW_EIO, "injected"},
        {"a bit", 0, true, false, HW_EDATA, "page "},
        {"rows that are not there", 1, false, false, HW_EDATA, ""},
        {"rows that are left", -1, false, false, HW_EDATA, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_parquet_group groups[2];
        reading_open(TEXTS);
        struct hw_parquet_meta *meta = &reading.made.file.meta;
        memcpy(groups, meta->groups, sizeof(groups));
        groups[0].rows += rows[i].rows_more;
        meta->groups = groups;
        const struct hw_parquet_chunk *chunk = &groups[0].chunks[TEXTS];
        reading.made.sink.bytes.data[chunk->data_offset + 200] ^= rows[i].spoilt;
        reading.made.source.reads = 0;
        reading.made.source.fail_on_read = rows[i].fails;
        assert_row_int(rows[i].name, rows_read(0, 0, (uint64_t)groups[0].rows, NULL, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, "row group 0, column t");
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_text(rows[i].name, err.object, "memory");
        reading_close();
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        struct alloc_fault fault;
        struct hw_column_read_bench own;
        reading_open(TEXTS);
        const struct hw_rewrite_rows rows = {&reading.made.file, 0, 0, FIRST_ROWS};
        own = reading.bench;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status =
            hw_column_read_source(&rows, &reading.leaf, NULL, &own, texts_take, &reading, &reading.end, NULL);
        hw_column_read_bench_release(&own);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        reading_close();
    }
    assert_true(failures > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_their_order),       cmocka_unit_test(a_call_goes_on_where_another_has_ended),
        cmocka_unit_test(memory_bounds_the_rows_at_once), cmocka_unit_test(whoever_takes_rows_can_end_it),
        cmocka_unit_test(sources_that_fail_are_named),    cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/column_read", tests, NULL, NULL);
}
