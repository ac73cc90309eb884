/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/checksum_crc64nvme.h"

#include "codec/checksum.h"
#include "support/rows.h"

enum { DATA_BYTES = 8192 };

static uint8_t data[DATA_BYTES];

static int fill(void **state) {
    (void)state;
    uint64_t seed = 42;
    for (size_t i = 0; i < sizeof(data); i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        data[i] = (uint8_t)(seed >> 56);
    }
    return 0;
}

/* Bit by bit, from the polynomial: the definition. */
static uint64_t bitwise(uint64_t register_value, const uint8_t *bytes_at, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        register_value ^= bytes_at[i];
        for (int bit = 0; bit < 8; bit++) {
            register_value = (register_value >> 1) ^ (register_value & 1 ? 0x9a6c9329ac4bc9b5u : 0);
        }
    }
    return register_value;
}

static uint64_t reference(const uint8_t *bytes_at, size_t bytes) {
    return ~bitwise(UINT64_MAX, bytes_at, bytes);
}

/*
 * The CRC catalogue's check value, and the examples of the NVM Express NVM Command Set
 * Specification.
 */
static void the_published_values(void **state) {
    (void)state;
    uint8_t page[4096];
    assert_true(hw_crc64nvme(0, "123456789", 9) == 0xae8b14860a799888u);
    assert_true(hw_crc64nvme(0, "", 0) == 0);
    memset(page, 0, sizeof(page));
    assert_true(hw_crc64nvme(0, page, sizeof(page)) == 0x6482d367eb22b64eu);
    memset(page, 0xff, sizeof(page));
    assert_true(hw_crc64nvme(0, page, sizeof(page)) == 0xc0ddba7302eca3acu);
}

static void every_way_agrees_with_the_definition(void **state) {
    (void)state;
    size_t count;
    const struct hw_crc64nvme_way *ways = hw_crc64nvme_ways(&count);
    for (size_t way = 0; way < count; way++) {
        if (!ways[way].usable()) {
            print_message("SKIPPED 1 %s: not on this processor\n", ways[way].name);
            continue;
        }
        for (size_t bytes = ways[way].bytes_min; bytes <= ways[way].bytes_min + 600; bytes++) {
            size_t start = bytes % 17; /* any alignment */
            uint64_t got = ways[way].update(0x0123456789abcdef, data + start, bytes);
            assert_row_int(ways[way].name, got, bitwise(0x0123456789abcdef, data + start, bytes));
        }
        uint64_t whole = ways[way].update(UINT64_MAX, data, sizeof(data));
        assert_row_int(ways[way].name, whole, bitwise(UINT64_MAX, data, sizeof(data)));
    }
}

static void any_length_and_any_cut(void **state) {
    (void)state;
    for (size_t bytes = 0; bytes <= 300; bytes++) {
        assert_true(hw_crc64nvme(0, data, bytes) == reference(data, bytes));
    }
    uint64_t whole = reference(data, 3000);
    for (size_t cut = 0; cut <= 3000; cut++) {
        assert_true(hw_crc64nvme(hw_crc64nvme(0, data, cut), data + cut, 3000 - cut) == whole);
    }
}

static void parts_combine(void **state) {
    (void)state;
    uint64_t whole = reference(data, sizeof(data));
    for (size_t cut = 0; cut <= sizeof(data); cut += 61) {
        uint64_t a = reference(data, cut);
        uint64_t b = reference(data + cut, sizeof(data) - cut);
        assert_true(hw_crc64nvme_combine(a, b, sizeof(data) - cut) == whole);
    }
    assert_true(hw_crc64nvme_combine(whole, 0, 0) == whole);
}

/*
 * Lengths that no test can hold: one value from polynomial arithmetic on Python's integers, and
 * they must add up.
 */
static void long_parts_combine_in_any_order(void **state) {
    (void)state;
    const uint64_t a = 0x1111222233334444, b = 0x5555666677778888, c = 0x9999aaaabbbbcccc;
    const uint64_t b_bytes = UINT64_C(5) << 40, c_bytes = (UINT64_C(3) << 61) + 12345;
    uint64_t left_first = hw_crc64nvme_combine(hw_crc64nvme_combine(a, b, b_bytes), c, c_bytes);
    uint64_t right_first = hw_crc64nvme_combine(a, hw_crc64nvme_combine(b, c, c_bytes), b_bytes + c_bytes);
    assert_true(left_first == right_first);
    assert_true(hw_crc64nvme_combine(a, c, c_bytes) == 0x58c41184751f1f86u);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_values),
        cmocka_unit_test(every_way_agrees_with_the_definition),
        cmocka_unit_test(any_length_and_any_cut),
        cmocka_unit_test(parts_combine),
        cmocka_unit_test(long_parts_combine_in_any_order),
    };
    return cmocka_run_group_tests_name("codec/checksum_crc64nvme", tests, fill, NULL);
}
