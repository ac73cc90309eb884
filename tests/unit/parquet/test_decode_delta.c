/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_delta.h"

#include <stdio.h>

#include "unit/parquet/padded.h"

#include "parquet/delta.h"

enum { VALUES_MAX = 3000 };

/* Bytes of a page, and zeros behind them, which fill the last miniblock up. */
#define BYTES(literal, zero_count) HW_VIEW_INIT(literal), zero_count

/*
 * By hand from Encodings.md: block, miniblocks, count, first value; least delta, widths,
 * miniblocks. Those of pyarrow were written with pyarrow 26,
 * write_table(column_encoding="DELTA_BINARY_PACKED").
 */
static const struct {
    const char *name;
    unsigned bits;
    hw_view bytes;
    size_t zeros;
    size_t count;
    int64_t want[9];
    size_t left;
} good[] = {
    {"none", 32, BYTES("\x80\x01\x04\x00\x00", 0), 0, {0}, 0},
    {"one", 64, BYTES("\x80\x01\x04\x01\x05", 0), 1, {-3}, 0},
    {"1 2 3 4 5", 32, BYTES("\x80\x01\x04\x05\x02\x02\0\0\0\0", 0), 5, {1, 2, 3, 4, 5}, 0},
    {"pyarrow: 7 5 3 1 2 3 4 5",
     32,
     BYTES("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f", 6),
     8,
     {7, 5, 3, 1, 2, 3, 4, 5},
     0},
    {"the same in 64 bits", 64, BYTES("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f", 6), 8, {7, 5, 3, 1, 2, 3, 4, 5}, 0},
    {"pyarrow: the ends of 32 bits",
     32,
     BYTES("\x80\x01\x04\x04\xfe\xff\xff\xff\x0f\xff\xff\xff\xff\x0f\x20\0\0\0"
           "\x01\0\0\x80\0\0\0\0\xff\xff\xff\xff",
           116),
     4,
     {INT32_MAX, INT32_MIN, 0, INT32_MAX},
     0},
    {"pyarrow: the ends of 64 bits, miniblocks of 64",
     64,
     BYTES("\x80\x02\x04\x04\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
           "\x40\0\0\0\x01\0\0\0\0\0\0\x80\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
           488),
     4,
     {INT64_MAX, INT64_MIN, 0, INT64_MAX},
     0},
    {"widths of miniblocks that are not needed may be anything",
     32,
     BYTES("\x80\x01\x04\x05\x02\x02\0\xff\x80\x7f", 0),
     5,
     {1, 2, 3, 4, 5},
     0},
    {"bytes behind",
     32,
     BYTES("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f\0\0\0\0\0\0!!!", 0),
     8,
     {7, 5, 3, 1, 2, 3, 4, 5},
     3},
    {"the last miniblock is not filled up",
     32,
     BYTES("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f", 0),
     8,
     {7, 5, 3, 1, 2, 3, 4, 5},
     0},
    {"a first value without sign", 32, BYTES("\x80\x01\x04\x01\xfe\xff\xff\xff\x1f", 0), 1, {-1}, 0},
    /* 0, 2^31 - 1, -2^31 as differences of 33 bits that do not wrap: 2^31 - 1 and -(2^32 - 1) */
    {"differences of 33 bits",
     32,
     BYTES("\x80\x01\x04\x03\x00\xfd\xff\xff\xff\x1f\x21\0\0\0\xfe\xff\xff\x7f\x01\0\0\0\0", 123),
     3,
     {0, INT32_MAX, INT32_MIN},
     0},
};

static struct padded page_of(size_t i) {
    HW_AUTO(padded) page = padded_room(good[i].bytes.size + good[i].zeros, 1);
    memcpy(page.data, good[i].bytes.data, good[i].bytes.size);
    return padded_copy(page.data, page.size);
}

static int64_t value_at(const void *values, unsigned bits, size_t i) {
    return bits == 32 ? ((const int32_t *)values)[i] : ((const int64_t *)values)[i];
}

static void reads_what_the_specification_says(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        HW_AUTO(padded) page = page_of(i);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_delta_reader reader;
        int64_t got[9];

        assert_ok(hw_delta_reader_init(&reader, padded_view(&page), good[i].bits, good[i].count, &err), err);
        struct hw_delta_reader again = reader;
        assert_ok(hw_delta_read(&reader, got, good[i].count, &err), err);
        for (size_t k = 0; k < good[i].count; k++) {
            assert_row_int(good[i].name, value_at(got, good[i].bits, k), good[i].want[k]);
        }
        assert_row_int(good[i].name, reader.end - reader.at, good[i].left);
        for (size_t k = 0; k < good[i].count; k++) {
            assert_ok(hw_delta_read(&again, got, 1, &err), err);
            assert_row_int(good[i].name, value_at(got, good[i].bits, 0), good[i].want[k]);
        }
        assert_row_int(good[i].name, again.end - again.at, good[i].left);
        assert_row_int(good[i].name, hw_delta_read(&reader, got, 1, NULL), HW_EDATA);
    }
}

