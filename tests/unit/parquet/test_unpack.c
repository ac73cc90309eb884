/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/unpack.h"

#include <stdio.h>

#include "unit/parquet/padded.h"

enum { VALUES_MAX = 150, GUARD = 0x5a };

/* Encodings.md, RLE: the numbers 0 to 7 with 3 bits each are 0x88 0xc6 0xfa. */
static void unpacks_as_the_specification_shows(void **state) {
    (void)state;
    for (size_t way = 0; hw_unpacker_at(way); way++) {
        const struct hw_unpacker *unpacker = hw_unpacker_at(way);
        HW_AUTO(padded) packed = padded_copy("\x88\xc6\xfa", 3);
        const uint8_t *bytes = (const uint8_t *)packed.data;
        uint8_t narrow[8];
        uint32_t middle[8];
        uint64_t wide[8];
        unpacker->to8(bytes, 0, 8, 3, narrow);
        unpacker->to32(bytes, 0, 8, 3, middle);
        unpacker->to64(bytes, 0, 8, 3, wide);
        for (size_t i = 0; i < 8; i++) {
            assert_row_int(unpacker->name, narrow[i], i);
            assert_row_int(unpacker->name, middle[i], i);
            assert_row_int(unpacker->name, wide[i], i);
        }
    }
}

/* A copy of the bytes that ends where the last value ends, and begins with that of value `from`. */
static struct padded packed_at(const uint8_t *bytes, unsigned width, size_t from, size_t count) {
    size_t start = from * width / 8;
    size_t end = ((from + count) * width + 7) / 8;
    return padded_copy(bytes + start, end - start);
}

static void unpack_and_compare(const struct hw_unpacker *unpacker, const uint8_t *bytes, unsigned width, size_t from,
                               size_t count) {
    char row[96];
    uint8_t narrow[VALUES_MAX + 1];
    uint32_t middle[VALUES_MAX + 1];
    uint64_t wide[VALUES_MAX + 1];
    HW_AUTO(padded) packed = packed_at(bytes, width, from, count);
    const uint8_t *at = (const uint8_t *)packed.data;
    unsigned bit = from * width % 8;

    snprintf(row, sizeof(row), "%s, %zu of %u bits from %zu on", unpacker->name, count, width, from);
    narrow[count] = GUARD;
    middle[count] = GUARD;
    wide[count] = GUARD;
    unpacker->to64(at, bit, count, width, wide);
    unpacker->to32(at, bit, count, width, middle);
    if (width <= 8) {
        unpacker->to8(at, bit, count, width, narrow);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t want = decode_packed(bytes, from + i, width);
        assert_row_int(row, wide[i], want);
        assert_row_int(row, middle[i], (uint32_t)want);
        assert_row_int(row, width <= 8 ? narrow[i] : want, want);
    }
    assert_row_int(row, wide[count], GUARD);
    assert_row_int(row, middle[count], GUARD);
    assert_row_int(row, narrow[count], GUARD);
}

/* From every bit of a byte, of every count around those that vectors have. */
static void every_width_unpacks_from_every_place(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 140};
    uint8_t bytes[VALUES_MAX * 8 + 16];
    uint64_t random = 3;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t)test_random(&random);
    }
    for (size_t way = 0; hw_unpacker_at(way); way++) {
        for (unsigned width = 0; width <= 64; width++) {
            for (size_t c = 0; c < COUNT_OF(counts); c++) {
                for (size_t from = 0; from < 8; from++) {
                    unpack_and_compare(hw_unpacker_at(way), bytes, width, from, counts[c]);
                }
            }
        }
    }
}

/* The largest is at each place once, and is larger as a number without a sign. */
static void the_largest_is_found_at_every_place(void **state) {
    (void)state;
    uint32_t values[VALUES_MAX] = {0};
    for (size_t way = 0; hw_unpacker_at(way); way++) {
        for (size_t count = 0; count < 70; count++) {
            assert_int_equal(hw_unpacker_at(way)->largest(values, count), 0);
            for (size_t at = 0; at < count; at++) {
                values[at] = UINT32_C(0x80000000) + (uint32_t)at;
                values[(at + 1) % count] = count > 1 ? INT32_MAX : values[at];
                assert_int_equal(hw_unpacker_at(way)->largest(values, count), UINT32_C(0x80000000) + (uint32_t)at);
                values[at] = values[(at + 1) % count] = 0;
            }
        }
    }
}

static void the_first_way_is_the_one_that_is_used(void **state) {
    (void)state;
    size_t ways = 0;
    while (hw_unpacker_at(ways)) {
        ways++;
    }
    assert_ptr_equal(hw_unpacker_at(0), hw_unpacker());
    assert_string_equal(hw_unpacker_at(ways - 1)->name, "portable");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks_as_the_specification_shows),
        cmocka_unit_test(every_width_unpacks_from_every_place),
        cmocka_unit_test(the_largest_is_found_at_every_place),
        cmocka_unit_test(the_first_way_is_the_one_that_is_used),
    };
    return cmocka_run_group_tests_name("parquet/unpack", tests, NULL, NULL);
}
