/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/summed_source.h"

#include "codec/checksum.h"
#include "support/memory_io.h"
#include "support/rows.h"

enum { FILE_BYTES = 1000, END = 900 };

static char bytes[FILE_BYTES];

static uint64_t sum_of_beginning(void) {
    for (size_t i = 0; i < FILE_BYTES; i++) {
        bytes[i] = (char)(i * 7 + i / 13);
    }
    return hw_checksum_add(HW_CHECKSUM_CRC64NVME, 0, bytes, END);
}

/* Reads in their order: from, and behind. Each set is another way to the same sum. */
static const struct {
    const char *name;
    size_t reads[8][2];
    /* The bytes that are left for the end. */
    uint64_t left;
} rows[] = {
    {"nothing", {{0, 0}}, END},
    {"all at once", {{0, 1000}}, 0},
    {"one behind the other", {{0, 300}, {300, 600}, {600, 900}}, 0},
    {"backwards", {{600, 1000}, {300, 600}, {0, 300}}, 0},
    {"with gaps", {{10, 20}, {500, 600}, {30, 40}}, END - 120},
    {"twice", {{0, 500}, {250, 750}, {0, 500}}, END - 750},
    {"around what is there", {{100, 200}, {300, 400}, {50, 450}}, END - 400},
    {"behind the end", {{950, 1000}}, END},
};

static void reads_of_any_order_have_one_sum(void **state) {
    (void)state;
    const uint64_t want = sum_of_beginning();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct memory_source inner = memory_source((hw_view){bytes, FILE_BYTES}, 0);
        struct hw_summed_source source;
        uint64_t sum = 0;
        char room[FILE_BYTES];
        hw_summed_source_init(&source, &inner.base);
        hw_summed_source_begin(&source, END);
        for (size_t j = 0; j < COUNT_OF(rows[i].reads) && rows[i].reads[j][1] > 0; j++) {
            const size_t at = rows[i].reads[j][0];
            const size_t size = rows[i].reads[j][1] - at;
            assert_row_int(rows[i].name, source.base.ops->read_at(&source.base, at, room, size, NULL), HW_OK);
            assert_memory_equal(room, bytes + at, size);
        }
        const uint64_t before = source.bytes_read;
        assert_row_int(rows[i].name, hw_summed_source_finish(&source, &sum, NULL), HW_OK);
        assert_row_int(rows[i].name, sum == want, true);
        assert_row_int(rows[i].name, source.bytes_read - before, rows[i].left);
        hw_summed_source_release(&source);
    }
}

static void what_is_known_is_not_read_again(void **state) {
    (void)state;
    const uint64_t want = sum_of_beginning();
    struct memory_source inner = memory_source((hw_view){bytes, FILE_BYTES}, 0);
    struct hw_summed_source source;
    char room[300];
    uint64_t sum = 0;
    hw_summed_source_init(&source, &inner.base);
    hw_summed_source_know(&source, 600, (hw_view){bytes + 600, 400});
    hw_summed_source_begin(&source, END);
    assert_int_equal(hw_summed_source_add(&source, 600, (hw_view){bytes + 600, 400}, NULL), HW_OK);
    assert_int_equal(source.base.ops->read_at(&source.base, 650, room, 300, NULL), HW_OK);
    assert_memory_equal(room, bytes + 650, 300);
    assert_int_equal(source.bytes_read, 0);
    assert_int_equal(source.base.ops->read_at(&source.base, 500, room, 200, NULL), HW_OK);
    assert_int_equal(source.bytes_read, 200);
    assert_int_equal(hw_summed_source_finish(&source, &sum, NULL), HW_OK);
    assert_true(sum == want);
    assert_int_equal(source.bytes_read, 700);
    hw_summed_source_release(&source);
}

static void a_failure_of_the_source_is_passed_on(void **state) {
    (void)state;
    struct memory_source inner = memory_source((hw_view){bytes, FILE_BYTES}, 1);
    struct hw_summed_source source;
    uint64_t sum = 5;
    hw_summed_source_init(&source, &inner.base);
    hw_summed_source_begin(&source, END);
    assert_int_equal(hw_summed_source_finish(&source, &sum, NULL), HW_EIO);
    assert_true(sum == 5);
    hw_summed_source_release(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_of_any_order_have_one_sum),
        cmocka_unit_test(what_is_known_is_not_read_again),
        cmocka_unit_test(a_failure_of_the_source_is_passed_on),
    };
    return cmocka_run_group_tests_name("parquet/summed_source", tests, NULL, NULL);
}
