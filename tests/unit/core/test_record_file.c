/* SPDX-License-Identifier: Apache-2.0 */
#include "core/record_file.h"

#include <errno.h>
#include <stdio.h>

#include "support/faulty_io.h"
#include "support/rows.h"

/* What record `i` holds: of many lengths, some empty, one longer than what is read at once. */
static hw_view record_of(char *room, unsigned i) {
    enum { LONG = 70000 };
    const size_t bytes = i == 13 ? LONG : i % 7 == 0 ? 0 : i % 50;
    memset(room, (int)('a' + i % 26), LONG);
    return (hw_view){room, bytes};
}

static void records_come_back_in_order(void **state) {
    (void)state;
    enum { RECORDS = 20000, ROOM = 70000 };
    static const struct {
        const char *name;
        size_t block_bytes;
        size_t short_bytes; /* calls move at most so many */
    } rows[] = {{"small blocks", 1, 0}, {"blocks", 4096, 0}, {"large blocks", 1 << 20, 0}, {"short calls", 4096, 1000}};
    static char room[ROOM];
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct hw_record_file file = {0};
        struct hw_error err = HW_ERROR_INIT;
        uint64_t middle = 0;
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_short(rows[r].short_bytes);
        for (unsigned i = 0; i < RECORDS; i++) {
            if (i == RECORDS / 2) {
                assert_ok(hw_record_file_flush(&file, &err), err);
                middle = file.written;
            }
            assert_ok(hw_record_file_put(&file, record_of(room, i), &err), err);
        }
        assert_ok(hw_record_file_flush(&file, &err), err);
        struct hw_record_reader all = {.file = &file, .end = file.written, .block_bytes = rows[r].block_bytes};
        struct hw_record_reader half = {
            .file = &file, .at = middle, .end = file.written, .block_bytes = rows[r].block_bytes};
        for (unsigned i = 0; i < RECORDS; i++) {
            const hw_view want = record_of(room, i);
            hw_view got;
            assert_ok(hw_record_reader_next(&all, &got, &err), err);
            assert_row_bytes(rows[r].name, got.data, got.size, want.data, want.size);
            if (i >= RECORDS / 2) {
                assert_ok(hw_record_reader_next(&half, &got, &err), err);
                assert_row_bytes(rows[r].name, got.data, got.size, want.data, want.size);
            }
        }
        for (int again = 0; again < 2; again++) {
            hw_view got = HW_VIEW("x");
            assert_ok(hw_record_reader_next(&all, &got, &err), err);
            assert_null(got.data);
        }
        hw_record_reader_release(&all);
        hw_record_reader_release(&half);
        hw_record_file_release(&file);
        faulty_io_stop();
    }
}

/*
 * Records stay in memory up to the bytes that are allowed, and are read from there, from the file,
 * and where they lie in both.
 */
static void records_stay_in_memory(void **state) {
    (void)state;
    enum { RECORD_BYTES = 1000 };
    static const struct {
        const char *name;
        size_t memory_bytes;
        unsigned records;
        bool want_file;
    } rows[] = {{"few", 0, 200, false},
                {"more than the smallest limit", 0, 300, true},
                {"up to the limit", 1004000, 999, false},
                {"beyond the limit", 1004000, 1100, true}};
    static char room[RECORD_BYTES];
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct hw_record_file file = {.memory_bytes = rows[r].memory_bytes};
        struct hw_error err = HW_ERROR_INIT;
        hw_view got;
        for (unsigned i = 0; i < rows[r].records; i++) {
            assert_row_int(rows[r].name, hw_record_file_end(&file), i * (RECORD_BYTES + 4));
            memset(room, (int)('a' + i % 26), sizeof(room));
            assert_ok(hw_record_file_put(&file, (hw_view){room, sizeof(room)}, &err), err);
        }
        assert_row_int(rows[r].name, file.open, rows[r].want_file);
        assert_row_int(rows[r].name, file.pending.size > 0, true);
        struct hw_record_reader all = {.file = &file, .end = hw_record_file_end(&file), .block_bytes = 7777};
        for (unsigned i = 0; i < rows[r].records; i++) {
            memset(room, (int)('a' + i % 26), sizeof(room));
            assert_ok(hw_record_reader_next(&all, &got, &err), err);
            assert_row_bytes(rows[r].name, got.data, got.size, room, sizeof(room));
        }
        assert_ok(hw_record_reader_next(&all, &got, &err), err);
        assert_null(got.data);
        hw_record_reader_release(&all);
        hw_record_file_release(&file);
    }
}

static void faults_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
        const char *says;
    } rows[] = {
        {"no file", IO_OPENAT, EACCES, "cannot make a temporary file"},
        {"no room", IO_WRITE, ENOSPC, ""},
        {"no reading", IO_PREAD, EIO, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_record_file file = {0};
        struct hw_error err = HW_ERROR_INIT;
        hw_view got;
        faulty_io_start(rows[i].call, 1, rows[i].errnum);
        enum hw_status status = hw_record_file_put(&file, HW_VIEW("record"), &err);
        status = status ? status : hw_record_file_flush(&file, &err);
        struct hw_record_reader reader = {.file = &file, .end = file.written, .block_bytes = 100};
        status = status ? status : hw_record_reader_next(&reader, &got, &err);
        faulty_io_stop();
        assert_row_int(rows[i].name, status, HW_EIO);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        hw_record_reader_release(&reader);
        hw_record_file_release(&file);
    }
}

/* Nothing makes a file before there is something to write, and none stays open. */
static void files_come_and_go(void **state) {
    (void)state;
    const int before = open_files();
    struct hw_record_file file = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_record_file_flush(&file, &err), err);
    assert_int_equal(open_files(), before);
    assert_ok(hw_record_file_put(&file, HW_VIEW("a"), &err), err);
    assert_ok(hw_record_file_flush(&file, &err), err);
    assert_int_equal(open_files(), before + 1);
    hw_record_file_release(&file);
    assert_int_equal(open_files(), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_in_order),
        cmocka_unit_test(records_stay_in_memory),
        cmocka_unit_test(faults_are_told),
        cmocka_unit_test(files_come_and_go),
    };
    return cmocka_run_group_tests_name("core/record_file", tests, NULL, NULL);
}