static const struct {
    const char *name;
    unsigned bits;
    hw_view bytes;
    const char *says;
} bad_headers[] = {
    {"nothing", 32, HW_VIEW_INIT(""), "the size of blocks is cut"},
    {"no miniblocks", 32, HW_VIEW_INIT("\x80\x01"), "the number of miniblocks is cut"},
    {"no count", 32, HW_VIEW_INIT("\x80\x01\x04"), "the number of values is cut"},
    {"no first value", 32, HW_VIEW_INIT("\x80\x01\x04\x01\x80"), "the first value is cut, or has more than 64 bits"},
    {"a block of 0", 32, HW_VIEW_INIT("\x00\x04\x01\x02"), "blocks have 0 values, which is no multiple of 128"},
    {"a block of 64", 32, HW_VIEW_INIT("\x40\x01\x01\x02"), "blocks have 64 values"},
    {"a block of 2^31", 32, HW_VIEW_INIT("\x80\x80\x80\x80\x08\x04\x01\x02"), "blocks have 2147483648 values"},
    {"0 miniblocks", 32, HW_VIEW_INIT("\x80\x01\x00\x01\x02"), "blocks of 128 values have 0 miniblocks"},
    {"3 miniblocks", 32, HW_VIEW_INIT("\x80\x01\x03\x01\x02"), "blocks of 128 values have 3 miniblocks"},
    {"miniblocks of 16", 32, HW_VIEW_INIT("\x80\x01\x08\x01\x02"), "which does not make them multiples of 32"},
    {"more values than the page", 32, HW_VIEW_INIT("\x80\x01\x04\x0a\x02"), "there are 10 values, where 1 are due"},
    {"fewer values", 32, HW_VIEW_INIT("\x80\x01\x04\x00\x02"), "there are 0 values, where 1 are due"},
    {"a first value of 33 bits", 32, HW_VIEW_INIT("\x80\x01\x04\x01\x80\x80\x80\x80\x20"),
     "the first value is 4294967296, which is more than 32 bits"},
    {"a negative one", 32, HW_VIEW_INIT("\x80\x01\x04\x01\x81\x80\x80\x80\x10"), "the first value is -2147483649"},
};

static void names_what_is_wrong_with_a_header(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_headers); i++) {
        HW_AUTO(padded) page = padded_copy(bad_headers[i].bytes.data, bad_headers[i].bytes.size);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_delta_reader reader;
        enum hw_status status = hw_delta_reader_init(&reader, padded_view(&page), bad_headers[i].bits, 1, &err);
        assert_row_int(bad_headers[i].name, status, HW_EDATA);
        assert_row_says(bad_headers[i].name, err.message, bad_headers[i].says);
    }
}

/* 9 values each, in a block of 128 with 4 miniblocks that begins with the bytes. */
static const struct {
    const char *name;
    hw_view bytes;
    const char *says;
} bad_blocks[] = {
    {"nothing", HW_VIEW_INIT(""), "the least difference of a block is cut"},
    {"a least difference of more than 64 bits", HW_VIEW_INIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02\0\0\0\0"),
     "more than 64 bits"},
    {"three widths", HW_VIEW_INIT("\x02\0\0\0"), "the widths of the 4 miniblocks of a block are cut"},
    {"a width of 65", HW_VIEW_INIT("\x02\x41\0\0\0"), "a miniblock has differences of 65 bits"},
    {"a miniblock that is cut", HW_VIEW_INIT("\x02\x08\0\0\0\1\2\3\4\5\6\7"),
     "a miniblock of 32 values of 8 bits is cut: 7 bytes are left"},
};

static void names_what_is_wrong_with_a_block(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_blocks); i++) {
        HW_AUTO(hw_buf) bytes = {0};
        struct hw_error err = HW_ERROR_INIT;
        assert_ok(hw_buf_append(&bytes, "\x80\x01\x04\x09\x02", 5, &err), err);
        assert_ok(hw_buf_append(&bytes, bad_blocks[i].bytes.data, bad_blocks[i].bytes.size, &err), err);
        HW_AUTO(padded) page = padded_copy(bytes.data, bytes.size);
        for (unsigned call = 0; call < 3; call++) {
            struct hw_delta_reader reader;
            const uint8_t *end = NULL;
            uint64_t sum = 0;
            int32_t got[9];
            assert_ok(hw_delta_reader_init(&reader, padded_view(&page), 32, 9, &err), err);
            enum hw_status status = call == 0   ? hw_delta_read(&reader, got, 9, &err)
                                    : call == 1 ? hw_delta_skip(&reader, 9, &err)
                                                : hw_delta_sum(&reader, UINT64_MAX, &end, &sum, &err);
            assert_row_int(bad_blocks[i].name, status, HW_EDATA);
            assert_row_says(bad_blocks[i].name, err.message, bad_blocks[i].says);
        }
    }
}

