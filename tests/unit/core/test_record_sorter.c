/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_sorter.h"

#include <errno.h>
#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"

static int texts_compare(hw_view a, hw_view b) {
    const int order = memcmp(a.data, b.data, hw_min_size(a.size, b.size));
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static enum hw_status number_put(struct hw_record_sorter *sorter, size_t number, struct hw_error *err) {
    char text[32];
    snprintf(text, sizeof(text), "%05zu", number);
    return hw_record_sorter_put(sorter, hw_view_of(text), err);
}

/* However few fit into memory, all records come, in their order, as often as they are asked for. */
static void records_come_sorted(void **state) {
    (void)state;
    enum { RECORDS = 3000, STEP = 1867 };
    static const struct {
        const char *name;
        size_t memory_bytes;
        bool want_file;
    } rows[] = {{"all in memory", 0, false}, {"a few runs", 9000, true}, {"many runs", 100, true}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_record_sorter) sorter = {.compare = texts_compare, .memory_bytes = rows[r].memory_bytes};
        struct hw_error err = HW_ERROR_INIT;
        for (size_t i = 0; i < RECORDS; i++) {
            assert_ok(number_put(&sorter, i * STEP % RECORDS, &err), err);
        }
        assert_row_int(rows[r].name, sorter.count, RECORDS);
        assert_row_int(rows[r].name, sorter.runs_count > 0, rows[r].want_file);
        for (int again = 0; again < 2; again++) {
            HW_AUTO(hw_record_stream) stream = {0};
            assert_ok(hw_record_stream_open(&stream, &sorter, &err), err);
            for (size_t i = 0; i < RECORDS; i++) {
                char want[32];
                const hw_view record = hw_record_stream_peek(&stream);
                snprintf(want, sizeof(want), "%05zu", i);
                assert_row_bytes(rows[r].name, record.data, record.size, want, 5);
                assert_ok(hw_record_stream_next(&stream, &err), err);
            }
            assert_null(hw_record_stream_peek(&stream).data);
        }
    }
}

static void no_records_are_none(void **state) {
    (void)state;
    HW_AUTO(hw_record_sorter) sorter = {.compare = texts_compare};
    HW_AUTO(hw_record_stream) stream = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_record_stream_open(&stream, &sorter, &err), err);
    assert_null(hw_record_stream_peek(&stream).data);
}

static void too_many_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_record_sorter) sorter = {.compare = texts_compare, .memory_bytes = 1};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    for (size_t i = 0; status == HW_OK && i < 2 * HW_RECORD_RUNS_MAX; i++) {
        status = number_put(&sorter, i, &err);
    }
    assert_int_equal(status, HW_ELIMIT);
    assert_int_equal(sorter.count, HW_RECORD_RUNS_MAX + 1);
    assert_row_says("too many", err.message, "more than 1025 records are too many to be sorted");
}

static const struct {
    const char *name;
    enum io_call call;
    int errnum;
    bool keeps;
    enum hw_status want;
} fault_rows[] = {
    {"no file, all is kept", IO_OPENAT, EACCES, true, HW_OK},
    {"no file", IO_OPENAT, EACCES, false, HW_EIO},
    {"no room, all is kept", IO_WRITE, ENOSPC, true, HW_OK},
    {"no room", IO_WRITE, ENOSPC, false, HW_EIO},
    {"no reading", IO_PREAD, EIO, false, HW_EIO},
};

static enum hw_status sort_some(bool keeps, size_t *out_count, struct hw_error *err) {
    HW_AUTO(hw_record_sorter) sorter = {.compare = texts_compare, .memory_bytes = 100, .keeps = keeps};
    HW_AUTO(hw_record_stream) stream = {0};
    for (size_t i = 0; i < 100; i++) {
        HW_TRY(number_put(&sorter, i, err));
    }
    HW_TRY(hw_record_stream_open(&stream, &sorter, err));
    for (; hw_record_stream_peek(&stream).data; ++*out_count) {
        HW_TRY(hw_record_stream_next(&stream, err));
    }
    return HW_OK;
}

static void faults_lose_nothing_in_silence(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(fault_rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        size_t count = 0;
        faulty_io_start(fault_rows[i].call, 1, fault_rows[i].errnum);
        enum hw_status status = sort_some(fault_rows[i].keeps, &count, &err);
        faulty_io_stop();
        assert_row_int(fault_rows[i].name, status, fault_rows[i].want);
        assert_row_int(fault_rows[i].name, count, fault_rows[i].want == HW_OK ? 100 : 0);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        size_t count = 0;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = sort_some(false, &count, &err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_sorted),    cmocka_unit_test(no_records_are_none),
        cmocka_unit_test(too_many_are_refused),   cmocka_unit_test(faults_lose_nothing_in_silence),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("core/record_sorter", tests, NULL, NULL);
}
