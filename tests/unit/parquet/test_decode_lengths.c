/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_lengths.h"

#include "unit/parquet/texts.h"

#include "parquet/delta.h"

/*
 * Hello World Foobar ABCDEF, the example of Encodings.md, as pyarrow 26 writes it,
 * write_table(column_encoding="DELTA_LENGTH_BYTE_ARRAY").
 */
static const hw_view example =
    HW_VIEW_INIT("\x80\x01\x04\x04\x0a\x00\x01\x00\x00\x00\x02\x00\x00\x00HelloWorldFoobarABCDEF");

static void reads_what_the_specification_shows(void **state) {
    (void)state;
    HW_AUTO(padded) page = padded_copy(example.data, example.size);
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_lengths_reader reader;

    assert_ok(hw_lengths_reader_init(&reader, padded_view(&page), 4, &err), err);
    struct hw_lengths_reader again = reader;
    struct hw_decoded out = texts_out(&texts, 0);
    assert_ok(hw_lengths_read(&reader, 4, &out, &err), err);
    assert_int_equal(out.count, 4);
    assert_string_equal(texts_line(&texts, 4), "Hello|World|Foobar|ABCDEF|");
    assert_ptr_equal(reader.at, reader.end);

    assert_ok(hw_lengths_skip(&again, 2, &err), err);
    out = texts_out(&texts, 0);
    assert_ok(hw_lengths_read(&again, 2, &out, &err), err);
    assert_string_equal(texts_line(&texts, 2), "Foobar|ABCDEF|");
}

static void texts_that_do_not_fit_come_with_the_next_call(void **state) {
    (void)state;
    HW_AUTO(padded) page = padded_copy(example.data, example.size);
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_lengths_reader reader;

    assert_ok(hw_lengths_reader_init(&reader, padded_view(&page), 4, &err), err);
    struct hw_decoded out = texts_out(&texts, 8);
    assert_ok(hw_lengths_read(&reader, 4, &out, &err), err);
    assert_int_equal(out.count, 2);
    assert_string_equal(texts_line(&texts, 2), "Hello|World|");
    out = texts_out(&texts, 1);
    assert_ok(hw_lengths_read(&reader, 2, &out, &err), err);
    assert_int_equal(out.count, 1);
    assert_string_equal(texts_line(&texts, 1), "Foobar|");
    out = texts_out(&texts, 1);
    assert_ok(hw_lengths_read(&reader, 1, &out, &err), err);
    assert_string_equal(texts_line(&texts, 1), "ABCDEF|");
}

static const struct {
    const char *name;
    hw_view bytes;
    size_t count;
    const char *says;
} bad[] = {
    {"nothing", HW_VIEW_INIT(""), 1, "the size of blocks is cut"},
    {"fewer lengths",
     HW_VIEW_INIT("\x80\x01\x04\x01\x02"
                  "a"),
     2, "there are 1 values, where 2 are due"},
    {"more lengths", HW_VIEW_INIT("\x80\x01\x04\x03\x02"), 2, "there are 3 values, where 2 are due"},
    {"a negative length", HW_VIEW_INIT("\x80\x01\x04\x01\x01"), 1, "a length is negative"},
    {"a byte too few",
     HW_VIEW_INIT("\x80\x01\x04\x01\x06"
                  "ab"),
     1, "lengths come to 3 bytes, but 2 are there"},
    {"a length of 2^31 - 1", HW_VIEW_INIT("\x80\x01\x04\x01\xfe\xff\xff\xff\x0f"), 1,
     "lengths come to 2147483647 bytes or more, but 9 are there"},
    {"no block", HW_VIEW_INIT("\x80\x01\x04\x02\x02"), 2, "the least difference of a block is cut"},
};

static void names_what_is_wrong(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        HW_AUTO(padded) page = padded_copy(bad[i].bytes.data, bad[i].bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_lengths_reader reader;
        assert_row_int(bad[i].name, hw_lengths_reader_init(&reader, padded_view(&page), bad[i].count, &err), HW_EDATA);
        assert_row_says(bad[i].name, err.message, bad[i].says);
    }
}

/* Text i is the byte i, as many times as its length is. */
static void what_was_written_is_read_again(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    uint32_t lengths[COUNT];
    HW_AUTO(hw_buf) written = {0};
    HW_AUTO(texts) texts = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_lengths_reader reader;
    uint64_t random = 8;
    size_t done = 0;

    for (size_t i = 0; i < COUNT; i++) {
        lengths[i] = (uint32_t)(test_random(&random) % 50);
    }
    assert_ok(hw_delta_encode(lengths, COUNT, 4, &written, &err), err);
    for (size_t i = 0; i < COUNT; i++) {
        assert_ok(hw_buf_resize(&written, written.size + lengths[i], &err), err);
        memset(written.data + written.size - lengths[i], (int)(i % 256), lengths[i]);
    }
    HW_AUTO(padded) page = padded_copy(written.data, written.size);
    assert_ok(hw_lengths_reader_init(&reader, padded_view(&page), COUNT, &err), err);
    while (done < COUNT) {
        struct hw_decoded out = texts_out(&texts, 5000);
        int32_t at = 0;
        assert_ok(hw_lengths_read(&reader, hw_min_size(700, COUNT - done), &out, &err), err);
        for (size_t i = 0; i < out.count; at = texts.ends[i++]) {
            assert_int_equal(texts.ends[i] - at, lengths[done + i]);
            for (int32_t k = at; k < texts.ends[i]; k++) {
                assert_int_equal(texts.data.data[k], (done + i) % 256);
            }
        }
        assert_true(out.count > 0);
        done += out.count;
    }
    assert_ptr_equal(reader.at, reader.end);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_specification_shows),
        cmocka_unit_test(texts_that_do_not_fit_come_with_the_next_call),
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(what_was_written_is_read_again),
    };
    return cmocka_run_group_tests_name("parquet/decode_lengths", tests, NULL, NULL);
}
