/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/hash_index.h"

#include <errno.h>

#include "support/alloc_fault.h"
#include "support/faulty_io.h"
#include "support/rows.h"

/* A hash for each number; those of a few numbers have all their first bits in common. */
static struct hw_hash128 hash_of(uint64_t number) {
    const uint64_t mixed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return (struct hw_hash128){{number % 10 == 0 ? 7 : mixed, mixed ^ number << 32}};
}

static uint64_t wanted(uint64_t number) {
    return number * 3 + 1;
}

static void numbers_are_found(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t held_max;
        size_t count;
        size_t short_bytes; /* calls move at most so many */
        bool want_file;
    } rows[] = {
        {"none", 0, 0, 0, false},
        {"one", 0, 1, 0, false},
        {"as many as are held", 100, 100, 0, false},
        {"one more", 100, 101, 0, true},
        {"one at a time", 1, 300, 0, true},
        {"many", 1000, 20000, 0, true},
        {"short calls", 1000, 20000, 100, true},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct hw_hash_index index = {.held_max = rows[r].held_max};
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(IO_ANY, 0, 0);
        faulty_io_short(rows[r].short_bytes);
        for (uint64_t i = 0; i < rows[r].count; i++) {
            assert_ok(hw_hash_index_put(&index, hash_of(i), wanted(i), &err), err);
        }
        assert_ok(hw_hash_index_seal(&index, NULL, &err), err);
        assert_row_int(rows[r].name, index.open, rows[r].want_file);
        for (uint64_t i = 0; i < 2 * rows[r].count + 10; i++) {
            bool there = i >= rows[r].count;
            uint64_t number = 0;
            assert_ok(hw_hash_index_find(&index, hash_of(i), &there, &number, &err), err);
            assert_row_int(rows[r].name, there, i < rows[r].count);
            assert_row_int(rows[r].name, number, i < rows[r].count ? wanted(i) : 0);
        }
        faulty_io_stop();
        hw_hash_index_release(&index);
    }
}

/* Beyond what is held, the index takes as much memory for very many pairs as for many. */
static void memory_is_bounded(void **state) {
    (void)state;
    static const size_t counts[] = {10000, 200000};
    for (size_t r = 0; r < COUNT_OF(counts); r++) {
        enum { HELD = 1000, PAIR_BYTES = 24 };
        struct hw_hash_index index = {.held_max = HELD};
        struct hw_error err = HW_ERROR_INIT;
        for (uint64_t i = 0; i < counts[r]; i++) {
            assert_ok(hw_hash_index_put(&index, (struct hw_hash128){{i << 44, i}}, i, &err), err);
            assert_true(index.pairs.capacity <= 2 * HELD * PAIR_BYTES);
        }
        assert_ok(hw_hash_index_seal(&index, NULL, &err), err);
        assert_int_equal(index.pairs.capacity, 0);
        hw_hash_index_release(&index);
    }
}

static enum hw_status greatest(void *ctx, uint64_t first, uint64_t second, uint64_t *out_found, struct hw_error *err) {
    ++*(size_t *)ctx;
    *out_found = first > second ? first : second;
    return *(size_t *)ctx < 1000 ? HW_OK : hw_fail(err, HW_EFAILED, "asked too often");
}

/* Of several pairs with one hash the one that was chosen is found. */
static void twins_are_asked_about(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t held_max;
        size_t count, differ; /* pairs, and different hashes of them */
        enum hw_status want;
    } rows[] = {
        {"in memory", 0, 500, 400, HW_OK},
        {"in a file", 10, 500, 400, HW_OK},
        {"all have one", 10, 500, 1, HW_OK},
        {"a fault in memory", 0, 3000, 1000, HW_EFAILED},
        {"a fault in a file", 10, 3000, 1000, HW_EFAILED},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        struct hw_hash_index index = {.held_max = rows[r].held_max};
        struct hw_error err = HW_ERROR_INIT;
        size_t asked = 0;
        const struct hw_hash_index_twins twins = {greatest, &asked};
        for (uint64_t i = 0; i < rows[r].count; i++) {
            assert_ok(hw_hash_index_put(&index, hash_of(i % rows[r].differ), i, &err), err);
        }
        assert_row_int(rows[r].name, hw_hash_index_seal(&index, &twins, &err), rows[r].want);
        for (uint64_t i = 0; rows[r].want == HW_OK && i < rows[r].differ; i++) {
            const uint64_t last = (rows[r].count - 1 - i) / rows[r].differ * rows[r].differ + i;
            bool there;
            uint64_t number;
            assert_ok(hw_hash_index_find(&index, hash_of(i), &there, &number, &err), err);
            assert_row_int(rows[r].name, there, true);
            assert_row_int(rows[r].name, number, last);
        }
        if (rows[r].want == HW_OK) {
            assert_row_int(rows[r].name, asked, rows[r].count - rows[r].differ);
        }
        hw_hash_index_release(&index);
    }
}

static enum hw_status all_do(struct hw_error *err) {
    HW_AUTO(hw_hash_index) index = {.held_max = 10};
    bool there = false;
    uint64_t number = 0;
    for (uint64_t i = 0; i < 100; i++) {
        HW_TRY(hw_hash_index_put(&index, hash_of(i), wanted(i), err));
    }
    HW_TRY(hw_hash_index_seal(&index, NULL, err));
    HW_TRY(hw_hash_index_find(&index, hash_of(50), &there, &number, err));
    return there && number == wanted(50) ? HW_OK : HW_EFAILED;
}

/* Where no file can be made all stays in memory; what a file cannot take or give is a fault. */
static void faults_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        int at, errnum;
        enum hw_status want;
    } rows[] = {
        {"no file", IO_OPENAT, 1, EACCES, HW_OK}, {"no second file", IO_OPENAT, 2, EACCES, HW_EIO},
        {"no room", IO_WRITE, 1, ENOSPC, HW_EIO}, {"no room in the second file", IO_PWRITE, 1, ENOSPC, HW_EIO},
        {"no reading", IO_PREAD, 1, EIO, HW_EIO},
    };
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        const int before = open_files();
        struct hw_error err = HW_ERROR_INIT;
        faulty_io_start(rows[r].call, rows[r].at, rows[r].errnum);
        const enum hw_status status = all_do(&err);
        assert_row_int(rows[r].name, faulty_io_stop(), rows[r].call);
        assert_row_int(rows[r].name, status, rows[r].want);
        assert_row_int(rows[r].name, open_files(), before);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        alloc_fault_begin(&fault, successes);
        const enum hw_status status = all_do(&err);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_found),      cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(twins_are_asked_about),  cmocka_unit_test(faults_are_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("manifest/hash_index", tests, NULL, NULL);
}
