/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/sorter.h"

#include <errno.h>
#include <stdio.h>

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"

static struct hw_manifest_entry entry_of(const char *source, const char *path, uint64_t rows) {
    return (struct hw_manifest_entry){.path = path,
                                      .format = "parquet",
                                      .rows = rows,
                                      .etag = "",
                                      .source = source,
                                      .source_etag = "version",
                                      .options = ""};
}

static enum hw_status number_put(struct hw_manifest_sorter *sorter, size_t number, uint64_t rows,
                                 struct hw_error *err) {
    char source[32];
    char path[32];
    snprintf(source, sizeof(source), "in/%05zu.csv", number);
    snprintf(path, sizeof(path), "%05zu.parquet", number);
    const struct hw_manifest_entry entry = entry_of(source, path, rows);
    return hw_manifest_sorter_put(sorter, &entry, err);
}

/*
 * However few fit into memory, entries come in their order, and of two with one path the later one.
 */
static void entries_come_sorted(void **state) {
    (void)state;
    enum { ENTRIES = 3000, STEP = 1867 };
    static const struct {
        const char *name;
        size_t memory_bytes;
        bool want_file;
    } rows[] = {{"all in memory", 0, false},
                {"a few pieces", 200000, true},
                {"many pieces", 2000, true},
                {"one each", 0x200, true}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest_sorter) sorter = {.memory_bytes = rows[r].memory_bytes};
        struct hw_error err = HW_ERROR_INIT;
        const size_t entries = rows[r].memory_bytes == 0x200 ? 500 : ENTRIES;
        for (size_t i = 0; i < 2 * entries; i++) {
            assert_ok(number_put(&sorter, i * STEP % entries, i, &err), err);
        }
        assert_row_int(rows[r].name, sorter.records.runs_count > 0, rows[r].want_file);
        for (int again = 0; again < 2; again++) {
            HW_AUTO(hw_manifest_stream) stream = {0};
            const struct hw_manifest_entry *entry;
            assert_ok(hw_manifest_stream_open(&stream, &sorter, &err), err);
            for (size_t i = 0; i < entries; i++) {
                char path[32];
                snprintf(path, sizeof(path), "%05zu.parquet", i);
                assert_ok(hw_manifest_stream_next(&stream, &entry, &err), err);
                assert_row_text(rows[r].name, entry->path, path);
                assert_row_text(rows[r].name, entry->source_etag, "version");
                assert_row_int(rows[r].name, entry->rows >= entries, true);
            }
            assert_ok(hw_manifest_stream_next(&stream, &entry, &err), err);
            assert_null(entry);
        }
    }
}

static void too_many_are_refused(void **state) {
    (void)state;
    HW_AUTO(hw_manifest_sorter) sorter = {.memory_bytes = 1};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    size_t put = 0;
    for (; status == HW_OK && put < 2 * HW_RECORD_RUNS_MAX; put++) {
        status = number_put(&sorter, put, 0, &err);
    }
    assert_int_equal(status, HW_ELIMIT);
    assert_int_equal(put, HW_RECORD_RUNS_MAX + 2);
    assert_non_null(strstr(err.message, "a manifest of more than"));
}

/* Without the file all entries stay in memory; what was written and cannot be read is a fault. */
static void faults_lose_nothing(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int errnum;
        enum hw_status want;
    } rows[] = {{"no file", IO_OPENAT, EACCES, HW_OK},
                {"no room", IO_WRITE, ENOSPC, HW_OK},
                {"no reading", IO_PREAD, EIO, HW_EIO}};
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        HW_AUTO(hw_manifest_sorter) sorter = {.memory_bytes = 1000};
        HW_AUTO(hw_manifest_stream) stream = {0};
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_manifest_entry *entry = NULL;
        size_t got = 0;
        faulty_io_start(rows[r].call, 1, rows[r].errnum);
        for (size_t i = 0; i < 100; i++) {
            assert_ok(number_put(&sorter, i, 0, &err), err);
        }
        enum hw_status status = hw_manifest_stream_open(&stream, &sorter, &err);
        for (bool more = status == HW_OK; more; got += more) {
            status = hw_manifest_stream_next(&stream, &entry, &err);
            more = status == HW_OK && entry;
        }
        faulty_io_stop();
        assert_row_int(rows[r].name, status, rows[r].want);
        assert_row_int(rows[r].name, got, rows[r].want == HW_OK ? 100 : 0);
    }
}

static enum hw_status sort_all(struct hw_error *err) {
    HW_AUTO(hw_manifest_sorter) sorter = {.memory_bytes = 1000};
    HW_AUTO(hw_manifest_stream) stream = {0};
    const struct hw_manifest_entry *entry = NULL;
    for (size_t i = 0; i < 20; i++) {
        HW_TRY(number_put(&sorter, i, 0, err));
    }
    HW_TRY(hw_manifest_stream_open(&stream, &sorter, err));
    do {
        HW_TRY(hw_manifest_stream_next(&stream, &entry, err));
    } while (entry);
    return HW_OK;
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        enum hw_status status = sort_all(&err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_sorted),
        cmocka_unit_test(too_many_are_refused),
        cmocka_unit_test(faults_lose_nothing),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("manifest/sorter", tests, NULL, NULL);
}
