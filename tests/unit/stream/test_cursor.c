/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/cursor.h"

#include "core/alloc.h"
#include "rows_text.h"
#include "support/alloc_fault.h"

/* A table of a made-up stream, and a cursor of it. */
struct desk {
    struct made_stream made;
    struct hw_stream_table table;
    struct hw_cursor *cursor;
};

static void desk_open(struct desk *desk, const struct hw_stream_table_options *options,
                      const struct hw_stream_block_limits *limits) {
    struct hw_error err = HW_ERROR_INIT;
    made_stream_init(&desk->made);
    desk->table = (struct hw_stream_table){
        .options = *options, .schema = desk->made.schema, .limits = *limits, .source = {.stream = &desk->made.base}};
    assert_ok(hw_stream_cursor_new(&desk->table, &desk->cursor, &err), err);
}

static void desk_close(struct desk *desk) {
    desk->cursor->ops->free(desk->cursor);
    hw_stream_source_release(&desk->table.source);
    desk->made.base.free(&desk->made.base);
    assert_int_equal(atomic_load(&desk->made.alive), 0);
    assert_false(desk->made.misused);
}

/*
 * Reads a part. `steps` gets a word for each step: "-" where there are no rows, their number, "h",
 * "H" with the last part, "l" where a long row is to be allowed, which it is. `text` gets the rows.
 */
static enum hw_status part_read(struct desk *desk, struct hw_buf *steps, struct hw_buf *text,
                                struct hw_part_result *out_result, struct hw_error *err) {
    struct hw_cursor *cursor = desk->cursor;
    enum hw_cursor_step step = HW_CURSOR_STARTED;
    enum hw_status status = cursor->ops->open(cursor, 0, NULL, err);
    while (status == HW_OK && step != HW_CURSOR_END) {
        status = cursor->ops->next(cursor, &step, err);
        if (status != HW_OK || step == HW_CURSOR_END) {
            continue;
        }
        if (step == HW_CURSOR_ROWS && cursor->batch.rows > 0) {
            assert_int_equal(hw_buf_printf(steps, NULL, "%zu ", cursor->batch.rows), HW_OK);
            rows_text(&cursor->batch, text);
        } else if (step == HW_CURSOR_ROWS) {
            assert_non_null(cursor->batch.columns);
            assert_int_equal(hw_buf_append_text(steps, "- ", NULL), HW_OK);
        } else if (step == HW_CURSOR_HANDED_ON) {
            assert_int_equal(hw_buf_append_text(steps, cursor->last ? "H " : "h ", NULL), HW_OK);
        } else {
            assert_int_equal(step, HW_CURSOR_LARGE);
            assert_int_equal(hw_buf_append_text(steps, "l ", NULL), HW_OK);
            cursor->large_allowed = true;
        }
    }
    struct hw_part_result *result = cursor->ops->close(cursor);
    assert_non_null(result);
    *out_result = *result;
    hw_free(result);
    return status;
}

/* Rows of one number each, which has 8 bytes. */
static void parts_end_where_the_rows_say(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t rows;
        size_t batch_rows;
        uint64_t part_bytes;
        bool held;
        struct hw_stream_block_limits limits;
        const char *parts[5]; /* the steps of each */
    } rows[] = {
        {"held", 10, 10, 32, true, {2, 1000}, {"- h 2 2 ", "h 2 2 ", "- H 2 ", NULL, NULL}},
        {"not held", 10, 10, 32, false, {2, 1000}, {"- 2 2 h ", "2 2 h ", "2 - H ", NULL, NULL}},
        {"held, small batches", 10, 3, 32, true, {2, 1000}, {"- - h 2 2 ", "- h 2 2 ", "- - H 2 ", NULL, NULL}},
        {"not held, small batches", 10, 3, 32, false, {2, 1000}, {"- 2 - 2 h ", "2 - 2 h ", "- 2 - H ", NULL, NULL}},
        {"a part that is full at the end", 8, 8, 32, true, {2, 1000}, {"- h 2 2 ", "- H 2 2 ", NULL, NULL, NULL}},
        {"the same, not held", 8, 8, 32, false, {2, 1000}, {"- 2 2 h ", "2 2 - H ", NULL, NULL, NULL}},
        {"one block beyond", 7, 7, 20, true, {2, 1000}, {"- h 2 2 ", "- H 2 1 ", NULL, NULL, NULL}},
        {"blocks of bytes", 7, 7, 24, true, {100, 24}, {"- h 3 ", "h 3 ", "- H 1 ", NULL, NULL}},
        {"rows longer than blocks", 3, 3, 9, true, {100, 1}, {"- h 1 1 ", "- H 1 ", NULL, NULL, NULL}},
        {"no rows, held", 0, 1, 32, true, {2, 1000}, {"- H ", NULL, NULL, NULL, NULL}},
        {"no rows, not held", 0, 1, 32, false, {2, 1000}, {"- H ", NULL, NULL, NULL, NULL}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) text = {0};
        HW_AUTO(hw_buf) want = {0};
        struct desk desk = {.made = {.columns = 1, .rows = rows[i].rows, .batch_rows = rows[i].batch_rows}};
        const struct hw_stream_table_options options = {
            .part_bytes = rows[i].part_bytes, .part_held = rows[i].held, .row_bytes_max = 100, .row_bytes_shared = 100};
        uint64_t done = 0;
        desk_open(&desk, &options, &rows[i].limits);
        for (size_t part = 0; rows[i].parts[part]; part++) {
            HW_AUTO(hw_buf) steps = {0};
            struct hw_error err = HW_ERROR_INIT;
            struct hw_part_result result;
            assert_ok(part_read(&desk, &steps, &text, &result, &err), err);
            assert_ok(hw_buf_end_text(&steps, &err), err);
            assert_row_text(rows[i].name, (const char *)steps.data, rows[i].parts[part]);
            assert_row_int(rows[i].name, result.start, done);
            done = result.end;
            assert_row_int(rows[i].name, result.rows, result.end - result.start);
            assert_row_int(rows[i].name, result.records, result.rows);
            assert_row_int(rows[i].name, result.bytes, 8 * result.rows);
            assert_row_int(rows[i].name, result.misfit || result.rejected > 0, false);
        }
        made_text(&desk.made, &want);
        assert_row_int(rows[i].name, done, rows[i].rows);
        assert_row_bytes(rows[i].name, text.data, text.size, want.data, want.size);
        desk_close(&desk);
    }
}

