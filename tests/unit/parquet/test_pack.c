/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/pack.h"

#include <stdio.h>

#include "unit/parquet/decode.h"

enum { GROUPS = 3, GUARD = 0xa5 };

static void widths_are_those_of_the_highest_bit(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t value;
        unsigned want;
    } rows[] = {
        {"0", 0, 0},
        {"1", 1, 1},
        {"2", 2, 2},
        {"3", 3, 2},
        {"4", 4, 3},
        {"255", 255, 8},
        {"256", 256, 9},
        {"2^32 - 1", UINT32_MAX, 32},
        {"2^32", UINT64_C(1) << 32, 33},
        {"2^64 - 1", UINT64_MAX, 64},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_row_int(rows[i].name, hw_bit_width(rows[i].value), rows[i].want);
    }
}

/* Encodings.md, RLE: the numbers 0 to 7 with 3 bits each are 0x88 0xc6 0xfa; here four times. */
static void packs_as_the_specification_shows(void **state) {
    (void)state;
    static const uint8_t want[12] = {0x88, 0xc6, 0xfa, 0x88, 0xc6, 0xfa, 0x88, 0xc6, 0xfa, 0x88, 0xc6, 0xfa};
    uint32_t values[HW_PACK_GROUP];
    uint64_t wide[HW_PACK_GROUP];
    uint8_t out[sizeof(want)];
    for (size_t i = 0; i < HW_PACK_GROUP; i++) {
        values[i] = i % 8;
        wide[i] = i % 8;
    }
    assert_ptr_equal(hw_pack32(values, 1, 3, out), out + sizeof(want));
    assert_row_bytes("32 bits", out, sizeof(out), want, sizeof(want));
    memset(out, 0, sizeof(out));
    assert_ptr_equal(hw_pack64(wide, 3, out), out + sizeof(want));
    assert_row_bytes("64 bits", out, sizeof(out), want, sizeof(want));
}

/* A number of `width` bits: any, or with `most` the highest one. */
static uint64_t value_of(unsigned width, bool most, uint64_t *random) {
    uint64_t highest = width == 0 ? 0 : UINT64_MAX >> (64 - width);
    return most ? highest : test_random(random) & highest;
}

static void every_width_decodes(void **state) {
    (void)state;
    uint64_t random = 20;
    for (unsigned width = 0; width <= 32; width++) {
        for (int most = 0; most < 2; most++) {
            uint32_t values[GROUPS * HW_PACK_GROUP];
            uint8_t out[GROUPS * 4 * 32 + 1];
            const size_t bytes = (size_t)GROUPS * 4 * width;
            char name[32];
            snprintf(name, sizeof(name), "width %u", width);
            memset(out, GUARD, sizeof(out));
            for (size_t i = 0; i < COUNT_OF(values); i++) {
                values[i] = (uint32_t)value_of(width, most, &random);
            }
            assert_row_int(name, hw_pack32(values, GROUPS, width, out) - out, bytes);
            assert_row_int(name, out[bytes], GUARD);
            for (size_t i = 0; i < COUNT_OF(values); i++) {
                assert_row_int(name, decode_packed(out, i, width), values[i]);
            }
        }
    }
}

static void every_wide_width_decodes(void **state) {
    (void)state;
    uint64_t random = 21;
    for (unsigned width = 0; width <= 64; width++) {
        for (int most = 0; most < 2; most++) {
            uint64_t values[HW_PACK_GROUP];
            uint8_t out[4 * 64 + 1];
            const size_t bytes = (size_t)4 * width;
            char name[32];
            snprintf(name, sizeof(name), "width %u", width);
            memset(out, GUARD, sizeof(out));
            for (size_t i = 0; i < HW_PACK_GROUP; i++) {
                values[i] = value_of(width, most, &random);
            }
            assert_row_int(name, hw_pack64(values, width, out) - out, bytes);
            assert_row_int(name, out[bytes], GUARD);
            for (size_t i = 0; i < HW_PACK_GROUP; i++) {
                assert_row_int(name, decode_packed(out, i, width) == values[i], true);
            }
        }
    }
}

static void bools_become_bits(void **state) {
    (void)state;
    enum { BOOLS_MAX = 70 };
    uint64_t random = 22;
    for (size_t count = 0; count <= BOOLS_MAX; count++) {
        uint8_t bools[BOOLS_MAX];
        uint8_t out[(BOOLS_MAX + 7) / 8 + 1];
        const size_t bytes = (count + 7) / 8;
        char name[32];
        snprintf(name, sizeof(name), "%zu bools", count);
        memset(out, GUARD, sizeof(out));
        for (size_t i = 0; i < count; i++) {
            bools[i] = test_random(&random) % 2;
        }
        hw_pack_bools(bools, count, out);
        assert_row_int(name, out[bytes], GUARD);
        for (size_t i = 0; i < bytes * 8; i++) {
            assert_row_int(name, decode_packed(out, i, 1), i < count ? bools[i] : 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_highest_bit),
        cmocka_unit_test(packs_as_the_specification_shows),
        cmocka_unit_test(every_width_decodes),
        cmocka_unit_test(every_wide_width_decodes),
        cmocka_unit_test(bools_become_bits),
    };
    return cmocka_run_group_tests_name("parquet/pack", tests, NULL, NULL);
}
