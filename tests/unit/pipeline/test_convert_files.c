/* SPDX-License-Identifier: Apache-2.0 */
/* Conversions to many files: all of them or none, whatever fails and however the text is cut. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "conversions.h"
#include "support/alloc_fault.h"
#include "support/faulty_io.h"

static const char text[] = "id,kind,note\n1,a,one\n2,b,two\n3,,three\n4,a,four\n5,\"\",five\n";

static const char *const outputs[] = {
    "out/kind=/a-00000.csv",
    "out/kind=/a-00000.parquet",
    "out/kind=__HIVE_DEFAULT_PARTITION__/a-00000.csv",
    "out/kind=__HIVE_DEFAULT_PARTITION__/a-00000.parquet",
    "out/kind=a/a-00000.csv",
    "out/kind=a/a-00000.parquet",
    "out/kind=b/a-00000.csv",
    "out/kind=b/a-00000.parquet",
};

static void warning_count(void *ctx, const struct hw_error *warning) {
    (void)warning;
    ++*(size_t *)ctx;
}

static size_t warnings; /* of the last conversion */

static enum hw_status text_convert(const struct scratch *scratch, struct hw_error *err) {
    static const char *const kind = "kind";
    const char *source = scratch_path(scratch, "in/a.csv");
    struct hw_convert_result result;
    const struct hw_convert_options options = {
        .formats = HW_FORMAT_PARQUET | HW_FORMAT_CSV,
        .partition_by = &kind,
        .partition_by_count = 1,
        .threads = 1,
        .memory_bytes = 1 << 20,
        .on_warning = warning_count,
        .ctx = &warnings,
    };
    warnings = 0;
    return hw_convert(&source, 1, scratch_path(scratch, "out/"), &options, &result, err);
}

/* How many of the outputs are there; nothing else may be left but folders of those that are. */
static size_t outputs_there(const char *row, const struct scratch *scratch) {
    const char *names = scratch_names(scratch);
    size_t there = 0;
    for (size_t i = 0; i < COUNT_OF(outputs); i++) {
        there += strstr(names, outputs[i]) != NULL;
    }
    assert_row_text(row, strstr(names, ".hawser-") ? names : "", "");
    if (there == 0) {
        assert_row_text(row, strstr(names, "kind=a") ? names : "", "");
    }
    return there;
}

static void run_check(const char *row, const struct scratch *scratch, enum hw_status status, bool failed) {
    size_t there = outputs_there(row, scratch);
    assert_row_int(row, there == 0 || there == COUNT_OF(outputs), true);
    if (status == HW_OK) {
        assert_row_int(row, there, COUNT_OF(outputs));
        assert_row_int(row, scratch_holds(scratch, outputs[4], "id,note\n1,one\n4,four\n", 21), true);
    } else {
        assert_row_int(row, failed, true);
    }
}

static void no_fault_of_the_disk_leaves_a_part(void **state) {
    (void)state;
    static const enum io_call calls[] = {IO_WRITE, IO_FSYNC,   IO_SYNCFS, IO_RENAMEAT, IO_OPENAT,
                                         IO_CLOSE, IO_MKDIRAT, IO_FSTAT,  IO_PREAD};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        bool failed = true;
        for (int at = 1; failed; at++) {
            char row[64];
            struct hw_error err = HW_ERROR_INIT;
            struct scratch scratch = scratch_make();
            scratch_write(&scratch, "in/a.csv", text, sizeof(text) - 1);
            int files = open_files();
            snprintf(row, sizeof(row), "%s %d", faulty_io_name(calls[i]), at);
            faulty_io_start(calls[i], at, EIO);
            faulty_io_quick();
            enum hw_status status = text_convert(&scratch, &err);
            failed = faulty_io_stop() != IO_ANY;
            run_check(row, &scratch, status, failed);
            assert_row_int(row, open_files(), files);
            scratch_remove(&scratch);
        }
    }
}

static void want_of_memory_leaves_no_part(void **state) {
    (void)state;
    quick_io();
    size_t successes = 0;
    for (bool failed = true; failed; successes++) {
        char row[64];
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct scratch scratch = scratch_make();
        scratch_write(&scratch, "in/a.csv", text, sizeof(text) - 1);
        snprintf(row, sizeof(row), "no memory after %zu requests", successes);
        alloc_fault_begin(&fault, successes);
        enum hw_status status = text_convert(&scratch, &err);
        failed = alloc_fault_end(&fault);
        run_check(row, &scratch, status, failed);
        scratch_remove(&scratch);
    }
    assert_in_range(successes, 200, 100000);
    hw_io_set(NULL);
}

/*
 * A file that should go and cannot is told, and tried again: what was made is there, but not all of
 * it is done.
 */
