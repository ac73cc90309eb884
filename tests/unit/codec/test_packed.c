/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packed.h"

#include <stdlib.h>

#include "faulty_alloc.h"
#include "support/memory_io.h"
#include "support/rows.h"

/* The text whose bytes say where they stand. */
#define DIGITS HW_VIEW("0123456789")
enum { BLOCK_BYTES = 4 };

static struct hw_packed packed_open(struct memory_source *source, size_t block_bytes) {
    struct hw_packed packed;
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_packed_init(&packed, &source->base, block_bytes, &err), err);
    return packed;
}

static void remote_sources_are_read_in_larger_blocks(void **state) {
    (void)state;
    enum { BYTES = 1 << 20 };
    for (int remote = 0; remote < 2; remote++) {
        uint8_t *zeros = calloc(1, BYTES);
        zeros[0] = 'x';
        struct memory_source source = memory_source((hw_view){(const char *)zeros, BYTES}, 0);
        struct hw_packed packed;
        struct hw_error err = HW_ERROR_INIT;
        source.base.remote = remote;
        assert_ok(hw_packed_init(&packed, &source.base, 0, &err), err);
        assert_ok(hw_packed_fill(&packed, &err), err);
        assert_int_equal(hw_packed_left(&packed), remote ? BYTES : BYTES / 4);
        hw_packed_release(&packed);
        free(zeros);
    }
}

static void blocks_come_one_after_the_other(void **state) {
    (void)state;
    static const char *const want[] = {"0123", "4567", "89", ""};
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        assert_ok(hw_packed_fill(&packed, &err), err);
        assert_row_bytes(want[i], hw_packed_next(&packed), hw_packed_left(&packed), want[i], strlen(want[i]));
        assert_row_int(want[i], hw_packed_offset(&packed), hw_min_size(BLOCK_BYTES * i, 10));
        packed.at += hw_packed_left(&packed) > 0;
        assert_ok(hw_packed_fill(&packed, &err), err); /* reads nothing while bytes are left */
        assert_row_int(want[i], source.reads, hw_min_size(i + 1, 3));
        packed.at = packed.filled;
    }
    hw_packed_release(&packed);
}

/* Each row seeks, then reads on an end that was set before. */
static void reads_go_from_any_place_to_the_end(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t seek, end;
        size_t bytes;
        const char *want;
        int reads; /* of the source */
    } rows[] = {
        {"all in several blocks", 0, 10, 10, "0123456789", 2},
        {"more than there is", 0, 10, 99, "0123456789", 2},
        {"inside the block that is there", 3, 10, 1, "3", 0},
        {"behind the block that is there", 4, 10, 2, "45", 1},
        {"far behind it", 8, 10, 2, "89", 1},
        {"at the end", 10, 10, 5, "", 0},
        {"an end inside the block that is there", 1, 3, 9, "12", 0},
        {"an end in the middle of a later block", 2, 6, 9, "2345", 1},
        {"an end that is reached", 6, 6, 9, "", 0},
        {"no bytes", 2, 10, 0, "", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_source source = memory_source(DIGITS, 0);
        struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
        struct hw_error err = HW_ERROR_INIT;
        char got[16];
        size_t got_bytes = SIZE_MAX;
        assert_ok(hw_packed_fill(&packed, &err), err);
        hw_packed_end_at(&packed, rows[i].end);
        hw_packed_seek(&packed, rows[i].seek);
        source.reads = 0;
        assert_ok(hw_packed_read(&packed, got, rows[i].bytes, &got_bytes, &err), err);
        assert_row_bytes(rows[i].name, got, got_bytes, rows[i].want, strlen(rows[i].want));
        assert_row_int(rows[i].name, hw_packed_offset(&packed), rows[i].seek + got_bytes);
        assert_row_int(rows[i].name, source.reads, rows[i].reads);
        hw_packed_release(&packed);
    }
}

/* A member of an archive sets an end, and the next one sets it farther on. */
static void an_end_can_move_on(void **state) {
    (void)state;
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    char got[16];
    size_t got_bytes;
    assert_ok(hw_packed_fill(&packed, &err), err);
    hw_packed_end_at(&packed, 2);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("before", got, got_bytes, "01", 2);
    hw_packed_end_at(&packed, 10);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("after", got, got_bytes, "23456789", 8);
    hw_packed_release(&packed);
}

static void a_failed_read_is_told_and_can_be_repeated(void **state) {
    (void)state;
    struct memory_source source = memory_source(DIGITS, 2);
    struct hw_packed packed = packed_open(&source, BLOCK_BYTES);
    struct hw_error err = HW_ERROR_INIT;
    char got[16];
    size_t got_bytes = SIZE_MAX;
    assert_int_equal(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), HW_EIO);
    assert_true(got_bytes == SIZE_MAX);
    assert_int_equal(hw_packed_offset(&packed), BLOCK_BYTES);
    assert_ok(hw_packed_read(&packed, got, sizeof(got), &got_bytes, &err), err);
    assert_row_bytes("the rest", got, got_bytes, "456789", 6);
    hw_packed_release(&packed);
}

static void want_of_memory_leaves_nothing(void **state) {
    (void)state;
    struct faulty_alloc faulty = {.fail_at = 1};
    const struct hw_allocator allocator = {faulty_resize, &faulty};
    struct memory_source source = memory_source(DIGITS, 0);
    struct hw_packed packed = {.at = 7};
    struct hw_error err = HW_ERROR_INIT;
    hw_allocator_set(&allocator);
    enum hw_status status = hw_packed_init(&packed, &source.base, BLOCK_BYTES, &err);
    hw_allocator_set(NULL);
    assert_int_equal(status, HW_ENOMEM);
    assert_string_equal(err.message, "out of memory asking for 4 bytes");
    assert_int_equal(packed.at, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remote_sources_are_read_in_larger_blocks),  cmocka_unit_test(blocks_come_one_after_the_other),
        cmocka_unit_test(reads_go_from_any_place_to_the_end),        cmocka_unit_test(an_end_can_move_on),
        cmocka_unit_test(a_failed_read_is_told_and_can_be_repeated), cmocka_unit_test(want_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("codec/packed", tests, NULL, NULL);
}
