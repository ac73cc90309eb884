/* SPDX-License-Identifier: Apache-2.0 */
/* The index as a container; test_scan.c has what stands in it. */
#include "csv/index.h"

#include "support/alloc_fault.h"
#include "support/rows.h"

/* Adds `count` records of one field each, of one byte and a record end, as the scanner does. */
static void records_add(struct hw_csv_index *index, size_t count) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_csv_index_reserve(index, count, count, &err), err);
    for (size_t i = 0; i < count; i++) {
        uint32_t start = index->record_starts[index->records];
        index->ends[index->ends_count++] = start + 1;
        index->record_fields[index->records] = (uint32_t)index->ends_count;
        index->record_starts[++index->records] = start + 2;
    }
}

static void records_check(const struct hw_csv_index *index, size_t count) {
    assert_int_equal(index->ends_count, count);
    assert_int_equal(index->records, count);
    assert_int_equal(index->record_starts[0], 0);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(index->ends[i], 2 * i + 1);
        assert_int_equal(index->record_fields[i], i + 1);
        assert_int_equal(index->record_starts[i + 1], 2 * i + 2);
    }
}

/* Nothing is lost by growing, and there is room for what was asked for and the start beyond. */
static void room_grows_around_what_is_there(void **state) {
    (void)state;
    HW_AUTO(hw_csv_index) index = {0};
    size_t count = 0;
    for (size_t more = 0; more < 300; more += 7) {
        records_add(&index, more);
        count += more;
        records_check(&index, count);
        assert_true(index.ends_capacity >= index.ends_count);
        assert_true(index.records_capacity > index.records);
    }
}

/* A text of many short blocks is not paid for by one allocation a block. */
static void room_at_least_doubles(void **state) {
    (void)state;
    HW_AUTO(hw_csv_index) index = {0};
    size_t growths = 0;
    for (size_t i = 0; i < 4096; i++) {
        const size_t ends = index.ends_capacity;
        const size_t records = index.records_capacity;
        records_add(&index, 1);
        assert_true(index.ends_capacity == ends || index.ends_capacity >= 2 * ends);
        assert_true(index.records_capacity == records || index.records_capacity >= 2 * records);
        growths += index.ends_capacity != ends;
    }
    assert_in_range(growths, 1, 13); /* from 1 to 4096 in doublings */
}

static void a_cleared_index_keeps_its_room(void **state) {
    (void)state;
    HW_AUTO(hw_csv_index) index = {0};
    records_add(&index, 10);
    const struct hw_csv_index before = index;
    index.lines = 10;
    index.ascii = false;
    index.malformed = true;
    index.open_quote = true;
    hw_csv_index_clear(&index);
    records_check(&index, 0);
    assert_int_equal(index.lines, 0);
    assert_true(index.ascii);
    assert_false(index.malformed);
    assert_false(index.open_quote);
    records_add(&index, 10);
    records_check(&index, 10);
    assert_ptr_equal(index.ends, before.ends);
    assert_ptr_equal(index.record_fields, before.record_fields);
    assert_ptr_equal(index.record_starts, before.record_starts);
}

static void a_released_index_is_zeroed(void **state) {
    (void)state;
    struct hw_csv_index index = {0};
    records_add(&index, 3);
    hw_csv_index_release(&index);
    const struct hw_csv_index zero = {0};
    assert_memory_equal(&index, &zero, sizeof(zero));
    hw_csv_index_release(&index);
}

/* Each of the arrays in turn cannot grow: what was there still is, and a later call succeeds. */
static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t successes = 0; fired; successes++) {
        struct alloc_fault fault;
        struct hw_csv_index index = {0};
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes + 3); /* the arrays come to be before */
        records_add(&index, 5);
        enum hw_status status = hw_csv_index_reserve(&index, 1000, 1000, &err);
        records_check(&index, 5);
        records_add(&index, 1000);
        records_check(&index, 1005);
        hw_csv_index_release(&index);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_row_says("error", err.message, fired ? "out of memory asking for " : "");
        assert_true(fired || successes == 3);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_grows_around_what_is_there), cmocka_unit_test(room_at_least_doubles),
        cmocka_unit_test(a_cleared_index_keeps_its_room),  cmocka_unit_test(a_released_index_is_zeroed),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("csv/index", tests, NULL, NULL);
}
