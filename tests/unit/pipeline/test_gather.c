/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversions whose rows of partitions are put aside and gathered: every row is there once and in
 * its order, the bytes are the same whatever the memory and the threads, and a fault leaves
 * nothing.
 */
#include "pipeline/gather.h"

#include <errno.h>
#include <hawser/convert.h>
#include <stdio.h>

#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* So many rows do not fit in the memory that one worker has at least, the fewer do. */
enum { SOURCE_ROWS = 120000, FEWER_ROWS = 60000, PARTITIONS = 97, NOTE_BYTES = 12 };

/* Row i is of partition i * 31 % 97, so that each partition's rows come at regular distances. */
static void source_write(const struct scratch *scratch, int rows) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "id,key,note\n", &err), err);
    for (int i = 0; i < rows; i++) {
        const char *note = i % 7 == 0 ? "" : "some words, ";
        assert_ok(hw_buf_printf(&text, &err, "%d,%d,\"%s%d\"\n", i, i * 31 % PARTITIONS, note, i), err);
    }
    scratch_write(scratch, "in/a.csv", text.data, text.size);
}

static enum hw_status rows_convert(const struct scratch *scratch, const char *folder,
                                   const struct hw_convert_options *more, struct hw_error *err) {
    static const char *const key = "key";
    const char *source = scratch_path(scratch, "in/a.csv");
    struct hw_convert_options options = *more;
    struct hw_convert_result result;
    options.formats = HW_FORMAT_CSV | HW_FORMAT_PARQUET | HW_FORMAT_AVRO;
    options.partition_by = &key;
    options.partition_by_count = 1;
    return hw_convert(&source, 1, scratch_path(scratch, folder), &options, &result, err);
}

/* The CSV file of a partition, as it must be. */
static void partition_expect(int partition, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(out, "id,note\n", &err), err);
    for (int i = 0; i < SOURCE_ROWS; i++) {
        if (i * 31 % PARTITIONS == partition) {
            const bool quoted = i % 7 != 0;
            const char *quote = quoted ? "\"" : "";
            assert_ok(hw_buf_printf(out, &err, "%d,%s%s%d%s\n", i, quote, quoted ? "some words, " : "", i, quote), err);
        }
    }
}

static void partitions_check(const char *row, const struct scratch *scratch, const char *folder) {
    for (int i = 0; i < PARTITIONS; i++) {
        HW_AUTO(hw_buf) want = {0};
        char name[64];
        partition_expect(i, &want);
        snprintf(name, sizeof(name), "%skey=%d/a-00000.csv", folder, i);
        assert_row_int(row, scratch_holds(scratch, name, want.data, want.size), true);
    }
}

/* Returns true where both folders hold the same file for each partition. */
static bool same_files(const struct scratch *scratch, const char *first, const char *second, const char *extension) {
    bool same = true;
    for (int i = 0; i < PARTITIONS; i++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        char name[64];
        char block[4096];
        size_t got;
        snprintf(name, sizeof(name), "%skey=%d/a-00000.%s", first, i, extension);
        FILE *file = fopen(scratch_path(scratch, name), "rb");
        assert_non_null(file);
        while ((got = fread(block, 1, sizeof(block), file)) > 0) {
            assert_ok(hw_buf_append(&bytes, block, got, &err), err);
        }
        fclose(file);
        snprintf(name, sizeof(name), "%skey=%d/a-00000.%s", second, i, extension);
        same = same && scratch_holds(scratch, name, bytes.data, bytes.size);
    }
    return same;
}

static void memory_and_threads_change_no_byte(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options options;
    } rows[] = {
        {"one thread, little memory", {.threads = 1, .memory_bytes = 1 << 20}},
        {"some threads, little memory", {.threads = 3, .memory_bytes = 1 << 20}},
        {"one thread, more memory", {.threads = 1, .memory_bytes = 8 << 20}},
        {"some threads, more memory", {.threads = 4, .memory_bytes = 8 << 20}},
    };
    struct scratch scratch = scratch_make();
    source_write(&scratch, SOURCE_ROWS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        char folder[16];
        snprintf(folder, sizeof(folder), "%zu/", i);
        faulty_io_start(IO_ANY, 0, 0);
        assert_ok(rows_convert(&scratch, folder, &rows[i].options, &err), err);
        /* Rows were put aside. */
        assert_row_int(rows[i].name, faulty_io_calls(IO_PWRITE) > 0, true);
        faulty_io_stop();
        partitions_check(rows[i].name, &scratch, folder);
        assert_row_int(rows[i].name, same_files(&scratch, "0/", folder, "parquet"), true);
    }
    scratch_remove(&scratch);
}

/* Files of a size, and row groups of so many rows, hold each row once, too. */
static void rows_are_cut_as_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options options;
        const char *is, *is_not;
    } rows[] = {
        {"one file", {.memory_bytes = 1 << 20}, "key=3/a-00000.csv", "key=3/a-00001.csv"},
        {"files of a size",
         {.memory_bytes = 1 << 20, .max_file_bytes = 4096, .row_group_rows = 50},
         "key=3/a-00003.csv",
         "key=3/a-00009.csv"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct scratch scratch = scratch_make();
        source_write(&scratch, FEWER_ROWS);
        assert_ok(rows_convert(&scratch, "out/", &rows[i].options, &err), err);
        const char *names = scratch_names(&scratch);
        assert_row_says(rows[i].name, names, rows[i].is);
        assert_row_int(rows[i].name, strstr(names, rows[i].is_not) != NULL, false);
        scratch_remove(&scratch);
    }
}

static void a_fault_of_the_temporary_file_leaves_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at;
        int fault;
    } rows[] = {
        {"the disk is full at once", IO_PWRITE, 1, ENOSPC},
        {"the disk is full later", IO_PWRITE, 2, ENOSPC},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_convert_options options = {.threads = 2, .memory_bytes = 1 << 20};
        struct hw_error err = HW_ERROR_INIT;
        struct scratch scratch = scratch_make();
        source_write(&scratch, SOURCE_ROWS);
        const int files = open_files();
        faulty_io_start(rows[i].call, rows[i].at, rows[i].fault);
        const enum hw_status status = rows_convert(&scratch, "out/", &options, &err);
        assert_row_int(rows[i].name, faulty_io_stop(), rows[i].call);
        assert_row_int(rows[i].name, status, HW_EIO);
        assert_row_says(rows[i].name, err.message, "a temporary file in ");
        assert_row_int(rows[i].name, strstr(scratch_names(&scratch), "key=") != NULL, false);
        assert_row_int(rows[i].name, open_files(), files);
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_and_threads_change_no_byte),
        cmocka_unit_test(rows_are_cut_as_asked_for),
        cmocka_unit_test(a_fault_of_the_temporary_file_leaves_nothing),
    };
    return cmocka_run_group_tests_name("pipeline/gather", tests, NULL, NULL);
}
