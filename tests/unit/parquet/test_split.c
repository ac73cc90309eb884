/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/split.h"

#include "unit/parquet/decode.h"

/* Encodings.md, BYTE_STREAM_SPLIT. */
static void splits_as_the_specification_shows(void **state) {
    (void)state;
    static const uint8_t values[] = {0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x11, 0x22, 0x33, 0xa3, 0xb4, 0xc5, 0xd6};
    static const uint8_t want[] = {0xaa, 0x00, 0xa3, 0xbb, 0x11, 0xb4, 0xcc, 0x22, 0xc5, 0xdd, 0x33, 0xd6};
    uint8_t out[sizeof(want)];

    hw_split_encode(values, 3, 4, out);
    assert_row_bytes("three floats", out, sizeof(out), want, sizeof(want));
}

static void every_byte_is_in_its_stream(void **state) {
    (void)state;
    static const size_t widths[] = {1, 4, 8, 11, 16};
    uint64_t random = 5;
    for (size_t w = 0; w < COUNT_OF(widths); w++) {
        for (size_t count = 0; count < 40; count++) {
            uint8_t values[16 * 40];
            uint8_t out[16 * 40 + 1];
            size_t width = widths[w];
            for (size_t i = 0; i < count * width; i++) {
                values[i] = (uint8_t)test_random(&random);
            }
            out[count * width] = 0xa5;
            hw_split_encode(values, count, width, out);
            for (size_t i = 0; i < count * width; i++) {
                assert_int_equal(out[i % width * count + i / width], values[i]);
            }
            assert_int_equal(out[count * width], 0xa5);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_as_the_specification_shows),
        cmocka_unit_test(every_byte_is_in_its_stream),
    };
    return cmocka_run_group_tests_name("parquet/split", tests, NULL, NULL);
}
