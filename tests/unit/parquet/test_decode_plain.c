/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_plain.h"

#include "unit/parquet/texts.h"

/*
 * Encodings.md, PLAIN: numbers are little-endian, fixed values are their bytes, texts have their
 * length before them, of booleans the first one is the lowest bit.
 */
static const struct {
    const char *name;
    struct hw_decoded_kind kind;
    hw_view bytes;
    size_t count;
    hw_view want;
    size_t left;
} fixed[] = {
    {"int32",
     {HW_PHYSICAL_INT32, 4},
     HW_VIEW_INIT("\1\0\0\0\xff\xff\xff\xff"),
     2,
     HW_VIEW_INIT("\1\0\0\0\xff\xff\xff\xff"),
     0},
    {"int64", {HW_PHYSICAL_INT64, 8}, HW_VIEW_INIT("\1\2\3\4\5\6\7\10"), 1, HW_VIEW_INIT("\1\2\3\4\5\6\7\10"), 0},
    {"int96",
     {HW_PHYSICAL_INT96, 12},
     HW_VIEW_INIT("abcdefghijklABCDEFGHIJKL"),
     2,
     HW_VIEW_INIT("abcdefghijklABCDEFGHIJKL"),
     0},
    {"float", {HW_PHYSICAL_FLOAT, 4}, HW_VIEW_INIT("\0\0\x80\x3f!"), 1, HW_VIEW_INIT("\0\0\x80\x3f"), 1},
    {"double",
     {HW_PHYSICAL_DOUBLE, 8},
     HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f"),
     1,
     HW_VIEW_INIT("\0\0\0\0\0\0\xf0\x3f"),
     0},
    {"fixed(3)", {HW_PHYSICAL_FIXED, 3}, HW_VIEW_INIT("abcdefgh"), 2, HW_VIEW_INIT("abcdef"), 2},
    /* written with pyarrow 26, write_table(column_encoding="PLAIN") */
    {"booleans", {HW_PHYSICAL_BOOLEAN, 1}, HW_VIEW_INIT("\x8d\x01"), 9, HW_VIEW_INIT("\1\0\1\1\0\0\0\1\1"), 0},
    {"8 booleans", {HW_PHYSICAL_BOOLEAN, 1}, HW_VIEW_INIT("\x8d\x01"), 8, HW_VIEW_INIT("\1\0\1\1\0\0\0\1"), 1},
    {"none", {HW_PHYSICAL_INT64, 8}, HW_VIEW_INIT(""), 0, HW_VIEW_INIT(""), 0},
};

static void reads_values_of_a_fixed_width(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        const size_t width = fixed[i].kind.width;
        HW_AUTO(padded) bytes = padded_copy(fixed[i].bytes.data, fixed[i].bytes.size);
        HW_AUTO(padded) room = padded_room(fixed[i].count, width);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = {.values = (uint8_t *)room.data};
        struct hw_plain_reader reader;

        hw_plain_reader_init(&reader, padded_view(&bytes));
        assert_ok(hw_plain_read(&reader, &fixed[i].kind, fixed[i].count, &out, &err), err);
        assert_row_int(fixed[i].name, out.count, fixed[i].count);
        assert_row_bytes(fixed[i].name, room.data, fixed[i].count * width, fixed[i].want.data, fixed[i].want.size);
        assert_row_int(fixed[i].name, hw_plain_left(&reader), fixed[i].left);

        hw_plain_reader_init(&reader, padded_view(&bytes));
        for (size_t k = 0; k < fixed[i].count; k++) {
            struct hw_plain_reader again = reader;
            assert_ok(hw_plain_read(&reader, &fixed[i].kind, 1, &out, &err), err);
            assert_row_bytes(fixed[i].name, room.data, width, fixed[i].want.data + k * width, width);
            assert_ok(hw_plain_skip(&again, &fixed[i].kind, 1, &err), err);
            assert_row_int(fixed[i].name, hw_plain_left(&again), hw_plain_left(&reader));
        }
        assert_row_int(fixed[i].name, hw_plain_left(&reader), fixed[i].left);
    }
}

static const struct hw_decoded_kind text_kind = {HW_PHYSICAL_BYTE_ARRAY, 0};

static void reads_texts(void **state) {
    (void)state;
    HW_AUTO(padded) bytes = padded_copy("\0\0\0\0\1\0\0\0a\2\0\0\0bc!", 16);
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plain_reader reader;

    hw_plain_reader_init(&reader, padded_view(&bytes));
    struct hw_decoded out = texts_out(&texts, 0);
    assert_ok(hw_plain_read(&reader, &text_kind, 3, &out, &err), err);
    assert_int_equal(out.count, 3);
    assert_string_equal(texts_line(&texts, 3), "|a|bc|");
    assert_int_equal(hw_plain_left(&reader), 1);

    hw_plain_reader_init(&reader, padded_view(&bytes));
    assert_ok(hw_plain_skip(&reader, &text_kind, 2, &err), err);
    out = texts_out(&texts, 0);
    assert_ok(hw_plain_read(&reader, &text_kind, 1, &out, &err), err);
    assert_string_equal(texts_line(&texts, 1), "bc|");
}