static void sums_are_those_of_lengths(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_delta_reader reader;
    const uint8_t *end = NULL;
    uint64_t sum = 0;
    HW_AUTO(padded) page = padded_copy("\x80\x01\x04\x08\x0e\x03\x02\0\0\0\xc0\x3f\0\0\0\0\0\0!!!", 21);

    assert_ok(hw_delta_reader_init(&reader, padded_view(&page), 32, 8, &err), err);
    struct hw_delta_reader again = reader;
    assert_ok(hw_delta_sum(&again, 30, &end, &sum, &err), err);
    assert_int_equal(sum, 7 + 5 + 3 + 1 + 2 + 3 + 4 + 5);
    assert_int_equal((const char *)end - page.data, 18);
    again = reader;
    assert_ok(hw_delta_skip(&again, 2, &err), err);
    assert_ok(hw_delta_sum(&again, 30, &end, &sum, &err), err);
    assert_int_equal(sum, 3 + 1 + 2 + 3 + 4 + 5);
    assert_int_equal(hw_delta_sum(&reader, 29, &end, &sum, &err), HW_EDATA);
    assert_row_says("too large", err.message, "lengths come to 30 bytes or more, but 29 are there");

    /* 1, 0, -1 */
    HW_AUTO(padded) negative = padded_copy("\x80\x01\x04\x03\x02\x01\0\0\0\0", 10);
    assert_ok(hw_delta_reader_init(&reader, padded_view(&negative), 32, 3, &err), err);
    assert_int_equal(hw_delta_sum(&reader, 100, &end, &sum, &err), HW_EDATA);
    assert_row_says("negative", err.message, "a length is negative");
}

static void read_in_portions(const char *row, hw_view bytes, unsigned bits, const void *want, uint64_t *random) {
    const size_t width = bits / 8;
    struct hw_error err = HW_ERROR_INIT;
    struct hw_delta_reader reader;
    int64_t got[VALUES_MAX];
    size_t at = 0;

    assert_ok(hw_delta_reader_init(&reader, bytes, bits, VALUES_MAX, &err), err);
    while (at < VALUES_MAX) {
        size_t count = hw_min_size(test_random(random) % 300, VALUES_MAX - at);
        size_t skipped = hw_min_size(test_random(random) % 40, VALUES_MAX - at - count);
        assert_ok(hw_delta_read(&reader, got, count, &err), err);
        assert_row_bytes(row, got, count * width, (const uint8_t *)want + at * width, count * width);
        assert_ok(hw_delta_skip(&reader, skipped, &err), err);
        at += count + skipped;
    }
    assert_row_int(row, reader.end - reader.at, 0);
}

static void what_was_written_is_read_again(void **state) {
    (void)state;
    uint64_t random = 4;
    for (unsigned shape = 0; shape < TEST_SHAPES; shape++) {
        char row[32];
        int64_t wide[VALUES_MAX];
        int32_t narrow[VALUES_MAX];
        HW_AUTO(hw_buf) of_wide = {0};
        HW_AUTO(hw_buf) of_narrow = {0};

        snprintf(row, sizeof(row), "shape %u", shape);
        for (size_t i = 0; i < VALUES_MAX; i++) {
            wide[i] = test_shape(shape, i, test_random(&random));
            narrow[i] = (int32_t)wide[i];
        }
        assert_row_int(row, hw_delta_encode(wide, VALUES_MAX, 8, &of_wide, NULL), HW_OK);
        assert_row_int(row, hw_delta_encode(narrow, VALUES_MAX, 4, &of_narrow, NULL), HW_OK);
        HW_AUTO(padded) wide_page = padded_copy(of_wide.data, of_wide.size);
        HW_AUTO(padded) narrow_page = padded_copy(of_narrow.data, of_narrow.size);
        for (unsigned time = 0; time < 5; time++) {
            read_in_portions(row, padded_view(&wide_page), 64, wide, &random);
            read_in_portions(row, padded_view(&narrow_page), 32, narrow, &random);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_specification_says), cmocka_unit_test(names_what_is_wrong_with_a_header),
        cmocka_unit_test(names_what_is_wrong_with_a_block),  cmocka_unit_test(sums_are_those_of_lengths),
        cmocka_unit_test(what_was_written_is_read_again),
    };
    return cmocka_run_group_tests_name("parquet/decode_delta", tests, NULL, NULL);
}