static void long_rows_have_to_be_allowed(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t shared, most;
        bool held;
        enum hw_status status;
        const char *steps;
    } rows[] = {
        {"short", 8, 8, true, HW_OK, "- h 1 1 "},
        {"long, held", 7, 8, true, HW_OK, "- l h 1 1 "},
        {"long, not held", 7, 8, false, HW_OK, "- l 1 1 h "},
        {"too long, held", 1, 7, true, HW_ELIMIT, "- "},
        {"too long, not held", 1, 7, false, HW_ELIMIT, "- "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) steps = {0};
        HW_AUTO(hw_buf) text = {0};
        struct desk desk = {.made = {.columns = 1, .rows = 3, .batch_rows = 3}};
        const struct hw_stream_table_options options = {.part_bytes = 16,
                                                        .part_held = rows[i].held,
                                                        .row_bytes_max = rows[i].most,
                                                        .row_bytes_shared = rows[i].shared};
        static const struct hw_stream_block_limits limits = {100, 1};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_part_result result;
        desk_open(&desk, &options, &limits);
        assert_row_int(rows[i].name, part_read(&desk, &steps, &text, &result, &err), rows[i].status);
        assert_ok(hw_buf_end_text(&steps, &err), err);
        assert_row_text(rows[i].name, (const char *)steps.data, rows[i].steps);
        if (rows[i].status != HW_OK) {
            assert_row_says(rows[i].name, err.message, "a row is longer than 0 MiB, the most that the memory allows");
            assert_row_int(rows[i].name, err.row, 1);
        }
        desk_close(&desk);
    }
}

/* Whatever stops a part in the middle, the cursor can be closed, and opened again. */
static void a_cursor_can_be_closed_at_any_step(void **state) {
    (void)state;
    static const struct hw_stream_table_options options = {
        .part_bytes = 64, .part_held = true, .row_bytes_max = 100, .row_bytes_shared = 100};
    static const struct hw_stream_block_limits limits = {2, 1000};
    for (size_t steps = 0; steps < 6; steps++) {
        struct desk desk = {.made = {.columns = 1, .rows = 20, .batch_rows = 20}};
        struct hw_error err = HW_ERROR_INIT;
        enum hw_cursor_step step;
        desk_open(&desk, &options, &limits);
        assert_ok(desk.cursor->ops->open(desk.cursor, 0, NULL, &err), err);
        assert_non_null(desk.cursor->result);
        for (size_t i = 0; i < steps; i++) {
            assert_ok(desk.cursor->ops->next(desk.cursor, &step, &err), err);
        }
        hw_free(desk.cursor->ops->close(desk.cursor));
        assert_null(desk.cursor->result);
        assert_ok(desk.cursor->ops->open(desk.cursor, 1, NULL, &err), err);
        assert_int_equal(desk.cursor->result->rows, 0);
        hw_free(desk.cursor->ops->close(desk.cursor));
        desk_close(&desk);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    static const struct hw_stream_table_options options = {
        .part_bytes = 2000, .part_held = true, .row_bytes_max = 1000, .row_bytes_shared = 1000};
    static const struct hw_stream_block_limits limits = {10, 1000};
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct made_stream made = {.columns = MADE_FLAT, .rows = 40, .batch_rows = 15};
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_cursor *cursor = NULL;
        enum hw_cursor_step step = HW_CURSOR_STARTED;
        made_stream_init(&made);
        struct hw_stream_table table = {
            .options = options, .schema = made.schema, .limits = limits, .source = {.stream = &made.base}};
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_stream_cursor_new(&table, &cursor, &err);
        status = status == HW_OK ? cursor->ops->open(cursor, 0, NULL, &err) : status;
        while (status == HW_OK && step != HW_CURSOR_END) {
            status = cursor->ops->next(cursor, &step, &err);
        }
        if (cursor) {
            hw_free(cursor->ops->close(cursor));
            cursor->ops->free(cursor);
        }
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        hw_stream_source_release(&table.source);
        made.base.free(&made.base);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_end_where_the_rows_say),
        cmocka_unit_test(long_rows_have_to_be_allowed),
        cmocka_unit_test(a_cursor_can_be_closed_at_any_step),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("stream/cursor", tests, NULL, NULL);
}
