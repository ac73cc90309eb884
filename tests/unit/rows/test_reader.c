/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/reader.h"

#include "support/alloc_fault.h"
#include "support/made_files.h"
#include "support/rows.h"

static enum hw_status part_read(struct hw_table_reader *reader, size_t part, struct hw_error *err) {
    struct hw_cursor *cursor;
    enum hw_cursor_step step = HW_CURSOR_STARTED;
    HW_TRY(reader->ops->cursor_new(reader, &cursor, err));
    enum hw_status status = cursor->ops->open(cursor, part, NULL, err);
    while (status == HW_OK && step != HW_CURSOR_END) {
        status = cursor->ops->next(cursor, &step, err);
    }
    struct hw_part_result *result = cursor->ops->close(cursor);
    if (status == HW_OK) {
        reader->ops->accept(reader, result);
    } else if (result) {
        reader->ops->place_error(reader, result, err);
    }
    reader->ops->result_free(result);
    cursor->ops->free(cursor);
    return status;
}

static enum hw_status table_read(struct hw_table_reader *reader, struct hw_error *err) {
    for (size_t i = 0; i < reader->objects_count; i++) {
        HW_TRY(reader->ops->look(reader, i, err));
    }
    HW_TRY(reader->ops->decide(reader, err));
    HW_TRY(reader->ops->begin(reader, err));
    for (size_t part = 0; part < reader->parts_count; part++) {
        assert_true(reader->ops->part_exact(reader, part));
        HW_TRY(part_read(reader, part, err));
    }
    return reader->ops->end(reader, err);
}

static void a_table_of_files_is_told(void **state) {
    (void)state;
    struct made_files files;
    struct hw_table_reader *reader;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_column_history history;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a;3;2", "a b;1"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8, .memory_bytes = 77};
    assert_ok(hw_rows_reader_new(&files.base, &options, &reader, &err), err);
    assert_ok(table_read(reader, &err), err);
    assert_int_equal(reader->rows, 6);
    assert_int_equal(reader->records, 6);
    assert_int_equal(reader->bytes, strlen("a;3;2") + strlen("a b;1"));
    assert_int_equal(reader->window_bytes, 77);
    assert_false(reader->types_final);
    assert_false(reader->in_turn);
    assert_int_equal(reader->ops->inputs_count(reader), 2);
    const struct hw_table_input input = reader->ops->input(reader, 1);
    assert_string_equal(input.name, "1.made");
    assert_int_equal(input.rows, 1);
    assert_int_equal(input.bytes, 5);
    assert_null(input.checksum);
    assert_ok(reader->ops->history(reader, 0, NULL, &history, &err), err);
    assert_null(history.widened_from);
    reader->ops->free(reader);
    assert_int_equal(atomic_load(&files.open), 0);
}

/* Parts with a limit come in turn, and say that the table has more. */
static void a_limit_is_told(void **state) {
    (void)state;
    struct made_files files;
    struct hw_table_reader *reader;
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a;3;2"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8, .rows_max = 4};
    assert_ok(hw_rows_reader_new(&files.base, &options, &reader, &err), err);
    assert_ok(table_read(reader, &err), err);
    assert_true(reader->in_turn);
    assert_true(reader->limited);
    assert_int_equal(reader->rows, 4);
    reader->ops->free(reader);
}

static void a_table_is_read_again_in_microseconds(void **state) {
    (void)state;
    struct made_files files;
    struct hw_table_reader *reader;
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a!;3"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    assert_ok(hw_rows_reader_new(&files.base, &options, &reader, &err), err);
    assert_ok(table_read(reader, &err), err);
    assert_int_equal(reader->rows, 0);
    assert_ok(reader->ops->widen(reader, &err), err);
    assert_ok(reader->ops->begin(reader, &err), err);
    assert_ok(part_read(reader, 0, &err), err);
    assert_int_equal(reader->rows, 3);
    reader->ops->free(reader);
}

/* A file that is another one by now fails the part; of several files the error tells which. */
static void an_error_tells_the_file(void **state) {
    (void)state;
    struct made_files files;
    struct hw_table_reader *reader;
    struct hw_error err = HW_ERROR_INIT;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a;1", "a!;1"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8, .int96 = HW_INT96_AUTO};
    assert_ok(hw_rows_reader_new(&files.base, &options, &reader, &err), err);
    for (size_t i = 0; i < 2; i++) {
        assert_ok(reader->ops->look(reader, i, &err), err);
    }
    files.texts[1] = "?";
    assert_ok(reader->ops->decide(reader, &err), err);
    assert_ok(reader->ops->begin(reader, &err), err);
    assert_int_equal(part_read(reader, 1, &err), HW_EDATA);
    assert_string_equal(err.object, "1.made");
    reader->ops->free(reader);
    assert_int_equal(atomic_load(&files.open), 0);
}

static enum hw_status made(size_t successes, bool *out_fired) {
    struct made_files files;
    struct alloc_fault fault;
    struct hw_table_reader *reader;
    made_files_init(&files, (const char *[MADE_FILES_MAX]){"a;1", "b;1"});
    const struct hw_rows_options options = {.format = &made_format, .part_bytes = 8};
    alloc_fault_begin(&fault, successes);
    enum hw_status status = hw_rows_reader_new(&files.base, &options, &reader, NULL);
    if (status == HW_OK) {
        for (size_t i = 0; status == HW_OK && i < 2; i++) {
            status = reader->ops->look(reader, i, NULL);
        }
        status = status ? status : reader->ops->decide(reader, NULL);
        status = status ? status : reader->ops->begin(reader, NULL);
        reader->ops->free(reader);
    }
    *out_fired = alloc_fault_end(&fault);
    assert_int_equal(atomic_load(&files.open), 0);
    return status;
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    bool fired = true;
    size_t failures = 0;
    for (; fired; failures++) {
        const enum hw_status status = made(failures, &fired);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_of_files_is_told),
        cmocka_unit_test(a_limit_is_told),
        cmocka_unit_test(a_table_is_read_again_in_microseconds),
        cmocka_unit_test(an_error_tells_the_file),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("rows/reader", tests, NULL, NULL);
}
