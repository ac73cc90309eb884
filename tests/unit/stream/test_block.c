/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/block.h"

#include "rows_text.h"
#include "support/alloc_fault.h"

/* Tells how many rows each block of a stream has. `text` gets the rows, unless it is NULL. */
static void blocks_read(struct made_stream *made, const struct hw_stream_block_limits *limits, struct hw_buf *sizes,
                        struct hw_buf *text) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_stream_block *block;
    made_stream_init(made);
    struct hw_stream_source source = {.stream = &made->base};
    assert_ok(hw_stream_block_new(&made->schema, limits, &block, &err), err);
    for (bool end = false; !end;) {
        bool full = false;
        while (!full && !(source.ended && hw_stream_source_left(&source) == 0)) {
            if (hw_stream_source_left(&source) == 0) {
                assert_ok(hw_stream_source_next(&source, &err), err);
                continue;
            }
            assert_ok(hw_stream_block_fill(block, &source, &full, &err), err);
            if (full && block->rows == 0) {
                const uint64_t bytes = hw_stream_row_bytes(&source, UINT64_MAX);
                assert_true(bytes > limits->bytes);
                assert_ok(hw_stream_block_put(block, &source, bytes, &err), err);
            } else {
                assert_true(block->rows <= limits->rows && block->bytes <= limits->bytes);
            }
        }
        assert_ok(hw_buf_printf(sizes, &err, "%zu ", block->rows), err);
        struct hw_batch batch;
        assert_ok(hw_stream_block_batch(block, &made->schema, &batch, &err), err);
        assert_int_equal(batch.rows, block->rows);
        if (text && made->columns <= MADE_FLAT) {
            rows_text(&batch, text);
        }
        end = source.ended && hw_stream_source_left(&source) == 0;
        hw_stream_block_clear(block);
    }
    hw_stream_block_free(block);
    hw_stream_source_release(&source);
    made->base.free(&made->base);
}

static void blocks_end_where_the_rows_say(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_stream_block_limits limits;
    } rows[] = {
        {"rows", {100, 1 << 30}},       {"bytes", {1000, 1000}}, {"one row each", {1, 1 << 30}},
        {"less than a row", {1000, 1}}, {"either", {20, 1500}},
    };
    static const size_t sizes[] = {1, 2, 7, 8, 64, 500, 1000};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) want = {0};
        HW_AUTO(hw_buf) all = {0};
        struct made_stream first = {.columns = MADE_FLAT, .rows = 1000, .batch_rows = 1000};
        made_text(&first, &all);
        for (size_t k = 0; k < COUNT_OF(sizes); k++) {
            HW_AUTO(hw_buf) got = {0};
            HW_AUTO(hw_buf) text = {0};
            struct made_stream made = {
                .columns = MADE_FLAT, .rows = 1000, .batch_rows = sizes[k], .unset = (uint8_t)(k * 31)};
            blocks_read(&made, &rows[i].limits, &got, &text);
            assert_row_bytes(rows[i].name, text.data, text.size, all.data, all.size);
            if (k == 0) {
                assert_int_equal(hw_buf_append(&want, got.data, got.size, NULL), HW_OK);
            }
            assert_row_bytes(rows[i].name, got.data, got.size, want.data, want.size);
            struct made_stream nested = {.rows = 1000, .batch_rows = sizes[k], .unset = (uint8_t)(k * 31)};
            static struct hw_buf nested_want;
            HW_AUTO(hw_buf) nested_got = {0};
            blocks_read(&nested, &rows[i].limits, &nested_got, NULL);
            if (k == 0) {
                hw_buf_clear(&nested_want);
                assert_int_equal(hw_buf_append(&nested_want, nested_got.data, nested_got.size, NULL), HW_OK);
            }
            assert_row_bytes(rows[i].name, nested_got.data, nested_got.size, nested_want.data, nested_want.size);
            if (i == COUNT_OF(rows) - 1 && k == COUNT_OF(sizes) - 1) {
                hw_buf_release(&nested_want);
            }
        }
    }
}

