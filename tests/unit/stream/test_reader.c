/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/reader.h"

#include <pthread.h>

#include "rows_text.h"

enum { PARTS_MAX = 200, THREADS_MAX = 5 };

/* What threads that read the parts of a table share. */
struct readers {
    struct hw_table_reader *reader;
    pthread_mutex_t turn; /* Whoever holds it has the stream. */
    bool last;            /* No part comes any more. */
    size_t parts;
    struct hw_buf texts[PARTS_MAX]; /* the rows of each part */
    struct hw_part_result *results[PARTS_MAX];
};

/* Reads one part after the other, and lets others go on as soon as the cursor says so. */
static void *reader_main(void *arg) {
    struct readers *readers = arg;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_cursor *cursor;
    assert_ok(readers->reader->ops->cursor_new(readers->reader, &cursor, &err), err);
    for (;;) {
        pthread_mutex_lock(&readers->turn);
        if (readers->last) {
            break;
        }
        const size_t part = readers->parts++;
        enum hw_cursor_step step = HW_CURSOR_STARTED;
        assert_ok(cursor->ops->open(cursor, part, NULL, &err), err);
        while (step != HW_CURSOR_END) {
            assert_ok(cursor->ops->next(cursor, &step, &err), err);
            if (step == HW_CURSOR_ROWS) {
                rows_text(&cursor->batch, &readers->texts[part]);
            } else if (step == HW_CURSOR_HANDED_ON) {
                readers->last = cursor->last;
                pthread_mutex_unlock(&readers->turn);
            }
        }
        readers->results[part] = cursor->ops->close(cursor);
    }
    pthread_mutex_unlock(&readers->turn);
    cursor->ops->free(cursor);
    return NULL;
}

static void threads_read_the_rows_in_order(void **state) {
    (void)state;
    for (int held = 0; held < 2; held++) {
        for (size_t threads = 1; threads <= THREADS_MAX; threads++) {
            const struct hw_stream_table_options options = {
                .part_bytes = 300000, .part_held = held != 0, .row_bytes_max = 1 << 20, .row_bytes_shared = 1 << 20};
            struct made_stream made = {.columns = MADE_FLAT, .rows = 120000, .batch_rows = 100 * threads};
            struct readers readers = {.turn = PTHREAD_MUTEX_INITIALIZER};
            struct hw_error err = HW_ERROR_INIT;
            pthread_t ids[THREADS_MAX];
            HW_AUTO(hw_buf) got = {0};
            HW_AUTO(hw_buf) want = {0};
            made_stream_init(&made);
            assert_ok(hw_stream_reader_new(&made.base, "rows", &options, &readers.reader, &err), err);
            assert_ok(readers.reader->ops->look(readers.reader, 0, &err), err);
            assert_ok(readers.reader->ops->decide(readers.reader, &err), err);
            assert_ok(readers.reader->ops->begin(readers.reader, &err), err);
            for (size_t i = 0; i < threads; i++) {
                assert_int_equal(pthread_create(&ids[i], NULL, reader_main, &readers), 0);
            }
            for (size_t i = 0; i < threads; i++) {
                pthread_join(ids[i], NULL);
            }
            assert_true(readers.parts > 5);
            for (size_t i = 0; i < readers.parts; i++) {
                assert_int_equal(readers.results[i]->start, readers.reader->rows);
                readers.reader->ops->accept(readers.reader, readers.results[i]);
                assert_int_equal(readers.results[i]->end, readers.reader->rows);
                readers.reader->ops->result_free(readers.results[i]);
                assert_ok(hw_buf_append(&got, readers.texts[i].data, readers.texts[i].size, &err), err);
                hw_buf_release(&readers.texts[i]);
            }
            made_text(&made, &want);
            assert_row_bytes("rows", got.data, got.size, want.data, want.size);
            assert_int_equal(readers.reader->rows, 120000);
            assert_int_equal(readers.reader->records, 120000);
            assert_int_equal(readers.reader->rejected, 0);
            assert_ok(readers.reader->ops->end(readers.reader, &err), err);
            readers.reader->ops->free(readers.reader);
            made.base.free(&made.base);
            assert_false(made.misused);
            assert_int_equal(atomic_load(&made.alive), 0);
        }
    }
}

static void a_reader_tells_what_it_is(void **state) {
    (void)state;
    static const struct hw_stream_table_options options = {.part_bytes = 1};
    struct made_stream made = {.rows = 5, .batch_rows = 5};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_reader *reader;
    HW_AUTO(hw_arena) arena = {0};
    made_stream_init(&made);
    assert_ok(hw_stream_reader_new(&made.base, "rows", &options, &reader, &err), err);
    assert_int_equal(reader->objects_count, 1);
    assert_ok(reader->ops->decide(reader, &err), err);
    assert_int_equal(reader->schema->count, MADE_COLUMNS);
    assert_int_equal(reader->schema->fields[6].type.kind, HW_KIND_TEXT); /* of the dictionary */
    assert_true(reader->sequential);
    assert_false(reader->in_turn);
    assert_int_equal(reader->parts_count, 0);
    assert_int_equal(reader->bytes, 0);
    assert_int_equal(reader->reject_reasons_count, 0);
    assert_int_equal(reader->ops->inputs_count(reader), 1);
    reader->rows = 7;
    const struct hw_table_input input = reader->ops->input(reader, 0);
    assert_string_equal(input.name, "rows");
    assert_int_equal(input.rows, 7);
    assert_null(input.checksum);
    struct hw_column_history history;
    assert_ok(reader->ops->history(reader, 1, &arena, &history, &err), err);
    assert_null(history.widened_from);
    assert_ok(reader->ops->begin(reader, &err), err);
    assert_int_equal(reader->ops->begin(reader, &err), HW_EFAILED);
    assert_row_says("twice", err.message, "cannot be read twice");
    assert_int_equal(made.batches, 0);
    reader->ops->free(reader);
    assert_int_equal(made.freed, 0);
}

static void a_wrong_schema_is_told(void **state) {
    (void)state;
    static const struct hw_stream_table_options options = {.part_bytes = 1};
    static const struct hw_schema none = {NULL, 0};
    struct hw_batch_stream stream = {.schema = &none};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_reader *reader;
    assert_ok(hw_stream_reader_new(&stream, "rows", &options, &reader, &err), err);
    assert_int_equal(reader->ops->decide(reader, &err), HW_EDATA);
    assert_row_says("none", err.message, "a stream of batches has no columns");
    reader->ops->free(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_read_the_rows_in_order),
        cmocka_unit_test(a_reader_tells_what_it_is),
        cmocka_unit_test(a_wrong_schema_is_told),
    };
    return cmocka_run_group_tests_name("stream/reader", tests, NULL, NULL);
}