/* The place of each text that does not fit any more is where the next call begins. */
static void texts_that_do_not_fit_come_with_the_next_call(void **state) {
    (void)state;
    HW_AUTO(padded) bytes = padded_copy("\2\0\0\0ab\2\0\0\0cd\2\0\0\0ef\0\0\0\0", 22);
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plain_reader reader;

    hw_plain_reader_init(&reader, padded_view(&bytes));
    struct hw_decoded out = texts_out(&texts, 3);
    assert_ok(hw_plain_read(&reader, &text_kind, 4, &out, &err), err);
    assert_int_equal(out.count, 2);
    assert_string_equal(texts_line(&texts, 2), "ab|cd|");
    out = texts_out(&texts, 1);
    assert_ok(hw_plain_read(&reader, &text_kind, 2, &out, &err), err);
    assert_int_equal(out.count, 1);
    assert_string_equal(texts_line(&texts, 1), "ef|");
    out = texts_out(&texts, 1);
    assert_ok(hw_plain_read(&reader, &text_kind, 1, &out, &err), err);
    assert_string_equal(texts_line(&texts, 1), "|");
}

/* More texts than are looked at together, some longer than a step of copying. */
static void many_texts_are_read_in_portions(void **state) {
    (void)state;
    enum { COUNT = 2000 };
    HW_AUTO(hw_buf) page = {0};
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_plain_reader reader;
    uint64_t random = 9;
    size_t done = 0;

    for (size_t i = 0; i < COUNT; i++) {
        uint8_t length[4];
        hw_store_le32(length, (uint32_t)(i % 41));
        assert_ok(hw_buf_append(&page, length, 4, &err), err);
        for (size_t k = 0; k < i % 41; k++) {
            assert_ok(hw_buf_append_byte(&page, (uint8_t)(i + k), &err), err);
        }
    }
    HW_AUTO(padded) bytes = padded_copy(page.data, page.size);
    hw_plain_reader_init(&reader, padded_view(&bytes));
    while (done < COUNT) {
        struct hw_decoded out = texts_out(&texts, 6000);
        size_t asked = hw_min_size(test_random(&random) % 700 + 1, COUNT - done);
        int32_t at = 0;
        assert_ok(hw_plain_read(&reader, &text_kind, asked, &out, &err), err);
        assert_true(out.count == asked || (out.count > 0 && texts.data.size >= 6000));
        for (size_t i = 0; i < out.count; at = texts.ends[i++]) {
            size_t row = done + i;
            assert_int_equal(texts.ends[i] - at, row % 41);
            for (size_t k = 0; k < row % 41; k++) {
                assert_int_equal(texts.data.data[(size_t)at + k], (uint8_t)(row + k));
            }
        }
        done += out.count;
    }
    assert_int_equal(hw_plain_left(&reader), 0);
}

static const struct {
    const char *name;
    struct hw_decoded_kind kind;
    hw_view bytes;
    size_t count;
    const char *says;
} bad[] = {
    {"int32",
     {HW_PHYSICAL_INT32, 4},
     HW_VIEW_INIT("\1\0\0\0\1\0\0"),
     2,
     "7 bytes are left, which are not 2 values of 4 bytes"},
    {"a count that wraps around",
     {HW_PHYSICAL_INT64, 8},
     HW_VIEW_INIT("\1\0\0\0\1\0\0\0"),
     SIZE_MAX / 8 + 2,
     "8 bytes are left"},
    {"booleans", {HW_PHYSICAL_BOOLEAN, 1}, HW_VIEW_INIT("\1"), 9, "8 booleans are left, not 9"},
    {"no text", {HW_PHYSICAL_BYTE_ARRAY, 0}, HW_VIEW_INIT(""), 1, "the length of a text is cut: 0 bytes are left"},
    {"a length that is cut",
     {HW_PHYSICAL_BYTE_ARRAY, 0},
     HW_VIEW_INIT("\1\0\0\0a\1\0\0"),
     2,
     "the length of a text is cut: 3 bytes are left"},
    {"a text that is cut",
     {HW_PHYSICAL_BYTE_ARRAY, 0},
     HW_VIEW_INIT("\3\0\0\0ab"),
     1,
     "a text has 3 bytes, but 2 are left"},
    {"a length of 2^32 - 1",
     {HW_PHYSICAL_BYTE_ARRAY, 0},
     HW_VIEW_INIT("\xff\xff\xff\xff"),
     1,
     "a text has 4294967295 bytes, but 0 are left"},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(padded) bytes = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
        HW_AUTO(padded) room = padded_room(16, 16);
        HW_AUTO(texts) texts = {{0}};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_decoded out = texts_out(&texts, 0);
        struct hw_plain_reader reader;

        out.values = (uint8_t *)room.data;
        hw_plain_reader_init(&reader, padded_view(&bytes));
        assert_row_int(bad[i].name, hw_plain_read(&reader, &bad[i].kind, bad[i].count, &out, &err), HW_EDATA);
        assert_row_says(bad[i].name, err.message, bad[i].says);
        err = (struct hw_error)HW_ERROR_INIT;
        hw_plain_reader_init(&reader, padded_view(&bytes));
        assert_row_int(bad[i].name, hw_plain_skip(&reader, &bad[i].kind, bad[i].count, &err), HW_EDATA);
        assert_row_says(bad[i].name, err.message, bad[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_of_a_fixed_width),
        cmocka_unit_test(reads_texts),
        cmocka_unit_test(texts_that_do_not_fit_come_with_the_next_call),
        cmocka_unit_test(many_texts_are_read_in_portions),
        cmocka_unit_test(names_what_is_wrong),
    };
    return cmocka_run_group_tests_name("parquet/decode_plain", tests, NULL, NULL);
}