/* Rows of a number each: 8 bytes. */
static void limits_are_used_up(void **state) {
    (void)state;
    static const struct {
        struct hw_stream_block_limits limits;
        const char *sizes;
    } rows[] = {
        {{1000, 80}, "10 10 10 5 "},
        {{1000, 87}, "10 10 10 5 "},
        {{1000, 88}, "11 11 11 2 "},
        {{9, 88}, "9 9 9 8 "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) sizes = {0};
        struct made_stream made = {.columns = 1, .rows = 35, .batch_rows = 6};
        blocks_read(&made, &rows[i].limits, &sizes, NULL);
        assert_int_equal(hw_buf_end_text(&sizes, NULL), HW_OK);
        assert_row_text(rows[i].sizes, (const char *)sizes.data, rows[i].sizes);
    }
}

static void wide_tables_have_larger_blocks(void **state) {
    (void)state;
    assert_int_equal(hw_stream_block_limits(1).bytes, 256 << 10);
    assert_int_equal(hw_stream_block_limits(256).bytes, 256 << 10);
    assert_int_equal(hw_stream_block_limits(1000).bytes, 1000 << 10);
    assert_int_equal(hw_stream_block_limits(100000).bytes, 16 << 20);
    assert_int_equal(hw_stream_block_limits(100000).rows, 32768);
}

/* A row that was very long leaves no memory behind. */
static void memory_of_long_rows_is_given_back(void **state) {
    (void)state;
    static char text[4 << 20];
    static const int32_t offsets[] = {0, sizeof(text)};
    struct hw_field field = {.name = "t", .type = {.kind = HW_KIND_TEXT}};
    const struct hw_schema schema = {&field, 1};
    const struct hw_column column = {.offsets = offsets, .data = text};
    struct hw_batch_stream stream = {.schema = &schema};
    struct hw_stream_source source = {.stream = &stream, .batch = {&schema, 1, &column, NULL}};
    const struct hw_stream_block_limits limits = hw_stream_block_limits(1);
    struct hw_stream_block *block;
    struct hw_error err = HW_ERROR_INIT;
    bool full;
    assert_ok(hw_stream_block_new(&schema, &limits, &block, &err), err);
    assert_ok(hw_stream_block_fill(block, &source, &full, &err), err);
    assert_true(full);
    assert_int_equal(block->rows, 0);
    assert_int_equal(hw_stream_row_bytes(&source, UINT64_MAX), 4 + sizeof(text));
    assert_ok(hw_stream_block_put(block, &source, 4 + sizeof(text), &err), err);
    assert_int_equal(block->rows, 1);
    assert_int_equal(block->bytes, 4 + sizeof(text));
    assert_true(hw_column_buffer_held(block->buffers[0]) > sizeof(text));
    hw_stream_block_clear(block);
    assert_true(hw_column_buffer_held(block->buffers[0]) < 1000);
    hw_stream_block_free(block);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    bool failed = true;
    for (size_t successes = 0; failed; successes++) {
        struct made_stream made = {.rows = 30, .batch_rows = 30};
        const struct hw_stream_block_limits limits = hw_stream_block_limits(1);
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_stream_block *block = NULL;
        struct hw_batch batch;
        bool full;
        made_stream_init(&made);
        struct hw_stream_source source = {.stream = &made.base};
        assert_ok(hw_stream_source_next(&source, &err), err);
        alloc_fault_begin(&fault, successes);
        enum hw_status status = hw_stream_block_new(&made.schema, &limits, &block, &err);
        status = status == HW_OK ? hw_stream_block_fill(block, &source, &full, &err) : status;
        status = status == HW_OK ? hw_stream_block_batch(block, &made.schema, &batch, &err) : status;
        hw_stream_block_free(block);
        failed = alloc_fault_end(&fault);
        assert_int_equal(status, failed ? HW_ENOMEM : HW_OK);
        hw_stream_source_release(&source);
        made.base.free(&made.base);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_end_where_the_rows_say),  cmocka_unit_test(limits_are_used_up),
        cmocka_unit_test(wide_tables_have_larger_blocks), cmocka_unit_test(memory_of_long_rows_is_given_back),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("stream/block", tests, NULL, NULL);
}
