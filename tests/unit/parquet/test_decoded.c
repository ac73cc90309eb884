/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decoded.h"

#include "unit/parquet/padded.h"

enum { TEXTS = 6 };

/* Lengths of texts, what is there already, and how many of them are taken. */
static const struct {
    const char *name;
    uint32_t lengths[TEXTS];
    size_t count;
    size_t before;
    size_t data_before;
    size_t max;
    size_t want;
    int32_t want_ends[TEXTS];
    size_t want_bytes;
} rows[] = {
    {"all fit", {3, 0, 5}, 3, 0, 0, 100, 3, {3, 3, 8}, 8},
    {"behind others", {3, 0, 5}, 3, 2, 40, 100, 3, {43, 43, 48}, 8},
    {"none", {0}, 0, 0, 0, 100, 0, {0}, 0},
    {"the one that fills it is taken", {3, 4, 5}, 3, 0, 0, 5, 2, {3, 7}, 7},
    {"full to the byte", {3, 2, 5}, 3, 0, 0, 5, 2, {3, 5}, 5},
    {"the first one is taken even where there is no room", {9, 1}, 2, 0, 7, 7, 1, {16}, 9},
    {"full already", {9, 1}, 2, 3, 7, 7, 0, {0}, 0},
};

static void takes_texts_until_it_is_full(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_buf) data = {0};
        struct hw_error err = HW_ERROR_INIT;
        int32_t ends[2 * TEXTS] = {0};
        size_t taken = 99;
        size_t bytes = 99;
        assert_ok(hw_buf_resize(&data, rows[i].data_before, &err), err);
        struct hw_decoded out = {.data = &data, .ends = ends, .data_bytes_max = rows[i].max, .count = rows[i].before};

        assert_ok(hw_decoded_make_room(&out, rows[i].lengths, rows[i].count, &taken, &bytes, &err), err);
        assert_row_int(rows[i].name, taken, rows[i].want);
        assert_row_int(rows[i].name, bytes, rows[i].want_bytes);
        assert_row_bytes(rows[i].name, ends + rows[i].before, taken * 4, rows[i].want_ends, rows[i].want * 4);
        assert_row_int(rows[i].name, out.count, rows[i].before);
        assert_row_int(rows[i].name, data.size, rows[i].data_before);
        assert_true(data.capacity >= data.size + bytes + HW_DECODED_PADDING);
    }
}

/* Nothing is allocated that is too large: the limit is asked first. */
static void no_place_is_beyond_31_bits(void **state) {
    (void)state;
    static const uint32_t lengths[] = {10, UINT32_MAX};
    HW_AUTO(hw_buf) data = {0};
    struct hw_error err = HW_ERROR_INIT;
    int32_t ends[2] = {0};
    size_t taken = 0;
    size_t bytes = 0;
    struct hw_decoded out = {.data = &data, .ends = ends, .data_bytes_max = INT32_MAX};

    assert_ok(hw_decoded_make_room(&out, lengths, 2, &taken, &bytes, &err), err);
    assert_int_equal(taken, 1);
    assert_int_equal(bytes, 10);
    assert_int_equal(hw_decoded_make_room(&out, lengths + 1, 1, &taken, &bytes, &err), HW_ELIMIT);
    assert_row_says("alone", err.message, "a text of 4294967295 bytes does not fit behind 0 bytes of texts");
    out.count = 1;
    assert_ok(hw_decoded_make_room(&out, lengths + 1, 1, &taken, &bytes, &err), err);
    assert_int_equal(taken, 0);
}

static void the_limit_of_the_buffer_holds(void **state) {
    (void)state;
    static const uint32_t lengths[] = {1000};
    HW_AUTO(hw_buf) data = {.limit = 1000};
    int32_t ends[1] = {0};
    size_t taken = 0;
    size_t bytes = 0;
    struct hw_decoded out = {.data = &data, .ends = ends, .data_bytes_max = INT32_MAX};
    assert_int_equal(hw_decoded_make_room(&out, lengths, 1, &taken, &bytes, NULL), HW_ELIMIT);
}

static void texts_of_any_length_are_copied(void **state) {
    (void)state;
    for (size_t bytes = 0; bytes < 70; bytes++) {
        HW_AUTO(padded) from = padded_room(bytes, 1);
        HW_AUTO(padded) to = padded_room(bytes, 1);
        for (size_t i = 0; i < bytes; i++) {
            from.data[i] = (char)(i + 1);
        }
        uint8_t *end = hw_decoded_copy((uint8_t *)to.data, (const uint8_t *)from.data, bytes);
        assert_ptr_equal(end, (uint8_t *)to.data + bytes);
        assert_memory_equal(to.data, from.data, bytes);
    }
}

/* Where a value begins with the whole of the one that lies 4 bytes before it. */
static void what_is_read_behind_a_text_may_be_written(void **state) {
    (void)state;
    for (size_t bytes = 1; bytes < 70; bytes++) {
        HW_AUTO(padded) room = padded_room(2 * bytes + 4, 1);
        for (size_t i = 0; i < bytes; i++) {
            room.data[i] = (char)(i + 1);
        }
        hw_decoded_copy((uint8_t *)room.data + bytes + 4, (const uint8_t *)room.data, bytes);
        assert_memory_equal(room.data, room.data + bytes + 4, bytes);
        assert_int_equal(room.data[0], 1);
        assert_int_equal(room.data[bytes - 1], bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_texts_until_it_is_full),
        cmocka_unit_test(no_place_is_beyond_31_bits),
        cmocka_unit_test(the_limit_of_the_buffer_holds),
        cmocka_unit_test(texts_of_any_length_are_copied),
        cmocka_unit_test(what_is_read_behind_a_text_may_be_written),
    };
    return cmocka_run_group_tests_name("parquet/decoded", tests, NULL, NULL);
}
