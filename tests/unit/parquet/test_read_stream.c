/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/read_stream.h"

#include "support/alloc_fault.h"
#include "unit/parquet/read_make.h"

static const size_t sizes[] = {50, 30, 20, SIZE_MAX};
enum { GROUPS_WRITTEN = 3, GROUPS = 4, ROWS = 100 };

/* The file with an empty group behind the first one, which our own writer leaves out. */
struct opened {
    struct read_made made;
    struct hw_parquet_group groups[GROUPS];
    struct hw_parquet_chunk chunks[2 * MADE_COLUMNS];
};

static void opened_make(struct opened *opened) {
    read_made_open(&opened->made, 0, sizes, GROUPS_WRITTEN, NULL);
    struct hw_parquet_meta *meta = &opened->made.file.meta;
    assert_int_equal(meta->groups_count, GROUPS_WRITTEN);
    assert_in_range(meta->groups[0].chunks_count, 1, COUNT_OF(opened->chunks));
    opened->groups[0] = opened->groups[1] = meta->groups[0];
    opened->groups[2] = meta->groups[1];
    opened->groups[3] = meta->groups[2];
    for (size_t i = 0; i < meta->groups[0].chunks_count; i++) {
        opened->chunks[i] = meta->groups[0].chunks[i];
        opened->chunks[i].values = opened->chunks[i].compressed = opened->chunks[i].uncompressed = 0;
    }
    opened->groups[1].chunks = opened->chunks;
    opened->groups[1].rows = 0;
    meta->groups = opened->groups;
    meta->groups_count = GROUPS;
}

/* The bytes of all column chunks of a group in the file, by its footer. */
static uint64_t group_bytes(const struct read_made *made, size_t group) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < made->file.meta.groups[group].chunks_count; i++) {
        bytes += (uint64_t)made->file.meta.groups[group].chunks[i].compressed;
    }
    return bytes;
}

struct row {
    const char *name;
    struct hw_read_stream_options options;
    /* The rows that come, by their numbers in the file, in batches of at most so many. */
    size_t first, count, batches, rows_max;
    /* The first group that is read, and how many are. */
    size_t read_first, read_count;
};

static void row_run(const struct read_made *made, const struct row *row) {
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    struct read_drained got = {0};
    struct hw_batch batch;
    bool more = true;
    uint64_t bytes = 0;
    assert_ok(hw_read_stream_new(&made->file, &row->options, &stream, &err), err);
    assert_row_int(row->name, hw_read_stream_bytes(stream), 0);
    assert_ok(read_drain(stream, &got, &err), err);
    for (size_t i = 0; i < row->read_count; i++) {
        bytes += group_bytes(made, row->read_first + i);
    }
    const hw_view want = read_made_text(made, row->first, row->count);
    assert_row_bytes(row->name, got.text.data, got.text.size, want.data, want.size);
    assert_row_int(row->name, got.batches, row->batches);
    assert_row_int(row->name, got.rows_max, row->rows_max);
    assert_row_int(row->name, hw_read_stream_bytes(stream), bytes);
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    assert_row_int(row->name, more, false);
    stream->free(stream);
    hw_buf_release(&got.text);
}

static const struct row rows[] = {
    {"all", {0}, 0, 100, 3, 50, 0, 4},
    {"side by side", {.threads = 3}, 0, 100, 3, 50, 0, 4},
    {"small batches", {.batch_rows = 7}, 0, 100, 8 + 5 + 3, 7, 0, 4},
    {"batches of one row", {.batch_rows = 1}, 0, 100, 100, 1, 0, 4},
    {"some left out", {.skip = 3}, 3, 97, 3, 47, 0, 4},
    {"all of a group but its last row", {.skip = 49}, 49, 51, 3, 30, 0, 4},
    {"a whole group left out", {.skip = 50}, 50, 50, 2, 30, 1, 3},
    {"left out into the third group", {.skip = 60}, 60, 40, 2, 20, 1, 3},
    {"left out into the last group", {.skip = 81}, 81, 19, 1, 19, 3, 1},
    {"all left out", {.skip = 100}, 0, 0, 0, 0, 0, 0},
    {"more left out than there are", {.skip = UINT64_MAX}, 0, 0, 0, 0, 0, 0},
    {"a limit", {.limit = 5}, 0, 5, 1, 5, 0, 1},
    {"a limit that is a group", {.limit = 50}, 0, 50, 1, 50, 0, 1},
    {"a limit across groups", {.limit = 51}, 0, 51, 2, 50, 0, 3},
    {"a limit beyond the rows", {.limit = 101}, 0, 100, 3, 50, 0, 4},
    {"left out, and a limit", {.skip = 45, .limit = 10}, 45, 10, 2, 5, 0, 3},
    {"left out, and a limit, in small batches", {.skip = 45, .limit = 10, .batch_rows = 3}, 45, 10, 4, 3, 0, 3},
    {"one group", {.group_first = 2, .groups = 1}, 50, 30, 1, 30, 2, 1},
    {"an empty group", {.group_first = 1, .groups = 1}, 0, 0, 0, 0, 0, 0},
    {"the first two", {.groups = 2}, 0, 50, 1, 50, 0, 2},
    {"all from the third on", {.group_first = 2}, 50, 50, 2, 30, 2, 2},
    {"more groups than there are", {.group_first = 3, .groups = 9}, 80, 20, 1, 20, 3, 1},
    {"none of the groups", {.group_first = 4}, 0, 0, 0, 0, 0, 0},
    {"left out of one group", {.group_first = 2, .groups = 1, .skip = 4, .limit = 6}, 54, 6, 1, 6, 2, 1},
};

