/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/rle.h"

#include <stdio.h>

#include "parquet/pack.h"
#include "unit/parquet/decode.h"

enum { VALUES_MAX = 700 };

/* Encodings.md, RLE: the numbers 0 through 7 with bit width 3. */
static void packs_as_the_specification_shows(void **state) {
    (void)state;
    static const uint32_t values[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const uint8_t want[] = {1 << 1 | 1, 0x88, 0xc6, 0xfa};
    HW_AUTO(hw_buf) out = {0};

    assert_int_equal(hw_rle_encode(values, 8, 3, &out, NULL), HW_OK);
    assert_row_bytes("0..7", out.data, out.size, want, sizeof(want));
}

static const struct {
    const char *name;
    unsigned width;
    size_t count;
    uint32_t value;
    hw_view want;
} runs[] = {
    {"all valid levels", 1, 20000, 1, HW_VIEW_INIT("\xc0\xb8\x02\x01")},
    {"width 0 has no value bytes", 0, 5, 0, HW_VIEW_INIT("\x0a")},
    {"width 9 has two", 9, 8, 0x102, HW_VIEW_INIT("\x10\x02\x01")},
    {"a short run at the end of all", 17, 3, 0x10203, HW_VIEW_INIT("\x06\x03\x02\x01")},
};

static void equal_values_are_one_run(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        HW_AUTO(hw_buf) out = {0};
        uint32_t values[20000];
        for (size_t k = 0; k < runs[i].count; k++) {
            values[k] = runs[i].value;
        }
        assert_row_int(runs[i].name, hw_rle_encode(values, runs[i].count, runs[i].width, &out, NULL), HW_OK);
        assert_row_bytes(runs[i].name, out.data, out.size, runs[i].want.data, runs[i].want.size);
        hw_buf_clear(&out);
        assert_row_int(runs[i].name, hw_rle_run(runs[i].value, runs[i].count, runs[i].width, &out, NULL), HW_OK);
        assert_row_bytes(runs[i].name, out.data, out.size, runs[i].want.data, runs[i].want.size);
    }
}

/* Values with runs of every length in them, `share` of 16 start one. */
static void values_make(uint32_t *values, size_t count, unsigned width, unsigned share, uint64_t *random) {
    uint32_t mask = width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
    for (size_t i = 0; i < count;) {
        uint32_t value = (uint32_t)test_random(random) & mask;
        size_t run = test_random(random) % 16 < share ? test_random(random) % 100 + 1 : 1;
        for (; run > 0 && i < count; run--) {
            values[i++] = value;
        }
    }
}

static void decodes_to_the_same_values(void **state) {
    (void)state;
    uint64_t random = 1;
    for (unsigned width = 0; width <= 32; width++) {
        for (size_t round = 0; round < 60; round++) {
            uint32_t values[VALUES_MAX];
            uint32_t got[VALUES_MAX];
            size_t count = test_random(&random) % VALUES_MAX;
            HW_AUTO(hw_buf) out = {0};
            char row[64];

            snprintf(row, sizeof(row), "width %u, round %zu, %zu values", width, round, count);
            values_make(values, count, width, round % 4 * 4, &random);
            assert_row_int(row, hw_rle_encode(values, count, width, &out, NULL), HW_OK);
            decode_rle(&(struct decoder){out.data, out.data + out.size}, width, count, got);
            assert_row_bytes(row, got, count * sizeof(*got), values, count * sizeof(*values));
            /* runs never cost more than literals */
            assert_true(out.size <= (count + 7) / 8 * width + 10);
        }
    }
}

static void bitmaps_decode_to_the_same_bits(void **state) {
    (void)state;
    uint64_t random = 2;
    for (size_t round = 0; round < 3000; round++) {
        uint32_t values[VALUES_MAX];
        uint32_t got[VALUES_MAX];
        uint8_t bitmap[VALUES_MAX / 8 + 1] = {0};
        size_t count = 1 + test_random(&random) % (VALUES_MAX - 1);
        HW_AUTO(hw_buf) out = {0};

        values_make(values, count, 1, round % 16, &random);
        for (size_t i = 0; i < count; i++) {
            bitmap[i / 8] |= (uint8_t)(values[i] << i % 8);
        }
        assert_int_equal(hw_rle_encode_bits(bitmap, count, &out, NULL), HW_OK);
        assert_true(out.size <= hw_rle_bits_bound(count));
        assert_true(out.size <= count / 8 + 6);
        decode_rle(&(struct decoder){out.data, out.data + out.size}, 1, count, got);
        assert_row_bytes("bits", got, count * sizeof(*got), values, count * sizeof(*values));
    }
}

static void wide_values_pack_as_narrow_ones(void **state) {
    (void)state;
    uint64_t random = 3;
    for (unsigned width = 0; width <= 64; width++) {
        uint64_t values[HW_PACK_GROUP];
        uint8_t out[HW_PACK_GROUP * 8 + 1];

        for (size_t i = 0; i < HW_PACK_GROUP; i++) {
            values[i] = width == 0 ? 0 : test_random(&random) >> (64 - width);
        }
        memset(out, 0xa5, sizeof(out));
        assert_ptr_equal(hw_pack64(values, width, out), out + width * 4);
        assert_int_equal(out[width * 4], 0xa5);
        for (size_t i = 0; i < HW_PACK_GROUP; i++) {
            assert_true(decode_packed(out, i, width) == values[i]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_as_the_specification_shows), cmocka_unit_test(equal_values_are_one_run),
        cmocka_unit_test(decodes_to_the_same_values),       cmocka_unit_test(bitmaps_decode_to_the_same_bits),
        cmocka_unit_test(wide_values_pack_as_narrow_ones),
    };
    return cmocka_run_group_tests_name("parquet/rle", tests, NULL, NULL);
}
