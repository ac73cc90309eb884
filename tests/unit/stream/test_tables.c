/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/tables.h"

#include "core/clock.h"
#include "support/alloc_fault.h"
#include "support/made_stream.h"
#include "support/rows.h"

static void a_stream_is_one_table(void **state) {
    (void)state;
    struct made_stream made = {.rows = 5, .batch_rows = 5};
    made_stream_init(&made);
    static const struct hw_stream_table_options options = {.part_bytes = 1};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_set *set;
    assert_ok(hw_stream_tables_new(&made.base, &options, &set, &err), err);
    assert_false(set->opened);
    const int64_t before_us = hw_clock_now_us();
    assert_ok(set->ops->open(set, &err), err);
    assert_true(set->opened);
    assert_int_equal(set->wanted, 1);
    assert_int_equal(set->bytes, 0);
    assert_true(set->mtime_us >= before_us && set->mtime_us <= hw_clock_now_us());
    assert_string_equal(set->etag, "");
    assert_null(set->ops->name(set, 0));
    size_t table = 0;
    assert_true(set->ops->find(set, &table));
    table = 1;
    assert_false(set->ops->find(set, &table));
    /* a reader that has not begun leaves the stream as it was */
    for (int again = 0; again < 2; again++) {
        struct hw_table_reader *reader;
        assert_ok(set->ops->reader_new(set, 0, "rows", &reader, &err), err);
        assert_ok(reader->ops->look(reader, 0, &err), err);
        assert_ok(reader->ops->decide(reader, &err), err);
        reader->ops->free(reader);
    }
    assert_int_equal(made.batches, 0);
    set->ops->close(set);
    assert_false(set->opened);
    set->ops->free(set);
    assert_int_equal(made.freed, 0);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct made_stream made = {.rows = 5, .batch_rows = 5};
    static const struct hw_stream_table_options options = {.part_bytes = 1};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_set *set = NULL;
    struct alloc_fault fault;
    made_stream_init(&made);
    alloc_fault_begin(&fault, 0);
    assert_int_equal(hw_stream_tables_new(&made.base, &options, &set, &err), HW_ENOMEM);
    alloc_fault_end(&fault);
    assert_null(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_one_table),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("stream/tables", tests, NULL, NULL);
}