static void the_rows_that_are_asked_for_come(void **state) {
    (void)state;
    static struct opened opened;
    struct read_made *made = &opened.made;
    opened_make(&opened);
    assert_int_equal(made->file.rows, ROWS);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        row_run(made, &rows[i]);
    }
    read_made_close(made);
}

/* Row 51 of the made rows, by hand: its number times 7, and three times it, in another order. */
static void columns_come_in_the_order_of_the_selection(void **state) {
    (void)state;
    static struct opened opened;
    struct read_made *made = &opened.made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_selection selection = {0};
    struct hw_batch_stream *stream;
    struct read_drained got = {0};
    opened_make(&opened);
    assert_ok(hw_selection_make(&selection, &made->file.schema.schema, "i,n", &err), err);
    const struct hw_read_stream_options options = {.selection = &selection, .skip = 50, .limit = 2};
    assert_ok(hw_read_stream_new(&made->file, &options, &stream, &err), err);
    hw_selection_release(&selection);
    assert_int_equal(stream->schema->count, 2);
    assert_string_equal(stream->schema->fields[0].name, "i");
    assert_ok(read_drain(stream, &got, &err), err);
    assert_row_bytes("rows", got.text.data, got.text.size, "150 350 \n153 357 \n", 18);
    /* The columns i and n alone are read, each in one piece. */
    const struct hw_parquet_chunk *chunks = made->file.meta.groups[2].chunks;
    assert_true(hw_read_stream_bytes(stream) < group_bytes(made, 2));
    assert_true(hw_read_stream_bytes(stream) >= (uint64_t)(chunks[0].compressed + chunks[5].compressed));
    stream->free(stream);
    hw_buf_release(&got.text);
    read_made_close(made);
}

static void batches_outlive_stream_and_file(void **state) {
    (void)state;
    static struct opened opened;
    struct read_made *made = &opened.made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    struct hw_batch batch;
    struct hw_buf text = {0};
    bool more = false;
    opened_make(&opened);
    assert_ok(hw_read_stream_new(&made->file, &(struct hw_read_stream_options){0}, &stream, &err), err);
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    stream->free(stream);
    hw_read_file_release(&made->file);
    memset(made->sink.bytes.data, 0, made->sink.bytes.size);
    read_batch_text(&batch, &text);
    const hw_view want = read_made_text(made, 0, 50);
    assert_row_bytes("rows", text.data, text.size, want.data, want.size);
    hw_batch_release(&batch);
    hw_buf_release(&text);
    read_made_close(made);
}

static void large_pages_are_refused(void **state) {
    (void)state;
    static struct opened opened;
    struct read_made *made = &opened.made;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_batch_stream *stream;
    struct read_drained got = {0};
    opened_make(&opened);
    const struct hw_read_stream_options options = {.page_bytes_max = 1};
    assert_ok(hw_read_stream_new(&made->file, &options, &stream, &err), err);
    assert_int_equal(read_drain(stream, &got, &err), HW_ELIMIT);
    assert_row_says("page", err.message, "row group 0, column n, page 0");
    stream->free(stream);
    /* Half of the memory is a limit as well: the pages of n have at least 20 bytes each. */
    const struct hw_read_stream_options small = {.memory_bytes = 12};
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(hw_read_stream_new(&made->file, &small, &stream, &err), err);
    assert_int_equal(read_drain(stream, &got, &err), HW_ELIMIT);
    assert_row_says("half", err.message, "row group 0, column n, page 0");
    stream->free(stream);
    hw_buf_release(&got.text);
    read_made_close(made);
}

static enum hw_status all_read(const struct read_made *made, size_t *out_rows) {
    const struct hw_read_stream_options options = {.skip = 45, .batch_rows = 8};
    struct hw_batch_stream *stream;
    struct hw_batch batch;
    bool more = true;
    enum hw_status status = hw_read_stream_new(&made->file, &options, &stream, NULL);
    if (status) {
        return status;
    }
    for (*out_rows = 0; status == HW_OK && more;) {
        status = stream->next(stream, &batch, &more, NULL);
        if (status == HW_OK && more) {
            *out_rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    stream->free(stream);
    return status;
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    static struct opened opened;
    struct read_made *made = &opened.made;
    bool fired = true;
    size_t failures = 0;
    size_t count = 0;
    opened_make(&opened);
    for (; fired; failures++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = all_read(made, &count);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 20);
    assert_int_equal(count, 55);
    read_made_close(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rows_that_are_asked_for_come),
        cmocka_unit_test(columns_come_in_the_order_of_the_selection),
        cmocka_unit_test(batches_outlive_stream_and_file),
        cmocka_unit_test(large_pages_are_refused),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("parquet/read_stream", tests, NULL, NULL);
}
