/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/decode_split.h"

#include <stdio.h>

#include "unit/parquet/padded.h"

/* Encodings.md, BYTE_STREAM_SPLIT. */
static void merges_as_the_specification_shows(void **state) {
    (void)state;
    static const uint8_t want[] = {0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x11, 0x22, 0x33, 0xa3, 0xb4, 0xc5, 0xd6};
    HW_AUTO(padded) bytes = padded_copy("\xaa\x00\xa3\xbb\x11\xb4\xcc\x22\xc5\xdd\x33\xd6", 12);
    struct hw_error err = HW_ERROR_INIT;
    struct hw_split_reader reader;
    uint8_t got[sizeof(want)];

    assert_ok(hw_split_reader_init(&reader, padded_view(&bytes), 3, 4, &err), err);
    hw_split_read(&reader, got, 3);
    assert_memory_equal(got, want, sizeof(want));
}

/* Byte k of value i is byte i of stream k. Two reads, so that the second one begins anywhere. */
static void every_width_is_merged_from_every_place(void **state) {
    (void)state;
    static const size_t widths[] = {1, 2, 3, 4, 5, 8, 12, 16, 17, 40};
    uint64_t random = 6;
    for (size_t w = 0; w < COUNT_OF(widths); w++) {
        for (size_t count = 0; count < 150; count += 1 + count / 20) {
            char row[64];
            const size_t width = widths[w];
            const size_t first = count == 0 ? 0 : test_random(&random) % count;
            struct hw_split_reader reader;
            HW_AUTO(padded) bytes = padded_room(count, width);
            HW_AUTO(padded) got = padded_room(count, width);

            snprintf(row, sizeof(row), "%zu values of %zu bytes", count, width);
            for (size_t i = 0; i < bytes.size; i++) {
                bytes.data[i] = (char)test_random(&random);
            }
            assert_row_int(row, hw_split_reader_init(&reader, padded_view(&bytes), count, width, NULL), HW_OK);
            hw_split_read(&reader, (uint8_t *)got.data, first);
            hw_split_read(&reader, (uint8_t *)got.data + first * width, count - first);
            for (size_t i = 0; i < got.size; i++) {
                assert_row_int(row, got.data[i], bytes.data[i % width * count + i / width]);
            }
        }
    }
}

static void bytes_are_those_of_all_values(void **state) {
    (void)state;
    static const struct {
        const char *name;
        size_t bytes;
        size_t count;
        size_t width;
        const char *says;
    } rows[] = {
        {"too few", 11, 3, 4, "3 values of 4 bytes do not take the 11 bytes that are there"},
        {"too many", 13, 3, 4, "3 values of 4 bytes do not take the 13 bytes"},
        {"none", 0, 3, 4, "3 values of 4 bytes do not take the 0 bytes"},
        {"wraps around", 4, SIZE_MAX / 4 + 2, 4, "do not take the 4 bytes"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(padded) bytes = padded_room(rows[i].bytes, 1);
        struct hw_error err = HW_ERROR_INIT;
        struct hw_split_reader reader;
        enum hw_status status = hw_split_reader_init(&reader, padded_view(&bytes), rows[i].count, rows[i].width, &err);
        assert_row_int(rows[i].name, status, HW_EDATA);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_as_the_specification_shows),
        cmocka_unit_test(every_width_is_merged_from_every_place),
        cmocka_unit_test(bytes_are_those_of_all_values),
    };
    return cmocka_run_group_tests_name("parquet/decode_split", tests, NULL, NULL);
}
