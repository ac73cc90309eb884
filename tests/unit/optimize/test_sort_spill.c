/* SPDX-License-Identifier: Apache-2.0 */
#include "optimize/sort_spill.h"

#include <errno.h>

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

enum { PARTS_MAX = 4, PART_BYTES = 40 };

/* The sizes of parts, and how many of them stay in memory before a file is made. */
static const struct {
    const char *name;
    size_t memory_bytes, parts[PARTS_MAX];
    size_t stay;
} rows[] = {
    {"all in memory", 100, {40, 20, 40}, 4},     {"the last one is too much", 100, {40, 20, 40, 1}, 3},
    {"none in memory", 0, {1, 40}, 0},           {"a part that is too large alone", 10, {40, 1}, 0},
    {"parts without bytes", 1, {0, 1, 0, 0}, 4},
};

static uint8_t byte_of(size_t part, size_t at) {
    return (uint8_t)(part * 50 + at);
}

static enum hw_status part_append(struct hw_sort_spill *spill, size_t part, size_t bytes, uint64_t *out_at,
                                  struct hw_error *err) {
    uint8_t data[PART_BYTES];
    for (size_t i = 0; i < bytes; i++) {
        data[i] = byte_of(part, i);
    }
    return hw_sort_spill_append(spill, data, bytes, out_at, err);
}

static void part_check(struct hw_sort_spill *spill, size_t part, uint64_t at, size_t bytes) {
    uint8_t data[PART_BYTES];
    assert_int_equal(hw_sort_spill_read(spill, at, data, bytes, NULL), HW_OK);
    for (size_t i = 0; i < bytes; i++) {
        assert_int_equal(data[i], byte_of(part, i));
    }
}

/* The file has no name in its folder, and is gone with the spill. */
static void bytes_come_back_from_memory_and_file(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    const int files = open_files();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_sort_spill spill;
        uint64_t at[PARTS_MAX];
        hw_sort_spill_init(&spill, scratch_path(&scratch, ""), rows[i].memory_bytes);
        for (size_t part = 0; part < PARTS_MAX; part++) {
            assert_ok(part_append(&spill, part, rows[i].parts[part], &at[part], &err), err);
            assert_row_int(rows[i].name, spill.open, part >= rows[i].stay);
            for (size_t k = 0; k <= part; k++) {
                part_check(&spill, k, at[k], rows[i].parts[k]);
            }
        }
        assert_row_text(rows[i].name, scratch_names(&scratch), "");
        hw_sort_spill_release(&spill);
        assert_row_int(rows[i].name, open_files(), files);
    }
    scratch_remove(&scratch);
}

static void faults_name_the_folder(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at, errnum;
        const char *says;
    } faults[] = {
        {"no file", IO_OPENAT, 1, ENOSPC, "cannot make a temporary file in /"},
        {"a full disk when memory goes out", IO_PWRITE, 1, ENOSPC, "a temporary file in /"},
        {"a full disk later", IO_PWRITE, 2, ENOSPC, "a temporary file in /"},
        {"a read", IO_PREAD, 1, EIO, "a temporary file in /"},
    };
    struct scratch scratch = scratch_make();
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct hw_sort_spill spill;
        uint64_t at = 0;
        uint8_t data[PART_BYTES];
        hw_sort_spill_init(&spill, scratch_path(&scratch, ""), PART_BYTES);
        faulty_io_start(faults[i].call, faults[i].at, faults[i].errnum);
        enum hw_status status = part_append(&spill, 0, PART_BYTES, &at, &err);
        status = status ? status : part_append(&spill, 1, PART_BYTES, &at, &err);
        status = status ? status : hw_sort_spill_read(&spill, 0, data, sizeof(data), &err);
        assert_row_int(faults[i].name, faulty_io_stop(), faults[i].call);
        assert_row_int(faults[i].name, status, HW_EIO);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        hw_sort_spill_release(&spill);
    }
    scratch_remove(&scratch);
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    bool fired = true;
    for (size_t n = 0; fired; n++) {
        struct alloc_fault fault;
        struct hw_sort_spill spill;
        uint64_t at = 0;
        hw_sort_spill_init(&spill, NULL, PART_BYTES);
        alloc_fault_begin(&fault, n);
        const enum hw_status status = part_append(&spill, 0, PART_BYTES, &at, NULL);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        hw_sort_spill_release(&spill);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back_from_memory_and_file),
        cmocka_unit_test(faults_name_the_folder),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("optimize/sort_spill", tests, NULL, NULL);
}
