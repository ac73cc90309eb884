/* SPDX-License-Identifier: Apache-2.0 */
#include "table/bits.h"

#include "core/alloc.h"
#include "unit/parquet/decode.h"

enum { BITS = 300 };

static bool bit_of(const uint8_t *bits, size_t at) {
    return (bits[at / 8] >> at % 8 & 1) != 0;
}

/* The bitmap ends where its last bit does, so that a sanitizer sees a byte read too far. */
static void loads_and_counts_from_any_bit(void **state) {
    (void)state;
    uint64_t random = 6;
    for (size_t total = 1; total <= BITS; total += 7) {
        size_t size = (total + 7) / 8;
        uint8_t *bits = hw_alloc(size);
        for (size_t i = 0; i < size; i++) {
            bits[i] = (uint8_t)test_random(&random);
        }
        for (size_t from = 0; from < total; from++) {
            unsigned count = (unsigned)hw_min_size(64, total - from);
            uint64_t got = hw_bits_load(bits, from, count);
            size_t ones = 0;
            for (size_t i = 0; i < 64; i++) {
                assert_int_equal(got >> i & 1, i < count && bit_of(bits, from + i));
            }
            for (size_t i = from; i < total; i++) {
                ones += bit_of(bits, i);
            }
            assert_int_equal(hw_bits_count(bits, from, total - from), ones);
            size_t run = 1;
            while (from + run < total && bit_of(bits, from + run) == bit_of(bits, from)) {
                run++;
            }
            assert_int_equal(hw_bits_run(bits, from, total - from), run);
        }
        hw_free(bits);
    }
}

static void copies_from_any_bit_into_whole_words(void **state) {
    (void)state;
    enum { WORDS = BITS / 64 + 2 };
    uint64_t random = 8;
    uint8_t bits[BITS / 8 + 1];
    for (size_t i = 0; i < sizeof(bits); i++) {
        bits[i] = (uint8_t)test_random(&random);
    }
    for (size_t count = 0; count <= BITS - 70; count += 13) {
        for (size_t from = 0; from < 70; from++) {
            uint8_t out[WORDS * 8];
            const size_t written = (count + 63) / 64 * 64;
            memset(out, 0xaa, sizeof(out));
            hw_bits_copy(out, bits, from, count);
            for (size_t i = 0; i < WORDS * 64; i++) {
                const bool untouched = i % 2 == 1;
                assert_int_equal(bit_of(out, i), i < count ? bit_of(bits, from + i) : i >= written && untouched);
            }
        }
    }
}

/* Runs of hundreds of equal bits, which random ones do not have. */
static void puts_bits_behind_any_bit(void **state) {
    (void)state;
    enum { WORDS = 2 * BITS / 64 + 1 };
    uint64_t random = 9;
    uint8_t bits[BITS / 8 + 1];
    for (size_t i = 0; i < sizeof(bits); i++) {
        bits[i] = (uint8_t)test_random(&random);
    }
    for (size_t at = 0; at < 130; at += 9) {
        for (size_t from = 0; from < 70; from += 3) {
            const size_t count = BITS - 70 - at;
            uint8_t out[WORDS * 8] = {0};
            hw_bits_put(out, at, bits, from, count);
            for (size_t i = 0; i < WORDS * 64; i++) {
                assert_int_equal(bit_of(out, i), i >= at && i < at + count && bit_of(bits, from + i - at));
            }
        }
    }
}

static void long_runs_are_counted(void **state) {
    (void)state;
    for (size_t end = 1; end < 300; end++) {
        uint8_t bits[40];
        for (int first = 0; first < 2; first++) {
            memset(bits, first ? 0xff : 0, sizeof(bits));
            bits[end / 8] ^= (uint8_t)(1 << end % 8);
            for (size_t from = 0; from < end; from++) {
                assert_int_equal(hw_bits_run(bits, from, 310 - from), end - from);
                assert_int_equal(hw_bits_run(bits, from, end - from), end - from);
            }
        }
    }
}

static void appends_behind_any_bit(void **state) {
    (void)state;
    uint64_t random = 7;
    for (size_t round = 0; round < 300; round++) {
        HW_AUTO(hw_buf) bitmap = {0};
        uint8_t bits[BITS / 8 + 1];
        bool want[BITS * 4];
        size_t held = 0;

        for (size_t i = 0; i < sizeof(bits); i++) {
            bits[i] = (uint8_t)test_random(&random);
        }
        while (held < BITS * 3) {
            size_t from = test_random(&random) % 64;
            size_t count = test_random(&random) % (BITS - 64);
            bool ones = test_random(&random) % 3 == 0;
            assert_int_equal(hw_bits_append(&bitmap, held, ones ? NULL : bits, from, count, NULL), HW_OK);
            for (size_t i = 0; i < count; i++) {
                want[held++] = ones || bit_of(bits, from + i);
            }
            assert_int_equal(bitmap.size, (held + 7) / 8);
        }
        for (size_t i = 0; i < bitmap.size * 8; i++) {
            assert_int_equal(bit_of(bitmap.data, i), i < held && want[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_and_counts_from_any_bit), cmocka_unit_test(copies_from_any_bit_into_whole_words),
        cmocka_unit_test(puts_bits_behind_any_bit),      cmocka_unit_test(long_runs_are_counted),
        cmocka_unit_test(appends_behind_any_bit),
    };
    return cmocka_run_group_tests_name("table/bits", tests, NULL, NULL);
}
