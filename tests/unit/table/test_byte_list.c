/* SPDX-License-Identifier: Apache-2.0 */
#include "table/byte_list.h"

#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"

/* Bytes that tell their place. */
static void pattern_append(struct hw_buf *out, size_t bytes) {
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; i < bytes; i++) {
        assert_ok(hw_buf_append_byte(out, (uint8_t)((out->size * 2654435761u) >> 13), &err), err);
    }
}

static void bytes_come_out_as_they_went_in(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t parts[4];
        int writes;
    } rows[] = {
        {"nothing", {0}, 1},
        {"one byte", {1}, 2},
        {"small parts", {3, 0, 5, 7}, 2},
        {"a segment but for a byte", {HW_SEGMENT_BYTES - 1}, 2},
        {"a segment", {HW_SEGMENT_BYTES}, 2},
        {"a byte more", {HW_SEGMENT_BYTES, 1}, 3},
        {"a part over four", {100, 3 * HW_SEGMENT_BYTES, 1}, 5},
        {"a part that ends with a segment", {100, 2 * HW_SEGMENT_BYTES - 100, 0}, 3},
    };
    struct hw_segment_pool pool;
    hw_segment_pool_init(&pool);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) want = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_byte_list list;
        hw_byte_list_init(&list, &pool);
        struct memory_sink sink = memory_sink(0);
        struct hw_byte_list_writer writer = {.sink = &sink.base};
        struct hw_encoded *piece;
        assert_ok(hw_buf_append_text(&writer.header, "head", &err), err);
        assert_ok(hw_buf_append_text(&want, "head", &err), err);
        for (size_t part = 0; part < COUNT_OF(rows[i].parts); part++) {
            size_t from = want.size;
            pattern_append(&want, rows[i].parts[part]);
            assert_ok(hw_byte_list_append(&list, want.data + from, rows[i].parts[part], &err), err);
        }
        assert_row_int(rows[i].name, list.held_bytes >= want.size - 4, true);
        assert_ok(hw_byte_list_take(&list, 5, &piece, &err), err);
        assert_row_int(rows[i].name, list.held_bytes, 0);
        assert_row_int(rows[i].name, piece->rows, 5);
        assert_ok(hw_byte_list_writer_append(&writer.base, piece, &err), err);
        /* the header is there already */
        assert_ok(hw_byte_list_writer_finish(&writer.base, &err), err);
        assert_row_int(rows[i].name, writer.base.rows, 5);
        assert_row_int(rows[i].name, sink.writes, rows[i].writes);
        assert_row_bytes(rows[i].name, sink.bytes.data, sink.bytes.size, want.data, want.size);
        hw_buf_release(&sink.bytes);
    }
    /* The most of segments that a row took, of which the last row took only two. */
    assert_int_equal(pool.synced.count, 4);
    hw_segment_pool_release(&pool);
}

/* Thousands of small pieces may wait. */
static void small_pieces_hold_little(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        size_t held_max;
    } rows[] = {
        {"nothing", 0, 200}, {"a byte", 1, 200}, {"some", 100000, 100200}, {"much", (1 << 20) + 5, (1 << 20) + 400}};
    struct hw_segment_pool pool;
    hw_segment_pool_init(&pool);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) want = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_byte_list list;
        hw_byte_list_init(&list, &pool);
        struct hw_encoded *piece;
        pattern_append(&want, rows[i].bytes);
        assert_ok(hw_byte_list_append(&list, want.data, want.size, &err), err);
        assert_ok(hw_byte_list_take(&list, 1, &piece, &err), err);
        assert_row_int(rows[i].name, piece->held_bytes <= rows[i].held_max, true);
        assert_row_int(rows[i].name, piece->held_bytes >= rows[i].bytes, true);
        assert_row_int(rows[i].name, piece->file_bytes, rows[i].bytes);
        piece->ops->free(piece);
    }
    hw_segment_pool_release(&pool);
}

/* A list asks for memory three times: for a segment, the piece, a small copy of the segment. */
static void want_of_memory_keeps_the_bytes(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t allocations;
        enum hw_status append;
        enum hw_status take;
    } rows[] = {
        {"no segment", 0, HW_ENOMEM, HW_OK}, {"no piece", 1, HW_OK, HW_ENOMEM}, {"no copy", 2, HW_OK, HW_ENOMEM}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        struct alloc_fault fault;
        struct hw_segment_pool pool;
        struct hw_byte_list list;
        struct hw_encoded *piece = NULL;
        hw_segment_pool_init(&pool);
        hw_byte_list_init(&list, &pool);
        alloc_fault_begin(&fault, rows[i].allocations);
        assert_row_int(rows[i].name, hw_byte_list_append(&list, "abc", 3, &err), rows[i].append);
        if (rows[i].append == HW_OK) {
            assert_row_int(rows[i].name, hw_byte_list_take(&list, 1, &piece, &err), rows[i].take);
        }
        assert_row_says(rows[i].name, err.message, "out of memory");
        assert_null(piece);
        /* The list is as it was, and there is memory again. */
        assert_row_int(rows[i].name, list.bytes, rows[i].append == HW_OK ? 3 : 0);
        assert_ok(hw_byte_list_append(&list, "abc", 3, &err), err);
        assert_ok(hw_byte_list_take(&list, 1, &piece, &err), err);
        assert_row_int(rows[i].name, piece->file_bytes, rows[i].append == HW_OK ? 6 : 3);
        piece->ops->free(piece);
        hw_byte_list_release(&list);
        hw_segment_pool_release(&pool);
        assert_true(alloc_fault_end(&fault));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(small_pieces_hold_little),
        cmocka_unit_test(want_of_memory_keeps_the_bytes),
    };
    return cmocka_run_group_tests_name("table/byte_list", tests, NULL, NULL);
}