static void stale_files_go_or_it_is_told(void **state) {
    (void)state;
    for (int fault = 0; fault < 2; fault++) {
        struct hw_error err = HW_ERROR_INIT;
        struct scratch scratch = scratch_make();
        scratch_write(&scratch, "in/a.csv", text, sizeof(text) - 1);
        assert_ok(text_convert(&scratch, &err), err);
        scratch_write(&scratch, "in/a.csv", "id,kind,note\n1,c,x\n", 19);
        faulty_io_start_forever(IO_UNLINKAT, fault, EIO);
        faulty_io_quick();
        enum hw_status status = text_convert(&scratch, &err);
        faulty_io_stop();
        assert_int_equal(status, fault ? HW_EPARTIAL : HW_OK);
        assert_int_equal(warnings, fault ? COUNT_OF(outputs) : 0);
        assert_int_equal(outputs_there("stale", &scratch), fault ? COUNT_OF(outputs) : 0);
        assert_true(scratch_holds(&scratch, "out/kind=c/a-00000.csv", "id,note\n1,x\n", 12));
        assert_ok(text_convert(&scratch, &err), err);
        assert_int_equal(outputs_there("stale", &scratch), 0);
        scratch_remove(&scratch);
    }
}

enum { ROWS = 5000, KINDS = 7 };

/* Row i is of kind i * 3 % 7; each 50th is bad. The last value makes `value` a text. */
static void table_write(const struct scratch *scratch, bool widens) {
    HW_AUTO(hw_buf) csv = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&csv, "id,kind,value\n", &err), err);
    for (unsigned i = 0; i < ROWS; i++) {
        assert_ok(hw_buf_printf(&csv, &err, "%u,k%u,%u%s\n", i, i * 3 % KINDS, i * 7, i % 50 == 49 ? ",x" : ""), err);
    }
    assert_ok(hw_buf_append_text(&csv, widens ? "99999,k0,\"a\nb\"\n" : "", &err), err);
    scratch_write(scratch, "t.csv", csv.data, csv.size);
}

/* Rows of a kind, in the order of the source, whatever spans, workers and streams made them. */
static void rows_do_not_depend_on_cuts(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t row_group_bytes, row_group_rows, max_file_bytes;
        uint32_t threads;
        const char *encoding; /* latin1 is read as a stream */
        bool widens;
    } ways[] = {
        {"one span", 0, 0, 0, 1, NULL, false},
        {"many spans", 100, 0, 0, 1, NULL, false},
        {"many spans, four workers", 1000, 0, 0, 4, NULL, false},
        {"rows of a group", 0, 10, 0, 2, NULL, false},
        {"a stream", 2000, 0, 0, 3, "latin1", false},
        {"widened", 1000, 0, 0, 4, NULL, true},
        {"small files", 500, 0, 300, 2, NULL, true},
    };
    static const char *const kind = "kind";
    quick_io();
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        struct scratch scratch = scratch_make();
        table_write(&scratch, ways[i].widens);
        const char *source = scratch_path(&scratch, "t.csv");
        const struct hw_convert_options options = {
            .formats = HW_FORMAT_CSV,
            .csv = {.bad_rows_reject = true, .encoding = ways[i].encoding},
            .row_group_bytes = ways[i].row_group_bytes,
            .row_group_rows = ways[i].row_group_rows,
            .max_file_bytes = ways[i].max_file_bytes,
            .threads = ways[i].threads,
            .partition_by = &kind,
            .partition_by_count = 1,
        };
        assert_ok(hw_convert(&source, 1, scratch_path(&scratch, "out/"), &options, &result, &err), err);
        assert_row_int(ways[i].name, result.rejected, ROWS / 50);
        assert_row_int(ways[i].name, result.rows_out, ROWS - ROWS / 50 + ways[i].widens);
        unsigned found = 0;
        for (unsigned k = 0; k < KINDS; k++) {
            long last = -1;
            for (unsigned number = 0;; number++) {
                char name[64];
                HW_AUTO(hw_buf) file = {0};
                snprintf(name, sizeof(name), "out/kind=k%u/t-%05u.csv", k, number);
                if (!corpus_read(scratch_path(&scratch, name), &file)) {
                    assert_row_int(ways[i].name, number > 0, true);
                    break;
                }
                assert_ok(hw_buf_end_text(&file, &err), err);
                assert_row_int(ways[i].name, strncmp((char *)file.data, "id,value\n", 9), 0);
                for (char *at = strchr((char *)file.data, '\n') + 1; *at >= '0' && *at <= '9'; found++) {
                    long id = strtol(at, &at, 10);
                    assert_row_int(ways[i].name, id > last, true);
                    assert_row_int(ways[i].name, id == 99999 || id * 3 % KINDS == k, true);
                    last = id;
                    at = strchr(at, '\n') + 1;
                }
            }
        }
        assert_row_int(ways[i].name, found, result.rows_out);
        scratch_remove(&scratch);
    }
    hw_io_set(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_fault_of_the_disk_leaves_a_part),
        cmocka_unit_test(want_of_memory_leaves_no_part),
        cmocka_unit_test(stale_files_go_or_it_is_told),
        cmocka_unit_test(rows_do_not_depend_on_cuts),
    };
    return cmocka_run_group_tests_name("pipeline/convert_files", tests, NULL, NULL);
}
